"""Days as they fall in this work: offices are closed at weekends, admissions gather around anniversaries."""

from __future__ import annotations

import datetime as dt
import random

#: Admissions are liked on these days (month, day).
_ANNIVERSARIES = ((2, 3), (3, 26), (5, 19), (9, 2), (11, 7), (12, 22))


def working_day(rng: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from Monday to Friday in [first, last]; the span must hold one."""
    while True:
        day = first + dt.timedelta(days=rng.randint(0, (last - first).days))
        if day.weekday() < 5:
            return day


def decision_day(rng: random.Random, year: int, last: dt.date | None = None) -> dt.date:
    """A day of `year` on which an admission was decided, at the latest `last`."""
    first, last = dt.date(year, 1, 3), last or dt.date(year, 12, 29)
    if rng.random() < 0.5:
        month, day = rng.choice(_ANNIVERSARIES)
        feast = dt.date(year, month, day)
        early, late = max(first, feast - dt.timedelta(days=24)), min(last, feast - dt.timedelta(days=5))
        if (late - early).days > 3:
            return working_day(rng, early, late)
    return working_day(rng, first, last)


def ceremony_after(rng: random.Random, decided: dt.date) -> dt.date:
    """Within the thirty working days a branch has."""
    return decided + dt.timedelta(days=rng.randint(5, 24))


def a_year_later(day: dt.date) -> dt.date:
    """The end of twelve months' probation."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return dt.date(day.year + 1, 3, 1)


def born_between(rng: random.Random, first_year: int, last_year: int) -> dt.date:
    """Any day of the years [first_year, last_year]."""
    return dt.date(first_year, 1, 1) + dt.timedelta(days=rng.randint(0, (last_year - first_year + 1) * 365))
