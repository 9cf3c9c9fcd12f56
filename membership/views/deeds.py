"""What every deed's page does: try, show what is refused, tell who was faster, and lead back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from cells import vietnamese
from cells.forms import DeedForm, show_problems
from cells.log.models import Entry
from cells.verdict import Refused
from membership import procedure
from membership.models import Candidacy, StageEvent
from membership.views.access import Access

#: a page with a form that leads to a deed
FORM_METHODS = ["GET", "HEAD", "POST"]


def posted(request: HttpRequest) -> QueryDict | None:
    """What the form is bound to: what was sent, or None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def attempt(form: DeedForm, deed: Callable[[], Any]) -> Any:
    """What the deed gives, or None with its problems in the form; only if the form itself is right."""
    if not form.is_valid():
        return None
    try:
        return deed()
    except Refused as refused:
        show_problems(form, refused)
        return None


def page(
    request: HttpRequest,
    form: DeedForm,
    access: Access,
    present: Callable[[], list[dict[str, Any]]] | None = None,
    template: str = "membership/deed.html",
    **context: Any,
) -> HttpResponse:
    """The form's page; where somebody was faster (409) with what stands now, and a form to send again.

    `present` gives the facts of now that the form is about, asked only in that case.
    """
    if form.stale and access.case is not None:
        access.case.refresh_from_db()
        form.data = form.data.copy()
        form.data["version"] = str(access.case.version)
        context |= {
            "faster": last_change(access.case),
            "present": _stands(access.case) + (present() if present else []),
        }
    back = access.case.get_absolute_url() if access.case else access.spell.get_absolute_url()
    context = {"form": form, "path": access.path, "cancel_url": back} | context
    return render(request, template, context, status=409 if form.stale else 200)


def _stands(case: Candidacy) -> list[dict[str, Any]]:
    return [{"name": "Giai đoạn hiện nay", "value": f"{case.get_stage_display()}, từ {vietnamese.day(case.stage_day)}"}]


def last_change(case: Candidacy) -> dict[str, Any]:
    """Who changed the case last and when: from its steps, its votes and the log's entries about it."""
    event = (
        StageEvent.objects.filter(candidacy=case)
        .select_related("actor__person")
        .order_by("-recorded_at", "-pk")
        .first()
    )
    vote = case.votes.select_related("actor__person").order_by("-recorded_at", "-pk").first()
    steps = StageEvent.objects.filter(candidacy=case).values("pk")
    about = Q(subject="candidacy", subject_id=case.pk) | Q(subject="stage_event", subject_id__in=steps)
    about |= Q(subject="person", subject_id=case.person_id) | Q(subject="vote", subject_id__in=case.votes.values("pk"))
    entry = Entry.objects.filter(about, sort=Entry.Sort.DEED).select_related("actor__person").first()
    told = [(row.actor, row.recorded_at) for row in (event, vote) if row] + ([(entry.actor, entry.at)] if entry else [])
    actor, at = max(told, key=lambda pair: pair[1])  # a case always has the event that opened it
    return {"name": actor.get_full_name() if actor else "hệ thống", "at": at}


def say(request: HttpRequest, *sentences: str) -> None:
    """The sentence after a deed."""
    messages.success(request, " ".join(sentence for sentence in sentences if sentence))


def what_next(case: Candidacy) -> str:
    """Whose turn it is now, as the end of the sentence after a deed."""
    if not case.is_open:
        return ""
    under_committee = procedure.under_committee(case.organisation, case.stage_day)
    outdated = procedure.is_outdated(case, case.stage_day)
    step = procedure.next_step(case.stage, under_committee=under_committee, outdated=outdated)
    return f"Việc tiếp theo: {vietnamese.uncapitalised(step.verb)} ({step.who})." if step else ""
