"""Start-of-year counts of a unit and its children, in one grid."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cells.organisations.access import unit_or_404
from cells.people import rights
from config import clock
from targets.enter import BaseLine, declare_bases
from targets.forms import BasesForm, GridRow
from targets.models import Base
from targets.views import year_page

_COUNTS = ("total", "full", "probationary", "female")


@require_http_methods(["GET", "POST"])
def bases(request: HttpRequest, code: str, year: int) -> HttpResponse:
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.DECLARE, today)
    form = BasesForm(request.POST or None, rows=_rows(request, unit, year, today), today=today)
    if request.method == "POST" and form.is_valid():
        changed = form.changed()
        lines = [BaseLine(row.unit, year, **row.typed) for row in changed]
        if year_page.write(form, (lambda: declare_bases(lines, actor=request.user, today=today), changed)):
            year_page.say(request, len(changed), f"Đã chốt số đầu năm {year} của {len(changed)} tổ chức.")
            return redirect("bases", code, year)
    context = year_page.frame(unit, year, "bases", today) | {
        "form": form,
        "sums": year_page.sums(form, unit, [("total", "Tổng số đảng viên")]),
        "open_rows": any(row.editable for row in form.rows),
    }
    return render(request, "targets/bases.html", context)


@require_safe
def bases_sheet(request: HttpRequest, code: str, year: int) -> HttpResponse:
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.DECLARE, today)
    rows = _rows(request, unit, year, today)
    lines = [(row.unit.code, year, *(row.stored.get(name) for name in _COUNTS)) for row in rows]
    return year_page.sheet("bases", unit, year, lines)


def _rows(request: HttpRequest, unit, year: int, today) -> list[GridRow]:
    start, _ = year_page.days_of(year)
    units = year_page.units_of_year(
        request, unit, year_page.at_start(year), rights.DECLARE, named_on=start, today=today
    )
    stored = {
        row.organisation_id: row for row in Base.objects.filter(year=year, organisation__in=[one.unit for one in units])
    }
    rows = []
    for one in units:
        base = stored.get(one.unit.pk)
        note = year_page.note_of(one, year)
        if base is not None:
            note = ", ".join(filter(None, (note, "đã chốt", "từ sổ" if base.origin == Base.Origin.FROZEN else "")))
        values = {name: getattr(base, name) for name in _COUNTS} if base else {}
        rows.append(GridRow(one.unit, values, editable=one.editable and base is None, note=note))
    return rows
