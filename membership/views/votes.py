"""Votes on the pages of people: their lines in the story, and their correction."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.forms import show_problems
from cells.people import rights
from cells.verdict import Refused
from membership.correct import acted_since
from membership.forms.meetings import MeetingForm, TakeBackForm
from membership.models import Vote
from membership.recognition.way import way_of
from membership.views import ballots
from membership.views.access import Access, of_case, of_member
from membership.views.deeds import FORM_METHODS, last_change, say
from membership.views.meetings import page_of, place_of
from membership.votes.base import rules_on
from membership.votes.correct import acted_on_member, correct_vote, may_correct, take_back
from membership.votes.models import ADMISSIONS, OF_COMMITTEE


def told(vote: Vote, access: Access, *, acted: bool) -> dict[str, Any]:
    """One vote as a line of the timeline, with «Sửa» where the reader may mend it."""
    subject = vote.get_subject_display()
    result = "đủ số phiếu" if vote.passed else "chưa đủ số phiếu"
    who = vote.actor.get_full_name() if vote.actor else "hệ thống"
    title = f"{subject[:1].upper()}{subject[1:]}, lần {vote.attempt}: {result}"
    return {
        "day": vote.day,
        "title": f"{title} (đã hủy)" if vote.void else title,
        "text": text_of(vote),
        "who": f"{who} ghi thay" if vote.on_behalf else who,
        "url": mend_url(vote, access, acted=acted),
    }


def text_of(vote: Vote) -> str:
    """The numbers of a vote and how its base came about, as sentences."""
    number = f"Số {vote.number}" if vote.number else ""
    base = f"Tổng số: {vote.base_told}" if vote.base_told else ""
    reason = f"Tổng số ghi tay: {vote.base_reason}" if vote.base_reason else ""
    passed_by = f"Cho qua khi còn thiếu giấy tờ: {vote.override}" if vote.override and not vote.step_id else ""
    return ". ".join(part for part in (number, vote.numbers, base, reason, vote.note, passed_by) if part)


def mend_url(vote: Vote, access: Access, *, acted: bool) -> str:
    """Where the vote is corrected, "" where the reader may not."""
    verdict = may_correct(vote, examines=access.may(rights.EXAMINE), acted=acted)
    if not access.may(rights.CORRECT) or not verdict:
        return ""
    if vote.subject in ADMISSIONS:
        return reverse("case_correct_vote", args=[vote.candidacy_id, vote.pk])
    return reverse("member_correct_vote", args=[vote.spell_id, vote.pk])


@require_http_methods(FORM_METHODS)
def case_correct_vote(request: HttpRequest, pk: int, vote_pk: int) -> HttpResponse:
    """Correct a vote on a case, or take it back."""
    access = of_case(request, pk)
    access.require(rights.CORRECT)
    vote = _vote_or_404(access.case.votes, vote_pk)
    _check_right(vote, access, acted=acted_since(access.case, access.case.events.all(), vote.recorded_at))
    return _correct(request, access, vote, ballots.of_cases([access.case], vote.subject, access.today, mending=True))


@require_http_methods(FORM_METHODS)
def member_correct_vote(request: HttpRequest, pk: int, vote_pk: int) -> HttpResponse:
    """Correct a vote at the end of a probation, or take it back."""
    access = of_member(request, pk)
    access.require(rights.CORRECT)
    vote = _vote_or_404(access.spell.votes, vote_pk)
    way = way_of(access.spell, access.today)
    _check_right(vote, access, acted=acted_on_member(access.spell, way.votes))
    return _correct(request, access, vote, ballots.of_ways([way], vote.subject))


def _vote_or_404(votes, pk: int) -> Vote:
    vote = votes.select_related("organisation").filter(pk=pk).first()
    if vote is None:
        raise Http404
    return vote


def _check_right(vote: Vote, access: Access, *, acted: bool) -> None:
    verdict = may_correct(vote, examines=access.may(rights.EXAMINE), acted=acted)
    if not verdict:
        raise PermissionDenied(verdict.reason)


def _correct(request: HttpRequest, access: Access, vote: Vote, rows: list[ballots.BallotRow]) -> HttpResponse:
    person = access.case or access.spell
    taking_back = "take_back" in request.POST
    sent = request.POST if request.method == "POST" else None
    rules = rules_on(vote.day)
    form = MeetingForm(
        None if taking_back else sent,
        initial=_initial(vote, rows[0].key),
        place=place_of(vote.organisation, rules, committee=vote.subject in OF_COMMITTEE, on_behalf=vote.on_behalf),
        rows=rows,
        correcting=True,
        today=access.today,
    )
    void = TakeBackForm(sent if taking_back else None, seen=rows[0].seen, today=access.today)
    if sent is not None and (_take_back(request, void, vote, access) if taking_back else _mend(request, form, vote)):
        return redirect(person)
    context = {
        "title": f"Sửa lần biểu quyết ngày {vietnamese.day(vote.day)}",
        "lead": f"{rows[0].name} · {vote.get_subject_display()}, lần {vote.attempt}",
        "deed": "Ghi nội dung đã sửa",
        "cancel_url": person.get_absolute_url(),
        "void": void,
    }
    stale = form.stale or void.stale
    if stale and access.case is not None:
        context["faster"] = last_change(access.case)
    context = page_of(access, form, rules, **context)
    return render(request, "membership/correct_vote.html", context, status=409 if stale else 200)


def _initial(vote: Vote, key: str) -> dict[str, Any]:
    typed = vote.base_source == Vote.Source.TYPED
    found: dict[str, Any] = {name: getattr(vote, name) for name in ("day", "form", "number", "present", "base_reason")}
    found |= {"base": vote.base if typed else None, "exempt_present": vote.exempt_present or None}
    return found | {f"{key}-{name}": getattr(vote, name) for name in ("yes", "no", "blank")}


def _mend(request: HttpRequest, form: MeetingForm, vote: Vote) -> bool:
    if not form.is_valid():
        return False
    (ballot,) = form.ballots()
    reason = form.cleaned_data["reason"]
    meeting = form.meeting_of(vote)
    try:
        now = correct_vote(vote, meeting=meeting, ballot=ballot, reason=reason, actor=request.user, today=form.today)
    except Refused as refused:
        form.show(refused)
        return False
    result = "đủ số phiếu" if now.passed else "chưa đủ số phiếu"
    say(request, f"Đã sửa lần biểu quyết: {now.numbers} ({result}).", "Nội dung cũ vẫn giữ trong nhật ký.")
    return True


def _take_back(request: HttpRequest, form: TakeBackForm, vote: Vote, access: Access) -> bool:
    if not form.is_valid():
        return False
    values = form.cleaned_data
    try:
        take_back(vote, reason=values["reason"], actor=request.user, today=access.today, seen=values["seen"])
    except Refused as refused:
        show_problems(form, refused)
        return False
    say(request, f"Đã hủy lần biểu quyết ngày {vietnamese.day(vote.day)}.", "Nội dung cũ vẫn giữ trong nhật ký.")
    return True
