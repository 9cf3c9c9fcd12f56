"""The nine works on the structure, each on the same three steps: what is asked, what it would do, done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.forms import show_problems
from cells.log import write
from cells.organisations.access import unit_or_404
from cells.organisations.forms import FORMS, OperationForm
from cells.organisations.models import Operation, Organisation, Place
from cells.organisations.path import path
from cells.organisations.registry import counted
from cells.organisations.reorganise.waiting import Postponement, postpone, rehearse
from cells.organisations.reorganise.words import sentences
from cells.organisations.reorganise.works import Item, Work, perform
from cells.organisations.shares import SharesForm, provisional, shares_form
from cells.people import rights
from cells.verdict import Refused
from config import clock

#: problems that are mended among the shares, not in the form before
_SHARED = {"people", "units", "posts"}
_NAMED = 20


@dataclass(frozen=True)
class Words:
    """A work as its page tells it: `about` what it is for, `deed` on the button."""

    title: str
    deed: str
    about: str


WORDS = {
    Work.FOUND: Words("Thành lập tổ chức", "Thành lập", "Lập tổ chức mới trực thuộc đơn vị này."),
    Work.JOIN: Words(
        "Tiếp nhận tổ chức", "Tiếp nhận", "Nhận tổ chức từ đảng bộ khác về, cùng đảng viên của tổ chức đó."
    ),
    Work.RENAME: Words("Đổi tên tổ chức", "Đổi tên", "Tên mới từ một ngày; tên cũ vẫn còn ở những ngày trước."),
    Work.CHANGE_KIND: Words(
        "Đổi loại tổ chức", "Đổi loại", "Chi bộ cơ sở lên đảng bộ cơ sở, hoặc đổi loại hình hoạt động."
    ),
    Work.MOVE: Words(
        "Chuyển sang cấp trên khác", "Chuyển", "Cả tổ chức và mọi tổ chức bên dưới về trực thuộc cấp trên khác."
    ),
    Work.SPLIT: Words("Chia tách tổ chức", "Chia tách", "Tách một phần, hoặc chia hẳn thành nhiều tổ chức."),
    Work.MERGE: Words(
        "Sáp nhập vào tổ chức khác", "Sáp nhập", "Tổ chức này kết thúc; đảng viên, hồ sơ sang tổ chức nhận."
    ),
    Work.DISSOLVE: Words("Giải thể tổ chức", "Giải thể", "Tổ chức kết thúc; ai còn lại thì chuyển về tổ chức khác."),
    Work.LEAVE: Words(
        "Chuyển tổ chức ra khỏi đảng bộ",
        "Chuyển ra khỏi đảng bộ",
        "Tổ chức sang đảng bộ khác, cùng mọi tổ chức bên dưới.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def operation(request: HttpRequest, code: str, work: Work) -> HttpResponse:
    """One work at the unit (of a founding or a reception: under it)."""
    today = clock.today()
    if (above := _gone_already(request, code, work, today)) is not None:
        messages.info(request, "Việc này đã được ghi.")
        return redirect("structure", above.code)
    unit = unit_or_404(request, code, rights.REORGANISE, today)
    data = request.POST if request.method == "POST" else None
    form = FORMS[work](data, unit=unit, reader=request.user, today=today, initial=_initial(unit))
    if data is None or "edit" in data or not form.is_valid():
        return _form_page(request, form)
    item = form.item()
    sure = "confirm" in data
    shares = shares_form(item, unit, data if sure else None, today=today)
    if sure and (shares is None or shares.is_valid()):
        whole = replace(item, **_kept(item, shares.shares() if shares else {"posts": {}}))
        if _attempt(form, shares, lambda: _write(request, unit, whole, today)):
            return redirect("structure", _where_now(unit, today).code)
    else:
        _attempt(form, None, lambda: rehearse(provisional(item), actor=request.user, today=today))
    if form.errors:
        return _form_page(request, form)
    return _preview_page(request, form, item, shares)


def _initial(unit: Organisation) -> dict[str, Any]:
    """A new name begins with the old one, a new unit with the kind of the one it comes from."""
    return {"name": unit.name, "kind": unit.kind_id, "sector": unit.sector_id}


def _kept(item: Item, shares: dict[str, dict]) -> dict[str, dict]:
    return {name: value for name, value in shares.items() if hasattr(item, name)}


def _write(request: HttpRequest, unit: Organisation, item: Item, today: dt.date) -> None:
    """Do it, or let it wait for its day; the sentence of it stands on the page that follows."""
    said = sentences([item], today)[0]
    day = vietnamese.day(item.day)
    if item.day > today:
        postpone([Postponement(item, unit)], actor=request.user, today=today)
        messages.success(request, f"Đã ghi để chờ đến ngày {day}: {said}. Đến ngày đó mới có hiệu lực.")
        return
    perform(item, actor=request.user, today=today)
    messages.success(request, f"Đã ghi, từ ngày {day}: {said}.")


def _attempt(form: OperationForm, shares: SharesForm | None, deed: Callable[[], Any]) -> bool:
    """Whether it was done; what was refused stands where it is mended."""
    try:
        deed()
    except Refused as refused:
        if shares is not None and all(problem.field in _SHARED for problem in refused.problems):
            show_problems(shares, refused)
        else:
            show_problems(form, refused)
        return False
    except IntegrityError:
        form.add_error(None, "Người khác vừa ghi việc khác của tổ chức này; tải lại trang và xem lại.")
        return False
    return True


def _gone_already(request: HttpRequest, code: str, work: Work, today: dt.date) -> Organisation | None:
    """The unit above one that this very work has ended, for whoever sends the confirmed form a second time."""
    if "confirm" not in request.POST or Place.objects.on(today).filter(organisation__code=code).exists():
        return None
    last = Place.objects.filter(organisation__code=code).order_by("-from_day").select_related("parent").first()
    done = Operation.objects.filter(organisation__code=code, work=work, day=last.to_day).exists() if last else False
    if not done or last.parent is None or not rights.may(request.user, rights.REORGANISE, last.parent_id, on=today):
        return None
    return last.parent


def _where_now(unit: Organisation, today: dt.date) -> Organisation:
    """The unit, or the one it stood under where it is no more."""
    last = Place.objects.filter(organisation=unit).order_by("-from_day").select_related("parent").first()
    return unit if last is None or last.parent is None or last.holds_on(today) else last.parent


def _form_page(request: HttpRequest, form: OperationForm) -> HttpResponse:
    words = WORDS[form.work]
    under = form.work in (Work.FOUND, Work.JOIN)
    context = {
        "unit": form.unit,
        "path": path(form.unit, form.today),
        "form": form,
        "offered": form.offered(),
        "title": words.title,
        "lead": f"Trực thuộc {form.unit.name}" if under else form.unit.name,
        "intro": words.about,
        "deed": "Xem trước",
        "busy": "Đang kiểm tra…",
        "cancel_url": reverse("reorganisation", args=[form.unit.code]),
    }
    return render(request, "cells/structure_form.html", context)


def _preview_page(request: HttpRequest, form: OperationForm, item: Item, shares: SharesForm | None) -> HttpResponse:
    """What the operation would do: who and what goes along, and what is still to be chosen."""
    unit, today = form.unit, form.today
    people = shares.rows("person_") if shares else []
    if people:
        write.read(actor=request.user, subject="list", organisation=unit, count=len(people))
    context = {
        "unit": unit,
        "path": path(unit, today),
        "form": form,
        "shares": shares,
        "people": people,
        "units": shares.rows("unit_") if shares else [],
        "posts": shares.rows("post_") if shares else [],
        "said": sentences([item], today)[0],
        "day_text": vietnamese.day(item.day),
        "item": item,
        "waits": item.day > today,
        "deed": WORDS[form.work].deed if item.day <= today else "Ghi để chờ đến ngày",
    }
    return render(request, "cells/operation_preview.html", context | _along(form.work, unit, item))


#: what the works do to what a unit holds; the others leave it alone
_GOES_OUT, _GOES_ON = (Work.LEAVE,), (Work.MERGE, Work.DISSOLVE, Work.SPLIT)


def _along(work: Work, unit: Organisation, item: Item) -> dict[str, Any]:
    """The units that go along, by name as far as a page takes them, and what is held."""
    day, stands_on = item.day, unit.code in getattr(item, "into", ())
    if work not in (Work.MOVE, *_GOES_OUT, *_GOES_ON) or stands_on:
        return {"held": [], "named": [], "rest": 0}
    below = Organisation.objects.below(unit.pk, on=day).exclude(pk=unit.pk).styled(day).order_by("name_key", "pk")
    along = list(below)
    ids = [unit.pk, *(row.pk for row in along)] if work not in _GOES_ON else [unit.pk]
    return {
        "named": [row.name for row in along[:_NAMED]],
        "rest": max(0, len(along) - _NAMED),
        "held": [(holding.title, count, _becomes(work, holding)) for holding, count in counted(ids, day) if count],
    }


def _becomes(work: Work, holding: Any) -> str:
    if work in _GOES_OUT:
        return holding.stays
    return holding.follows if work in _GOES_ON else "đi theo tổ chức, không thay đổi"
