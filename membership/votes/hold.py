"""The deed of a meeting: several people, each voted on separately, at once (`docs/decisions/0011-votes.md`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from cells import vietnamese
from cells.log.write import record_rows
from cells.organisations.models import Organisation
from cells.people.models import User
from cells.verdict import Problem, Refused, Stale
from membership import admission, procedure
from membership.deadlines.rows import refresh
from membership.models import Candidacy, Spell, StageEvent, Vote
from membership.nomination import ON_BEHALF
from membership.papers.checklist import checklists, in_words, lacking
from membership.papers.models import RECOGNITION
from membership.recognition.way import Way, after_votes, vote_verdict, ways
from membership.votes.base import Base, Meeting, count_base
from membership.votes.models import ADMISSIONS, OF_COMMITTEE, Subject

CHANGED = "Người khác vừa ghi về người này sau khi mở trang; xem lại rồi ghi lại."


@dataclass(frozen=True)
class Ballot:
    """The result on one person: a case or an open probationary spell, as the `subject` asks.

    `seen` is how the form knew the person: the version of the case, or how many votes on the member there were;
    null if not asked.
    """

    subject: str
    yes: int
    no: int = 0
    blank: int = 0
    candidacy_id: int | None = None
    spell_id: int | None = None
    number: str = ""
    override: str = ""  # why the vote is held although papers are lacking
    seen: int | None = None


@dataclass
class People:
    """Whom the ballots are about, locked: the cases by id, the members' ways by spell."""

    cases: Mapping[int, Candidacy]
    ways: Mapping[int, Way]
    votes: dict[int, list[Vote]] = field(default_factory=dict)  # of a case, valid, oldest first

    def seen(self, ballot: Ballot) -> int:
        if ballot.subject in ADMISSIONS:
            return self.cases[ballot.candidacy_id or 0].version
        return len(self.ways[ballot.spell_id or 0].votes)

    def unit(self, ballot: Ballot) -> Organisation:
        if ballot.subject in ADMISSIONS:
            return self.cases[ballot.candidacy_id or 0].organisation
        return self.ways[ballot.spell_id or 0].spell.organisation

    def before(self, ballot: Ballot) -> Sequence[Vote]:
        """The earlier votes on the same person."""
        if ballot.subject in ADMISSIONS:
            return self.votes.get(ballot.candidacy_id or 0, [])
        return self.ways[ballot.spell_id or 0].votes


@transaction.atomic
def hold_meeting(meeting: Meeting, ballots: Sequence[Ballot], *, actor: User | None, today: dt.date) -> list[Vote]:
    """Record what a meeting voted. Cases with enough votes take their step, the others stay where they are.

    Refused, of the meeting (fields `day`, `base`, `base_reason`, `exempt_present`, `present`, `number`): a day to
    come, a branch too small to vote, a base that is not the register's without a reason, more present than counted.
    Of a ballot (fields `person`, `yes`, `override`): numbers that are not those present; a person whose
    turn it is not, a day before the step or vote it follows, too young, papers lacking. `Stale` (field `person`):
    somebody else was faster.
    """
    people = lock(ballots, today)
    check_seen(ballots, people)
    base, problems = count_base(meeting, today)
    wrong_day = any(problem.field == "day" for problem in problems)
    for index, ballot in enumerate(ballots):
        problems += number_problems(index, ballot, meeting, base)
        problems += [] if wrong_day else _person_problems(index, ballot, meeting, people, today)
    problems += [] if wrong_day else _override_problems(meeting, ballots, people, problems)
    problems += _paper_problems(meeting, ballots, base)
    if not ballots:
        problems.append(Problem(0, "", "Ghi kết quả của ít nhất một người."))
    if problems or base is None:
        raise Refused(*problems)
    votes = [_write(ballot, meeting, base, people, actor) for ballot in ballots]
    record_rows("hold_meeting", votes, actor=actor, subject="vote")
    passed = {vote.candidacy_id: vote for vote in votes if vote.candidacy_id and vote.passed}
    if passed:
        moves = [_move(ballot, meeting) for ballot in ballots if ballot.candidacy_id in passed]
        for case in admission.advance(moves, actor=actor, today=today):
            passed[case.pk].candidacy = case
        link_steps(passed)
    _stay(votes, people)
    refresh([way.spell.person_id for way in people.ways.values()])
    return votes


def number_problems(index: int, ballot: Ballot, meeting: Meeting, base: Base | None) -> list[Problem]:
    """Everybody present agreed, did not, or left no valid vote; and nobody else did."""
    if base is not None and ballot.yes > base.number:
        return [Problem(index, "yes", f"{ballot.yes} phiếu tán thành, nhiều hơn tổng số {base.number}.")]
    if ballot.yes > meeting.present:
        return [Problem(index, "yes", f"{ballot.yes} phiếu tán thành, nhiều hơn số có mặt {meeting.present}.")]
    cast = ballot.yes + ballot.no + ballot.blank
    if cast == meeting.present:
        return []
    differs = f"thiếu {meeting.present - cast}" if cast < meeting.present else f"thừa {cast - meeting.present}"
    total = f"{ballot.yes} + {ballot.no} + {ballot.blank} = {cast}"
    return [Problem(index, "yes", f"{total}, khác số có mặt {meeting.present}: {differs} phiếu.")]


def _paper_problems(meeting: Meeting, ballots: Sequence[Ballot], base: Base | None) -> list[Problem]:
    """A resolution has a number; what was not enough makes none, but a paper of the lower level has one."""
    lacking = [ballot for ballot in ballots if not (ballot.number.strip() or meeting.number.strip())]
    if lacking and meeting.on_behalf:
        return [Problem(0, "number", ON_BEHALF)]
    if base is not None and any(ballot.yes >= base.needed for ballot in lacking):
        return [Problem(0, "number", "Ghi số nghị quyết.")]
    return []


def lock(ballots: Sequence[Ballot], today: dt.date) -> People:
    """Whom the ballots are about, locked until the deed is done."""
    cases = admission.lock_cases([ballot.candidacy_id for ballot in ballots if ballot.candidacy_id is not None])
    ids = [ballot.spell_id for ballot in ballots if ballot.spell_id is not None]
    spells = list(Spell.objects.select_for_update(of=("self",)).filter(pk__in=ids).with_person())
    people = People(cases, {way.spell.pk: way for way in ways(spells, today)})
    for vote in Vote.objects.valid().filter(candidacy__in=cases).order_by("day", "pk"):
        people.votes.setdefault(vote.candidacy_id, []).append(vote)
    return people


def check_seen(ballots: Sequence[Ballot], people: People) -> None:
    """`Stale` where somebody recorded something of a person since the form showed them."""
    stale = [
        Problem(index, "person", CHANGED)
        for index, ballot in enumerate(ballots)
        if ballot.seen is not None and ballot.seen != people.seen(ballot)
    ]
    if stale:
        raise Stale(*stale)


def _person_problems(index: int, ballot: Ballot, meeting: Meeting, people: People, today: dt.date) -> list[Problem]:
    unit = people.unit(ballot)
    if (ballot.subject in OF_COMMITTEE) != meeting.committee or not _is_of(unit, meeting):
        return [Problem(index, "person", "Người này không thuộc nơi họp; xem lại danh sách.")]
    if ballot.subject not in ADMISSIONS:
        way = people.ways[ballot.spell_id or 0]
        if way.spell.to_day is not None or way.spell.standing != Spell.Standing.PROBATIONARY:
            return [Problem(index, "person", "Người này không còn là đảng viên dự bị của chi bộ.")]
        verdict = vote_verdict(way, ballot.subject, meeting.day)
        return [] if verdict else [Problem(index, "person", verdict.reason)]
    case = people.cases[ballot.candidacy_id or 0]
    problems = admission.step_problems(index, _move(ballot, meeting), case, today)
    after = after_votes(people.before(ballot), ballot.subject, meeting.day)
    if not problems and not after:
        problems = [Problem(index, "person", after.reason)]
    return [_of_person(problem) for problem in problems]


def _override_problems(
    meeting: Meeting, ballots: Sequence[Ballot], people: People, problems: Sequence[Problem]
) -> list[Problem]:
    """A case without its papers is not voted on, enough votes or not."""
    places = [index for index, ballot in enumerate(ballots) if ballot.subject in ADMISSIONS]
    moves = [_move(ballots[index], meeting) for index in places]
    missing = admission.papers_lacking(moves, [people.cases[move.candidacy_id] for move in moves])
    barred = [replace(problem, index=places.index(problem.index)) for problem in problems if problem.index in places]
    return [
        replace(problem, index=places[problem.index]) for problem in admission.override_problems(missing, moves, barred)
    ] + _recognition_problems(meeting, ballots, people, problems)


def _recognition_problems(
    meeting: Meeting, ballots: Sequence[Ballot], people: People, problems: Sequence[Problem]
) -> list[Problem]:
    """Nor is a recognition without its papers, of somebody whose case was followed here."""
    asked = {
        index: people.ways[ballot.spell_id or 0].spell.candidacy_id
        for index, ballot in enumerate(ballots)
        if ballot.subject == Subject.BRANCH_RECOGNITION and not vietnamese.clean(ballot.override)
    }
    cases = Candidacy.objects.filter(pk__in=[pk for pk in asked.values() if pk]).select_related("person")
    lines = checklists(list(cases), meeting.day) if cases else {}
    missing = {index: lacking(RECOGNITION, lines.get(pk or 0, ())) for index, pk in asked.items()}
    barred = {problem.index for problem in problems if problem.field == "person"}
    return [
        Problem(index, "override", in_words(found)) for index, found in missing.items() if found and index not in barred
    ]


def _of_person(problem: Problem) -> Problem:
    return Problem(problem.index, "person", problem.message)


def _is_of(unit: Organisation, meeting: Meeting) -> bool:
    if not meeting.committee:
        return unit.pk == meeting.organisation.pk
    return procedure.base_committees([unit.pk], meeting.day).get(unit.pk) == meeting.organisation.pk


def _move(ballot: Ballot, meeting: Meeting) -> admission.Move:
    return admission.Move(
        ballot.candidacy_id or 0,
        procedure.step_of_vote(ballot.subject).to,
        meeting.day,
        number=ballot.number or meeting.number,
        note=meeting.note,
        override=ballot.override,
        on_behalf=meeting.on_behalf,
    )


def _write(ballot: Ballot, meeting: Meeting, base: Base, people: People, actor: User | None) -> Vote:
    before = [vote for vote in people.before(ballot) if vote.subject == ballot.subject]
    return Vote.objects.create(
        subject=ballot.subject,
        candidacy=people.cases.get(ballot.candidacy_id or 0),
        spell=people.ways[ballot.spell_id].spell if ballot.spell_id else None,
        organisation=meeting.organisation,
        day=meeting.day,
        attempt=len(before) + 1,
        form=meeting.form,
        present=meeting.present,
        yes=ballot.yes,
        no=ballot.no,
        blank=ballot.blank,
        number=vietnamese.clean(ballot.number or meeting.number),
        on_behalf=meeting.on_behalf,
        note=vietnamese.clean(meeting.note),
        override=vietnamese.clean(ballot.override),
        actor=actor,
        **base.stored(),
    )


def _stay(votes: Sequence[Vote], people: People) -> None:
    """Cases that failed stay where they are, and show that something happened."""
    for vote in votes:
        if vote.candidacy_id and not vote.passed:
            case = people.cases[vote.candidacy_id]
            case.version += 1
            case.save(update_fields=["version"])


def link_steps(passed: Mapping[int, Vote]) -> None:
    """Let each vote (by case) know the step it led to, the latest of that stage."""
    steps = StageEvent.objects.valid().filter(candidacy__in=passed).order_by("day", "pk")
    for step in steps:
        vote = passed[step.candidacy_id]
        if step.stage == procedure.step_of_vote(vote.subject).to and step.day == vote.day:
            vote.step = step
    Vote.objects.bulk_update(passed.values(), ["step"])
