"""Units that missed their admission quota several years in a row, to the last closed year (C3)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min

from reports.figures.book import Book, open_book
from reports.period import Period
from reports.tables.parts import LastAdmissions, parts, standing_of
from reports.tables.table import CHILDREN_OR_BRANCHES, HEADS, Answer, Column, Found, Question, Row, Table, Unit
from targets.models import Quota


class MissedYears(Table):
    """A year without a quota (or with a quota of 0), or not fully reported, breaks no row and counts nothing."""

    key = "missed-years"
    title = "Nhiều năm liền không đạt chỉ tiêu kết nạp"
    has_quotas = True
    about = "Đơn vị không đạt chỉ tiêu kết nạp các năm liền nhau, tính đến năm đã kết thúc gần nhất."
    one_year = False
    looks_back = True
    row_choices = CHILDREN_OR_BRANCHES
    found = (Found("units_missed"), Found("units_missed_twice", "Trong đó từ hai năm liền trở lên"))
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("years_missed", "Số năm liền không đạt", table="years"),
        *HEADS,
        Column("last_admission", "Lần kết nạp gần nhất", "date"),
        Column("reasons", "Lý do năm gần nhất", "text", says="missed_reasons"),
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children (or of the branches) with a year missed, those with most years first."""
        span = since_the_first_quota(question.period)
        book = open_book(question.organisation.pk, span, scope=question.scope, quotas=question.quotas)
        return self.from_book(question, book)

    def from_book(self, question: Question, book: Book) -> Answer:
        """The same from a book already open, of `since_the_first_quota`."""
        closed = question.period.stop.year - 1
        standing = standing_of(question, book)
        missed = _Missed(book, question, closed)
        last = LastAdmissions(book, standing, question.on)

        def row(unit: Unit) -> Row:
            years = missed.years(unit.pk)
            return unit.row(
                years_missed=len(years),
                last_admission=last.of(unit.pk),
                reasons=book.missed_reasons.get((unit.pk, years[0])) if years else None,
                said_year=years[0] if years else None,
            )

        own, below = parts(question, standing)
        rows = [line for line in map(row, below) if line["years_missed"]]
        rows.sort(key=lambda line: -line["years_missed"])
        total = row(own)
        total["units_missed"] = len(rows)
        total["units_missed_twice"] = sum(line["years_missed"] > 1 for line in rows)
        return Answer(
            rows, total, [f"Tính đến hết năm {closed}. Năm không giao chỉ tiêu hoặc chưa báo cáo thì bỏ qua."]
        )


class _Missed:
    """Reads quotas and admissions of the closed years out of the book."""

    def __init__(self, book: Book, question: Question, closed: int) -> None:
        self._quotas = book.quotas
        self._admitted = {}
        for year in range(closed, book.period.start.year - 1, -1):
            part = book.period.of_year(year)
            standing = book.forest.standing(question.scope, year, min(question.on, part.last))
            self._admitted[year] = book.counted("admitted", standing, part)

    def years(self, unit: int) -> list[int]:
        """The years, from the last closed one back, in a row in which the unit missed its quota."""
        missed = []
        for year, admitted in self._admitted.items():
            quota = self._quotas.get((unit, year))
            if quota is None or not quota.admission:
                continue
            value = admitted.value(unit)
            if value.number is not None and value.number >= quota.admission:
                break
            if value.number is not None and not value.missing:
                missed.append(year)
        return missed


def since_the_first_quota(period: Period) -> Period:
    """The same period, begun with the first year for which anybody was given a quota."""
    first = Quota.objects.in_force().order_by().aggregate(first=Min("year"))["first"]
    return period.since(min(dt.date(first or period.start.year, 1, 1), dt.date(period.start.year, 1, 1)))
