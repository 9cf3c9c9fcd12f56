"""Fetching a unit or a row for a page: rights first, refusals logged, and a reason that says who can."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NoReturn, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from cells import vietnamese
from cells.asked_day import AskedDay
from cells.dated import ONE_DAY
from cells.log import write
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.models import Role, User


def unit_or_404(request: HttpRequest, code: str, capability: str, on: dt.date) -> Organisation:
    """The unit `code`, with its `name`, `kind_id` and `sector_id` on `on`.

    A unit whose figures the reader may not see on `on` is a 404 like one that does not exist, and the attempt
    is logged. A unit that is seen, but without `capability`, is a 403 that says who holds it.
    """
    reader = cast(User, request.user)  # every page asks for a login
    units = Organisation.objects.filter(code=code).styled(on)
    unit = units.for_user(reader, rights.SEE_FIGURES, on=on).first()
    if unit is None:
        not_there(request, code, AskedDay(on, on))
    if capability != rights.SEE_FIGURES and not rights.may(reader, capability, unit.pk, on=on):
        forbid(capability)
    return unit


def unit_then_or_404(request: HttpRequest, code: str, capability: str, day: AskedDay) -> Organisation:
    """As `unit_or_404`, on the day asked and with the names of then.

    On a past day a unit is also seen, never changed, where it then stood under a post of today; `capability` is
    then what today's posts would give there.
    """
    if not day.is_past:
        return unit_or_404(request, code, capability, day.on)
    reader = cast(User, request.user)
    unit = Organisation.objects.filter(code=code).placed_on(day.on).styled(day.on).first()
    if unit is None:
        not_there(request, code, day)
    above = Organisation.objects.above(unit.pk, on=day.on).values_list("pk", flat=True)
    held = rights.capabilities(reader, unit.pk, on=day.today)
    held |= rights.capabilities(reader, unit.pk, on=day.today, above=set(above))
    if rights.SEE_FIGURES not in held:
        hide(request, "organisation", unit.pk)
    if capability not in held:
        forbid(capability)
    return unit


def strangers(reader: User, units: Collection[int], day: AskedDay, *, moved: bool = False) -> set[int]:
    """Those of `units` (ids) that a past day shows the reader, whose people are none of the reader's today.

    Nobody is named there, not even who headed the unit. None today, and no query, unless they may have `moved` away
    since the day by which they are shown.
    """
    if not units or not (day.is_past or moved):
        return set()
    seen = Organisation.objects.filter(pk__in=units).for_user(reader, rights.SEE_FIGURES, on=day.today)
    return set(units) - set(seen.values_list("pk", flat=True))


def row_or_404(request: HttpRequest, seen: QuerySet, pk: int) -> Any:
    """The row `pk` of those `seen`, which the reader may see; a 404 otherwise, logged where the row exists."""
    row = seen.filter(pk=pk).first()
    if row is not None:
        return row
    if seen.model._default_manager.filter(pk=pk).exists():
        hide(request, str(seen.model._meta.model_name), pk)
    raise Http404


def no_such_unit(request: HttpRequest, code: str, capability: str, on: dt.date) -> NoReturn:
    """The 404 of a unit asked for by its code; logged where it exists and the reader has no `capability` there.

    A code nobody has is a slip of the keyboard; one that exists was asked for by somebody outside.
    """
    pk = Organisation.objects.filter(code=code).values_list("pk", flat=True).first()
    if pk is not None and not rights.may(cast(User, request.user), capability, pk, on=on):
        hide(request, "organisation", pk)
    raise Http404


class NotThatDay(Http404):
    """A unit that stood in the tree, and was the reader's to see, on another day than `day`, the one asked.

    `says` tells it, `url` shows the unit on the nearest day it stood, `nearest`.
    """

    def __init__(self, says: str, url: str, nearest: dt.date, day: AskedDay) -> None:
        super().__init__(says)
        self.says, self.url, self.nearest, self.day = says, url, nearest, day


def not_there(request: HttpRequest, code: str, day: AskedDay) -> NoReturn:
    """The 404 of a unit that does not stand on the day: with the nearest day on which the reader may look at it."""
    places = Place.objects.filter(organisation__code=code).order_by("from_day")
    if not any(place.holds_on(day.on) for place in places):
        before = [place for place in places if place.to_day and place.to_day <= day.on]
        place = before[-1] if before else places.first()
        nearest = None if place is None else place.last_day if before else place.from_day
        if place and nearest and _was_seen(cast(User, request.user), place.organisation_id, day.today, nearest):
            raise _another_day(place, day, nearest)
    no_such_unit(request, code, rights.SEE_FIGURES, day.today)


def _was_seen(reader: User, unit: int, today: dt.date, nearest: dt.date) -> bool:
    return nearest <= today and rights.may(reader, rights.SEE_FIGURES, unit, on=today, seen=nearest)


def _another_day(place: Place, day: AskedDay, nearest: dt.date) -> NotThatDay:
    unit = Organisation.objects.styled(nearest).get(pk=place.organisation_id)
    gone = nearest < day.on
    how = f"{place.get_closed_as_display()} từ" if gone else f"{place.get_opened_as_display()}"
    turn = vietnamese.day(nearest + ONE_DAY if gone else nearest)
    says = f"Ngày {vietnamese.day(day.on)}, {unit.name} không ở trong đảng bộ ({how} {turn})."
    return NotThatDay(says, day.moved(unit.get_absolute_url(), nearest), nearest, day)


def hide(request: HttpRequest, subject: str, pk: int) -> NoReturn:
    """The 404 of what exists and is not the reader's to see; that it was asked for is logged."""
    write.denied(actor=cast(User, request.user), subject=subject, subject_id=pk)
    raise Http404


def forbid(capability: str) -> NoReturn:
    """Raise the 403 of a reader without `capability`, with the roles that hold it."""
    raise PermissionDenied(f"Bạn không có quyền {rights.CAPABILITIES[capability]} ở đơn vị này. {who_can(capability)}")


def who_can(capability: str) -> str:
    """The roles that hold `capability` somewhere, and on which condition, as sentences."""
    roles = [Role(role).label for role in rights.TABLE if rights.reach(role, capability)]
    return " ".join(filter(None, (f"Người có quyền: {'; '.join(roles)}.", rights.CONDITIONS.get(capability, ""))))
