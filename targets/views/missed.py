"""Why a unit missed its quota of a year: said, and what was said before."""

from __future__ import annotations

from itertools import groupby
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells.organisations.access import unit_or_404
from cells.organisations.models import Organisation
from cells.organisations.path import path
from cells.people import rights
from cells.people.models import User
from config import clock
from targets.missed.forms import MissedForm
from targets.missed.models import said
from targets.missed.say import MissedLine, say_missed
from targets.models import MissedReason
from targets.views import year_page


@require_http_methods(["GET", "POST"])
def missed_reasons(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The reasons of the unit and year; a new word takes the place of the one before, which stays to be read."""
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.BRANCH_WORK, today)
    rows = MissedReason.objects.filter(organisation=unit, year=year).select_related("reason", "made_by__person")
    words = [list(word) for _, word in groupby(rows, key=lambda row: row.word)]
    now = words[0] if words else []
    initial = {"reasons": [row.reason_id for row in now], "note": now[0].note if now else ""}
    form = MissedForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid() and _say(request, form, unit, year):
        return redirect("missed_reasons", code, year)
    context = {
        "unit": unit,
        "year": year,
        "path": path(unit, today),
        "form": form,
        "events": [_event(word) for word in words],
        "years": year_page.years_beside("missed_reasons", code, year, today.year),
        "cancel_url": reverse("table", args=[code, "missed-years"]),
    }
    return render(request, "targets/missed_reasons.html", context)


def _event(word: list[MissedReason]) -> dict[str, Any]:
    by = word[0].made_by.get_full_name() if word[0].made_by else "hệ thống"
    held = "" if word[0].in_force else " (đã thay)"
    return {"day": word[0].said_on, "title": f"{said(word)}{held}", "who": by}


def _say(request: HttpRequest, form: MissedForm, unit: Organisation, year: int) -> bool:
    typed = form.cleaned_data
    line = MissedLine(unit, year, list(typed["reasons"]), typed["note"])
    rows = year_page.attempt(form, lambda: say_missed([line], actor=cast(User, request.user), today=form.today))
    if rows is None:
        return False
    year_page.say(request, len(rows), f"Đã ghi lý do không đạt chỉ tiêu năm {year} của {unit.name}.")
    return True
