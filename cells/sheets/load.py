"""The import of a workbook: read it, let each app load its sheets, keep all of it or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from cells import vietnamese
from cells.log.write import record
from cells.people.models import User
from cells.sheets import header
from cells.sheets.book import Book, Values, Worksheet
from cells.sheets.container import UnusableFile
from cells.sheets.session import Again, Refusal, Session
from cells.sheets.sheet import Column, Loading, Row, Sheet, State, Table, loadings, sheet_named, sheets
from cells.vietnamese import WrongValue

#: Sheets of our own templates that hold no data.
GUIDES = ("Hướng dẫn", "Danh mục")
#: rows after which the database looks at its tables anew
_MANY = 1000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass
class Tally:
    """What became of the rows of one sheet."""

    sheet: str
    states: Counter[State] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return ", ".join(f"{vietnamese.number(self.states[state])} {state.value}" for state in State)


@dataclass
class Report:
    """`written` is false where nothing was kept: rows were refused, or it was a check."""

    tallies: list[Tally]
    refusals: list[Refusal]
    notes: list[str]
    written: bool

    @property
    def total(self) -> Tally:
        """All sheets together."""
        return Tally("", sum((tally.states for tally in self.tallies), Counter()))


def import_workbook(
    path: Path, *, actor: User | None, today: dt.date, check: bool = False, good_rows_only: bool = False
) -> Report:
    """Import the workbook at `path` in one transaction.

    All or nothing, unless `good_rows_only`: then rows without errors are kept, less those that depend on refused
    ones. `check` does everything and keeps nothing. `UnusableFile` where the file cannot be imported at all.
    """
    session = Session(actor, today)
    rows, notes = _read(path, session)
    session.rows = rows
    with transaction.atomic():
        for loading in loadings():
            _load(loading, session, rows)
        tallies = _tallies(session, rows)
        keep = not check and (good_rows_only or not session.refusals)
        if keep:
            _record(tallies, actor)
            _refresh_statistics(tallies)
        else:
            transaction.set_rollback(True)
    return Report(tallies, sorted(session.refusals), notes, keep)


def read_sheet(path: Path, sheet: Sheet, session: Session) -> list[Row]:
    """The rows of one sheet of the workbook at `path`, nothing done with them; wrong cells are refused in `session`.

    `UnusableFile` where the file cannot be read or has no such sheet.
    """
    rows, _ = _read(path, session)
    if sheet.name not in rows:
        raise UnusableFile(f"Tệp không có bảng «{sheet.name}».")
    return rows[sheet.name]


def _refresh_statistics(tallies: Sequence[Tally]) -> None:
    """PostgreSQL plans for the tables as they were until it looks again: minutes for a question about a new city."""
    if connection.vendor == "postgresql" and _written(tallies) >= _MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _written(tallies: Sequence[Tally]) -> int:
    return sum(tally.states[State.NEW] + tally.states[State.CHANGED] for tally in tallies)


def _record(tallies: Sequence[Tally], actor: User | None) -> None:
    written = _written(tallies)
    if written:
        note = "; ".join(f"{tally.sheet}: {tally}" for tally in tallies)
        record("import_workbook", actor=actor, subject="workbook", count=written, note=note[:300])


# --- reading ----------------------------------------------------------------------------------------


def _read(path: Path, session: Session) -> tuple[dict[str, list[Row]], list[str]]:
    """The rows of every known sheet by the sheet's name, and what there is to say of the file."""
    book = Book(path, row_limit=settings.SHEET_ROW_LIMIT)
    known = {title: sheet for title in book.titles if (sheet := sheet_named(title))}
    if not known:
        names = ", ".join(f"«{sheet.name}»" for sheet in sheets())
        raise UnusableFile(f"Tệp không có bảng nào nhận ra được; tên bảng phải là một trong: {names}.")
    notes = ["Tệp có macro; macro không được chạy và không được dùng."] if book.macros else []
    guides = {vietnamese.fold_header(name) for name in GUIDES}
    for title in book.titles:
        if title not in known and vietnamese.fold_header(title) not in guides:
            notes.append(f"Bỏ qua bảng «{vietnamese.clean(title)}»: không phải bảng của chương trình.")
    rows: dict[str, list[Row]] = {}
    for title, sheet in known.items():
        rows.setdefault(sheet.name, []).extend(_rows(book.worksheet(title), sheet, session))
    return rows, notes


def _rows(worksheet: Worksheet, sheet: Sheet, session: Session) -> list[Row]:
    session.reading = sheet.name
    found = header.find(worksheet.rows, sheet.headers)
    if found is None:
        if worksheet.rows:
            titles = ", ".join(column.title for column in sheet.columns if column.required)
            _refuse_sheet(worksheet, session, f"Không tìm thấy dòng tiêu đề; bảng này cần các cột: {titles}.")
        return []
    if found.unknown:
        session.note(sheet.name, "bỏ qua cột không biết: " + ", ".join(f"«{name}»" for name in found.unknown))
    table = Table(sheet, worksheet.title, found.columns)
    lacking = [column.title for column in sheet.columns if column.required and column.field not in found.columns]
    for position in found.doubled:
        session.refusals.add(Refusal(worksheet.title, found.row, position, "Cột này có hai lần; bỏ bớt một cột."))
    if lacking:
        names = ", ".join(f"«{name}»" for name in lacking)
        session.refusals.add(Refusal(worksheet.title, found.row, 0, f"Thiếu cột {names}; thêm cột rồi nhập lại."))
    usable = not lacking and not found.doubled
    reader = _RowReader(table, worksheet.flaws, session, usable=usable)
    return [reader.read(number, values) for number, values in _data(worksheet.rows[found.first :], table)]


def _refuse_sheet(worksheet: Worksheet, session: Session, message: str) -> None:
    session.refusals.add(Refusal(worksheet.title, worksheet.rows[0][0], 0, message))


def _data(rows: Sequence[tuple[int, Values]], table: Table) -> list[tuple[int, Values]]:
    """Rows of data: what stands from a total row at the end on is left out, and so are rows with a counter alone."""
    columns = table.positions.values()
    needed = [
        table.positions[column.field]
        for column in table.sheet.columns
        if column.required and column.field in table.positions
    ]
    data = [row for row in rows if any(_given(row[1], position) for position in columns)]
    for back, (_, values) in enumerate(reversed(data), 1):
        if header.is_total(values):
            return data[:-back]
        if needed and all(_given(values, position) for position in needed):
            break
    return data


def _given(values: Values, position: int) -> bool:
    value = values[position] if position < len(values) else None
    return value is not None and value != "" and not (isinstance(value, str) and not value.strip())


class _RowReader:
    """Reads the cells of a table's rows; what cannot be read is refused at its cell."""

    def __init__(self, table: Table, flaws: dict[str, str], session: Session, *, usable: bool) -> None:
        self._table = table
        self._session = session
        self._usable = usable
        columns = {column.field: column for column in (*table.sheet.columns, *table.sheet.checked)}
        self._plan: list[tuple[int, Column]] = [(position, columns[name]) for name, position in table.positions.items()]
        self._flaws: dict[int, dict[int, str]] = {}
        for where, message in flaws.items():
            row, column = _place(where)
            self._flaws.setdefault(row, {})[column] = message

    def read(self, number: int, raw: Values) -> Row:
        values: dict[str, Any] = {}
        row = Row(self._table, number, raw, values)
        if not self._usable:
            row.state = State.REFUSED
            return row
        flaws = self._flaws.get(number, {})
        for position, column in self._plan:
            if position in flaws:
                self._session.refuse(row, column.field, flaws[position][:1].upper() + flaws[position][1:])
            elif not _given(raw, position):
                if column.required:
                    self._session.refuse(row, column.field, f"Còn trống: ghi {column.title.lower()}.")
            else:
                self._read_cell(row, column, raw[position])
        return row

    def _read_cell(self, row: Row, column: Column, value: object) -> None:
        if isinstance(value, str) and _CONTROL.search(value):
            self._session.refuse(row, column.field, "Có ký tự điều khiển không nhìn thấy; xóa ô và gõ lại.")
            return
        try:
            row.values[column.field] = column.reader.read(value, self._session)
        except WrongValue as error:
            self._session.refuse(row, column.field, str(error))


def _place(where: str) -> tuple[int, int]:
    """Row (from 1) and column (from 0) of an address; (0, 0) where the file gave none."""
    letters = where.rstrip("0123456789")
    if not letters.isalpha():
        return 0, 0
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(where[len(letters) :]), column - 1


# --- loading ----------------------------------------------------------------------------------------


def _load(loading: Loading, session: Session, rows: dict[str, list[Row]]) -> None:
    """Load the sheets of one loader, again and again without the rows refused, until what is left goes in whole."""
    while True:
        good = {
            sheet.name: [row for row in rows.get(sheet.name, []) if row.state is not State.REFUSED]
            for sheet in loading.sheets
        }
        if not any(good.values()):
            return
        known = {name: Counter(counter) for name, counter in session.notes.items()}
        refused = len(session.refusals)
        try:
            with transaction.atomic():
                loading.load(session, good)
                if len(session.refusals) > refused:
                    raise Again
            return
        except Again:
            session.forget_units()
        except IntegrityError:
            session.forget_units()
            for row in (row for part in good.values() for row in part):
                session.refuse(
                    row, "", "Cơ sở dữ liệu không nhận các dòng của bảng này cùng nhau; kiểm tra dòng trùng nhau."
                )
        session.notes.clear()
        session.notes.update(known)


def _tallies(session: Session, rows: dict[str, list[Row]]) -> list[Tally]:
    return [
        Tally(
            sheet.name,
            Counter(row.state for row in rows[sheet.name] if row.state),
            [
                text if count == 1 and ":" in text else f"{text}: {vietnamese.number(count)}"
                for text, count in session.notes[sheet.name].items()
            ],
        )
        for sheet in sheets()
        if sheet.name in rows
    ]
