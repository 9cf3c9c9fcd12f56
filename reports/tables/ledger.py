"""The ledger: opening + in − out = closing, for a unit and its direct children (`domain.md` §2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reports.figures.book import Book, open_book
from reports.figures.counted import COUNTED
from reports.figures.standing import Standing
from reports.figures.values import Resolver
from reports.tables.table import Answer, Column, Question, Row, Table, Unit, rest_row, units
from reports.tables.told import named, tell, turns_of

INCOMING = ("admitted", "readmitted", "transferred_in", "joined")
OUTGOING = ("transferred_out", "deceased", "struck_off", "resigned", "expelled", "left")


class Ledger(Table):
    key = "ledger"
    title = "Biến động đảng viên"
    one_year = False
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("opening", "Đầu kỳ"),
        *(Column(key, COUNTED[key].title, figure=key) for key in (*INCOMING, *OUTGOING)),
        Column("closing", "Cuối kỳ"),
        Column("declared_closing", "Số đầu năm sau"),
        Column("residual", "Chênh lệch"),
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the units that stood under it on a day of the period; what declared figures cannot tell is null."""
        book = open_book(question.organisation.pk, question.period, inside=True)
        standing = book.forest.standing_during(question.scope, question.period.start, question.period.stop)
        reader = _Reader(book, standing, question.on)
        root = question.organisation.pk
        known = units([*standing.below(root), root], question.on)
        total = reader.row(known.pop(root))
        rows = [reader.row(child) for child in known.values()]
        rest = rest_row(self.columns, rows, total, ("opening", *INCOMING, *OUTGOING, "closing"))
        turns = turns_of(book)
        told = tell(book, turns, named({pk for turn in turns for pk in turn.units}, question.on))
        return Answer([*rows, rest] if rest else rows, total, _notes(total), told=told)


class _Reader:
    def __init__(self, book: Book, standing: Standing, on: dt.date) -> None:
        self.forest, self.on = book.forest, on
        self.stands = standing.stands
        self.opening = book.opening(standing)
        self.flows: dict[str, list[Resolver]] = {
            key: [book.counted(key, standing, book.period.of_year(year)) for year in book.period.years]
            for key in (*INCOMING, *OUTGOING)
        }
        self.closing = _next_bases(book, standing)

    def row(self, unit: Unit) -> Row:
        opening = self.opening.value(unit.pk)
        flows = {key: _sum([resolver.value(unit.pk) for resolver in years]) for key, years in self.flows.items()}
        start = None if opening.missing or not self.stands else opening.number or 0
        moved = sum(flows[key] or 0 for key in INCOMING) - sum(flows[key] or 0 for key in OUTGOING)
        closing = None if start is None or None in flows.values() else start + moved
        declared = self.closing.value(unit.pk) if self.closing else None
        after = declared.number if declared and not declared.missing else None
        return unit.row(
            last_day=self.forest.gone_since(unit.pk, self.on),
            opening=start,
            **flows,
            closing=closing,
            declared_closing=after,
            residual=None if after is None or closing is None else after - closing,
        )


def _sum(values: Sequence) -> int | None:
    """Null where any year is incomplete: a ledger is exact or says nothing."""
    if any(value.missing or value.number is None for value in values):
        return None
    return sum(value.number for value in values)


def _next_bases(book: Book, standing: Standing) -> Resolver | None:
    """The bases of the day after the last, where that is a 1/1."""
    stop = book.period.stop
    if (stop.month, stop.day) != (1, 1):
        return None
    after = Standing(standing.root, standing.children, book.forest.held_on(stop), standing.stands)
    return book.base(after, stop.year)


def _notes(total: Row) -> list[str]:
    empty = [key for key in ("opening", *INCOMING, *OUTGOING) if total[key] is None]
    if not empty:
        return []
    titles = ", ".join("Đầu kỳ" if key == "opening" else COUNTED[key].title for key in empty)
    return [f"Số khai báo không đủ để tính đúng kỳ này: {titles}."]
