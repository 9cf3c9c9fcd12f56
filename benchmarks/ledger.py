"""The ledger of a year by province, and that of the city, each beside the cheapest SQL that gives the same numbers.

Country: one statement, which walks down the tree once, groups the register by unit and adds up by province. It knows
neither units that come, go or move, nor bases or declared figures. City: plain statements over whole tables.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from benchmarks import tree
from benchmarks.measure import ask, compare, compare_answer, empty, numbers, the_city, without_keys
from cells.organisations.models import Organisation
from reports import period
from reports.tables import TABLES, Question
from reports.tables.ledger import FLOWS

ON = dt.date(2024, 10, 15)
YEAR = 2023

FLOOR = """
WITH RECURSIVE found(id, province) AS (
    SELECT organisation_id, organisation_id FROM cells_place
     WHERE parent_id = 1 AND from_day <= '2023-01-01' AND (to_day IS NULL OR to_day > '2023-01-01')
    UNION ALL
    SELECT p.organisation_id, found.province FROM found JOIN cells_place p ON p.parent_id = found.id
       AND p.from_day <= '2023-01-01' AND (p.to_day IS NULL OR p.to_day > '2023-01-01')
), told AS (
    SELECT organisation_id, 'opening' AS what, count(*) AS number FROM membership_spell
     WHERE NOT void AND from_day < '2023-01-01' AND (to_day IS NULL OR to_day > '2023-01-01') GROUP BY organisation_id
    UNION ALL
    SELECT organisation_id, started_by, count(*) FROM membership_spell
     WHERE NOT void AND started_by IN ('admitted', 'readmitted')
       AND from_day >= '2023-01-01' AND from_day < '2024-01-01' GROUP BY organisation_id, started_by
    UNION ALL
    SELECT organisation_id, started_by, count(*) FROM membership_spell
     WHERE NOT void AND started_by = 'transferred_in'
       AND from_day > '2023-01-01' AND from_day <= '2024-01-01' GROUP BY organisation_id, started_by
    UNION ALL
    SELECT organisation_id, ended_by, count(*) FROM membership_spell
     WHERE NOT void AND ended_by IN ('transferred_out', 'deceased', 'struck_off', 'resigned', 'expelled')
       AND to_day > '2023-01-01' AND to_day <= '2024-01-01' GROUP BY organisation_id, ended_by
)
SELECT found.province, told.what, sum(told.number) FROM told JOIN found ON found.id = told.organisation_id
 GROUP BY found.province, told.what
"""

CITY_FLOOR = (
    "SELECT organisation_id, parent_id, from_day, to_day, opened_as, closed_as FROM cells_place",
    "SELECT s.organisation_id, s.name, s.name_key, o.code FROM cells_style s"
    " JOIN cells_organisation o ON o.id = s.organisation_id JOIN cells_kind k ON k.id = s.kind_id AND k.level = 'base'"
    " WHERE s.to_day IS NULL",
    "SELECT organisation_id, year, total FROM targets_base WHERE year IN (2023, 2024)",
    "SELECT * FROM targets_declaredresult WHERE year = 2023",
    "SELECT organisation_id, count(*) FROM membership_spell WHERE NOT void AND from_day < '2023-01-01'"
    " AND (to_day IS NULL OR to_day > '2023-01-01') GROUP BY organisation_id",
    "SELECT organisation_id, min(from_day) FROM membership_spell WHERE NOT void GROUP BY organisation_id",
    "SELECT organisation_id, started_by, count(*) FROM membership_spell WHERE NOT void"
    " AND started_by IN ('admitted', 'readmitted', 'transferred_in')"
    " AND from_day >= '2023-01-01' AND from_day <= '2024-01-01' GROUP BY organisation_id, started_by",
    "SELECT organisation_id, ended_by, count(*) FROM membership_spell WHERE NOT void"
    " AND ended_by IN ('transferred_out', 'deceased', 'struck_off', 'resigned', 'expelled')"
    " AND to_day > '2023-01-01' AND to_day <= '2024-01-01' GROUP BY organisation_id, ended_by",
)

#: Who of a thousand does what in the year, and the rest were there before and stay.
_MEMBERS = """
INSERT INTO membership_spell (person_id, organisation_id, standing, started_by, ended_by, from_day, to_day,
                              decision_number, elsewhere, void)
SELECT i, {first} + i % {branches}, 'full', CASE WHEN i % 1000 < 30 THEN 'admitted' ELSE 'readmitted' END,
       CASE WHEN i % 1000 < 30 THEN '' WHEN i % 1000 < 40 THEN 'transferred_out' WHEN i % 1000 < 48 THEN 'deceased'
            WHEN i % 1000 = 48 THEN 'struck_off' WHEN i % 1000 = 49 THEN 'resigned' ELSE '' END,
       CASE WHEN i % 1000 < 30 THEN {day} ELSE {long_ago} END,
       CASE WHEN i % 1000 BETWEEN 30 AND 49 THEN {day} END, '', '', {false}
  FROM {numbers}
"""
_ARRIVALS = """
INSERT INTO membership_spell (person_id, organisation_id, standing, started_by, ended_by, from_day, to_day,
                              decision_number, elsewhere, void)
SELECT i, {first} + (i + 7) % {branches}, 'full', 'transferred_in', '', {day}, NULL, '', '', {false}
  FROM {numbers} WHERE i % 1000 BETWEEN 30 AND 39
"""
_SQL = {
    "sqlite": {
        "day": "date('2023-01-02', (i / 1000 % 363) || ' days')",
        "long_ago": "'2010-01-01'",
        "false": "0",
    },
    "postgresql": {
        "day": "date '2023-01-02' + (i / 1000 % 363)",
        "long_ago": "date '2010-01-01'",
        "false": "false",
    },
}


@dataclass(frozen=True)
class Size:
    """Members spread evenly over the branches of a shape of the tree."""

    title: str
    shape: tree.Shape
    members: int


TENTH = Size(
    "a tenth of a country: 560.000 members, 35.545 units",
    tree.Shape("a tenth of a country", (34, 340, 5_200, 30_000), 3),
    560_000,
)
COUNTRY = Size("a country: 5,6 million members, 355.435 units", tree.COUNTRY, 5_600_000)


def city() -> None:
    the_city("ledger")
    question = Question(Organisation.objects.get(code="TU"), period.of_year(YEAR, ON), dt.date(YEAR, 12, 31))
    compare_answer("the ledger", lambda: TABLES["ledger"].answer(question), CITY_FLOOR, most=2)


def by_province(size: Size) -> None:
    print(f"\nledger of {YEAR} by province, {size.title} ({connection.vendor})")
    top = _fill(size)
    question = Question(top, period.of_year(YEAR, ON), dt.date(YEAR, 12, 31))
    _check_same(question)
    compare(
        f"the ledger, {size.shape.levels[0]} rows",
        lambda: TABLES["ledger"].answer(question),
        lambda: ask([FLOOR]),
        most=2,
        times=3,
    )
    _clear()


def _check_same(question: Question) -> None:
    """Both tell the same of every province."""
    floor: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(FLOOR)
        for province, what, number in cursor.fetchall():
            floor[province][what] = int(number)
    for row in TABLES["ledger"].answer(question).rows:
        ours = {key: row[key] for key in ("opening", *FLOWS) if row[key]}
        if ours != floor[row["id"]] or not ours:
            raise RuntimeError(f"the ledger and its floor differ: {ours}, {floor[row['id']]}")


def _fill(size: Size) -> Organisation:
    """The tree, and the register in two statements; of the people themselves nothing is needed."""
    tree.fill_units(size.shape)
    branches = size.shape.levels[-1]
    words = _SQL[connection.vendor] | {"numbers": numbers(size.members)}
    words |= {"first": str(sum(size.shape.levels) + 2 - branches), "branches": str(branches)}
    without_keys(lambda cursor: [cursor.execute(sql.format(**words)) for sql in (_MEMBERS, _ARRIVALS)])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return Organisation.objects.get(pk=1)


def _clear() -> None:
    empty("membership_spell")
    tree.clear_units()
