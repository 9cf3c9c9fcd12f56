"""The awareness classes for the people of a unit: announced, put right, called off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells import vietnamese
from cells.forms import DeedForm
from cells.organisations import tree
from cells.organisations.access import row_or_404
from cells.organisations.models import Organisation
from cells.people import rights
from membership.classes import deeds
from membership.forms.classes import CallOffForm, ClassForm, CorrectClassForm
from membership.models import AwarenessClass
from membership.views.access import Access, of_unit
from membership.views.deeds import FORM_METHODS, attempt, posted, say

ROWS_A_PAGE = 25


@require_safe
def classes(request: HttpRequest, code: str) -> HttpResponse:
    """The classes open to people of the unit; who holds classes sees those for units below too."""
    access = of_unit(request, code, rights.SEE_FIGURES)
    holds = access.may(rights.HOLD_CLASSES)
    ids, day = [access.unit.pk], access.today
    units = Q(organisation__in=ids) | Q(organisation__in=tree.above(ids, day))
    units |= Q(organisation__in=tree.below(ids, day)) if holds else Q()
    rows = AwarenessClass.objects.valid().filter(units).select_related("organisation")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = Organisation.objects.styled(day).in_bulk({row.organisation_id for row in page})
    for row in page:
        row.unit = names.get(row.organisation_id, row.organisation)
        own = holds and row.organisation_id == access.unit.pk and row.closes_on >= day
        row.addresses = [reverse(name, args=[code, row.pk]) for name in _DEEDS] if own else []
        row.is_over = row.closes_on < day
    context = access.frame() | {
        "page": page,
        "unit": access.unit,
        "columns": _COLUMNS + ([{"label": "Sửa"}] if holds else []),
        "holds": holds,
        "can_choose_day": False,
    }
    return render(request, "membership/classes.html", context)


_DEEDS = ("class_correct", "class_call_off")
_COLUMNS: list[dict[str, Any]] = [
    {"label": "Lớp"},
    {"label": "Khai giảng", "number": True},
    {"label": "Bế giảng", "number": True},
    {"label": "Mở cho"},
    {"label": "Nơi mở lớp"},
]


@require_http_methods(FORM_METHODS)
def class_new(request: HttpRequest, code: str) -> HttpResponse:
    access = of_unit(request, code, rights.HOLD_CLASSES)
    form = ClassForm(posted(request), today=access.today)

    def announce() -> AwarenessClass:
        return deeds.announce([form.announced(access.unit)], actor=request.user)[0]

    intro = f"Lớp mở cho người của {access.unit.name} và mọi đơn vị trực thuộc."
    return _page(request, access, form, announce, "Đã báo lớp «{}».", title="Báo lớp nhận thức về Đảng", intro=intro)


@require_http_methods(FORM_METHODS)
def class_correct(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    access = of_unit(request, code, rights.HOLD_CLASSES)
    row = _row(request, access, pk)
    form = CorrectClassForm(posted(request), row=row, today=access.today)

    def correct() -> AwarenessClass:
        item, reason = form.announced(access.unit), form.cleaned_data["reason"]
        return deeds.correct(row, item, reason=reason, actor=request.user)

    return _page(request, access, form, correct, "Đã sửa lớp «{}».", title="Sửa lớp nhận thức về Đảng")


@require_http_methods(FORM_METHODS)
def class_call_off(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    access = of_unit(request, code, rights.HOLD_CLASSES)
    row = _row(request, access, pk)
    form = CallOffForm(posted(request), today=access.today)

    def call_off() -> AwarenessClass:
        return deeds.call_off(row, reason=form.cleaned_data["reason"], actor=request.user)

    intro = f"{row.name}, từ {vietnamese.day(row.opens_on)} đến {vietnamese.day(row.closes_on)}."
    return _page(request, access, form, call_off, "Đã hủy lớp «{}».", title="Hủy lớp nhận thức về Đảng", intro=intro)


def _row(request: HttpRequest, access: Access, pk: int) -> AwarenessClass:
    """The class; one called off only for a form that was open before: its deed says so, and what was typed stays."""
    rows = AwarenessClass.objects.filter(organisation=access.unit)
    return row_or_404(request, rows if request.method == "POST" else rows.valid(), pk)


def _page(
    request: HttpRequest,
    access: Access,
    form: DeedForm,
    deed: Callable[[], AwarenessClass],
    done: str,
    *,
    title: str,
    intro: str = "",
) -> HttpResponse:
    back = reverse("classes", args=[access.unit.code])
    if request.method == "POST":
        written = attempt(form, deed)
        if written:
            say(request, done.format(written.name))
            return redirect(back)
    context = {
        "form": form,
        "path": access.path,
        "title": title,
        "lead": access.unit.name,
        "deed": title.split(" nhận thức")[0],
        "intro": intro,
        "cancel_url": back,
    }
    return render(request, "membership/deed.html", context, status=409 if form.stale else 200)
