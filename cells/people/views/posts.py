"""A post of a unit: given, ended, lent, withdrawn."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.organisations.access import unit_or_404
from cells.organisations.models import Organisation
from cells.people import power, rights
from cells.people.appoint import Withdrawal, appoint, relieve, withdraw
from cells.people.delegate import delegate
from cells.people.forms import AppointForm, DelegateForm, RelieveForm, WithdrawForm
from cells.people.models import Post, Role
from cells.people.views.attempt import METHODS, account_note, back, done, page, posted, require
from config import clock


@require_http_methods(METHODS)
def post_new(request: HttpRequest, code: str) -> HttpResponse:
    """Give somebody a post at the unit."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.APPOINT, today)
    giver = power.giver(request.user, unit.pk, today=today, by_posts=True)
    form = AppointForm(
        posted(request),
        reader=request.user,
        near=unit.pk,
        roles=giver.roles(),
        today=today,
        initial={"role": _usual_role(unit, today), "from_day": today},
    )
    given = done(request, form, lambda: appoint([form.deed(unit)], actor=request.user, today=today))
    if given:
        said = f"Đã ghi {given[0].person.name} giữ chức vụ {_named(given[0])} {given[0].days_text}."
        return back(request, unit, said + account_note(given[0].person))
    return page(request, unit, form, "cells/post_form.html", title="Ghi chức vụ", lead=unit.name, deed="Ghi chức vụ")


@require_http_methods(METHODS)
def post_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End a post, or what is lent of one."""
    today = clock.today()
    unit, post, by = _post(request, code, pk, today)
    require(power.may_end(request.user, post, today=today, by=by))
    form = RelieveForm(posted(request), today=today, initial={"last_day": today})
    ended = done(request, form, lambda: relieve([form.deed(pk)], actor=request.user, today=today))
    if ended:
        return back(request, unit, f"Đã ghi {_told(post)} đến hết ngày {vietnamese.day(ended[0].last_day)}.")
    deed = "Kết thúc ủy quyền" if post.delegated_from_id else "Ghi thôi giữ chức vụ"
    return page(request, unit, form, "cells/structure_form.html", title=deed, lead=_told(post), deed=deed)


@require_http_methods(METHODS)
def post_delegate(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Lend a post to somebody until a day."""
    today = clock.today()
    unit, post, by = _post(request, code, pk, today)
    require(power.may_delegate(request.user, post, today=today, by=by))
    form = DelegateForm(posted(request), reader=request.user, near=unit.pk, today=today, initial={"from_day": today})
    lent = done(request, form, lambda: delegate([form.deed(pk)], actor=request.user, today=today))
    if lent:
        last = vietnamese.day(lent[0].last_day)
        said = f"{lent[0].person.name} được {post.person.name} ủy quyền đến hết ngày {last}."
        return back(request, unit, said + account_note(lent[0].person))
    return page(request, unit, form, "cells/post_form.html", title="Ủy quyền", lead=_told(post), deed="Ghi ủy quyền")


@require_http_methods(METHODS)
def post_withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a post back that was entered by mistake."""
    today = clock.today()
    unit, post, by = _post(request, code, pk, today)
    require(power.may_end(request.user, post, today=today, by=by))
    form = WithdrawForm(posted(request), today=today)

    def deed() -> list[Post]:
        return withdraw([Withdrawal(pk, form.cleaned_data["reason"])], actor=request.user, today=today)

    if done(request, form, deed):
        return back(request, unit, f"Đã hủy: {_told(post)}. Bản ghi còn trong nhật ký.")
    return page(
        request,
        unit,
        form,
        "cells/structure_form.html",
        title="Hủy chức vụ ghi nhầm",
        lead=_told(post),
        deed="Hủy chức vụ ghi nhầm",
        intro="Chỉ dùng khi ghi nhầm: coi như chưa từng giữ. Thôi giữ chức vụ thì ghi «Thôi giữ chức vụ».",
    )


def _post(request: HttpRequest, code: str, pk: int, today: dt.date) -> tuple[Organisation, Post, power.Giver]:
    """The unit, whose figures the reader sees, a post at it, and what the reader may give there; 404 else."""
    unit = unit_or_404(request, code, rights.SEE_FIGURES, today)
    posts = Post.objects.select_related("person", "organisation", "delegated_from__person")
    post = get_object_or_404(posts, pk=pk, organisation=unit)
    return unit, post, power.giver(request.user, unit.pk, today=today, by_posts=True)


def _usual_role(unit: Organisation, today: dt.date) -> str:
    """The role of those who work at a unit of its kind."""
    kind = unit.style(today).kind
    if kind.is_branch:
        return Role.BRANCH
    return Role.STANDING if kind.level == kind.Level.TOP else Role.COMMITTEE


def _named(post: Post) -> str:
    return f"{post.title[:1].lower()}{post.title[1:]}"


def _told(post: Post) -> str:
    """Who holds what, since when."""
    if post.delegated_from is not None:
        return f"{post.person.name}, được {post.delegated_from.person.name} ủy quyền {post.days_text}"
    return f"{post.person.name}, {_named(post)} {post.days_text}"
