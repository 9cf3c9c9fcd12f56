"""The path of a unit on a day: from the top down to the unit itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from cells.asked_day import AskedDay
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.models import User


def path(unit: Organisation, on: dt.date) -> list[Organisation]:
    """The units from the top down to `unit` itself, with names; only itself where it stands nowhere. One query."""
    units = Organisation.objects.above(unit.pk, on=on) | Organisation.objects.filter(pk=unit.pk)
    rows = {row.pk: row for row in units.styled(on).annotate(parent_id=parent_on(on))}
    return from_the_top(rows, rows[unit.pk])


@dataclass(frozen=True)
class Step:
    """One unit of the path as the frame shows it; `get_absolute_url` is "" where it is not the reader's to open."""

    name: str
    get_absolute_url: str


def steps(reader: User, way: Sequence[tuple[Organisation, str]], day: AskedDay) -> list[Step]:
    """The path of (unit, name) with links: today all of it, on a past day as far as the reader may look.

    Whoever sees a unit sees those above it today; those above it then may be strangers. One query on a past day.
    """
    if not day.is_past:
        return [Step(name, unit.get_absolute_url()) for unit, name in way]
    units = Organisation.objects.filter(pk__in=[unit.pk for unit, _ in way])
    seen = units.for_user(reader, rights.SEE_FIGURES, on=day.today, seen=day.seen)
    open_to_reader = set(seen.values_list("pk", flat=True))
    return [Step(name, unit.get_absolute_url() if unit.pk in open_to_reader else "") for unit, name in way]


def parent_on(on: dt.date, unit: str = "pk") -> Subquery:
    """The id of the unit above on `on`, for annotating rows whose field `unit` is a unit."""
    return Subquery(Place.objects.on(on).filter(organisation=OuterRef(unit)).values("parent_id")[:1])


def from_the_top(rows: Mapping[int, Any], last: Any) -> list[Any]:
    """Of `rows` (by unit, each with its `parent_id`) those that lead down to `last`, in that order."""
    way = [last]
    while way[-1].parent_id in rows:
        way.append(rows[way[-1].parent_id])
    return way[::-1]
