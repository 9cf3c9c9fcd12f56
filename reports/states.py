"""The state of a unit's year, told in words first: đạt, đúng tiến độ, chậm, không giao, chưa có số liệu."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from reports.figures.pace import year_gone

#: a row of `admission-rate`
Row = Mapping[str, Any]

MET, ON_TRACK, BEHIND, NOT_ASKED, NO_DATA = "met", "on_track", "behind", "not_asked", "no_data"
STATES = {
    MET: "đạt",
    ON_TRACK: "đúng tiến độ",
    BEHIND: "chậm",
    NOT_ASKED: "không giao",
    NO_DATA: "chưa có số liệu",
}


def of_row(row: Row, on: dt.date) -> str:
    """The state of a row of `admission-rate` on `on`, by the target that applies, else by the quota."""
    asked = asked_of(row)
    if asked and row["base_missing"]:
        return NO_DATA
    return of(asked, row["admitted"], on, unsure=bool(row.get("not_reported")))


def of(asked: int | None, done: int | None, on: dt.date, *, unsure: bool = False) -> str:
    """The state of a year in which `asked` are to be done, and `done` are by the end of `on`.

    On track: at least the share of the year's number that the share of the year gone asks for. A quota of 0 asks for
    nothing. `unsure`: more may have been done than is told, so that nobody is said to be behind.
    """
    if asked == 0:
        return NOT_ASKED
    if asked is None or done is None:
        return NO_DATA
    if done >= asked:
        return MET
    if Fraction(done, asked) >= year_gone(on):
        return ON_TRACK
    return NO_DATA if unsure else BEHIND


def asked_of(row: Row) -> int | None:
    """How many a row of `admission-rate` is to admit: what the target that applies requires, else the quota."""
    return row["required"] if row["required"] is not None else row["quota"]


def left_of(row: Row) -> int | None:
    """How many are still to be admitted; null where nothing was asked or nothing is known."""
    asked = asked_of(row)
    return None if asked is None or row["admitted"] is None else max(0, asked - row["admitted"])
