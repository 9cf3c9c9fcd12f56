"""Who may see which case or member: rights first, and what stands outside them is 404 and logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.http import HttpRequest

from cells.organisations.access import forbid, row_or_404
from cells.organisations.models import Organisation
from cells.organisations.path import path
from cells.people import rights
from cells.people.models import Role, User
from config import clock
from membership import procedure
from membership.models import Candidacy, Spell


@dataclass
class Access:
    """What one reader may do with one object on the day: `capabilities` hold at its unit."""

    reader: User
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
            forbid(capability)

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


def of_case(request: HttpRequest, pk: int) -> Access:
    """The case `pk` within the reader's rights; 404 otherwise, logged where the case exists."""
    today = clock.today()
    seen = Candidacy.objects.for_user(request.user, on=today).with_person().select_related("exit_reason")
    case = row_or_404(request, seen, pk)
    return _access(request, today, case.organisation, case=case)


def of_member(request: HttpRequest, pk: int) -> Access:
    """The spell `pk` within the reader's rights; 404 otherwise, logged where it exists."""
    today = clock.today()
    spell = row_or_404(request, Spell.objects.for_user(request.user, on=today).with_person(), pk)
    return _access(request, today, spell.organisation, spell=spell)


def _access(request: HttpRequest, today: dt.date, unit: Organisation, **what) -> Access:
    way = path(unit, today)
    held = rights.capabilities(request.user, unit.pk, on=today)
    posts = request.user.units_on(today)
    return Access(request.user, today, way[-1], way, held, posts=posts, **what)
