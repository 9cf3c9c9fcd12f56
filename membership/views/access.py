"""Who may see which case or member: rights first, and what stands outside them is 404 and logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from cells.log import write
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import Role
from config import clock
from membership import procedure, units
from membership.models import Candidacy, Spell

_WHO = {
    rights.ENTER: "chi ủy chi bộ hoặc đảng ủy cơ sở",
    rights.BRANCH_WORK: "chi ủy chi bộ, hoặc cấp trên nhập thay",
    rights.EXAMINE: "đảng ủy cơ sở",
    rights.DECIDE: "Ban Tổ chức hoặc đảng ủy cơ sở được ủy quyền",
    rights.KEEP_REGISTER: "đảng ủy cơ sở hoặc Ban Tổ chức",
    rights.CORRECT: "chi ủy chi bộ, đảng ủy cơ sở hoặc Ban Tổ chức",
    rights.REVOKE: "Ban Tổ chức",
}


@dataclass
class Access:
    """What one reader may do with one object on the day: `capabilities` hold at its unit."""

    reader: object
    today: dt.date
    unit: Organisation
    path: list[Organisation]
    capabilities: frozenset[str]
    case: Candidacy | None = None
    spell: Spell | None = None
    posts: set[int] = field(default_factory=set)

    def may(self, capability: str) -> bool:
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """403, with who can do it, unless the reader holds the capability."""
        if not self.may(capability):
            refuse_deed(capability)

    def on_behalf(self, step: procedure.Step) -> bool:
        """Whether recording this step is entry on behalf of a lower level ("nhập thay")."""
        if step.capability == rights.BRANCH_WORK:
            return self.unit.pk not in self.posts
        if step.capability == rights.EXAMINE:
            over = {unit.pk for unit in self.path}
            return not any(
                post.role == Role.COMMITTEE and post.organisation_id in over
                for post in self.reader.posts_on(self.today)
            )
        return False


def refuse_deed(capability: str):
    raise PermissionDenied(
        f"Bạn không có quyền {rights.CAPABILITIES[capability]} ở đơn vị này. Việc này do {_WHO[capability]} làm."
    )


def no_such_unit(request: HttpRequest, code: str, capability: str):
    """404 for a unit asked for by its code; logged where it exists and the reader has no such right there."""
    unit = Organisation.objects.filter(code=code).first()
    if unit is not None and not rights.may(request.user, capability, unit.pk, on=clock.today()):
        write.denied(actor=request.user, subject="organisation", subject_id=unit.pk)
    raise Http404


def of_case(request: HttpRequest, pk: int) -> Access:
    """The case `pk` within the reader's rights; 404 otherwise, logged where the case exists."""
    today = clock.today()
    seen = Candidacy.objects.for_user(request.user, on=today).with_person().select_related("exit_reason")
    case = _found(request, seen, Candidacy, pk)
    return _access(request, today, case.organisation, case=case)


def of_member(request: HttpRequest, pk: int) -> Access:
    """The spell `pk` within the reader's rights; 404 otherwise, logged where it exists."""
    today = clock.today()
    spell = _found(request, Spell.objects.for_user(request.user, on=today).with_person(), Spell, pk)
    return _access(request, today, spell.organisation, spell=spell)


def _found(request: HttpRequest, seen, model, pk: int):
    row = seen.filter(pk=pk).first()
    if row is not None:
        return row
    if model.objects.filter(pk=pk).exists():
        write.denied(actor=request.user, subject=model._meta.model_name, subject_id=pk)
    raise Http404


def _access(request: HttpRequest, today: dt.date, unit: Organisation, **what) -> Access:
    way = units.path(unit, today)
    held = rights.capabilities(request.user, unit.pk, on=today)
    posts = {post.organisation_id for post in request.user.posts_on(today)}
    return Access(request.user, today, way[-1], way, held, posts=posts, **what)
