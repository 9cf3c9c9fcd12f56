"""What came into the tree of a unit and what went out of it, and on which day: why a base falls, why scopes differ.

Only the topmost unit of what turned together: who moved along with it is counted with it. A founding is no turn:
a new unit brings nothing along.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from cells.dated import ONE_DAY
from cells.organisations.models import Operation, Place
from reports.figures.standing import Forest, Stand


class Way(StrEnum):
    """Where a turn leads, seen from the root."""

    IN = "in"
    OUT = "out"
    WITHIN = "within"


_CLOSED = {
    Operation.Work.MERGE: Place.Closed.MERGED,
    Operation.Work.SPLIT: Place.Closed.SPLIT,
    Operation.Work.DISSOLVE: Place.Closed.DISSOLVED,
}


@dataclass(frozen=True)
class Turn:
    """`unit` turned on `day`, the first of the new state.

    `how`: a value of `Place.Opened` or `Place.Closed`. `before` is the unit it stood under; `after` the one it
    stands under since, or those that carry it on. `along` came or went with it and counts apart.
    """

    unit: int
    day: dt.date
    how: str
    way: Way
    before: int | None = None
    after: tuple[int, ...] = ()
    along: tuple[int, ...] = ()

    @property
    def units(self) -> tuple[int, ...]:
        """All that are named in telling it."""
        return tuple(pk for pk in (self.unit, self.before, *self.after) if pk is not None)


class Turns:
    """The turns of the units of a forest, seen from its root; no query beyond those of the forest."""

    def __init__(self, forest: Forest) -> None:
        self._forest = forest
        self._root = forest.root

    def between(self, after: dt.date, until: dt.date) -> list[Turn]:
        """Those of the days after `after` to `until`, in order of days."""
        if self._forest.is_quiet(after, until):
            return []
        closed = [*self._closed(after, until), *self._parted(after, until), *self._taken_over(after, until)]
        found = _together([*self._opened(after, until), *closed])
        return sorted(found, key=lambda turn: (turn.day, turn.unit))

    def _opened(self, after: dt.date, until: dt.date) -> Iterator[Turn]:
        for unit, stands in self._forest.turning.items():
            for stand in stands:
                joined = stand.opened_as == Place.Opened.JOINED and after < stand.from_day <= until
                if joined and self._comes_first(unit, stand.parent, stand.from_day):
                    yield Turn(unit, stand.from_day, stand.opened_as, Way.IN)

    def _closed(self, after: dt.date, until: dt.date) -> Iterator[Turn]:
        for stands in self._forest.turning.values():
            for stand, following in zip(stands, [*stands[1:], None], strict=True):
                if stand.to_day is not None and after < stand.to_day <= until:
                    turn = self._end_of(stand, following, stand.to_day)
                    if turn:
                        yield turn

    def _parted(self, after: dt.date, until: dt.date) -> Iterator[Turn]:
        """Units that stand on and gave a part away."""
        for unit, day, parts in self._forest.heirs.turns():
            stand = self._forest.held(unit, day)
            if after < day <= until and stand and self._inside(unit, day):
                yield Turn(unit, day, Place.Closed.SPLIT, Way.WITHIN, stand.parent, tuple(parts))

    def _taken_over(self, after: dt.date, until: dt.date) -> Iterator[Turn]:
        """Units that never stood under the root, and are carried on under it."""
        for unit, day, heirs in self._forest.heirs.turns():
            elsewhere = after < day <= until and unit not in self._forest
            if elsewhere and all(self._inside(heir, day) for heir in heirs):
                work, before = self._forest.heirs.end_of(unit, day)
                yield Turn(unit, day, _CLOSED[Operation.Work(work)], Way.IN, before, tuple(heirs))

    def _end_of(self, stand: Stand, following: Stand | None, day: dt.date) -> Turn | None:
        """What the end of a place is to the root; null where it is nothing, or goes along with a unit above."""
        unit, before = stand.organisation, stand.parent
        was = self._inside(unit, day - ONE_DAY)
        after: tuple[int, ...] = ()
        if stand.closed_as == Place.Closed.MOVED:
            if following and following.from_day == day and following.parent is not None:
                after = (following.parent,)
            now = self._inside(unit, day)
        else:
            after = () if stand.closed_as == Place.Closed.LEFT else tuple(self._forest.heirs.on(unit, day))
            now = bool(after) and all(self._inside(heir, day) for heir in after)
        first = unit == self._root or before is None or not was or self._inside(before, day)
        if not first or not (was or now) or (unit == self._root and was and now):
            return None
        way = Way.WITHIN if was and now else Way.OUT if was else Way.IN
        return Turn(unit, day, stand.closed_as, way, before, after)

    def _comes_first(self, unit: int, parent: int | None, day: dt.date) -> bool:
        if unit == self._root:
            return True
        return parent is not None and self._inside(parent, day) and self._inside(parent, day - ONE_DAY)

    def _inside(self, unit: int, day: dt.date) -> bool:
        """Whether `unit` is the root or stands under it on `day`."""
        seen: set[int] = set()
        while unit != self._root and unit not in seen:
            seen.add(unit)
            stand = self._forest.held(unit, day)
            if stand is None or stand.parent is None:
                return False
            unit = stand.parent
        return unit == self._root


def _together(turns: list[Turn]) -> list[Turn]:
    """With the units that moved along where the one above them was carried on: told with it, once."""
    gone = {(turn.unit, turn.day): turn for turn in turns if turn.how in Place.ENDED}
    along: dict[tuple[int, dt.date], list[int]] = {}
    rest = []
    for turn in turns:
        above = (turn.before or 0, turn.day)
        if turn.how == Place.Closed.MOVED and above in gone and set(turn.after) <= set(gone[above].after):
            along.setdefault(above, []).append(turn.unit)
        else:
            rest.append(turn)
    return [replace(turn, along=tuple(along.get((turn.unit, turn.day), ()))) for turn in rest]
