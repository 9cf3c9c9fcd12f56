"""The whole work list of a reader, under the marks of the deadlines, and what their people wait for from others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cells.log import write
from config import clock
from reports import worklist
from reports.worklist import Item

#: more than anybody does in a day; the list of deadlines has all of them
MOST = 100


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What is the reader's to do, and what they wait for; always of today."""
    today = clock.today()
    if not request.user.posts_on(today):
        return redirect("home")
    found = worklist.of(request.user, today)
    due, elsewhere = found.due, found.elsewhere
    shown = due[:MOST]
    if shown or elsewhere:
        write.read(actor=request.user, subject="list", count=len(shown) + len(elsewhere[:MOST]))
    context = {
        "groups": [(title, [card(item, today) for item in items]) for title, items in worklist.groups(shown, today)],
        "count": len(due),
        "shown": len(shown),
        "elsewhere": [card(item, today) for item in elsewhere[:MOST]],
        "elsewhere_count": len(elsewhere),
    }
    return render(request, "reports/worklist.html", context)


def card(item: Item, today: dt.date) -> dict[str, Any]:
    """A line as `components/task.html` shows it."""
    return {
        "person": item.person,
        "person_url": item.person_url,
        "unit": item.unit,
        "what": item.what,
        "whom": item.whom,
        "deed": item.deed,
        "url": item.url,
        "days_left": item.days_left(today),
        "deadline": item.due,
        "rule": item.rule,
    }
