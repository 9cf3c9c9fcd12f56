"""Who may see which case or member: rights first, and what stands outside them is 404 and logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from cells.asked_day import AskedDay
from cells.organisations.access import forbid, row_or_404, unit_or_404
from cells.organisations.models import Organisation
from cells.organisations.path import path, steps
from cells.people import rights
from cells.people.models import Role, User
from config import clock
from membership import procedure
from membership.models import Candidacy, Spell


@dataclass
class Access:
    """What one reader may do with one object: `capabilities` are those of today's posts at its unit.

    On a past `day` the object is as it stood then, in the unit of then, and can only be looked at; `begun` is
    false where nothing of it had begun.
    """

    reader: User
    day: AskedDay
    unit: Organisation
    path: list[Organisation]
    capabilities: frozenset[str]
    case: Candidacy | None = None
    spell: Spell | None = None
    posts: set[int] = field(default_factory=set)
    begun: bool = True

    @property
    def today(self) -> dt.date:
        return self.day.today

    @property
    def on(self) -> dt.date:
        return self.day.on

    def frame(self) -> dict[str, Any]:
        """What the frame of a page on the day asked needs."""
        way = [(unit, unit.name) for unit in self.path]
        return self.day.context() | {"path": steps(self.reader, way, self.day), "begun": self.begun}

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


def of_case(request: HttpRequest, pk: int, day: AskedDay | None = None) -> Access:
    """The case `pk` within the reader's rights; 404 otherwise, logged where the case exists."""
    day = day or _today()
    seen = Candidacy.objects.for_user(request.user, on=day.today).with_person().select_related("exit_reason")
    case = row_or_404(request, seen, pk)
    return _access(request, day, case.organisation, case=case, **(_case_then(case, day) if day.is_past else {}))


def of_member(request: HttpRequest, pk: int, day: AskedDay | None = None) -> Access:
    """The spell `pk` within the reader's rights; 404 otherwise, logged where it exists.

    On a past day the spell the person was in then, or had been in last, as far as the reader sees.
    """
    day = day or _today()
    seen = Spell.objects.for_user(request.user, on=day.today).with_person()
    spell = row_or_404(request, seen, pk)
    then = seen.filter(person=spell.person_id, from_day__lte=day.on).order_by("-from_day", "-pk").first()
    shown = (then if day.is_past else None) or spell
    return _access(request, day, shown.organisation, spell=shown, begun=then is not None)


def _case_then(case: Candidacy, day: AskedDay) -> dict[str, Any]:
    """Set the case to how it stood: only to be shown, for no page of a past day saves anything."""
    then = Candidacy.objects.filter(pk=case.pk).as_of(day.on, today=day.today)
    row = then.values_list("stage_then", "day_then", "unit_then").first()
    if row is None:
        return {"begun": False}
    case.stage, case.stage_day, unit = row
    case.organisation = Organisation.objects.get(pk=unit)
    return {"stood": case.organisation}


def _today() -> AskedDay:
    today = clock.today()
    return AskedDay(today, today)


def of_unit(request: HttpRequest, code: str, capability: str) -> Access:
    """The unit `code`, for a reader who holds `capability` there; 404 where they see nothing of it."""
    day = _today()
    return _access(request, day, unit_or_404(request, code, capability, day.today))


def access_to(access: Access, spell: Spell) -> Access:
    """The same reader's access to a member, who may have gone on to another unit than the case's."""
    if spell.organisation_id == access.unit.pk:
        return access
    held = rights.capabilities(access.reader, spell.organisation_id, on=access.today)
    return replace(access, capabilities=held & rights.LOOKING if access.day.is_past else held)


def _access(
    request: HttpRequest, day: AskedDay, unit: Organisation, stood: Organisation | None = None, **what
) -> Access:
    """`unit` is where the rights are asked for, `stood` where the object was on the day."""
    way = path(stood or unit, day.on)
    held = rights.capabilities(request.user, unit.pk, on=day.today)
    posts = request.user.units_on(day.today)
    return Access(request.user, day, way[-1], way, held & rights.LOOKING if day.is_past else held, posts=posts, **what)
