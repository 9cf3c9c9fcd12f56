"""Ages in completed years and months, also where only a month or year of birth is known.

Where the day is not known everything here takes the earliest possible birth, so the oldest
possible age: nobody is held back from admission at a lower limit because a paper lacks a
day. For an upper limit that reading is the strict one. A rule that counts in months
(domain.md §1.1: 18 to 60, "tính theo tháng") may pass `Precision.MONTH` for everybody.
"""

import datetime as dt

from cells.vietnamese.dates import Precision


def age_on(born: dt.date, precision: str, on: dt.date) -> tuple[int, int]:
    """Return the oldest possible age on the day `on`: (completed years, further months 0–11).

    The birthday itself counts as completed. Who is born on a day that a later month lacks
    (29/02, 31/01) completes the year or month on the first of the next: 29/02/2004 is 18
    on 01/03/2022. ValueError if `on` is before the earliest possible birth.
    """
    first = _earliest_birth(born, precision)
    if on < first:
        raise ValueError("the day is before the birth")
    months = (on.year - first.year) * 12 + on.month - first.month
    if on.day < first.day:
        months -= 1
    return divmod(months, 12)


def earliest_age_day(born: dt.date, precision: str, years: int) -> dt.date:
    """Return the first day on which the person may have completed `years` years (≥ 0).

    It is the first day for which `age_on` gives `years` or more.
    """
    first = _earliest_birth(born, precision)
    year = first.year + years
    try:
        return first.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)


def _earliest_birth(born: dt.date, precision: str) -> dt.date:
    match Precision(precision):
        case Precision.YEAR:
            return dt.date(born.year, 1, 1)
        case Precision.MONTH:
            return born.replace(day=1)
        case Precision.DAY:
            return born
