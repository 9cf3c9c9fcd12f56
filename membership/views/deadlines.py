"""The list of clocks within the reader's rights: what is overdue, what soon will be, what runs."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.asked_day import asked_day
from config import clock
from membership.deadlines.models import SOON, VALIDITIES, DeadlineQuerySet
from membership.deadlines.words import title
from membership.forms.filters import DeadlineFilter
from membership.models import Deadline
from membership.views import lists

COLUMNS = [
    {"label": "Họ và tên", "sort": "name"},
    {"label": "Chi bộ", "sort": "unit"},
    {"label": "Thời hạn", "sort": "kind"},
    {"label": "Hạn", "sort": "due", "number": True},
    {"label": "Còn", "number": True},
]
ORDERS = {
    "due": ("due", "pk"),
    "name": ("name_key", "due", "pk"),
    "unit": ("unit_key", "due", "pk"),
    "kind": ("kind", "due", "pk"),
}


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """The clocks the reader may see on the day asked, at first those overdue; filtered and sorted."""
    day = asked_day(request, clock.today())
    chosen = lists.units_to_choose(request, day)
    form = DeadlineFilter(request.GET, units=chosen, reader=request.user, day=day)
    found = Deadline.objects.for_user(request.user, on=day.today).filter(start__lte=day.on)
    found = lists.in_unit(found, form, chosen, day.on)
    found = lists.in_stratum(found, form, "candidacy__", "spell__candidacy__")
    if form.chosen("kind"):
        found = found.filter(kind=form.chosen("kind"))
    found = in_state(found, form.chosen("state", "overdue"), day.on)
    found = found.annotate(name_key=Coalesce(F("candidacy__person__name_key"), F("spell__person__name_key")))
    found = lists.in_order(found.with_person(), request.GET.get("sort", ""), ORDERS, day.on)
    page = lists.one_page(request, found, day.on)
    for row in page.object_list:
        row.title, row.left = title(row.kind), left_in_words(row, day.on)
    context = day.context() | {
        "filter_form": form,
        "reset_url": reverse("deadlines"),
        "columns": COLUMNS,
        "page": page,
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "membership/deadlines.html", context)


def in_state(found: DeadlineQuerySet, state: str, on: dt.date) -> DeadlineQuerySet:
    """Those in a state of the filter at the end of the day."""
    if state == "overdue":
        return found.overdue(on)
    if state == "expired":
        return found.expired(on)
    if state == "coming":
        return found.due_within(on, SOON)
    return found.open_on(on) if state == "open" else found


def left_in_words(row: Deadline, on: dt.date) -> str:
    """«còn 12 ngày», «quá 3 ngày», in days of the calendar; how it ended, if it has."""
    if row.ended_on is not None and row.ended_on <= on:
        return f"{row.get_outcome_display()} {row.ended_on:%d/%m/%Y}"
    days = (row.due - on).days
    if days < 0:
        return f"hết giá trị {-days} ngày" if row.kind in VALIDITIES else f"quá {-days} ngày"
    return f"còn {days} ngày" if days else "hôm nay"
