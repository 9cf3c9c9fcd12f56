"""The forms of the people around a case; each ends on the case with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.organisations.access import row_or_404
from cells.people import rights
from cells.rules.models import Rule
from membership.around import asking, helpers, introducers, mistaken
from membership.around.models import Helper, Introducer, Opinion, Verification
from membership.around.standing import full_members
from membership.forms import around as forms
from membership.views.access import Access, of_case
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say


@require_http_methods(FORM_METHODS)
def case_helper(request: HttpRequest, pk: int) -> HttpResponse:
    """The branch tells a member to help."""
    access = _worker(request, pk)
    form = forms.HelperForm(posted(request), initial={"day": access.today}, **_picked(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: helpers.assign_helper(form.item(), **how),
        lambda made: f"Đã phân công {made.called} giúp đỡ từ ngày {vietnamese.day(made.from_day)}.",
        title="Phân công người giúp đỡ",
        deed="Ghi người giúp đỡ",
    )


@require_http_methods(FORM_METHODS)
def case_helper_end(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """A member helps no more."""
    access = _worker(request, pk)
    row = _row(request, access, Helper, row_pk)
    form = forms.EndHelperForm(posted(request), initial={"day": access.today}, **_of(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: helpers.end_helper(row, form.cleaned_data["day"], **how),
        lambda made: f"{row.called} thôi giúp đỡ từ sau ngày {vietnamese.day(made.last_day)}.",
        title="Thôi giúp đỡ",
        about=row.called,
        deed="Ghi thôi giúp đỡ",
    )


@require_http_methods(FORM_METHODS)
def case_introducer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who introduces the candidate."""
    access = _worker(request, pk)
    form = forms.IntroducerForm(posted(request), initial={"day": access.today}, **_picked(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: introducers.add_introducer(form.item(), **how),
        lambda made: f"Đã ghi người giới thiệu: {made.called}.",
        title="Ghi người giới thiệu",
        deed="Ghi người giới thiệu",
        rule=Rule.objects.of("introducer_months", access.today),
    )


@require_http_methods(FORM_METHODS)
def case_introducer_replace(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Another member introduces instead of one who moved away or was disciplined."""
    access = _worker(request, pk)
    row = _row(request, access, Introducer, row_pk)
    form = forms.ReplaceForm(posted(request), initial={"day": access.today}, **_picked(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: introducers.replace_introducer(row, form.item(), cause=form.cleaned_data["cause"], **how),
        lambda made: f"{made.called} giới thiệu thay {row.called} từ ngày {vietnamese.day(made.from_day)}.",
        title="Thay người giới thiệu",
        about=row.called,
        deed="Ghi người thay",
        rule=Rule.objects.of("introducer_months", access.today),
    )


@require_http_methods(FORM_METHODS)
def case_verification(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked about the person or a relative."""
    access = _worker(request, pk)
    form = forms.VerificationForm(posted(request), initial={"asked_on": access.today}, **_of(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: asking.ask_verification(form.item(), **how),
        lambda made: f"Đã ghi thẩm tra về {made.get_relation_display()}.",
        title="Ghi thẩm tra lý lịch",
        deed="Ghi thẩm tra",
    )


@require_http_methods(FORM_METHODS)
def case_verification_answer(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """What was answered."""
    access = _worker(request, pk)
    row = _row(request, access, Verification, row_pk)
    again = row.answered_on is not None
    form = forms.AnswerForm(posted(request), initial={"day": access.today}, again=again, **_of(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: asking.answer_verification(row, form.cleaned_data["day"], form.told, **how),
        lambda made: f"Đã ghi kết quả thẩm tra về {made.get_relation_display()}: {result_of(made)}.",
        title="Ghi đã làm rõ" if again else "Ghi trả lời thẩm tra",
        about=row.get_relation_display(),
        deed="Ghi đã làm rõ" if again else "Ghi trả lời",
    )


@require_http_methods(FORM_METHODS)
def case_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose opinion is asked."""
    access = _worker(request, pk)
    form = forms.OpinionForm(posted(request), initial={"asked_on": access.today}, **_of(access))

    def ask(**how: Any) -> Opinion:
        values = form.cleaned_data
        return asking.ask_opinion(access.case, values["source"], values["asked_of"], values["asked_on"], **how)

    return _deed(
        request,
        access,
        form,
        ask,
        lambda made: f"Đã ghi việc lấy ý kiến của {made.asked_of}.",
        title="Lấy ý kiến nhận xét",
        deed="Ghi lấy ý kiến",
    )


@require_http_methods(FORM_METHODS)
def case_opinion_receive(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """An opinion that came."""
    access = _worker(request, pk)
    row = _row(request, access, Opinion, row_pk)
    form = forms.ReceiveOpinionForm(posted(request), initial={"day": access.today}, **_of(access))
    return _deed(
        request,
        access,
        form,
        lambda **how: asking.receive_opinion(row, form.cleaned_data["day"], form.cleaned_data["number"], **how),
        lambda made: f"Đã nhận ý kiến của {made.asked_of} ngày {vietnamese.day(made.received_on)}.",
        title="Nhận ý kiến nhận xét",
        about=row.asked_of,
        deed="Ghi đã nhận",
    )


@require_http_methods(FORM_METHODS)
def case_around_take_back(request: HttpRequest, pk: int, kind: type, row_pk: int) -> HttpResponse:
    """What was entered wrongly; it stays in the log."""
    access = _worker(request, pk)
    row = _row(request, access, kind, row_pk)
    form = forms.TakeBackRowForm(posted(request), **_of(access))

    def take_back(*, actor: Any, version: int, **_: Any) -> Any:
        mistaken.take_back(row, reason=form.cleaned_data["reason"], actor=actor, version=version)
        return row

    what = row._meta.verbose_name
    return _deed(
        request,
        access,
        form,
        take_back,
        lambda _: f"Đã hủy nội dung ghi nhầm ({what}); nội dung cũ còn giữ.",
        title=f"Hủy vì ghi nhầm: {what}",
        about=named(row),
        deed="Hủy nội dung này",
    )


def named(row: mistaken.Row) -> str:
    """A row in a few words."""
    if isinstance(row, Verification):
        return row.get_relation_display()
    return row.asked_of if isinstance(row, Opinion) else row.called


def result_of(row: Verification) -> str:
    if row.cleared_on is not None:
        return "đã làm rõ"
    return row.get_result_display()


def _worker(request: HttpRequest, pk: int) -> Access:
    access = of_case(request, pk)
    access.require(rights.BRANCH_WORK)
    return access


def _row(request: HttpRequest, access: Access, model: type, pk: int) -> Any:
    return row_or_404(request, model.objects.valid().filter(candidacy=access.case), pk)


def _of(access: Access) -> dict[str, Any]:
    return {"case": access.case, "today": access.today}


def _picked(access: Access) -> dict[str, Any]:
    """The members of the branch to pick from, with how many people each helps."""
    members = [
        spell for spell in full_members(access.unit.pk, access.today) if spell.person_id != access.case.person_id
    ]
    load = helpers.load_of([spell.person_id for spell in members], access.today)
    return _of(access) | {"members": members, "load": load}


def _deed(
    request: HttpRequest,
    access: Access,
    form: forms.AroundForm,
    deed_of: Callable[..., Any],
    sentence: Callable[[Any], str],
    *,
    about: str = "",
    **context: Any,
) -> HttpResponse:
    """The page of one deed; `deed_of` takes actor, today and version."""
    if request.method == "POST":
        done = attempt(
            form,
            lambda: deed_of(actor=request.user, today=access.today, version=form.cleaned_data["version"]),
        )
        if done:
            say(request, sentence(done))
            return redirect(access.case)
    lead = " · ".join(part for part in (about, access.case.person.name, access.unit.name) if part)
    return page(request, form, access, lead=lead, **context)
