"""Corrections (we were wrong) and revoking: replaced values keep their old ones in the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Model

from cells import vietnamese
from cells.log.write import record
from cells.people.models import Person, User
from cells.verdict import YES, Stale, Verdict, no, refuse
from membership.admission import counts_on
from membership.models import STAGES, Candidacy, Spell, Stage, StageEvent
from membership.procedure import day_verdict

NO_REASON = "Ghi lý do sửa."


@transaction.atomic
def correct_person(person: Person, *, values: dict[str, Any], reason: str, actor: User, organisation) -> Person:
    """Replace identity fields of `person` (name, born, born_precision, sex, ethnicity)."""
    return _replace(person, values, reason, actor, "person", organisation)


@transaction.atomic
def correct_case(case: Candidacy, *, values: dict[str, Any], reason: str, actor: User, version: int | None = None) -> Candidacy:
    """Replace particulars of a case; `Stale` if it changed since `version`. No stage, no date of one."""
    now = Candidacy.objects.select_for_update().get(pk=case.pk)
    if version is not None and now.version != version:
        raise Stale(*refuse("Hồ sơ đã được người khác sửa sau khi mở trang này. Xem lại rồi ghi lại.").problems)
    return _replace(now, {**values, "version": now.version + 1}, reason, actor, "candidacy", now.organisation)


@transaction.atomic
def correct_step(event: StageEvent, *, day: dt.date, number: str, reason: str, actor: User, today: dt.date) -> StageEvent:
    """Replace the day and number of a recorded step, its neighbours' order kept.

    The day of a decision moves the counting date with it; the day of a ceremony the probation.
    Refused (fields `day`, `reason`).
    """
    if not reason.strip():
        raise refuse(NO_REASON, field="reason")
    case = Candidacy.objects.select_for_update().get(pk=event.candidacy_id)
    steps = list(case.events.valid().order_by("day", "id"))
    place = next(index for index, step in enumerate(steps) if step.pk == event.pk)
    before = steps[place - 1].day if place else (case.person.born or dt.date(1900, 1, 1))
    verdict = day_verdict(day, not_before=before, what_before="bước trước đó", today=today)
    if not verdict:
        raise refuse(verdict.reason, field="day")
    if place + 1 < len(steps) and day > steps[place + 1].day:
        raise refuse(f"Ngày {vietnamese.day(day)} ở sau bước tiếp theo ({vietnamese.day(steps[place + 1].day)}).", field="day")
    old_day = event.day
    _replace(event, {"day": day, "number": number}, reason, actor, "stage_event", event.organisation)
    if place == len(steps) - 1:
        case.stage_day = day
    if event.stage == Stage.NOMINEE and place == 0:
        case.listed_on = day
    case.version += 1
    case.save()
    if event.stage in (Stage.DECIDED, Stage.ADMITTED):
        _move_spell(case, event.stage, old_day, day, number)
    return event


@transaction.atomic
def revoke(spell: Spell, *, number: str, reason: str, actor: User, today: dt.date) -> Spell:
    """Take an admission back as if never made: its spell counts nowhere any more, the case is closed.

    Refused once the member was recognised or moved: those come first.
    """
    held = Spell.objects.select_for_update().get(pk=spell.pk)
    if held.started_by not in (Spell.Start.ADMITTED, Spell.Start.READMITTED) or held.to_day is not None:
        raise refuse("Chỉ hủy được việc kết nạp của đảng viên dự bị còn ở chi bộ kết nạp.")
    if not reason.strip() or not number.strip():
        raise refuse("Ghi số quyết định và lý do hủy.", field="reason" if number.strip() else "number")
    _replace(held, {"void": True}, f"{reason} (quyết định {number})", actor, "spell", held.organisation)
    case = held.candidacy
    if case is not None:
        case.events.filter(stage__in=(Stage.DECIDED, Stage.ADMITTED)).update(void=True)
        StageEvent.objects.create(
            candidacy=case, stage=Stage.DROPPED, from_stage=_stage_before_decision(case), day=today,
            organisation=case.organisation, number=number, note=reason, actor=actor,
        )
        case.stage, case.stage_day, case.version = Stage.DROPPED, today, case.version + 1
        case.save()
    return held


def may_correct_step(event: StageEvent, case: Candidacy, *, examines: bool) -> Verdict:
    """Whoever examines may correct every step; a branch its own, until the committee has acted."""
    if event.void:
        return no("Bước này đã bị hủy.")
    if examines:
        return YES
    acted = case.stage in (Stage.EXAMINED, Stage.DECIDED, Stage.ADMITTED)
    own = event.stage in STAGES[:5]
    return YES if own and not acted else no("Đảng ủy đã xét; đề nghị đảng ủy sửa.", who_can="đảng ủy cơ sở")


def _stage_before_decision(case: Candidacy) -> str:
    last = case.events.valid().exclude(stage=Stage.DROPPED).order_by("day", "id").last()
    return last.stage if last else Stage.NOMINEE


def _move_spell(case: Candidacy, stage: str, old_day: dt.date, day: dt.date, number: str) -> None:
    spell = Spell.objects.filter(candidacy=case, started_by__in=(Spell.Start.ADMITTED, Spell.Start.READMITTED)).first()
    if spell is None:
        return
    if stage == Stage.DECIDED:
        spell.decided_on, spell.decision_number = day, number
    else:
        spell.ceremony_on = day
    counting = spell.decided_on if spell.decided_on and counts_on("decision", spell.decided_on) else spell.ceremony_on
    if counting is not None:
        spell.from_day = counting
    spell.save()


def _replace(row: Model, values: dict[str, Any], reason: str, actor: User, subject: str, organisation) -> Any:
    if not reason.strip():
        raise refuse(NO_REASON, field="reason")
    changes = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record("correct", actor=actor, subject=subject, subject_id=row.pk, organisation=organisation, note=reason, changes=changes)
    return row
