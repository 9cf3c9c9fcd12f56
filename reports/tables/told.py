"""What happened to units, told beside the figures it changed: why a base fell or rose from one year to the next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.organisations.models import Organisation, Place
from reports.figures.book import Book
from reports.figures.scopes import Both, who_and_how
from reports.figures.standing import OPENING
from reports.figures.turns import Turn, Turns, Way

#: how many are told one by one; the others only counted
MOST = 8


@dataclass(frozen=True)
class Told:
    """One thing that happened. `code` and `day` say where to look: the unit as it was before it went, or came in.

    `way` says it without naming anybody.
    """

    year: int
    text: str
    way: Way
    code: str = ""
    day: dt.date | None = None


@dataclass(frozen=True)
class Named:
    """How a unit is told."""

    code: str
    name: str


def named(units: Iterable[int], on: dt.date) -> dict[int, Named]:
    """Names and codes on `on` (the last name of a unit that is gone); one query, none for nobody."""
    ids = set(units)
    rows = Organisation.objects.filter(pk__in=ids).styled(on) if ids else ()
    return {row.pk: Named(row.code, row.name) for row in rows}


def name_units(all_scopes: Sequence[Both], on: dt.date) -> None:
    """Name the units that these tell of, as they are called on `on`; one query, none where nobody turned."""
    names = {pk: one.name for pk, one in named({pk for both in all_scopes for pk in both.units}, on).items()}
    for both in all_scopes:
        both.names = names


def turns_of(book: Book) -> list[Turn]:
    """What the figures of the book's root show: who came, went, or was carried on by another unit of it."""
    start, stop = book.period.start, book.period.stop
    found = Turns(book.forest).between(start, stop)
    return [turn for turn in found if turn.way != Way.WITHIN or turn.how != Place.Closed.MOVED]


def tell(book: Book, turns: Sequence[Turn], names: Mapping[int, Named]) -> list[Told]:
    """The turns in words, in order of days, those first that changed the total; at most MOST of them by name."""
    ordered = sorted(turns, key=lambda turn: (turn.way == Way.WITHIN, turn.day))
    shown = sorted(ordered[:MOST], key=lambda turn: turn.day)
    found = [_one(book, turn, names) for turn in shown]
    more = Counter((turn.day - ONE_DAY).year for turn in ordered[MOST:])
    return found + [
        Told(year, f"Năm {year}: còn {vietnamese.number(count)} việc sắp xếp khác, xem «Cơ cấu».", Way.WITHIN)
        for year, count in sorted(more.items())
    ]


def without_names(told: Sequence[Told]) -> list[Told]:
    """The same for a reader who sees the figures of the unit, but not its parts."""
    words = {Way.IN: "tổ chức chuyển đến", Way.OUT: "tổ chức chuyển đi"}
    counts = Counter((one.year, one.way) for one in told if one.way in words)
    return [
        Told(year, f"Năm {year}: {vietnamese.number(count)} {words[way]}.", way)
        for (year, way), count in sorted(counts.items())
    ]


def _one(book: Book, turn: Turn, names: Mapping[int, Named]) -> Told:
    last = turn.day - ONE_DAY  # the day on which it happened, as a ledger counts it
    unit = names[turn.unit]
    who, how = who_and_how(turn, book.forest.root, {pk: one.name for pk, one in names.items()})
    said = f"Năm {last.year}: {who} {how} từ ngày {vietnamese.day(turn.day)}"
    text = f"{said}{_carried(book, turn, last.year)}{_since(turn, last.year + 1)}."
    came = turn.how == Place.Opened.JOINED
    return Told(last.year, text, turn.way, unit.code, turn.day if came else last)


def _since(turn: Turn, year: int) -> str:
    """From which start of a year on the base is another."""
    words = {Way.IN: "có trong", Way.OUT: "không còn trong"}
    return f"; {words[turn.way]} số đầu năm từ {year}" if turn.way in words else ""


def _carried(book: Book, turn: Turn, year: int) -> str:
    """How many members went along: as the ledger counts them, or of a unit that moved its base."""
    period = book.period.of_year(year)
    standing = book.forest.standing(OPENING, year, period.last)
    if turn.how == Place.Closed.MOVED:
        base = book.base(standing, year).value(turn.unit).number
        return f" ({vietnamese.number(base)} đảng viên đầu năm)" if base else ""
    coming = turn.way == Way.IN
    units = turn.after if coming and turn.how != Place.Opened.JOINED else (turn.unit,)
    counted = book.counted("joined" if coming else "left", standing, period)
    members = sum(counted.value(pk).number or 0 for pk in units)
    return f", mang theo {vietnamese.number(members)} đảng viên" if members else ""
