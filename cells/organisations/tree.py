"""The tree on a day, asked of the database: each question is one recursive query.

The truth is `cells_place`; nothing about the tree is stored twice. `docs/decisions/0003-tree.md`
has the measurements behind that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL

# The day travels along as a column: were it a constant beside the place, SQLite would first scan all
# places for a Bloom filter, 35 ms for a question about seven units.
_DOWN = """
    UNION
    SELECT place.organisation_id, found.on_day
      FROM found JOIN cells_place place ON place.parent_id = found.id AND place.from_day <= found.on_day
     WHERE place.to_day IS NULL OR place.to_day > found.on_day
)
SELECT id FROM found
"""

_UP = """
    UNION
    SELECT place.parent_id, found.on_day
      FROM found JOIN cells_place place ON place.organisation_id = found.id AND place.from_day <= found.on_day
     WHERE place.parent_id IS NOT NULL AND (place.to_day IS NULL OR place.to_day > found.on_day)
)
SELECT id FROM found
"""

_FIRST_UNITS = """
WITH RECURSIVE found(id, on_day) AS (
    SELECT id, %s FROM cells_organisation WHERE {which}"""

_FIRST_PLACES = """
WITH RECURSIVE found(id, on_day) AS (
    SELECT {end}, %s FROM cells_place place
     WHERE {which} AND place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)"""

_REACHED = """
WITH RECURSIVE reached(id, start, stop) AS (
    SELECT id, %s, %s FROM cells_organisation WHERE {which}
    UNION
    SELECT place.organisation_id, reached.start, reached.stop
      FROM reached JOIN cells_place place ON place.parent_id = reached.id AND place.from_day < reached.stop
     WHERE place.to_day IS NULL OR place.to_day > reached.start
)
SELECT id FROM reached
"""

_SUCCEEDED = """
    OR id IN (SELECT predecessor_id FROM cells_succession WHERE day > %s AND day < %s)
    OR id IN (SELECT successor_id FROM cells_succession WHERE day > %s AND day < %s)"""

_ROLL_UP = """
WITH RECURSIVE roll_up(id, group_id, on_day) AS (
    SELECT place.organisation_id, place.organisation_id, %s
      FROM cells_place place
     WHERE place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s) AND {groups}
    UNION ALL
    SELECT place.organisation_id, roll_up.group_id, roll_up.on_day
      FROM roll_up JOIN cells_place place ON place.parent_id = roll_up.id AND place.from_day <= roll_up.on_day
     WHERE place.to_day IS NULL OR place.to_day > roll_up.on_day
)
SELECT {answer} FROM roll_up {grouping}
"""

_OVER_EACH = """
WITH RECURSIVE over_each(leaf_id, id, on_day) AS (
    SELECT place.organisation_id, place.parent_id, %s
      FROM cells_place place
     WHERE {which} AND place.parent_id IS NOT NULL
       AND place.from_day <= %s AND (place.to_day IS NULL OR place.to_day > %s)
    UNION ALL
    SELECT over_each.leaf_id, place.parent_id, over_each.on_day
      FROM over_each JOIN cells_place place ON place.organisation_id = over_each.id
     WHERE place.parent_id IS NOT NULL AND place.from_day <= over_each.on_day
       AND (place.to_day IS NULL OR place.to_day > over_each.on_day)
)
SELECT leaf_id, id FROM over_each
"""

_CARRIED_ON = """
WITH RECURSIVE carried_on(id, by_id, on_day) AS (
    SELECT id, id, %s FROM cells_organisation WHERE {which}
    UNION
    SELECT before.predecessor_id, carried_on.by_id, carried_on.on_day
      FROM carried_on
      JOIN cells_succession before ON before.successor_id = carried_on.id AND before.day <= carried_on.on_day
      JOIN cells_place place ON place.organisation_id = before.predecessor_id AND place.to_day = before.day
     WHERE place.closed_as IN ('dissolved', 'merged', 'split')
)
SELECT {answer} FROM carried_on
"""

_BASE_ORGANISATIONS = """place.organisation_id IN (
    SELECT style.organisation_id FROM cells_style style JOIN cells_kind kind ON kind.id = style.kind_id
     WHERE kind.level = 'base' AND style.from_day <= %s AND (style.to_day IS NULL OR style.to_day > %s)
)"""


def _among(column: str, ids: Iterable[int]) -> tuple[str, list[int]]:
    found = list(ids)
    return f"{column} IN ({', '.join(['%s'] * len(found)) or 'NULL'})", found


def below(roots: Iterable[int], day: dt.date) -> RawSQL:
    """Subquery of ids: `roots` themselves and everything under them on `day`."""
    which, ids = _among("id", roots)
    return RawSQL(_FIRST_UNITS.format(which=which) + _DOWN, [day, *ids])


def under(parents: Iterable[int], day: dt.date) -> RawSQL:
    """Subquery of ids: everything under `parents` on `day`; of themselves only those under another."""
    which, ids = _among("place.parent_id", parents)
    return RawSQL(_FIRST_PLACES.format(end="place.organisation_id", which=which) + _DOWN, [day, *ids, day, day])


def above(leaves: Iterable[int], day: dt.date) -> RawSQL:
    """Subquery of ids: everything over `leaves` on `day`; of themselves only those over another."""
    which, ids = _among("place.parent_id IS NOT NULL AND place.organisation_id", leaves)
    return RawSQL(_FIRST_PLACES.format(end="place.parent_id", which=which) + _UP, [day, *ids, day, day])


def line(code: str, day: dt.date) -> RawSQL:
    """Subquery of ids: the organisation of this code and everything over it on `day`."""
    return RawSQL(_FIRST_UNITS.format(which="code = %s") + _UP, [day, code])


def reached(roots: Iterable[int], start: dt.date, stop: dt.date, *, succession: bool = False) -> RawSQL:
    """Subquery of ids: `roots` and all that were under them on some day of `[start, stop)`.

    It may hold a unit too many (under a parent only before that parent came), never one too few. `succession`: and
    every unit that ended in those days or carried one on, of the whole tree.
    """
    which, ids = _among("id", roots)
    if succession:
        which, ids = f"({which} {_SUCCEEDED})", [*ids, start, stop, start, stop]  # type: ignore[list-item]
    return RawSQL(_REACHED.format(which=which), [start, stop, *ids])


def roll_up(parent: int, day: dt.date) -> list[tuple[int, int]]:
    """(organisation, the direct child of `parent` it stands under) for all below `parent` on `day`."""
    sql = _ROLL_UP.format(groups="place.parent_id = %s", answer="id, group_id", grouping="")
    return _rows(sql, [day, day, day, parent])


def below_each(roots: Iterable[int], day: dt.date) -> list[tuple[int, int]]:
    """(organisation, the one of `roots` it is or stands under) on `day`; under two of them, twice."""
    which, ids = _among("place.organisation_id", roots)
    return _rows(_ROLL_UP.format(groups=which, answer="id, group_id", grouping=""), [day, day, day, *ids])


def above_each(leaves: Iterable[int], day: dt.date) -> list[tuple[int, int]]:
    """(one of `leaves`, an organisation over it) on `day`, each pair once."""
    which, ids = _among("place.organisation_id", leaves)
    return _rows(_OVER_EACH.format(which=which), [day, *ids, day, day])


def carried_on(units: Iterable[int], day: dt.date) -> RawSQL:
    """Subquery of ids: `units` themselves and those that ended by `day` and went on in them, however many steps ago.

    What a unit had split off while it stood does not carry it on.
    """
    which, ids = _among("id", units)
    return RawSQL(_CARRIED_ON.format(which=which, answer="id"), [day, *ids])


def carried_on_each(units: Iterable[int], day: dt.date) -> list[tuple[int, int]]:
    """(one of `units` or one that ended by `day`, which of `units` it is or went on in); twice where it was split."""
    which, ids = _among("id", units)
    return _rows(_CARRIED_ON.format(which=which, answer="id, by_id"), [day, *ids])


def units_of_base_organisations(day: dt.date) -> list[tuple[int, int]]:
    """(base organisation, how many units stand in it, itself included) on `day`, for the whole tree."""
    sql = _ROLL_UP.format(groups=_BASE_ORGANISATIONS, answer="group_id, count(*)", grouping="GROUP BY group_id")
    return _rows(sql, [day] * 5)


def _rows(sql: str, params: list) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
