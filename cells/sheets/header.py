"""Where the header is, and which column is which.

Title rows stand above it, merged cells may spread it over up to three rows, a row of column numbers may
stand below, and a total row at the end. Names are compared as `vietnamese.fold_header` writes them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cells import vietnamese
from cells.sheets.book import Values

_ROWS_SEARCHED = 40
_HEADER_ROWS = 3
_COUNTERS = {"tt", "stt", "sott", "sothutu", "so", "no"}
_TOTAL = re.compile(r"(tong|cong|tongcong|tongso|tongsocong|tongchung|congchung)(dangvien|donvi|tochuc|nguoi)?\d*")
_NOTE = re.compile(r"[(:].*")
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z])\)?")


@dataclass
class Header:
    """`columns`: field → position (from 0). `first`: place of the first row of data in the list of rows."""

    columns: dict[str, int]
    row: int
    first: int
    unknown: list[str]
    doubled: list[int]


def find(rows: Sequence[tuple[int, Values]], names: Mapping[str, str]) -> Header | None:
    """The header among `rows`; `names` is folded name → field. None where no two columns are recognised."""
    best: tuple[int, int, int] | None = None
    for start in range(min(len(rows), _ROWS_SEARCHED)):
        for depth in range(1, _HEADER_ROWS + 1):
            block = rows[start : start + depth]
            if len(block) < depth or not all(_is_words(values) for _, values in block[1:]):
                break
            found = len(set(_matches(block, names).values()))
            if best is None or (found, -depth) > best[:2]:
                best = (found, -depth, start)
    if best is None or best[0] < 2:
        return None
    _, depth, start = best
    depth = -depth
    return _header(rows, start, depth, names)


def is_total(values: Values) -> bool:
    """Whether the first word in the row is Tổng or Cộng."""
    words = [value for value in values if isinstance(value, str) and value.strip()]
    return bool(words) and _TOTAL.fullmatch(vietnamese.fold_header(_NOTE.sub("", words[0]))) is not None


def _header(rows: Sequence[tuple[int, Values]], start: int, depth: int, names: Mapping[str, str]) -> Header:
    block = rows[start : start + depth]
    matches = _matches(block, names)
    times = Counter(matches.values())
    columns: dict[str, int] = {}
    for position, name in matches.items():
        columns.setdefault(name, position)
    first = start + depth
    if first < len(rows) and _numbers_columns(rows[first][1]):
        first += 1
    return Header(
        columns,
        block[-1][0],
        first,
        _unknown(block, matches),
        [position for position, name in matches.items() if times[name] > 1 and columns[name] != position],
    )


def _matches(block: Sequence[tuple[int, Values]], names: Mapping[str, str]) -> dict[int, str]:
    """Position → field; the lowest recognised cell of a column names it."""
    found: dict[int, str] = {}
    for _, values in block:
        for position, value in enumerate(values):
            if isinstance(value, str) and (name := names.get(vietnamese.fold_header(value))):
                found[position] = name
    return dict(sorted(found.items()))


def _is_words(values: Values) -> bool:
    return all(isinstance(value, str) for value in values if value is not None)


def _numbers_columns(values: Values) -> bool:
    """A row such as (1) (2) (3) or A B 1 2 under the header."""
    given = [str(int(value)) if isinstance(value, float) else str(value) for value in values if value not in ("", None)]
    marks = [_COLUMN_NUMBER.fullmatch(text.strip().lower()) for text in given]
    if len(given) < 3 or not all(marks):
        return False
    numbers = [int(mark[1]) for mark in marks if mark and mark[1].isdigit()]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _unknown(block: Sequence[tuple[int, Values]], matches: Mapping[int, str]) -> list[str]:
    """Headers nobody knows; words above a recognised column are a merged heading, not a column."""
    unknown = []
    for position, value in enumerate(block[-1][1]):
        if position in matches or not isinstance(value, str) or not value.strip():
            continue
        if vietnamese.fold_header(value) not in _COUNTERS:
            unknown.append(vietnamese.clean(value))
    return unknown
