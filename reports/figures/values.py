"""Which number wins, and missing is not zero (`architecture.md`, "The hard objects").

The value of a unit is (1) its own declared row; else (2) with children, the sum of their values and
its own register; else (3) its register. For the months a unit declares, nothing below it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class Tally:
    """What the units of a tree say by themselves, of all at once: most say nothing but a number.

    `tellers`: the units with rows of their own and others below, of which it must be looked into who is counted;
    `numbers()`: unit → its number where there is one, 0 may be left out; `missing()`: the units with a gap.
    """

    tellers: Collection[int]
    numbers: Callable[[], Mapping[int, int]]
    missing: Callable[[], Iterable[int]]


class Sums:
    """A tally added up along a tree. `apart` are the units whose value is not simply what stands below them."""

    def __init__(self, standing: Standing, tally: Tally) -> None:
        self._parents = standing.parents
        self._tally = tally
        self.apart: set[int] = set()
        for unit in (*tally.tellers, *standing.absorbed, *standing.within):
            self.apart.update(self._way(unit))

    @cached_property
    def numbers(self) -> dict[int, int]:
        """Unit → its own number and those below; none where nobody there has a number."""
        return self._rolled_up(self._tally.numbers())

    @cached_property
    def missing(self) -> dict[int, int]:
        """Unit → how many gaps there are, its own and those below."""
        return self._rolled_up(dict.fromkeys(self._tally.missing(), 1))

    def _rolled_up(self, numbers: Mapping[int, int]) -> dict[int, int]:
        """With the same for all units above, a level of the tree at a time."""
        totals = dict(numbers)
        climbing: Mapping[int, int] = numbers
        while climbing:
            above: dict[int, int] = defaultdict(int)
            for unit, number in climbing.items():
                if (parent := self._parents.get(unit)) is not None:
                    above[parent] += number
            for unit, number in above.items():
                totals[unit] = totals.get(unit, 0) + number
            climbing = above
        return totals

    def _way(self, unit: int) -> Iterator[int]:
        at: int | None = unit
        while at is not None:
            yield at
            at = self._parents.get(at)


class Resolver:
    """Values of the units of one tree; `own(unit, wanted)` says what each has by itself.

    `tally` says the same of all of them, for all that is `wanted`: what has no rows of its own above it is added up
    from there, without a walk down the tree.
    """

    def __init__(
        self,
        standing: Standing,
        own: Callable[[int, Slices], Own],
        wanted: Slices,
        tally: Tally,
    ) -> None:
        self._standing = standing
        self._own = own
        self.wanted = wanted
        self._tally = tally
        self._known: dict[tuple[int, Slices], Value] = {}

    @property
    def tellers(self) -> Collection[int]:
        """The units with rows of their own and others below."""
        return self._tally.tellers

    @cached_property
    def _sums(self) -> Sums:
        return Sums(self._standing, self._tally)

    def value(self, unit: int, wanted: Slices | None = None) -> Value:
        """The value of `unit` for the slices `wanted` (all by default)."""
        wanted = self.wanted if wanted is None else wanted
        key = (unit, wanted)
        if key not in self._known:
            self._known[key] = self._resolve(unit, wanted)
        return self._known[key]

    def parts(self, unit: int, wanted: Slices | None = None) -> list[Part]:
        """The own values that make up the number of `unit`: what its list shows."""
        if not self._standing.stands:
            return []
        wanted = self.wanted if wanted is None else wanted
        own = self._own(unit, wanted)
        found = [Part(unit, own)]
        for child, rest in self._counted_below(unit, own, wanted):
            found += self.parts(child, rest)
        for gone in self._standing.absorbed.get(unit, ()):
            found += self.parts(gone, wanted)
        return found

    def _resolve(self, unit: int, wanted: Slices) -> Value:
        if not self._standing.stands:
            return Value(None)
        if wanted == self.wanted and unit not in self._sums.apart and self._standing.below(unit):
            return self._added(unit)
        gone = [self.value(other, wanted) for other in self._standing.absorbed.get(unit, ())]
        told = self._told(unit, wanted)
        if not gone:
            return told
        missing = told.missing + sum(value.missing for value in gone)
        return Value(_total([told, *gone]), PARTIAL if missing else SUM, missing)

    def _told(self, unit: int, wanted: Slices) -> Value:
        """The value of a unit without those that are gone and count beside it."""
        own = self._own(unit, wanted)
        if own.wins or not self._standing.adding_up(unit):
            return Value(own.number, _source(own), own.missing)
        children = [self.value(child, rest) for child, rest in self._counted_below(unit, own, wanted)]
        missing = own.missing + sum(child.missing for child in children)
        total = _total(children)
        if total is None and not own.number:
            return Value(None if missing else own.number, PARTIAL if missing else SUM, missing)
        return Value((total or 0) + (own.number or 0), PARTIAL if missing else SUM, missing)

    def _counted_below(self, unit: int, own: Own, wanted: Slices) -> Iterator[tuple[int, Slices]]:
        """The units that make up `unit`, each for the slices in which nobody else speaks for it.

        A unit that is gone and counts here speaks for those that stood below it, for the slices it declares.
        """
        if own.wins:
            return
        standing = self._standing
        rests: dict[int, Slices] = {}
        for gone in (*standing.absorbed.get(unit, ()), *standing.within.get(unit, ())):
            told = self._own(gone, wanted)
            if told.declared is not None:
                rests |= dict.fromkeys(standing.formerly.get(gone, ()), told.rest)
        for child in standing.adding_up(unit):
            rest = tuple(index for index in own.rest if index in rests[child]) if child in rests else own.rest
            if rest or child not in rests:
                yield child, rest

    def _added(self, unit: int) -> Value:
        """The value of a unit that has others below and no rows, nor has any unit below that has others below."""
        number, missing = self._sums.numbers.get(unit), self._sums.missing.get(unit, 0)
        if not number and not self._anybody_knows(unit):
            number = None if missing else self._own(unit, self.wanted).number
        elif number is None:
            number = 0
        return Value(number, PARTIAL if missing else SUM, missing)

    def _anybody_knows(self, unit: int) -> bool:
        """Whether a unit with nothing below it, at or below `unit`, has a number, be it 0."""
        waiting = [unit]
        while waiting:
            one = waiting.pop()
            below = self._standing.below(one)
            if not below and self._own(one, self.wanted).number is not None:
                return True
            waiting += below
        return False


def _total(values: list[Value]) -> int | None:
    known = [value.number for value in values if value.number is not None]
    return sum(known) if known else None


def _source(own: Own) -> str:
    if own.missing:
        return PARTIAL
    return DECLARED if own.declared is not None else REGISTER
