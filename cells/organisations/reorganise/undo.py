"""Taking an operation back: the tree, the names and the records of the apps as if it had not been.

Only a correction does this (`correct.py`), and only where nothing later stands on what is taken back; a founding and
a reception are not taken back but put right (`refound.py`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from cells.dated import ONE_DAY
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.organisations.registry import Returning, give_back
from cells.organisations.reorganise.ground import (
    RESTYLING,
    handed_over,
    is_under,
    parent_problem,
    places_below,
    standing_intervals,
)
from cells.organisations.reorganise.posts import turn_posts
from cells.organisations.reorganise.told import ended
from cells.organisations.reorganise.works import Work
from cells.verdict import Refused, refuse


@dataclass
class Shares:
    """Where a unit's people (ids) and the units below it (codes) had gone, as codes: a split done anew needs them."""

    people: dict[int, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


def undo(operation: Operation) -> Shares:
    """Take it back; the row stays, marked void. Refused (fields "" and `day`): something later stands on it."""
    work = Work(operation.work)
    if work in (Work.FOUND, Work.JOIN):
        raise refuse("Việc thành lập, tiếp nhận không hủy được; sửa cho đúng, hoặc giải thể, chuyển ra.")
    shares = Shares()
    if work in RESTYLING:
        _unstyle(operation)
    elif work == Work.MOVE:
        _move_back(operation)
    elif work == Work.LEAVE:
        _come_back(operation)
    else:
        shares = _give_back(operation)
    operation.successions.all().delete()
    Operation.objects.filter(pk=operation.pk).update(void=True)
    return shares


def _unstyle(operation: Operation) -> None:
    """The name, or the kind, goes on as it was; what another operation of that day gave stays."""
    styles = Style.objects.filter(organisation=operation.organisation_id)
    new, before = styles.filter(from_day=operation.day).first(), styles.filter(to_day=operation.day).first()
    if new is None or before is None or new.to_day is not None:
        raise refuse("Tổ chức đã đổi tên hoặc đổi loại sau ngày đó; đính chính việc sau trước.")
    other = operation.organisation.operations.filter(day=operation.day, work__in=RESTYLING).exclude(pk=operation.pk)
    if not other.exists():
        new.delete()
        styles.filter(pk=before.pk).update(to_day=None)
    elif operation.work == Work.RENAME:
        names = {name: getattr(before, name) for name in ("name", "name_folded", "name_key")}
        styles.filter(pk=new.pk).update(**names)
    else:
        styles.filter(pk=new.pk).update(kind=before.kind_id, sector=before.sector_id)
    turn_posts(operation.organisation, operation.day)


def _move_back(operation: Operation) -> None:
    here = Place.objects.filter(organisation=operation.organisation_id)
    new, before = here.filter(from_day=operation.day).first(), here.filter(to_day=operation.day).first()
    if new is None or before is None or new.to_day is not None:
        raise refuse("Tổ chức có việc sắp xếp khác sau ngày đó; đính chính việc sau trước.")
    new.delete()
    _reopen(here.filter(pk=before.pk))


def _come_back(operation: Operation) -> None:
    left = places_below(operation.organisation, operation.day - ONE_DAY)
    left = left.filter(to_day=operation.day, closed_as=Place.Closed.LEFT)
    if Place.objects.filter(organisation__in=left.values("organisation"), from_day__gte=operation.day).exists():
        raise refuse("Có tổ chức đã được tiếp nhận lại sau ngày đó; đính chính việc sau trước.")
    _reopen(Place.objects.filter(pk__in=list(left.values_list("pk", flat=True))))


def _give_back(operation: Operation) -> Shares:
    """The unit stands again (or holds again what it gave away) with its people, cases and the units below."""
    unit, day = operation.organisation, operation.day
    receivers = set(operation.successions.values_list("successor", flat=True))
    if operation.related_id:
        receivers.add(operation.related_id)
    closed = Place.objects.filter(organisation=unit, to_day=day, closed_as__in=Place.ENDED)
    _reopen(Place.objects.filter(pk__in=list(closed.values_list("pk", flat=True)))) if ended(operation) else None
    units = _take_back_units(unit, day)
    returned = give_back(Returning(unit.pk, day, frozenset(receivers), operation.related_id))
    if returned.messages:
        raise refuse(returned.messages[0])
    codes = dict(Organisation.objects.filter(pk__in=returned.went.values()).values_list("pk", "code"))
    return Shares({person: codes[receiver] for person, receiver in returned.went.items()}, units)


def _take_back_units(unit: Organisation, day: dt.date) -> dict[str, str]:
    """Units below that were handed over on `day` stand under `unit` again; code → the code of where they had gone."""
    gone = handed_over(unit, day)
    after = Place.objects.filter(organisation__in=gone, from_day=day, opened_as=Place.Opened.MOVED)
    found = {place.organisation_id: place for place in after.exclude(parent=None).select_related("parent")}
    if any(place.to_day is not None for place in found.values()) or found.keys() != gone.keys():
        raise refuse("Tổ chức bên dưới có việc sắp xếp khác sau ngày đó; đính chính việc sau trước.")
    after.delete()
    _reopen(Place.objects.filter(pk__in=[place.pk for place in gone.values()]))
    parents = {pk: place.parent for pk, place in found.items() if place.parent is not None}
    return {place.organisation.code: parents[pk].code for pk, place in gone.items()}


def _reopen(places: QuerySet[Place]) -> None:
    """Let ended places go on; refuses where the unit above is no more, or would stand below."""
    rows = list(places.select_related("organisation", "parent"))
    inside = {place.organisation_id for place in rows}
    places.update(to_day=None, closed_as="")
    for place in rows:
        if place.parent is None or place.parent_id in inside or place.to_day is None:
            continue
        intervals = standing_intervals({place.parent.code}).get(place.parent.code)
        problem = parent_problem(0, place.parent.code, place.to_day, intervals)
        if problem is None and is_under(place.parent, place.organisation, place.to_day):
            message = f"«{place.parent.code}» nay ở dưới «{place.organisation.code}»; đính chính việc sau trước."
            raise refuse(message)
        if problem:
            raise Refused(problem)
