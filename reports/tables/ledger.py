"""The ledger: opening + in − out = closing, for a unit and its direct children (`domain.md` §2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cells import vietnamese
from reports.figures import FIGURES
from reports.figures.ledger import CELLS, FLOWS, Ledger, open_ledger
from reports.tables.table import Answer, Column, Question, Row, Table, Unit, rest_row, units
from reports.tables.told import named, tell, turns_of

#: units that a note names
NAMED = 5
_MEANS_MORE = "số đã chốt có người mà biến động chưa ghi vào"
_MEANS_LESS = "biến động còn người mà số đã chốt không có"
_TO_DO = (
    "Bấm vào số ở cột «Chênh lệch so với số khai» để xem đơn vị nào; ghi bổ sung biến động còn thiếu, "
    "hoặc đính chính số đầu năm."
)


def _column(cell: str) -> Column:
    figure = f"ledger-{cell}"
    return Column(cell, FIGURES[figure].title, "difference" if cell == "residual" else "count", figure)


class LedgerTable(Table):
    key = "ledger"
    title = "Biến động đảng viên"
    one_year = False
    of_any_span = True
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        *(_column(cell) for cell in CELLS),
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the units that stood under it on a day of the period; what declared figures cannot tell is null."""
        root = question.organisation.pk
        ledger = open_ledger(root, question.period, question.scope)
        forest = ledger.book.forest

        def row(unit: Unit) -> Row:
            return unit.row(last_day=forest.gone_since(unit.pk, question.on), **ledger.cells(unit.pk))

        known = units([*ledger.standing.below(root), root], question.on)
        total = row(known.pop(root))
        rows = [row(child) for child in known.values()]
        rest = rest_row(self.columns, rows, total, CELLS)
        notes = [*_gaps(ledger, question, total), *_residual(ledger, question, rows, total)]
        turns = turns_of(ledger.book)
        told = tell(ledger.book, turns, named({pk for turn in turns for pk in turn.units}, question.on))
        return Answer([*rows, rest] if rest else rows, total, notes, told=told)


def _gaps(ledger: Ledger, question: Question, total: Row) -> list[str]:
    """Which cells are empty, because of which units, and what to do."""
    if not ledger.standing.stands:
        return ["Tổ chức này không ở trong đảng bộ trong kỳ được hỏi."]
    titles: dict[tuple[bool, frozenset[int]], list[str]] = defaultdict(list)
    for cell in ("opening", *FLOWS):
        gaps = ledger.gaps(cell, question.organisation.pk) if total[cell] is None else []
        for silent in (True, False):
            where = frozenset(gap.unit for gap in gaps if bool(gap.own.rest) == silent)
            if where:
                titles[silent, where].append(f"«{FIGURES[f'ledger-{cell}'].title}»")
    return [f"{_cells(cells)} để trống: {_why(silent, _named(at, question))}" for (silent, at), cells in titles.items()]


def _cells(titles: list[str]) -> str:
    return "Mọi biến động" if len(titles) >= len(FLOWS) else ", ".join(titles)


def _why(silent: bool, named: str) -> str:
    if silent:
        return f"{named} chưa báo cáo."
    return f"{named} khai cả tháng hoặc cả năm, không cắt được theo ngày của kỳ. Chọn kỳ trọn tháng, trọn năm đã khai."


def _named(where: Iterable[int], question: Question) -> str:
    """The units by name, the first of them where they are many."""
    names = [unit.name for unit in units(where, question.on).values()]
    more = f" và {vietnamese.number(len(names) - NAMED)} đơn vị khác" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _residual(ledger: Ledger, question: Question, rows: list[Row], total: Row) -> list[str]:
    """What the next start of the year says otherwise, what that means, and what to do."""
    year = ledger.period.stop.year
    if total["residual"] is None:
        gaps = ledger.gaps("declared_closing", question.organisation.pk)
        where = _named({gap.unit for gap in gaps}, question)
        return [f"Chưa so được với số đầu năm {year}: {where} chưa chốt số đầu năm."] if gaps else []
    if not total["residual"]:
        differing = sum(bool(row["residual"]) for row in rows)
        said = f"Toàn đơn vị khớp với số đầu năm {year}, nhưng {vietnamese.number(differing)} đơn vị bên dưới lệch."
        return [f"{said} {_TO_DO}"] if differing else []
    said = _MEANS_MORE if total["residual"] > 0 else _MEANS_LESS
    return [
        f"Chênh lệch so với số khai: {vietnamese.signed(total['residual'])}. Số đầu năm {year} đã chốt là "
        f"{vietnamese.number(total['declared_closing'])}, cuối kỳ tính từ biến động là "
        f"{vietnamese.number(total['closing'])}: {said}. {_TO_DO}"
    ]
