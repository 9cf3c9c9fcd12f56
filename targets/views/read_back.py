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
from cells.forms import show_problems
from cells.organisations.models import Organisation
from cells.people import rights
from cells.verdict import Refused
from targets.forms import WorkbookForm
from targets.quotas.allotment import Allotment, Given
from targets.quotas.issue import draft_of, mark, save_draft
from targets.quotas.read_back import read_back
from targets.sheets import QUOTAS
from targets.views import quotas, year_page

#: so many wrong cells are told on the page
_TOLD = 50


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.SEE_FIGURES)
def quota_workbook(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    rows = quotas.rows_of(request, unit, year, day, None)
    quotas.check_rights(request, rows, unit, day)
    children = [row.unit for row in rows if row.unit.pk != unit.pk and not row.gone]
    draft = draft_of(unit.pk, year)
    form = WorkbookForm(request.POST or None, request.FILES or None, today=day.today, draft=mark(draft))
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        given, wrong = _read(request, form.cleaned_data["workbook"], unit, year, children, day)
        if not wrong and _keep(request, form, unit, year, given):
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
) -> tuple[list[Given], list[str]]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return read_back(Path(kept.name), QUOTAS, year, children, own=unit, actor=request.user, today=day.today)


def _keep(request: HttpRequest, form: WorkbookForm, unit: Organisation, year: int, given: list[Given]) -> bool:
    try:
        save_draft(Allotment(unit, year, given), seen=form.cleaned_data["draft_seen"], actor=request.user)
    except Refused as refused:
        show_problems(form, refused)
        return False
    messages.success(request, f"Đã đọc số của {len(given)} đơn vị vào bản nháp; xem lại rồi giao.")
    return True
