"""Putting a founding or a reception right: its day, the unit above, name, kind and sector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from cells import vietnamese
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.organisations.registry import used_before
from cells.organisations.reorganise.founding import Founding, Joining
from cells.organisations.reorganise.ground import Interval, is_under, standing_intervals
from cells.verdict import refuse


def refound(operation: Operation, item: Founding | Joining) -> None:
    """Rewrite how the unit began as `item` says; the operation is void and another stands in its place.

    Refused (fields `day`, `parent_code`, `name`): something of the unit is older than the new day or falls between
    the two days, the unit above does not stand all the time or stands below, a second top.
    """
    unit = operation.organisation
    place = Place.objects.get(organisation=unit, from_day=operation.day)
    first = Style.objects.filter(organisation=unit, from_day=operation.day).first()
    if item.day != operation.day:
        _check_day(operation, item, place)
    parent = Organisation.objects.filter(code=item.parent_code).first() if item.parent_code else None
    _check_parent(item, unit, parent, place)
    Place.objects.filter(pk=place.pk).update(from_day=item.day, parent=parent)
    if first and item.kind:
        Style.objects.filter(pk=first.pk).update(**_style(item))
    Operation.objects.filter(pk=operation.pk).update(void=True)
    Operation.objects.create(
        day=item.day,
        work=operation.work,
        organisation=unit,
        related=parent,
        destination=getattr(item, "origin", ""),
        decision_number=item.decision_number,
        reason=item.reason,
    )


def _style(item: Founding | Joining) -> dict[str, Any]:
    name = vietnamese.clean(item.name)
    if not name:
        raise refuse("Ghi tên tổ chức.", field="name")
    return {
        "name": name,
        "name_folded": vietnamese.fold(name),
        "name_key": vietnamese.text_sort_key(name),
        "kind": item.kind,
        "sector": item.sector,
        "from_day": item.day,
    }


def _check_day(operation: Operation, item: Founding | Joining, place: Place) -> None:
    unit, new = operation.organisation, item.day
    early, late = sorted((operation.day, new))
    others = Operation.objects.filter(Q(organisation=unit) | Q(related=unit), day__gte=early, day__lte=late)
    if others.exclude(pk=operation.pk).exists() or unit.places.filter(to_day__gt=early, to_day__lte=late).exists():
        raise refuse("Có việc sắp xếp khác giữa ngày đã ghi và ngày mới; đính chính việc đó trước.", field="day")
    older = unit.child_places.filter(from_day__lt=new).exclude(to_day__lte=new)
    if older.exists():
        raise refuse("Có tổ chức trực thuộc từ trước ngày đó; ghi ngày sớm hơn.", field="day")
    used = used_before(unit.pk, new) if operation.work == Operation.Work.FOUND else None
    if used:
        what, since = used[0][:1].lower() + used[0][1:], vietnamese.day(used[1])
        raise refuse(f"Tổ chức đã có {what} từ ngày {since}; ghi ngày không sau ngày đó.", field="day")


def _check_parent(item: Founding | Joining, unit: Organisation, parent: Organisation | None, place: Place) -> None:
    if not item.parent_code:
        if place.parent_id is not None:
            raise refuse("Ghi mã tổ chức cấp trên.", field="parent_code")
        return
    if parent is None:
        raise refuse(f"Không có tổ chức mã «{item.parent_code}».", field="parent_code")
    if parent == unit or is_under(parent, unit, item.day):
        raise refuse(f"«{item.parent_code}» ở dưới tổ chức này; ghi cấp trên khác.", field="parent_code")
    if not _covers(standing_intervals({item.parent_code}).get(item.parent_code, []), item.day, place.to_day):
        span = f"từ ngày {vietnamese.day(item.day)}"
        raise refuse(f"Cấp trên «{item.parent_code}» không hoạt động suốt thời gian {span}.", field="parent_code")


def _covers(intervals: Sequence[Interval], start: dt.date, stop: dt.date | None) -> bool:
    """Whether one interval holds all of `[start, stop)`; null is open."""
    return any(first <= start and (last is None or (stop is not None and stop <= last)) for first, last in intervals)
