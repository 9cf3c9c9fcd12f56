"""The deeds of a case, from the first three fields to the ceremony.

Every deed takes a list, checks all of it, and writes all of it or nothing, with one log entry.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation
from cells.people import identity
from cells.people.identity import Identity
from cells.people.models import Person, User
from cells.rules.models import ExitReason, Rule, Stratum
from cells.verdict import Problem, Refused, Stale
from membership import procedure
from membership.models import Background, Candidacy, Spell, Stage, StageEvent

ELSEWHERE = "Người này đã có hồ sơ nơi khác, đảng ủy sẽ trả lời."


@dataclass(frozen=True)
class Nomination:
    """A new case. Three fields are needed: who (name and birth), where, and when the branch met."""

    identity: Identity
    organisation: Organisation
    listed_on: dt.date
    stage: str = Stage.NOMINEE  # later where the case is taken over from the old book
    stage_day: dt.date | None = None
    decision_number: str = ""
    certificate_number: str = ""
    certificate_on: dt.date | None = None
    introduced_by: str = ""
    helper: str = ""
    introducer_1: str = ""
    introducer_2: str = ""
    education: str = ""
    occupation: str = ""
    religion: str = ""
    strata: tuple[Stratum, ...] = ()
    exit_reason: ExitReason | None = None
    on_behalf: bool = False
    number: str = ""  # of the branch's paper, asked when entered on behalf
    another_person: bool = False  # same name and birth as somebody known, yet somebody else
    person: Person | None = None  # known already: the reader chose among several
    token: uuid.UUID | None = None


@dataclass(frozen=True)
class Move:
    """One case to its next stage on a day. `version` is what the form showed, null if not asked."""

    candidacy_id: int
    to: str
    day: dt.date
    number: str = ""
    note: str = ""
    consent: str = ""
    on_behalf: bool = False
    version: int | None = None
    exit_reason: ExitReason | None = None


@transaction.atomic
def nominate(items: Sequence[Nomination], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Put people on the list. Sending the same form again (same token) gives the case it made.

    Refused (fields `name`, `born`, `organisation`, `listed_on`, `stage_day`): impossible dates, a
    person who has an open case or is a member, a branch outside the tree on the day.
    """
    made = _made_before(items)
    if made:
        return made
    known = identity.find(item.identity for item in items)
    problems = [problem for index, item in enumerate(items) for problem in _nomination_problems(index, item, today)]
    people, doubts = _choose_people(items, known)
    problems += doubts + _standing_problems(items)
    if problems:
        raise Refused(*problems)
    persons = _persons(items, people)
    cases = _write_cases(items, persons)
    _write_first_events(items, cases, actor)
    _write_background(items, persons)
    _write_spells_taken_over(items, cases)
    one = cases[0] if len(cases) == 1 else None
    record(
        "nominate", actor=actor, subject="candidacy", subject_id=one.pk if one else None, count=len(cases),
        organisation=one.organisation if one else None,
    )
    return cases


@transaction.atomic
def advance(moves: Sequence[Move], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Take cases to their next stage. A decision makes the member; a ceremony dates the probation.

    Refused (fields `to`, `day`, `number`): a stage skipped, a day in the future or before the step it
    follows, too young at the branch's vote, a number lacking. `Stale`: changed since the form opened.
    """
    cases = _lock(moves)
    problems = [
        problem
        for index, (move, case) in enumerate(zip(moves, cases, strict=True))
        for problem in _move_problems(index, move, case, today)
    ]
    if problems:
        raise Refused(*problems)
    for move, case in zip(moves, cases, strict=True):
        _step(case, move, actor)
        if move.to == Stage.DECIDED:
            _decide(case, move)
        elif move.to == Stage.ADMITTED:
            _hold_ceremony(case, move)
    _record_moves(moves[0].to, cases, moves, actor)
    return cases


@transaction.atomic
def drop(moves: Sequence[Move], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Take cases off the list, with a reason; the stage left is kept for coming back."""
    cases = _lock(moves)
    problems = []
    for index, (move, case) in enumerate(zip(moves, cases, strict=True)):
        if not case.is_open or case.stage == Stage.DECIDED:
            problems.append(Problem(index, "to", "Chỉ dừng theo dõi được hồ sơ chưa có quyết định kết nạp."))
        if move.exit_reason is None:
            problems.append(Problem(index, "exit_reason", "Chọn lý do dừng theo dõi."))
        problems += _day_problems(index, move, case, today)
    if problems:
        raise Refused(*problems)
    for move, case in zip(moves, cases, strict=True):
        case.exit_reason = move.exit_reason
        _step(case, move, actor)
    _record_moves("drop", cases, moves, actor)
    return cases


@transaction.atomic
def resume(moves: Sequence[Move], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Follow dropped cases again, from the stage they had reached."""
    cases = _lock(moves)
    problems = []
    for index, (move, case) in enumerate(zip(moves, cases, strict=True)):
        if case.stage != Stage.DROPPED:
            problems.append(Problem(index, "to", "Hồ sơ này đang được theo dõi."))
        elif Candidacy.objects.open().filter(person=case.person_id).exists() or _is_member(case.person_id):
            problems.append(Problem(index, "to", ELSEWHERE))
        problems += _day_problems(index, move, case, today)
    if problems:
        raise Refused(*problems)
    for move, case in zip(moves, cases, strict=True):
        last = case.events.valid().filter(stage=Stage.DROPPED).latest("day", "id")
        case.exit_reason = None
        _step(case, Move(**{**vars(move), "to": last.from_stage or Stage.NOMINEE}), actor)
    _record_moves("resume", cases, moves, actor)
    return cases


# --- the list of a new case -------------------------------------------------------------------


def _made_before(items: Sequence[Nomination]) -> list[Candidacy]:
    tokens = [item.token for item in items if item.token]
    return list(Candidacy.objects.filter(token__in=tokens)) if tokens else []


def _nomination_problems(index: int, item: Nomination, today: dt.date) -> list[Problem]:
    problems = []
    if not item.identity.name.strip():
        problems.append(Problem(index, "name", "Ghi họ và tên."))
    if item.identity.born is None:
        problems.append(Problem(index, "born", "Ghi ngày sinh hoặc năm sinh."))
    days = [("listed_on", item.listed_on)]
    days += [("certificate_on", item.certificate_on)] if item.certificate_on else []
    days += [("stage_day", item.stage_day)] if item.stage_day else []
    for name, day in days:
        if day > today:
            problems.append(Problem(index, name, f"Ngày {vietnamese.day(day)} ở sau ngày hôm nay; chỉ ghi việc đã xảy ra."))
        if item.identity.born and day <= item.identity.born:
            problems.append(Problem(index, name, f"Ngày {vietnamese.day(day)} không sau ngày sinh."))
    if item.stage_day and item.stage_day < item.listed_on:
        problems.append(Problem(index, "stage_day", f"Ngày {vietnamese.day(item.stage_day)} ở trước ngày giới thiệu."))
    if item.stage == Stage.DROPPED and item.exit_reason is None:
        problems.append(Problem(index, "exit_reason", "Ghi lý do dừng theo dõi."))
    return problems


def _choose_people(items: Sequence[Nomination], known: dict) -> tuple[list[Person | None], list[Problem]]:
    """For each item the person it is about (null: somebody new), and what stands against it."""
    candidates = [person for people in known.values() for person in people]
    busy = dict(Candidacy.objects.open().filter(person__in=candidates).values_list("person_id", "organisation_id"))
    members = set(Spell.objects.filter(person__in=candidates, to_day__isnull=True).values_list("person_id", flat=True))
    chosen: list[Person | None] = []
    problems: list[Problem] = []
    seen: set = set()
    for index, item in enumerate(items):
        found = [] if item.another_person else known.get(item.identity.key, [])
        person = item.person or (found[0] if len(found) == 1 else None)
        chosen.append(person)
        if item.identity.key in seen and not item.another_person:
            problems.append(Problem(index, "name", "Người này có hai lần trong danh sách."))
        seen.add(item.identity.key)
        if person is None and len(found) > 1:
            problems.append(Problem(index, "name", "Có nhiều người trùng họ tên và ngày sinh; chọn đúng người."))
        if person is None:
            continue
        if person.pk in members and item.stage != Stage.ADMITTED:
            problems.append(Problem(index, "name", "Người này đang là đảng viên."))
        elif person.pk in busy:
            here = busy[person.pk] == item.organisation.pk
            problems.append(Problem(index, "name", "Chi bộ đã có hồ sơ của người này." if here else ELSEWHERE))
    return chosen, problems


def _standing_problems(items: Sequence[Nomination]) -> list[Problem]:
    problems = []
    standing: dict[dt.date, set[int]] = {}
    for index, item in enumerate(items):
        day = item.stage_day or item.listed_on
        if day not in standing:
            wanted = {other.organisation.pk for other in items}
            standing[day] = set(Organisation.objects.filter(pk__in=wanted).placed_on(day).values_list("pk", flat=True))
        if item.organisation.pk not in standing[day]:
            problems.append(Problem(index, "organisation", f"Chi bộ này không hoạt động ngày {vietnamese.day(day)}."))
    return problems


def _persons(items: Sequence[Nomination], chosen: Sequence[Person | None]) -> list[Person]:
    fresh = iter(identity.enter([item.identity for item, person in zip(items, chosen, strict=True) if person is None]))
    return [person or next(fresh) for person in chosen]


def _write_cases(items: Sequence[Nomination], persons: Sequence[Person]) -> list[Candidacy]:
    cases = Candidacy.objects.bulk_create(
        [
            Candidacy(
                person=person, organisation=item.organisation, stage=item.stage,
                stage_day=item.stage_day or item.listed_on, listed_on=item.listed_on,
                taken_over=item.stage != Stage.NOMINEE, introduced_by=item.introduced_by,
                certificate_number=item.certificate_number, certificate_on=item.certificate_on,
                helper=item.helper, introducer_1=item.introducer_1, introducer_2=item.introducer_2,
                exit_reason=item.exit_reason, token=item.token,
            )
            for item, person in zip(items, persons, strict=True)
        ]
    )
    through = Candidacy.strata.through
    through.objects.bulk_create(
        through(candidacy_id=case.pk, stratum_id=stratum.pk)
        for item, case in zip(items, cases, strict=True)
        for stratum in item.strata
    )
    return cases


def _write_first_events(items: Sequence[Nomination], cases: Sequence[Candidacy], actor: User | None) -> None:
    """The steps known: the listing, the certificate of a case taken over, and the stage reached."""
    events = []
    for item, case in zip(items, cases, strict=True):
        known = [(Stage.NOMINEE, "", item.listed_on, item.number)]
        if item.stage != Stage.NOMINEE:
            known.append((Stage(item.stage), Stage.NOMINEE, case.stage_day, item.decision_number))
        for stage, before, day, number in known:
            events.append(
                StageEvent(
                    candidacy=case, stage=stage, from_stage=before, day=day, organisation=item.organisation,
                    number=number, on_behalf=item.on_behalf, actor=actor,
                    note="chuyển từ sổ cũ" if stage != Stage.NOMINEE else "",
                )
            )
    StageEvent.objects.bulk_create(events, batch_size=1000)


def _write_background(items: Sequence[Nomination], persons: Sequence[Person]) -> None:
    told = {
        person.pk: item
        for item, person in zip(items, persons, strict=True)
        if item.education or item.occupation or item.religion
    }
    Background.objects.bulk_create(
        (
            Background(person_id=pk, religion=item.religion, education=item.education, occupation=item.occupation)
            for pk, item in told.items()
        ),
        update_conflicts=True, unique_fields=["person"], update_fields=["religion", "education", "occupation"],
    )


def _write_spells_taken_over(items: Sequence[Nomination], cases: Sequence[Candidacy]) -> None:
    """Cases taken over after the decision make their member here; a member known already is linked."""
    for item, case in zip(items, cases, strict=True):
        if item.stage not in (Stage.DECIDED, Stage.ADMITTED):
            continue
        held = Spell.objects.filter(person=case.person_id, to_day__isnull=True).first()
        if held:
            Spell.objects.filter(pk=held.pk).update(candidacy=case)
            continue
        ceremony = case.stage_day if item.stage == Stage.ADMITTED else None
        make_member(case, decided_on=case.stage_day, number=item.decision_number, ceremony_on=ceremony)


# --- the steps --------------------------------------------------------------------------------


def _lock(moves: Sequence[Move]) -> list[Candidacy]:
    """The cases of the moves, locked, in their order; `Stale` if a form showed an older version."""
    rows = Candidacy.objects.select_for_update().filter(pk__in=[move.candidacy_id for move in moves])
    found = {case.pk: case for case in rows}
    persons = Person.objects.in_bulk({case.person_id for case in found.values()})
    units = Organisation.objects.in_bulk({case.organisation_id for case in found.values()})
    for case in found.values():
        case.person, case.organisation = persons[case.person_id], units[case.organisation_id]
    stale = [
        Problem(index, "", "Hồ sơ đã được người khác sửa sau khi mở trang này. Xem lại rồi ghi lại.")
        for index, move in enumerate(moves)
        if move.version is not None and found[move.candidacy_id].version != move.version
    ]
    if stale:
        raise Stale(*stale)
    return [found[move.candidacy_id] for move in moves]


def _move_problems(index: int, move: Move, case: Candidacy, today: dt.date) -> list[Problem]:
    has_committee = procedure.under_committee(case.organisation, move.day)
    verdict = procedure.order_verdict(case, move.to, has_committee=has_committee)
    if not verdict:
        return [Problem(index, "to", verdict.reason)]
    problems = _day_problems(index, move, case, today)
    step = procedure.step_to(move.to)
    if step.number_needed and not move.number.strip():
        problems.append(Problem(index, "number", f"Ghi {step.number_label.lower()}."))
    if move.on_behalf and step.number_label and not move.number.strip():
        problems.append(Problem(index, "number", "Nhập thay phải ghi số văn bản của cấp dưới."))
    if move.to == Stage.BRANCH_RESOLVED:
        age = procedure.age_verdict(case.person, move.day, consent=move.consent)
        if not age:
            problems.append(Problem(index, "day", age.reason))
    if move.to == Stage.DECIDED and _is_member(case.person_id):
        problems.append(Problem(index, "to", "Người này đang là đảng viên."))
    if not problems and not Organisation.objects.filter(pk=case.organisation_id).placed_on(move.day).exists():
        problems.append(Problem(index, "day", f"Chi bộ không hoạt động ngày {vietnamese.day(move.day)}."))
    return problems


def _day_problems(index: int, move: Move, case: Candidacy, today: dt.date) -> list[Problem]:
    before = Stage(case.stage).label.lower()
    verdict = procedure.day_verdict(
        move.day, not_before=case.stage_day, what_before=f"ngày ghi «{before}»", today=today
    )
    return [] if verdict else [Problem(index, "day", verdict.reason)]


def _step(case: Candidacy, move: Move, actor: User | None) -> None:
    """Write the event and the new stage; what depends on the step is the caller's."""
    StageEvent.objects.create(
        candidacy=case, stage=move.to, from_stage=case.stage, day=move.day, organisation=case.organisation,
        number=vietnamese.clean(move.number), on_behalf=move.on_behalf, actor=actor,
        note=vietnamese.clean(" · ".join(part for part in (move.note, move.consent and f"văn bản đồng ý {move.consent}") if part)),
    )
    if move.to == Stage.TRAINED:
        case.certificate_number, case.certificate_on = vietnamese.clean(move.number), move.day
    case.stage, case.stage_day, case.version = move.to, move.day, case.version + 1
    case.save()


def _decide(case: Candidacy, move: Move) -> None:
    if counts_on("decision", move.day):
        make_member(case, decided_on=move.day, number=move.number)


def _hold_ceremony(case: Candidacy, move: Move) -> None:
    decision = case.events.valid().filter(stage=Stage.DECIDED).latest("day", "id")
    spell = Spell.objects.filter(candidacy=case).first()
    if spell is None:
        make_member(case, decided_on=decision.day, number=decision.number, ceremony_on=move.day)
        return
    Spell.objects.filter(pk=spell.pk).update(ceremony_on=move.day)


def counts_on(what: str, decided_on: dt.date) -> bool:
    """Whether admissions decided on this day count on their "decision" or on their "ceremony"."""
    return Rule.objects.of("admission_counts_on", decided_on).value == what


def make_member(case: Candidacy, *, decided_on: dt.date, number: str, ceremony_on: dt.date | None = None) -> Spell:
    """Begin the probationary spell on the counting date of the rule in force on the decision's day."""
    counting = decided_on if counts_on("decision", decided_on) or ceremony_on is None else ceremony_on
    return Spell.objects.create(
        person_id=case.person_id, organisation_id=case.organisation_id, standing=Spell.Standing.PROBATIONARY,
        started_by=_start_of(case.person_id), from_day=counting, candidacy=case, decided_on=decided_on,
        decision_number=vietnamese.clean(number), ceremony_on=ceremony_on,
    )


def _start_of(person_id: int) -> str:
    was_member = Spell.objects.filter(person=person_id).exists()
    return Spell.Start.READMITTED if was_member else Spell.Start.ADMITTED


def _is_member(person_id: int) -> bool:
    return Spell.objects.filter(person=person_id, to_day__isnull=True).exists()


def _record_moves(deed: str, cases: Sequence[Candidacy], moves: Sequence[Move], actor: User | None) -> None:
    one = cases[0] if len(cases) == 1 else None
    record(
        deed, actor=actor, subject="candidacy", subject_id=one.pk if one else None, count=len(cases),
        organisation=one.organisation if one else None,
        changes={"stage": ("", one.stage), "day": ("", one.stage_day)} if one else None,
    )

