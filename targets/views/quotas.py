"""Quotas of a unit and its children for a year, with the word on sources, under one decision."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cells.asked_day import AskedDay
from cells.organisations.access import forbid
from cells.organisations.models import Organisation
from cells.people import rights
from targets.enter import QuotaLine, issue_quotas
from targets.forms import GridRow, QuotasForm
from targets.models import Quota, Sources
from targets.sources.say import SourcesLine, declare_sources
from targets.views import year_page

_HEAD = ("decision_number", "decided_on", "reason")
WAITS = "báo hết nguồn, chờ trả lời"
_NO_SOURCES = frozenset({"sources", "sources_reason"})


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.SEE_FIGURES)
def quotas(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    rows = _rows(request, unit, year, day)
    _check_rights(request, rows, unit, day)
    form = QuotasForm(request.POST or None, rows=rows, today=day.today)
    if request.method == "POST" and form.is_valid() and "check" not in request.POST and _write(request, form, year):
        return redirect("quotas", unit.code, year)
    columns = [("admission", "Chỉ tiêu kết nạp"), ("fostering", "Chỉ tiêu bồi dưỡng")]
    context = year_page.frame(request, unit, year, "quotas", day) | {
        "form": form,
        "sums": year_page.sums(form, unit, columns),
        "tried": "check" in request.POST and form.is_valid(),
        "words_wait": day.is_today and any(WAITS in row.note for row in rows),
    }
    return render(request, "targets/quotas.html", context)


@require_safe
@year_page.of_the_day(rights.SEE_FIGURES)
def quotas_sheet(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    rows = _rows(request, unit, year, day)
    _check_rights(request, rows, unit, day)
    return year_page.sheet("quotas", unit, year, [(row.unit.code, year, *_sheet_cells(row)) for row in rows])


def _sheet_cells(row: GridRow) -> list[Any]:
    held = row.stored
    said = {"yes": "Có", "no": "Không"}.get(held.get("sources", ""), "")
    before = [held.get("admission"), held.get("fostering"), said, held.get("sources_reason")]
    return before + [held.get(name) for name in _HEAD]


def _check_rights(request: HttpRequest, rows: list[GridRow], unit: Organisation, day: AskedDay) -> None:
    """Who allocates below a unit sees the whole grid; a right to some of the children only is none here.

    On a past day nothing can be entered: who allocates anywhere may look as far as the figures are theirs.
    """
    if day.is_past and rights.anywhere(request.user, rights.ALLOCATE, on=day.today):
        return
    own = [row.editable for row in rows if row.unit.pk == unit.pk]
    children = [row.editable for row in rows if row.unit.pk != unit.pk]
    if not any(own) and not (children and all(children)):
        forbid(rights.ALLOCATE)


def _write(request: HttpRequest, form: QuotasForm, year: int) -> bool:
    head: dict[str, Any] = {name: form.cleaned_data[name] for name in _HEAD}
    issued, said = form.with_quota(), form.with_sources()
    lines = [
        QuotaLine(row.unit, year, row.typed["admission"], row.typed["fostering"], **head)
        if row.stored.get("version")
        else QuotaLine(row.unit, year, row.typed["admission"], row.typed["fostering"], **head | {"reason": ""})
        for row in issued
    ]
    sources = [
        SourcesLine(row.unit, year, row.typed["sources"] == "yes", row.typed["sources_reason"] or "") for row in said
    ]
    done = year_page.write(
        form,
        (lambda: issue_quotas(lines, actor=request.user, today=form.today), issued),
        (lambda: declare_sources(sources, actor=request.user, today=form.today), said),
    )
    if done:
        parts = [f"giao chỉ tiêu cho {len(issued)} tổ chức"] * bool(issued)
        parts += [f"ghi nguồn của {len(said)} chi bộ"] * bool(said)
        year_page.say(request, len(parts), f"Đã {' và '.join(parts)} năm {year}.")
    return done


def _rows(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> list[GridRow]:
    last = dt.date(year, 12, 31)
    units = year_page.units_of_year(request, unit, year_page.in_year(year), rights.ALLOCATE, named_on=last, day=day)
    chosen = [one.unit for one in units]
    quotas = {row.organisation_id: row for row in Quota.objects.in_force().filter(year=year, organisation__in=chosen)}
    words = Sources.objects.filter(year=year, organisation__in=chosen)
    sources = {row.organisation_id: row for row in words.in_force()}
    waiting = set(words.waiting().values_list("organisation_id", flat=True))
    rows = []
    for one in units:
        quota, word = quotas.get(one.unit.pk), sources.get(one.unit.pk)
        skip = frozenset() if one.kind and one.kind.is_branch else _NO_SOURCES
        waits = WAITS if one.unit.pk in waiting else ""
        note = ", ".join(filter(None, (year_page.note_of(one, year, day), _told(quota), waits)))
        rows.append(GridRow(one.unit, _stored(quota, word), one.editable, note, skip))
    return rows


def _stored(quota: Quota | None, word: Sources | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if quota:
        values |= {"admission": quota.admission, "fostering": quota.fostering, "version": quota.version}
        values |= {name: getattr(quota, name) for name in _HEAD}
    if word:
        values |= {"sources": "yes" if word.has_sources else "no", "sources_reason": word.reason}
    return values


def _told(quota: Quota | None) -> str:
    """What is known of the quota in force: how often adjusted, by which decision."""
    if quota is None:
        return ""
    parts = ["đã giao" if quota.version == 1 else f"điều chỉnh lần {quota.version - 1}"]
    if quota.decision_number:
        parts.append(quota.decision_number)
    if quota.decided_on:
        parts.append(f"ngày {quota.decided_on:%d/%m/%Y}")
    return " ".join(parts)
