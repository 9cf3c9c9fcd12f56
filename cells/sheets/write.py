"""Workbooks out: rows in the layout that comes back in, and the empty templates.

Text is always written as text, so a name that begins with = + - @ is never a formula; dates and numbers are real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cells.sheets.sheet import Column, Sheet, sheets

GUIDE, LISTS = "Hướng dẫn", "Danh mục"
#: Rows of a template that have the column's format and drop-down.
ROWS_PREPARED = 2000
_DAY = "dd/mm/yyyy"
_WIDTHS = {"text": 22, "date": 14, "number": 12}
_LONG_TITLE = 24


def write_workbook(target: str | Path | IO[bytes], rows: Mapping[str, Iterable[Sequence[Any]]]) -> None:
    """Write the sheets named in `rows`, each row's cells in the order of the sheet's columns.

    Cells may be text, numbers, dates and None. KeyError for a name that is no sheet, ValueError for a row that is
    longer than the sheet is wide.
    """
    known = {sheet.name: sheet for sheet in sheets()}
    with xlsxwriter.Workbook(_name(target), {"constant_memory": True}) as book:
        styles = _Styles(book)
        for name, lines in rows.items():
            sheet = known[name]
            page = book.add_worksheet(name)
            _write_header(page, sheet, styles)
            for number, line in enumerate(lines, 1):
                if len(line) > len(sheet.columns):
                    raise ValueError(f"{name}: {len(line)} cells, {len(sheet.columns)} columns")
                for position, value in enumerate(line):
                    _write_cell(page, number, position, value, styles)


def export_rows(only: Iterable[str] | None = None) -> dict[str, Iterable[Sequence[Any]]]:
    """Every sheet's rows from the database, for `write_workbook`; `only` names the sheets wanted."""
    wanted = None if only is None else set(only)
    return {sheet.name: sheet.export() for sheet in sheets() if wanted is None or sheet.name in wanted}


def write_template(target: str | Path | IO[bytes], names: Sequence[str], *, day: dt.date) -> None:
    """Write empty sheets with drop-downs of the values in force on `day`, and a sheet that explains each column."""
    known = {sheet.name: sheet for sheet in sheets()}
    with xlsxwriter.Workbook(_name(target)) as book:
        styles = _Styles(book)
        pages = [(known[name], book.add_worksheet(name)) for name in names]
        guide, lists = book.add_worksheet(GUIDE), book.add_worksheet(LISTS)
        lists.hide()
        offered = 0
        for sheet, page in pages:
            _write_header(page, sheet, styles)
            for position, column in enumerate(sheet.columns):
                _prepare(page, position, column, styles)
                options = column.reader.options(day)
                if options:
                    lists.write_column(0, offered, options)
                    _offer(page, position, offered, len(options))
                    offered += 1
        _explain(guide, [sheet for sheet, _ in pages], styles)


class _Styles:
    """The few formats, made once a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.header: Format = book.add_format(
            {"bold": True, "bg_color": "#E9ECEF", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.title: Format = book.add_format({"bold": True, "font_size": 13})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.date: Format = book.add_format({"num_format": _DAY, "align": "left"})
        self.text: Format = book.add_format({"num_format": "@"})

    def of(self, column: Column) -> Format | None:
        """Columns of text are text in Excel too, so that codes keep their zeros; years have no dots."""
        if column.reader.sort == "number":
            return None
        return self.date if column.reader.sort == "date" else self.text


def _name(target: str | Path | IO[bytes]) -> Any:
    return str(target) if isinstance(target, Path) else target


def _write_header(page: Worksheet, sheet: Sheet, styles: _Styles) -> None:
    for position, column in enumerate(sheet.columns):
        width = max(_WIDTHS[column.reader.sort], min(len(column.title) + 3, _LONG_TITLE))
        page.set_column(position, position, width)
        page.write_string(0, position, _title(column), styles.header)
    page.freeze_panes(1, 0)


def _title(column: Column) -> str:
    return f"{column.title}*" if column.required else column.title


def _write_cell(page: Worksheet, row: int, position: int, value: Any, styles: _Styles) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.date):
        page.write_datetime(row, position, value, styles.date)
    elif isinstance(value, int | float):
        page.write_number(row, position, value)
    else:
        page.write_string(row, position, str(value))


def _prepare(page: Worksheet, position: int, column: Column, styles: _Styles) -> None:
    width = max(_WIDTHS[column.reader.sort], min(len(column.title) + 3, _LONG_TITLE))
    page.set_column(position, position, width, styles.of(column))
    if column.note:
        page.write_comment(0, position, column.note)


def _offer(page: Worksheet, position: int, place: int, count: int) -> None:
    letter = xlsxwriter.utility.xl_col_to_name(place)
    page.data_validation(
        1,
        position,
        ROWS_PREPARED,
        position,
        {
            "validate": "list",
            "source": f"='{LISTS}'!${letter}$1:${letter}${count}",
            "error_type": "warning",
            "error_title": "Không có trong danh sách",
            "error_message": "Chọn một giá trị trong danh sách.",
        },
    )


def _explain(guide: Worksheet, known: Sequence[Sheet], styles: _Styles) -> None:
    """For each sheet its notes, then a line for each column: name, needed or not, example, note."""
    guide.set_column(0, 0, 30)
    guide.set_column(1, 1, 10)
    guide.set_column(2, 2, 28)
    guide.set_column(3, 3, 60)
    line = 0
    for sheet in known:
        guide.write_string(line, 0, f"Bảng «{sheet.name}»", styles.title)
        line += 1
        for note in sheet.notes:
            guide.write_string(line, 0, note)
            line += 1
        for position, title in enumerate(("Cột", "Cần ghi", "Ví dụ", "Ghi chú")):
            guide.write_string(line, position, title, styles.header)
        for column in sheet.columns:
            line += 1
            guide.write_string(line, 0, _title(column))
            guide.write_string(line, 1, "có" if column.required else "")
            _write_cell(guide, line, 2, column.example, styles)
            guide.write_string(line, 3, column.note, styles.wrapped)
        line += 2
