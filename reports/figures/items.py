"""The list behind a number, and its question in the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from membership.models import Spell
from membership.strata import of_stratum
from reports.figures.book import Book
from reports.figures.counted import Counted
from reports.figures.values import Part


@dataclass
class Items:
    """The list behind a number: rows of the register, and declared numbers that come without names.

    `number == events.count() + sum(declared.values())`; a number that is null has an empty list. `declared` has in a
    line «khác» also by how much rows differ from what the whole counts of them (`reports.figures.rest`). `silent`: the
    units (ids) that have not told, one for each gap. `register`: whom the register has where numbers were declared;
    they are not counted, but they are names to compare with.
    """

    events: QuerySet | None
    declared: dict[int, int] = field(default_factory=dict)  # organisation id → number
    silent: Sequence[int] = ()
    register: QuerySet | None = None

    @property
    def missing(self) -> int:
        """How many gaps there are."""
        return len(self.silent)

    @property
    def named(self) -> QuerySet:
        """Whom the list names: those counted, or beside declared numbers those of the register; perhaps nobody."""
        register = self.register if self.declared else None
        found = self.events if register is None else register
        return Spell.objects.none() if found is None else found

    @property
    def number(self) -> int:
        """How many it lists; below 0 only where it is a difference."""
        return (self.events.count() if self.events is not None else 0) + sum(self.declared.values())


def declared_in(parts: Sequence[Part]) -> dict[int, int]:
    """Unit → what it declares of these parts."""
    found: dict[int, int] = defaultdict(int)
    for part in parts:
        if part.own.declared is not None:
            found[part.unit] += part.own.declared
    return dict(found)


def silent_in(parts: Sequence[Part]) -> list[int]:
    """The units (ids) of these parts that have not told."""
    return [part.unit for part in parts if part.own.missing]


def items_of(parts: Sequence[Part], book: Book, counted: Counted, stratum: str = "") -> Items:
    """The list of a counted figure whose number these parts add up to; of one stratum, without what is declared."""
    events = book.events(counted).filter(_of_parts(parts, book, counted))
    if stratum:
        return Items(events.filter(of_stratum(stratum, "candidacy__")), silent=silent_in(parts))
    return Items(events, declared_in(parts), silent_in(parts))


def _of_parts(parts: Sequence[Part], book: Book, counted: Counted) -> Q:
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
            days |= counted.within(span.start, span.stop)
        condition |= Q(organisation_id__in=units) & days
    return condition
