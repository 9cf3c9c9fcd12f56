"""Pace: how much of what a year asks is due by a day, evenly, and by the usual course of a year.

*Even*: the share of the year that is over at the end of the day. *Usual*: the share of a year's number that was there
by the end of the same day (29/02 is 28/02 where there is none) in the last closed years; pooled, sum ÷ sum, and of the
unit asked as a whole: what is small has no season of its own.

The usual course is a shape, told by what has a day: the register, also under a number declared for a whole year, and
declared months, which stand for everything below them and are cut evenly by the day. A number declared for a whole year
has no days. A year is left out where less than half of it has days (those known need not be like the others), and the
whole course where it would be told by fewer people than there are months.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from reports.figures.book import Book
from reports.figures.standing import Standing
from reports.figures.values import Own, Resolver, Slices, Tally, Value
from reports.period import Period, next_month
from targets import progress
from targets.models import Target

CLOSED_YEARS = 3
LEAST_KNOWN = Fraction(1, 2)
LEAST_DATED = 12

#: days in order, with how many on each
_Days = list[tuple[dt.date, int]]


def year_gone(on: dt.date) -> Fraction:
    """The share of the year that is over at the end of `on`: 1/365 on 1/1, 1 on 31/12."""
    first = dt.date(on.year, 1, 1)
    return Fraction((on - first).days + 1, (dt.date(on.year + 1, 1, 1) - first).days)


def asked(target: Target | None, base: Value, quota: int | None) -> int | None:
    """How many a unit is to do in the year: what the target that applies requires, else its quota.

    Null where the target asks a share of members of whom some are not known.
    """
    needed = progress.required(target, None if base.missing else base.number)
    return quota if needed is None and not (target and base.missing) else needed


@dataclass(frozen=True)
class Pace:
    """What is asked of a unit in a year, what is done of it by a day, and the shares of the year due by then.

    `asked` null: nothing was, or it cannot be told; `done` null: nothing is known; `missing`: units that have not
    reported, so that more may be done; `usual` null: the usual course is not known.

    What is due is exact, not a whole number of people: of 2 a year 1,57 are due in the middle of October, and who did
    1 is behind by 0,57. So being behind is the same as the state says, and parts compare with the whole.
    """

    asked: int | None
    done: int | None
    missing: int
    even: Fraction
    usual: Fraction | None

    @property
    def remaining(self) -> int | None:
        """How many are still to be done, never below 0."""
        return None if self.asked is None or self.done is None else max(0, self.asked - self.done)

    @property
    def due_evenly(self) -> Fraction | None:
        return self._due(self.even)

    @property
    def due_usually(self) -> Fraction | None:
        return self._due(self.usual)

    @property
    def ahead_evenly(self) -> Fraction | None:
        """Done less due: above 0 ahead, below 0 behind; null where it cannot be told, see `_ahead`."""
        return self._ahead(self.due_evenly)

    @property
    def ahead_usually(self) -> Fraction | None:
        return self._ahead(self.due_usually)

    def _due(self, share: Fraction | None) -> Fraction | None:
        """Null where nothing is asked, a quota of 0 too: then there is no pace to keep."""
        return self.asked * share if self.asked and share is not None else None

    def _ahead(self, due: Fraction | None) -> Fraction | None:
        """Nobody is said to be behind while units have not reported: what they have done may be what is lacking."""
        if due is None or self.done is None or (self.missing and self.done < due):
            return None
        return self.done - due


class Course:
    """How many of the figure `key` the root of `book` had by the end of each day of one year, by what has a day."""

    def __init__(self, book: Book, key: str, scope: str, year: int, on: dt.date, days: dict[int, _Days]) -> None:
        """`days`: unit → what the register has there; `on`: the day the tree is seen on, in the year."""
        self._book, self._key, self._scope, self.year, self._on = book, key, scope, year, on
        self._days = days
        self._declaring = {
            unit
            for (unit, of_year), rows in book.declared.items()
            if of_year == year and any(month and getattr(row, key) is not None for month, row in rows.items())
        }

    def by(self, month: int, day: int) -> Fraction:
        """Until the end of that day, inclusive.

        Counted in parts of a person, as many as the month has days, so that a declared month is cut in whole numbers.
        """
        length = calendar.monthrange(self.year, month)[1]
        last = dt.date(self.year, month, min(day, length))
        wanted = tuple(range(1, month + 1))
        if self._book.forest.unsettled() == set() and not self._declaring:  # every unit counts at the root
            return Fraction(sum(self._registered(unit, last, wanted) for unit in self._days))

        def own(unit: int, wanted: Slices) -> Own:
            told = {one: number for one in wanted if (number := self._declared(unit, one)) is not None}
            rest = tuple(one for one in wanted if one not in told)
            parts = sum(number * (last.day if one == month else length) for one, number in told.items())
            return Own(parts if told else None, length * self._registered(unit, last, rest) if rest else None, rest)

        standing, alone = self._standing, [unit for unit in self._declaring if not self._standing.below(unit)]

        def numbers() -> dict[int, int]:
            silent = self._days.keys() - self._declaring
            found = {unit: length * self._registered(unit, last, wanted) for unit in silent}
            return found | {unit: own(unit, wanted).number or 0 for unit in alone}

        tally = Tally(self._declaring.difference(alone), numbers, tuple)
        return Fraction(Resolver(standing, own, wanted, tally).value(standing.root).number or 0, length)

    @cached_property
    def whole(self) -> Fraction:
        return self.by(12, 31)

    @cached_property
    def _standing(self) -> Standing:
        return self._book.forest.standing(self._scope, self.year, self._on)

    def _declared(self, unit: int, month: int) -> int | None:
        """What the unit declares for the month; 0 for one it spent outside, where that does not count."""
        rows = self._book.declared.get((unit, self.year), {})
        value = getattr(rows.get(month), self._key, None)
        if value is None:
            return None
        first = dt.date(self.year, month, 1)
        return value if self._book.counts_in(unit, Period(first, next_month(first))) else 0

    def _registered(self, unit: int, last: dt.date, months: Slices) -> int:
        return sum(number for day, number in self._days.get(unit, ()) if day <= last and day.month in months)


class Courses:
    """The courses of the years of a book, out of one question of the register."""

    def __init__(self, book: Book, key: str, scope: str) -> None:
        self._book, self._key, self._scope = book, key, scope

    def of(self, year: int, on: dt.date) -> Course:
        """The course of a year of the book, in the tree of that year seen on `on`."""
        return Course(self._book, self._key, self._scope, year, on, self._days.get(year, {}))

    def declares(self, year: int, *, months: bool) -> bool:
        """Whether anybody declares a month (or else the whole) of the year for this figure."""
        rows = [row for (_, of_year), rows in self._book.declared.items() if of_year == year for row in rows.items()]
        return any((month is not None) == months and getattr(row, self._key) is not None for month, row in rows)

    @cached_property
    def _days(self) -> dict[int, dict[int, _Days]]:
        """Year → unit → days. Units whose place and months are nobody's business are counted at the root at once."""
        together = not any(self.declares(year, months=True) for year in self._book.period.years)
        apart = self._book.forest.unsettled() if together and not self._book.reads_days_of(self._key) else None
        found: dict[int, dict[int, _Days]] = defaultdict(lambda: defaultdict(list))
        for unit, day, number in self._book.days(self._key, apart):
            found[day.year][self._book.forest.root if unit is None else unit].append((day, number))
        return found


class Usual:
    """The usual course of a year: that of the closed years before `year` which the book has, `CLOSED_YEARS` at most."""

    def __init__(self, book: Book, key: str, scope: str, year: int) -> None:
        self._book, self._key, self._scope = book, key, scope
        self._closed = [one for one in book.period.years if year - CLOSED_YEARS <= one < year]

    @cached_property
    def courses(self) -> Sequence[Course]:
        """Of the years that are known well enough and in which anybody is counted."""
        courses = Courses(self._book, self._key, self._scope)
        found = [courses.of(year, dt.date(year, 12, 31)) for year in self._closed]
        return [one for one in found if one.whole and self._is_known(one, courses)]

    @property
    def years(self) -> str:
        """Of which years it is: `2021–2023`, `2021, 2023`."""
        years = [one.year for one in self.courses]
        whole = len(years) > 2 and years[-1] - years[0] == len(years) - 1
        return f"{years[0]}–{years[-1]}" if whole else ", ".join(map(str, years))

    @cached_property
    def dated(self) -> int:
        """How many people tell it."""
        return int(sum(one.whole for one in self.courses))

    def share(self, on: dt.date) -> Fraction | None:
        """The share of a year's number that is usually there by the end of the day of `on`; null where not known."""
        if self.dated < LEAST_DATED:
            return None
        return sum((one.by(on.month, on.day) for one in self.courses), Fraction(0)) / self.dated

    def _is_known(self, course: Course, courses: Courses) -> bool:
        """Only a number declared for a whole year can have people whose days nobody knows."""
        if not courses.declares(course.year, months=False):
            return True
        period = self._book.period.of_year(course.year)
        standing = self._book.forest.standing(self._scope, course.year, period.last)
        number = self._book.counted(self._key, standing, period).value(self._book.forest.root).number
        return number is None or course.whole >= LEAST_KNOWN * number
