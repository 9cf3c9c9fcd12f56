"""Every version of what a unit gave for a year, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.asked_day import AskedDay
from cells.organisations.models import Organisation
from cells.people import rights
from targets.models import BodyQuota, Quota, QuotaIssue
from targets.views import year_page
from targets.views.quota_grid import check_gives, rows_of


@require_safe
@year_page.of_the_day(rights.SEE_FIGURES)
def quota_versions(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    """Every version side by side: of what a top was given from outside, then of what the unit gave."""
    check_gives(request, unit, day)
    below = [row.unit for row in rows_of(request, unit, year, day, None) if row.unit.pk != unit.pk]
    groups = [
        _group(unit, year, day, [unit], title="Số đơn vị này được giao", own=True),
        _group(unit, year, day, below, title="Số giao xuống bên dưới"),
    ]
    context = year_page.frame(request, unit, year, "quotas", day) | {
        "heading": f"Các lần giao chỉ tiêu {year}",
        "groups": [group for group in groups if group["issues"]],
        "back_url": reverse("quotas", args=[unit.code, year]),
    }
    return render(request, "targets/quota_versions.html", context)


def _group(
    unit: Organisation, year: int, day: AskedDay, told: Sequence[Organisation], *, title: str, own: bool = False
) -> dict[str, Any]:
    issues = list(QuotaIssue.objects.of(unit.pk, year, own).issued(day.seen).select_related("made_by__person"))
    return {"title": title, "issues": issues, "lines": _versions(issues, told) if issues else []}


def _versions(issues: Sequence[QuotaIssue], units: Sequence[Organisation]) -> list[dict[str, Any]]:
    """A line a unit or body: after each version its numbers, and whether that version changed them."""
    lines = Quota.objects.filter(issue__in=issues).order_by("issue__number")
    told = BodyQuota.objects.filter(issue__in=issues).order_by("issue__number").select_related("body")
    found: dict[Any, dict[int, tuple]] = {}
    names: dict[Any, str] = {("unit", unit.pk): unit.name for unit in units}
    for line in lines:
        found.setdefault(("unit", line.organisation_id), {})[line.issue_id] = (line.admission, line.fostering)
    for line in told:
        found.setdefault(("body", line.body_id), {})[line.issue_id] = (line.introductions,)
        names[("body", line.body_id)] = line.body.name
    return [
        {"name": names[key], "body": key[0] == "body", "cells": _cells(issues, found[key])}
        for key in names
        if key in found
    ]


def _cells(issues: Sequence[QuotaIssue], numbers: dict[int, tuple]) -> list[dict[str, Any]]:
    cells, held = [], None
    for one in issues:
        now = numbers.get(one.pk, held)
        cells.append({"numbers": now, "changed": now != held})
        held = now
    return cells
