"""The lists of a unit, and who sees the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.organisations import tree
from cells.people import rights
from cells.people.models import Post
from cells.people.rights import Reach
from reports.figures.book import open_book
from reports.tables import LISTS, Answer, Table
from reports.tables.missed_years import MissedYears, since_the_first_quota
from reports.tables.no_admission import NoAdmission, NoCandidates
from reports.tables.sources import SourcesTable
from reports.tables.table import BRANCHES
from reports.views import spans
from reports.views.asked import FIGURES_ONLY, Asked, asked


@require_safe
def lists(request: HttpRequest, code: str) -> HttpResponse:
    """What can be looked for in a unit, each with a sentence and how much there is."""
    page = asked(request, code)
    answers = _answers(page) if page.inside else {}
    shown = [
        {
            "title": table.title,
            "about": table.about,
            "url": _url(page, table),
            "numbers": _numbers(page, table, answers),
        }
        for table in LISTS.values()
    ]
    shown.append(
        {
            "title": "Lớp nhận thức về Đảng",
            "about": "Lớp đã báo cho người của đơn vị: khai giảng, bế giảng, nơi mở lớp.",
            "url": reverse("classes", args=[code]),
            "numbers": [],
        }
    )
    if page.inside:
        shown += [
            {
                "title": "Thay đổi gần đây",
                "about": "Bước hồ sơ, đảng viên vào và ra, chức vụ, sắp xếp tổ chức trong 30 ngày qua.",
                "url": reverse("changes", args=[code]),
                "numbers": [],
            },
            {
                "title": "Ai xem được đơn vị này",
                "about": "Các chức vụ ngày đó xem được số liệu, xem được tên người, được ghi việc gì.",
                "url": reverse("who_sees", args=[code]),
                "numbers": [],
            },
        ]
    return render(request, "reports/lists.html", page.context(request.path) | {"shown": shown})


def _answers(page: Asked) -> dict[tuple[str, str], Answer]:
    """(list, its rows) → the answer; those of years and quotas out of one book."""
    question = page.question
    span = since_the_first_quota(question.period)
    book = open_book(question.organisation.pk, span, scope=question.scope, whole=page.is_top)
    found: dict[tuple[str, str], Answer] = {}
    for table in LISTS.values():
        if isinstance(table, MissedYears | NoAdmission | NoCandidates):
            for rows in ("",) if page.is_branch else table.row_choices:
                found[table.key, rows] = table.from_book(replace(question, rows=rows), book)
        elif isinstance(table, SourcesTable):
            found[table.key, ""] = table.from_book(question, book)
        elif table.found:
            found[table.key, ""] = table.answer(question)
    return found


def _numbers(page: Asked, table: Table, answers: dict[tuple[str, str], Answer]) -> list[dict]:
    """What the list finds: how many of what, and where they are listed."""
    asked_for = [rows for key, rows in answers if key == table.key]
    nouns = {BRANCHES: "chi bộ", "": "đơn vị trực thuộc" if BRANCHES in asked_for else "đơn vị"}
    return [
        {
            "title": found.title,
            "counts": [
                {
                    "number": answers[table.key, rows].total[found.key],
                    "of": found.of or nouns[rows],
                    "url": _url(page, table, rows=found.rows or rows),
                }
                for rows in asked_for
            ],
        }
        for found in (table.found if asked_for else ())
    ]


def _url(page: Asked, table: Table, rows: str = "") -> str:
    more = {"rows": rows} if rows else {}
    return spans.link(page, reverse("table", args=[page.unit.organisation.code, table.key]), None, **more)


@require_safe
def who_sees(request: HttpRequest, code: str) -> HttpResponse:
    """The posts that see or change something of the unit on the day; for readers who stand at it or above it."""
    page = asked(request, code)
    if not page.inside:
        raise PermissionDenied("Chỉ đơn vị này và cấp trên của đơn vị xem được trang này.")
    if page.by_past:
        raise PermissionDenied(FIGURES_ONLY)
    below = Post.objects.on(page.on).filter(organisation__in=tree.under([page.unit.organisation.pk], page.on))
    context = page.context(reverse("lists", args=[code])) | {
        "holders": _holders(page),
        "people_below": below.order_by().values("person").distinct().count(),
    }
    return render(request, "reports/who_sees.html", context)


@dataclass(frozen=True)
class Holder:
    """A post that reaches the unit, and what it may do there, in words."""

    post: Post
    figures: bool
    names: bool
    deeds: Sequence[str]

    @property
    def has_account(self) -> bool:
        user = getattr(self.post.person, "user", None)
        return bool(user and user.is_active)


def _holders(page: Asked) -> list[Holder]:
    """The posts at the unit, then those above it from the nearest up."""
    unit = page.unit.organisation.pk
    way = zip(reversed(page.path), reversed(page.steps), strict=True)
    steps = [one.organisation.pk for one, link in way if link.get_absolute_url]
    posts = (
        Post.objects.on(page.on)
        .filter(organisation__in=steps)
        .with_unit(page.on)
        .select_related("person__user", "organisation", "delegated_from__person")
        .order_by("person__name_key", "pk")
    )
    found = [_holder(post, Reach.OWN if post.organisation_id == unit else Reach.BELOW) for post in posts]
    return sorted(
        (holder for holder in found if holder.figures or holder.names or holder.deeds),
        key=lambda holder: steps.index(holder.post.organisation_id),
    )


def _holder(post: Post, position: Reach) -> Holder:
    held = [capability for capability in rights.CAPABILITIES if position & rights.reach_of(post, capability)]
    looks = (rights.SEE_FIGURES, rights.SEE_PEOPLE)
    return Holder(
        post,
        rights.SEE_FIGURES in held,
        rights.SEE_PEOPLE in held,
        [rights.CAPABILITIES[capability] for capability in held if capability not in looks],
    )
