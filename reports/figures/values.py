"""Which number wins, and missing is not zero (`architecture.md`, "The hard objects").

The value of a unit is (1) its own declared row; else (2) with children, the sum of their values and
its own register; else (3) its register. For the months a unit declares, nothing below it counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.figures.standing import Standing

DECLARED, REGISTER, SUM, PARTIAL = "declared", "register", "sum", "partial"
SOURCES = {DECLARED: "khai báo", REGISTER: "từ sổ", SUM: "cộng từ cấp dưới", PARTIAL: "chưa đủ số liệu"}

#: Parts of a period (indices) for which a value is wanted.
Slices = tuple[int, ...]


@dataclass(frozen=True)
class Own:
    """What one unit says by itself for the slices wanted, its children aside.

    `declared` is the sum of its declared rows, null where it has none; `registered` what its own
    register counts in `rest`, the slices it does not declare; `missing` tells of a gap.
    """

    declared: int | None = None
    registered: int | None = None
    rest: Slices = ()
    missing: int = 0

    @property
    def wins(self) -> bool:
        """Its own row covers all that is wanted."""
        return (self.declared is not None or self.missing > 0) and not self.rest

    @property
    def number(self) -> int | None:
        if self.declared is None and self.registered is None:
            return None
        return (self.declared or 0) + (self.registered or 0)


@dataclass(frozen=True)
class Value:
    """The number of a unit, its source, and how many units are missing from it."""

    number: int | None
    source: str = REGISTER
    missing: int = 0


@dataclass(frozen=True)
class Part:
    """One own value that a number adds up: the unit's declared sum and its register in `rest`."""

    unit: int
    own: Own


class Resolver:
    """Values of the units of one tree; `own(unit, wanted)` says what each has by itself."""

    def __init__(self, standing: Standing, own: Callable[[int, Slices], Own], wanted: Slices = ()) -> None:
        self._standing = standing
        self._own = own
        self._wanted = wanted
        self._known: dict[tuple[int, Slices], Value] = {}

    def value(self, unit: int, wanted: Slices | None = None) -> Value:
        """The value of `unit` for the slices `wanted` (all by default)."""
        wanted = self._wanted if wanted is None else wanted
        key = (unit, wanted)
        if key not in self._known:
            self._known[key] = self._resolve(unit, wanted)
        return self._known[key]

    def parts(self, unit: int, wanted: Slices | None = None) -> list[Part]:
        """The own values that make up the number of `unit`: what its list shows."""
        if not self._standing.stands:
            return []
        wanted = self._wanted if wanted is None else wanted
        own = self._own(unit, wanted)
        found = [Part(unit, own)]
        for child in () if own.wins else self._standing.adding_up(unit):
            found += self.parts(child, own.rest)
        for gone in self._standing.absorbed.get(unit, ()):
            found += self.parts(gone, wanted)
        return found

    def _resolve(self, unit: int, wanted: Slices) -> Value:
        if not self._standing.stands:
            return Value(None)
        gone = [self.value(other, wanted) for other in self._standing.absorbed.get(unit, ())]
        told = self._told(unit, wanted)
        if not gone:
            return told
        missing = told.missing + sum(value.missing for value in gone)
        return Value(_total([told, *gone]), PARTIAL if missing else SUM, missing)

    def _told(self, unit: int, wanted: Slices) -> Value:
        """The value of a unit without those that are gone and count beside it."""
        own = self._own(unit, wanted)
        below = self._standing.adding_up(unit)
        if not below:
            return Value(own.number, _source(own), own.missing)
        if own.wins:
            return Value(own.number, _source(own), own.missing)
        children = [self.value(child, own.rest) for child in below]
        missing = own.missing + sum(child.missing for child in children)
        total = _total(children)
        if total is None and not own.number:
            return Value(None if missing else own.number, PARTIAL if missing else SUM, missing)
        return Value((total or 0) + (own.number or 0), PARTIAL if missing else SUM, missing)


def _total(values: list[Value]) -> int | None:
    known = [value.number for value in values if value.number is not None]
    return sum(known) if known else None


def _source(own: Own) -> str:
    if own.missing:
        return PARTIAL
    return DECLARED if own.declared is not None else REGISTER
