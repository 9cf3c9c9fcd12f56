"""What one import knows while it runs: the day, the actor, units and lookups found once, and what was refused."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cells import vietnamese
from cells.organisations.models import Organisation
from cells.people.models import User
from cells.rules.models import Lookup
from cells.sheets.book import address
from cells.sheets.sheet import Row, State
from cells.verdict import Refused
from cells.vietnamese.reading import quote

#: Ids or names in one query: below the number of variables every database takes.
BATCH = 900


@dataclass(frozen=True, order=True)
class Refusal:
    """`sheet!cell: message`."""

    sheet: str
    row: int
    column: int
    message: str

    def __str__(self) -> str:
        where = address(self.row, self.column) if self.row else "A1"
        return f"{self.sheet}!{where}: {self.message}"


def batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    """The distinct values in lists short enough for one query."""
    known = list(dict.fromkeys(values))
    return (known[start : start + BATCH] for start in range(0, len(known), BATCH))


class Again(Exception):
    """A deed refused rows: what was done since the sheet began is undone, and done again without them."""


@dataclass
class Session:
    actor: User | None
    today: dt.date
    refusals: set[Refusal] = field(default_factory=set)
    notes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: dict[str, list[Row]] = field(default_factory=dict)
    reading: str = ""  # the name of the sheet whose cells are being read
    _memo: dict[Hashable, Any] = field(default_factory=dict)
    _units: dict[str, Organisation] = field(default_factory=dict)

    def memo(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once per import."""
        if key not in self._memo:
            self._memo[key] = make()
        return self._memo[key]

    def lookup(self, model: type[Lookup]) -> dict[str, Lookup]:
        """Folded spelling → row in force today."""
        return self.memo(
            model,
            lambda: {
                vietnamese.fold_header(spelling): row
                for row in reversed(list(model.objects.on(self.today)))
                for spelling in reversed(row.spellings())
            },
        )

    # --- refusing ---------------------------------------------------------------------------------

    def refuse(self, row: Row, name: str, message: str) -> None:
        """Refuse `row` because of its column (or deed's field) `name`; the offending value is quoted."""
        row.state = State.REFUSED
        shown = row.table.sheet.deed_fields.get(name, "")
        position = row.table.positions.get(shown)
        value = row.raw[position] if position is not None and position < len(row.raw) else None
        if value not in ("", None) and _shown(value) not in message:
            message = f"{_shown(value)}: {message}"
        if position is None:
            position = min(row.table.positions.values(), default=0)
        self.refusals.add(Refusal(row.table.title, row.number, position, message))

    def perform(self, deed: Callable[..., Any], pairs: Sequence[tuple[Row, Any]], **columns: str) -> Any:
        """Call a deed with the items of `pairs`; what it refuses is said of their rows, then `Again`.

        `columns` says which column a field of this deed means, where it is not what the sheet says.
        """
        if not pairs:
            return []
        try:
            return deed([item for _, item in pairs], actor=self.actor, today=self.today)
        except Refused as refusal:
            for problem in refusal.problems:
                self.refuse(pairs[problem.index][0], columns.get(problem.field, problem.field), problem.message)
            raise Again from None

    def note(self, sheet: str, text: str, count: int = 1) -> None:
        self.notes[sheet][text] += count

    # --- units ------------------------------------------------------------------------------------

    def find_units(self, codes: Iterable[str]) -> dict[str, Organisation]:
        """Units by code; those found are remembered."""
        wanted = [code for code in dict.fromkeys(codes) if code and code not in self._units]
        for some in batches(wanted):
            self._units |= {unit.code: unit for unit in Organisation.objects.filter(code__in=some)}
        return self._units

    def forget_units(self) -> None:
        """After a roll-back: what was founded is not there."""
        self._units = {}

    def place(self, rows: Sequence[Row], name: str = "organisation") -> list[Row]:
        """Put the unit in the place of its code in each row; rows of unknown codes are refused and left out."""
        units = self.find_units(row[f"{name}_code"] for row in rows)
        lost = self._refused_keys()
        placed = []
        for row in rows:
            code = row[f"{name}_code"]
            unit = units.get(code)
            if unit is None:
                why = "; dòng lập tổ chức này trong tệp bị từ chối" if code in lost else ""
                self.refuse(row, f"{name}_code", f"Không có tổ chức mã {quote(code)}{why}.")
                continue
            row[name] = unit
            placed.append(row)
        return placed

    def _refused_keys(self) -> set[Any]:
        return {
            row[row.table.sheet.gives]
            for rows in self.rows.values()
            for row in rows
            if row.table.sheet.gives and row.state is State.REFUSED
        }

    def refuse_doubles(self, rows: Sequence[Row], key: Callable[[Row], Hashable], name: str) -> list[Row]:
        """Rows that say something of one and the same key twice are refused, all of them; the others come back."""
        alike: dict[Hashable, list[Row]] = defaultdict(list)
        for row in rows:
            alike[key(row)].append(row)
        for group in alike.values():
            for row in group if len(group) > 1 else ():
                others = ", ".join(str(other.number) for other in group if other is not row)
                self.refuse(row, name, f"Trùng với dòng {others}; giữ lại một dòng.")
        return [row for row in rows if row.state is not State.REFUSED]


def _shown(value: object) -> str:
    return quote(re.sub(r"\s+", " ", value) if isinstance(value, str) else value)
