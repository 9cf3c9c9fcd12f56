"""The rows that figures of a tree need, read in a few queries: declared rows, register, bases, quotas."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Self, cast

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, When
from django.db.models import Value as SqlValue

from cells.organisations.models import Style
from cells.rules.models import Kind
from membership.models import Candidacy, CaseMove, Spell
from reports.figures.counted import COUNTED, Counted
from reports.figures.standing import MOST_NAMED, Forest
from reports.figures.values import Slices
from reports.period import Period
from targets import progress
from targets.models import Base, DeclaredResult, MissedReason, Quota, Sources, Target
from targets.quotas.models import ADJUSTED

#: A unit (null: all that are not told apart), a day, how many the register counts there.
Day = tuple[int | None, dt.date, int]


class Reading:
    """What figures of one forest over one period are made of, each asked of the database once."""

    def __init__(
        self, forest: Forest, period: Period, *, inside: bool, quotas: str = ADJUSTED, daily: Collection[str] = ()
    ) -> None:
        """`daily`: figures of which the register is read by the day, for `days`, at no query more than by slices."""
        self.forest = forest
        self.period = period
        self._inside = inside
        self._version = quotas
        self._daily = daily
        # units outside a whole tree are in no standing, so that their rows need no sieving out
        self._mine = Q() if forest.is_top(forest.root) else Q(organisation_id__in=forest.units)
        self._register: dict[str, dict[tuple[int, int], int]] = {}
        self._events: dict[str, QuerySet] = {}
        self._days: dict[str, list[Day]] = {}
        self._part_of: Reading | None = None

    def over(self, period: Period) -> Self:
        """The same over a part of the period; what counts is what counts in the whole."""
        part = type(self)(self.forest, period, inside=self._inside, quotas=self._version)
        part._part_of = self
        return part

    @cached_property
    def declared(self) -> dict[tuple[int, int], dict[int | None, DeclaredResult]]:
        """(unit, year) → month (null: the year) → row.

        With one row of each year in which anybody declares, of whichever unit: a unit that says nothing is
        silent whoever asks for it.
        """
        rows: dict[tuple[int, int], dict[int | None, DeclaredResult]] = defaultdict(dict)
        in_years = DeclaredResult.objects.filter(year__in=self.period.years)
        one_a_year = in_years.order_by().values("year").annotate(one=Min("pk")).values("one")
        for row in in_years.filter(self._mine | Q(pk__in=one_a_year) if self._mine else Q()):
            rows[row.organisation_id, row.year][row.month] = row
        return dict(rows)

    @cached_property
    def slices(self) -> list[Period]:
        """The period cut into years, and into months where a unit declares months of that year."""
        monthly = {year for (_, year), rows in self.declared.items() if any(month for month in rows)}
        found = []
        for year in self.period.years:
            part = self.period.of_year(year)
            found += part.months if year in monthly else [part]
        return found

    def slices_of(self, period: Period) -> Slices:
        return tuple(
            index for index, part in enumerate(self.slices) if part.start >= period.start and part.stop <= period.stop
        )

    def register(self, key: str) -> dict[tuple[int, int], int]:
        """(unit, slice) → how many the register counts there; one query, kept."""
        if key not in self._register and key in self._daily:
            self._register[key] = self._sliced(key)
        if key not in self._register:
            self._register[key] = self._grouped(key) if len(self.slices) > 1 else self._together(key)
        return self._register[key]

    def _together(self, key: str) -> dict[tuple[int, int], int]:
        """Of one slice, counted here: most units count once, so that the database would group for nothing."""
        rows = self.events(COUNTED[key]).filter(self._mine).order_by()
        return {(unit, 0): number for unit, number in Counter(rows.values_list("organisation_id", flat=True)).items()}

    def _grouped(self, key: str) -> dict[tuple[int, int], int]:
        figure = COUNTED[key]
        compare = "lte" if figure.after else "lt"
        slice_of = Case(
            *(
                When(**{f"{figure.day}__{compare}": part.stop}, then=SqlValue(index))
                for index, part in enumerate(self.slices)
            ),
            output_field=IntegerField(),
        )
        rows = self.events(figure).filter(self._mine).order_by().annotate(slice=slice_of)
        found = rows.values_list("organisation_id", "slice").annotate(number=Count("pk"))
        return {(unit, part): number for unit, part, number in found}

    def reads_days_of(self, key: str) -> bool:
        """Whether `days` of this figure are read unit by unit in any case."""
        return key in self._daily

    def days(self, key: str, apart: Collection[int] | None = None) -> list[Day]:
        """(unit, day of the period, how many the register counts there), in order of days; one query, kept where
        every unit is told apart.

        `apart`: only these units are, and all others come together as unit null.
        """
        figure = COUNTED[key]
        if apart is None and key in self._days:
            return self._days[key]
        unit: F | SqlValue | Case = F("organisation_id")
        if apart is not None:
            nobody = SqlValue(None, output_field=IntegerField())
            unit = Case(When(organisation_id__in=apart, then=unit), default=nobody) if apart else nobody
        rows = self.events(figure).filter(self._mine).order_by().annotate(unit=unit)
        found = list(rows.values_list("unit", figure.day).annotate(number=Count("pk")).order_by(figure.day))
        if apart is None:
            self._days[key] = found
        return found

    def _sliced(self, key: str) -> dict[tuple[int, int], int]:
        """What `register` says, out of `days`."""
        stops = [part.stop for part in self.slices]
        slice_of = bisect_left if COUNTED[key].after else bisect_right
        found: dict[tuple[int, int], int] = defaultdict(int)
        for unit, day, number in self.days(key):
            found[cast(int, unit), slice_of(stops, day)] += number
        return dict(found)

    def events(self, figure: Counted) -> QuerySet:
        """What the register counts for `figure` in the period; the rule of the day is asked once."""
        if figure.key not in self._events and self._part_of:
            days = figure.within(self.period.start, self.period.stop)
            self._events[figure.key] = self._part_of.events(figure).filter(days)
        if figure.key not in self._events:
            moving = self.forest.moving(self.period.start, self.period.stop)
            self._events[figure.key] = figure.events(self.period.start, self.period.stop, self._inside, moving)
        return self._events[figure.key]

    @cached_property
    def bases(self) -> dict[tuple[int, int], int]:
        """(unit, year) → members on 1/1, approved corrections with them."""
        years = [*self.period.years, self.period.stop.year]
        found: dict[tuple[int, int], int] = {}
        for unit, year, part in Base.objects.filter(self._mine, year__in=years).parts():
            found[unit, year] = found.get((unit, year), 0) + part
        return found

    def bases_of(self, year: int) -> dict[int, int]:
        """Unit → its base of `year`, a year of the period or the one after it."""
        return {unit: used for (unit, of_year), used in self.bases.items() if of_year == year}

    @cached_property
    def targets(self) -> dict[int, list[Target]]:
        """The programmes' targets of each year, those that decide first."""
        return progress.in_years(self.period.years)

    @cached_property
    def quotas(self) -> dict[tuple[int, int], Quota]:
        """(unit, year) → the quota of both lines, as first given or as adjusted since (`open_book`)."""
        return self._quotas(self._mine)

    def quotas_of(self, units: Collection[int]) -> dict[tuple[int, int], Quota]:
        """Those of these units, and perhaps of others: of a few units only they are read."""
        few = "quotas" not in self.__dict__ and len(units) <= MOST_NAMED
        return self._quotas(Q(organisation_id__in=units)) if few else self.quotas

    def _quotas(self, which: Q) -> dict[tuple[int, int], Quota]:
        rows = Quota.objects.as_given(self._version, self.period.seen).filter(which, year__in=self.period.years)
        return {
            (row.organisation_id, row.year): row
            for row in rows.only("organisation_id", "year", "admission", "fostering")
        }

    def exhausted(self, year: int) -> set[int]:
        """The units that have nobody left to admit in `year`."""
        if self.period.seen:
            then = Sources.objects.accepted_by(self.period.seen).filter(self._mine, year=year)
            held = dict(then.values_list("organisation_id", "has_sources"))
            return {unit for unit, has_sources in held.items() if not has_sources}
        rows = Sources.objects.exhausted(year).filter(self._mine).order_by()
        return set(rows.values_list("organisation_id", flat=True))

    def styles(self, on: dt.date) -> dict[int, tuple[Kind, int | None]]:
        """Unit → its kind and sector on `on`, or the last before it; two queries."""
        kinds = Kind.objects.in_bulk()
        rows = Style.objects.filter(self._mine, from_day__lte=on).order_by("from_day")
        told = rows.values_list("organisation_id", "kind_id", "sector_id")
        return {unit: (kinds[kind], sector) for unit, kind, sector in told}

    @cached_property
    def missed_reasons(self) -> dict[tuple[int, int], str]:
        """(unit, year) → why it missed its quota, in words."""
        return MissedReason.objects.filter(self._mine).in_words(self.period.years)

    @cached_property
    def kept_registers(self) -> dict[int, dt.date]:
        """unit → first day on its register: the first on which somebody was a member or followed there."""
        first: dict[int, dt.date] = {}
        members, listed, came = (
            (rows.filter(**{f"{unit}__in": self.forest.units}) if self._mine else rows)
            .order_by()
            .values_list(unit)
            .annotate(first=Min(day))
            for rows, unit, day in (
                (Spell.objects.all(), "organisation", "from_day"),
                (Candidacy.objects.begun(), "first_unit", "listed_on"),
                (CaseMove.objects.all(), "destination", "day"),
            )
        )
        for unit, day in members.union(listed, came):
            first[unit] = min(day, first.get(unit, day))
        return first

    @cached_property
    def members_at_start(self) -> dict[int, int]:
        """unit → members on its register at the turn into the first day of the period."""
        rows = (
            Spell.objects.at_start_of(self.period.start)
            .filter(self._mine)
            .order_by()
            .values_list("organisation_id")
            .annotate(number=Count("pk"))
        )
        return dict(rows)

    @cached_property
    def _years_with_bases(self) -> set[int]:
        """The years in which anybody has a base: whoever asks for whichever unit hears the same."""
        rows = Base.objects.filter(year__in=self.period.years).order_by()
        return set(rows.values_list("year", flat=True).distinct())

    @cached_property
    def _years_declared(self) -> set[int]:
        return {year for _, year in self.declared}
