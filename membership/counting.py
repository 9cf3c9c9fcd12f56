"""From which day an admission counts, and the member it makes (`architecture.md`, "Counting date")."""

from __future__ import annotations

import datetime as dt

from cells import vietnamese
from cells.rules.models import Rule
from membership.models import Candidacy, Spell


def counts_on(what: str, decided_on: dt.date) -> bool:
    """Whether admissions decided on this day count on their "decision" or on their "ceremony"."""
    return Rule.objects.of("admission_counts_on", decided_on).value == what


def counting_day(decided_on: dt.date, ceremony_on: dt.date | None) -> dt.date:
    """The day an admission counts on, by the rule in force on the decision's day."""
    return decided_on if ceremony_on is None or counts_on("decision", decided_on) else ceremony_on


def make_member(case: Candidacy, *, decided_on: dt.date, number: str, ceremony_on: dt.date | None = None) -> Spell:
    """Begin the probationary spell on the counting date of the rule in force on the decision's day."""
    counting = counting_day(decided_on, ceremony_on)
    return Spell.objects.create(
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        standing=Spell.Standing.PROBATIONARY,
        started_by=_start_of(case.person_id),
        from_day=counting,
        candidacy=case,
        decided_on=decided_on,
        decision_number=vietnamese.clean(number),
        ceremony_on=ceremony_on,
    )


def _start_of(person_id: int) -> str:
    was_member = Spell.objects.filter(person=person_id).exists()
    return Spell.Start.READMITTED if was_member else Spell.Start.ADMITTED


def is_member(person_id: int) -> bool:
    return Spell.objects.filter(person=person_id, to_day__isnull=True).exists()
