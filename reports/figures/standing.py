"""Where units stand for a figure: the tree of a year by its scope.

*opening*: where each unit stood on 1/1; a unit founded in the year stands under its parent at birth.
*current*: where each unit stands on the day asked; one that is merged, split or dissolved counts where its successors
stand, several of them at the lowest unit above them all. See `architecture.md`, "Scope of a rate".
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from cells.dated import ONE_DAY, overlaps
from cells.organisations import tree
from cells.organisations.models import Place, Succession

OPENING, CURRENT = "opening", "current"
MOST_NAMED = 500  # ids in one statement
SCOPES = {OPENING: "phạm vi đầu năm", CURRENT: "phạm vi hiện tại"}


@dataclass(frozen=True)
class Stand:
    """One place of one unit, as the database has it."""

    organisation: int
    parent: int | None
    from_day: dt.date
    to_day: dt.date | None
    opened_as: str
    closed_as: str = ""

    def holds_on(self, day: dt.date) -> bool:
        return self.from_day <= day and (self.to_day is None or day < self.to_day)


@dataclass
class Standing:
    """One tree: `root` and all that stands below it; `existed` are the units that owe a base.

    Where `stands` is false the root is outside the tree in this scope: nothing counts, not even its own.
    `absorbed` are the units that are gone and count at a unit beside what it says of itself; `within` those that
    stood under it before, so that its own declared row has them already. `formerly` tells which units stood below
    one of those: it need say nothing itself, and what it says has them.
    """

    root: int
    parents: dict[int, int | None] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=dict)
    existed: set[int] = field(default_factory=set)
    stands: bool = True
    absorbed: dict[int, list[int]] = field(default_factory=dict)
    within: dict[int, list[int]] = field(default_factory=dict)
    formerly: dict[int, set[int]] = field(default_factory=dict)

    def units(self) -> set[int]:
        """The units of the tree, and perhaps some that stand beside it."""
        return {self.root, *self.parents} if self.stands else set()

    def below(self, unit: int) -> list[int]:
        return self.children.get(unit, [])

    def adding_up(self, unit: int) -> list[int]:
        """The units whose values make up that of `unit` where its own row does not: also those gone from under it."""
        return [*self.below(unit), *self.within.get(unit, [])]


class Heirs:
    """Who carries on units, or parts of them, from a day inside `(start, stop)`; one query, or none."""

    def __init__(self, start: dt.date, stop: dt.date, *, known_empty: bool = False) -> None:
        self._successors: dict[tuple[int, dt.date], list[int]] = defaultdict(list)
        self._ends: dict[tuple[int, dt.date], tuple[str, int | None]] = {}
        rows = Succession.objects.none() if known_empty else _successions(start, stop)
        last = Place.objects.filter(organisation=OuterRef("predecessor"), to_day=OuterRef("day"))
        rows = rows.annotate(stood_under=Subquery(last.values("parent")[:1])).order_by("day", "pk")
        told = ("predecessor_id", "successor_id", "day", "operation__work", "stood_under")
        for before, after, day, work, parent in rows.values_list(*told):
            self._successors[before, day].append(after)
            self._ends[before, day] = (work, parent)
        self.predecessors = {unit for unit, _ in self._successors}

    def turns(self) -> Iterator[tuple[int, dt.date, list[int]]]:
        """Each unit with the day and those that carry it on from then."""
        return ((unit, day, after) for (unit, day), after in self._successors.items())

    def end_of(self, unit: int, day: dt.date) -> tuple[str, int | None]:
        """By which `Operation.Work` it was carried on, and the unit it stood under; null where it stands on."""
        return self._ends[unit, day]

    def on(self, unit: int, day: dt.date) -> list[int]:
        return self._successors.get((unit, day), [])

    def of(self, unit: int, stands: dict[int, list[Stand]], on: dt.date, standing: Collection[int]) -> set[int]:
        """The units `standing` on `on` that carry on `unit`, over as many steps as there were."""
        past = [stand for stand in stands.get(unit, []) if stand.to_day and stand.to_day <= on]
        if not past or past[-1].closed_as not in Place.ENDED or past[-1].to_day is None:
            return set()
        found: set[int] = set()
        for heir in self.on(unit, past[-1].to_day):
            found |= {heir} if heir in standing else self.of(heir, stands, on, standing)
        return found


class Forest:
    """All places at or below a root during a span, read in one query; trees are cut from it."""

    def __init__(
        self,
        root: int,
        start: dt.date,
        stop: dt.date,
        *,
        beside: Collection[int] = (),
        whole: bool = False,
        succession: bool = False,
    ) -> None:
        """`whole`: `root` is known to be the top, so that nothing has to be sieved out.

        `beside`: other roots, read along for `rooted`. `succession`: units that are gone will be asked for where
        others carry them on (*current*).
        """
        self.root = root
        self.whole = whole
        self.start, self.stop = start, stop
        self.units = tree.reached([root, *beside], start, stop, succession=succession)
        self._succession = succession
        self._read(Place.objects.filter(overlaps(start, stop), Q() if whole else Q(organisation_id__in=self.units)))

    def _read(self, places: QuerySet) -> None:
        """Most units stand in one place all the time: of those only where is kept, and of the others when, too."""
        all_along = Q(from_day__lt=self.start) & (Q(to_day__isnull=True) | Q(to_day__gt=self.stop))
        begins = Case(When(all_along, then=None), default=F("from_day"))
        rows = places.annotate(  # whether anybody carries on another is of no place: asked once, at no cost
            any_succession=Exists(_successions(self.start, self.stop))
        ).order_by()
        told = ("organisation_id", "parent_id", begins, "to_day", "opened_as", "closed_as", "any_succession")
        steady: dict[int, int | None] = {}
        children: dict[int, list[int]] = defaultdict(list)
        self._stands: dict[int, list[Stand]] = defaultdict(list)
        self._any_succession = False
        for unit, parent, from_day, to_day, opened_as, closed_as, any_succession in rows.values_list(*told):
            self._any_succession = any_succession
            if from_day is None:
                steady[unit] = parent
                if parent is not None:
                    children[parent].append(unit)
                continue
            self._stands[unit].append(Stand(unit, parent, from_day, to_day, opened_as, closed_as))
        self._steady, self._children = steady, children
        for stands in self._stands.values():
            stands.sort(key=lambda stand: stand.from_day)

    def rooted(self, unit: int) -> Forest:
        """The same places seen from another of the roots that were read."""
        other = copy(self)
        other.root = unit
        return other

    @cached_property
    def heirs(self) -> Heirs:
        """Who carries on whom anywhere; a tree in which nothing of that happened costs no question."""
        return Heirs(self.start, self.stop, known_empty=not self._any_succession)

    def __contains__(self, unit: int) -> bool:
        """Whether the unit stood on a day of the span."""
        return unit in self._steady or unit in self._stands

    @property
    def turning(self) -> Mapping[int, list[Stand]]:
        """Every unit that did not stand in one place all the span, with its places in order of days."""
        return self._stands

    def unsettled(self) -> set[int] | None:
        """The units that did not stand below the root by one way all the span; null if they are too many to name."""
        found = self._with_below(list(self._stands))
        if not self.whole:  # who carries on another, and other roots, are read with what stands below them
            found += self._steady.keys() - set(self._with_below([self.root]))
        return set(found) if len(found) <= MOST_NAMED else None

    def _with_below(self, units: list[int]) -> list[int]:
        """`units` and what stands below them all the span."""
        for unit in units:
            units += self._children.get(unit, ())
        return units

    def is_quiet(self, after: dt.date, until: dt.date) -> bool:
        """Whether nothing but foundings happened to these units from the day after `after` to `until`."""

        def turned(day: dt.date | None) -> bool:
            return day is not None and after < day <= until

        moved = any(
            turned(stand.to_day) or (turned(stand.from_day) and stand.opened_as != Place.Opened.FOUNDED)
            for stands in self._stands.values()
            for stand in stands
        )
        return not moved and not any(
            turned(day) and (unit in self or any(heir in self for heir in carrying))
            for unit, day, carrying in self.heirs.turns()
        )

    def standing(self, scope: str, year: int, on: dt.date) -> Standing:
        """The tree of `year` seen on `on`, by scope."""
        new_year = dt.date(year, 1, 1)
        if scope == CURRENT:
            standing = self._cut(lambda stands: _held(stands, on))
        else:
            standing = self._cut(lambda stands: _held(stands, new_year) or _born(stands, new_year, on))
        standing.existed = self.held_on(new_year) | {
            unit for unit, stands in self._stands.items() if _joined(stands, new_year, on)
        }
        if scope == CURRENT and self._succession:
            self._absorb(standing, self.heirs, new_year, on)
        return standing

    def _absorb(self, standing: Standing, heirs: Heirs, new_year: dt.date, on: dt.date) -> None:
        """Let the units that are gone by `on` count where those that carry them on stand."""
        parents = self._steady | {
            unit: stand.parent for unit, stands in self._stands.items() if (stand := _held(stands, on))
        }
        before = self._steady | {
            unit: (_held(stands, new_year) or stands[-1]).parent
            for unit, stands in self._stands.items()
            if stands[0].from_day <= on
        }
        gone = heirs.predecessors - parents.keys()
        formerly: dict[int, set[int]] = defaultdict(set)
        for unit, above in before.items():
            if above in gone:
                formerly[above].add(unit)
        for unit in gone:
            host = self._host(heirs.of(unit, self._stands, on, parents.keys()), parents)
            if host is None:
                continue
            (standing.within if host in _way(unit, before) else standing.absorbed).setdefault(host, []).append(unit)
            if unit in formerly:
                standing.formerly[unit] = formerly[unit]
        standing.existed -= standing.formerly.keys()

    def _host(self, heirs: set[int], parents: dict[int, int | None]) -> int | None:
        """The lowest unit at or above all `heirs`; null where one of them stands outside the tree of the root."""
        ways = [_way(heir, parents) for heir in sorted(heirs)]
        if not ways or not all(self.root in way for way in ways):
            return None
        return next(unit for unit in ways[0] if all(unit in way for way in ways))

    def standing_during(self, scope: str, start: dt.date, stop: dt.date) -> Standing:
        """The tree of a ledger: every unit that stood on a day of `[start, stop)`.

        It stands where it did first (*opening*) or last (*current*).
        """
        place = 0 if scope == OPENING else -1

        def choose(stands: list[Stand]) -> Stand | None:
            inside = [
                stand for stand in stands if stand.from_day <= stop and (stand.to_day is None or stand.to_day > start)
            ]
            return inside[place] if inside else None

        standing = self._cut(choose)
        standing.existed = self.held_on(start)
        return standing

    def moving(self, start: dt.date, stop: dt.date) -> list[int] | None:
        """The units that did not stand in one place all through `[start, stop)`; null if they are too many to name."""
        moved = [unit for unit, stands in self._stands.items() if not _steady(stands, start, stop)]
        return moved if len(moved) <= MOST_NAMED else None

    def held(self, unit: int, day: dt.date) -> Stand | None:
        """Where the unit stands on `day`, a day of the span."""
        if unit in self._steady:
            return Stand(unit, self._steady[unit], self.start, None, "")
        return _held(self._stands.get(unit, []), day)

    def gone_since(self, unit: int, on: dt.date) -> dt.date | None:
        """The last day a unit stood that stands no more on `on`; null where it does."""
        if self.held(unit, on):
            return None
        ends = [stand.to_day for stand in self._stands.get(unit, []) if stand.to_day and stand.to_day <= on]
        return max(ends) - ONE_DAY if ends else None

    def is_top(self, unit: int) -> bool:
        """Whether the unit stands at the top in the span."""
        if unit in self._steady:
            return self._steady[unit] is None
        return any(stand.parent is None for stand in self._stands.get(unit, []))

    def stood_in(self, unit: int, start: dt.date, stop: dt.date) -> bool:
        """Whether the unit stood on a day of `[start, stop)`."""
        stands = self._stands.get(unit, [])
        return unit in self._steady or any(
            stand.from_day < stop and (stand.to_day is None or stand.to_day > start) for stand in stands
        )

    def held_on(self, day: dt.date) -> set[int]:
        return {*self._steady, *(unit for unit, stands in self._stands.items() if _held(stands, day))}

    def _cut(self, choose: Callable[[list[Stand]], Stand | None]) -> Standing:
        """The tree in which each unit stands where `choose` says."""
        chosen = {unit: stand for unit, places in self._stands.items() if (stand := choose(places))}
        if self.root not in self._steady and self.root not in chosen:
            return Standing(self.root, stands=False)
        parents, children = dict(self._steady), dict(self._children)
        for unit, stand in chosen.items():
            parents[unit] = stand.parent
            if stand.parent is not None:
                children[stand.parent] = [*children.get(stand.parent, ()), unit]
        parents.pop(self.root, None)
        return Standing(self.root, parents, children)


def _successions(start: dt.date, stop: dt.date) -> QuerySet[Succession]:
    return Succession.objects.filter(day__gt=start, day__lt=stop)


def _way(unit: int, parents: dict[int, int | None]) -> list[int]:
    """`unit` and those above it, as far as they are known."""
    way: list[int] = []
    above: int | None = unit
    while above is not None and above not in way:
        way.append(above)
        above = parents.get(above)
    return way


def _steady(stands: list[Stand], start: dt.date, stop: dt.date) -> bool:
    return any(stand.from_day < start and (stand.to_day is None or stand.to_day > stop) for stand in stands)


def _held(stands: list[Stand], day: dt.date) -> Stand | None:
    return next((stand for stand in stands if stand.holds_on(day)), None)


def _born(stands: list[Stand], after: dt.date, on: dt.date) -> Stand | None:
    first = stands[0]
    return first if first.opened_as == Place.Opened.FOUNDED and after < first.from_day <= on else None


def _joined(stands: list[Stand], after: dt.date, on: dt.date) -> bool:
    return any(stand.opened_as == Place.Opened.JOINED and after < stand.from_day <= on for stand in stands)
