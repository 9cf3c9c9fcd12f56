"""The facts of many open cases, read in a fixed number of queries, and what they forecast."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, QuerySet

from cells.organisations import tree
from cells.rules.models import Rule
from membership.around.standing import spells_of
from membership.counting import CountingRule
from membership.deadlines.clocks import Rules
from membership.in_time import pace
from membership.in_time.way import PAPERS, RULE_KEYS, Facts, Forecast, Law, Pace, Verdict, counts_already, forecast
from membership.models import AwarenessClass, CandidacyQuerySet, Introducer, PaperRule, Spell, Stage, StageEvent, Vote
from membership.spells.models import is_out_of_the_party
from membership.stages import RESOLVED

#: so many units are asked for those above them; of more, the units under each class are asked for
FEW_UNITS = 500
AT_ONCE = 2000


def law() -> Law:
    """The rules as they are now; three queries."""
    papers = list(PaperRule.objects.filter(code__in=PAPERS))
    return Law(Rules(Rule.objects.filter(key__in=RULE_KEYS)), CountingRule(), papers)


def last_day(on: dt.date) -> dt.date:
    """The day by which an admission must count to be one of the year of `on`: 31/12, inclusive."""
    return dt.date(on.year, 12, 31)


class Asking:
    """Forecasts on `on` of open cases: by the rules, the classes and the usual pace, each read once.

    A class entered after a past `on` is known there all the same: when it was announced nobody asks.
    """

    def __init__(self, on: dt.date) -> None:
        self.on, self.law, self.last = on, law(), last_day(on)
        self.measured = pace.measured(on)

    @property
    def pace(self) -> Pace:
        return self.measured.days

    def of(self, cases: CandidacyQuerySet) -> Iterator[Forecast]:
        """Of `cases` (`Candidacy.objects.as_of` or `followed_on` of the day), those still to count, by id.

        Whose admission counted with its decision is left out. The number of queries does not grow with the cases.
        """
        around = _read(cases, self.on)
        rows = cases.open().at_base(self.on).outdated_on(self.on).select_related("person")
        for case in rows.order_by("pk").iterator(AT_ONCE):
            facts = around.facts(case)
            if not counts_already(facts, self.law):
                yield forecast(facts, self.law, self.on, self.pace)

    def counting(self, cases: CandidacyQuerySet, verdicts: Collection[Verdict]) -> Iterator[Forecast]:
        """Those of `cases` that have one of these verdicts, without who comes back into the Party and counts for no
        quota."""
        return (one for one in self.of(cases) if not one.facts.former and one.verdict(self.last) in verdicts)


@dataclass
class _Around:
    """What is known around the cases, by case (or person, or unit)."""

    on: dt.date
    introducers: Mapping[int, list[Introducer]] = field(default_factory=dict)
    spells: Mapping[int, list[Spell]] = field(default_factory=dict)
    former: Mapping[int, dt.date | None] = field(default_factory=dict)
    trained: Mapping[int, dt.date] = field(default_factory=dict)
    voted: Mapping[int, set[str]] = field(default_factory=dict)
    classes: Mapping[int, list[AwarenessClass]] = field(default_factory=dict)

    def facts(self, case: Any) -> Facts:
        """`case` with what the day asked says of it; it is only read."""
        case.organisation_id = case.unit_then
        certificate_on = case.certificate_on
        if certificate_on and certificate_on > self.on:
            certificate_on = self.trained.get(case.pk)
        return Facts(
            case=case,
            person=case.person,
            stage=case.stage_then,
            stage_day=case.day_then,
            under_committee=not case.at_base,
            outdated=case.outdated and case.stage_then in RESOLVED,
            certificate_on=certificate_on,
            former=case.person_id in self.former,
            left_on=self.former.get(case.person_id),
            introducers=self.introducers.get(case.pk, ()),
            spells=self.spells,
            classes=self.classes.get(case.unit_then, ()),
            voted=frozenset(self.voted.get(case.pk, ())),
        )


def _read(cases: CandidacyQuerySet, on: dt.date) -> _Around:
    """Everything that is asked of rows beside the cases themselves."""
    ids = cases.open().order_by().values("pk")
    introducers: dict[int, list[Introducer]] = defaultdict(list)
    rows = Introducer.objects.valid().on(on).filter(candidacy__in=ids)
    for row in rows.select_related("person").order_by("from_day", "pk"):
        introducers[row.candidacy_id].append(row)
    voted: dict[int, set[str]] = defaultdict(set)
    for case, subject in Vote.objects.valid().filter(candidacy__in=ids, day=on).values_list("candidacy", "subject"):
        voted[case].add(subject)
    return _Around(
        on,
        introducers,
        spells_of(rows.exclude(person=None).order_by().values("person")) if introducers else {},
        _former(cases, on),
        _trained(ids, on),
        voted,
        _classes(cases, on),
    )


def _former(cases: CandidacyQuerySet, on: dt.date) -> dict[int, dt.date | None]:
    """Person's id → since when out of the Party (null where the book says nothing), of who was in it before."""
    own = cases.open().order_by()
    before = Spell.objects.filter(person__in=own.values("person"), from_day__lte=on).exclude(
        candidacy__in=own.values("pk")
    )
    return dict(before.order_by().values_list("person_id").annotate(left=Max("to_day", filter=is_out_of_the_party(on))))


def _trained(ids: QuerySet, on: dt.date) -> dict[int, dt.date]:
    """Case's id → the certificate of then, where a newer one has taken its place since."""
    steps = StageEvent.objects.valid().filter(candidacy__in=ids, candidacy__certificate_on__gt=on)
    steps = steps.filter(stage=Stage.TRAINED, day__lte=on).exclude(from_stage=Stage.DROPPED)
    return dict(steps.order_by("day", "pk").values_list("candidacy_id", "day"))


def _classes(cases: CandidacyQuerySet, on: dt.date) -> dict[int, list[AwarenessClass]]:
    """Unit's id → the classes for its people that are not over, the first to end first."""
    held: dict[int, list[AwarenessClass]] = defaultdict(list)
    for one in AwarenessClass.objects.not_over(on):
        held[one.organisation_id].append(one)
    if not held:
        return {}
    units = set(cases.open().order_by().values_list("unit_then", flat=True).distinct())
    if len(units) <= FEW_UNITS:
        pairs = [(unit, unit) for unit in units] + tree.above_each(units, on)
    else:
        pairs = tree.below_each(held, on)
    found: dict[int, list[AwarenessClass]] = defaultdict(list)
    for unit, over in pairs:
        found[unit] += held.get(over, ())
    for classes in found.values():
        classes.sort(key=lambda one: (one.closes_on, one.opens_on, one.pk))
    return found
