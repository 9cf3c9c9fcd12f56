"""The registry of figures: each exists once, with its number and the list behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from cells.organisations.models import Organisation
from reports.figures.book import Book, open_book
from reports.figures.cohort import ADMITTED, OUTCOMES, counted_at, with_outcome
from reports.figures.counted import COUNTED, Counted
from reports.figures.standing import OPENING, Standing
from reports.figures.values import Part, Resolver, Value
from reports.period import Period


@dataclass(frozen=True)
class Scope:
    """For which unit a figure is asked, in which scope, seen on which day (inclusive)."""

    organisation: Organisation
    on: dt.date
    kind: str = OPENING


@dataclass
class Items:
    """The list behind a number: rows of the register, and declared numbers that come without names.

    `number == events.count() + sum(declared.values())`; a number that is null has an empty list.
    """

    events: QuerySet | None
    declared: dict[int, int] = field(default_factory=dict)  # organisation id → number
    missing: int = 0

    def __len__(self) -> int:
        return (self.events.count() if self.events is not None else 0) + sum(self.declared.values())


class Figure:
    """A figure with `key`, `title`, `definition`; `number` and `items` come from one predicate.

    The rows of `items` are dated by their field `day`; where `after` is true that is the day after it happened.
    """

    key: str
    title: str
    definition: str
    looks_back = False  # of a past year, yet as things stand on the day asked
    day: str = "from_day"
    after: bool = False

    def number(self, scope: Scope, period: Period) -> Value:
        """The value for the unit of `scope` in `period` (a part of one year)."""
        raise NotImplementedError

    def items(self, scope: Scope, period: Period) -> Items:
        """What `number` counts."""
        raise NotImplementedError


class CountedFigure(Figure):
    """A figure counted in the register, or declared."""

    def __init__(self, counted: Counted) -> None:
        self.key, self.title, self.definition = counted.key, counted.title, counted.definition
        self.day, self.after = counted.day, counted.after
        self._counted = counted

    def number(self, scope: Scope, period: Period) -> Value:
        _, _, resolver = self._open(scope, period)
        return resolver.value(scope.organisation.pk)

    def items(self, scope: Scope, period: Period) -> Items:
        book, standing, resolver = self._open(scope, period)
        if not standing.stands:
            return Items(None)
        parts = resolver.parts(scope.organisation.pk)
        counted = self._counted
        events = book.events(counted).filter(_of_parts(parts, book, counted))
        declared = {part.unit: part.own.declared for part in parts if part.own.declared is not None}
        return Items(events, declared, sum(part.own.missing for part in parts))

    def _open(self, scope: Scope, period: Period) -> tuple[Book, Standing, Resolver]:
        book = open_book(scope.organisation.pk, period, scope=scope.kind)
        standing = book.forest.standing(scope.kind, period.year, scope.on)
        return book, standing, book.counted(self.key, standing, period)


class BaseFigure(Figure):
    """Members at the start of the year."""

    key = "base"
    title = "Đảng viên đầu năm"
    definition = "Tổng số đảng viên ngày 01/01, kể cả dự bị, không kể sinh hoạt tạm thời; chốt một lần, không đổi."

    def number(self, scope: Scope, period: Period) -> Value:
        return self._open(scope, period).value(scope.organisation.pk)

    def items(self, scope: Scope, period: Period) -> Items:
        parts = self._open(scope, period).parts(scope.organisation.pk)
        declared = {part.unit: part.own.declared for part in parts if part.own.declared is not None}
        return Items(None, declared, sum(part.own.missing for part in parts))

    def _open(self, scope: Scope, period: Period) -> Resolver:
        book = open_book(scope.organisation.pk, period, scope=scope.kind)
        return book.base(book.forest.standing(scope.kind, period.year, scope.on), period.year)


class CohortFigure(Figure):
    """Those admitted in the period whom the day asked finds at one outcome; all of them where it is empty."""

    looks_back = True

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

    def _events(self, scope: Scope, period: Period) -> QuerySet | None:
        book = open_book(scope.organisation.pk, period, scope=scope.kind)
        standing = book.forest.standing(scope.kind, period.year, min(scope.on, period.last))
        if not standing.stands:
            return None
        admissions = book.events(ADMITTED).filter(organisation_id__in=counted_at(standing))
        return with_outcome(admissions, scope.on).filter(outcome=self._state) if self._state else admissions


def _of_parts(parts: list[Part], book: Book, counted: Counted) -> Q:
    """Events of the units that count by their register, in the slices they do not declare."""
    by_rest: dict[tuple[int, ...], list[int]] = {}
    for part in parts:
        if part.own.registered is not None:
            by_rest.setdefault(part.own.rest, []).append(part.unit)
    condition = Q(pk__in=[])
    for rest, units in by_rest.items():
        days = Q(pk__in=[])
        for index in rest:
            span = book.slices[index]
            above, below = ("gt", "lte") if counted.after else ("gte", "lt")
            days |= Q(**{f"{counted.day}__{above}": span.start, f"{counted.day}__{below}": span.stop})
        condition |= Q(organisation_id__in=units) & days
    return condition


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        BaseFigure(),
        *(CountedFigure(counted) for counted in COUNTED.values()),
        CohortFigure(),
        *(CohortFigure(outcome) for outcome in OUTCOMES),
    )
}

__all__ = ["FIGURES", "Figure", "Items", "Scope"]
