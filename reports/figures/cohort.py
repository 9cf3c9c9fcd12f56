"""Cohorts: those admitted in a year, by where they stand on the day asked (C4).

From the register alone: what is declared has no names to follow. A person counts where the admission counts,
wherever the person went since; each has one outcome, so that the outcomes add up to the admissions.
Somebody readmitted counts by where they stand now.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from membership.models import Spell
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
