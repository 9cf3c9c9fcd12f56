"""Working days in Vietnam: Monday to Friday but for the public holidays, and the days an official notice moved.

The holidays come from the library `holidays`, the moved days from the rows of `CalendarDay`, which go first. A year
without a row of `CalendarYear` is not announced yet: what falls into it is computed all the same, and is provisional.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Mapping
from functools import lru_cache

import holidays

from cells.dated import ONE_DAY
from cells.rules.models import CalendarYear

SATURDAY = 5


class Calendar:
    """One calendar for one piece of work; a request or a command asks for its own (`calendar`).

    `moved`: day → whether it is worked; `announced`: the years whose days off are known.
    """

    def __init__(self, moved: Mapping[dt.date, bool], announced: Collection[int]) -> None:
        self._moved = dict(moved)
        self._announced = frozenset(announced)
        self._workdays: dict[int, list[dt.date]] = {}

    def is_workday(self, day: dt.date) -> bool:
        return self._moved.get(day, _is_usual_workday(day))

    def add_workdays(self, start: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `start`, which itself never counts; ValueError for a count below 1."""
        if count < 1:
            raise ValueError("the count of working days begins at 1")
        days, place = self._of_year(start.year), bisect_right(self._of_year(start.year), start) + count - 1
        year = start.year
        while place >= len(days):
            place -= len(days)
            year += 1
            days = self._of_year(year)
        return days[place]

    def workdays_between(self, start: dt.date, stop: dt.date) -> int:
        """How many working days lie after `start` up to and with `stop`; negative where `stop` is before `start`.

        So `workdays_between(day, add_workdays(day, n)) == n`.
        """
        if stop < start:
            return -self.workdays_between(stop, start)
        full = sum(len(self._of_year(year)) for year in range(start.year, stop.year))
        return full + bisect_right(self._of_year(stop.year), stop) - bisect_right(self._of_year(start.year), start)

    def not_announced(self, start: dt.date, stop: dt.date) -> list[int]:
        """The years from `start` to `stop` (inclusive) whose days off are not known yet.

        The years before the first row are past and computed from the law alone.
        """
        first = min(self._announced, default=0)
        return [year for year in range(start.year, stop.year + 1) if year >= first and year not in self._announced]

    def _of_year(self, year: int) -> list[dt.date]:
        if year not in self._workdays:
            first = dt.date(year, 1, 1)
            length = (dt.date(year, 12, 31) - first).days + 1
            days = (first + number * ONE_DAY for number in range(length))
            self._workdays[year] = [day for day in days if self.is_workday(day)]
        return self._workdays[year]


def calendar() -> Calendar:
    """The calendar with the rows as they are now; one query."""
    rows = CalendarYear.objects.order_by().values_list("year", "days__day", "days__worked")
    found = list(rows)
    return Calendar({day: worked for _, day, worked in found if day is not None}, {year for year, _, _ in found})


def warning(years: Collection[int]) -> str:
    """The sentence about years that are not announced; "" where there is none."""
    told = ", ".join(str(year) for year in years)
    return f"Lịch nghỉ năm {told} chưa công bố; hạn tính tạm." if told else ""


def _is_usual_workday(day: dt.date) -> bool:
    off, worked = _library(day.year)
    return day in worked or (day.weekday() < SATURDAY and day not in off)


@lru_cache(maxsize=64)
def _library(year: int) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """The public holidays of a year as the library has them, and the Saturdays it knows to be worked.

    Kept for the process: the library does not change while it runs, unlike our rows.
    """
    known = holidays.country_holidays("VN", years=year)
    return frozenset(known), frozenset(day for day in known.weekend_workdays if day.year == year)
