"""The first page: what waits for the reader. Readers who follow figures go to their dashboard, those of several units
(and members in charge of one) to the list of them.
"""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.asked_day import asked_day
from cells.organisations.models import Organisation
from cells.people.models import Post, Role
from cells.rules.models import Kind
from config import clock
from membership import board
from membership.models import Candidacy
from reports import period, worklist
from reports.tables.admission_rate import book_of, rows_of
from reports.tables.table import Row
from reports.views.worklist import card

WORKING = (Role.BRANCH, Role.COMMITTEE)
PEOPLE_A_STAGE = 6
TASKS, WAITING = 20, 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    posts = request.user.posts_on(today)
    if not posts:
        return render(request, "reports/no_post.html")
    working = [post for post in posts if post.role in WORKING]
    if not working:
        alone = len(request.user.units_on(today)) == 1 and posts[0].role != Role.SUPERVISOR
        url = posts[0].organisation.get_absolute_url() if alone else reverse("my_units")
        return redirect(asked_day(request, today).keep(url))
    units = list(dict.fromkeys(post.organisation_id for post in working))
    work = worklist.of(request.user, today)
    tasks, elsewhere = work.due, work.elsewhere
    return render(
        request,
        "reports/home.html",
        {
            "lead": "; ".join(dict.fromkeys(post.unit_name for post in working)),
            "year": today.year,
            "tasks": [card(task, today) for task in tasks[:TASKS]],
            "task_count": len(tasks),
            "meetings": _meetings(working, today),
            "elsewhere": [card(item, today) for item in elsewhere[:WAITING]],
            "elsewhere_count": len(elsewhere),
            "board": _board(request, today),
            "strips": [
                {"title": f"Năm {today.year} của {row['name']}", "items": _strip(row)}
                for row in rows_of(book_of(units, period.of_year(today.year, today, today=today)), units, today)
            ],
            "other_posts": [post for post in posts if post.organisation_id not in units],
        },
    )


def _meetings(posts: list[Post], today: dt.date) -> list[dict]:
    """The meetings whose results the reader records, one for each unit of their posts."""
    units = Organisation.objects.filter(pk__in=[post.organisation_id for post in posts]).styled(today)
    kinds = Kind.objects.in_bulk()
    links = []
    for unit in units.order_by("name_key", "pk"):
        kind = kinds[unit.kind_id]
        examines = kind.level == Kind.Level.BASE and kind.has_committee
        if kind.is_branch or examines:
            name = "committee_meeting" if examines else "branch_meeting"
            links.append({"label": f"Ghi kết quả họp: {unit.name}", "url": reverse(name, args=[unit.code])})
    return links


def _board(request: HttpRequest, today: dt.date) -> list[dict]:
    """The cases the reader follows, by stage; the same question as the list of cases."""
    cases = Candidacy.objects.for_user(request.user, on=today).as_of(today, today=today)
    columns = board.columns(cases, PEOPLE_A_STAGE, today)
    for column in columns:
        column["url"] = f"{reverse('cases')}?stage={column['stage']}" if column["count"] > PEOPLE_A_STAGE else ""
    return columns


def _strip(total: Row) -> list[dict]:
    code = total["code"]
    left = None if total["quota"] is None or total["admitted"] is None else max(0, total["quota"] - total["admitted"])
    entries = [
        ("đầu năm", total["base"], reverse("items", args=[code, "base"])),
        ("chỉ tiêu kết nạp", total["quota"], reverse("table", args=[code, "quota-progress"])),
        ("đã kết nạp", total["admitted"], reverse("items", args=[code, "admitted"])),
        ("còn", left, reverse("table", args=[code, "quota-progress"])),
    ]
    return [{"label": label, "value": "–" if value is None else value, "url": url} for label, value, url in entries]
