"""Units that admitted nobody in the year, and whether they follow anybody at all (C3)."""

from __future__ import annotations

from collections import Counter

from membership.models import Candidacy
from reports.figures.book import Book, open_book
from reports.figures.cohort import units_of
from reports.figures.standing import Standing
from reports.figures.values import Resolver
from reports.tables.parts import LastAdmissions, parts, standing_of
from reports.tables.table import HEADS, Answer, Column, Question, Row, Table, Unit


class NoAdmission(Table):
    """Only who says 0: a unit that has not reported fully is never in the list."""

    key = "no-admission"
    title = "Chưa kết nạp được đảng viên trong năm"
    about = "Đơn vị cả năm chưa kết nạp ai, đang theo dõi bao nhiêu người, kết nạp lần cuối khi nào."
    by_branch = True
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("quota", "Chỉ tiêu kết nạp"),
        Column("candidates", "Đang theo dõi", opens="cases"),
        *HEADS,
        Column("last_admission", "Lần kết nạp gần nhất", "date"),
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children (or of the branches) without an admission, those without candidates first."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope)
        standing = standing_of(question, book)
        reader = _Reader(question, book, standing)
        own, below = parts(question, standing)
        admitted = book.counted("admitted", standing, question.period)
        rows = [reader.row(unit) for unit in below if _none(admitted, unit)]
        rows.sort(key=lambda line: (line["candidates"] is None, line["candidates"]))
        total = reader.row(own)
        total["units_without_admission"] = len(rows)
        total["units_without_candidates"] = sum(line["candidates"] == 0 for line in rows)
        silent = sum(bool(admitted.value(unit.pk).missing) for unit in below)
        notes = [f"{silent} đơn vị chưa báo cáo đủ cho kỳ này, không có trong danh sách."] if silent else []
        return Answer(rows, total, notes)


def _none(admitted: Resolver, unit: Unit) -> bool:
    value = admitted.value(unit.pk)
    return value.number == 0 and not value.missing


class _Reader:
    def __init__(self, question: Question, book: Book, standing: Standing) -> None:
        self._question = question
        self._book = book
        self._standing = standing
        self._last = LastAdmissions(book, standing, question.on)
        followed = Candidacy.objects.followed_on(question.on).filter(unit_then__in=book.forest.units)
        self._candidates = Counter(followed.order_by().values_list("unit_then", flat=True))

    def row(self, unit: Unit) -> Row:
        quota = self._book.quotas.get((unit.pk, self._question.period.year))
        return unit.row(
            quota=quota.admission if quota else None,
            candidates=self._followed(unit.pk),
            last_admission=self._last.of(unit.pk),
        )

    def _followed(self, unit: int) -> int | None:
        """How many the unit and those below it follow; null where nobody there ever kept a register."""
        below = units_of(self._standing, unit)
        kept = self._book.kept_registers
        if not any(kept[pk] <= self._question.on for pk in below if pk in kept):
            return None
        return sum(self._candidates[pk] for pk in below)
