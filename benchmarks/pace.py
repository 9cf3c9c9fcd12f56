"""Progress and pace by province, and those of the city, each beside the cheapest SQL that gives the same numbers.

Country: one statement walks down the tree once and adds up the admissions of the year by province; plain ones give the
quotas of the provinces, the members of the country at the start of the year, and the course of the closed years. They
know neither units that come, go or move, nor declared figures. City: plain statements over whole tables.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from benchmarks import tree
from benchmarks.measure import ask, compare, compare_answer, empty, numbers, the_city, without_keys
from cells.organisations.models import Organisation
from reports import period
from reports.tables import TABLES, Question
from targets.models import Base
from targets.quotas.models import Quota, QuotaIssue

ON = dt.date(2024, 10, 15)
YEAR = 2024
MEMBERS = 18  # of a branch on 1/1

DONE = """
WITH RECURSIVE found(id, province) AS (
    SELECT organisation_id, organisation_id FROM cells_place
     WHERE parent_id = 1 AND from_day <= '2024-01-01' AND (to_day IS NULL OR to_day > '2024-01-01')
    UNION ALL
    SELECT p.organisation_id, found.province FROM found JOIN cells_place p ON p.parent_id = found.id
       AND p.from_day <= '2024-01-01' AND (p.to_day IS NULL OR p.to_day > '2024-01-01')
), told AS (
    SELECT organisation_id, count(*) AS number FROM membership_spell
     WHERE NOT void AND started_by = 'admitted' AND from_day >= '2024-01-01' AND from_day < '2024-10-16'
     GROUP BY organisation_id
)
SELECT found.province, sum(told.number) FROM told JOIN found ON found.id = told.organisation_id GROUP BY found.province
"""
COURSE = """
SELECT sum(CASE WHEN from_day < '2021-10-16' OR from_day >= '2022-01-01' AND from_day < '2022-10-16'
                  OR from_day >= '2023-01-01' AND from_day < '2023-10-16' THEN 1 ELSE 0 END), count(*)
  FROM membership_spell
 WHERE NOT void AND started_by = 'admitted' AND from_day >= '2021-01-01' AND from_day < '2024-01-01'
"""
FLOOR = (
    DONE,
    COURSE,
    "SELECT q.organisation_id, q.admission FROM targets_quota q JOIN cells_place p ON p.organisation_id ="
    " q.organisation_id AND (p.parent_id = 1 OR p.organisation_id = 1) WHERE q.year = 2024 AND q.in_force",
    "SELECT sum(total) FROM targets_base WHERE year = 2024",
    "SELECT s.organisation_id, s.name, o.code FROM cells_style s JOIN cells_place p ON p.organisation_id ="
    " s.organisation_id AND p.parent_id = 1 JOIN cells_organisation o ON o.id = s.organisation_id",
    "SELECT t.*, p.from_year, p.to_year FROM targets_target t JOIN targets_programme p ON p.id = t.programme_id",
)

CITY_FLOOR = (
    "SELECT organisation_id, parent_id, from_day, to_day, opened_as, closed_as FROM cells_place",
    "SELECT s.organisation_id, s.name, s.name_key, o.code, k.level, x.name FROM cells_style s"
    " JOIN cells_organisation o ON o.id = s.organisation_id JOIN cells_kind k ON k.id = s.kind_id AND k.level = 'base'"
    " LEFT JOIN cells_post p ON p.organisation_id = o.id AND p.office = 'secretary' AND p.to_day IS NULL"
    " LEFT JOIN cells_person x ON x.id = p.person_id WHERE s.to_day IS NULL",
    "SELECT organisation_id, total FROM targets_base WHERE year = 2024",
    "SELECT organisation_id, year, month, admitted FROM targets_declaredresult WHERE year BETWEEN 2021 AND 2024",
    "SELECT organisation_id, count(*) FROM membership_spell WHERE NOT void AND started_by = 'admitted'"
    " AND from_day >= '2024-01-01' AND from_day < '2024-10-16' GROUP BY organisation_id",
    "SELECT organisation_id, from_day, count(*) FROM membership_spell WHERE NOT void AND started_by = 'admitted'"
    " AND from_day >= '2021-01-01' AND from_day < '2024-01-01' GROUP BY organisation_id, from_day",
    "SELECT organisation_id, min(from_day) FROM membership_spell WHERE NOT void GROUP BY organisation_id",
    "SELECT organisation_id, admission FROM targets_quota WHERE year = 2024 AND in_force",
    "SELECT t.*, p.from_year, p.to_year FROM targets_target t JOIN targets_programme p ON p.id = t.programme_id",
)

#: Admissions spread over the branches and over the days from 1/1/2021 to 15/10/2024.
_ADMISSIONS = """
INSERT INTO membership_spell (person_id, organisation_id, standing, started_by, ended_by, from_day, to_day,
                              decision_number, elsewhere, void)
SELECT i, {first} + i * 31 % {branches}, 'full', 'admitted', '', {day}, NULL, '', '', {false} FROM {numbers}
"""
_SQL = {
    "sqlite": {
        "day": "date('2021-01-01', (i * 7919 % 1384) || ' days')",
        "false": "0",
    },
    "postgresql": {
        "day": "date '2021-01-01' + (i::bigint * 7919 % 1384)::int",
        "false": "false",
    },
}


@dataclass(frozen=True)
class Size:
    """Admissions of nearly four years spread over the branches of a shape of the tree; `most` is the ratio promised.

    Nothing is promised of a tenth: what an answer costs at any size weighs more there.
    """

    title: str
    shape: tree.Shape
    admissions: int
    most: float | None = None


TENTH = Size(
    "a tenth of a country: 22.000 admissions a year, 35.575 units",
    tree.Shape("a tenth of a country", (34, 340, 5_200, 30_000), 3),
    83_500,
)
COUNTRY = Size("a country: 220.000 admissions a year, 355.435 units", tree.COUNTRY, 835_000, 2)


def city() -> None:
    the_city("progress and pace")
    question = Question(Organisation.objects.get(code="TU"), period.of_year(YEAR, ON), ON)
    compare_answer("the pace", lambda: TABLES["pace"].answer(question), CITY_FLOOR, most=2)


def by_province(size: Size) -> None:
    print(f"\nprogress and pace of {YEAR} by province, {size.title} ({connection.vendor})")
    top = _fill(size)
    question = Question(top, period.of_year(YEAR, ON), ON)
    _check_same(question)
    compare(
        f"the pace, {size.shape.levels[0]} rows",
        lambda: TABLES["pace"].answer(question),
        lambda: ask(FLOOR),
        most=size.most,
        times=3,
    )
    _clear()


def _check_same(question: Question) -> None:
    """Both tell the same of every province, and of the country."""
    answer = TABLES["pace"].answer(question)
    with connection.cursor() as cursor:
        cursor.execute(DONE)
        done = {province: int(number) for province, number in cursor.fetchall()}
        cursor.execute(COURSE)
        by_now, of_years = map(int, cursor.fetchone())
    if {row["id"]: row["done"] for row in answer.rows} != done:
        raise RuntimeError("the pace and its floor differ in what is done")
    if answer.total["due_usually"] * of_years != answer.total["required"] * by_now:
        raise RuntimeError("the pace and its floor differ in the course of the closed years")


def _fill(size: Size) -> Organisation:
    """The tree, a quota for each unit, members for each branch, and admissions; of the people nothing is needed."""
    everything = tree.fill_units(size.shape)
    branches = size.shape.levels[-1]
    first = len(everything) + 1 - branches
    issue = QuotaIssue.objects.create(issuer_id=1, year=YEAR, number=1, state=QuotaIssue.State.ISSUED)
    lines = (Quota(issue=issue, organisation_id=unit.pk, year=YEAR, admission=1, in_force=True) for unit in everything)
    Quota.objects.bulk_create(lines, batch_size=5000)
    bases = (Base(organisation_id=pk, year=YEAR, total=MEMBERS) for pk in range(first, first + branches))
    Base.objects.bulk_create(bases, batch_size=5000)
    words = _SQL[connection.vendor] | {"numbers": numbers(size.admissions)}
    words |= {"first": str(first), "branches": str(branches)}
    without_keys(lambda cursor: cursor.execute(_ADMISSIONS.format(**words)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return Organisation.objects.get(pk=1)


def _clear() -> None:
    empty("membership_spell")
    for model in (QuotaIssue, Base):
        model.objects.all().delete()
    tree.clear_units()
