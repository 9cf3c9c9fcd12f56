"""The deeds of a case, step by step to the ceremony; `nominate` opens it (`membership/nomination.py`).

Every deed takes a list, checks all of it, and writes all of it or nothing, with one log entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Prefetch

from cells import vietnamese
from cells.dated import overlaps
from cells.log.write import record_rows
from cells.organisations.models import Organisation
from cells.people.models import User
from cells.rules.models import ExitReason
from cells.verdict import Problem, Refused, Stale
from membership import procedure
from membership.correct import CHANGED
from membership.counting import counting_day, counts_on, is_member, make_member
from membership.deadlines.rows import refresh
from membership.models import STAGES, Candidacy, CaseMove, Milestone, Spell, Stage, StageEvent, Vote
from membership.nomination import ELSEWHERE, HERE, ON_BEHALF, Nomination, nominate
from membership.papers.checklist import Line, checklists, in_words, is_asked, lacking, rules_on

__all__ = [
    "ELSEWHERE",
    "Move",
    "Nomination",
    "advance",
    "counting_day",
    "counts_on",
    "drop",
    "lock_cases",
    "make_member",
    "may_drop",
    "nominate",
    "override_problems",
    "papers_lacking",
    "resume",
    "step_problems",
]


_NO_VOTE = "chưa ghi kết quả biểu quyết đủ số phiếu về người này; ghi kết quả cuộc họp."


@dataclass(frozen=True)
class Move:
    """One case to its next stage on a day. `version` is what the form showed, null if not asked."""

    candidacy_id: int
    to: str
    day: dt.date
    number: str = ""
    note: str = ""
    override: str = ""  # why the step is taken although papers are lacking; only who may let it pass gives one
    on_behalf: bool = False
    version: int | None = None
    exit_reason: ExitReason | None = None
    received_on: dt.date | None = None  # with the ceremony: when the branch received the decision


@transaction.atomic
def advance(moves: Sequence[Move], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Take cases to their next stage. A decision makes the member; a ceremony dates the probation.

    A resolution that grew too old goes back to the dossier (`procedure.REDO`).
    Refused (fields `to`, `day`, `number`, `override`, `received_on`): a stage skipped, a day in the future
    or before the step it follows, too young at the branch's vote, out of the Party not long enough at the application,
    a number or a paper lacking (`override` lets papers pass, and stays visible), a step of a meeting that did not vote
    so that day (`votes.hold.hold_meeting` does both).
    `Stale`: changed since the form opened.
    """
    cases = _lock(moves)
    problems = [
        problem
        for index, (move, case) in enumerate(zip(moves, cases, strict=True))
        for problem in _move_problems(index, move, case, today)
    ]
    missing = papers_lacking(moves, cases)
    problems += override_problems(missing, moves, problems)
    problems = problems or _vote_problems(moves)
    if problems:
        raise Refused(*problems)
    for index, (move, case) in enumerate(zip(moves, cases, strict=True)):
        _step(case, move, actor, missing.get(index, ()))
        if move.to == Stage.DECIDED:
            _decide(case, move)
        elif move.to == Stage.ADMITTED:
            _hold_ceremony(case, move, actor)
    _record_moves("advance", cases, actor)
    return cases


@transaction.atomic
def drop(moves: Sequence[Move], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Take cases off the list, with a reason; the stage left is kept for coming back."""
    cases = _lock(moves)
    problems = []
    for index, (move, case) in enumerate(zip(moves, cases, strict=True)):
        if not may_drop(case):
            problems.append(Problem(index, "to", "Chỉ dừng theo dõi được hồ sơ chưa có quyết định kết nạp."))
        if move.exit_reason is None:
            problems.append(Problem(index, "exit_reason", "Chọn lý do dừng theo dõi."))
        problems += _day_problems(index, move, case, today)
    if problems:
        raise Refused(*problems)
    for move, case in zip(moves, cases, strict=True):
        case.exit_reason = move.exit_reason
        _step(case, replace(move, to=Stage.DROPPED), actor)
    _record_moves("drop", cases, actor)
    return cases


def may_drop(case: Candidacy) -> bool:
    """An open case; one that was decided only where nobody awaits the ceremony: the member is gone."""
    if case.stage != Stage.DECIDED:
        return case.is_open
    members = Spell.objects.filter(candidacy=case)
    return members.exists() and not members.filter(to_day=None).exists()


@transaction.atomic
def resume(moves: Sequence[Move], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Follow dropped cases again, from the stage they had reached."""
    cases = _lock(moves)
    problems = []
    for index, (move, case) in enumerate(zip(moves, cases, strict=True)):
        if case.stage != Stage.DROPPED:
            problems.append(Problem(index, "to", "Hồ sơ này đang được theo dõi."))
        elif of_branch := _at_work(case):
            problems.append(Problem(index, "to", HERE if of_branch == case.organisation_id else ELSEWHERE))
        problems += _day_problems(index, move, case, today)
    if problems:
        raise Refused(*problems)
    for move, case in zip(moves, cases, strict=True):
        last = case.events.valid().filter(stage=Stage.DROPPED).latest("day", "id")
        case.exit_reason = None
        _step(case, replace(move, to=last.from_stage or Stage.NOMINEE), actor)
    _record_moves("resume", cases, actor)
    return cases


def _at_work(case: Candidacy) -> int | None:
    """The branch (id) where the person is followed by now, or is a member; null where nowhere."""
    for rows in (Candidacy.objects.open(), Spell.objects.filter(to_day=None)):
        found = rows.filter(person=case.person_id).values_list("organisation", flat=True).first()
        if found is not None:
            return found
    return None


def lock_cases(ids: Collection[int]) -> dict[int, Candidacy]:
    """The cases by id, locked, with person, organisation and the moves from one to another."""
    cases = Candidacy.objects.select_for_update(of=("self",)).with_person()
    return cases.prefetch_related(Prefetch("moves", CaseMove.objects.select_related("origin"))).in_bulk(ids)


def _lock(moves: Sequence[Move]) -> list[Candidacy]:
    """The cases of the moves, locked, in their order; `Stale` if a form showed an older version."""
    found = lock_cases([move.candidacy_id for move in moves])
    stale = [
        Problem(index, "", CHANGED)
        for index, move in enumerate(moves)
        if move.version is not None and found[move.candidacy_id].version != move.version
    ]
    if stale:
        raise Stale(*stale)
    return [found[move.candidacy_id] for move in moves]


def _move_problems(index: int, move: Move, case: Candidacy, today: dt.date) -> list[Problem]:
    problems = step_problems(index, move, case, today)
    out_of_order = any(problem.field == "to" for problem in problems)
    return problems if out_of_order else problems + _paper_problems(index, move)


def step_problems(index: int, move: Move, case: Candidacy, today: dt.date) -> list[Problem]:
    """What stands against the step itself, its papers and votes apart."""
    under_committee = case.stage != Stage.BRANCH_RESOLVED or procedure.under_committee(case.unit_on(move.day), move.day)
    outdated = move.to == Stage.DOSSIER and procedure.is_outdated(case, move.day)
    verdict = procedure.order_verdict(case, move.to, under_committee=under_committee, outdated=outdated)
    if not verdict:
        return [Problem(index, "to", verdict.reason)]
    problems = _day_problems(index, move, case, today)
    if move.to == Stage.BRANCH_RESOLVED:
        age = procedure.age_verdict(case.person, move.day)
        problems += [] if age else [Problem(index, "day", age.reason)]
    if move.to == Stage.DOSSIER:
        again = procedure.readmission_verdict(case.person_id, move.day)
        problems += [] if again else [Problem(index, "day", again.reason)]
    if move.received_on and not case.stage_day <= move.received_on <= move.day:
        problems.append(Problem(index, "received_on", "Ngày nhận quyết định phải từ ngày quyết định đến ngày lễ."))
    if move.to == Stage.ADMITTED and not _awaits_ceremony(case):
        problems.append(Problem(index, "to", "Người này không còn là đảng viên dự bị chờ lễ kết nạp ở chi bộ."))
    if move.to == Stage.DECIDED and Spell.objects.filter(overlaps(move.day, None), person=case.person_id).exists():
        problems.append(Problem(index, "to", "Người này đang là đảng viên, hoặc còn là đảng viên sau ngày đó."))
    if not problems and not Organisation.objects.filter(pk=case.unit_on(move.day).pk).placed_on(move.day).exists():
        problems.append(Problem(index, "day", f"Chi bộ không hoạt động ngày {vietnamese.day(move.day)}."))
    return problems


def papers_lacking(moves: Sequence[Move], cases: Sequence[Candidacy]) -> dict[int, list[Line]]:
    """Place of a move → the papers its case lacks for the step; those that lack nothing left out."""
    found: dict[int, list[Line]] = {}
    for day in {move.day for move in moves}:
        of_day = [(index, move) for index, move in enumerate(moves) if move.day == day]
        rules = rules_on(day)
        if not any(is_asked(rule, move.to) for rule in rules for _, move in of_day if move.to in STAGES):
            continue
        lines = checklists([cases[index] for index, _ in of_day], day, rules)
        for index, move in of_day:
            missing = lacking(move.to, lines[cases[index].pk])
            found |= {index: missing} if missing else {}
    return found


def override_problems(
    missing: Mapping[int, Sequence[Line]], moves: Sequence[Move], problems: Sequence[Problem] = ()
) -> list[Problem]:
    """Who lacks papers passes only with a reason; nothing is said of who cannot take the step anyway (`problems`)."""
    barred = {problem.index for problem in problems if problem.field in ("to", "person", "day")}
    return [
        Problem(index, "override", in_words(lines))
        for index, lines in missing.items()
        if index not in barred and not vietnamese.clean(moves[index].override)
    ]


def _paper_problems(index: int, move: Move) -> list[Problem]:
    if move.number.strip():
        return []
    step = procedure.step_to(move.to)
    if step.number_needed:
        return [Problem(index, "number", f"Ghi {step.number_label.lower()}.")]
    return [Problem(index, "number", ON_BEHALF)] if move.on_behalf else []


def _vote_problems(moves: Sequence[Move]) -> list[Problem]:
    """A meeting's step is taken by its vote: on that case, that day, with enough votes."""
    passed = Vote.objects.valid().passed().filter(candidacy__in=[move.candidacy_id for move in moves])
    held = set(passed.values_list("candidacy_id", "subject", "day"))
    problems = []
    for index, move in enumerate(moves):
        subject = procedure.step_to(move.to).vote
        if subject and (move.candidacy_id, subject, move.day) not in held:
            problems.append(Problem(index, "to", f"Ngày {vietnamese.day(move.day)} {_NO_VOTE}"))
    return problems


def _day_problems(index: int, move: Move, case: Candidacy, today: dt.date) -> list[Problem]:
    before = vietnamese.uncapitalised(Stage(case.stage).label)
    verdict = procedure.day_verdict(
        move.day, not_before=case.stage_day, what_before=f"ngày ghi «{before}»", today=today
    )
    return [] if verdict else [Problem(index, "day", verdict.reason)]


def _step(case: Candidacy, move: Move, actor: User | None, missing: Sequence[Line] = ()) -> None:
    """Write the event and the new stage; what depends on the step is the caller's. `missing`: papers let pass."""
    StageEvent.objects.create(
        candidacy=case,
        stage=move.to,
        from_stage=case.stage,
        day=move.day,
        organisation=case.unit_on(move.day),
        number=vietnamese.clean(move.number),
        on_behalf=move.on_behalf,
        actor=actor,
        override=_let_pass(missing, move),
        let_pass=" ".join(line.rule.code for line in missing),
        note=vietnamese.clean(move.note),
    )
    if move.to == Stage.TRAINED:
        case.certificate_number, case.certificate_on = vietnamese.clean(move.number), move.day
    case.stage, case.stage_day, case.version = move.to, move.day, case.version + 1
    case.save()


def _let_pass(missing: Sequence[Line], move: Move) -> str:
    """Why the step was taken and what was lacking, the reason first: it is never cut off."""
    return f"Cho qua vì: {vietnamese.clean(move.override)}. {in_words(missing)}"[:1200] if missing else ""


def _decide(case: Candidacy, move: Move) -> None:
    if counts_on("decision", move.day):
        make_member(case, decided_on=move.day, number=move.number)


def _hold_ceremony(case: Candidacy, move: Move, actor: User | None) -> None:
    if move.received_on:
        what = Milestone.What.RECEIVED
        Milestone.objects.create(candidacy=case, what=what, day=move.received_on, actor=actor)
    decision = case.events.valid().filter(stage=Stage.DECIDED).latest("day", "id")
    if not Spell.objects.filter(candidacy=case).update(ceremony_on=move.day):
        make_member(case, decided_on=decision.day, number=decision.number, ceremony_on=move.day)


def _awaits_ceremony(case: Candidacy) -> bool:
    """False where the decision made a member who has died, left or been revoked since."""
    spells = list(Spell.objects.filter(candidacy=case).values_list("to_day", flat=True))
    return None in spells if spells else not is_member(case.person_id)


def _record_moves(deed: str, cases: Sequence[Candidacy], actor: User | None) -> None:
    refresh([case.person_id for case in cases])
    one = cases[0] if len(cases) == 1 else None
    told = {"stage": ("", Stage(one.stage).label), "day": ("", one.stage_day)} if one else None
    record_rows(deed, cases, actor=actor, subject="candidacy", changes=told)
