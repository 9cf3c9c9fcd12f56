"""Corrections (we were wrong) and revoking: replaced values keep their old ones in the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model

from cells import vietnamese
from cells.log.write import keyed_hash, record
from cells.organisations.models import Organisation
from cells.people.models import Person, User
from cells.rules.models import Stratum
from cells.verdict import YES, Problem, Stale, Verdict, no, refuse
from membership import procedure
from membership.counting import counting_day
from membership.deadlines.rows import refresh
from membership.deadlines.verdicts import certificate_verdict, outdated_verdict
from membership.models import STAGES, Background, Candidacy, Milestone, Spell, Stage, StageEvent, Vote
from membership.stages import is_anew

NO_REASON = "Ghi lý do sửa."
CHANGED = "Hồ sơ đã được người khác sửa sau khi mở trang này. Xem lại rồi ghi lại."
IDENTITY = ("name", "born", "born_precision", "sex", "ethnicity")
_ADMISSIONS = (Spell.Start.ADMITTED, Spell.Start.READMITTED)


def fingerprint(person: Person) -> str:
    """What a form shows of an identity, as a short text: it differs once somebody corrected it."""
    return keyed_hash([getattr(person, name) for name in IDENTITY])[:16]


@transaction.atomic
def correct_person(
    person: Person, *, values: dict[str, Any], reason: str, actor: User, organisation: Organisation, shown: str = ""
) -> Person:
    """Replace identity fields of `person` (name, born, born_precision, sex, ethnicity).

    `shown` is the `fingerprint` the form was made from ("" if not asked); `Stale` if it differs now.
    Refused (fields `reason`, `born`): a birth that is not before everything recorded of the person.
    """
    now = Person.objects.select_for_update().get(pk=person.pk)
    if shown and shown != fingerprint(now):
        raise Stale(Problem(0, "", CHANGED))
    born = values.get("born", now.born)
    first = _first_recorded_day(now)
    if born and first and born >= first:
        raise refuse(f"Ngày sinh phải trước {vietnamese.day(first)}, ngày đầu tiên ghi về người này.", field="born")
    return _replace(now, values, reason, actor, "person", organisation)


@transaction.atomic
def correct_case(
    case: Candidacy,
    *,
    values: dict[str, Any],
    reason: str,
    actor: User,
    version: int | None = None,
    background: dict[str, str] | None = None,
    strata: Sequence[Stratum] | None = None,
) -> Candidacy:
    """Replace particulars of a case, of the person's background, and the strata (null: leave them).

    `Stale` if it changed since `version`. No stage, no date of one. Refused (field `reason`).
    """
    now = _lock_case(case.pk, version)
    changes: dict[str, tuple[Any, Any]] = {}
    if background is not None:
        row, _ = Background.objects.get_or_create(person_id=now.person_id)
        changes |= set_values(row, background)
        row.save()
    if strata is not None:
        before = sorted(stratum.name for stratum in now.strata.all())
        now.strata.set(strata)
        after = sorted(stratum.name for stratum in strata)
        changes |= {"strata": ("; ".join(before), "; ".join(after))} if before != after else {}
    now.version += 1
    return _replace(now, values, reason, actor, "candidacy", now.organisation, changes)


@transaction.atomic
def correct_step(
    event: StageEvent,
    *,
    day: dt.date,
    number: str,
    reason: str,
    actor: User,
    today: dt.date,
    version: int | None = None,
) -> StageEvent:
    """Replace the day and number of a recorded step, its neighbours' order kept.

    The day of a decision moves the counting date with it; the day of a ceremony the probation.
    Refused (fields `day`, `number`, `reason`; whole for a step taken by a vote, which `votes.correct` puts right);
    `Stale` if the case changed since `version`.
    """
    case = _lock_case(event.candidacy_id, version)
    steps = list(case.events.valid().order_by("day", "id"))
    place = next((index for index, step in enumerate(steps) if step.pk == event.pk), None)
    if place is None:
        raise refuse("Bước này đã bị hủy.")
    event = steps[place]
    if Vote.objects.filter(step=event).exists():
        raise refuse("Bước này có kết quả biểu quyết; sửa ở lần biểu quyết.")
    check_step_day(case, steps, place, day, today)
    number = vietnamese.clean(number)
    if event.stage in _NUMBERED and event.number and not number:
        raise refuse("Bước này phải có số văn bản.", field="number")
    old_day = event.day
    _replace(event, {"day": day, "number": number}, reason, actor, "stage_event", event.organisation)
    if place == len(steps) - 1:
        case.stage_day = day
    if event.stage == Stage.NOMINEE and place == 0:
        case.listed_on = day
    if event.stage == Stage.TRAINED and not _studied_again(case):
        case.certificate_number, case.certificate_on = number or case.certificate_number, day
    case.version += 1
    case.save()
    if event.stage in (Stage.DECIDED, Stage.ADMITTED):
        _move_spells(case, event.stage, old_day, day, number)
    refresh([case.person_id])
    return event


@transaction.atomic
def revoke(spell: Spell, *, number: str, reason: str, actor: User, today: dt.date, version: int | None = None) -> Spell:
    """Take an admission back as if never made: its spell counts nowhere any more, the case is closed.

    Refused (fields `number`, `reason`) without them, and once the member was recognised or moved: those
    come first. `Stale` if the case changed since `version`.
    """
    case = _lock_case(spell.candidacy_id, version) if spell.candidacy_id else None
    held = Spell.with_void.select_for_update().get(pk=spell.pk)
    if held.void or held.started_by not in _ADMISSIONS or held.to_day is not None:
        raise refuse("Chỉ hủy được việc kết nạp của đảng viên dự bị còn ở chi bộ kết nạp.")
    if not reason.strip() or not number.strip():
        raise refuse("Ghi số quyết định và lý do hủy.", field="reason" if number.strip() else "number")
    _replace(held, {"void": True}, f"{reason} (quyết định {number})", actor, "spell", held.organisation)
    if case is not None:
        case.events.filter(stage__in=(Stage.DECIDED, Stage.ADMITTED)).update(void=True)
        StageEvent.objects.create(
            candidacy=case,
            stage=Stage.DROPPED,
            from_stage=_stage_before_decision(case),
            day=today,
            organisation=case.organisation,
            number=vietnamese.clean(number),
            note=vietnamese.clean(reason),
            actor=actor,
        )
        case.stage, case.stage_day, case.version = Stage.DROPPED, today, case.version + 1
        case.save()
    refresh([held.person_id])
    return held


def may_correct_step(event: StageEvent, *, examines: bool, decides: bool, acted: bool) -> Verdict:
    """Who examines may correct every step but a decision, which asks who decides; a branch its own, until the
    committee has `acted` on it (`acted_since`).
    """
    if event.void:
        return no("Bước này đã bị hủy.")
    if event.stage == Stage.DECIDED and not decides:
        return no("Cấp ra quyết định sửa quyết định.", who_can=procedure.step_to(Stage.DECIDED).who)
    if examines:
        return YES
    own = event.stage in STAGES[:5]
    return YES if own and not acted else no("Đảng ủy đã xét; đề nghị đảng ủy sửa.", who_can="đảng ủy cơ sở")


_NUMBERED = frozenset(step.to for step in procedure.STEPS if step.number_needed)


def acted_since(case: Candidacy, events: Iterable[StageEvent], recorded_at: dt.datetime) -> bool:
    """Whether the committee acted on what was recorded then: it has examined, or had before the dossier began anew."""
    if case.stage in (Stage.EXAMINED, Stage.DECIDED, Stage.ADMITTED):
        return True
    return any(is_anew(event) and not event.void and event.recorded_at > recorded_at for event in events)


def _studied_again(case: Candidacy) -> bool:
    """Whether a newer certificate was recorded since the step: that one counts."""
    return case.milestones.filter(what=Milestone.What.CERTIFICATE).exists()


def _lock_case(pk: int, version: int | None) -> Candidacy:
    case = Candidacy.objects.select_for_update().get(pk=pk)
    if version is not None and case.version != version:
        raise Stale(Problem(0, "", CHANGED))
    return case


def check_step_day(case: Candidacy, steps: Sequence[StageEvent], place: int, day: dt.date, today: dt.date) -> None:
    """The day stands between its neighbours, and at the branch's vote the age and the certificate are right."""
    if place:
        verdict = procedure.day_verdict(day, not_before=steps[place - 1].day, what_before="bước trước đó", today=today)
    else:
        born = case.person.born or dt.date(1900, 1, 1)
        verdict = procedure.day_verdict(day, not_before=born, what_before="ngày sinh", today=today)
    if not verdict:
        raise refuse(verdict.reason, field="day")
    if place + 1 < len(steps) and day > steps[place + 1].day:
        after = vietnamese.day(steps[place + 1].day)
        raise refuse(f"Ngày {vietnamese.day(day)} ở sau bước tiếp theo ({after}).", field="day")
    if steps[place].stage == Stage.DOSSIER and steps[place].from_stage != Stage.DROPPED:
        resolved = next((step.day for step in reversed(steps[:place]) if step.stage == Stage.BRANCH_RESOLVED), None)
        anew = is_anew(steps[place])
        again = outdated_verdict(resolved, day) if anew else procedure.readmission_verdict(case.person_id, day)
        if not again:
            raise refuse(again.reason, field="day")
    if steps[place].stage == Stage.BRANCH_RESOLVED and steps[place].from_stage != Stage.DROPPED:
        age = procedure.age_verdict(case.person, day)
        certificate = certificate_verdict(case.certificate_on, day)
        for verdict in (age, certificate):
            if not verdict:
                raise refuse(verdict.reason, field="day")


def _first_recorded_day(person: Person) -> dt.date | None:
    listed = Candidacy.objects.filter(person=person).order_by("listed_on").values_list("listed_on", flat=True).first()
    joined = Spell.objects.filter(person=person).order_by("from_day").values_list("from_day", flat=True).first()
    return min((day for day in (listed, joined) if day is not None), default=None)


def _stage_before_decision(case: Candidacy) -> str:
    last = case.events.valid().exclude(stage=Stage.DROPPED).order_by("day", "id").last()
    return last.stage if last else Stage.NOMINEE


def _move_spells(case: Candidacy, stage: str, old_day: dt.date, day: dt.date, number: str) -> None:
    """Carry a corrected decision or ceremony into the member's spells: all hold a copy, the first counts."""
    spells = list(Spell.objects.filter(candidacy=case).order_by("from_day"))
    for place, spell in enumerate(spells):
        if stage == Stage.DECIDED:
            spell.decided_on, spell.decision_number = day, number
        else:
            # a case taken over after the ceremony knows no other day for its decision
            spell.decided_on = day if spell.decided_on == old_day == spell.ceremony_on else spell.decided_on
            spell.ceremony_on = day
        if place == 0 and spell.started_by in _ADMISSIONS and spell.decided_on:
            spell.from_day = counting_day(spell.decided_on, spell.ceremony_on)
            if spell.to_day is not None and spell.to_day <= spell.from_day:
                raise refuse("Ngày này không còn ở trước biến động đã ghi sau đó của đảng viên.", field="day")
        spell.save()


def set_values(row: Model, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the values on `row` and say which differ: field → (old, new)."""
    changes = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, value in values.items():
        setattr(row, name, value)
    return changes


def _replace(
    row: Model,
    values: dict[str, Any],
    reason: str,
    actor: User,
    subject: str,
    organisation: Organisation,
    more: dict | None = None,
) -> Any:
    if not reason.strip():
        raise refuse(NO_REASON, field="reason")
    changes = set_values(row, values) | (more or {})
    row.save()
    record(
        "correct",
        actor=actor,
        subject=subject,
        subject_id=row.pk,
        organisation=organisation,
        note=vietnamese.clean(reason),
        changes=changes,
    )
    return row
