"""The ledger of a tree over any span of days: opening + in − out = closing (`domain.md` §2).

From the register it closes by construction. Where figures are declared, the base of the day after says what the
closing should have been; the residual is what the two differ by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import QuerySet

from membership.models import Spell
from reports.figures.book import Book, open_book
from reports.figures.cohort import units_of
from reports.figures.counted import COUNTED
from reports.figures.items import Items, declared_in, items_of, silent_in
from reports.figures.rest import Rows
from reports.figures.values import Part, Resolver, Value
from reports.period import Period

INCOMING = ("admitted", "readmitted", "transferred_in", "joined")
OUTGOING = ("transferred_out", "deceased", "struck_off", "resigned", "expelled", "left")
FLOWS = (*INCOMING, *OUTGOING)
#: what a ledger says of a unit, in the order of its columns
CELLS = ("opening", *FLOWS, "closing", "declared_closing", "residual")


class Ledger:
    """The ledger of every unit that stood under the root of `book` on a day of its period (`standing_during`)."""

    def __init__(self, book: Book, scope: str) -> None:
        self.period = book.period
        self.standing = book.forest.standing_during(scope, self.period.start, self.period.stop)
        self.book = book
        self._opening = book.opening(self.standing)
        years = [self.period.of_year(year) for year in self.period.years]
        self._flows = {key: [book.counted(key, self.standing, year) for year in years] for key in FLOWS}
        self._next = self._next_bases()

    def cells(self, unit: int) -> dict[str, int | None]:
        """CELLS of a unit; null where declared figures do not tell it exactly."""
        told = {key: self.cell(key, unit) for key in ("opening", *FLOWS, "declared_closing")}
        moves = [told[key] for key in ("opening", *FLOWS)]
        closing = None if None in moves else sum((told[key] or 0) * _sign(key) for key in ("opening", *FLOWS))
        after = told["declared_closing"]
        residual = None if closing is None or after is None else after - closing
        return told | {"closing": closing, "residual": residual}

    def cell(self, key: str, unit: int) -> int | None:
        """One of CELLS; no more is read for it than it needs."""
        if key == "opening":
            opening = self._opening.value(unit)
            return None if opening.missing or not self.standing.stands else opening.number or 0
        if key in FLOWS or key == "declared_closing":
            values = [resolver.value(unit) for resolver in self._resolvers(key)]
            return _exact(values) if values else None
        return self.cells(unit)[key]

    def missing(self, key: str, unit: int) -> int:
        """How many units say nothing, or nothing that can be cut to the days asked, of a cell of `unit`."""
        return sum(resolver.value(unit).missing for resolver in self._resolvers(key))

    def gaps(self, key: str, unit: int) -> list[Part]:
        """Which units those are."""
        return [part for part in self._parts(key, unit) if part.own.missing]

    def items(self, key: str, unit: int) -> Items:
        """The list behind a cell of `unit`; empty where the cell is null."""
        return self._listed(key, unit, Rows(self.standing))

    def rest(self, key: str, unit: int) -> Items:
        """The same of what the cell has beyond those of the units right below that are not null."""
        told = [child for child in self.standing.below(unit) if self.cell(key, child) is not None]
        return self._listed(key, unit, Rows(self.standing, told))

    def _listed(self, key: str, unit: int, rows: Rows) -> Items:
        if self.cell(key, unit) is None:
            return Items(None, silent=silent_in(self._parts(key, unit)))
        if key in ("closing", "residual"):
            return self._balance(key, unit, rows)
        parts, differing = rows.beyond(self._parts(key, unit), lambda row: self._parts(key, row))
        if key in FLOWS:
            listed = items_of(parts, self.book, COUNTED[key])
            listed.declared |= differing
            return listed
        declared, everybody = declared_in(parts) | differing, rows.others(units_of(self.standing, unit))
        if key == "declared_closing":
            return Items(None, declared, register=self._members_after(everybody))
        counted = [part.unit for part in parts if part.own.registered is not None]
        existed = self.standing.existed.intersection(everybody)
        return Items(self._members_before(counted), declared, register=self._members_before(existed))

    def _balance(self, key: str, unit: int, rows: Rows) -> Items:
        """Of a cell that is added up from others: what each unit adds to it."""
        if key == "residual":
            own, differing = rows.split(self._residuals(unit).items(), lambda row: self._residuals(row).items())
            return Items(None, {other: residual for other, residual in own.items() if residual} | differing)
        shares, by_register = self._shares(unit)
        own, differing = rows.split(shares.items(), lambda row: self._shares(row)[0].items())
        told = {other: share for other, share in own.items() if share and other not in by_register}
        members = self._members_after(rows.others(by_register))
        everybody = self._members_after(rows.others(units_of(self.standing, unit)))
        return Items(members, told | differing, register=everybody)

    # --- what a cell is made of ---------------------------------------------------------------

    def _resolvers(self, key: str) -> list[Resolver]:
        flows = [resolver for years in self._flows.values() for resolver in years]
        made_of = {
            "opening": [self._opening],
            "closing": [self._opening, *flows],
            "declared_closing": self._next,
            "residual": [self._opening, *flows, *self._next],
        }
        return made_of[key] if key in made_of else self._flows[key]

    def _parts(self, key: str, unit: int) -> list[Part]:
        return [part for resolver in self._resolvers(key) for part in resolver.parts(unit)]

    def _next_bases(self) -> list[Resolver]:
        """The bases of the day after the last, where that is a 1/1 of which anybody has one; else nothing."""
        stop = self.period.stop
        if (stop.month, stop.day) != (1, 1) or not self.book.bases_of(stop.year):
            return []
        after = replace(self.standing, existed=self.book.forest.held_on(stop))
        return [self.book.base(after, stop.year)]

    def _shares(self, unit: int) -> tuple[dict[int, int], set[int]]:
        """What each unit at or below adds to the closing, and the units of which the register alone says it."""
        shares: dict[int, int] = defaultdict(int)
        by_register: Counter[int] = Counter()
        for key in ("opening", *FLOWS):
            for resolver in self._resolvers(key):
                for part in resolver.parts(unit):
                    shares[part.unit] += _sign(key) * (part.own.number or 0)
                    by_register[part.unit] += part.own.declared is None and part.own.rest == resolver.wanted
        every = len(self._resolvers("closing"))
        return shares, {other for other, times in by_register.items() if times == every}

    def _residuals(self, unit: int) -> dict[int, int]:
        """Unit → its residual; they add up. Units below one that declares for them are told with it."""
        tellers = {teller for resolver in self._resolvers("residual") for teller in resolver.tellers} - {unit}
        found: dict[int, int] = defaultdict(int)
        for other, base in declared_in(self._parts("declared_closing", unit)).items():
            found[self._highest(other, tellers)] += base
        shares, _ = self._shares(unit)
        for other, share in shares.items():
            found[self._highest(other, tellers)] -= share
        return {other: residual for other, residual in found.items() if residual}

    def _highest(self, unit: int, tellers: set[int]) -> int:
        """The highest of `tellers` at or above `unit`; itself where there is none."""
        highest, at = unit, self.standing.parents.get(unit)
        while at is not None:
            highest = at if at in tellers else highest
            at = self.standing.parents.get(at)
        return highest

    def _members_before(self, units: Iterable[int]) -> QuerySet[Spell]:
        return Spell.objects.at_start_of(self.period.start).filter(organisation__in=list(units))

    def _members_after(self, units: Iterable[int]) -> QuerySet[Spell]:
        """Members at the turn after the last day, of those of `units` that still stand."""
        still = self.book.forest.held_on(self.period.stop).intersection(units)
        return Spell.objects.at_start_of(self.period.stop).filter(organisation__in=still)


def _exact(values: Sequence[Value]) -> int | None:
    """The sum; null where any of them is incomplete: a ledger is exact or says nothing."""
    known = [value.number for value in values if not value.missing and value.number is not None]
    return sum(known) if len(known) == len(values) else None


def _sign(key: str) -> int:
    return -1 if key in OUTGOING else 1


def open_ledger(root: int, period: Period, scope: str) -> Ledger:
    return Ledger(open_book(root, period, inside=True), scope)
