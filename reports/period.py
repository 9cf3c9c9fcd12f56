"""The span of days a figure is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cells.dated import ONE_DAY


class NoPeriod(ValueError):
    """The days asked make no period; the message is Vietnamese, for the user."""


@dataclass(frozen=True)
class Period:
    """The days `[start, stop)`. `year` is the year whose start-of-year base counts."""

    start: dt.date
    stop: dt.date

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
        return Period(max(self.start, dt.date(year, 1, 1)), min(self.stop, dt.date(year + 1, 1, 1)))


def of_year(year: int, on: dt.date) -> Period:
    """The year to `on` (inclusive): 1/1 to 31/12, cut at `on`. `NoPeriod` if `on` is before it."""
    if not 1930 <= year <= 9998:
        raise NoPeriod(f"Năm «{year}» không hợp lệ.")
    return between(dt.date(year, 1, 1), dt.date(year, 12, 31), on)


def between(first: dt.date, last: dt.date, on: dt.date) -> Period:
    """The days from `first` to `last`, both inclusive, cut at `on`."""
    if last < first:
        raise NoPeriod("Ngày cuối kỳ ở trước ngày đầu kỳ.")
    if on < first:
        raise NoPeriod(f"Ngày tính đến {on:%d/%m/%Y} ở trước ngày đầu kỳ {first:%d/%m/%Y}.")
    return Period(first, min(last, on) + ONE_DAY)
