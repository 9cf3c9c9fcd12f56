"""From which day an admission counts, and the member it makes (`architecture.md`, "Counting date")."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cells import vietnamese
from cells.rules.models import Rule
from membership import succession
from membership.models import Candidacy, CaseMove, Spell


class CountingRule:
    """The versions of `admission_counts_on`, read once for many admissions."""

    def __init__(self) -> None:
        self._versions = list(Rule.objects.filter(key="admission_counts_on"))

    def counts_on(self, what: str, decided_on: dt.date) -> bool:
        """Whether admissions decided on this day count on their "decision" or on their "ceremony"."""
        for version in self._versions:
            if version.holds_on(decided_on):
                return version.value == what
        raise Rule.DoesNotExist(f"admission_counts_on, {decided_on}")

    def day(self, decided_on: dt.date, ceremony_on: dt.date | None) -> dt.date:
        """The day an admission counts on, by the rule in force on the decision's day."""
        if ceremony_on is None or self.counts_on("decision", decided_on):
            return decided_on
        return ceremony_on


def counts_on(what: str, decided_on: dt.date) -> bool:
    """Whether admissions decided on this day count on their "decision" or on their "ceremony"."""
    return CountingRule().counts_on(what, decided_on)


def counting_day(decided_on: dt.date, ceremony_on: dt.date | None) -> dt.date:
    """The day an admission counts on, by the rule in force on the decision's day."""
    return CountingRule().day(decided_on, ceremony_on)


@dataclass(frozen=True)
class Admission:
    """A case that was decided; `ceremony_on` null where it is still to come."""

    case: Candidacy
    decided_on: dt.date
    number: str = ""
    ceremony_on: dt.date | None = None


def make_members(admissions: Sequence[Admission]) -> list[Spell]:
    """Begin the probationary spells, each on its counting date; somebody who was a member before is readmitted.

    Where the case has gone to another branch since that date, the member began in the one of then and went along.
    """
    rule = CountingRule()
    people = [admission.case.person_id for admission in admissions]
    before = set(Spell.objects.filter(person__in=people).values_list("person_id", flat=True))
    moves: dict[int, list[CaseMove]] = defaultdict(list)
    for move in CaseMove.objects.filter(candidacy__in=[admission.case.pk for admission in admissions]).order_by("day"):
        moves[move.candidacy_id].append(move)
    chains = [
        succession.gone_along(
            Spell(
                person_id=admission.case.person_id,
                organisation_id=admission.case.organisation_id,
                standing=Spell.Standing.PROBATIONARY,
                started_by=Spell.Start.READMITTED if admission.case.person_id in before else Spell.Start.ADMITTED,
                from_day=rule.day(admission.decided_on, admission.ceremony_on),
                candidacy=admission.case,
                decided_on=admission.decided_on,
                decision_number=vietnamese.clean(admission.number),
                ceremony_on=admission.ceremony_on,
            ),
            moves[admission.case.pk],
        )
        for admission in admissions
    ]
    Spell.objects.bulk_create([spell for chain in chains for spell in chain], batch_size=1000)
    return [chain[-1] for chain in chains]


def make_member(case: Candidacy, *, decided_on: dt.date, number: str, ceremony_on: dt.date | None = None) -> Spell:
    """Begin the probationary spell on the counting date of the rule in force on the decision's day."""
    return make_members([Admission(case, decided_on, number, ceremony_on)])[0]


def is_member(person_id: int) -> bool:
    return Spell.objects.filter(person=person_id, to_day__isnull=True).exists()
