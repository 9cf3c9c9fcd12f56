"""A quota workbook that comes back filled in: its numbers go into the draft."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells.asked_day import AskedDay
from cells.organisations.models import Organisation
from cells.people import rights
from targets.forms import WorkbookForm
from targets.quotas.allotment import Allotment
from targets.quotas.issue import begun, draft_of, mark
from targets.quotas.read_back import read_back
from targets.sheets import QUOTAS
from targets.views import year_page
from targets.views.quota_grid import check_gives, rows_of

#: so many wrong cells are told on the page
_TOLD = 50


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.SEE_FIGURES)
def quota_workbook(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    check_gives(request, unit, day)
    rows = rows_of(request, unit, year, day, None)
    children = [row.unit for row in rows if row.unit.pk != unit.pk and not row.gone]
    draft = draft_of(unit.pk, year)
    form = WorkbookForm(request.POST or None, request.FILES or None, today=day.today, draft=mark(draft))
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        allotment, explanation, wrong = _read(request, form.cleaned_data["workbook"], unit, year, children, day)
        if not wrong and year_page.keep_draft(form, allotment, explanation, request.user):
            count = len(allotment.lines)
            messages.success(request, f"Đã đọc số của {count} đơn vị vào bản nháp; xem lại rồi giao.")
            return redirect("quotas", unit.code, year)
    context = year_page.frame(request, unit, year, "quotas", day) | {
        "heading": f"Đọc chỉ tiêu {year} từ tệp Excel",
        "form": form,
        "wrong": wrong[:_TOLD],
        "more_wrong": max(0, len(wrong) - _TOLD),
        "draft": draft,
        "cancel_url": reverse("quotas", args=[unit.code, year]),
    }
    return render(request, "targets/quota_workbook.html", context)


def _read(
    request: HttpRequest, file: UploadedFile, unit: Organisation, year: int, children: list[Organisation], day: AskedDay
) -> tuple[Allotment, str, list[str]]:
    """What the file says over what stands, the explanation of the draft, and what is wrong in the file."""
    before = begun(unit.pk, year, [child.pk for child in children])
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        given, wrong = read_back(
            Path(kept.name), QUOTAS, year, children, before=before, own=unit, actor=request.user, today=day.today
        )
    return Allotment(unit, year, given, before.bodies), before.explanation, wrong
