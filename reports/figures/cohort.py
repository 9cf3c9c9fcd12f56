"""Cohorts: those admitted in a year, by where they stand on the day asked (C4).

From the register alone: what is declared has no names to follow. A person counts where the admission counts,
wherever the person went since; each has one outcome, so that the outcomes add up to the admissions.
Somebody readmitted counts by where they stand now.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from functools import cached_property

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import ExtractYear

from membership.introducers import kind_of
from membership.models import Spell
from membership.strata import NO_STRATUM, of_stratum
from reports.figures.book import Book
from reports.figures.counted import COUNTED
from reports.figures.standing import Standing

#: the admissions of which the outcomes are parts
ADMITTED = COUNTED["admitted"]

#: outcome → title, definition, what the last spell of the register says
OUTCOMES = {
    "recognised": ("Đã công nhận chính thức", "đang là đảng viên chính thức", Spell.Standing.FULL),
    "on_probation": ("Còn dự bị", "đang là đảng viên dự bị", Spell.Standing.PROBATIONARY),
    "struck_off": ("Xóa tên", "đã bị xóa tên", Spell.End.STRUCK_OFF),
    "resigned": ("Xin ra", "đã xin ra khỏi Đảng", Spell.End.RESIGNED),
    "expelled": ("Khai trừ", "đã bị khai trừ", Spell.End.EXPELLED),
    "deceased": ("Từ trần", "đã từ trần", Spell.End.DECEASED),
    "transferred_out": ("Chuyển đi", "đã chuyển sinh hoạt ra ngoài đảng bộ", Spell.End.TRANSFERRED_OUT),
}

#: what a cohort is cut by: the year of the admission, the unit below, who introduced the person, the person's strata
YEARS, UNITS, INTRODUCERS, STRATA = "", "unit", "source", "stratum"
_FIELDS = {INTRODUCERS: "candidacy__introduced_by", STRATA: "candidacy__strata__code"}


class Cohorts:
    """Those admitted in the period of `book`, each year in the tree of that year, seen on `on` (inclusive)."""

    def __init__(self, book: Book, scope: str, on: dt.date) -> None:
        self._book = book
        self._on = on
        lasts = {year: book.period.of_year(year).last for year in book.period.years}
        self.standings = {year: book.forest.standing(scope, year, min(on, last)) for year, last in lasts.items()}

    def by(self, cut: str) -> dict[object, Counter[str]]:
        """Row of the cut → what the last spell says → how many people.

        A row is a year, a unit (the root for those counted at itself), a key of `introducers`, a code of a stratum;
        somebody of two strata is in two rows.
        """
        found: dict[object, Counter[str]] = defaultdict(Counter)
        for unit, year, state, value, number in self._counted(cut):
            if unit in self._parts[year]:
                found[self._row(cut, unit, year, value)][state] += number
        return found

    def events(self, cut: str = YEARS, row: str = "") -> QuerySet | None:
        """The admissions with their `outcome`, or those of one row of a cut (a unit's id, a key, a code).

        Null where the root stands in the tree in none of the years.
        """
        if not any(standing.stands for standing in self.standings.values()):
            return None
        wanted = int(row) if cut == UNITS and row else None
        counted = Q(pk__in=[])
        for year, parts in self._parts.items():
            units = [unit for unit, part in parts.items() if wanted in (None, part)]
            span = self._book.period.of_year(year)
            counted |= Q(organisation_id__in=units, from_day__gte=span.start, from_day__lt=span.stop)
        found = with_outcome(self._book.events(ADMITTED).filter(counted), self._on)
        if cut == INTRODUCERS and row:
            names = found.order_by().values_list("candidacy__introduced_by", flat=True).distinct()
            same = [name for name in names if kind_of(name or "") == row]
            missing = Q(candidacy__introduced_by=None) if None in same else Q()
            return found.filter(Q(candidacy__introduced_by__in=[name for name in same if name is not None]) | missing)
        if cut == STRATA and row:
            return found.filter(of_stratum(row, "candidacy__"))
        return found

    @cached_property
    def _parts(self) -> dict[int, dict[int, int]]:
        """Year → unit that counts in it → the direct child of the root it counts at, or the root."""
        found = {}
        for year, standing in self.standings.items():
            parts = dict.fromkeys(counted_at(standing), standing.root)
            for child in standing.below(standing.root) if standing.stands else ():
                parts |= dict.fromkeys(counted_at(standing, child), child)
            found[year] = parts
        return found

    def _row(self, cut: str, unit: int, year: int, value: str | None) -> object:
        if cut == UNITS:
            return self._parts[year][unit]
        if cut == INTRODUCERS:
            return kind_of(value or "")
        return (value or NO_STRATUM) if cut == STRATA else year

    def _counted(self, cut: str) -> QuerySet:
        """Unit, year, state, the value of the cut, how many; one query."""
        inside = self._book.events(ADMITTED).filter(organisation__in=self._book.forest.units)
        told = with_outcome(inside, self._on).order_by().annotate(year=ExtractYear("from_day"))
        value = F(_FIELDS[cut]) if cut in _FIELDS else F("outcome")
        return (
            told.annotate(value=value)
            .values_list("organisation_id", "year", "outcome", "value")
            .annotate(number=Count("pk"))
        )


def with_outcome(admissions: QuerySet, on: dt.date) -> QuerySet:
    """Admissions with `outcome`: the standing of the person on `on`, or what the last spell ended by."""
    goes_on = Q(to_day__isnull=True) | Q(to_day__gt=on)
    last = (
        Spell.objects.filter(person=OuterRef("person"), from_day__lte=on)
        .order_by("-from_day", "-pk")
        .annotate(state=Case(When(goes_on, then=F("standing")), default=F("ended_by")))
    )
    return admissions.annotate(outcome=Subquery(last.values("state")[:1]))


def units_of(standing: Standing, unit: int | None = None) -> list[int]:
    """The root (or `unit`) and all below it; none where the root does not stand in the tree."""
    found = [standing.root if unit is None else unit] if standing.stands else []
    for one in found:
        found += standing.below(one)
    return found


def counted_at(standing: Standing, unit: int | None = None) -> list[int]:
    """The units of `units_of`, and those that are gone and count with one of them (*current*)."""
    found = [standing.root if unit is None else unit] if standing.stands else []
    for one in found:
        found += [*standing.adding_up(one), *standing.absorbed.get(one, [])]
    return found
