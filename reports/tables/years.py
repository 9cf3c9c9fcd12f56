"""The rate of a unit year by year; mean of the yearly rates and pooled rate, labelled apart (C2)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from reports.figures.book import Book, open_book
from reports.figures.scopes import Scopes
from reports.period import Period
from reports.tables.table import Answer, Column, Question, Row, Table, units
from reports.tables.told import named, tell, turns_of
from targets import progress
from targets.models import Target


class Years(Table):
    key = "years"
    title = "Tỷ lệ kết nạp các năm"
    has_quotas = True
    one_year = False
    of_years = True
    columns = (
        Column("year", "Năm", "year"),
        Column("base", "Đảng viên đầu năm", figure="base"),
        Column("admitted", "Kết nạp", figure="admitted"),
        Column("rate", "Tỷ lệ", "rate"),
        Column("quota", "Chỉ tiêu"),
        Column("met", "Đạt tỷ lệ", "yes_no"),
        Column("quota_met", "Đạt chỉ tiêu", "yes_no"),
    )

    def answer(self, question: Question) -> Answer:
        """One row for each year of the period, the last cut at the day asked."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope, quotas=question.quotas)
        root = question.organisation.pk
        answer = self.from_book(question, book, units([root], question.on)[root].levels)
        scopes, turns = Scopes(book, question.scope), turns_of(book)
        both = [scopes.of_year(part, min(question.on, part.last)) for part in _parts(question)]
        answer.scopes = [one for one in both if one.differ] or both[-1:]
        told_of = {pk for one in answer.scopes for pk in one.units} | {pk for turn in turns for pk in turn.units}
        names = named(told_of, question.on)
        for one in answer.scopes:
            one.names = {pk: found.name for pk, found in names.items()}
        answer.told = tell(book, turns, names)
        return answer

    def from_book(self, question: Question, book: Book, levels: tuple[str, ...]) -> Answer:
        """The same from a book already open; `levels` of the unit if it is not the top."""
        years = question.period.years
        where = (Target.Where.TOP.value,) if book.forest.is_top(question.organisation.pk) else levels
        rows = [self._row(question, book, year, progress.deciding(book.targets[year], where)) for year in years]
        return Answer(rows, self._total(rows))

    def _row(self, question: Question, book: Book, year: int, target: Target | None) -> Row:
        period = question.period.of_year(year)
        standing = book.forest.standing(question.scope, year, min(question.on, period.last))
        unit = question.organisation.pk
        base, admitted = book.base(standing, year).value(unit), book.counted("admitted", standing, period).value(unit)
        quota = book.quotas.get((unit, year))
        asked = quota.admission if quota else None
        return {
            "year": year,
            "is_whole": period.start == dt.date(year, 1, 1) and min(period.last, question.on) == dt.date(year, 12, 31),
            "base": base.number,
            "base_missing": base.missing,
            "not_reported": admitted.missing,
            "admitted": admitted.number,
            "rate": progress.share(admitted.number, base.number),
            "quota": asked,
            "met": progress.meets(target, admitted.number, None if base.missing else base.number),
            "quota_met": progress.fulfils(asked, admitted.number),
            "target": target,
        }

    def _total(self, rows: list[Row]) -> Row:
        """The sums of all; the rates only of whole years: a year that still runs would pull the mean down."""
        rated = [row for row in rows if row["rate"] is not None]
        whole = [row for row in rated if row["is_whole"]]
        total: Row = {column.key: None for column in self.columns}
        total["mean_rate"] = sum((row["rate"] for row in whole), Fraction(0)) / len(whole) if whole else None
        total["pooled_rate"] = progress.share(*(sum(row[key] for row in whole) for key in ("admitted", "base")))
        for key in ("base", "admitted") if rated else ():
            total[key] = sum(row[key] for row in rated)
        return total


def _parts(question: Question) -> list[Period]:
    """The years asked, the last cut at the day."""
    return [question.period.of_year(year) for year in question.period.years]
