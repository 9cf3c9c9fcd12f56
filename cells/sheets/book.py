"""Worksheets as rows of raw values: calamine for ordinary ones, openpyxl row by row for far-flung ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from cells.sheets.container import Contents, UnusableFile, inspect

Values = list[object]

_DAMAGED = "Tệp bị hỏng: không đọc được bảng «{title}»; mở bằng Excel, lưu lại rồi thử lần nữa."


def address(row: int, column: int) -> str:
    """`A1` for row 1 and column 0."""
    return f"{get_column_letter(column + 1)}{row}"


@dataclass
class Worksheet:
    """Rows that are not empty, each with its number in Excel (from 1); `flaws` by address."""

    title: str
    rows: list[tuple[int, Values]]
    flaws: dict[str, str] = field(default_factory=dict)


class Book:
    """A sound workbook; a worksheet is read when asked for. `row_limit` counts rows of all read so far."""

    def __init__(self, path: Path, *, row_limit: int) -> None:
        self._path = path
        self._left = row_limit
        self._limit = row_limit
        self._contents: Contents = inspect(path)

    @property
    def titles(self) -> list[str]:
        return list(self._contents.parts)

    @property
    def macros(self) -> bool:
        return self._contents.macros

    def worksheet(self, title: str) -> Worksheet:
        """The rows of one sheet; `UnusableFile` where they cannot be read or are too many."""
        part = self._contents.parts[title]
        raw = self._far(title) if part.far else self._near(title)
        rows = []
        flawed = {int("".join(filter(str.isdigit, where)) or 0) for where in part.flaws}
        for number, values in raw:
            if any(value != "" and value is not None for value in values) or number in flawed:
                rows.append((number, values))
                self._left -= 1
                if self._left < 0:
                    raise UnusableFile(f"Tệp có hơn {self._limit} dòng; chia thành nhiều tệp nhỏ hơn.")
        return Worksheet(title, rows, part.flaws)

    def _near(self, title: str) -> Iterator[tuple[int, Values]]:
        try:
            with self._path.open("rb") as file:
                sheet = python_calamine.CalamineWorkbook.from_filelike(file).get_sheet_by_name(title)
                rows: Sequence[Values] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]  # cells of any sort
        except (python_calamine.CalamineError, OSError, ValueError):
            raise UnusableFile(_DAMAGED.format(title=title)) from None
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # the reader's own crash, no subclass of Exception
                raise
            raise UnusableFile(_DAMAGED.format(title=title)) from None
        return iter(enumerate(rows, 1))

    def _far(self, title: str) -> Iterator[tuple[int, Values]]:
        try:
            book = openpyxl.load_workbook(self._path, read_only=True, data_only=True)
            sheet = book[title]
            sheet.reset_dimensions()
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                yield number, [unescape(value) if isinstance(value, str) else value for value in values]
            book.close()
        except (KeyError, ValueError, TypeError, OSError, SyntaxError, EOFError):
            raise UnusableFile(_DAMAGED.format(title=title)) from None
