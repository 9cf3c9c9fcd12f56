"""How long stages usually take: the median of the days between the dated steps of past cases.

Measured over the whole book, not over the unit asked: the same case has the same day on every page.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery

from membership.in_time.way import Pace
from membership.models import STAGES, Stage, StageEvent
from membership.stages import RESOLVED

#: how far it looks back, in years; and at most how many steps, those recorded last
YEARS = 3
MOST_STEPS = 20_000

#: the steps of a way, with that of a base branch, where none examines
STEPS: tuple[tuple[str, str], ...] = (*pairwise([*STAGES, Stage.ADMITTED]), (Stage.BRANCH_RESOLVED, Stage.DECIDED))


@dataclass(frozen=True)
class Measured:
    """(stage, next stage) → days, of the steps that are known; `guessed`: those told by cases of the old book only."""

    days: Pace
    guessed: frozenset[tuple[str, str]] = frozenset()


def measured(on: dt.date) -> Measured:
    """The median of days, rounded up, of the steps taken in the years to `on`; one query.

    Where nobody was followed over a step, by how much later than one stage cases out of the old book had come to the
    next one since they were listed.
    """
    taken: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for stage, to, took, number in _steps(on):
        taken[stage, to][took.days] += number
    medians = {step: median(days) for step, days in taken.items()}
    known = {step: medians[step] for step in STEPS if step in medians}
    listed = {to: days for (stage, to), days in medians.items() if stage == Stage.NOMINEE} | {Stage.NOMINEE.value: 0}
    guessed = {
        (stage, to): max(0, listed[to] - listed[stage])
        for stage, to in STEPS
        if (stage, to) not in known and stage in listed and to in listed
    }
    return Measured(known | guessed, frozenset(guessed))


def median(counted: Counter[int]) -> int:
    """The middle of days, each so many times, rounded up: half of the cases took no longer. ValueError of none."""
    days = sorted(counted.elements())
    if not days:
        raise ValueError("no days to take the median of")
    return -(-(days[(len(days) - 1) // 2] + days[len(days) // 2]) // 2)


def _steps(on: dt.date) -> Iterator[tuple[str, str, dt.timedelta, int]]:
    """(stage, next stage, how long it took, how often); it took since the last step to the stage before."""
    forward = Q(from_stage__in=STAGES, stage__in=[*STAGES[1:], Stage.ADMITTED])
    anew = Q(stage=Stage.DOSSIER, from_stage__in=RESOLVED)
    valid = StageEvent.objects.valid()
    since = dt.date(on.year - YEARS, on.month, 1)
    latest = valid.filter(forward, day__gte=since, day__lte=on).exclude(anew).order_by("-pk").values("pk")
    same = valid.filter(candidacy=OuterRef("candidacy"), stage=OuterRef("from_stage"))
    earlier = same.filter(Q(day__lt=OuterRef("day")) | Q(day=OuterRef("day"), pk__lt=OuterRef("pk")))
    before = Subquery(earlier.order_by("-day", "-pk").values("day")[:1], output_field=DateField())
    timed = StageEvent.objects.filter(pk__in=latest[:MOST_STEPS]).annotate(before=before).filter(before__isnull=False)
    took = ExpressionWrapper(F("day") - F("before"), output_field=DurationField())
    rows = timed.annotate(took=took).order_by().values_list("from_stage", "stage", "took")
    return iter(rows.annotate(number=Count("pk")))
