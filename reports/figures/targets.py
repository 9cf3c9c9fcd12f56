"""What each target of the programmes asks of the units it applies to, and what they have done of it (C8 to C12).

The page of the programmes, the table of sectors and the lists behind their numbers all read it here. A unit that has
not reported fully neither reaches nor misses what is asked, unless what it told is enough already.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from reports import states
from reports.figures.book import Book
from reports.figures.cohort import units_of
from reports.figures.standing import Standing
from reports.figures.values import Resolver, Value
from reports.period import Period
from targets import progress
from targets.models import Target

#: line of a target → the figure that counts what is done of it
FIGURE_OF = {Target.Line.ADMISSION.value: "admitted", Target.Line.FOSTERING.value: "fostered"}

Kind, Span, Where = Target.Kind, Target.Span, Target.Where
REACHED, MISSED, SILENT = "reached", "missed", "silent"
#: what a rate asks of a unit without members: nothing
NOT_ASKED = "not_asked"
#: of units, whether they are out of sources
EXEMPT, WITH_SOURCES = "exempt", "with_sources"


@dataclass(frozen=True)
class Judged:
    """One unit under a target: `needed` and `done` are people, null where not known; `base` of a rate alone.

    `exempt`: it has nobody left to admit, and so is left out where only those with sources are asked.
    """

    unit: int
    outcome: str
    done: int | None
    needed: int | None
    base: int | None = None
    missing: int = 0
    exempt: bool = False


@dataclass(frozen=True)
class Result:
    """A target at a unit: every unit there to which it applies, and `gone`, the share of its time that is over."""

    target: Target
    applies: Sequence[Judged]
    gone: Fraction

    @cached_property
    def asked(self) -> list[Judged]:
        """The units that count: those with sources where only they are asked."""
        found = [one for one in self.applies if one.outcome != NOT_ASKED]
        return [one for one in found if not one.exempt] if self.target.with_sources_only else found

    @property
    def with_sources(self) -> list[Judged]:
        return [one for one in self.applies if not one.exempt]

    @property
    def single(self) -> Judged | None:
        """The one unit that the target asks, where it asks one: what it did then says more than whether it is there."""
        jointly = (Kind.MINIMUM_AVERAGE, Kind.COVERAGE)
        return self.asked[0] if len(self.asked) == 1 and self.target.kind not in jointly else None

    @cached_property
    def done(self) -> int | None:
        """What the units that count did together; null where nobody told anything."""
        return together(self.asked)

    @property
    def average(self) -> Fraction | None:
        return average(self.asked)

    @property
    def not_reported(self) -> int:
        """How many of the units that count told too little."""
        return sum(one.missing > 0 or one.done is None for one in self.asked)

    def count(self, outcome: str) -> int:
        return count(self.asked, outcome)

    @property
    def needed(self) -> int | None:
        """People where one unit is asked or all together, else how many of the units have to reach it."""
        if self.single:
            return self.single.needed
        if self.target.kind == Kind.MINIMUM_AVERAGE:
            return math.ceil(self.target.value * len(self.asked))
        share = self.target.share if self.target.kind == Kind.COVERAGE else 1
        return math.ceil(share * len(self.asked))

    @property
    def achieved(self) -> int | None:
        """Of what `needed` counts, how much there is."""
        if self.single:
            return self.single.done
        return self.done if self.target.kind == Kind.MINIMUM_AVERAGE else self.count(REACHED)

    @property
    def remaining(self) -> int | None:
        return None if self.needed is None or self.achieved is None else max(0, self.needed - self.achieved)

    @property
    def state(self) -> str | None:
        """A key of `states.STATES`; null where nobody is asked. Late is only who certainly is."""
        if not self.asked:
            return None
        needed, achieved = self.needed, self.achieved
        if needed is None or achieved is None:
            return states.NO_DATA
        if achieved >= needed:
            return states.MET
        if Fraction(achieved, needed) >= self.gone:
            return states.ON_TRACK
        return states.NO_DATA if self._may_be_enough(achieved, needed) else states.BEHIND

    def _may_be_enough(self, achieved: int, needed: int) -> bool:
        """Whether what is not told yet could still be what is lacking; of people nobody knows how many that are."""
        if self.single or self.target.kind == Kind.MINIMUM_AVERAGE:
            return self.not_reported > 0
        return self.count(SILENT) > 0 and Fraction(achieved + self.count(SILENT), needed) >= self.gone


def together(units: Iterable[Judged]) -> int | None:
    """What these did together; null where nobody told anything."""
    told = [one.done for one in units if one.done is not None]
    return sum(told) if told else None


def average(units: Sequence[Judged]) -> Fraction | None:
    """The sum over their number, whoever told nothing among them; null where nobody told anything."""
    return progress.share(together(units), len(units))


def count(units: Iterable[Judged], outcome: str) -> int:
    return sum(one.outcome == outcome for one in units)


class Evaluation:
    """Targets judged at the root of `book`, seen on `on` (inclusive), in the year of `period` to that day."""

    def __init__(self, book: Book, scope: str, period: Period, on: dt.date) -> None:
        self.book, self.period = book, period
        self._scope, self._on = scope, min(on, period.last)
        self.standing = self._standing(period)
        self._resolvers: dict[tuple[str, int], Resolver] = {}

    def of(self, target: Target) -> Result:
        """The target where it applies; `target.programme` covers the year where it is asked of its whole span."""
        return Result(target, [self._judge(target, unit) for unit in self.units(target)], self._gone(target))

    def units(self, target: Target) -> list[int]:
        """The units at or below the root to which the target applies."""
        root = self.standing.root
        if target.where == Where.TOP:
            return [root] if self.standing.stands and self.book.forest.is_top(root) else []
        if target.where == Where.SECTOR:
            return self._branches.get(target.sector_id, [])
        return self._of_level.get(target.where, [])

    def _judge(self, target: Target, unit: int) -> Judged:
        value = self._done(target, unit)
        needed: int | None = _each(target)
        base, asked_of_nobody = None, False
        if target.kind == Kind.RATE:
            base = self._base(target, unit)
            needed = None if base.missing else progress.required(target, base.number)
            asked_of_nobody = needed is None and not base.missing
        outcome = NOT_ASKED if asked_of_nobody else _outcome(value, needed)
        members = base.number if base else None
        return Judged(unit, outcome, value.number, needed, members, value.missing, unit in self._exhausted)

    def _done(self, target: Target, unit: int) -> Value:
        figure = FIGURE_OF[target.line]
        if target.span == Span.YEAR:
            return self._resolver(figure, self.period.year).value(unit)
        values = [self._resolver(figure, year).value(unit) for year in self._years(target)]
        told = [value.number for value in values if value.number is not None]
        return Value(sum(told) if told else None, missing=sum(value.missing for value in values))

    def _base(self, target: Target, unit: int) -> Value:
        """Members at the start of the year, or of the first year of the whole span."""
        first = self.period.year if target.span == Span.YEAR else self._years(target)[0]
        return self._resolver("base", first).value(unit)

    def _years(self, target: Target) -> list[int]:
        """The years of the programme so far."""
        return [year for year in self.book.period.years if target.programme.from_year <= year <= self.period.year]

    def _gone(self, target: Target) -> Fraction:
        last = self.period.last
        if target.span == Span.YEAR:
            return states.year_gone(last)
        first, stop = dt.date(target.programme.from_year, 1, 1), dt.date(target.programme.to_year + 1, 1, 1)
        return Fraction((last - first).days + 1, (stop - first).days)

    def _resolver(self, figure: str, year: int) -> Resolver:
        """The values of "base" or of a counted figure in the part of `year` that lies in the book's period."""
        if (figure, year) not in self._resolvers:
            now = year == self.period.year
            part = self.period if now else self.book.period.of_year(year)
            standing = self.standing if now else self._standing(part)
            found = self.book.base(standing, year) if figure == "base" else self.book.counted(figure, standing, part)
            self._resolvers[figure, year] = found
        return self._resolvers[figure, year]

    def _standing(self, part: Period) -> Standing:
        return self.book.forest.standing(self._scope, part.year, min(self._on, part.last))

    @cached_property
    def _exhausted(self) -> Collection[int]:
        return self.book.exhausted(self.period.year)

    @cached_property
    def _of_level(self) -> dict[str, list[int]]:
        return _grouped((unit, levels) for unit, levels, _ in self._sorts)

    @cached_property
    def _branches(self) -> dict[int | None, list[int]]:
        """Sector → its branches."""
        branches = ((unit, (sector,)) for unit, levels, sector in self._sorts if Where.BRANCH in levels)
        return _grouped(branches)

    @cached_property
    def _sorts(self) -> list[tuple[int, tuple[str, ...], int | None]]:
        """(unit, levels, sector) of the units at and below the root, as on the day."""
        styles = self.book.styles(self._on)
        found = [(unit, *styles[unit]) for unit in units_of(self.standing) if unit in styles]
        return [(unit, progress.levels(kind), sector) for unit, kind, sector in found]


def each_minimum(targets: Iterable[Target], line: str, sector: int) -> tuple[Target, bool]:
    """What each branch of a sector is asked on `line` in a year, and whether a programme says so itself.

    One where the programmes ask for an average, for a coverage or for nothing. `targets` are those of the year, in
    the order of `progress.in_years`.
    """
    named = [one for one in targets if (one.line, one.where, one.sector_id) == (line, Where.SECTOR, sector)]
    each = next((one for one in named if one.kind == Kind.MINIMUM_EACH and one.span == Span.YEAR), None)
    usual = Target(line=line, kind=Kind.MINIMUM_EACH, value=1, where=Where.SECTOR, sector_id=sector)
    return (each, True) if each else (usual, bool(named))


def _each(target: Target) -> int:
    """How many people a single unit is to have: what is asked of each, else one."""
    return math.ceil(target.value) if target.kind in (Kind.NUMBER, Kind.MINIMUM_EACH) else 1


def _outcome(value: Value, needed: int | None) -> str:
    if needed is None or value.number is None:
        return SILENT
    if value.number >= needed:
        return REACHED
    return SILENT if value.missing else MISSED


def _grouped(pairs: Iterable[tuple[int, Iterable]]) -> dict:
    """Key → the units that have it, in their order."""
    found: dict = {}
    for unit, keys in pairs:
        for key in keys:
            found.setdefault(key, []).append(unit)
    return found
