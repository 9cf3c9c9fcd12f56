"""A sheet as data, the rows of one, and the registry in which each app enters its sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from cells import vietnamese
from cells.sheets.values import Reader

if TYPE_CHECKING:
    from cells.sheets.session import Session

#: What an exported row is made of, in the order of the columns.
Cell = Any


@dataclass(frozen=True)
class Column:
    """One column. `field` names the value in a row; `deed_fields` are the names deeds use for it."""

    field: str
    title: str
    reader: Reader
    required: bool = False
    aliases: tuple[str, ...] = ()
    deed_fields: tuple[str, ...] = ()
    example: object = ""
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One of the sheets of `workbooks.md`.

    `export` gives its rows from the database, cells in the order of the columns. `gives` is the column under
    whose value other sheets refer to a row of this one. `checked` are columns that committees' own sheets have:
    a wrong value is refused, none is kept, no template offers them.
    """

    name: str
    columns: tuple[Column, ...]
    export: Callable[[], Iterable[Sequence[Cell]]]
    notes: tuple[str, ...] = ()
    gives: str = ""
    checked: tuple[Column, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """Folded header → field."""
        return {
            vietnamese.fold_header(name): column.field
            for column in (*self.columns, *self.checked)
            for name in (column.title, *column.aliases)
        }

    @property
    def deed_fields(self) -> dict[str, str]:
        """Deed's name of a value → field of the column."""
        names = {column.field: column.field for column in (*self.columns, *self.checked)}
        return names | {name: column.field for column in self.columns for name in column.deed_fields}


class State(Enum):
    NEW = "mới"
    CHANGED = "thay đổi"
    UNCHANGED = "không đổi"
    REFUSED = "bị từ chối"


@dataclass
class Table:
    """One worksheet as it was recognised: its title in the file and where its columns are."""

    sheet: Sheet
    title: str
    positions: Mapping[str, int]


class Row:
    """One row: `row["field"]` is the value read, None where the cell is empty."""

    __slots__ = ("number", "raw", "state", "table", "values")

    def __init__(self, table: Table, number: int, raw: Sequence[object], values: dict[str, Any]) -> None:
        self.table = table
        self.number = number
        self.raw = raw
        self.values = values
        self.state: State | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.values[name] = value


#: Takes the session and the rows of each of its sheets by name; calls deeds and says of each row what became of it.
Loader = Callable[["Session", dict[str, list[Row]]], None]


@dataclass(frozen=True)
class Loading:
    """One loader, the sheets it takes and those that must be in before."""

    load: Loader
    sheets: tuple[Sheet, ...]
    after: tuple[str, ...] = field(default=())


_LOADINGS: list[Loading] = []


def register(load: Loader, *sheets: Sheet, after: tuple[str, ...] = ()) -> None:
    """Enter sheets that `load` takes together; `after` names sheets that go in before them."""
    _LOADINGS.append(Loading(load, sheets, after))


def loadings() -> list[Loading]:
    """All that is registered, each after what it needs."""
    owner = {sheet.name: place for place, loading in enumerate(_LOADINGS) for sheet in loading.sheets}
    graph = {place: {owner[name] for name in loading.after} for place, loading in enumerate(_LOADINGS)}
    return [_LOADINGS[place] for place in TopologicalSorter(graph).static_order()]


def sheets() -> list[Sheet]:
    """Every known sheet, in the order in which they go in."""
    return [sheet for loading in loadings() for sheet in loading.sheets]


def sheet_named(title: str) -> Sheet | None:
    """The sheet that a worksheet's title means."""
    folded = vietnamese.fold_header(title)
    return next((sheet for sheet in sheets() if vietnamese.fold_header(sheet.name) == folded), None)
