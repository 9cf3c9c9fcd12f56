"""The number a top organisation itself was given from outside the tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells.asked_day import AskedDay
from cells.organisations.access import forbid
from cells.organisations.models import Organisation
from cells.organisations.path import path
from cells.people import rights
from targets.forms import ReceivedForm
from targets.models import Quota
from targets.quotas.allotment import Allotment, Decision, Given
from targets.quotas.issue import issue, last_number
from targets.views import year_page
from targets.views.quota_grid import check_gives, has_above


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.SEE_FIGURES)
def received_quota(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    check_gives(request, unit, day)
    if has_above(unit, day):
        messages.info(request, "Số của đơn vị này do cấp trên trong hệ thống giao.")
        return redirect("quotas", unit.code, year)
    if not rights.may(request.user, rights.ALLOCATE, unit.pk, on=day.today):
        forbid(rights.ALLOCATE)
    held = Quota.objects.in_force().filter(organisation=unit, year=year).select_related("issue").first()
    initial = {"admission": held.admission, "fostering": held.fostering} if held else {}
    seen = last_number(unit.pk, year, own=True)
    form = ReceivedForm(request.POST or None, initial=initial, seen=seen, today=day.today)
    if request.method == "POST" and form.is_valid() and _write(request, unit, year, form):
        return redirect("quotas", unit.code, year)
    context = day.context() | {
        "unit": unit,
        "year": year,
        "path": path(unit, day.today),
        "form": form,
        "held": held,
        "cancel_url": reverse("quotas", args=[unit.code, year]),
    }
    return render(request, "targets/received_quota.html", context)


def _write(request: HttpRequest, unit: Organisation, year: int, form: ReceivedForm) -> bool:
    typed = form.cleaned_data
    allotment = Allotment(unit, year, [Given(unit, typed["admission"], typed["fostering"])], own=True)
    decision = Decision(typed["decision_number"], typed["decided_on"], typed["reason"])
    done = year_page.attempt(
        form, lambda: [issue(allotment, decision=decision, seen=typed["seen"], actor=request.user, today=form.today)]
    )
    if form.stale:
        form.refresh(seen=last_number(unit.pk, year, own=True))
    if done is None:
        return False
    if done[0]:
        messages.success(request, f"Đã ghi chỉ tiêu năm {year} được giao: {done[0].title}.")
    else:
        messages.info(request, year_page.NOTHING_CHANGED)
    return True
