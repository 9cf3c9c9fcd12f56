"""What every deed on the structure looks up and writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from cells import vietnamese
from cells.dated import OPEN_START
from cells.organisations import tree
from cells.organisations.models import Operation, Organisation, Place, Succession
from cells.verdict import Problem, still_to_come

Interval = tuple[dt.date, dt.date | None]
Item = TypeVar("Item")
Work = Operation.Work

#: Operations that leave the tree as it is: they may meet another of the same unit on one day.
RESTYLING = (Work.RENAME, Work.CHANGE_KIND)
FAR = dt.date(9999, 12, 31)


def lock_tree(*, wait: bool = True) -> None:
    """Let one work on the structure be done after another, until the end of the transaction.

    Two at once would each check the tree without the other: A could come under B and B under A. Without `wait` a
    work that goes on raises `OperationalError`.
    """
    list(Place.objects.select_for_update(nowait=not wait).filter(parent=None, to_day=None).values_list("pk"))


def by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    return {unit.code: unit for unit in Organisation.objects.filter(code__in=set(codes))}


def future_problems(items: Sequence, today: dt.date) -> list[Problem]:
    return [Problem(index, "day", still_to_come(item.day)) for index, item in enumerate(items) if item.day > today]


def in_order(items: Sequence[Item]) -> list[tuple[int, Item]]:
    """The items with their index, in order of day."""
    days = [item.day for item in items]  # type: ignore[attr-defined]
    return sorted(enumerate(items), key=lambda pair: days[pair[0]])


def places_below(unit: Organisation, day: dt.date) -> QuerySet[Place]:
    """The places of `unit` and of everything under it on `day`."""
    return Place.objects.on(day).filter(organisation__in=Organisation.objects.below(unit.pk, on=day).values("pk"))


def standing_intervals(codes: set[str]) -> dict[str, list[Interval]]:
    """Code → when the unit stands, places that touch put together; codes of no unit are left out."""
    found: dict[str, list[Interval]] = {}
    places = Organisation.objects.filter(code__in=codes).order_by("places__from_day")
    for code, start, stop in places.values_list("code", "places__from_day", "places__to_day"):
        before = found.setdefault(code, [])
        if start is None:
            continue  # a unit that never stood
        if before and before[-1][1] == start:
            start = before.pop()[0]
        before.append((start, stop))
    return found


def parent_problem(
    index: int, code: str, day: dt.date, intervals: Sequence[Interval] | None, field: str = "parent_code"
) -> Problem | None:
    """Why `code` cannot hold units from `day` on; `intervals` null: there is no such unit."""
    if intervals is None:
        return Problem(index, field, f"Không có tổ chức mã «{code}».")
    if any(start <= day and stop is None for start, stop in intervals):
        return None
    first = min((start for start, _ in intervals), default=None)
    if first is not None and day < first:
        asked = "Ghi ngày thành lập" if day == OPEN_START else f"Ngày {vietnamese.day(day)} quá sớm"
        word = "cấp trên" if field == "parent_code" else "tổ chức"
        message = f"{asked}: {word} «{code}» chỉ có từ ngày {vietnamese.day(first)}."
        return Problem(index, "day", message)
    last = max((stop for _, stop in intervals if stop is not None), default=None)
    until = f" từ ngày {vietnamese.day(last)}" if last else ""
    who = "Cấp trên" if field == "parent_code" else "Tổ chức"
    other = "cấp trên" if field == "parent_code" else "tổ chức"
    return Problem(index, field, f"{who} «{code}» không còn trong đảng bộ{until}; ghi {other} khác.")


def turn_problem(index: int, code: str, day: dt.date, unit: Organisation | None) -> Problem | None:
    """Why the place of `unit` cannot end or change on `day`: unknown, not there, the top, something else that day."""
    if unit is None:
        return Problem(index, "code", f"Không có tổ chức mã «{code}».")
    own = Place.objects.on(day).filter(organisation=unit).first()
    if own is None:
        return Problem(index, "day", f"Tổ chức «{code}» không ở trong đảng bộ ngày {vietnamese.day(day)}.")
    if own.parent_id is None:
        return Problem(index, "code", "Đây là tổ chức cao nhất; không làm được việc này.")
    if own.to_day is not None or own.from_day == day or _same_day(unit, day):
        return Problem(index, "day", f"Tổ chức «{code}» có việc sắp xếp khác cùng ngày hoặc sau đó.")
    return None


def _same_day(unit: Organisation, day: dt.date) -> bool:
    """The unit was split, or took over another, that very day."""
    operations = unit.operations.filter(day=day).exclude(work__in=RESTYLING)
    return (
        operations.exists() or unit.inheritances.filter(day=day, operation__work__in=(Work.MERGE, Work.SPLIT)).exists()
    )


def is_under(other: Organisation, unit: Organisation, day: dt.date) -> bool:
    """Whether `other` stands under `unit` (or is it) on `day` or at any time after."""
    return Organisation.objects.filter(pk=other.pk, pk__in=tree.reached([unit.pk], day, FAR)).exists()


def has_later(units: Iterable[int], day: dt.date) -> bool:
    """Whether a place of these units, or under them, begins on `day` or later, or is already ended."""
    ids = list(units)
    ended = Place.objects.on(day).filter(organisation__in=ids, to_day__isnull=False)
    later = Place.objects.filter(Q(organisation__in=ids) | Q(parent__in=ids), from_day__gte=day)
    return ended.exists() or later.exists()


def took_over_problem(index: int, units: Iterable[int] | QuerySet, day: dt.date) -> Problem | None:
    """Why these units (ids) cannot be gone on `day`: one of them carried on another that day or later."""
    if not Succession.objects.filter(successor__in=units, day__gte=day).exists():
        return None
    return Problem(index, "day", "Từ ngày đó trở đi tổ chức này còn tiếp nhận tổ chức khác; xử lý việc đó trước.")


def handed_over(unit: Organisation, day: dt.date) -> dict[int, Place]:
    """The places that ended because `unit` shared out what stood below it on `day`; by organisation.

    Those that moved that day by a decision of their own are not among them.
    """
    moved = Operation.objects.filter(day=day, work=Work.MOVE)
    places = Place.objects.filter(parent=unit, to_day=day, closed_as=Place.Closed.MOVED)
    places = places.exclude(organisation__operations__in=moved).select_related("organisation")
    return {place.organisation_id: place for place in places}


def hand_over(places: Iterable[Place], parent: Organisation, day: dt.date) -> None:
    """End these places on `day`; their units stand under `parent` from then on."""
    ended = list(places)
    for place in ended:
        place.to_day, place.closed_as = day, Place.Closed.MOVED
    Place.objects.bulk_update(ended, ["to_day", "closed_as"], batch_size=500)
    Place.objects.bulk_create(
        Place(organisation_id=place.organisation_id, parent=parent, from_day=day, opened_as=Place.Opened.MOVED)
        for place in ended
    )


def write_operation(work: str, unit: Organisation, item: Any, **more: Any) -> Operation:
    return Operation.objects.create(
        day=item.day,
        work=work,
        organisation=unit,
        decision_number=item.decision_number,
        reason=item.reason,
        **more,
    )
