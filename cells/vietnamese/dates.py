"""Reading dates as Excel, forms and documents give them, with the precision they have."""

import datetime as dt
import math
import re
from enum import StrEnum

from cells.vietnamese.reading import WrongValue, quote
from cells.vietnamese.text import clean, fold

FIRST_YEAR = 1900
YEARS_AHEAD = 10

# Day 0 of Excel's 1900 system as it counts after its imaginary 29/02/1900.
_DAY_ZERO = dt.date(1899, 12, 30)
_YEARS_AS_NUMBERS = range(1900, 2101)
# From 18/05/1927: below, a number is rather a mistyped year than a day (2990 for 1990).
_SERIALS = range(10_000, 100_000)

_TIME = re.compile(r"[ t][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?z?$")
_DAY_FIRST = re.compile(r"(?:ngay )?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d+)", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4}) ?([/.-]) ?(\d{1,2})(?: ?\2 ?(\d{1,2}))?", re.ASCII)
_MONTH_FIRST = re.compile(r"(?:thang )?(\d{1,2}) ?[/.-] ?(\d+)", re.ASCII)
_IN_WORDS = re.compile(r"(?:(?:ngay )?(\d{1,2}),? )?thang (\d{1,2}),? nam (\d+)", re.ASCII)
_YEAR = re.compile(r"(?:nam )?(\d{1,4})", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)

_HOW = "hãy ghi ngày/tháng/năm như 05/02/2026 (hoặc 02/2026, 2026 nếu không rõ ngày)"


class Precision(StrEnum):
    """How much of a date is known. The date itself is the first day of what is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (value, Vietnamese label) pairs for a model field or a form."""
        return [(cls.DAY.value, "ngày"), (cls.MONTH.value, "tháng"), (cls.YEAR.value, "năm")]


def parse_date(value: object, *, today: dt.date) -> tuple[dt.date, Precision]:
    """Return the date in a cell or form field and how precisely it is known.

    With precision month or year the date is the first day of that month or year. Taken
    (workbooks.md): dates and date-times (the time is dropped); numbers, 1900 to 2100 as a
    year and 10000 to 99999 as an Excel serial day of the 1900 system; text `dd/mm/yyyy`
    with / - or . and one or two digits, `yyyy-mm-dd`, `mm/yyyy`, `yyyy-mm`, `yyyy`,
    `ngày 05 tháng 02 năm 2026`, `tháng 02 năm 2026`, a serial day, each of them with or
    without diacritics and a time of day after it.

    Raises `WrongValue` for nothing, days that do not exist, years without four digits,
    years before 1900 or more than ten after the year of `today`, and anything else.
    Whether a date may lie in the future is for the caller to say.
    """
    if isinstance(value, dt.datetime):
        return _within(value.date(), Precision.DAY, value, today)
    if isinstance(value, dt.date):
        return _within(value, Precision.DAY, value, today)
    if isinstance(value, str):
        return _from_text(value, today)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value, value, today)
    raise _not_a_date(value)


def _from_number(number: float, value: object, today: dt.date) -> tuple[dt.date, Precision]:
    if not math.isfinite(number):
        raise _not_a_date(value)
    if number in _YEARS_AS_NUMBERS:
        return _build(int(number), None, None, value, today)
    whole = math.floor(number)
    if whole not in _SERIALS:
        raise _not_a_date(value)
    return _within(_DAY_ZERO + dt.timedelta(days=whole), Precision.DAY, value, today)


def _from_text(value: str, today: dt.date) -> tuple[dt.date, Precision]:
    text = _TIME.sub("", fold(value))
    if match := _DAY_FIRST.fullmatch(text):
        return _build(match[4], match[3], match[1], value, today)
    if match := _YEAR_FIRST.fullmatch(text):
        return _build(match[1], match[3], match[4], value, today)
    if match := _IN_WORDS.fullmatch(text):
        return _build(match[3], match[2], match[1], value, today)
    if match := _MONTH_FIRST.fullmatch(text):
        return _build(match[2], match[1], None, value, today)
    if match := _YEAR.fullmatch(text):
        return _build(match[1], None, None, value, today)
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), value, today)
    raise _not_a_date(value)


def _build(
    year: str | int, month: str | None, day: str | None, value: object, today: dt.date
) -> tuple[dt.date, Precision]:
    """Put the parts together; only the year is certain to be there."""
    if len(str(year)) != 4:
        raise WrongValue(f"{quote(value)}: năm phải đủ 4 chữ số, {_HOW}.")
    if month is not None and not 1 <= int(month) <= 12:
        raise WrongValue(f"{quote(value)}: không có tháng {int(month)}, {_HOW}.")
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    _check_year(int(year), value, today)
    try:
        date = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise WrongValue(
            f"{quote(value)}: tháng {int(month or 1)} năm {year} không có ngày {int(day or 1)}, hãy kiểm tra lại."
        ) from None
    return date, precision


def _within(date: dt.date, precision: Precision, value: object, today: dt.date) -> tuple[dt.date, Precision]:
    _check_year(date.year, value, today)
    return date, precision


def _check_year(year: int, value: object, today: dt.date) -> None:
    last = today.year + YEARS_AHEAD
    if not FIRST_YEAR <= year <= last:
        raise WrongValue(f"{quote(value)}: năm {year} nằm ngoài khoảng {FIRST_YEAR}–{last}, hãy kiểm tra lại.")


def _not_a_date(value: object) -> WrongValue:
    if value is None or (isinstance(value, str) and not clean(value)):
        return WrongValue(f"Ô này còn trống: {_HOW}.")
    return WrongValue(f"{quote(value)} không phải là ngày: {_HOW}.")
