"""The next step of a case, leaving the list, and coming back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.people import rights
from cells.verdict import Refused
from membership import admission, procedure
from membership.claims.deeds import claim
from membership.deadlines.models import Kind
from membership.forms.steps import LeaveListForm, StepForm
from membership.models import Deadline, Stage
from membership.papers.checklist import papers_verdict
from membership.views import meetings
from membership.views.access import Access, of_case
from membership.views.clocks import next_due
from membership.views.deeds import FORM_METHODS, attempt, page, posted, say, what_next


@require_http_methods(FORM_METHODS)
def case_step(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """Record the step that leads to `stage`; a step that is not the next one leads back to the case.

    A step that a vote leads to is recorded as the meeting that voted.
    """
    access = of_case(request, pk)
    again = stage == procedure.REDO.to and access.case.stage in procedure.REDO.after
    step = procedure.REDO if again else procedure.step_to(stage)
    access.require(step.capability)
    if request.method != "POST":
        verdict = _next_verdict(access, step)
        if not verdict:
            messages.info(request, verdict.reason)
            return redirect(access.case)
    if step.vote:
        return meetings.case_vote(request, access, step)
    form = StepForm(
        posted(request),
        step=step,
        case=access.case,
        on_behalf=access.on_behalf(step),
        receipt_asked=_receipt_asked(access, step),
        may_override=access.may(rights.OVERRIDE) and not papers_verdict(access.case, stage, access.today),
        today=access.today,
    )
    if request.method == "POST":
        done = attempt(form, lambda: admission.advance([form.move()], actor=request.user, today=access.today))
        if done:
            day = vietnamese.day(form.cleaned_data["day"])
            say(request, step.done.format(day=day), next_due(done[0], access.today), what_next(done[0]))
            return redirect(done[0])
        if form.stale and _sent_before(form, access):
            return redirect(access.case)
    intro = _intro(access, step)
    return page(request, form, access, title=step.verb, lead=_who(access), deed=step.verb, intro=intro)


@require_http_methods(FORM_METHODS)
def case_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop following somebody, with a reason."""
    access = of_case(request, pk)
    access.require(rights.BRANCH_WORK)
    form = _leave_form(request, access, back=False)
    if request.method == "POST":
        done = attempt(form, lambda: admission.drop([form.move()], actor=request.user, today=access.today))
        if done:
            name = access.case.person.name
            say(
                request,
                f"Đã dừng theo dõi {name} từ ngày {vietnamese.day(form.cleaned_data['day'])}.",
                "Khi cần, bấm «Theo dõi lại».",
            )
            return redirect(done[0])
    return page(request, form, access, title="Dừng theo dõi", lead=_who(access), deed="Ghi dừng theo dõi")


@require_http_methods(FORM_METHODS)
def case_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow somebody again, from the stage reached before."""
    access = of_case(request, pk)
    access.require(rights.BRANCH_WORK)
    form = _leave_form(request, access, back=True)
    if request.method == "POST":
        done = attempt(form, lambda: _resume(form, access, request))
        if done:
            stage = vietnamese.uncapitalised(Stage(done[0].stage).label)
            name, due = access.case.person.name, next_due(done[0], access.today)
            say(request, f"Đã theo dõi lại {name}, từ giai đoạn «{stage}».", due, what_next(done[0]))
            return redirect(done[0])
    return page(request, form, access, title="Theo dõi lại", lead=_who(access), deed="Ghi theo dõi lại")


def _resume(form: LeaveListForm, access: Access, request: HttpRequest):
    """Somebody followed elsewhere by now: the committee over both is asked, as when a case is opened."""
    try:
        return admission.resume([form.move()], actor=request.user, today=access.today)
    except Refused as refused:
        if admission.ELSEWHERE in [problem.message for problem in refused.problems]:
            claim(access.case.person, access.unit, actor=request.user, today=access.today)
        raise


def _sent_before(form: StepForm, access: Access) -> bool:
    """Whether the reader's own last step says just what this form says: sent twice, recorded once."""
    last = access.case.events.valid().latest("pk")
    move = form.move()
    same = (last.stage, last.day, last.number) == (move.to, move.day, move.number)
    return same and last.actor_id == access.reader.pk


def _next_verdict(access: Access, step: procedure.Step):
    under_committee = procedure.under_committee(access.unit, access.today)
    outdated = procedure.is_outdated(access.case, access.today)
    return procedure.order_verdict(access.case, step.to, under_committee=under_committee, outdated=outdated)


def _leave_form(request: HttpRequest, access: Access, *, back: bool) -> LeaveListForm:
    on_behalf = access.unit.pk not in access.posts
    return LeaveListForm(posted(request), case=access.case, back=back, on_behalf=on_behalf, today=access.today)


def _who(access: Access) -> str:
    return f"{access.case.person.name} · {access.unit.name}"


def _intro(access: Access, step: procedure.Step) -> str:
    told = [procedure.REDO_WHY] if step == procedure.REDO else []
    if access.on_behalf(step):
        told.append(f"Đây là việc của {step.who}; bạn đang nhập thay, theo văn bản cấp dưới gửi lên.")
    return " ".join(told)


def _receipt_asked(access: Access, step: procedure.Step) -> bool:
    """Whether the ceremony's time counts from a receipt of the decision that nobody noted yet."""
    if step.to != Stage.ADMITTED:
        return False
    clocks = Deadline.objects.filter(candidacy=access.case, kind=Kind.CEREMONY)
    return clocks.filter(assumed=True).exists()
