"""What is to be done to the structure of a unit, what waits, what was done, and putting that right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.dated import ONE_DAY, OPEN_START
from cells.forms import show_problems
from cells.organisations import tree
from cells.organisations.access import row_or_404, unit_or_404
from cells.organisations.forms import AGAIN
from cells.organisations.models import Operation, Organisation, Place
from cells.organisations.path import path
from cells.organisations.reorganise.correct import (
    approve_operation_corrections,
    changed,
    propose_correction,
    refuse_operation_corrections,
)
from cells.organisations.reorganise.models import OperationCorrection, WaitingOperation
from cells.organisations.reorganise.told import item_of
from cells.organisations.reorganise.waiting import call_off, carry_out
from cells.organisations.reorganise.words import sentences, told_all
from cells.organisations.reorganise.works import Work, decode
from cells.organisations.views.operations import WORDS
from cells.people import rights
from cells.people.models import User
from cells.second_person import SECOND_PERSON
from cells.verdict import Refused
from config import clock

#: recorded operations and settled corrections that the page shows
_DONE, _SETTLED = 50, 10
#: what can be done to the top
_OF_THE_TOP = (Work.FOUND, Work.JOIN, Work.RENAME, Work.CHANGE_KIND)

FIELDS = {
    "code": "mã tổ chức",
    "day": "ngày có hiệu lực",
    "decision_number": "số quyết định",
    "destination": "nơi chuyển đến",
    "into_code": "tổ chức tiếp nhận",
    "kind": "loại tổ chức",
    "name": "tên",
    "origin": "chuyển đến từ đâu",
    "parent_code": "cấp trên",
    "reason": "lý do",
    "receiver_code": "tổ chức tiếp nhận",
    "sector": "loại hình",
}


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation(request: HttpRequest, code: str) -> HttpResponse:
    """The works to choose from, and beside them what waits for its day, for a second person, and what was done."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.REORGANISE, today)
    waiting = WaitingOperation.objects.waiting().filter(_below(unit, today) | _gone_from(unit, today))
    ever = _within_reach(request.user, unit, today, Operation.with_void.all())
    corrections = OperationCorrection.objects.filter(operation__in=ever)
    if request.method == "POST":
        _settle(request, waiting, corrections, today)
        return redirect("reorganisation", code)
    done = list(_within_reach(request.user, unit, today).order_by("-day", "-pk")[:_DONE])
    context = {
        "unit": unit,
        "path": path(unit, today),
        "works": _works(unit, today),
        "waiting": _waiting_lines(waiting, today),
        "due": any(row.day <= today for row in waiting),
        "corrections": _correction_lines(corrections.waiting(), today),
        "settled": _correction_lines(corrections.exclude(state="waiting")[:_SETTLED], today),
        "second_person": SECOND_PERSON,
        "done": [
            {"row": row, "said": said, "url": reverse("correct_operation", args=[unit.code, row.pk])}
            for row, said in zip(done, told_all(done, today), strict=True)
        ],
    }
    return render(request, "cells/reorganisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_operation(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Ask that a recorded operation be put right, or taken back; another person approves it."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.REORGANISE, today)
    row = row_or_404(request, _within_reach(request.user, unit, today), pk)
    kind, item = AGAIN[Work(row.work)], item_of(row)
    about = Organisation.objects.styled(today).get(pk=row.organisation_id)
    data = request.POST if request.method == "POST" else None
    form = kind(data, unit=about, reader=request.user, today=today, initial=kind.fields_of(item))
    if data is not None and _proposed(request, form, row, void="void" in data):
        messages.success(request, "Đã gửi đính chính; người khác phải duyệt thì mới thay đổi.")
        return redirect("reorganisation", code)
    context = {
        "unit": unit,
        "path": path(unit, today),
        "form": form,
        "offered": form.offered(),
        "title": "Đính chính việc đã ghi",
        "lead": f"{told_all([row], today)[0]}, từ ngày {vietnamese.day(row.day)}",
        "may_take_back": row.work not in (Work.FOUND, Work.JOIN),
        "waiting": row.corrections.waiting().exists(),
        "cancel_url": reverse("reorganisation", args=[code]),
    }
    return render(request, "cells/correct_operation.html", context)


def _proposed(request: HttpRequest, form: Any, row: Operation, *, void: bool) -> bool:
    if not form.is_valid() and not (void and set(form.errors) <= form.fields.keys() - {"correction_reason"}):
        return False
    reason = form.cleaned_data.get("correction_reason", "")
    try:
        item = None if void else form.item()
        propose_correction(row, item, reason=reason, actor=request.user, today=form.today)
    except Refused as refused:
        show_problems(form, refused)
        return False
    return True


def _within_reach(
    reader: User, unit: Organisation, today: dt.date, rows: QuerySet[Operation] | None = None
) -> QuerySet[Operation]:
    """The operations of all units that were ever under `unit`: those the reader reorganises, and those gone today.

    The valid ones, or those of `rows`.
    """
    rows = Operation.objects.all() if rows is None else rows
    ever_under = Q(organisation__in=tree.reached([unit.pk], OPEN_START, today + ONE_DAY))
    held = rights.organisations(reader, rights.REORGANISE, on=today)
    return rows.filter(ever_under & held | _gone_from(unit, today)).select_related("organisation", "related")


def _below(unit: Organisation, today: dt.date) -> Q:
    return Q(organisation__in=tree.below([unit.pk], today))


def _gone_from(unit: Organisation, today: dt.date) -> Q:
    """Of units that stood under it once and stand nowhere today: nobody else would see them."""
    stands = Place.objects.on(today).values("organisation")
    return Q(organisation__in=tree.reached([unit.pk], OPEN_START, today + ONE_DAY)) & ~Q(organisation__in=stands)


def _works(unit: Organisation, today: dt.date) -> list[dict[str, str]]:
    place = Place.objects.on(today).filter(organisation=unit).first()
    top = place is None or place.parent_id is None
    return [
        {"title": words.title, "about": words.about, "url": reverse("operation", args=[unit.code, work])}
        for work, words in WORDS.items()
        if not top or work in _OF_THE_TOP
    ]


def _waiting_lines(rows: QuerySet[WaitingOperation], today: dt.date) -> list[dict[str, Any]]:
    found = list(rows.select_related("made_by__person", "organisation"))
    said = sentences([decode(row.work, row.item) for row in found], today)
    return [
        {"row": row, "said": words, "by": row.made_by.get_full_name() if row.made_by else "hệ thống"}
        for row, words in zip(found, said, strict=True)
    ]


def _correction_lines(rows: QuerySet[OperationCorrection], today: dt.date) -> list[dict[str, Any]]:
    found = list(
        rows.select_related("operation__organisation", "operation__related", "made_by__person", "settled_by__person")
    )
    said = told_all([row.operation for row in found], today)
    return [
        {
            "row": row,
            "said": words,
            "day": row.operation.day,
            "changes": _changes(row) if row.state == OperationCorrection.State.WAITING else [],
            "by": row.made_by.get_full_name() if row.made_by else "hệ thống",
            "settled_by": row.settled_by.get_full_name() if row.settled_by else "",
        }
        for row, words in zip(found, said, strict=True)
    ]


def _changes(row: OperationCorrection) -> list[dict[str, str]]:
    """Field by field what it was and what it would be; nothing for an operation that is taken back."""
    return [
        {"field": FIELDS.get(name, name), "before": _said(name, before), "after": _said(name, after)}
        for name, (before, after) in changed(row).items()
    ]


def _said(name: str, value: Any) -> str:
    if name == "day" and value:
        return vietnamese.day(dt.date.fromisoformat(value))
    return str(value) if value else "để trống"


def _settle(request: HttpRequest, waiting: QuerySet, corrections: QuerySet, today: dt.date) -> None:
    """Do what the button said; the answer stands on the page that follows."""
    asked = request.POST.get("deed", "")
    chosen = request.POST.get("row", "")
    pk = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else 0
    mine = [pk] if waiting.filter(pk=pk).exists() else []
    theirs = [pk] if corrections.filter(pk=pk).exists() else []
    answer = request.POST.get("answer", "")[:300]
    deeds: dict[str, Callable[[], str]] = {
        "call_off": lambda: call_off(mine or [0], actor=request.user) and "Đã thôi việc này; nó sẽ không được làm.",
        "carry_out": lambda: _carried_out(today),
        "approve": lambda: (
            approve_operation_corrections(theirs or [0], actor=request.user, today=today)
            and "Đã duyệt đính chính; cây tổ chức và mọi bảng đã theo việc đúng."
        ),
        "refuse": lambda: (
            refuse_operation_corrections(theirs or [0], actor=request.user, answer=answer)
            and "Đã ghi là không duyệt; việc giữ nguyên như đã ghi."
        ),
    }
    if asked not in deeds:
        return
    try:
        messages.success(request, deeds[asked]())
    except Refused as refused:
        messages.error(request, refused.problems[0].message)


def _carried_out(today: dt.date) -> str:
    rows = carry_out(today=today)
    done = sum(row.state == WaitingOperation.State.DONE for row in rows)
    left = f" {vietnamese.number(len(rows) - done)} việc chưa làm được, lý do ghi bên dưới." if done < len(rows) else ""
    return f"Đã thực hiện {vietnamese.number(done)} việc đến ngày.{left}"
