"""Which units are the rows of a list, and since when they have admitted nobody."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from membership.models import Spell
from reports.figures.book import Book
from reports.figures.cohort import counted_at, units_of
from reports.figures.standing import Standing
from reports.period import next_month
from reports.tables.table import BRANCHES, Question, Unit, units
from targets.models import DeclaredResult, Target


def parts(question: Question, standing: Standing) -> tuple[Unit, list[Unit]]:
    """The unit asked, and its direct children; every branch below it where the question is about branches."""
    root, by_branch = question.organisation.pk, question.rows == BRANCHES
    below = [unit for unit in units_of(standing) if unit != root] if by_branch else standing.below(root)
    known = units([*below, root], question.on)
    own = known.pop(root)
    found = [unit for unit in known.values() if not by_branch or Target.Where.BRANCH in unit.levels]
    return own, found


def standing_of(question: Question, book: Book) -> Standing:
    """The tree of the last year asked, seen on the day asked or at the end of that year if it is over."""
    last = question.period.last
    return book.forest.standing(question.scope, last.year, min(question.on, last))


class LastAdmissions:
    """The day on which a unit or one below it last admitted somebody, as known on `on` (inclusive).

    The register tells the day. Declared figures tell a month or a year: where such a one begins after the last
    day of the register, its last day stands for it (31/12 of a year), at most `on`.
    """

    def __init__(self, book: Book, standing: Standing, on: dt.date) -> None:
        self._standing = standing
        self._on = on
        inside = {"organisation__in": book.forest.units}
        admitted = Spell.objects.filter(started_by=Spell.Start.ADMITTED, from_day__lte=on, **inside).order_by()
        self._entered = dict(admitted.values_list("organisation_id").annotate(last=Max("from_day")))
        self._declared: dict[int, tuple[dt.date, dt.date]] = {}
        rows = DeclaredResult.objects.filter(admitted__gt=0, year__lte=on.year, **inside).order_by()
        for unit, year, month in rows.values_list("organisation_id", "year", "month"):
            first = dt.date(year, month or 1, 1)
            if first <= on:
                last = (next_month(first) if month else dt.date(year + 1, 1, 1)) - dt.timedelta(days=1)
                self._declared[unit] = max(self._declared.get(unit, (first, last)), (first, last))

    def of(self, unit: int) -> dt.date | None:
        """Null where neither the register nor a declared figure knows of an admission."""
        below = counted_at(self._standing, unit)
        entered = max((self._entered[pk] for pk in below if pk in self._entered), default=None)
        declared = max((self._declared[pk] for pk in below if pk in self._declared), default=None)
        if declared is None or (entered is not None and entered >= declared[0]):
            return entered
        return min(declared[1], self._on)
