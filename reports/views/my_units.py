"""The units at which the reader holds posts, side by side: where they stand, what changed, what waits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.organisations import tree
from cells.people import rights
from cells.people.models import Post
from config import clock
from membership.models import Candidacy, awaits_decision
from reports import changes, period, states
from reports.tables.admission_rate import book_of, rows_of, scopes_of

COLUMNS = [
    {"label": "Tổ chức"},
    {"label": "Đầu năm", "number": True},
    {"label": "Chỉ tiêu", "number": True},
    {"label": "Đã kết nạp", "number": True},
    {"label": "Tỷ lệ", "number": True},
    {"label": "Tình trạng"},
    {"label": "Chờ quyết định", "number": True},
    {"label": f"{changes.DAYS} ngày qua"},
]


@require_safe
def my_units(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    posts = request.user.posts_on(today)
    if not posts:
        return redirect("home")
    by_unit: dict[int, list[Post]] = defaultdict(list)
    for post in posts:
        by_unit[post.organisation_id].append(post)
    context = {
        "columns": COLUMNS,
        "lines": lines(by_unit, today),
        "count": _count(by_unit),
        "year": today.year,
        "days": changes.DAYS,
    }
    return render(request, "reports/my_units.html", context)


def lines(by_unit: dict[int, list[Post]], today: dt.date) -> list[dict]:
    """A line for each of these units; the number of queries does not grow with them."""
    units = list(by_unit)
    year = period.of_year(today.year, today, today=today)
    book = book_of(units, year)
    waiting, changed = _waiting(units, today), changes.counted(units, today)
    return [
        row
        | {
            "state": states.of_row(row, year.last),
            "posts": "; ".join(f"{post.title} {post.days_text}" for post in by_unit[row["id"]]),
            "waiting": waiting[row["id"]][0],
            "waiting_days": waiting[row["id"]][1],
            "cases_url": _cases_url(row["code"], by_unit[row["id"]]),
            "changes": changes.in_words(changed[row["id"]]),
            "scopes": scopes.text() if scopes.differ else "",
        }
        for row, scopes in zip(rows_of(book, units, today), scopes_of(book, units, today), strict=True)
    ]


def _waiting(units: Sequence[int], today: dt.date) -> dict[int, tuple[int, int]]:
    """Unit → how many cases at it and below wait for the decision, and for how many days the oldest."""
    rows = (
        Candidacy.objects.open()
        .filter(organisation__in=tree.below(units, today))
        .at_base(today)
        .filter(awaits_decision())
        .order_by()
        .values_list("organisation_id")
        .annotate(number=Count("pk"), oldest=Min("stage_day"))
    )
    waiting = {unit: (number, (today - oldest).days) for unit, number, oldest in rows}
    found = dict.fromkeys(units, (0, 0))
    for unit, root in tree.below_each(units, today) if waiting else ():
        number, days = waiting.get(unit, (0, 0))
        found[root] = (found[root][0] + number, max(found[root][1], days))
    return found


def _cases_url(code: str, posts: Sequence[Post]) -> str:
    """The cases that wait; "" for whoever sees no names there."""
    if not any(rights.reach_of(post, rights.SEE_PEOPLE) for post in posts):
        return ""
    return f"{reverse('cases')}?unit={code}&stage=awaiting_decision"


def _count(by_unit: dict[int, list[Post]]) -> str:
    return f"{vietnamese.number(len(by_unit))} tổ chức đồng chí đang giữ chức vụ hoặc phụ trách"
