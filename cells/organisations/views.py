"""The deeds that change the structure of a unit, on screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.forms import show_problems
from cells.organisations import reorganise
from cells.organisations.access import unit_or_404
from cells.organisations.forms import FoundForm, JoinForm, LeaveForm
from cells.organisations.models import Organisation, Place
from cells.organisations.path import path
from cells.organisations.registry import counted
from cells.people import rights
from cells.people.models import User
from cells.verdict import Refused
from config import clock


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest, code: str) -> HttpResponse:
    """Found a unit directly under this one."""
    today = clock.today()
    parent = unit_or_404(request, code, rights.REORGANISE, today)
    form = FoundForm(request.POST or None, today=today)
    if _done(form, lambda: reorganise.found([form.deed(parent.code)], actor=request.user, today=today)):
        name, day = form.cleaned_data["name"], form.cleaned_data["day"]
        messages.success(request, f"Đã thành lập {name} từ ngày {vietnamese.day(day)}, trực thuộc {parent.name}.")
        return redirect("structure", parent.code)
    return _page(request, parent, form, "Thành lập tổ chức", "Thành lập")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Receive a unit from outside directly under this one."""
    today = clock.today()
    parent = unit_or_404(request, code, rights.REORGANISE, today)
    form = JoinForm(request.POST or None, today=today)
    if _done(form, lambda: reorganise.join([form.deed(parent.code)], actor=request.user, today=today)):
        name, day = form.cleaned_data["name"] or form.cleaned_data["code"], form.cleaned_data["day"]
        messages.success(request, f"Đã tiếp nhận {name} từ ngày {vietnamese.day(day)}, trực thuộc {parent.name}.")
        return redirect("structure", parent.code)
    return _page(request, parent, form, "Tiếp nhận tổ chức", "Tiếp nhận")


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Let this unit go out: first what goes along is shown, then it is confirmed."""
    today = clock.today()
    parent = _already_left(request, code, today)
    if parent is not None:
        messages.info(request, "Việc chuyển ra này đã được ghi.")
        return redirect("structure", parent.code)
    unit = unit_or_404(request, code, rights.REORGANISE, today)
    form = LeaveForm(request.POST or None, today=today)
    sure = "confirm" in request.POST
    above = path(unit, today)[-2:-1]
    if "edit" not in request.POST and _done(form, lambda: _leave(form, unit, request.user, today, keep=sure)):
        if not sure:
            return render(request, "cells/leave_confirm.html", _preview(unit, form, today))
        words = f"Đã ghi {unit.name} chuyển ra khỏi đảng bộ từ ngày {vietnamese.day(form.cleaned_data['day'])}."
        messages.success(request, words)
        return redirect("structure", above[0].code if above else unit.code)
    return _page(request, unit, form, "Chuyển tổ chức ra khỏi đảng bộ", "Xem trước những gì đi theo", gone=True)


def _already_left(request: HttpRequest, code: str, today: dt.date) -> Organisation | None:
    """The unit above one that has left, for whoever sends the confirmed form a second time."""
    if "confirm" not in request.POST or Place.objects.on(today).filter(organisation__code=code).exists():
        return None
    left = Place.objects.filter(organisation__code=code, closed_as=Place.Closed.LEFT).order_by("-to_day").first()
    if left is None or not rights.may(request.user, rights.REORGANISE, left.parent_id, on=today):
        return None
    return Organisation.objects.get(pk=left.parent_id)


def _leave(form: LeaveForm, unit: Organisation, actor: User, today: dt.date, *, keep: bool) -> None:
    """Do it, or only try whether it could be done."""
    with transaction.atomic():
        reorganise.leave([form.deed(unit.code)], actor=actor, today=today)
        if not keep:
            transaction.set_rollback(True)


def _done(form, deed: Callable[[], Any]) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    try:
        deed()
    except Refused as refused:
        show_problems(form, refused)
    except IntegrityError:
        form.add_error(None, "Người khác vừa ghi việc khác của tổ chức này; tải lại trang và xem lại.")
    return not form.errors


def _page(request: HttpRequest, unit: Organisation, form, title: str, deed: str, gone: bool = False) -> HttpResponse:
    context = {
        "unit": unit,
        "path": path(unit, form.today),
        "form": form,
        "title": title,
        "lead": unit.name if gone else f"Trực thuộc {unit.name}",
        "deed": deed,
        "cancel_url": reverse("structure", args=[unit.code]),
    }
    return render(request, "cells/structure_form.html", context)


def _preview(unit: Organisation, form: LeaveForm, today: dt.date) -> dict[str, Any]:
    """What the unit and all below it hold on their last day inside."""
    day = form.cleaned_data["day"]
    below = Organisation.objects.below(unit.pk, on=day)
    ids = list(below.values_list("pk", flat=True))
    named = below.exclude(pk=unit.pk).styled(day).order_by("name_key", "pk")
    return {
        "unit": unit,
        "path": path(unit, today),
        "form": form,
        "count": len(ids),
        "lead": f"{unit.name}{_and_below(len(ids) - 1)}, từ ngày {vietnamese.day(day)}",
        "named": [row.name for row in named[:20]],
        "rest": max(0, len(ids) - 21),
        "holdings": [(holding, count) for holding, count in counted(ids, day) if count],
    }


def _and_below(count: int) -> str:
    return f" và {vietnamese.number(count)} tổ chức bên dưới" if count else ""
