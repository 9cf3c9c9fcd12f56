"""Numbers, percentages and dates as screens and documents show them (domain.md §9.1)."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from cells.vietnamese.dates import Precision

NOTHING = "–"
"""What is printed for a missing value: never 0, for missing is not zero."""

_MINUS = "−"


class Rounding(StrEnum):
    """How the last printed digit comes about (domain.md §4.5); half-up is the default."""

    HALF_UP = "half-up"
    TRUNCATE = "truncate"


def number(value: int) -> str:
    """Return a whole number with a dot between thousands: `7.894`, `−12`."""
    digits = f"{abs(value):,}".replace(",", ".")
    return _MINUS + digits if value < 0 else digits


def signed(value: int) -> str:
    """Return a difference with its sign: `+12`, `−3`, `0`."""
    return f"+{number(value)}" if value > 0 else number(value)


def decimal_text(value: Fraction | Decimal | int, places: int = 2, rounding: str = Rounding.HALF_UP) -> str:
    """Return an exact value with `places` ≥ 0 digits after a comma: 121/160·100 → `75,63`.

    `rounding` is `half-up` (away from zero at exactly half) or `truncate` (towards zero);
    the arithmetic is exact. A result of zero has no sign. Floats are a TypeError: they
    have lost the exact value already. ValueError for another rounding or places < 0.
    """
    if isinstance(value, float):
        raise TypeError("a float has lost the exact value: pass a Fraction")
    if places < 0:
        raise ValueError("places must be 0 or more")
    scaled = abs(Fraction(value)) * 10**places
    if Rounding(rounding) is Rounding.HALF_UP:
        scaled += Fraction(1, 2)
    units = int(scaled)
    whole, rest = divmod(units, 10**places)
    sign = _MINUS if value < 0 and units else ""
    fraction = f",{rest:0{places}d}" if places else ""
    return f"{sign}{number(whole)}{fraction}"


def amount(value: Fraction | Decimal | int) -> str:
    """Return an exact value of up to four decimals without the zeros after them: `3,5`, `1`, `7.894`."""
    text = decimal_text(value, 4)
    return text.rstrip("0").rstrip(",")


def percent(ratio: Fraction | Decimal | int, places: int = 2, rounding: str = Rounding.HALF_UP) -> str:
    """Return a ratio as a percentage without a space: 7/200 → `3,50%`. See `decimal_text`."""
    if isinstance(ratio, float):
        raise TypeError("a float has lost the exact value: pass a Fraction")
    return decimal_text(Fraction(ratio) * 100, places, rounding) + "%"


def count_words(count: int) -> str:
    """Return a count as documents write it, never a lone digit: `01` (đảng viên), `7.894`."""
    return f"0{count}" if 0 <= count < 10 else number(count)


def day(date: dt.date) -> str:
    """Return `05/02/2026`."""
    return f"{date.day:02d}/{date.month:02d}/{date.year:04d}"


def partial_day(date: dt.date, precision: str) -> str:
    """Return what is known of a date: `05/02/2026`, `02/2026` or `2026`.

    `precision` is a `Precision` or its value; ValueError for anything else.
    """
    match Precision(precision):
        case Precision.YEAR:
            return f"{date.year:04d}"
        case Precision.MONTH:
            return f"{date.month:02d}/{date.year:04d}"
        case Precision.DAY:
            return day(date)


def long_day(date: dt.date) -> str:
    """Return the date of a Party document: `ngày 05 tháng 02 năm 2026`.

    Days below 10 and the months 1 and 2 get a leading zero, other months none:
    `ngày 27 tháng 5 năm 2026` (domain.md §9.1).
    """
    month = f"{date.month:02d}" if date.month <= 2 else str(date.month)
    return f"ngày {date.day:02d} tháng {month} năm {date.year}"
