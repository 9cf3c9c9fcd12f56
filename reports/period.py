"""The span of days a figure is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from cells.dated import ONE_DAY


class NoPeriod(ValueError):
    """The days asked make no period; the message is Vietnamese, for the user."""


@dataclass(frozen=True)
class Period:
    """The days `[start, stop)`. `year` is the year whose start-of-year base counts.

    `to_date`: it ends today only because the rest has not happened yet, so that what is declared for
    the month or year still running is all there is of it. `seen`: the past day it is asked as of, so that what
    was decided later says nothing yet; null: as things stand today.
    """

    start: dt.date
    stop: dt.date
    to_date: bool = field(default=False, compare=False)
    seen: dt.date | None = field(default=None, compare=False)

    @property
    def year(self) -> int:
        return self.start.year

    @property
    def last(self) -> dt.date:
        """The last day, inclusive, as screens say it."""
        return self.stop - ONE_DAY

    @property
    def years(self) -> list[int]:
        return list(range(self.start.year, self.last.year + 1))

    def of_year(self, year: int) -> Period:
        """The part of the period that lies in `year`."""
        return self._part(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))

    @property
    def months(self) -> list[Period]:
        """The period cut into calendar months, the first and last perhaps parts of one."""
        firsts = [dt.date(year, month, 1) for year in self.years for month in range(1, 13)]
        parts = [self._part(first, next_month(first)) for first in firsts]
        return [part for part in parts if part.start < part.stop]

    def covers_year(self) -> bool:
        """Whether it is a calendar year, or all that has been of one."""
        return self == Period(*_year(self.year)) or (self.to_date and self.start == _year(self.year)[0])

    def covers_month(self) -> bool:
        """Whether it is a calendar month, or all that has been of one."""
        first = self.start.replace(day=1)
        return self == Period(first, next_month(first)) or (self.to_date and self.start == first)

    def _part(self, start: dt.date, stop: dt.date) -> Period:
        to_date = self.to_date and stop >= self.stop
        return Period(max(self.start, start), min(self.stop, stop), to_date, self.seen)

    def since(self, start: dt.date) -> Period:
        """The same period, begun on another day."""
        return replace(self, start=start)


def next_month(day: dt.date) -> dt.date:
    """The first day of the month after `day`."""
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _year(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)


def of_year(year: int, on: dt.date, *, today: dt.date | None = None) -> Period:
    """The year to `on` (inclusive): 1/1 to 31/12, cut at `on`. `NoPeriod` if `on` is before it.

    `today` where it is known, so that a period cut at it says that it is `to_date`.
    """
    if not 1930 <= year <= 9998:
        raise NoPeriod(f"Năm «{year}» không hợp lệ.")
    return between(dt.date(year, 1, 1), dt.date(year, 12, 31), on, today=today)


def between(first: dt.date, last: dt.date, on: dt.date, *, today: dt.date | None = None) -> Period:
    """The days from `first` to `last`, both inclusive, cut at `on`; seen on it where it lies before `today`."""
    if last < first:
        raise NoPeriod("Ngày cuối kỳ ở trước ngày đầu kỳ.")
    if on < first:
        raise NoPeriod(f"Ngày tính đến {on:%d/%m/%Y} ở trước ngày đầu kỳ {first:%d/%m/%Y}.")
    end = min(last, on)
    return Period(first, end + ONE_DAY, end == today and end < last, on if today and on < today else None)
