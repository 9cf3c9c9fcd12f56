"""We were wrong, or know more now: particulars, identity, a recorded step, an admission taken back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.people import rights
from cells.verdict import Verdict
from membership import correct
from membership.forms.nomination import ParticularsForm
from membership.forms.steps import CorrectStepForm, IdentityForm, RevokeForm
from membership.models import Candidacy, Spell, Stage, StageEvent, Vote
from membership.views.access import Access, of_case
from membership.views.clocks import next_due
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say


@require_http_methods(FORM_METHODS)
def case_particulars(request: HttpRequest, pk: int) -> HttpResponse:
    """Add or correct what is known besides the steps."""
    access = of_case(request, pk)
    access.require(rights.ENTER)
    case = access.case
    form = ParticularsForm(
        posted(request),
        initial=_particulars(access),
        version=case.version,
        today=access.today,
    )
    if request.method == "POST" and attempt(form, lambda: _keep_particulars(form, access, request)):
        say(request, f"Đã ghi thông tin của {case.person.name}.")
        return redirect(case)
    lead = f"{case.person.name} · {access.unit.name}"
    intro = "Ghi được mục nào thì ghi; mục chưa rõ cứ để trống."
    return page(
        request,
        form,
        access,
        present=lambda: _present_particulars(form, access),
        title="Bổ sung thông tin",
        lead=lead,
        deed="Ghi thông tin",
        intro=intro,
    )


@require_http_methods(FORM_METHODS)
def case_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the name, birth, sex or people of a candidate."""
    access = of_case(request, pk)
    access.require(rights.CORRECT)
    return identity_page(request, access, access.case.person, access.case)


def identity_page(request: HttpRequest, access: Access, person, back) -> HttpResponse:
    """The identity form of a candidate or member; `back` is the page it leads to."""
    shown = correct.fingerprint(person)
    form = IdentityForm(posted(request), initial=IdentityForm.initial_of(person), shown=shown, today=access.today)
    if request.method == "POST" and attempt(form, lambda: _correct_identity(form, access, person, request)):
        say(request, f"Đã sửa thông tin nhân thân của {vietnamese.readable_name(form.cleaned_data['name'])}.")
        return redirect(back)
    if form.stale:
        person.refresh_from_db()
        form.data = form.data.copy()
        form.data["shown"] = correct.fingerprint(person)
    context = {"title": "Sửa họ tên, ngày sinh", "lead": person.name, "deed": "Ghi nội dung đã sửa"}
    return page(request, form, access, present=lambda: _present_identity(person), **context)


def may_correct(access: Access, event: StageEvent, *, acted: bool) -> Verdict:
    """Whether the reader may correct a step, the right to correct at all apart."""
    examines, decides = access.may(rights.EXAMINE), access.may(rights.DECIDE)
    return correct.may_correct_step(event, examines=examines, decides=decides, acted=acted)


@require_http_methods(FORM_METHODS)
def case_correct_step(request: HttpRequest, pk: int, event_pk: int) -> HttpResponse:
    """Correct the day or number of a step already recorded."""
    access = of_case(request, pk)
    access.require(rights.CORRECT)
    event = access.case.events.filter(pk=event_pk).first()
    if event is None:
        raise Http404
    acted = correct.acted_since(access.case, access.case.events.all(), event.recorded_at)
    verdict = may_correct(access, event, acted=acted)
    if not verdict:
        raise PermissionDenied(verdict.reason)
    vote = Vote.objects.filter(step=event).first()
    if vote is not None:
        return redirect("case_correct_vote", pk, vote.pk)
    form = CorrectStepForm(
        posted(request),
        initial={"day": event.day, "number": event.number},
        version=access.case.version,
        today=access.today,
    )
    if request.method == "POST" and attempt(form, lambda: _correct_step(form, event, access, request)):
        stage = Stage(event.stage).label
        say(
            request,
            f"Đã sửa bước «{stage}»: ngày {vietnamese.day(form.cleaned_data['day'])}.",
            next_due(access.case, access.today),
            "Nội dung cũ vẫn giữ trong nhật ký.",
        )
        return redirect(access.case)
    title = f"Sửa bước «{Stage(event.stage).label}»"
    return page(request, form, access, title=title, lead=access.case.person.name, deed="Ghi nội dung đã sửa")


@require_http_methods(FORM_METHODS)
def case_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an admission back, as if it had never been."""
    access = of_case(request, pk)
    access.require(rights.REVOKE)
    spell = Spell.objects.filter(candidacy=access.case).order_by("-from_day").first()
    if spell is None:
        raise Http404
    form = RevokeForm(posted(request), version=access.case.version, today=access.today)
    if request.method == "POST" and attempt(form, lambda: _revoke(form, spell, request, access)):
        say(request, f"Đã hủy việc kết nạp {access.case.person.name}. Hồ sơ chuyển sang «Dừng theo dõi».")
        return redirect(access.case)
    intro = "Việc kết nạp sẽ không còn được tính ở bất cứ số liệu nào; nội dung cũ vẫn giữ trong nhật ký."
    return page(
        request,
        form,
        access,
        title="Hủy việc kết nạp",
        lead=access.case.person.name,
        deed="Hủy việc kết nạp",
        intro=intro,
    )


def _particulars(access: Access) -> dict:
    case = access.case
    background = getattr(case.person, "background", None)
    found = {name: getattr(case, name) for name in ParticularsForm.CASE}
    found |= {name: getattr(background, name, "") for name in ParticularsForm.BACKGROUND}
    return found | {"strata": list(case.strata.all())}


def _present_particulars(form: ParticularsForm, access: Access) -> list[dict]:
    """What the case says now, at the fields where it differs from what was typed."""
    now = _particulars(Access(**vars(access) | {"case": Candidacy.objects.get(pk=access.case.pk)}))
    typed = form.cleaned_data
    return [
        {"name": f"{form.fields[name].label}, nay là", "value": _YES_NO.get(now[name], now[name])}
        for name in (*form.CASE, *form.BACKGROUND)
        if now[name] != typed.get(name)
    ]


_YES_NO = {True: "có", False: "không"}


def _present_identity(person) -> list[dict]:
    return [
        {"name": "Họ và tên, nay là", "value": person.name},
        {"name": "Ngày sinh, nay là", "value": person.born_text},
        {"name": "Giới tính, nay là", "value": person.get_sex_display()},
        {"name": "Dân tộc, nay là", "value": person.ethnicity},
    ]


def _keep_particulars(form: ParticularsForm, access: Access, request: HttpRequest):
    return correct.correct_case(
        access.case,
        values=form.values(form.CASE),
        background=form.values(form.BACKGROUND),
        strata=list(form.cleaned_data["strata"]),
        reason=form.cleaned_data["reason"] or "bổ sung thông tin",
        actor=request.user,
        version=form.cleaned_data["version"],
    )


def _correct_identity(form: IdentityForm, access: Access, person, request: HttpRequest):
    return correct.correct_person(
        person,
        values=form.values(),
        reason=form.cleaned_data["reason"],
        actor=request.user,
        organisation=access.unit,
        shown=form.cleaned_data["shown"],
    )


def _correct_step(form: CorrectStepForm, event, access: Access, request: HttpRequest):
    values = form.cleaned_data
    return correct.correct_step(
        event,
        day=values["day"],
        number=values["number"],
        reason=values["reason"],
        actor=request.user,
        today=access.today,
        version=values["version"],
    )


def _revoke(form: RevokeForm, spell: Spell, request: HttpRequest, access: Access):
    values = form.cleaned_data
    return correct.revoke(
        spell,
        number=values["number"],
        reason=values["reason"],
        actor=request.user,
        today=access.today,
        version=values["version"],
    )
