"""Who can still be admitted this year, against what is left of the quota («Còn kịp trước 31/12»)."""

from __future__ import annotations

from collections.abc import Sequence

from membership.forms.filters import WAITING
from membership.in_time.asking import Asking
from membership.in_time.told import VERDICTS, Tally, Words, tallies
from membership.in_time.way import Verdict
from membership.models import Candidacy
from reports.figures.book import Book, open_book
from reports.figures.cohort import units_of
from reports.figures.standing import CURRENT
from reports.tables.parts import parts, standing_of
from reports.tables.table import (
    BRANCHES,
    CHILDREN_OR_BRANCHES,
    HEADS,
    OTHER_TEXT,
    Answer,
    Column,
    Question,
    Row,
    Table,
    Unit,
    rest_row,
    units,
)

_RISK = {True: "Có", False: "Không"}
_SUMMED = ("certain", "possible", "too_late")


def _of(verdict: Verdict) -> Column:
    return Column(verdict.value, VERDICTS[verdict], opens="cases", narrowed={"in_time": verdict.value})


class InTime(Table):
    """Open cases as they stand at the end of the day, by whether their admission will count by 31/12."""

    key = "in-time"
    title = "Còn kịp trước 31/12"
    about = (
        "Hồ sơ đang theo dõi còn kịp kết nạp trong năm hay không. Chắc kịp: làm như bình thường là kịp. Có thể kịp: "
        "quy định cho phép, nhưng phải nhanh hơn bình thường. Không kịp: quy định không cho phép trước 31/12."
    )
    row_choices = CHILDREN_OR_BRANCHES
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("quota", "Chỉ tiêu"),
        Column("admitted", "Đã kết nạp", figure="admitted"),
        Column("remaining", "Còn lại"),
        *(_of(verdict) for verdict in Verdict),
        Column("at_risk", "Nguy cơ", "yes_no", words=_RISK),
        Column("lacking", "Thiếu"),
        Column("blocked", "Đang chờ", "sentence", opens="cases", narrowed={"in_time": WAITING}),
        Column("saving", "Cách gỡ", "sentence"),
        *HEADS,
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children (or of the branches), those at risk first, who lacks most before."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope)
        reader = _Reader(question, book)
        own, below = parts(question, reader.standing)
        rows = sorted(map(reader.row, below), key=_at_risk_first)
        total = reader.row(own)
        total["units_at_risk"] = sum(bool(row["at_risk"]) for row in rows)
        if question.rows == BRANCHES:
            return Answer(rows, total, reader.notes(own))
        moved = reader.moved()
        rest = rest_row(self.columns, rows, total, _SUMMED, own=not moved)
        notes = [*reader.notes(own), *([_told_of(moved)] if rest and moved else [])]
        return Answer([*rows, *([rest] if rest else [])], total, notes)


class _Reader:
    def __init__(self, question: Question, book: Book) -> None:
        self._question, self._book = question, book
        self.standing = standing_of(question, book)
        self._today = book.forest.standing(CURRENT, question.period.year, question.on)  # as the lists behind have it
        self._admitted = book.counted("admitted", self.standing, question.period)
        self._asking = Asking(question.on)
        followed = Candidacy.objects.followed_on(question.on).filter(unit_then__in=book.forest.units)
        self._tallies = tallies(self._asking.of(followed), self._asking)
        self._words = Words(self._asking)

    def row(self, unit: Unit) -> Row:
        quota = self._book.quotas.get((unit.pk, self._question.period.year))
        admitted = self._admitted.value(unit.pk)
        tally = self._tally(unit.pk)
        wanted = None if quota is None else quota.admission
        left = None if wanted is None or admitted.number is None else max(0, wanted - admitted.number)
        certain, possible = (tally.verdicts[verdict] for verdict in (Verdict.CERTAIN, Verdict.POSSIBLE))
        unsure = admitted.missing > 0  # who has not told may have admitted them
        short = 0 if left is None else max(0, left - certain)
        return unit.row(
            quota=wanted,
            admitted=admitted.number,
            not_reported=admitted.missing,
            remaining=left,
            **{verdict.value: tally.verdicts[verdict] for verdict in Verdict},
            at_risk=None if left is None or (unsure and short) else certain < left,
            lacking=None if left is None or (unsure and short) else max(0, short - possible),
            blocked=self._words.blocked(tally) or None,
            saving=None if unsure else tally.saving(short) or None,
        )

    def moved(self) -> list[Unit]:
        """The units with cases that are rows and stand right below the unit no more, or the other way round."""
        root = self._question.organisation.pk
        turned = {*self.standing.below(root)} ^ {*self._today.below(root)}
        return list(units([pk for pk in turned if self._tally(pk).verdicts.total()], self._question.on).values())

    def notes(self, own: Unit) -> list[str]:
        """What the numbers do not say by themselves."""
        former = self._tally(own.pk).former
        told = [f"Không kể {former} người xin kết nạp lại: không tính vào chỉ tiêu."] if former else []
        if not self._asking.pace:
            told.append("Chưa có hồ sơ cũ nào để đo mỗi bước thường mất bao lâu, nên chưa ai được coi là chắc kịp.")
        elif self._asking.measured.guessed:
            told.append(
                "Thời gian thường của vài bước ước theo hồ sơ chuyển từ sổ cũ, vì chưa có hồ sơ nào đi đủ bước."
            )
        return told

    def _tally(self, unit: int) -> Tally:
        below = units_of(self._today, unit)
        return Tally.of(self._tallies[pk] for pk in below if pk in self._tallies)


def _told_of(moved: Sequence[Unit]) -> str:
    names = ", ".join(unit.name for unit in moved)
    return (
        f"Dòng «{OTHER_TEXT}» không có danh sách riêng: trong năm có đơn vị đến hoặc đi ({names}), hồ sơ của đơn vị "
        "đến chỉ tính vào toàn đơn vị, của đơn vị đi chỉ tính vào dòng của đơn vị đó. Xem tên ở trang của từng đơn vị."
    )


def _at_risk_first(row: Row) -> tuple[bool, int, int]:
    return (not row["at_risk"], -(row["lacking"] or 0), -(row["remaining"] or 0))
