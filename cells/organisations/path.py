"""The path of a unit on a day: from the top down to the unit itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from cells.organisations.models import Organisation, Place


def path(unit: Organisation, on: dt.date) -> list[Organisation]:
    """The units from the top down to `unit` itself, with names; only itself where it stands nowhere. One query."""
    units = Organisation.objects.above(unit.pk, on=on) | Organisation.objects.filter(pk=unit.pk)
    rows = {row.pk: row for row in units.styled(on).annotate(parent_id=parent_on(on))}
    return from_the_top(rows, rows[unit.pk])


def parent_on(on: dt.date, unit: str = "pk") -> Subquery:
    """The id of the unit above on `on`, for annotating rows whose field `unit` is a unit."""
    return Subquery(Place.objects.on(on).filter(organisation=OuterRef(unit)).values("parent_id")[:1])


def from_the_top(rows: Mapping[int, Any], last: Any) -> list[Any]:
    """Of `rows` (by unit, each with its `parent_id`) those that lead down to `last`, in that order."""
    way = [last]
    while way[-1].parent_id in rows:
        way.append(rows[way[-1].parent_id])
    return way[::-1]
