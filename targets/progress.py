"""What a programme asks of a unit in a year, and whether the year meets it. Exact, in integers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from cells.rules.models import Kind
from targets.models import Target


def in_years(years: Iterable[int]) -> dict[int, list[Target]]:
    """The targets of the programmes that cover each year, those that decide first; one query."""
    wanted = sorted(set(years))
    rows = list(
        Target.objects.filter(programme__from_year__lte=wanted[-1], programme__to_year__gte=wanted[0])
        .select_related("programme", "sector")
        .order_by("-primary", "-programme__from_year", "id")
    )
    return {year: [row for row in rows if row.programme.from_year <= year <= row.programme.to_year] for year in wanted}


def levels(kind: Kind) -> tuple[str, ...]:
    """The levels of targets that may apply to a unit of `kind` below the top."""
    found = []
    if kind.level == kind.Level.BASE:
        found.append(Target.Where.BASE.value)
    if kind.is_branch:
        found.append(Target.Where.BRANCH.value)
    return tuple(found)


def may_decide(target: Target) -> bool:
    """Whether the target is of a kind that decides "met" for a single unit: a number or a rate asked per year."""
    return target.kind in (Target.Kind.NUMBER, Target.Kind.RATE) and target.span == Target.Span.YEAR


def deciding(targets: Sequence[Target], where: Sequence[str], line: str = Target.Line.ADMISSION) -> Target | None:
    """The target on `line` that decides "met" for a unit of the levels `where`; null where none applies to the level.

    `targets` are those of a year, in the order of `in_years`.
    """
    return next(
        (target for target in targets if target.line == line and may_decide(target) and target.where in where), None
    )


def required(target: Target | None, base: int | None) -> int | None:
    """How many admissions `target` asks of `base` members: the ceiling of the rate, or the number.

    A rate asks nothing of nobody: null without a base, and of a base of 0.
    """
    if target is None:
        return None
    if target.kind == Target.Kind.NUMBER:
        return math.ceil(target.value)
    return math.ceil(target.share * base) if base else None


def share(part: int | None, whole: int | None) -> Fraction | None:
    """`part` ÷ `whole` as an exact share of one: the rate of a base, the percentage of a quota.

    Null where either is unknown, and of a whole of 0 (it prints "–", never 0 %).
    """
    return None if part is None or not whole else Fraction(part, whole)


def fulfils(quota: int | None, done: int | None) -> bool | None:
    """Whether a quota is reached; null without one (0 asks for nothing) or where what was done is unknown."""
    return None if not quota or done is None else done >= quota


def meets(target: Target | None, admitted: int | None, base: int | None) -> bool | None:
    """Whether the target is met, compared exactly (276 of 7.894 is below 3,5 %, 277 is not)."""
    needed = required(target, base)
    return None if needed is None or admitted is None else admitted >= needed
