"""Declared figures of a unit and its children, a month or the whole year, in one grid."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells.asked_day import AskedDay
from cells.organisations.models import Organisation
from cells.people import rights
from targets.enter import ResultLine, declare_results
from targets.forms import RESULT_GROUPS, GridRow, ResultsForm, result_columns
from targets.models import RESULTS, DeclaredResult
from targets.views import year_page

_FIRST_GROUP = next(iter(RESULT_GROUPS))


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.DECLARE)
def results(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    today = day.today
    month, group = _month(request), _group(request)
    period = f"tháng {month}/{year}" if month else f"cả năm {year}"
    rows = _rows(request, unit, year, month, day)
    form = ResultsForm(request.POST or None, rows=rows, columns=result_columns(group), today=today)
    if request.method == "POST" and form.is_valid():
        changed = form.changed()
        lines = [ResultLine(row.unit, year, month, row.typed) for row in changed]
        if year_page.write(form, (lambda: declare_results(lines, actor=request.user, today=today), changed)):
            year_page.say(request, len(changed), f"Đã ghi số liệu {period} của {len(changed)} tổ chức.")
            return redirect(_address(unit, year, month, group))
    context = year_page.frame(request, unit, year, "results", day, f"?group={group}") | {
        "form": form,
        "deed": f"Ghi số liệu {period}",
        "sheet_url": day.keep(reverse("results_sheet", args=[unit.code, year]) + (f"?month={month}" if month else "")),
        "months": _months(unit, year, month, group, day.on),
        "groups": [
            {"label": title, "url": _address(unit, year, month, key), "active": key == group}
            for key, (title, _) in RESULT_GROUPS.items()
        ],
        "sums": year_page.grid_sums(form, unit, [(column.name, column.title) for column in form.columns]),
    }
    return render(request, "targets/results.html", context)


@require_safe
@year_page.of_the_day(rights.DECLARE)
def results_sheet(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    month = _month(request)
    rows = _rows(request, unit, year, month, day)
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


def _months(unit: Organisation, year: int, month: int | None, group: str, on: dt.date) -> list[dict]:
    """The whole year, and the months that have begun."""
    begun = [one for one in range(1, 13) if dt.date(year, one, 1) <= on]
    return [
        {
            "label": f"Tháng {one}" if one else "Cả năm",
            "url": _address(unit, year, one, group),
            "active": one == month,
        }
        for one in (None, *begun)
    ]


def _rows(request: HttpRequest, unit: Organisation, year: int, month: int | None, day: AskedDay) -> list[GridRow]:
    last = dt.date(year, 12, 31)
    units = year_page.units_of_year(request, unit, year_page.in_year(year), rights.DECLARE, named_on=last, day=day)
    declared = DeclaredResult.objects.filter(year=year, month=month, organisation__in=[one.unit for one in units])
    stored = {row.organisation_id: {name: getattr(row, name) for name in RESULTS} for row in declared}
    notes = {one.unit.pk: year_page.note_of(one, year, day) for one in units}
    return [GridRow(one.unit, stored.get(one.unit.pk, {}), one.editable, notes[one.unit.pk]) for one in units]
