"""The pages of the deeds on clocks, of a case (`ho-so/`) and of a member (`dang-vien/`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.people import rights
from membership.deadlines.extend import (
    Extending,
    RulesOf,
    correct_extension,
    extend,
    extension_of,
    most_days,
    move_to_rules_of,
    running,
)
from membership.deadlines.known import ways_of
from membership.deadlines.milestones import Noted, note
from membership.deadlines.models import Kind, Milestone
from membership.deadlines.rows import clockwork
from membership.deadlines.subjects import of_one
from membership.deadlines.words import EXTENDED, SLUGS
from membership.forms.clocks import ExtensionForm, MilestoneForm, RulesForm
from membership.models import Candidacy, Spell
from membership.views.access import Access, of_case, of_member
from membership.views.clocks import next_due
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say

What = Milestone.What
OF_CASES = (What.CERTIFICATE, What.RECEIVED)
_BY_SLUG = {slug: what for what, slug in SLUGS.items()}


@require_http_methods(FORM_METHODS)
def case_milestone(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Record a day that the clocks of a case need."""
    return _milestone(request, of_case(request, pk), slug, of_cases=True)


@require_http_methods(FORM_METHODS)
def member_milestone(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Record a day that the clocks of a member need."""
    return _milestone(request, of_member(request, pk), slug, of_cases=False)


@require_http_methods(FORM_METHODS)
def case_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the decision on an admission more time, or put such a paper right."""
    return _extend(request, of_case(request, pk), Kind.DECISION)


@require_http_methods(FORM_METHODS)
def member_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the decision on a recognition more time, or put such a paper right."""
    return _extend(request, of_member(request, pk), Kind.RECOGNITION)


@require_http_methods(FORM_METHODS)
def case_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the running clocks of a case go by other rules."""
    return _rules(request, of_case(request, pk))


@require_http_methods(FORM_METHODS)
def member_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the running clocks of a member go by other rules."""
    return _rules(request, of_member(request, pk))


def _milestone(request: HttpRequest, access: Access, slug: str, *, of_cases: bool) -> HttpResponse:
    what = _BY_SLUG.get(slug)
    if what is None or (what in OF_CASES) != of_cases:
        raise Http404
    access.require(rights.BRANCH_WORK)
    row = _row(access)
    on_behalf = access.unit.pk not in access.posts
    before = Milestone.objects.filter(**of_one(ways_of([row])[0]), what=what).last()
    form = MilestoneForm(
        posted(request),
        what=what,
        again=before is not None,
        on_behalf=on_behalf,
        version=_version(row),
        today=access.today,
        initial={"day": before.day, "number": before.number} if before else {},
    )
    done = _attempt(
        request, form, lambda: note([_noted(form, row, what, on_behalf)], actor=request.user, today=access.today)
    )
    if done:
        say(request, f"Đã ghi {what.label} ngày {vietnamese.day(done[0].day)}.", next_due(row, access.today))
        return redirect(row)
    intro = "Đây là việc của chi bộ; bạn đang nhập thay, theo văn bản cấp dưới gửi lên." if on_behalf else ""
    return _page(request, form, access, f"Ghi ngày {what.label}", "Ghi ngày này", intro=intro)


def _noted(form: MilestoneForm, row: Candidacy | Spell, what: str, on_behalf: bool) -> Noted:
    values = form.cleaned_data
    reason = "; ".join(part for part in (values.get("reason", ""), form.paper_note()) if part)
    return Noted(row, what, values["day"], values["number"], reason, on_behalf, values.get("version"))


def _extend(request: HttpRequest, access: Access, kind: Kind) -> HttpResponse:
    access.require(rights.DECIDE)
    row, work = _row(access), clockwork()
    way = ways_of([row])[0]
    clock = next((clock for clock in running(way, access.today, work) if clock.kind == kind), None)
    before = extension_of(way, kind, work)
    form = ExtensionForm(
        posted(request),
        most=most_days(kind, clock, work) if clock else 0,
        corrects=before is not None,
        version=_version(row),
        today=access.today,
        initial={"days": before.days, "day": before.day, "number": before.number} if before else {},
    )

    def deed() -> Any:
        values = form.cleaned_data
        item = Extending(
            row, kind, values["days"], values["day"], values["number"], values["reason"], values.get("version")
        )
        if before is not None:
            return correct_extension(before, item, actor=request.user, today=access.today)
        return extend([item], actor=request.user, today=access.today)

    if _attempt(request, form, deed):
        days = vietnamese.number(form.cleaned_data["days"])
        say(request, f"Đã gia hạn {EXTENDED[kind]} thêm {days} ngày làm việc.", next_due(row, access.today))
        return redirect(row)
    title = f"{'Sửa gia hạn' if before else 'Gia hạn'} {EXTENDED[kind]}"
    return _page(request, form, access, title, "Ghi gia hạn", rule=clock.rule if clock else None)


def _rules(request: HttpRequest, access: Access) -> HttpResponse:
    access.require(rights.DECIDE)
    row = _row(access)
    form = RulesForm(posted(request), version=_version(row), today=access.today, initial={"day": access.today})

    def deed() -> Any:
        values = form.cleaned_data
        item = RulesOf(row, values["day"], values["reason"], values.get("version"))
        return move_to_rules_of([item], actor=request.user, today=access.today)

    done = _attempt(request, form, deed)
    if done:
        told = vietnamese.day(done[0].rules_of)
        say(request, f"Các thời hạn đang chạy nay tính theo quy định của ngày {told}.", next_due(row, access.today))
        return redirect(row)
    intro = "Các thời hạn đang chạy sẽ tính lại từ ngày bắt đầu của chúng; thời hạn đã xong không đổi."
    return _page(request, form, access, "Chuyển sang quy định khác", "Chuyển sang quy định này", intro=intro)


def _attempt(request: HttpRequest, form: Any, deed: Callable[[], Any]) -> Any:
    return attempt(form, deed) if request.method == "POST" else None


def _row(access: Access) -> Candidacy | Spell:
    row = access.case or access.spell
    assert row is not None
    return row


def _version(row: Candidacy | Spell) -> int | None:
    return row.version if isinstance(row, Candidacy) else None


def _page(request: HttpRequest, form: Any, access: Access, title: str, deed: str, **context: Any) -> HttpResponse:
    lead = f"{_row(access).person.name} · {access.unit.name}"
    return page(request, form, access, title=title, lead=lead, deed=deed, **context)
