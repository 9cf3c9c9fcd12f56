"""Which units say that they are out of sources, and what was answered (C6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.expressions import RawSQL

from cells.organisations.models import Style
from cells.rules.models import Kind
from reports.figures.book import Book, open_book
from reports.figures.cohort import units_of
from reports.figures.standing import Forest
from reports.tables.parts import standing_of
from reports.tables.table import HEADS, Answer, Column, Found, Question, Row, Table, Unit, rest_row, units
from targets import progress
from targets.models import Sources

UNITS, DECLARED, ACCEPTED, WAITING, REFUSED = "units", "declared_out", "accepted", "waiting", "refused"
#: what a unit may be listed for, the state that is told of it first where it is asked for none
STATES = {WAITING: "chờ trả lời", ACCEPTED: "đã chấp nhận", REFUSED: "không chấp nhận"}
#: of a unit that said nothing, or that it has some
UNSAID = "unsaid"
#: what is told of a word
_WORDS = ("state", "reason", "said_on", "settled_on", "answer")
_COUNTS = (UNITS, DECLARED, *STATES)
_FIRST = (Column("code", "Mã", "text"), Column("name", "Tổ chức", "text"))


def _opening(key: str, title: str) -> Column:
    return Column(key, title, table="sources", narrowed={"rows": key})


class SourcesTable(Table):
    """Of the year asked, by the words as they stand today.

    A unit counts in `units` if people are admitted there (branches, base branches), or if it said something itself.
    Accepted is a word in force; refused the last word said.
    """

    key = "sources"
    title = "Còn nguồn, hết nguồn kết nạp"
    about = "Đơn vị báo không còn ai để kết nạp trong năm: được chấp nhận thì miễn ở chỗ chỉ tính nơi còn nguồn."
    may_be_alone = True
    row_choices = {
        "": "Đơn vị trực thuộc",
        DECLARED: "Đã báo hết nguồn",
        WAITING: "Chờ trả lời",
        ACCEPTED: "Được chấp nhận",
        REFUSED: "Không được chấp nhận",
        UNITS: "Mọi đơn vị được hỏi",
    }
    found = (Found(WAITING, "Chờ trả lời", WAITING), Found(ACCEPTED, "Hết nguồn, đã chấp nhận", ACCEPTED))
    columns = (
        *_FIRST,
        _opening(UNITS, "Đơn vị"),
        _opening(DECLARED, "Báo hết nguồn"),
        _opening(ACCEPTED, "Được chấp nhận"),
        Column("share", "Tỷ lệ hết nguồn", "rate"),
        _opening(WAITING, "Chờ trả lời"),
        _opening(REFUSED, "Không được chấp nhận"),
        *HEADS,
    )
    list_columns = (
        *_FIRST,
        Column("state", "Tình trạng", "text", words=STATES | {UNSAID: "còn nguồn"}, says="sources"),
        Column("reason", "Lý do", "text"),
        Column("said_on", "Ngày báo", "date"),
        Column("settled_on", "Ngày trả lời", "date"),
        Column("answer", "Trả lời", "text"),
        *HEADS,
    )

    def columns_of(self, question: Question) -> tuple[Column, ...]:
        return self.list_columns if question.rows else self.columns

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children, most waiting first; or of the units in the state chosen, by name."""
        return self.from_book(question, open_book(question.organisation.pk, question.period, scope=question.scope))

    def from_book(self, question: Question, book: Book) -> Answer:
        reader = _Reader(question, book)
        return reader.listed() if question.rows else reader.counted(self.columns)


@dataclass
class _Words:
    """What a unit said in the year: the word accepted in force, the one that waits, the last if it was refused."""

    accepted: Sources | None = None
    waiting: Sources | None = None
    refused: Sources | None = None

    def of(self, state: str) -> Sources | None:
        """The word by which the unit is in the list `state`; in that of all it said the first of STATES."""
        wanted = STATES if state == DECLARED else (state,)
        return next((row for one in wanted if (row := getattr(self, one))), None)


class _Reader:
    def __init__(self, question: Question, book: Book) -> None:
        self._question, self._root = question, question.organisation.pk
        self._standing = standing_of(question, book)
        self._year = question.period.year
        self._words = _words(self._year, book.forest, question.on)
        self._asked = _branches(book.forest.units, question.on) | self._words.keys()

    def counted(self, columns: tuple[Column, ...]) -> Answer:
        known = units([*self._standing.below(self._root), self._root], self._question.on)
        total = self._row(known.pop(self._root))
        rows = [self._row(unit) for unit in known.values()]
        rows.sort(key=lambda row: (-row[WAITING], -row[DECLARED]))
        rest = rest_row(columns, rows, total, _COUNTS, own=True)
        return Answer([*rows, rest] if rest else rows, total)

    def listed(self) -> Answer:
        within = [self._root] if self._question.alone else self._within(self._root)
        chosen, found = self._question.rows, {}
        for pk in within:
            word = self._word(pk, DECLARED if chosen == UNITS else chosen)
            if pk in self._asked if chosen == UNITS else word:
                found[pk] = word
        known = units([*found, self._root], self._question.on)
        blank = dict.fromkeys(_WORDS)
        total = known[self._root].row(**blank)
        total |= {state: self._number(state, within) for state in (DECLARED, *STATES)}
        return Answer([_listed(known[pk], found[pk], self._year) for pk in known if pk in found], total)

    def _within(self, unit: int) -> list[int]:
        return units_of(self._standing, unit)

    def _word(self, unit: int, state: str) -> Sources | None:
        return self._words[unit].of(state) if unit in self._words else None

    def _number(self, state: str, within: Collection[int]) -> int:
        return sum(self._word(pk, state) is not None for pk in within)

    def _row(self, unit: Unit) -> Row:
        within = self._within(unit.pk)
        asked = sum(pk in self._asked for pk in within)
        counts = {state: self._number(state, within) for state in (DECLARED, *STATES)}
        return unit.row(units=asked, share=progress.share(counts[ACCEPTED], asked), **counts)


def _listed(unit: Unit, row: Sources | None, year: int) -> Row:
    if row is None:
        return unit.row(**dict.fromkeys(_WORDS) | {"state": UNSAID}, said_year=year)
    return unit.row(
        state=row.state,
        reason=row.reason or None,
        said_on=row.said_on,
        settled_on=row.settled_on,
        answer=row.answer or None,
        said_year=year,
    )


def _words(year: int, forest: Forest, on: dt.date) -> dict[int, _Words]:
    """Unit → its words that none are left; without those that say nothing of it any more. One query.

    A unit that is gone on `on` waits for nobody's answer.
    """
    found: dict[int, _Words] = {}
    last: dict[int, Sources] = {}
    for row in Sources.objects.filter(year=year, organisation__in=forest.units).order_by("pk"):
        words = found.setdefault(row.organisation_id, _Words())
        last[row.organisation_id] = row
        if row.in_force and not row.has_sources:
            words.accepted = row
        elif row.state == Sources.State.WAITING and forest.gone_since(row.organisation_id, on) is None:
            words.waiting = row
    for unit, row in last.items():
        found[unit].refused = row if row.state == Sources.State.REFUSED else None
    return {unit: words for unit, words in found.items() if words.of(DECLARED)}


def _branches(inside: RawSQL, on: dt.date) -> set[int]:
    """The units of which people are members and are admitted, by their last kind up to `on`."""
    styles = Style.objects.filter(organisation__in=inside, from_day__lte=on).order_by("from_day")
    kinds = {row[0]: row[1:] for row in styles.values_list("organisation_id", "kind__level", "kind__has_committee")}
    return {unit for unit, (level, committee) in kinds.items() if Kind(level=level, has_committee=committee).is_branch}
