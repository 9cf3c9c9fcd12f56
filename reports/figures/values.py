"""Which number wins, and missing is not zero (`architecture.md`, "The hard objects").

The value of a unit is (1) its own declared row; else (2) with children, the sum of their values and
its own register; else (3) its register. Declared and register are never added for the same months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reports.figures.standing import Standing

DECLARED, REGISTER, SUM, PARTIAL = "declared", "register", "sum", "partial"
SOURCES = {DECLARED: "khai báo", REGISTER: "từ sổ", SUM: "cộng từ cấp dưới", PARTIAL: "chưa đủ số liệu"}


@dataclass(frozen=True)
class Own:
    """What one unit says by itself, its children aside.

    `number` null: nothing to count (`missing` tells whether that is a gap). `wins` is true for a
    declared row, which replaces whatever the children say.
    """

    number: int | None
    source: str = REGISTER
    wins: bool = False
    missing: int = 0


@dataclass
class Value:
    """The number of a unit, where it comes from, and how many units below are missing from it."""

    number: int | None
    source: str
    missing: int = 0
    children: int = 0  # the sum of the children's values, where the unit has its own row too

    @property
    def undistributed(self) -> int:
        """What the unit's own row has beyond its children ("chưa phân bổ xuống dưới")."""
        return (self.number or 0) - self.children


@dataclass
class Values:
    """The values of every unit of a tree, and what the root's number is made of."""

    by_unit: dict[int, Value] = field(default_factory=dict)
    parts: dict[int, Own] = field(default_factory=dict)  # the own values that the root's number adds up

    def of(self, unit: int) -> Value:
        return self.by_unit.get(unit, Value(None, REGISTER))


def resolve(standing: Standing, own: Callable[[int, bool], Own]) -> Values:
    """Values of every unit; `own(unit, is_leaf)` says what the unit has by itself."""
    values = Values()
    said: dict[int, Own] = {}
    for unit in standing.bottom_up():
        below = standing.below(unit)
        said[unit] = own(unit, not below)
        values.by_unit[unit] = _combine(said[unit], [values.by_unit[child] for child in below])
    values.parts = _parts(standing, said)
    return values


def _combine(own: Own, below: list[Value]) -> Value:
    if not below:
        return Value(own.number, PARTIAL if own.missing and own.number is not None else own.source, own.missing)
    known = [value.number for value in below if value.number is not None]
    total = sum(known)
    if own.wins:
        return Value(own.number, PARTIAL if own.missing else own.source, own.missing, children=total)
    missing = sum(value.missing for value in below) + own.missing
    if not known and not own.number:
        return Value(None if missing else own.number, PARTIAL if missing else SUM, missing)
    return Value(total + (own.number or 0), PARTIAL if missing else SUM, missing, children=total)


def _parts(standing: Standing, said: dict[int, Own]) -> dict[int, Own]:
    """The own values under the root that are not replaced by a declared row above them."""
    parts = {}
    waiting = [standing.root] if standing.stands else []
    while waiting:
        unit = waiting.pop()
        parts[unit] = said[unit]
        if not said[unit].wins:
            waiting += standing.below(unit)
    return parts
