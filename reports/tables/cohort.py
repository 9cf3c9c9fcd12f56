"""Those admitted in each year, and where they stand today (C4)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.db.models import Count
from django.db.models.functions import ExtractYear

from reports.figures.book import Book, open_book
from reports.figures.cohort import ADMITTED, OUTCOMES, counted_at, with_outcome
from reports.period import Period
from reports.tables.table import Answer, Column, Question, Row, Table
from targets.models import DeclaredResult

YEARS = 5
LOST = ("struck_off", "resigned", "expelled")


class Cohort(Table):
    """A period within one year asks for the five years up to it; a longer one for its own years."""

    key = "cohort"
    title = "Người được kết nạp các năm, nay ra sao"
    about = "Người kết nạp từng năm: đã công nhận chính thức, còn dự bị, xóa tên, xin ra, khai trừ…"
    one_year = False
    of_years = True
    looks_back = True
    columns = (
        Column("year", "Năm kết nạp", "year"),
        Column("admitted", "Kết nạp theo sổ", figure="cohort-admitted"),
        *(Column(key, title, figure=f"cohort-{key}") for key, (title, _, _) in OUTCOMES.items()),
        Column("lost_percent", "Xóa tên, xin ra, khai trừ", "rate"),
    )

    def answer(self, question: Question) -> Answer:
        """One row for each year of admission; the outcomes of a row add up to its admissions."""
        span = _years_up_to(question.period)
        book = open_book(question.organisation.pk, span, scope=question.scope)
        counted = _count(book, question.on)
        rows = [_row(book, counted, question, year) for year in span.years]
        total: Row = {"year": None} | {key: _sum(rows, key) for key in ("admitted", *OUTCOMES)}
        return Answer([_with_lost(row) for row in rows], _with_lost(total), _notes(book))


#: (unit, year, outcome) → how many
Counted = dict[tuple[int, int, str], int]


def _years_up_to(period: Period) -> Period:
    if len(period.years) > 1:
        return period
    return Period(dt.date(period.year - YEARS + 1, 1, 1), period.stop, period.to_date)


def _count(book: Book, on: dt.date) -> Counted:
    rows = (
        with_outcome(book.events(ADMITTED), on)
        .filter(organisation__in=book.forest.units)
        .order_by()
        .annotate(year=ExtractYear("from_day"))
        .values_list("organisation_id", "year", "outcome")
        .annotate(number=Count("pk"))
    )
    return {(unit, year, outcome): number for unit, year, outcome, number in rows}


def _row(book: Book, counted: Counted, question: Question, year: int) -> Row:
    last = book.period.of_year(year).last
    standing = book.forest.standing(question.scope, year, min(question.on, last))
    row: Row = {"year": year, "admitted": None} | dict.fromkeys(OUTCOMES)
    if not standing.stands:
        return row
    units = counted_at(standing)
    for outcome, (_, _, state) in OUTCOMES.items():
        row[outcome] = sum(counted.get((unit, year, state), 0) for unit in units)
    inside = set(units)
    row["admitted"] = sum(number for (unit, when, _), number in counted.items() if when == year and unit in inside)
    return row


def _sum(rows: list[Row], key: str) -> int | None:
    known = [row[key] for row in rows if row[key] is not None]
    return sum(known) if known else None


def _with_lost(row: Row) -> Row:
    """With the share of those struck off, resigned or expelled."""
    if not row["admitted"]:
        return row | {"lost_percent": None}
    return row | {"lost_percent": Fraction(sum(row[key] for key in LOST), row["admitted"])}


def _notes(book: Book) -> list[str]:
    declared = DeclaredResult.objects.filter(
        organisation__in=book.forest.units, year__in=book.period.years, admitted__gt=0
    )
    if not declared.exists():
        return []
    return ["Chỉ tính người có tên trong sổ; số kết nạp chỉ khai báo thì không theo dõi được từng người."]
