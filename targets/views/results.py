"""Declared figures of a unit and its children, a month or the whole year, in one grid."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells.organisations.access import unit_or_404
from cells.organisations.models import Organisation
from cells.people import rights
from config import clock
from targets.enter import ResultLine, declare_results
from targets.forms import RESULT_GROUPS, GridRow, ResultsForm, result_columns
from targets.models import RESULTS, DeclaredResult
from targets.views import year_page

_FIRST_GROUP = next(iter(RESULT_GROUPS))


@require_http_methods(["GET", "POST"])
def results(request: HttpRequest, code: str, year: int) -> HttpResponse:
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.DECLARE, today)
    month, group = _month(request), _group(request)
    period = f"tháng {month}/{year}" if month else f"cả năm {year}"
    rows = _rows(request, unit, year, month, today)
    form = ResultsForm(request.POST or None, rows=rows, columns=result_columns(group), today=today)
    if request.method == "POST" and form.is_valid():
        changed = form.changed()
        lines = [ResultLine(row.unit, year, month, row.typed) for row in changed]
        if year_page.write(form, (lambda: declare_results(lines, actor=request.user, today=today), changed)):
            year_page.say(request, len(changed), f"Đã ghi số liệu {period} của {len(changed)} tổ chức.")
            return redirect(_address(unit, year, month, group))
    context = year_page.frame(unit, year, "results", today, f"?group={group}") | {
        "form": form,
        "deed": f"Ghi số liệu {period}",
        "sheet_url": reverse("results_sheet", args=[code, year]) + (f"?month={month}" if month else ""),
        "months": _months(unit, year, month, group, today),
        "groups": [
            {"label": title, "url": _address(unit, year, month, key), "active": key == group}
            for key, (title, _) in RESULT_GROUPS.items()
        ],
        "sums": year_page.sums(form, unit, [(column.name, column.title) for column in form.columns]),
    }
    return render(request, "targets/results.html", context)


@require_safe
def results_sheet(request: HttpRequest, code: str, year: int) -> HttpResponse:
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.DECLARE, today)
    month = _month(request)
    rows = _rows(request, unit, year, month, today)
    lines = [(row.unit.code, year, month, *(row.stored.get(name) for name in RESULTS)) for row in rows]
    return year_page.sheet("results", unit, year, lines)


def _month(request: HttpRequest) -> int | None:
    text = request.GET.get("month", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 12):
        raise Http404
    return int(text)


def _group(request: HttpRequest) -> str:
    group = request.GET.get("group", _FIRST_GROUP)
    if group not in RESULT_GROUPS:
        raise Http404
    return group


def _address(unit: Organisation, year: int, month: int | None, group: str) -> str:
    query = f"?group={group}" + (f"&month={month}" if month else "")
    return reverse("results", args=[unit.code, year]) + query


def _months(unit: Organisation, year: int, month: int | None, group: str, today: dt.date) -> list[dict]:
    """The whole year, and the months that have begun."""
    begun = [one for one in range(1, 13) if dt.date(year, one, 1) <= today]
    return [
        {
            "label": f"Tháng {one}" if one else "Cả năm",
            "url": _address(unit, year, one, group),
            "active": one == month,
        }
        for one in (None, *begun)
    ]


def _rows(request: HttpRequest, unit: Organisation, year: int, month: int | None, today: dt.date) -> list[GridRow]:
    named_on = min(today, dt.date(year, 12, 31))
    units = year_page.units_of_year(
        request, unit, year_page.in_year(year), rights.DECLARE, named_on=named_on, today=today
    )
    declared = DeclaredResult.objects.filter(year=year, month=month, organisation__in=[one.unit for one in units])
    stored = {row.organisation_id: {name: getattr(row, name) for name in RESULTS} for row in declared}
    return [GridRow(one.unit, stored.get(one.unit.pk, {}), one.editable, year_page.note_of(one, year)) for one in units]
