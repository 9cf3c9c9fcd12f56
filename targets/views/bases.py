"""Start-of-year counts of a unit and its children, in one grid."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells import vietnamese
from cells.asked_day import AskedDay
from cells.organisations.access import strangers
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.heads import headed
from targets.base import residuals
from targets.enter import BaseLine, declare_bases
from targets.forms import BasesForm, GridRow
from targets.models import Base, BaseCorrection
from targets.views import year_page

_COUNTS = ("total", "full", "probationary", "female")
#: units with a residual that the page names
_NAMED = 30


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.DECLARE)
def bases(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    today = day.today
    form = BasesForm(request.POST or None, rows=_rows(request, unit, year, day), today=today)
    if request.method == "POST" and form.is_valid():
        changed = form.changed()
        lines = [BaseLine(row.unit, year, **row.typed) for row in changed]
        if year_page.write(form, (lambda: declare_bases(lines, actor=request.user, today=today), changed)):
            year_page.say(request, len(changed), f"Đã chốt số đầu năm {year} của {len(changed)} tổ chức.")
            return redirect("bases", unit.code, year)
    context = year_page.frame(request, unit, year, "bases", day) | {
        "form": form,
        "sums": year_page.grid_sums(form, unit, [("total", "Tổng số đảng viên")]),
        "open_rows": any(row.editable for row in form.rows),
    }
    context |= _frozen(request, unit, year, day) | (_differing(request, unit, year, today) if day.is_today else {})
    return render(request, "targets/bases.html", context)


@require_safe
@year_page.of_the_day(rights.DECLARE)
def bases_sheet(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    rows = _rows(request, unit, year, day)
    lines = [(row.unit.code, year, *(row.stored.get(name) for name in _COUNTS)) for row in rows]
    return year_page.sheet("bases", unit, year, lines)


def _rows(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> list[GridRow]:
    start, _ = year_page.days_of(year)
    units = year_page.units_of_year(request, unit, year_page.at_start(year), rights.DECLARE, named_on=start, day=day)
    stored = {row.organisation_id: row for row in _of_units(year, [one.unit.pk for one in units])}
    mine = Organisation.objects.filter(pk__in=stored).for_user(request.user, rights.DECLARE, on=day.today)
    correctable = set(mine.values_list("pk", flat=True)) if day.is_today else set()
    rows = []
    for one in units:
        base = stored.get(one.unit.pk)
        notes = [year_page.note_of(one, year, day), *(_marks(base, named=one.named) if base else [])]
        values = {name: getattr(base, name) for name in _COUNTS} if base else {}
        row = GridRow(one.unit, values, editable=one.editable and base is None, note=", ".join(filter(None, notes)))
        if one.unit.pk in correctable:
            row.correct_url = reverse("correct_base", args=[one.unit.code, year])
        rows.append(row)
    return rows


def _of_units(year: int, units: list[int]) -> QuerySet[Base]:
    """Their bases beside the register, and whether a correction waits."""
    waits = Exists(BaseCorrection.objects.waiting().filter(base=OuterRef("pk")))
    rows = Base.objects.beside_register(year).filter(organisation__in=units).annotate(waits=waits)
    return rows.select_related("made_by__person")


def _marks(base, *, named: bool) -> list[str]:
    """Where a base comes from, since when and, if `named`, by whom; and what happened to it since."""
    how = "đã chốt từ sổ" if base.origin == Base.Origin.FROZEN else "đã chốt"
    marks = [f"{how} {base.made_in_words(named=named)}".rstrip()]
    if base.used != base.total:
        marks.append(f"đính chính thành {vietnamese.number(base.used)}")
    if base.origin == Base.Origin.FROZEN and base.residual:
        marks.append(f"sổ nay có {vietnamese.number(base.registered)} ({vietnamese.signed(base.residual)})")
    if base.waits:
        marks.append("chờ duyệt đính chính")
    return marks


def _frozen(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> dict:
    """How many bases at and below the unit come from the register, what they add up to, who froze the last and when.

    Who, unless that unit is no longer the reader's.
    """
    below = Organisation.objects.below(unit.pk, on=dt.date(year, 1, 1))
    frozen = Base.objects.filter(year=year, origin=Base.Origin.FROZEN, organisation__in=below)
    told = {"frozen": frozen.corrected().aggregate(units=Count("pk"), members=Sum("used"))}
    last = frozen.exclude(made_at=None).select_related("made_by__person").order_by("-made_at", "pk").first()
    if last:
        named = not strangers(request.user, [last.organisation_id], day, moved=True)
        told["last_frozen"] = last.made_in_words(named=named)
    return told


def _differing(request: HttpRequest, unit: Organisation, year: int, today: dt.date) -> dict:
    """Bases at and below the unit that the register no longer agrees with and the reader may correct."""
    mine = residuals(unit, year).filter(rights.organisations(request.user, rights.DECLARE, on=today))
    rows = list(mine.select_related("made_by__person").order_by("organisation__code")[: _NAMED + 1])
    units = Organisation.objects.filter(pk__in=[row.organisation_id for row in rows])
    names = {unit.pk: unit for unit in headed(units.styled(dt.date(year, 1, 1)), today)}
    return {
        "differing": [
            {"base": row, "unit": names[row.organisation_id], "made": row.made_in_words()} for row in rows[:_NAMED]
        ],
        "more_differing": len(rows) > _NAMED,
    }
