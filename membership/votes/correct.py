"""A vote that was recorded wrongly: its numbers replaced, or taken back as if it had not been; with a reason, logged.

What followed from it follows the right result: a case whose vote was enough after all takes its step, one whose
vote was not goes back, unless something later stands on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from cells import vietnamese
from cells.log.write import record
from cells.people.models import User
from cells.verdict import YES, Problem, Refused, Verdict, no, refuse
from membership import admission, procedure
from membership.correct import NO_REASON, check_step_day, set_values
from membership.deadlines.rows import refresh
from membership.models import Candidacy, Spell, Vote
from membership.recognition.way import after_votes, way_of
from membership.votes.base import Meeting, count_base
from membership.votes.hold import Ballot, People, check_seen, link_steps, lock, number_problems
from membership.votes.models import OF_COMMITTEE

_PAST_IT = "hồ sơ đã qua bước sau; sửa hoặc hủy các bước sau trước."


def may_correct(vote: Vote, *, examines: bool, acted: bool) -> Verdict:
    """Whoever examines may correct every vote; a branch its own, until the committee has `acted` on the person."""
    if vote.void:
        return no("Lần biểu quyết này đã bị hủy.")
    if examines:
        return YES
    if vote.subject in OF_COMMITTEE or acted:
        return no("Đảng ủy đã xét; đề nghị đảng ủy sửa.", who_can="đảng ủy cơ sở")
    return YES


def acted_on_member(spell: Spell, votes: Iterable[Vote]) -> bool:
    """Whether the committee has acted since the branch voted on a member; `votes`: on the end of the probation."""
    examined = any(vote.subject in OF_COMMITTEE and not vote.void for vote in votes)
    return examined or spell.standing != Spell.Standing.PROBATIONARY or spell.to_day is not None


@transaction.atomic
def correct_vote(vote: Vote, *, meeting: Meeting, ballot: Ballot, reason: str, actor: User, today: dt.date) -> Vote:
    """Replace what was recorded of one vote; `meeting` and `ballot` say all of it as it was.

    Refused as `hold_meeting` refuses, and: without a `reason`; a day that does not stand between what came before and
    after; another result, where something later stands on the old one (field `yes`). `Stale` if somebody was faster.
    """
    people, held = _locked(vote, ballot, today)
    base, problems = count_base(meeting, today)
    problems += number_problems(0, ballot, meeting, base)
    enough = base is not None and ballot.yes >= base.needed
    if enough and not meeting.number.strip():
        problems.append(Problem(0, "number", "Ghi số nghị quyết."))
    if not reason.strip():
        problems.append(Problem(0, "reason", NO_REASON))
    if problems or base is None:
        raise Refused(*problems)
    _check_order(held, people.before(ballot), meeting.day)
    was = held.passed
    values = base.stored() | {
        "day": meeting.day,
        "form": meeting.form,
        "present": meeting.present,
        "yes": ballot.yes,
        "no": ballot.no,
        "blank": ballot.blank,
        "number": vietnamese.clean(meeting.number),
    }
    changes = set_values(held, values)
    if held.candidacy_id:
        if held.passed and not was:
            _check_nothing_later(held, people.before(ballot))
        _follow_case(held, was, people.cases[held.candidacy_id], actor, today)
    elif was != held.passed:
        _check_nothing_later(held, people.before(ballot))
    held.save()
    refresh([_person_of(held)])
    _log("correct", held, reason, actor, changes)
    return held


@transaction.atomic
def take_back(vote: Vote, *, reason: str, actor: User, today: dt.date, seen: int | None = None) -> Vote:
    """The vote as if it had not been (recorded of the wrong person): it stays, void, and counts nowhere.

    Refused (fields `reason`, `yes`) without a reason, or where something later stands on it.
    """
    ballot = Ballot(vote.subject, 0, candidacy_id=vote.candidacy_id, spell_id=vote.spell_id, seen=seen)
    people, held = _locked(vote, ballot, today)
    if not reason.strip():
        raise refuse(NO_REASON, field="reason")
    if held.candidacy_id:
        case = people.cases[held.candidacy_id]
        if held.passed:
            _step_back(held, case)
        _touch(case)
    elif held.passed:
        _check_nothing_later(held, people.before(ballot))
    held.void = True
    held.save()
    same = [row.pk for row in people.before(ballot) if row.subject == held.subject and row.attempt > held.attempt]
    Vote.objects.filter(pk__in=same).update(attempt=F("attempt") - 1)
    refresh([_person_of(held)])
    _log("take_back_vote", held, reason, actor, {})
    return held


def _locked(vote: Vote, ballot: Ballot, today: dt.date) -> tuple[People, Vote]:
    people = lock([ballot], today)
    check_seen([ballot], people)
    held = next((row for row in people.before(ballot) if row.pk == vote.pk), None)
    if held is None:
        raise refuse("Lần biểu quyết này đã bị hủy.")
    return people, held


def _check_order(held: Vote, votes: Sequence[Vote], day: dt.date) -> None:
    """The day stands between the votes on the same person before and after."""
    place = list(votes).index(held)
    verdict = after_votes(votes[:place], held.subject, day)
    if not verdict:
        raise refuse(verdict.reason, field="day")
    later = next(iter(votes[place + 1 :]), None)
    if later is not None and (day > later.day or (day == later.day and later.subject == held.subject)):
        after = f"Ngày {vietnamese.day(day)} không ở trước lần biểu quyết sau ({vietnamese.day(later.day)})."
        raise refuse(after, field="day")
    if held.spell_id:
        ends_on = way_of(held.spell, day).ends_on
        if ends_on and day < ends_on:
            raise refuse(f"Thời gian dự bị hết ngày {vietnamese.day(ends_on)}; xét công nhận từ ngày đó.", field="day")


def _check_nothing_later(held: Vote, votes: Sequence[Vote]) -> None:
    later = list(votes)[list(votes).index(held) + 1 :]
    if later or (held.spell_id and _recognised(held)):
        raise refuse("Kết quả đổi mà sau đó đã biểu quyết tiếp hoặc đã công nhận; sửa các việc sau trước.", field="yes")


def _recognised(vote: Vote) -> bool:
    begun = Spell.objects.filter(person=vote.spell.person_id, started_by=Spell.Start.RECOGNISED)
    return begun.filter(from_day__gt=vote.spell.from_day).exists()


def _follow_case(held: Vote, was: bool, case: Candidacy, actor: User, today: dt.date) -> None:
    """Let the case follow the corrected vote: the same step on its right day, one more, or one less."""
    if was and held.passed:
        _move_step(held, case, today)
    elif was:
        _step_back(held, case)
    elif held.passed:
        held.save()
        step = procedure.step_of_vote(held.subject)
        move = admission.Move(
            case.pk,
            step.to,
            held.day,
            number=held.number,
            note=held.note,
            override=held.override,
            on_behalf=held.on_behalf,
        )
        admission.advance([move], actor=actor, today=today)
        link_steps({case.pk: held})
        return
    else:
        _check_after_the_step_before(held, case)
    _touch(case)


def _move_step(held: Vote, case: Candidacy, today: dt.date) -> None:
    steps = list(case.events.valid().order_by("day", "id"))
    place = next((index for index, step in enumerate(steps) if step.pk == held.step_id), None)
    if place is None:
        return
    step = steps[place]
    check_step_day(case, steps, place, held.day, today)
    step.day, step.number = held.day, held.number
    step.save()
    if place == len(steps) - 1:
        case.stage_day = held.day


def _step_back(held: Vote, case: Candidacy) -> None:
    """The step the vote had led to is void, and the case where it was before; only from its last step."""
    steps = list(case.events.valid().order_by("day", "id"))
    if not steps or steps[-1].pk != held.step_id:
        raise refuse(f"Không còn đủ số phiếu mà {_PAST_IT}", field="yes")
    before, last = steps[-2:]
    last.void = True
    last.save()
    case.stage, case.stage_day = last.from_stage, before.day
    held.step = None


def _check_after_the_step_before(held: Vote, case: Candidacy) -> None:
    after = procedure.step_of_vote(held.subject).after
    before = case.events.valid().filter(stage__in=after, recorded_at__lt=held.recorded_at).order_by("day", "id").last()
    if before is not None and held.day < before.day:
        stage = vietnamese.uncapitalised(before.get_stage_display())
        told = f"Ngày {vietnamese.day(held.day)} ở trước ngày ghi «{stage}»"
        raise refuse(f"{told} ({vietnamese.day(before.day)}).", field="day")


def _person_of(vote: Vote) -> int:
    return (vote.candidacy or vote.spell).person_id


def _touch(case: Candidacy) -> None:
    case.version += 1
    case.save()


def _log(deed: str, vote: Vote, reason: str, actor: User, changes: dict) -> None:
    record(
        deed,
        actor=actor,
        subject="vote",
        subject_id=vote.pk,
        organisation=vote.organisation,
        note=vietnamese.clean(reason),
        changes=changes,
    )
