"""The units at which the reader holds posts, side by side: where they stand, what changed, what waits.

Of a past day they are those of the posts held then, as far as a post of today is there or above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.asked_day import AskedDay, asked_day
from cells.organisations import tree
from cells.organisations.access import strangers
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import Post, User
from config import clock
from membership.models import Candidacy
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


#: unit's id → the reader's posts there
Posts = Mapping[int, Sequence[Post]]


@require_safe
def my_units(request: HttpRequest) -> HttpResponse:
    day = asked_day(request, clock.today())
    if not request.user.posts_on(day.today):
        return redirect(day.keep(reverse("home")))
    held = _held(request.user, day)
    told = _told(request.user, held, day)
    context = day.context() | {
        "columns": COLUMNS,
        "lines": _lines(request.user, told, day) if told else [],
        "count": _count(told, day),
        "left_out": len(held) - len(told),
        "year": day.on.year,
        "days": changes.DAYS,
    }
    return render(request, "reports/my_units.html", context)


def _held(reader: User, day: AskedDay) -> Posts:
    by_unit: dict[int, list[Post]] = defaultdict(list)
    for post in reader.posts_on(day.on):
        by_unit[post.organisation_id].append(post)
    return by_unit


def _told(reader: User, held: Posts, day: AskedDay) -> Posts:
    """Those of the posts of the day by which the reader may look today: at the unit, or above it today or then."""
    if not day.is_past:
        return held
    own = reader.units_on(day.today)
    under = Q(pk__in=tree.below(own, day.today)) | Q(pk__in=tree.below(own, day.on))
    seen = Organisation.objects.for_user(reader, rights.SEE_FIGURES, on=day.today, seen=day.seen)
    kept = set(seen.filter(under, pk__in=held).values_list("pk", flat=True))
    return {unit: posts for unit, posts in held.items() if unit in kept}


def _lines(reader: User, told: Posts, day: AskedDay) -> list[dict]:
    """A line for each of these units; the number of queries does not grow with them."""
    units = list(told)
    year = period.of_year(day.on.year, day.on, today=day.today)
    book = book_of(units, year)
    waiting, changed = _waiting(units, day), changes.counted(units, day.on)
    named, strange = _named(reader, told, day), strangers(reader, units, day)
    return [
        row
        | {
            "heads": None if row["id"] in strange else row["heads"],
            "state": states.of_row(row, year.last),
            "posts": "; ".join(f"{post.title} {post.days_text}" for post in told[row["id"]]),
            "waiting": waiting[row["id"]][0],
            "waiting_days": waiting[row["id"]][1],
            "cases_url": _cases_url(row["code"]) if row["id"] in named else "",
            "changes": changes.in_words(changed[row["id"]]),
            "scopes": scopes.text() if scopes.differ else "",
        }
        for row, scopes in zip(rows_of(book, units, day.on), scopes_of(book, units, day.on), strict=True)
    ]


def _waiting(units: Sequence[int], day: AskedDay) -> dict[int, tuple[int, int]]:
    """Unit → how many cases at it and below wait for the decision, and for how many days the oldest."""
    rows = (
        Candidacy.objects.as_of(day.on, today=day.today)
        .filter(unit_then__in=tree.below(units, day.on))
        .awaiting_decision(day.on)
        .order_by()
        .values_list("unit_then")
        .annotate(number=Count("pk"), oldest=Min("day_then"))
    )
    waiting = {unit: (number, (day.on - oldest).days) for unit, number, oldest in rows}
    found = dict.fromkeys(units, (0, 0))
    for unit, root in tree.below_each(units, day.on) if waiting else ():
        number, days = waiting.get(unit, (0, 0))
        found[root] = (found[root][0] + number, max(found[root][1], days))
    return found


def _named(reader: User, told: Posts, day: AskedDay) -> Collection[int]:
    """The units whose people the reader may look up by name: by the posts of today."""
    if day.is_past:
        seen = Organisation.objects.for_user(reader, rights.SEE_PEOPLE, on=day.today)
        return set(seen.filter(pk__in=told).values_list("pk", flat=True))
    return {unit for unit, posts in told.items() if any(rights.reach_of(post, rights.SEE_PEOPLE) for post in posts)}


def _cases_url(code: str) -> str:
    """The cases that wait."""
    return f"{reverse('cases')}?unit={code}&stage=awaiting_decision"


def _count(told: Posts, day: AskedDay) -> str:
    held = "giữ chức vụ hoặc phụ trách ngày đó" if day.is_past else "đang giữ chức vụ hoặc phụ trách"
    return f"{vietnamese.number(len(told))} tổ chức đồng chí {held}"
