"""The way that is left to a case: on which days its steps can be taken, and what it waits for.

No second guard stands here: ages, certificates, introducers and readmission are asked of those that refuse the deeds,
by the rules of the very day. What takes only work (papers, verifications, opinions) is waited for by nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from cells.dated import ONE_DAY
from cells.people.models import Person
from cells.rules.models import Rule
from membership import procedure
from membership.around import introducers as around
from membership.classes.models import AwarenessClass
from membership.counting import CountingRule
from membership.deadlines.clocks import LENGTHS, Rules
from membership.deadlines.models import Kind
from membership.deadlines.verdicts import certificate_verdict
from membership.models import Candidacy, Introducer, PaperRule, Spell, Stage
from membership.papers.checklist import is_asked, is_settled
from membership.papers.supplied import CERTIFICATE, INTRODUCERS
from membership.stages import RESOLVED

#: from a day to the first one that suits the rules of that day
Guard = Callable[[dt.date], dt.date]
#: the dated rules that days are asked of, and the papers
RULE_KEYS = (*procedure.AGE_KEYS, *around.KEYS, procedure.READMISSION, LENGTHS[Kind.CERTIFICATE])
PAPERS = (INTRODUCERS, CERTIFICATE)


class Wait(StrEnum):
    """What decides on which day a case can go on, in the order of the way."""

    LIST = "list"
    CLASS = "class"
    READMISSION = "readmission"
    DOSSIER = "dossier"
    BIRTH = "birth"  # nobody knows it
    AGE = "age"
    INTRODUCERS = "introducers"
    BRANCH = "branch"
    COMMITTEE = "committee"
    DECISION = "decision"
    CEREMONY = "ceremony"


#: what is waited for where nothing but the step itself is
OF_STEP = {
    Stage.SYMPATHISER: Wait.LIST,
    Stage.TRAINED: Wait.CLASS,
    Stage.DOSSIER: Wait.DOSSIER,
    Stage.BRANCH_RESOLVED: Wait.BRANCH,
    Stage.EXAMINED: Wait.COMMITTEE,
    Stage.DECIDED: Wait.DECISION,
    Stage.ADMITTED: Wait.CEREMONY,
}


class Verdict(StrEnum):
    CERTAIN = "certain"
    POSSIBLE = "possible"
    TOO_LATE = "too_late"


#: those who wait for something that may keep them from it
UNSURE = (Verdict.POSSIBLE, Verdict.TOO_LATE)


@dataclass(frozen=True)
class Law:
    """The dated rules, read once for many cases: those of `RULE_KEYS`, from which day an admission counts, and where
    the papers that cannot be had by work alone are asked for."""

    rules: Rules
    counting: CountingRule
    papers: Sequence[PaperRule]

    def first_day(self, start: dt.date, earliest: Guard) -> dt.date:
        """First day from `start` on that suits the rules of that very day; `earliest(day)` is the first by those of
        `day`."""
        day = start
        while (wanted := earliest(day)) > day:
            day = min([wanted, *(turn for turn in self.turns if day < turn)])
        return day

    @cached_property
    def turns(self) -> list[dt.date]:
        """The days on which anything of it changes."""
        papers = {day for rule in self.papers for day in (rule.from_day, rule.to_day) if day}
        return sorted(papers.union(self.rules.turns(*RULE_KEYS)))

    def asks(self, code: str, stage: str, to: str, day: dt.date) -> bool:
        """Whether the paper must hold for the step from `stage` to `to` on `day`."""
        return any(
            rule.code == code and rule.condition != "never" and is_asked(rule, to) and not is_settled(rule, stage)
            for rule in self.papers
            if rule.holds_on(day)
        )

    def ages(self, day: dt.date) -> dict[str, Rule]:
        return {key: rule for key in procedure.AGE_KEYS if (rule := self.rules.at(key, day))}


@dataclass(frozen=True)
class Facts:
    """What is known of an open case at the end of a day.

    `outdated`: its resolution grew too old. `former`: was in the Party before, `left_on`: and is out of it since then.
    `classes`: those for its unit that are not over, the first to end first. `voted`: the subjects voted on in vain
    that very day.
    """

    case: Candidacy  # its unit and listing
    person: Person
    stage: str
    stage_day: dt.date
    under_committee: bool
    outdated: bool = False
    certificate_on: dt.date | None = None
    former: bool = False
    left_on: dt.date | None = None
    introducers: Sequence[Introducer] = ()
    spells: Mapping[int, Sequence[Spell]] = field(default_factory=dict)  # of the introducers
    classes: Sequence[AwarenessClass] = ()
    voted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Leg:
    """One step on its day; `waits` is what made that day later than the one of the step before."""

    to: Stage
    day: dt.date
    waits: Wait | None = None


#: (stage, the next stage) → days that it usually takes
Pace = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Way:
    """The steps that are left up to the one that counts (`counts_on`).

    `attended`: the class on which it rests; `lacks_class` where one is needed and none is known.
    """

    legs: tuple[Leg, ...]
    counts_on: dt.date
    attended: AwarenessClass | None = None
    lacks_class: bool = False


def earliest(facts: Facts, law: Law, on: dt.date) -> Way:
    """The way on its earliest lawful days, from `on` on."""
    return _Walk(facts, law, on).way()


def usual(facts: Facts, law: Law, on: dt.date, pace: Pace, soonest: Way) -> Way | None:
    """The way at the usual pace, never before the `soonest`; null where nobody knows how long a step takes.

    The days spent in the present stage already are taken off.
    """
    stage = facts.stage
    for leg in soonest.legs:
        announced = leg.to == Stage.TRAINED and soonest.attended is not None
        if (stage, leg.to) not in pace and not announced and not _is_free(stage, leg.to):
            return None
        stage = leg.to
    return _Walk(facts, law, on, pace, {leg.to: leg.day for leg in soonest.legs}).way()


def _is_free(stage: str, to: str) -> bool:
    """A dossier begun anew takes no time of its own to begin."""
    return to == Stage.DOSSIER and stage in RESOLVED


class _Walk:
    """One walk along the steps that are left. Without a `pace` every step is taken on its first lawful day."""

    def __init__(
        self,
        facts: Facts,
        law: Law,
        on: dt.date,
        pace: Pace | None = None,
        floor: Mapping[str, dt.date] | None = None,
    ) -> None:
        self._facts, self._law, self._on = facts, law, on
        self._pace, self._floor = pace or {}, floor or {}
        self._certificate_on = facts.certificate_on
        self._attended: AwarenessClass | None = None
        self._lacks_class = False
        self._listed_on = facts.stage_day if facts.stage == Stage.SYMPATHISER else on

    def way(self) -> Way:
        stage, day, begun, outdated = self._facts.stage, self._on, self._facts.stage_day, self._facts.outdated
        decided_on = begun if stage == Stage.DECIDED else None
        legs = []
        while step := procedure.next_step(stage, under_committee=self._facts.under_committee, outdated=outdated):
            takes = 0 if _is_free(stage, step.to) else self._pace.get((stage, step.to), 0)
            ready = max(day, begun + dt.timedelta(days=takes))
            taken, waits = self._lawful(stage, step, day, ready)
            later = max(taken, self._floor.get(step.to, taken))
            legs.append(Leg(step.to, later, waits))
            stage, day, begun, outdated = step.to, later, later, False
            self._listed_on = later if stage == Stage.SYMPATHISER else self._listed_on
            if stage == Stage.DECIDED and self._law.counting.counts_on("decision", later):
                return Way(tuple(legs), later, self._attended, self._lacks_class)
            decided_on = later if stage == Stage.DECIDED else decided_on
        counts_on = self._law.counting.day(decided_on or day, day)
        return Way(tuple(legs), counts_on, self._attended, self._lacks_class)

    def _lawful(self, stage: str, step: procedure.Step, day: dt.date, ready: dt.date) -> tuple[dt.date, Wait | None]:
        """The first lawful day of a step from `ready` on (`day` where a class decides), and what it waited for."""
        if step.to == Stage.TRAINED:
            return self._trained(day, ready)
        if step.to in (Stage.DOSSIER, Stage.BRANCH_RESOLVED):
            return self._guarded(stage, step, ready)
        if step.to == Stage.EXAMINED:
            return self._after_vote(step, ready, Wait.COMMITTEE)
        return ready, None

    def _trained(self, day: dt.date, ready: dt.date) -> tuple[dt.date, Wait | None]:
        """On the last day of the next class that begins after the listing; as usual where none is known."""
        found = next((one for one in self._facts.classes if one.opens_on >= self._listed_on), None)
        if found is None:
            self._lacks_class = True
            self._certificate_on = ready
            return ready, None
        self._attended = found
        self._certificate_on = max(day, found.closes_on)
        return _later(day, found.closes_on, Wait.CLASS)

    def _guarded(self, stage: str, step: procedure.Step, ready: dt.date) -> tuple[dt.date, Wait | None]:
        """All guards of the application or the vote together: one may put the day beyond what another asked."""
        day, waits = self._after_vote(step, ready, Wait.BRANCH)
        guards = (
            (Wait.READMISSION, self._again if step.to == Stage.DOSSIER else None),
            (Wait.AGE, self._old_enough if step.to == Stage.BRANCH_RESOLVED else None),
            (Wait.INTRODUCERS, self._where_asked(INTRODUCERS, stage, step, self._introduced)),
            (Wait.CLASS, self._where_asked(CERTIFICATE, stage, step, self._certified)),
        )
        while True:
            before = day
            for wait, guard in guards:
                wanted = self._law.first_day(day, guard) if guard else day
                day, waited = _later(day, wanted, wait)
                waits = waited or waits
            if day == before:
                break
        if self._law.asks(CERTIFICATE, stage, step.to, day):
            self._learn_again(day)
        return day, waits

    def _where_asked(self, code: str, stage: str, step: procedure.Step, guard: Guard) -> Guard:
        return lambda day: guard(day) if self._law.asks(code, stage, step.to, day) else day

    def _after_vote(self, step: procedure.Step, ready: dt.date, wait: Wait) -> tuple[dt.date, Wait | None]:
        """Who was voted on in vain today is not voted on again today."""
        if ready == self._on and step.vote in self._facts.voted:
            return ready + ONE_DAY, wait
        return ready, None

    def _again(self, day: dt.date) -> dt.date:
        rule = self._law.rules.at(procedure.READMISSION, day)
        left = self._facts.left_on
        return day if left is None or rule is None else procedure.earliest_application(left, rule)

    def _old_enough(self, day: dt.date) -> dt.date:
        person = self._facts.person
        return day if person.born is None else procedure.earliest_vote(person, day, self._law.ages(day))

    def _introduced(self, day: dt.date) -> dt.date:
        facts = self._facts
        if not facts.introducers:
            return day
        rules = around.rules_at(self._law.rules, day)
        return around.will_do_from(facts.case, facts.introducers, day, rules, facts.spells)

    def _certified(self, day: dt.date) -> dt.date:
        """Where the certificate has run out by `day`: not before the class is over again, if one is known."""
        if certificate_verdict(self._certificate_on, day, self._law.rules) or not self._facts.classes:
            return day
        return max(day, self._facts.classes[0].closes_on)

    def _learn_again(self, day: dt.date) -> None:
        """The new certificate of whose old one has run out by the `day` of the step."""
        if certificate_verdict(self._certificate_on, day, self._law.rules):
            return
        self._attended = next(iter(self._facts.classes), None)
        self._lacks_class = self._attended is None
        self._certificate_on = self._attended.closes_on if self._attended else day


def _later(day: dt.date, wanted: dt.date, wait: Wait) -> tuple[dt.date, Wait | None]:
    """The later of both, and what it is waited for where that is `wanted`."""
    return (wanted, wait) if wanted > day else (day, None)


@dataclass(frozen=True)
class Forecast:
    """What is left to an open case, looked at on `on`; `usually` is null where nobody knows how long it takes."""

    facts: Facts
    on: dt.date
    soonest: Way
    usually: Way | None

    def verdict(self, last: dt.date) -> Verdict:
        """Whether the admission will count by `last` (inclusive)."""
        if self.soonest.counts_on > last:
            return Verdict.TOO_LATE
        return Verdict.CERTAIN if self.usually and self.usually.counts_on <= last else Verdict.POSSIBLE

    @cached_property
    def waits(self) -> Wait:
        """What decides: the last thing on the lawful way that has to be waited for, else the very next step."""
        legs = self.soonest.legs
        lawful = [leg.waits for leg in legs if leg.waits]
        if lawful:
            return lawful[-1]
        if self.soonest.lacks_class:
            return Wait.CLASS
        first = legs[0].to
        if first == Stage.BRANCH_RESOLVED and self.facts.person.born is None:
            return Wait.BIRTH
        return OF_STEP[first]

    def hurry(self, pace: Pace, last: dt.date) -> tuple[Stage, dt.date | None]:
        """The step to be hastened (the branch's meeting where it is still to come), and until which day it does.

        Null where nobody knows how long the steps after it take. Never before it is lawful.
        """
        legs = self.soonest.legs
        place = next((at for at, leg in enumerate(legs) if leg.to == Stage.BRANCH_RESOLVED), 0)
        after = [(one.to, two.to) for one, two in zip(legs[place:], legs[place + 1 :], strict=False)]
        if not all(step in pace for step in after):
            return legs[place].to, None
        rest = sum(pace[step] for step in after)
        return legs[place].to, max(legs[place].day, last - dt.timedelta(days=rest))


def forecast(facts: Facts, law: Law, on: dt.date, pace: Pace) -> Forecast:
    soonest = earliest(facts, law, on)
    return Forecast(facts, on, soonest, usual(facts, law, on, pace, soonest))


def counts_already(facts: Facts, law: Law) -> bool:
    """Whether the admission has counted, on the day of its decision; only the ceremony is left."""
    return facts.stage == Stage.DECIDED and law.counting.counts_on("decision", facts.stage_day)
