"""The registry of figures: each exists once, with its number and the list behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from cells import vietnamese
from cells.organisations.models import Organisation
from membership.models import Spell
from reports.figures import sectors
from reports.figures.book import Book, open_book
from reports.figures.cohort import INTRODUCERS, OUTCOMES, STRATA, UNITS, Cohorts, units_of
from reports.figures.counted import COUNTED, Counted
from reports.figures.items import Items, declared_in, items_of, silent_in
from reports.figures.ledger import CELLS, open_ledger
from reports.figures.rest import BRANCHES, REST, Rows
from reports.figures.sectors import SECTORS
from reports.figures.standing import OPENING, Standing
from reports.figures.values import Resolver, Value
from reports.period import Period


@dataclass(frozen=True)
class Scope:
    """For which unit a figure is asked, in which scope, seen on which day (inclusive).

    `cut` and `row`: of a figure that may be cut (`Figure.cuts`) only one row of it (`reports.figures.cohort`).
    """

    organisation: Organisation
    on: dt.date
    kind: str = OPENING
    cut: str = ""
    row: str = ""

    @property
    def stratum(self) -> str:
        """The code of the one stratum asked for; "" for everybody."""
        return self.row if self.cut == STRATA else ""


class Figure:
    """A figure with `key`, `title`, `definition`; `number` and `items` come from one predicate.

    The rows of `items` are dated by their field `day`; where `after` is true that is the day after it happened.
    """

    key: str
    title: str
    definition: str
    looks_back = False  # of a past year, yet as things stand on the day asked
    over_years = False  # it takes a period longer than a year
    cuts: Collection[str] = ()  # by what it may be cut
    rests: Collection[str] = (UNITS,)  # the rows beside which a table may have a line «khác» of it
    unit_table = ""  # the table in which a unit of its list is looked into further
    day: str = "from_day"
    after: bool = False

    def when(self, period: Period) -> str:
        """What the number counts and when, as said after it."""
        return f"người, từ {vietnamese.day(period.start)} đến {vietnamese.day(period.last)}"

    def number(self, scope: Scope, period: Period) -> Value:
        """The value for the unit of `scope` in `period` (a part of one year)."""
        raise NotImplementedError

    def items(self, scope: Scope, period: Period) -> Items:
        """What `number` counts."""
        raise NotImplementedError

    def rest(self, scope: Scope, period: Period) -> Items:
        """What `number` counts beyond the rows of a table: those of `scope.cut`, one of `rests`."""
        raise NotImplementedError


class CountedFigure(Figure):
    """A figure counted in the register, or declared; of one stratum only the register tells it.

    Of a sector it is what the branches of that sector add up to.
    """

    cuts = (STRATA, SECTORS)
    rests = (UNITS, BRANCHES, SECTORS)

    def __init__(self, counted: Counted) -> None:
        self.key, self.title, self.definition = counted.key, counted.title, counted.definition
        self.day, self.after = counted.day, counted.after
        self._counted = counted

    def number(self, scope: Scope, period: Period) -> Value:
        if scope.row:
            listed = self.items(scope, period)
            return Value(None if listed.events is None else listed.number, missing=listed.missing)
        _, _, resolver = self._open(scope, period)
        return resolver.value(scope.organisation.pk)

    def items(self, scope: Scope, period: Period) -> Items:
        book, standing, resolver = self._open(scope, period)
        units = [scope.organisation.pk]
        if scope.cut == SECTORS:
            units = sectors.branches(book, standing, scope.on).get(scope.row, [])
        parts = [part for unit in units for part in resolver.parts(unit)]
        return items_of(parts, book, self._counted, scope.stratum) if parts else Items(None)

    def rest(self, scope: Scope, period: Period) -> Items:
        book, standing, resolver = self._open(scope, period)
        rows = Rows(standing, _rows(scope, book, standing))
        parts, differing = rows.beyond(resolver.parts(scope.organisation.pk), resolver.parts)
        listed = items_of(parts, book, self._counted)
        listed.declared |= differing
        return listed

    def _open(self, scope: Scope, period: Period) -> tuple[Book, Standing, Resolver]:
        book = open_book(scope.organisation.pk, period, scope=scope.kind)
        standing = book.forest.standing(scope.kind, period.year, scope.on)
        return book, standing, book.counted(self.key, standing, period)


class BaseFigure(Figure):
    """Members at the start of the year."""

    key = "base"
    title = "Đảng viên đầu năm"
    definition = "Tổng số đảng viên ngày 01/01, kể cả dự bị, không kể sinh hoạt tạm thời; chốt một lần, không đổi."

    def when(self, period: Period) -> str:
        return f"đảng viên ngày 01/01/{period.year}"

    def number(self, scope: Scope, period: Period) -> Value:
        resolver, _ = self._open(scope, period)
        return resolver.value(scope.organisation.pk)

    def items(self, scope: Scope, period: Period) -> Items:
        resolver, standing = self._open(scope, period)
        return _bases(resolver, standing, Rows(standing), period)

    def rest(self, scope: Scope, period: Period) -> Items:
        resolver, standing = self._open(scope, period)
        return _bases(resolver, standing, Rows(standing, standing.below(scope.organisation.pk)), period)

    def _open(self, scope: Scope, period: Period) -> tuple[Resolver, Standing]:
        book = open_book(scope.organisation.pk, period, scope=scope.kind)
        standing = book.forest.standing(scope.kind, period.year, scope.on)
        return book.base(standing, period.year), standing


def _bases(resolver: Resolver, standing: Standing, rows: Rows, period: Period) -> Items:
    """The bases of the root beside `rows`, and whom the register has there."""
    parts, differing = rows.beyond(resolver.parts(standing.root), resolver.parts)
    units = standing.existed.intersection(rows.others(units_of(standing)))
    on_register = Spell.objects.at_start_of(dt.date(period.year, 1, 1)).filter(organisation__in=units)
    return Items(None, declared_in(parts) | differing, silent_in(parts), on_register)


class LedgerFigure(Figure):
    """A cell of the ledger: of every unit that stood on a day of the period, over as many years as wanted."""

    over_years = True
    unit_table = "ledger"

    def __init__(self, cell: str) -> None:
        self.key, self._cell = f"ledger-{cell}", cell
        if cell in COUNTED:
            counted = COUNTED[cell]
            self.title, self.definition = counted.title, counted.definition
            self.day, self.after = counted.day, counted.after
        else:
            self.title, self.definition = _OF_A_LEDGER[cell]

    def when(self, period: Period) -> str:
        first, last = vietnamese.day(period.start), vietnamese.day(period.last)
        said = {
            "opening": f"đảng viên khi bắt đầu ngày {first}",
            "closing": f"đảng viên khi hết ngày {last}",
            "declared_closing": f"đảng viên ngày {vietnamese.day(period.stop)}",
            "residual": f"người, kỳ từ {first} đến {last}",
        }
        return said.get(self._cell) or super().when(period)

    def number(self, scope: Scope, period: Period) -> Value:
        ledger, unit = open_ledger(scope.organisation.pk, period, scope.kind), scope.organisation.pk
        return Value(ledger.cell(self._cell, unit), missing=ledger.missing(self._cell, unit))

    def items(self, scope: Scope, period: Period) -> Items:
        return open_ledger(scope.organisation.pk, period, scope.kind).items(self._cell, scope.organisation.pk)

    def rest(self, scope: Scope, period: Period) -> Items:
        return open_ledger(scope.organisation.pk, period, scope.kind).rest(self._cell, scope.organisation.pk)


#: cell → title, definition
_OF_A_LEDGER = {
    "opening": (
        "Đầu kỳ",
        "Đảng viên trước mọi biến động của kỳ: số đầu năm đã chốt nếu kỳ bắt đầu ngày 01/01, còn lại theo sổ.",
    ),
    "closing": ("Cuối kỳ", "Đầu kỳ, cộng các biến động tăng, trừ các biến động giảm trong kỳ."),
    "declared_closing": ("Số đầu năm sau", "Số đảng viên đã chốt của ngày 01/01 liền sau kỳ."),
    "residual": (
        "Chênh lệch so với số khai",
        "Số đầu năm sau trừ cuối kỳ. Lớn hơn 0: số đã chốt có người mà biến động chưa ghi vào. "
        "Nhỏ hơn 0: biến động còn người mà số đã chốt không có. "
        "Với từng đơn vị dưới đây: ghi bổ sung biến động còn thiếu, hoặc đính chính số đầu năm.",
    ),
}


class CohortFigure(Figure):
    """Those admitted in the period whom the day asked finds at one outcome; all of them where it is empty."""

    looks_back = True
    over_years = True
    cuts = (UNITS, INTRODUCERS, STRATA)

    def __init__(self, outcome: str = "") -> None:
        self.key = f"cohort-{outcome or 'admitted'}"
        title, now, self._state = OUTCOMES.get(outcome, ("", "", ""))
        self.title = f"Kết nạp theo sổ, nay: {title.lower()}" if outcome else "Kết nạp theo sổ"
        self.definition = "Người có trong sổ, kết nạp trong kỳ" + (f", nay {now}." if outcome else ".")

    def number(self, scope: Scope, period: Period) -> Value:
        events = self._events(scope, period)
        return Value(None) if events is None else Value(events.count())

    def items(self, scope: Scope, period: Period) -> Items:
        return Items(self._events(scope, period))

    def rest(self, scope: Scope, period: Period) -> Items:
        """Those counted at the unit itself."""
        return self.items(replace(scope, cut=UNITS, row=str(scope.organisation.pk)), period)

    def _events(self, scope: Scope, period: Period) -> QuerySet | None:
        book = open_book(scope.organisation.pk, period, scope=scope.kind)
        events = Cohorts(book, scope.kind, scope.on).events(scope.cut, scope.row)
        return events.filter(outcome=self._state) if events is not None and self._state else events


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        BaseFigure(),
        *(CountedFigure(counted) for counted in COUNTED.values()),
        *(LedgerFigure(cell) for cell in CELLS),
        CohortFigure(),
        *(CohortFigure(outcome) for outcome in OUTCOMES),
    )
}


def _rows(scope: Scope, book: Book, standing: Standing) -> list[int]:
    """The units below that the rows of `scope.cut` tell of."""
    root = scope.organisation.pk
    if scope.cut == UNITS:
        return standing.below(root)
    branches = [unit for units in sectors.branches(book, standing, scope.on).values() for unit in units]
    return branches if scope.cut == SECTORS else [unit for unit in branches if unit != root]


__all__ = ["FIGURES", "REST", "Figure", "Items", "Scope"]
