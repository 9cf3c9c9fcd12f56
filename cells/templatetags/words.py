"""Vietnamese printing for templates (a template builtin, so no `{% load %}`).

A missing value is None and prints as "–" in every filter; saying it aloud is the template's
business. A template variable that does not exist arrives as "" and prints the same.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from django import template

from cells import vietnamese

register = template.Library()

_MISSING = (None, "")


@register.filter
def number(value: int | None) -> str:
    """Return `7.894`."""
    return vietnamese.NOTHING if value in _MISSING else vietnamese.number(value)


@register.filter
def uncapitalised(text: str) -> str:
    """Return the words as they stand within a sentence."""
    return vietnamese.uncapitalised(text)


@register.filter
def percent(ratio: Fraction | None, rounding: str = vietnamese.Rounding.HALF_UP) -> str:
    """Return an exact ratio as `3,50%`; the argument is `half-up` or `truncate`."""
    return vietnamese.NOTHING if ratio in _MISSING else vietnamese.percent(ratio, rounding=rounding)


@register.filter
def day(date: dt.date | None) -> str:
    """Return `05/02/2026`."""
    return vietnamese.NOTHING if date in _MISSING else vietnamese.day(date)


@register.filter
def partial_day(date: dt.date | None, precision: str = vietnamese.Precision.DAY) -> str:
    """Return `05/02/2026`, `02/2026` or `2026`; the argument is the precision."""
    return vietnamese.NOTHING if date in _MISSING else vietnamese.partial_day(date, precision)


@register.filter
def dash(value: object) -> object:
    """Return the value, or "–" for None and the empty text; 0 and False stay."""
    return vietnamese.NOTHING if value in _MISSING else value


@register.filter
def plain(value: Fraction | Decimal | float | int | None) -> str:
    """Return a number as machines read it (SVG coordinates, data attributes): `1234.5`.

    No grouping, a point, at most four decimals. None gives "–" here too, which a script
    reads as no number; an empty text it would read as 0.
    """
    if value in _MISSING:
        return vietnamese.NOTHING
    text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@register.filter
def signed(value: int | None) -> str:
    """Return a difference with its sign: `+12`, `−3`, `0`."""
    return vietnamese.NOTHING if value in _MISSING else vietnamese.signed(value)
