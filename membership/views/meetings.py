"""Recording a meeting that voted: several people at once, or one from their own page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.log import write
from cells.organisations.models import Organisation
from cells.people import rights
from cells.rules.models import Kind
from cells.verdict import Refused
from membership import procedure
from membership.forms.meetings import BallotRow, MeetingForm, Place
from membership.models import Stage, Vote
from membership.recognition.way import Turn, told, way_of
from membership.views import ballots
from membership.views.access import Access, of_member, of_unit
from membership.views.clocks import next_due
from membership.views.deeds import FORM_METHODS, last_change, posted, say, what_next
from membership.votes.base import VoteRules, roll_of, rules_on
from membership.votes.hold import hold_meeting
from membership.votes.models import ADMISSIONS, OF_COMMITTEE, Subject

RECENT = 12


@require_http_methods(FORM_METHODS)
def branch_meeting(request: HttpRequest, code: str) -> HttpResponse:
    """A meeting of the branch: everybody whose dossier or probation is ready."""
    access = of_unit(request, code, rights.BRANCH_WORK)
    if not _kind(access).is_branch:
        return _no_meeting(request, access, "Chỉ chi bộ họp biểu quyết; chọn một chi bộ bên dưới.")
    return _meeting(request, access, committee=False)


@require_http_methods(FORM_METHODS)
def committee_meeting(request: HttpRequest, code: str) -> HttpResponse:
    """A meeting of a base committee: what its branches have proposed."""
    access = of_unit(request, code, rights.EXAMINE)
    kind = _kind(access)
    if kind.level != Kind.Level.BASE or not kind.has_committee:
        return _no_meeting(request, access, "Chỉ đảng ủy cơ sở họp xét đề nghị của chi bộ; chọn một đảng bộ cơ sở.")
    return _meeting(request, access, committee=True)


def case_vote(request: HttpRequest, access: Access, step: procedure.Step) -> HttpResponse:
    """The meeting's result on one case, from the page of the case."""
    case = access.case
    rows = ballots.of_cases([case], step.vote, access.today)
    return _alone(request, access, rows, title=step.verb, deed=step.verb)


@require_http_methods(FORM_METHODS)
def member_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The branch's vote at the end of one member's probation."""
    return _member(request, pk, Subject.BRANCH_RECOGNITION, "Ghi biểu quyết công nhận")


@require_http_methods(FORM_METHODS)
def member_examine(request: HttpRequest, pk: int) -> HttpResponse:
    """The base committee's vote on recognising one member."""
    return _member(request, pk, Subject.COMMITTEE_RECOGNITION, "Ghi nghị quyết đảng ủy")


def place_of(unit: Organisation, rules: VoteRules, *, committee: bool, on_behalf: bool) -> Place:
    """Where the meeting is held, and by which rule its votes are enough."""
    return Place(unit, committee, on_behalf, rules.of(committee=committee), lambda day: roll_of(unit.pk, day))


def _place(access: Access, rules: VoteRules, *, committee: bool) -> Place:
    """The reader's: of the unit itself, or for one person's page of the base committee over their branch."""
    unit = access.unit
    if committee and (access.case or access.spell):
        above = procedure.base_committees([unit.pk], access.today).get(unit.pk)
        unit = next((part for part in access.path if part.pk == above), unit)
    on_behalf = access.on_behalf(procedure.step_to(Stage.EXAMINED if committee else Stage.BRANCH_RESOLVED))
    return place_of(unit, rules, committee=committee, on_behalf=on_behalf)


def page_of(access: Access, form: MeetingForm, rules: VoteRules, **context: Any) -> dict[str, Any]:
    """What the page of a meeting needs: the form, the rules it applies, and whether the branch may vote at all."""
    roll = form.roll
    too_small = roll is not None and 0 < roll.full < rules.minimum.number
    return {
        "form": form,
        "path": access.path,
        "share": form.place.share,
        "minimum": rules.minimum if too_small else None,
    } | context


def _member(request: HttpRequest, pk: int, subject: str, verb: str) -> HttpResponse:
    access = of_member(request, pk)
    committee = subject in OF_COMMITTEE
    access.require(rights.EXAMINE if committee else rights.BRANCH_WORK)
    way = way_of(access.spell, access.today)
    if request.method != "POST" and way.turn != (Turn.COMMITTEE if committee else Turn.BRANCH):
        messages.info(request, told(way, way.turn))
        return redirect(access.spell)
    return _alone(request, access, ballots.of_ways([way], subject), title=verb, deed=verb)


def _alone(request: HttpRequest, access: Access, rows: list[BallotRow], **context: Any) -> HttpResponse:
    """The page of a meeting with one row, which leads back to the person."""
    rules = rules_on(access.today)
    committee = rows[0].subject in OF_COMMITTEE
    person = access.case or access.spell
    form = MeetingForm(
        posted(request),
        initial=_initial(access, committee),
        place=_place(access, rules, committee=committee),
        rows=rows,
        may_override=access.may(rights.OVERRIDE),
        today=access.today,
    )
    if request.method == "POST":
        votes = _hold(request, form, access)
        if votes is not None:
            for vote in votes:
                _tell(request, vote, access.today)
            return redirect(person)
    context |= {"lead": f"{rows[0].name} · {access.unit.name}", "cancel_url": person.get_absolute_url()}
    if form.stale and access.case is not None:
        context["faster"] = last_change(access.case)
    return _render(request, access, form, rules, **context)


def _meeting(request: HttpRequest, access: Access, *, committee: bool) -> HttpResponse:
    rules = rules_on(access.today)
    rows = ballots.of_meeting(request.user, access.unit, access.today, committee=committee, sent=posted(request))
    form = MeetingForm(
        posted(request),
        initial=_initial(access, committee),
        place=_place(access, rules, committee=committee),
        rows=rows,
        may_override=access.may(rights.OVERRIDE),
        today=access.today,
    )
    if request.method == "POST" and form.rows:
        votes = _hold(request, form, access)
        if votes is not None:
            for vote in votes:
                _tell(request, vote, access.today)
            return redirect(request.path)
    recent = Vote.objects.valid().filter(organisation=access.unit).for_user(request.user, on=access.today)
    recent = list(recent.with_person().order_by("-day", "-pk")[:RECENT])
    if rows or recent:
        write.read(actor=request.user, subject="list", count=len(rows) + len(recent))
    context = {
        "title": "Họp xét của đảng ủy" if committee else "Họp xét của chi bộ",
        "lead": access.unit.name,
        "deed": "Ghi kết quả họp",
        "cancel_url": access.unit.get_absolute_url(),
        "recent": recent,
        "of_unit": True,
    }
    return _render(request, access, form, rules, **context)


def _render(request: HttpRequest, access: Access, form: MeetingForm, rules: VoteRules, **context: Any) -> HttpResponse:
    status = 409 if form.stale else 200
    return render(request, "membership/meeting.html", page_of(access, form, rules, **context), status=status)


def _hold(request: HttpRequest, form: MeetingForm, access: Access) -> list[Vote] | None:
    """The votes recorded, or None with what was refused in the form; what was sent twice is recorded once."""
    if not form.is_valid():
        return None
    before = _sent_before(form, access)
    if before:
        return before
    try:
        return hold_meeting(form.meeting(), form.ballots(), actor=request.user, today=access.today)
    except Refused as refused:
        form.show(refused)
        return None


def _sent_before(form: MeetingForm, access: Access) -> list[Vote]:
    """The reader's own votes where they say just what this form says, all of it."""
    meeting, sent = form.meeting(), form.ballots()
    own = (
        Vote.objects.valid()
        .with_person()
        .filter(organisation=meeting.organisation, day=meeting.day, present=meeting.present, actor=access.reader)
    )
    held = {(vote.subject, vote.candidacy_id, vote.spell_id, vote.yes, vote.no, vote.blank): vote for vote in own}
    keys = [
        (ballot.subject, ballot.candidacy_id, ballot.spell_id, ballot.yes, ballot.no, ballot.blank) for ballot in sent
    ]
    return [held[key] for key in keys] if all(key in held for key in keys) else []


def _initial(access: Access, committee: bool) -> dict[str, Any]:
    """A committee has as many members as when it voted last."""
    if not committee:
        return {}
    unit = access.unit.pk if access.case is None and access.spell is None else None
    over = [unit] if unit else [part.pk for part in access.path]
    last = Vote.objects.valid().filter(organisation__in=over, subject__in=OF_COMMITTEE).order_by("-day", "-pk").first()
    return {"base": last.base} if last else {}


def _tell(request: HttpRequest, vote: Vote, today: dt.date) -> None:
    """What was recorded of one person, and what comes of it."""
    name = vote.person.name
    numbers = f"{name}: {vote.yes}/{vote.base} phiếu tán thành ngày {vietnamese.day(vote.day)}, cần {vote.needed}"
    if not vote.passed:
        again = "Kết quả vẫn báo cáo cấp ủy; biểu quyết lại được ở cuộc họp sau."
        messages.info(request, f"{numbers}: chưa đủ. {_stays(vote)} {again}")
    elif vote.subject in ADMISSIONS:
        case = vote.candidacy
        step = procedure.step_of_vote(vote.subject)
        done = step.done.format(day=vietnamese.day(vote.day))
        say(request, f"{numbers}: đủ.", done, next_due(case, today), what_next(case))
    else:
        way = way_of(vote.spell, vote.day)
        done = f"Đã ghi {vote.get_subject_display()}."
        say(request, f"{numbers}: đủ.", done, told(way, way.turn), next_due(vote.spell, today))


def _stays(vote: Vote) -> str:
    if vote.subject in ADMISSIONS:
        return f"Hồ sơ ở lại giai đoạn «{vote.candidacy.get_stage_display()}»."
    way = way_of(vote.spell, vote.day)
    return told(way, way.turn) if way.escalated else "Người này vẫn là đảng viên dự bị."


def _kind(access: Access) -> Kind:
    return Kind.objects.get(pk=access.unit.kind_id)


def _no_meeting(request: HttpRequest, access: Access, why: str) -> HttpResponse:
    messages.info(request, why)
    return redirect(access.unit)
