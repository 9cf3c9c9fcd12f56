"""Units that admitted nobody in the year, and units that follow nobody who could be admitted (C3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from membership.models import Candidacy
from reports.figures.book import Book, open_book
from reports.figures.cohort import units_of
from reports.figures.standing import Standing
from reports.figures.values import Value
from reports.tables.parts import LastAdmissions, parts, standing_of
from reports.tables.table import CHILDREN_OR_BRANCHES, HEADS, Answer, Column, Found, Question, Row, Table, Unit

_FIRST = (Column("code", "Mã", "text"), Column("name", "Tổ chức", "text"), Column("quota", "Chỉ tiêu kết nạp"))
_LAST = (*HEADS, Column("last_admission", "Lần kết nạp gần nhất", "date"))


class NoAdmission(Table):
    """Only who says 0: a unit that has not reported fully is never in the list."""

    key = "no-admission"
    title = "Chưa kết nạp được đảng viên trong năm"
    has_quotas = True
    about = "Đơn vị cả năm chưa kết nạp ai, đang theo dõi bao nhiêu người, kết nạp lần cuối khi nào."
    row_choices = CHILDREN_OR_BRANCHES
    found = (Found("units_without_admission"),)
    columns = (
        *_FIRST,
        Column("candidates", "Đang theo dõi", opens="cases"),
        *_LAST,
        Column("reasons", "Lý do", "text", says="missed_reasons"),
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children (or of the branches) without an admission, those without candidates first."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope, quotas=question.quotas)
        return self.from_book(question, book)

    def from_book(self, question: Question, book: Book) -> Answer:
        reader = _Reader(question, book)
        total, rows = reader.answer(lambda row: row["admitted"] == 0 and not row["not_reported"])
        rows.sort(key=lambda row: (row["candidates"] is None, row["candidates"]))
        total["units_without_admission"] = len(rows)
        total["units_without_candidates"] = sum(row["candidates"] == 0 for row in rows)
        notes = [f"{reader.silent} đơn vị chưa báo cáo đủ cho kỳ này, không có trong danh sách."]
        return Answer(rows, total, notes if reader.silent else [])


class NoCandidates(Table):
    """Only who keeps a register: of a unit that never did it is not known whom it follows."""

    key = "no-candidates"
    title = "Chưa theo dõi quần chúng nào"
    has_quotas = True
    about = "Đơn vị có sổ mà không còn ai trong danh sách theo dõi, kể cả đơn vị năm nay đã kết nạp."
    row_choices = CHILDREN_OR_BRANCHES
    found = (Found("units_following_nobody"),)
    columns = (*_FIRST, Column("admitted", "Đã kết nạp", figure="admitted"), *_LAST)

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children (or of the branches) that follow nobody, the largest quota first."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope, quotas=question.quotas)
        return self.from_book(question, book)

    def from_book(self, question: Question, book: Book) -> Answer:
        reader = _Reader(question, book)
        total, rows = reader.answer(lambda row: row["candidates"] == 0)
        rows.sort(key=lambda row: -(row["quota"] or 0))
        total["units_following_nobody"] = len(rows)
        notes = [f"{reader.without_register} đơn vị chưa ghi sổ theo dõi, không có trong danh sách."]
        return Answer(rows, total, notes if reader.without_register else [])


class _Reader:
    def __init__(self, question: Question, book: Book) -> None:
        self._question = question
        self._book = book
        self._standing: Standing = standing_of(question, book)
        self._admitted = book.counted("admitted", self._standing, question.period)
        self._last = LastAdmissions(book, self._standing, question.on)
        followed = Candidacy.objects.followed_on(question.on).filter(unit_then__in=book.forest.units)
        self._candidates = Counter(followed.order_by().values_list("unit_then", flat=True))
        self.silent = self.without_register = 0

    def answer(self, wanted: Callable[[Row], bool]) -> tuple[Row, list[Row]]:
        """The row of the unit asked, and of those below it that are `wanted`; counts who tells too little."""
        own, below = parts(self._question, self._standing)
        rows = [self._row(unit) for unit in below]
        self.silent = sum(bool(row["not_reported"]) for row in rows)
        self.without_register = sum(row["candidates"] is None for row in rows)
        return self._row(own), [row for row in rows if wanted(row)]

    def _row(self, unit: Unit) -> Row:
        quota = self._book.quotas.get((unit.pk, self._question.period.year))
        admitted: Value = self._admitted.value(unit.pk)
        return unit.row(
            quota=quota.admission if quota else None,
            admitted=admitted.number,
            not_reported=admitted.missing,
            candidates=self._followed(unit.pk),
            last_admission=self._last.of(unit.pk),
            reasons=self._book.missed_reasons.get((unit.pk, self._question.period.year)),
            said_year=self._question.period.year,
        )

    def _followed(self, unit: int) -> int | None:
        """How many the unit and those below it follow; null where nobody there ever kept a register."""
        below = units_of(self._standing, unit)
        kept = self._book.kept_registers
        if not any(kept[pk] <= self._question.on for pk in below if pk in kept):
            return None
        return sum(self._candidates[pk] for pk in below)
