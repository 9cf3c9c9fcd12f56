"""The state of a unit's year, told in words first: đạt, đúng tiến độ, chậm, không giao, chưa có số liệu."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.tables.table import Row

MET, ON_TRACK, BEHIND, NOT_ASKED, NO_DATA = "met", "on_track", "behind", "not_asked", "no_data"
STATES = {
    MET: "đạt",
    ON_TRACK: "đúng tiến độ",
    BEHIND: "chậm",
    NOT_ASKED: "không giao",
    NO_DATA: "chưa có số liệu",
}


def of_row(row: Row, on: dt.date) -> str:
    """The state of a row of `admission-rate` on `on`, by the target that applies, else by the quota.

    On track: at least the share of the year's number that the share of the year gone asks for. A quota of 0 asks for
    nothing.
    """
    needed = asked_of(row)
    admitted = row["admitted"]
    if needed == 0:
        return NOT_ASKED
    if needed is None or admitted is None or row["base_missing"]:
        return NO_DATA
    if admitted >= needed:
        return MET
    if Fraction(admitted, needed) >= year_gone(on):
        return ON_TRACK
    return NO_DATA if row.get("not_reported") else BEHIND  # what is not told yet may be what is lacking


def asked_of(row: Row) -> int | None:
    """How many a row of `admission-rate` is to admit: what the target that applies requires, else the quota."""
    return row["required"] if row["required"] is not None else row["quota"]


def left_of(row: Row) -> int | None:
    """How many are still to be admitted; null where nothing was asked or nothing is known."""
    asked = asked_of(row)
    return None if asked is None or row["admitted"] is None else max(0, asked - row["admitted"])


def year_gone(on: dt.date) -> Fraction:
    """The share of the year that is over at the end of `on`."""
    first = dt.date(on.year, 1, 1)
    return Fraction((on - first).days + 1, (dt.date(on.year + 1, 1, 1) - first).days)
