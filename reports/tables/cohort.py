"""Those admitted in each year, and where they stand today (C4); by unit, by who introduced them, by stratum."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from membership import introducers, strata
from reports.figures import sectors
from reports.figures.book import Book, open_book
from reports.figures.cohort import INTRODUCERS, OUTCOMES, STRATA, UNITS, YEARS, Cohorts
from reports.figures.sectors import SECTORS
from reports.period import Period
from reports.tables.table import Answer, Column, Found, Question, Row, Table, rest_row, units
from targets.models import DeclaredResult

YEARS_BACK = 5
LOST = ("struck_off", "resigned", "expelled")
COUNTS = ("admitted", *OUTCOMES)
SEVERAL_STRATA = "Một người có thể thuộc nhiều diện: các dòng cộng lại có thể nhiều hơn toàn đơn vị."

_COUNTS = (
    Column("admitted", "Kết nạp theo sổ", figure="cohort-admitted"),
    *(Column(key, title, figure=f"cohort-{key}") for key, (title, _, _) in OUTCOMES.items()),
    Column("lost_percent", "Xóa tên, xin ra, khai trừ", "rate"),
)
_FIRST = {
    YEARS: (Column("year", "Năm kết nạp", "year"),),
    UNITS: (Column("code", "Mã", "text"), Column("name", "Tổ chức", "text")),
    INTRODUCERS: (Column("introducer", "Nguồn giới thiệu", "text"),),
    STRATA: (Column("stratum", "Diện", "text"),),
}


class Cohort(Table):
    """By years, a period within one year asks for the five years up to it; else every period is taken as it is."""

    key = "cohort"
    title = "Người được kết nạp các năm, nay ra sao"
    about = "Người kết nạp từng năm: đã công nhận chính thức, còn dự bị, xóa tên, xin ra, khai trừ…"
    one_year = False
    of_any_span = True
    of_years = True
    looks_back = True
    looks_on = True
    columns = (*_FIRST[YEARS], *_COUNTS)
    found = (Found("lost", "Xóa tên, xin ra, khai trừ", of="người"), Found("admitted", "trong số", of="người"))
    row_choices = {
        YEARS: "Từng năm",
        UNITS: "Đơn vị",
        INTRODUCERS: "Nguồn giới thiệu",
        STRATA: "Diện",
    }

    def columns_of(self, question: Question) -> Sequence[Column]:
        return (*_FIRST[question.rows], *_COUNTS)

    def answer(self, question: Question) -> Answer:
        """One row for each year of admission (unit, introducer, stratum); the outcomes of a row add up to it."""
        span = question.period if question.rows else _years_up_to(question.period)
        book = open_book(question.organisation.pk, span, scope=question.scope)
        cohorts = Cohorts(book, question.scope, question.on)
        by_year = cohorts.by(YEARS)
        stands = [year for year, standing in cohorts.standings.items() if standing.stands]
        total = dict.fromkeys(COUNTS) if not stands else _counts(sum(by_year.values(), Counter()))
        if question.rows == UNITS:
            rows, own = _by_unit(cohorts, question)
            total = own | total
            rest = rest_row(self.columns_of(question), rows, total, COUNTS)
            rows += [rest] if rest else []
        elif question.rows:
            rows = _by_key(cohorts.by(question.rows), question.rows)
        else:
            total = {"year": None} | total
            rows = [_of_year(year, by_year[year] if year in stands else None) for year in span.years]
        total["lost"] = None if total["admitted"] is None else sum(total[key] for key in LOST)
        notes = _notes(book, question.rows)
        return Answer([_with_lost(row) for row in rows], _with_lost(total), notes, period=span)


def _years_up_to(period: Period) -> Period:
    if len(period.years) > 1:
        return period
    return period.since(dt.date(period.year - YEARS_BACK + 1, 1, 1))


def _counts(states: Counter[str]) -> Row:
    """COUNTS of people by what their last spell says."""
    return {"admitted": states.total()} | {key: states[state] for key, (_, _, state) in OUTCOMES.items()}


def _of_year(year: int, states: Counter[str] | None) -> Row:
    """Null where the unit did not stand in the tree that year."""
    return {"year": year} | (dict.fromkeys(COUNTS) if states is None else _counts(states))


def _by_unit(cohorts: Cohorts, question: Question) -> tuple[list[Row], Row]:
    """The rows of the units that stood directly under the one asked in any of the years, and its own name."""
    root = question.organisation.pk
    by_unit = cohorts.by(UNITS)
    below = {child for standing in cohorts.standings.values() if standing.stands for child in standing.below(root)}
    known = units([*below, root], question.on)
    rows = [
        {"id": unit.pk, "code": unit.code, "name": unit.name, "name_key": unit.name_key, "row": unit.pk}
        | _counts(by_unit[unit.pk])
        for unit in known.values()
    ]
    own = next(row for row in rows if row["id"] == root)
    return [row for row in rows if row is not own], {key: own[key] for key in ("id", "code", "name", "name_key")}


def _by_key(counted: dict, cut: str) -> list[Row]:
    """The rows that hold anybody, in the order of the list they come from, those not known last."""
    column = _FIRST[cut][0].key
    return [{column: name, "row": key} | _counts(counted[key]) for key, name in names_of(cut).items() if key in counted]


def names_of(cut: str) -> dict[str, str]:
    """Row of a cut by introducer, sector or stratum → what it is called."""
    if cut == SECTORS:
        return sectors.names()
    return introducers.INTRODUCERS if cut == INTRODUCERS else strata.names()


def _with_lost(row: Row) -> Row:
    """With the share of those struck off, resigned or expelled."""
    if not row["admitted"]:
        return row | {"lost_percent": None}
    return row | {"lost_percent": Fraction(sum(row[key] for key in LOST), row["admitted"])}


def _notes(book: Book, cut: str) -> list[str]:
    notes = []
    if cut == STRATA:
        notes.append(SEVERAL_STRATA)
    declared = DeclaredResult.objects.filter(
        organisation__in=book.forest.units, year__in=book.period.years, admitted__gt=0
    )
    if declared.exists():
        notes.append("Chỉ tính người có tên trong sổ; số kết nạp chỉ khai báo thì không theo dõi được từng người.")
    return notes
