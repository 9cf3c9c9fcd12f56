"""The least each unit should be given: what the programmes of the year ask of every branch (C9 to C11, C34)."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cells.organisations import tree
from cells.organisations.models import Style
from targets import progress
from targets.models import Sources, Target

_MINIMUMS = (Target.Kind.MINIMUM_EACH, Target.Kind.MINIMUM_AVERAGE)


@dataclass(frozen=True)
class Floor:
    """The minimums of the branches at and below a unit, added up; `of` names the sectors they come from.

    `branches` and `exhausted`: how many branches stand there, and how many of them have nobody left to admit.
    """

    admission: int = 0
    fostering: int = 0
    of: str = ""
    branches: int = 0
    exhausted: int = 0

    @property
    def is_exhausted(self) -> bool:
        return self.branches > 0 and self.branches == self.exhausted


def floors(units: Collection[int], year: int, on: dt.date) -> dict[int, Floor]:
    """Unit → its floor for `year`, by the tree of `on`; in four queries.

    A minimum on average counts as one for each: whoever gives every branch that much meets it. A branch out of
    sources needs nothing where only those with sources are asked.
    """
    least = _least(progress.in_years([year])[year])
    exhausted = set(Sources.objects.exhausted(year).values_list("organisation", flat=True))
    root_of = dict(tree.below_each(units, on))
    found: dict[int, list[tuple[Style, bool]]] = defaultdict(list)
    for style in Style.objects.on(on).filter(organisation__in=tree.below(units, on)).select_related("kind", "sector"):
        if style.kind.is_branch:
            found[root_of[style.organisation_id]].append((style, style.organisation_id in exhausted))
    return {unit: _floor(found[unit], least) for unit in units}


def _floor(branches: list[tuple[Style, bool]], least: dict[tuple[str, int | None], tuple[int, bool]]) -> Floor:
    numbers = dict.fromkeys(Target.Line.values, 0)
    sectors: dict[str, None] = {}
    for style, is_exhausted in branches:
        for line in numbers:
            number, spares = max(least.get((line, style.sector_id), (0, False)), least.get((line, None), (0, False)))
            if number and not (spares and is_exhausted):
                numbers[line] += number
                sectors[style.sector.name if style.sector else "chi bộ"] = None
    return Floor(
        numbers[Target.Line.ADMISSION],
        numbers[Target.Line.FOSTERING],
        ", ".join(sectors),
        len(branches),
        sum(is_exhausted for _, is_exhausted in branches),
    )


def _least(targets: Iterable[Target]) -> dict[tuple[str, int | None], tuple[int, bool]]:
    """(line, sector; null for every branch) → the number asked of each, and whether who is out of sources is spared."""
    found: dict[tuple[str, int | None], tuple[int, bool]] = {}
    for target in targets:
        if target.kind not in _MINIMUMS or target.where not in (Target.Where.SECTOR, Target.Where.BRANCH):
            continue
        key = (target.line, target.sector_id if target.where == Target.Where.SECTOR else None)
        found[key] = max(found.get(key, (0, False)), (math.ceil(target.value), target.with_sources_only))
    return found
