"""Freezing bases from the register, and correcting one: proposed by one person, approved by another."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.dated import ONE_DAY, OPEN_START
from cells.forms import show_problems
from cells.log import write
from cells.organisations import tree
from cells.organisations.access import unit_or_404
from cells.organisations.models import Organisation, Place
from cells.organisations.path import path
from cells.people import rights
from cells.people.heads import headed, of_unit
from cells.people.models import User
from cells.second_person import SECOND_PERSON
from cells.verdict import Refused
from config import clock
from membership.models import Spell
from targets.base import Freezing, freeze, members_to_freeze, preview, registered
from targets.base_corrections import (
    Proposal,
    approve_corrections,
    propose_corrections,
    refuse_corrections,
)
from targets.forms import CorrectBaseForm
from targets.models import Base, BaseCorrection
from targets.views import year_page

#: names and settled corrections that a page shows
_NAMES, _SETTLED = 300, 20


@require_http_methods(["GET", "POST"])
def freeze_bases(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """What would be frozen; frozen once that is confirmed."""
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.DECLARE, today)
    try:
        if "confirm" in request.POST:
            done = freeze(unit, year, actor=request.user, today=today)
            messages.success(request, _told(done, year))
            return redirect("bases", code, year)
        told, refused = preview(unit, year, actor=request.user, today=today), ""
    except Refused as refusal:
        told, refused = None, refusal.problems[0].message
    members, above = members_to_freeze(unit, year) if told else (0, 0)
    context = {
        "unit": unit,
        "year": year,
        "path": path(unit, today),
        "heads": of_unit(unit, today),
        "told": told,
        "refused": refused,
        "members": members,
        "above": above,
        "back_url": reverse("bases", args=[code, year]),
    }
    return render(request, "targets/freeze_bases.html", context)


def _told(done: Freezing, year: int) -> str:
    said = f"Đã chốt số đầu năm {year} từ sổ của {vietnamese.number(done.new)} tổ chức"
    return f"{said}; {vietnamese.number(done.held)} tổ chức đã có số từ trước được giữ nguyên."


@require_http_methods(["GET", "POST"])
def correct_base(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Propose the right number of a base; who the register has on 1/1 stands beside it."""
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.DECLARE, today)
    base = Base.objects.beside_register(year).filter(organisation=unit).select_related("made_by__person").first()
    if base is None:
        messages.info(request, f"{unit.name} chưa có số đầu năm {year}: chốt trước, rồi mới đính chính.")
        return redirect("bases", code, year)
    frozen = base.origin == Base.Origin.FROZEN
    initial = {"total": base.registered if frozen and base.residual else None}
    form = CorrectBaseForm(request.POST or None, used=base.used, initial=initial, today=today)
    if request.method == "POST" and form.is_valid() and _propose(form, base, request.user):
        messages.success(request, f"Đã gửi đính chính số đầu năm {year} của {unit.name}; người khác phải duyệt.")
        return redirect("bases", code, year)
    context = {
        "unit": unit,
        "year": year,
        "path": path(unit, today),
        "heads": of_unit(unit, today),
        "form": form,
        "base": base,
        "made": base.made_in_words(),
        "frozen": frozen,
        "registered": registered(unit, year),
        "names": _on_register(request.user, unit, year, today),
        "waiting": base.corrections.waiting().exists(),
        "corrections_url": reverse("base_corrections", args=[code]),
        "cancel_url": reverse("bases", args=[code, year]),
    }
    return render(request, "targets/correct_base.html", context)


def _propose(form: CorrectBaseForm, base: Base, actor: User) -> bool:
    typed = form.cleaned_data
    try:
        propose_corrections([Proposal(base, typed["total"], typed["reason"])], actor=actor)
    except Refused as refused:
        show_problems(form, refused)
    except IntegrityError:
        form.add_error(None, "Người khác vừa gửi một đính chính của số này; mở lại trang.")
    return not form.errors


def _on_register(reader: User, unit: Organisation, year: int, today: dt.date) -> list[Spell]:
    """Who is in the unit at the turn into 1/1 by the register of now, as far as the reader sees people there."""
    members = Spell.objects.at_start_of(dt.date(year, 1, 1)).filter(organisation=unit).for_user(reader, on=today)
    names = list(members.select_related("person").sorted()[:_NAMES])
    if names:
        write.read(actor=reader, subject="list", organisation=unit, count=len(names))
    return names


@require_http_methods(["GET", "POST"])
def base_corrections(request: HttpRequest, code: str) -> HttpResponse:
    """The corrections at and below the unit that wait, each with its two buttons for whoever is not its author."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.DECLARE, today)
    rows = _within_reach(request.user, unit, today)
    if request.method == "POST":
        _settle(request, rows)
        return redirect("base_corrections", code)
    context = {
        "unit": unit,
        "path": path(unit, today),
        "heads": of_unit(unit, today),
        "waiting": _lines(rows.waiting(), today),
        "settled": _lines(rows.exclude(state=BaseCorrection.State.WAITING)[:_SETTLED], today),
        "second_person": SECOND_PERSON,
        "bases_url": reverse("bases", args=[code, today.year]),
    }
    return render(request, "targets/base_corrections.html", context)


def _within_reach(reader: User, unit: Organisation, today: dt.date) -> QuerySet[BaseCorrection]:
    """Of all units that were ever under `unit`: those the reader declares for, and those that stand nowhere today."""
    ever_under = tree.reached([unit.pk], OPEN_START, today + ONE_DAY)
    stands = Exists(Place.objects.on(today).filter(organisation=OuterRef("base__organisation")))
    held = rights.organisations(reader, rights.DECLARE, on=today, field="base__organisation")
    return BaseCorrection.objects.filter(held | ~stands, base__organisation__in=ever_under)


def _settle(request: HttpRequest, rows: QuerySet[BaseCorrection]) -> None:
    """Do what the button said; the answer stands on the page that follows."""
    chosen = request.POST.get("correction", "")
    row = rows.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    if row is None:
        messages.error(request, "Đính chính này không còn chờ duyệt; xem lại danh sách.")
        return
    try:
        if request.POST.get("deed") == "approve":
            approve_corrections([row.pk], actor=request.user)
            messages.success(request, "Đã duyệt đính chính; mọi bảng từ nay dùng số mới.")
        else:
            refuse_corrections([row.pk], actor=request.user, answer=request.POST.get("answer", "")[:300])
            messages.success(request, "Đã ghi là không duyệt; số đầu năm giữ nguyên.")
    except Refused as refused:
        messages.error(request, refused.problems[0].message)


def _lines(rows: QuerySet[BaseCorrection], today: dt.date) -> list[dict[str, Any]]:
    found = list(rows.select_related("base", "made_by__person", "settled_by__person"))
    used = dict(Base.objects.filter(pk__in=[row.base_id for row in found]).corrected().values_list("pk", "used"))
    units = Organisation.objects.styled(today).filter(pk__in={row.base.organisation_id for row in found})
    named = {unit.pk: unit for unit in headed(units, today)}
    return [
        {
            "row": row,
            "unit": named[row.base.organisation_id],
            "year": row.base.year,
            "now": used[row.base_id],
            "then": used[row.base_id] + row.difference,
            "by": row.made_by.get_full_name() if row.made_by else "hệ thống",
            "settled_by": row.settled_by.get_full_name() if row.settled_by else "",
        }
        for row in found
    ]
