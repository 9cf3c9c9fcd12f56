"""Both scopes of a rate, and in one sentence why they differ (`architecture.md`, "Scope of a rate").

Asked first whether anything turned in the tree at all: where it did not, the two are one and cost no query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from cells import vietnamese
from cells.organisations.models import Place
from reports.figures.book import Book, open_book
from reports.figures.cohort import counted_at
from reports.figures.standing import CURRENT, OPENING, SCOPES, Standing
from reports.figures.turns import Turn, Turns, Way
from reports.figures.values import DECLARED, Resolver
from reports.period import Period
from targets import progress

#: how many reasons one sentence names
MOST_REASONS = 4


@dataclass(frozen=True)
class Rate:
    """Admitted and base of one unit in one scope; null where nobody knows."""

    admitted: int | None
    base: int | None

    @property
    def share(self) -> Fraction | None:
        return progress.share(self.admitted, self.base)

    def __str__(self) -> str:
        """`5/400 = 1,25%`; "–" for what is not known, "không có số" where nothing is."""
        pair = (self.admitted, self.base)
        if pair == (None, None):
            return "không có số"
        said = "/".join(vietnamese.NOTHING if value is None else vietnamese.number(value) for value in pair)
        return said if self.share is None else f"{said} = {vietnamese.percent(self.share)}"


@dataclass(frozen=True)
class Reason:
    """A unit that counts in one scope only, with what it brings or takes."""

    turn: Turn
    rate: Rate


@dataclass
class Both:
    """The rate of the unit `root` for one year in both scopes, the signed one first.

    Null where nothing turned and they need not be counted apart. `accounted`: the reasons explain the whole
    difference. `names`: of the units they tell of.
    """

    root: int
    year: int
    opening: Rate | None = None
    current: Rate | None = None
    reasons: Sequence[Reason] = ()
    accounted: bool = True
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def differ(self) -> bool:
        return self.opening != self.current

    @property
    def turned(self) -> bool:
        """Whether any unit came, went or was carried on by another; where none was, no row is of somebody else now."""
        return self.opening is not None

    @property
    def units(self) -> set[int]:
        return {pk for reason in self.reasons for pk in reason.turn.units}

    def sentence(self, *, inside: bool = True) -> str:
        """`Phạm vi hiện tại 5/400 = 1,25%: Chi bộ U (…) chuyển từ Đảng bộ A đến từ ngày 01/07/2024.`

        A reader who does not stand at the unit or above it (`inside` false) is told of no other unit.
        """
        if self.current is None or not self.differ:
            return "Phạm vi đầu năm và phạm vi hiện tại như nhau."
        said = [self._told(reason) for reason in self.reasons[:MOST_REASONS]] if inside else self._counted()
        if inside and len(self.reasons) > MOST_REASONS:
            said.append(f"và {vietnamese.number(len(self.reasons) - MOST_REASONS)} tổ chức khác")
        if not said:
            said = ["có tổ chức ra khỏi đảng bộ rồi trở lại, hoặc có số khai riêng"]
        elif not self.accounted:
            said.append("phần còn lại do số khai riêng hoặc do sắp xếp nhiều lần trong năm")
        return f"{SCOPES[CURRENT].capitalize()} {self.current}: {'; '.join(said)}."

    def text(self, *, inside: bool = True) -> str:
        """Both rates with their year, as a line under a table."""
        if not self.differ:
            return f"Tỷ lệ kết nạp năm {self.year}: {vietnamese.uncapitalised(self.sentence())}"
        signed = f"Tỷ lệ kết nạp năm {self.year}, {SCOPES[OPENING]} (số để ký) {self.opening}."
        return f"{signed} {self.sentence(inside=inside)}"

    def _told(self, reason: Reason) -> str:
        turn, day = reason.turn, vietnamese.day(reason.turn.day)
        if turn.unit == self.root:
            how = "được tiếp nhận" if turn.way == Way.IN else Place.Closed(turn.how).label
            outside = "đầu năm chưa ở trong đảng bộ" if turn.way == Way.IN else "nay không còn ở trong đảng bộ"
            return f"đơn vị này {how} từ ngày {day}, {outside}"
        who, how = who_and_how(turn, self.root, self.names)
        return f"{who} ({_in_words(reason.rate)}) {how} từ ngày {day}"

    def _counted(self) -> list[str]:
        ways = [reason.turn.way for reason in self.reasons]
        words = ((Way.IN, "tổ chức chuyển đến"), (Way.OUT, "tổ chức chuyển đi"))
        return [f"{ways.count(way)} {word} trong năm" for way, word in words if way in ways]


def who_and_how(turn: Turn, root: int, names: Mapping[int, str]) -> tuple[str, str]:
    """The unit of a turn and what happened to it, seen from `root`: `Chi bộ U`, `chuyển từ Đảng bộ A đến`."""
    who, before = names.get(turn.unit, ""), names.get(turn.before or 0, "")
    after = " và ".join("đơn vị này" if pk == root else names.get(pk, "") for pk in turn.after)
    if turn.how == Place.Opened.JOINED:
        return who, "được tiếp nhận vào đảng bộ"
    if turn.how == Place.Closed.LEFT:
        return who, "chuyển ra khỏi đảng bộ"
    if turn.how == Place.Closed.MOVED:
        coming = f"chuyển từ {before} đến" if before else "chuyển đến"
        return who, coming if turn.way == Way.IN else f"chuyển đến {after}"
    if turn.after == (turn.before,):
        after = ""  # nobody was left: the unit above only answers for what it was
    ended = {
        Place.Closed.MERGED: f"sáp nhập vào {after}",
        Place.Closed.SPLIT: f"chia tách thành {after}",
        Place.Closed.DISSOLVED: f"giải thể, chuyển về {after}" if after else "giải thể",
    }
    return f"{who} của {before}" if turn.way == Way.IN and before else who, ended[Place.Closed(turn.how)]


def _in_words(rate: Rate) -> str:
    base = "chưa có số đầu năm" if rate.base is None else f"{vietnamese.number(rate.base)} đảng viên đầu năm"
    admitted = "chưa báo cáo kết nạp" if rate.admitted is None else f"{vietnamese.number(rate.admitted)} kết nạp"
    return f"{base}, {admitted}"


class Scopes:
    """Both scopes of the root of an open book; the book of the other scope is opened only where something turned.

    `beside`: the other roots that were read along, where they are asked for too.
    """

    def __init__(self, book: Book, scope: str, beside: Collection[int] = ()) -> None:
        self._book = book
        self._scope = scope
        self._beside = beside

    def of_year(self, period: Period, on: dt.date, root: int | None = None) -> Both:
        """The year of `period`, seen on `on` (inclusive, within the period); of `root` where it is not the book's."""
        root, new_year = root or self._book.forest.root, dt.date(period.year, 1, 1)
        if self._book.forest.is_quiet(new_year, on):
            return Both(root, period.year)
        here = _Year(self._book, root, self._scope, period, on)
        there = _Year(self._other, root, CURRENT if self._scope == OPENING else OPENING, period, on)
        opening, current = (here, there) if self._scope == OPENING else (there, here)
        reasons = _reasons(opening, current, Turns(current.forest).between(new_year, on))
        rates = opening.rate(root), current.rate(root)
        return Both(root, period.year, *rates, reasons, _accounted(*rates, reasons))

    @cached_property
    def _other(self) -> Book:
        period, root = self._book.period, self._book.forest.root
        scope, whole = CURRENT if self._scope == OPENING else OPENING, self._book.forest.whole
        return open_book(root, period, scope=scope, whole=whole, beside=self._beside)


class _Year:
    """One scope of one year, seen from one root of the book."""

    def __init__(self, book: Book, root: int, scope: str, period: Period, on: dt.date) -> None:
        self.forest = book.forest.rooted(root)
        self.standing: Standing = self.forest.standing(scope, period.year, on)
        self._base: Resolver = book.base(self.standing, period.year)
        self._admitted: Resolver = book.counted("admitted", self.standing, period)

    def rate(self, unit: int) -> Rate:
        return Rate(self._admitted.value(unit).number, self._base.value(unit).number)

    def brought(self, turn: Turn) -> Rate:
        """Of a unit with those that came along: its own row has them already."""
        numbers = []
        for values in (self._admitted, self._base):
            own = values.value(turn.unit)
            along = [values.value(pk).number for pk in turn.along] if own.source != DECLARED else []
            numbers.append(_sum([own.number, *along]))
        return Rate(*numbers)

    @property
    def counts(self) -> set[int]:
        return set(counted_at(self.standing))


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _reasons(opening: _Year, current: _Year, turns: Sequence[Turn]) -> list[Reason]:
    """The last turn of each unit that counts in one scope only, the largest first."""
    then, now = opening.counts, current.counts
    last = {turn.unit: turn for turn in turns}
    found = []
    for turn in last.values():
        if turn.way == Way.OUT and turn.unit in then - now:
            found.append(Reason(turn, opening.rate(turn.unit)))
        if turn.way == Way.IN and turn.unit in now - then:
            found.append(Reason(turn, current.brought(turn)))
    return sorted(found, key=lambda reason: (-(reason.rate.base or 0), reason.turn.day, reason.turn.unit))


def _accounted(opening: Rate, current: Rate, reasons: Sequence[Reason]) -> bool:
    """Whether what came less what went is the difference of the two rates."""
    signs = {Way.IN: 1, Way.OUT: -1}
    for key in ("base", "admitted"):
        turned = sum(signs[reason.turn.way] * (getattr(reason.rate, key) or 0) for reason in reasons)
        if (getattr(current, key) or 0) - (getattr(opening, key) or 0) != turned:
            return False
    return True
