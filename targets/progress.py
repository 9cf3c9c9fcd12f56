"""What a programme asks of a unit in a year, and whether the year meets it. Exact, in integers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from targets.models import Target


def in_years(years: Iterable[int]) -> dict[int, list[Target]]:
    """The targets of the programmes that cover each year, those that decide first; one query."""
    wanted = sorted(set(years))
    rows = list(
        Target.objects.filter(programme__from_year__lte=wanted[-1], programme__to_year__gte=wanted[0])
        .select_related("programme")
        .order_by("-primary", "-programme__from_year", "id")
    )
    return {year: [row for row in rows if row.programme.from_year <= year <= row.programme.to_year] for year in wanted}


def deciding(targets: Sequence[Target], where: Sequence[str], line: str = Target.Line.ADMISSION) -> Target | None:
    """The target on the number admitted (or fostered: `line`) that decides "met" for a unit of the levels `where`.

    Only a number or a rate asked per year; null where none applies to the level.
    """
    kinds = (Target.Kind.NUMBER, Target.Kind.RATE)
    return next(
        (
            target
            for target in targets
            if target.line == line
            and target.kind in kinds
            and target.span == Target.Span.YEAR
            and target.where in where
        ),
        None,
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
