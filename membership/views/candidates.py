"""The list of cases, as a table or by stages, and the form that opens one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells.asked_day import asked_day
from cells.organisations.access import forbid, no_such_unit
from cells.organisations.models import Organisation
from cells.people import rights
from cells.verdict import Refused, refuse
from config import clock
from membership import admission, board, procedure, units
from membership.claims.deeds import claim
from membership.forms.filters import AWAITING, BELOW, NEXT, OPEN, WAITING, CaseFilter
from membership.forms.nomination import REACHED, NominationForm, TakeOverForm
from membership.in_time.asking import Asking
from membership.in_time.told import Words
from membership.in_time.way import UNSURE, Verdict
from membership.models import Candidacy, Stage
from membership.stages import READY
from membership.views import lists
from membership.views.deeds import FORM_METHODS, attempt, posted, say, what_next

COLUMNS = [
    {"label": "Họ và tên", "sort": "name"},
    {"label": "Năm sinh"},
    {"label": "Chi bộ", "sort": "unit"},
    {"label": "Giai đoạn", "sort": "stage"},
    {"label": "Từ ngày", "sort": "day", "number": True},
]
_BY_STAGE = Case(*(When(stage_then=stage, then=Value(place)) for place, stage in enumerate(Stage.values)))
ORDERS = {
    "name": ("person__name_key", "pk"),
    "unit": ("unit_key", "person__name_key", "pk"),
    "stage": ("stage_order", "day_then", "pk"),
    "day": ("day_then", "pk"),
}
PEOPLE_A_COLUMN = 12


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases the reader may see, filtered and sorted; `?view=stages` shows the open ones by stage."""
    day = asked_day(request, clock.today())
    chosen = lists.units_to_choose(request, day)
    by_stage = request.GET.get("view") == "stages"
    form = CaseFilter(request.GET, units=chosen, reader=request.user, day=day, by_stage=by_stage)
    seen = Candidacy.objects.for_user(request.user, on=day.today).as_of(day.on, today=day.today)
    found = _filtered(seen, form, chosen, day.on)
    context = day.context() | {
        "filter_form": form,
        "tabs": _tabs(form, by_stage),
        "by_stage": by_stage,
        "reset_url": f"{reverse('cases')}?view=stages" if by_stage else reverse("cases"),
        "may_enter": day.is_today and rights.anywhere(request.user, rights.ENTER, on=day.today),
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    if by_stage:
        context["board"] = _board(found, request, day.on)
    else:
        found = _in_stage(found, form.chosen("stage", OPEN), day.on)
        found = found.annotate(stage_order=_BY_STAGE).select_related("person")
        found = lists.in_order(found, request.GET.get("sort", ""), ORDERS, day.on, "unit_then")
        expected = _expected(found, form.chosen("in_time"), day.on)
        page = lists.one_page(request, found, day.on, "unit_then", among=expected)
        for row in page:
            row.stage_name = Stage(row.stage_then).label
            row.expected = expected[row.pk] if expected else ""
        columns = COLUMNS if expected is None else [*COLUMNS, {"label": "Dự kiến"}]
        context |= {"page": page, "columns": columns, "expected": expected is not None}
    return render(request, "membership/cases.html", context)


@require_http_methods(FORM_METHODS)
def case_new(request: HttpRequest) -> HttpResponse:
    """A new case in one of the reader's branches; `?kind=taken-over` for one from the old book."""
    today = clock.today()
    taken_over = request.GET.get("kind") == "taken-over"
    branches = {unit.pk: unit for unit in units.branches_of(request.user, rights.ENTER, today)}
    if not branches:
        forbid(rights.ENTER)
    form = _new_form(request, branches, today, taken_over)
    if request.method == "POST":
        made = attempt(form, lambda: _nominate(form, branches, request, today))
        if made:
            return _nominated(request, made[0], form)
        if "name" not in form.errors:
            form.fields.pop("another_person", None)
    context = {
        "form": form,
        "taken_over": taken_over,
        "other_url": reverse("case_new") + ("" if taken_over else "?kind=taken-over"),
        "cancel_url": reverse("cases"),
        "branch": next(iter(branches.values())) if len(branches) == 1 else None,
    }
    return render(request, "membership/case_new.html", context)


def _in_stage(found: QuerySet, stage: str, on: dt.date) -> QuerySet:
    if stage == "all":
        return found
    if stage == OPEN:
        return found.open()
    if stage == NEXT:
        return found.in_stage(*READY)
    return found.awaiting_decision(on) if stage == AWAITING else found.in_stage(stage)


def _expected(found: QuerySet, verdict: str, on: dt.date) -> dict[int, str] | None:
    """Case's id → what is forecast, of those with the verdict on being in time; null where none is chosen."""
    if not verdict:
        return None
    verdicts = UNSURE if verdict == WAITING else [Verdict(verdict)]
    asking = Asking(on)
    words = Words(asking)
    return {one.facts.case.pk: words.days(one) for one in asking.counting(found, verdicts)}


def _filtered(found: QuerySet, form: CaseFilter, chosen: list[Organisation], on: dt.date) -> QuerySet:
    found = lists.in_unit(found, form, chosen, on, "unit_then")
    return lists.in_stratum(found, form)


def _board(found: QuerySet, request: HttpRequest, on: dt.date) -> list[dict[str, Any]]:
    """Seven columns that lead to the list of their stage."""
    query = request.GET.copy()
    query.pop("view", None)
    query.pop("page", None)
    columns = board.columns(found, PEOPLE_A_COLUMN, on)
    for column in columns:
        query["stage"] = column["stage"]
        column["url"] = f"{reverse('cases')}?{query.urlencode()}" if column["people"] else ""
    return columns


def _tabs(form: CaseFilter, by_stage: bool) -> list[dict[str, Any]]:
    """Both ways to look, with the units and the stratum chosen."""
    kept = {name: form.chosen(name) for name in ("unit", BELOW, "stratum") if form.chosen(name)}
    address = reverse("cases")
    return [
        {"label": "Danh sách", "url": f"{address}?{urlencode(kept)}" if kept else address, "active": not by_stage},
        {"label": "Theo giai đoạn", "url": f"{address}?{urlencode({'view': 'stages'} | kept)}", "active": by_stage},
    ]


def _new_form(
    request: HttpRequest, branches: dict[int, Organisation], today: dt.date, taken_over: bool
) -> NominationForm:
    chosen = _asked_branch(request, branches)
    posts = request.user.units_on(today)
    on_behalf = posts.isdisjoint(branches) if chosen is None else chosen.pk not in posts
    choices = units.as_choices([chosen] if chosen else branches.values(), today)
    kind = TakeOverForm if taken_over else NominationForm
    same_person = request.method == "POST" and rights.anywhere(request.user, rights.EXAMINE, on=today)
    return kind(posted(request), branches=choices, on_behalf=on_behalf, same_person=same_person, today=today)


def _asked_branch(request: HttpRequest, branches: dict[int, Organisation]) -> Organisation | None:
    """The branch of `?unit=CODE`, or the one of the reader's own post; None lets the reader choose."""
    code = request.GET.get("unit")
    if code:
        found = next((unit for unit in branches.values() if unit.code == code), None)
        return found or no_such_unit(request, code, rights.ENTER, clock.today())
    only = next(iter(branches.values())) if len(branches) == 1 else None
    return only if only and only.pk in request.user.units_on(clock.today()) else None


def _nominate(form: NominationForm, branches: dict[int, Organisation], request: HttpRequest, today: dt.date):
    nomination = form.nomination(branches[form.cleaned_data["organisation"]])
    if nomination.stage != Stage.NOMINEE:
        _check_reach(request, nomination, today)
    try:
        return admission.nominate([nomination], actor=request.user, today=today)
    except Refused as refused:
        if admission.ELSEWHERE in [problem.message for problem in refused.problems]:
            # the branch only reads that it will be answered; the committee over both is asked
            claim(nomination.identity, nomination.organisation, actor=request.user, today=today)
        raise


def _check_reach(request: HttpRequest, nomination: admission.Nomination, today: dt.date) -> None:
    """Nobody takes a case over further than the steps they may record: a branch writes no decision."""
    held = rights.capabilities(request.user, nomination.organisation.pk, on=today)
    passed = [stage for stage, _ in REACHED[1 : [stage for stage, _ in REACHED].index(nomination.stage) + 1]]
    for stage in passed:
        step = procedure.step_to(stage)
        if step.capability not in held:
            raise refuse(f"Bước «{step.to.label}» do {step.who} ghi; chọn giai đoạn trước đó.", field="stage")


def _nominated(request: HttpRequest, case: Candidacy, form: NominationForm) -> HttpResponse:
    name = case.person.name
    say(
        request,
        f"Đã đưa {name} vào danh sách theo dõi.",
        "Đã ghi nhập thay chi bộ." if form.on_behalf else "",
        what_next(case),
    )
    return redirect(case)
