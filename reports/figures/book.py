"""Which number wins for each unit of a tree over a period, out of what was read (`reports.figures.reading`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from cells.dated import ONE_DAY
from reports.figures.reading import Reading
from reports.figures.standing import CURRENT, OPENING, Forest, Standing
from reports.figures.values import Own, Resolver, Slices, Tally
from reports.period import Period
from targets.models import DeclaredResult
from targets.quotas.models import ADJUSTED

#: Figures the tree itself knows: a unit that says nothing of them had none.
STRUCTURAL = ("joined", "left")

#: The one slice of a figure of a day.
_DAY: Slices = (0,)

#: Says that a declared month cannot be cut to the days asked.
PART_OF_MONTH = -1


class Book(Reading):
    """The figures of one forest over one period, for the scope asked."""

    def counted(self, key: str, standing: Standing, period: Period) -> Resolver:
        """The values of figure `key` for every unit of `standing` in `period`, a part of one year."""

        def own(unit: int, wanted: Slices) -> Own:
            return self._own(key, standing, unit, wanted, period)

        wanted = self.slices_of(period)
        return Resolver(standing, own, wanted, self._tally(key, standing, wanted, period))

    def base(self, standing: Standing, year: int) -> Resolver:
        """The start-of-year bases of every unit of `standing`."""

        rows = self.bases_of(year)

        def own(unit: int, wanted: Slices) -> Own:
            if unit in rows:
                return Own(declared=rows[unit])
            return Own(missing=1, rest=_DAY) if _owes_a_base(standing, unit) else Own(rest=_DAY)

        def missing() -> list[int]:
            return [unit for unit in standing.existed - rows.keys() if _owes_a_base(standing, unit)]

        return Resolver(standing, own, _DAY, Tally(_with_others_below(standing, rows), lambda: rows, missing))

    def opening(self, standing: Standing) -> Resolver:
        """Members at the start of the period: the base where the period begins on 1/1, else the register."""
        first = self.period.start
        on_new_year = (first.month, first.day) == (1, 1)
        rows = self.bases_of(first.year) if on_new_year else {}
        told = first.year in self._years_with_bases or first.year in self._years_declared

        def silent(unit: int) -> bool:
            return told and not standing.below(unit) and not self._keeps_register(unit, self.period)

        def own(unit: int, wanted: Slices) -> Own:
            if unit in rows:
                return Own(declared=rows[unit])
            if unit not in standing.existed:
                return Own(rest=_DAY)
            counted = self.members_at_start.get(unit, 0)
            return Own(missing=1, rest=_DAY) if not counted and silent(unit) else Own(registered=counted, rest=_DAY)

        def numbers() -> dict[int, int]:
            counted = self.members_at_start.items()
            return {unit: number for unit, number in counted if unit in standing.existed} | rows

        def missing() -> list[int]:
            waiting = standing.existed - self.members_at_start.keys() - rows.keys() if told else ()
            return [unit for unit in waiting if silent(unit)]

        return Resolver(standing, own, _DAY, Tally(_with_others_below(standing, rows), numbers, missing))

    def _own(self, key: str, standing: Standing, unit: int, wanted: Slices, period: Period) -> Own:
        rows = self.declared.get((unit, period.year), {})
        whole = getattr(rows.get(None), key, None)
        if whole is not None and period.covers_year() and wanted == self.slices_of(period):
            return Own(declared=whole)
        told = {index: row for index in wanted if (row := self._month_row(key, unit, rows, index)) is not None}
        rest = tuple(index for index in wanted if index not in told)
        if PART_OF_MONTH in told.values() or (whole is not None and rest):
            return Own(missing=1)
        counts = self.register(key)
        registered = sum(counts.get((unit, index), 0) for index in rest)
        leaf = not standing.below(unit) and unit not in standing.formerly and key not in STRUCTURAL
        gap = bool(rest) and leaf and not registered and self._is_silent(unit, period)
        return Own(
            declared=sum(told.values()) if told else None,
            registered=None if gap or not rest else registered,
            rest=rest,
            missing=1 if gap else 0,
        )

    def _tally(self, key: str, standing: Standing, wanted: Slices, period: Period) -> Tally:
        """What `_own` says, of all units at once; only those that declare are asked one by one."""
        declaring = {unit for unit, year in self.declared if year == period.year}
        tellers = _with_others_below(standing, declaring)
        alone = declaring.difference(tellers)

        def own(unit: int) -> Own:
            return self._own(key, standing, unit, wanted, period)

        def numbers() -> dict[int, int]:
            found: dict[int, int] = defaultdict(int)
            for (unit, index), count in self.register(key).items():
                if index in wanted and unit not in declaring:
                    found[unit] += count
            return found | {unit: number for unit in alone if (number := own(unit).number) is not None}

        def missing() -> list[int]:
            found = [unit for unit in alone if own(unit).missing]
            if key in STRUCTURAL or period.year not in self._years_declared:
                return found
            waiting = standing.units() - declaring - {unit for unit, index in self.register(key) if index in wanted}
            return found + [unit for unit in waiting if own(unit).missing]

        return Tally(tellers, numbers, missing)

    def _month_row(self, key: str, unit: int, rows: dict[int | None, DeclaredResult], index: int) -> int | None:
        """The declared value of the month that is slice `index`; PART_OF_MONTH where the slice is shorter.

        0 for a month that the unit spent outside, where only what happened inside counts.
        """
        part = self.slices[index]
        value = getattr(rows.get(part.start.month), key, None)
        if value is None:
            return None
        if not self.counts_in(unit, part):
            return 0
        return value if part.covers_month() else PART_OF_MONTH

    def counts_in(self, unit: int, part: Period) -> bool:
        """Whether what a unit declares for `part` counts: not where it spent it outside, if only inside does."""
        return not self._inside or self.forest.stood_in(unit, part.start, part.stop)

    def _is_silent(self, unit: int, period: Period) -> bool:
        """A unit that neither declares nor keeps a register, in a year in which others declare.

        Before it came and after it left it has nothing to say: a ledger of several years asks.
        """
        if period.year not in self._years_declared or self._keeps_register(unit, period):
            return False
        return self.forest.stood_in(unit, period.start, period.stop)

    def _keeps_register(self, unit: int, period: Period) -> bool:
        first = self.kept_registers.get(unit)
        return first is not None and first < period.stop


def _owes_a_base(standing: Standing, unit: int) -> bool:
    """It stood on 1/1 (or joined), and nobody below it did whose base would be its own."""
    existed = standing.existed
    return unit in existed and not any(child in existed for child in standing.adding_up(unit))


def _with_others_below(standing: Standing, units: Iterable[int]) -> list[int]:
    return [unit for unit in units if standing.below(unit)]


def open_book(
    root: int,
    period: Period,
    *,
    scope: str = OPENING,
    inside: bool | None = None,
    whole: bool = False,
    beside: Collection[int] = (),
    quotas: str = ADJUSTED,
    daily: Collection[str] = (),
) -> Book:
    """The book of `root` for `period`. In the *opening* scope nobody counts after leaving the tree.

    `whole`: the caller knows `root` for the top of the tree; `beside`: other roots of the same book; `daily`: see
    `Book`. `quotas`: which number of a unit counts, the ADJUSTED or the ORIGINAL one (`targets.quotas.models`).
    """
    start = min(period.start, dt.date(period.year, 1, 1))
    forest = Forest(root, start, period.stop + ONE_DAY, beside=beside, whole=whole, succession=scope == CURRENT)
    inside = scope == OPENING if inside is None else inside
    return Book(forest, period, inside=inside, quotas=quotas, daily=daily)
