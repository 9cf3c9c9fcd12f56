"""The tree on a day, asked of the database: each question is one recursive query.

The truth is `cells_place`; nothing about the tree is stored twice. `docs/decisions/0003-tree.md`
has the measurements behind that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

_BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM cells_organisation WHERE id IN ({roots})
    UNION
    SELECT place.organisation_id
      FROM cells_place place JOIN below ON place.parent_id = below.id
     WHERE place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
)
SELECT id FROM below
"""

_ABOVE = """
WITH RECURSIVE above(id) AS (
    SELECT place.parent_id
      FROM cells_place place
     WHERE place.organisation_id IN ({leaves}) AND place.parent_id IS NOT NULL
       AND place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
    UNION
    SELECT place.parent_id
      FROM cells_place place JOIN above ON place.organisation_id = above.id
     WHERE place.parent_id IS NOT NULL
       AND place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
)
SELECT id FROM above
"""

_LINE = """
WITH RECURSIVE line(id) AS (
    SELECT id FROM cells_organisation WHERE code = %s
    UNION
    SELECT place.parent_id
      FROM cells_place place JOIN line ON place.organisation_id = line.id
     WHERE place.parent_id IS NOT NULL
       AND place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
)
SELECT id FROM line
"""

_REACHED = """
WITH RECURSIVE reached(id) AS (
    SELECT id FROM cells_organisation WHERE id IN ({roots})
    UNION
    SELECT place.organisation_id
      FROM cells_place place JOIN reached ON place.parent_id = reached.id
     WHERE place.from_day < %s AND (place.to_day IS NULL OR place.to_day > %s)
)
SELECT id FROM reached
"""

_ROLL_UP = """
WITH RECURSIVE roll_up(id, group_id) AS (
    SELECT place.organisation_id, place.organisation_id
      FROM cells_place place
     WHERE {groups} AND place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
    UNION ALL
    SELECT place.organisation_id, roll_up.group_id
      FROM cells_place place JOIN roll_up ON place.parent_id = roll_up.id
     WHERE place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
)
SELECT {answer} FROM roll_up {grouping}
"""
_BASE_ORGANISATIONS = """place.organisation_id IN (
    SELECT style.organisation_id FROM cells_style style JOIN cells_kind kind ON kind.id = style.kind_id
     WHERE kind.level = 'base' AND style.from_day <= %s AND (style.to_day IS NULL OR style.to_day > %s)
)"""


def _marks(ids: Iterable[int]) -> tuple[str, list[int]]:
    found = list(ids)
    return (", ".join(["%s"] * len(found)) or "NULL"), found


def below(roots: Iterable[int], day: dt.date) -> RawSQL:
    """Subquery of ids: `roots` themselves and everything under them on `day`."""
    marks, ids = _marks(roots)
    return RawSQL(_BELOW.format(roots=marks), [*ids, day, day])


def above(leaves: Iterable[int], day: dt.date) -> RawSQL:
    """Subquery of ids: everything over `leaves` on `day`, themselves excluded."""
    marks, ids = _marks(leaves)
    return RawSQL(_ABOVE.format(leaves=marks), [*ids, day, day, day, day])


def line(code: str, day: dt.date) -> RawSQL:
    """Subquery of ids: the organisation of this code and everything over it on `day`."""
    return RawSQL(_LINE, [code, day, day])


def reached(roots: Iterable[int], start: dt.date, stop: dt.date) -> RawSQL:
    """Subquery of ids: `roots` and all that were under them on some day of `[start, stop)`.

    It may hold a unit too many (under a parent only before that parent came), never one too few.
    """
    marks, ids = _marks(roots)
    return RawSQL(_REACHED.format(roots=marks), [*ids, stop, start])


def roll_up(parent: int, day: dt.date) -> list[tuple[int, int]]:
    """(organisation, the direct child of `parent` it stands under) for all below `parent` on `day`."""
    sql = _ROLL_UP.format(groups="place.parent_id = %s", answer="id, group_id", grouping="")
    return _rows(sql, [parent, *[day] * 4])


def units_of_base_organisations(day: dt.date) -> list[tuple[int, int]]:
    """(base organisation, how many units stand in it, itself included) on `day`, for the whole tree."""
    sql = _ROLL_UP.format(groups=_BASE_ORGANISATIONS, answer="group_id, count(*)", grouping="GROUP BY group_id")
    return _rows(sql, [day] * 6)


def _rows(sql: str, params: list) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
