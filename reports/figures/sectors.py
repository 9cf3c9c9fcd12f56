"""The branches of a tree by the sector they are of: rows of a table, and the cut of a figure's list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from cells.organisations.models import Style
from cells.rules.models import Kind, Sector
from reports.figures.book import Book
from reports.figures.cohort import units_of
from reports.figures.standing import Standing

#: the cut of a figure by the sector of the branch; the row of those whose sector nobody entered
SECTORS, NO_SECTOR = "sector", "none"


def names() -> dict[str, str]:
    """Row of the cut → what it is called, in the order of the lookup."""
    return dict(Sector.objects.values_list("code", "name")) | {NO_SECTOR: "Không ghi loại hình"}


def branches(book: Book, standing: Standing, on: dt.date) -> dict[str, list[int]]:
    """Row → the branches at and below the root, by their style on `on`; two queries.

    A branch not yet styled on `on` has its first style, one no longer styled its last.
    """
    meeting = {kind.pk for kind in Kind.objects.all() if kind.is_branch}
    rows = Style.objects.filter(organisation__in=book.forest.units).order_by("from_day")
    styles: dict[int, tuple[str | None, bool]] = {}
    for unit, from_day, sector, kind in rows.values_list("organisation_id", "from_day", "sector__code", "kind_id"):
        if unit not in styles or from_day <= on:
            styles[unit] = sector, kind in meeting
    found: dict[str, list[int]] = defaultdict(list)
    for unit in units_of(standing):
        of_sector, is_branch = styles.get(unit, (None, False))
        if is_branch:
            found[of_sector or NO_SECTOR].append(unit)
    return dict(found)
