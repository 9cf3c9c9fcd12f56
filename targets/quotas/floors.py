"""The least each unit should be given: what the programmes of the year ask of every branch (C9 to C11, C34)."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cells.organisations import tree
from cells.organisations.models import Style
from cells.rules.models import Kind
from targets import progress
from targets.models import Sources, Target

_MINIMUMS = (Target.Kind.MINIMUM_EACH, Target.Kind.MINIMUM_AVERAGE)


@dataclass(frozen=True)
class Floor:
    """The minimums of the branches at and below a unit, added up; `of` names the sectors they come from.

    `branches` and `exhausted`: how many branches stand there, and how many of them have nobody left to admit. `says`:
    the unit itself said so for all of them, and it was accepted.
    """

    admission: int = 0
    fostering: int = 0
    of: str = ""
    branches: int = 0
    exhausted: int = 0
    says: bool = False

    @property
    def is_exhausted(self) -> bool:
        return self.says or (self.branches > 0 and self.branches == self.exhausted)


def floors(units: Collection[int], year: int, on: dt.date) -> dict[int, Floor]:
    """Unit → its floor for `year`, by the tree of `on`; in four queries.

    A minimum on average counts as one for each: whoever gives every branch that much meets it. A branch out of
    sources needs nothing where only those with sources are asked. What is asked of a whole span is no yearly floor.
    """
    asked = [target for target in progress.in_years([year])[year] if _is_yearly_minimum(target)]
    exhausted = set(Sources.objects.exhausted(year).values_list("organisation", flat=True))
    roots_of = defaultdict(list)
    for unit, root in tree.below_each(units, on):
        roots_of[unit].append(root)
    rows = Style.objects.on(on).filter(organisation__in=tree.below(units, on)).order_by()
    told = rows.values_list("organisation_id", "kind__level", "kind__has_committee", "sector_id", "sector__name")
    found = {unit: _Sum(says=unit in exhausted) for unit in units}
    for unit, level, has_committee, sector, name in told:
        kind = Kind(level=level, has_committee=has_committee)
        for root in roots_of[unit] if kind.is_branch else ():
            found[root].add(asked, sector, name or "chi bộ", unit in exhausted)
        if level == Kind.Level.BASE and unit in found:
            found[unit].at_least(asked)
    return {unit: one.floor() for unit, one in found.items()}


class _Sum:
    """What is asked of one unit so far."""

    def __init__(self, *, says: bool) -> None:
        self._says = says
        self._numbers = dict.fromkeys(Target.Line.values, 0)
        self._own = dict.fromkeys(Target.Line.values, 0)
        self._sectors: dict[str, None] = {}
        self._branches = self._exhausted = 0

    def add(self, asked: Sequence[Target], sector: int | None, name: str, is_exhausted: bool) -> None:
        """A branch: of each line the most that a programme asks of it."""
        self._branches += 1
        self._exhausted += is_exhausted
        for line in self._numbers:
            number = _most(
                target
                for target in asked
                if target.line == line
                and (target.where == Target.Where.BRANCH or (target.sector_id and target.sector_id == sector))
                and not (target.with_sources_only and is_exhausted)
            )
            self._numbers[line] += number
            if number:
                self._sectors[name] = None

    def at_least(self, asked: Sequence[Target]) -> None:
        """The unit is a base organisation, and is asked for something as such."""
        for line in self._own:
            self._own[line] = _most(one for one in asked if one.line == line and one.where == Target.Where.BASE)

    def floor(self) -> Floor:
        least = {line: max(number, self._own[line]) for line, number in self._numbers.items()}
        sectors = ", ".join(self._sectors) or "tổ chức cơ sở đảng"
        of = sectors if any(least.values()) else ""
        numbers = least[Target.Line.ADMISSION], least[Target.Line.FOSTERING]
        return Floor(*numbers, of, self._branches, self._exhausted, self._says)


def _is_yearly_minimum(target: Target) -> bool:
    return target.kind in _MINIMUMS and target.span == Target.Span.YEAR


def _most(targets: Iterable[Target]) -> int:
    return max((math.ceil(target.value) for target in targets), default=0)
