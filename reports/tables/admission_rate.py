"""The admission rate of a unit and its direct children against the start-of-year base (C8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reports.figures.book import Book, open_book
from reports.figures.scopes import Both, Scopes
from reports.figures.standing import OPENING, Forest, Standing
from reports.figures.values import PARTIAL, Resolver
from reports.period import Period
from reports.tables.table import Answer, Column, Question, Row, Table, Unit, rest_row, units
from reports.tables.told import name_units
from targets import progress
from targets.models import Target


class AdmissionRate(Table):
    key = "admission-rate"
    title = "Tỷ lệ kết nạp so với đảng viên đầu năm"
    has_quotas = True
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("base", "Đảng viên đầu năm", figure="base"),
        Column("base_missing", "Thiếu số đầu năm"),
        Column("not_reported", "Chưa báo cáo"),
        Column("source", "Nguồn", "source"),
        Column("quota", "Chỉ tiêu"),
        Column("admitted", "Đã kết nạp", figure="admitted"),
        Column("rate", "Tỷ lệ", "rate"),
        Column("quota_percent", "% chỉ tiêu", "rate"),
        Column("required", "Cần đạt"),
        Column("remaining", "Còn thiếu"),
        Column("met", "Đạt tỷ lệ", "yes_no"),
        Column("quota_met", "Đạt chỉ tiêu", "yes_no"),
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the children in the scope asked, "khác" where they do not add up, and the total."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope, quotas=question.quotas)
        return self.from_book(question, book)

    def from_book(self, question: Question, book: Book, known: dict[int, Unit] | None = None) -> Answer:
        """The same from a book already open (its period may be longer than the one asked).

        `known`: units on the day asked, the root and its children among them, where the caller has them.
        """
        standing = book.forest.standing(question.scope, question.period.year, question.on)
        reader = _Reader(question.period, book, standing, question.on)
        root = question.organisation
        below = set(standing.below(root.pk))
        known = known or units([*below, root.pk], question.on)
        own = known[root.pk]
        rows = [reader.row(child, child.levels) for child in known.values() if child.pk in below]
        total = reader.row(own, _levels_of_root(book.forest, own))
        rest = rest_row(self.columns, rows, total, ("base", "admitted"))
        both = Scopes(book, question.scope).of_year(question.period, question.on)
        name_units([both], question.on)
        return Answer([*rows, rest] if rest else rows, total, reader.notes(total), scopes=[both])


class _Reader:
    """Reads the row of one unit out of the book."""

    def __init__(self, period: Period, book: Book, standing: Standing, on: dt.date) -> None:
        self.year, self.on = period.year, on
        self.book = book
        self.base: Resolver = book.base(standing, self.year)
        self.admitted: Resolver = book.counted("admitted", standing, period)
        self.targets = book.targets[self.year]
        self.stands = standing.stands

    def row(self, unit: Unit, levels: tuple[str, ...]) -> Row:
        base, admitted = self.base.value(unit.pk), self.admitted.value(unit.pk)
        quota = self.book.quotas.get((unit.pk, self.year))
        asked = quota.admission if quota else None
        whole = None if base.missing else base.number
        target = progress.deciding(self.targets, levels)
        needed = progress.required(target, whole)
        return unit.row(
            last_day=self.book.forest.gone_since(unit.pk, self.on),
            sector=unit.sector,
            base=base.number,
            base_missing=base.missing,
            not_reported=admitted.missing,
            source=PARTIAL if base.missing else admitted.source,
            quota=asked,
            admitted=admitted.number,
            rate=progress.share(admitted.number, base.number),
            quota_percent=progress.share(admitted.number, asked),
            required=needed,
            remaining=None if needed is None or admitted.number is None else max(0, needed - admitted.number),
            met=progress.meets(target, admitted.number, whole),
            quota_met=progress.fulfils(asked, admitted.number),
            target=target,
        )

    def notes(self, total: Row) -> list[str]:
        found = []
        if not self.stands:
            found.append("Tổ chức này không ở trong đảng bộ theo phạm vi được hỏi.")
        if total["base_missing"]:
            found.append(f"Thiếu số đảng viên đầu năm của {total['base_missing']} đơn vị; chưa kết luận đạt hay không.")
        if total["not_reported"]:
            found.append(f"{total['not_reported']} đơn vị chưa báo cáo đủ cho kỳ này; số đã kết nạp chưa đủ.")
        return found


def book_of(wanted: Sequence[int], period: Period) -> Book:
    """The book of several units (ids, at least one), wherever each stands: as many queries as for one."""
    return open_book(wanted[0], period, beside=wanted[1:])


def rows_of(book: Book, wanted: Sequence[int], on: dt.date) -> list[Row]:
    """The row of each of the units of a `book_of`, in that order: what its own table has as the total."""
    known = units(wanted, on)
    rows = []
    for unit in (known[pk] for pk in wanted):
        forest = book.forest.rooted(unit.pk)
        standing = forest.standing(OPENING, book.period.year, on)
        rows.append(_Reader(book.period, book, standing, on).row(unit, _levels_of_root(forest, unit)))
    return rows


def scopes_of(book: Book, wanted: Sequence[int], on: dt.date) -> list[Both]:
    """The rate of each of the units of a `book_of` in both scopes; no more queries for many than for one."""
    scopes = Scopes(book, OPENING, beside=wanted[1:])
    found = [scopes.of_year(book.period, on, unit) for unit in wanted]
    name_units(found, on)
    return found


def _levels_of_root(forest: Forest, unit: Unit) -> tuple[str, ...]:
    return (Target.Where.TOP.value,) if forest.is_top(unit.pk) else unit.levels
