"""Who holds which post of a unit on the day asked, who held it before, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.people import power, rights
from cells.people.models import LEADING, Office, Post, PostQuerySet, Role
from reports.views.asked import FIGURES_ONLY, Asked, asked

PAGE_SIZE = 30
_ORDER = list(Office.values)


@require_safe
def posts(request: HttpRequest, code: str) -> HttpResponse:
    """The posts of the day in order of office; whoever stands outside sees those that answer for the unit."""
    page = asked(request, code)
    if page.by_past:
        raise PermissionDenied(FIGURES_ONLY)
    held = Post.objects.filter(organisation=page.unit.organisation).select_related("person", "delegated_from__person")
    if not page.inside:
        held = held.own().filter(office__in=(*LEADING, Office.MEMBER))
    unit = page.unit.organisation.pk
    by = power.giver(request.user, unit, today=page.today, by_posts=True) if page.inside else None
    context = page.context(request.path) | {
        "lines": _lines(request, page, _in_order(held.on(page.on)), by),
        "may_appoint": page.may(rights.APPOINT) and page.on == page.today,
        "may_assign": page.may(rights.APPOINT) and page.on == page.today and not page.is_branch,
        "may_telephone": page.may(rights.KEEP_CONTACT),
    }
    if page.inside:
        context["before"] = _before(request, page, held, by)
    return render(request, "reports/posts.html", context)


def _in_order(held: Iterable[Post]) -> list[Post]:
    """Secretary, deputies, committee, those in charge, staff, whoever has a post lent."""

    def place(post: Post) -> tuple[int, bool, str]:
        return _ORDER.index(post.office), post.role == Role.SUPERVISOR, post.person.name_key

    return sorted(held, key=place)


def _before(request: HttpRequest, page: Asked, held: PostQuerySet, by: power.Giver | None):
    """A page of the posts that ended before the day asked, the latest first."""
    ended = held.filter(to_day__lte=page.on).order_by("-to_day", "-from_day", "pk")
    rows = Paginator(ended, PAGE_SIZE).get_page(request.GET.get("page"))
    rows.object_list = _lines(request, page, rows.object_list, by)
    return rows


def _lines(request: HttpRequest, page: Asked, held: Iterable[Post], by: power.Giver | None) -> list[dict]:
    """`until` is the last day, as far as the day asked knows it."""
    return [
        {
            "post": post,
            "until": None if page.day.is_past and post.holds_on(page.on) else post.last_day,
            "links": _links(request, page, post, by),
        }
        for post in held
    ]


def _links(request: HttpRequest, page: Asked, post: Post, by: power.Giver | None) -> list[dict]:
    """The deeds on one post that the reader may do today."""
    if by is None or page.on != page.today:
        return []
    found = []
    if post.holds_on(page.today):
        if power.may_end(request.user, post, today=page.today, by=by):
            found.append(("Kết thúc ủy quyền" if post.delegated_from_id else "Thôi giữ chức vụ", "post_end"))
        if power.may_delegate(request.user, post, today=page.today, by=by):
            found.append(("Ủy quyền", "post_delegate"))
    if power.may_end(request.user, post, today=page.today, by=by):
        found.append(("Ghi nhầm", "post_withdraw"))
    code = page.unit.organisation.code
    return [{"label": label, "url": reverse(name, args=[code, post.pk])} for label, name in found]
