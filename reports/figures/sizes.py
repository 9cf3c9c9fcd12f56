"""How many members and branches stand at and below each unit on a day, by the registers of that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from cells.rules.models import Kind
from membership.models import Spell
from reports.figures.cohort import units_of
from reports.figures.standing import Standing


@dataclass(frozen=True)
class Size:
    """A unit and all below it: members null where one of its branches never kept a register by the day.

    `branches` are those where members meet, itself among them; `groups` its own party groups. `silent`: its branches
    without a register; `keeps`: there is one here or below.
    """

    kind: Kind | None
    members: int | None
    full: int | None
    branches: int
    groups: int
    silent: int
    keeps: bool


def sizes(standing: Standing, kinds: Mapping[int, Kind], day: dt.date) -> dict[int, Size]:
    """The size of every unit of `standing`; `kinds` says what each is on the day. Two queries."""
    below = units_of(standing)
    inside = Q(organisation__in=below)
    first = Spell.objects.filter(inside).order_by().values_list("organisation_id").annotate(first=Min("from_day"))
    kept = {unit for unit, begun in first if begun <= day}
    full = Count("pk", filter=Q(standing=Spell.Standing.FULL))
    rows = Spell.objects.on(day).filter(inside).order_by().values_list("organisation_id")
    counts = {unit: (members, official) for unit, members, official in rows.annotate(members=Count("pk"), full=full)}
    added: dict[int, tuple[int, int]] = {}
    found: dict[int, Size] = {}
    for unit in reversed(below):  # what stands below comes first
        children, kind = [pk for pk in standing.below(unit) if pk in found], kinds.get(unit)
        own = [counts.get(unit, (0, 0)), *(added[pk] for pk in children)]
        added[unit] = (sum(members for members, _ in own), sum(official for _, official in own))
        keeps = unit in kept or any(found[pk].keeps for pk in children)
        is_branch = bool(kind and kind.is_branch)
        branches = is_branch + sum(found[pk].branches for pk in children)
        silent = (is_branch and not keeps) + sum(found[pk].silent for pk in children)
        known = branches and not silent
        found[unit] = Size(
            kind,
            added[unit][0] if known else None,
            added[unit][1] if known else None,
            branches,
            sum(_is_group(found[pk].kind) for pk in children),
            silent,
            keeps,
        )
    return found


def _is_group(kind: Kind | None) -> bool:
    return bool(kind and kind.level == Kind.Level.GROUP)
