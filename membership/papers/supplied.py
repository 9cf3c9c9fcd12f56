"""Papers that nobody enters as such: what the steps, the votes and the people around a case tell of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cells import vietnamese
from cells.dated import ONE_DAY, months_after
from membership.around import introducers as around
from membership.around.models import Introducer, Opinion, Verification
from membership.around.standing import spells_of
from membership.deadlines.clocks import LENGTHS, Rules, last_day_of
from membership.deadlines.models import Kind
from membership.deadlines.verdicts import certificate_verdict
from membership.models import Candidacy, Spell, Stage, StageEvent
from membership.papers.models import Paper, PaperRule
from membership.stages import that_count

CERTIFICATE = "certificate"
#: paper → the step that records it
FROM_STEPS = {
    CERTIFICATE: Stage.TRAINED,
    "application": Stage.DOSSIER,
    "branch_resolution": Stage.BRANCH_RESOLVED,
    "committee_resolution": Stage.EXAMINED,
}
INTRODUCERS, REPLIES, RESIDENCE = "introducers", "verification_replies", "residence_opinion"
#: the dated rules asked here
RULE_KEYS = (*around.KEYS, LENGTHS[Kind.CERTIFICATE])
#: papers that a vote makes; only of a case out of the old book are they entered as papers
FROM_VOTES = frozenset({"branch_resolution", "committee_resolution"})
#: these come about by their own forms, not by a row of the papers' form
FROM_AROUND = frozenset({INTRODUCERS, REPLIES})
_LETTERS = {
    "introduction": (Introducer.Kind.MEMBER, Introducer.Kind.NEIGHBOUR),
    "youth_union_resolution": (Introducer.Kind.YOUTH_UNION,),
    "trade_union_resolution": (Introducer.Kind.TRADE_UNION,),
}


@dataclass
class Around:
    """What is recorded around one case and of its steps, oldest first; of valid rows only."""

    steps: list[StageEvent] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    introducers: list[Introducer] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)


@dataclass(frozen=True)
class Supply:
    """Papers there by themselves, newest last, and (by code) why one is not there yet."""

    papers: Sequence[Paper]
    reasons: Mapping[str, str]


def gather(cases: Sequence[Candidacy]) -> dict[int, Around]:
    """All of it by case id; a query for each kind of row."""
    found: dict[int, Around] = defaultdict(Around)
    of_cases = {"candidacy__in": [case.pk for case in cases]}
    for step in StageEvent.objects.valid().filter(**of_cases).order_by("day", "pk"):
        found[step.candidacy_id].steps.append(step)
    for paper in Paper.objects.valid().filter(**of_cases).order_by("pk"):
        found[paper.candidacy_id].papers.append(paper)
    for introducer in Introducer.objects.valid().filter(**of_cases).select_related("person").order_by("from_day", "pk"):
        found[introducer.candidacy_id].introducers.append(introducer)
    for verification in Verification.objects.valid().filter(**of_cases).order_by("pk"):
        found[verification.candidacy_id].verifications.append(verification)
    for opinion in Opinion.objects.valid().filter(**of_cases).order_by("pk"):
        found[opinion.candidacy_id].opinions.append(opinion)
    return found


class Supplier:
    """Answers for several cases on one day; the rules (of RULE_KEYS) and the members' spells are read once."""

    def __init__(self, around_of: Mapping[int, Around], dated: Rules, on: dt.date) -> None:
        self._on, self._certificates = on, dated
        persons = {one.person_id for each in around_of.values() for one in each.introducers if one.person_id}
        self._spells: Mapping[int, list[Spell]] = spells_of(persons) if persons else {}
        self._rules = around.rules_at(dated, on)

    def of(self, case: Candidacy, there: Around, rules: Iterable[PaperRule]) -> Supply:
        asked = {rule.code: rule for rule in rules}
        papers = [*_of_steps(case, there), *self._letters(there), *_received(there)]
        reasons: dict[str, str] = {}
        if INTRODUCERS in asked:
            wrong = around.lacking(case, there.introducers, self._on, self._rules, self._spells)
            if wrong:
                reasons[INTRODUCERS] = wrong
            else:
                papers.append(Paper(code=INTRODUCERS))
        certificate = certificate_verdict(case.certificate_on, self._on, self._certificates)
        if not certificate:
            reasons[CERTIFICATE] = certificate.reason.rstrip(".")
        waiting = _waiting(there, self._on)
        if waiting:
            reasons[REPLIES] = waiting
        elif there.verifications:
            papers.append(Paper(code=REPLIES))
        return Supply([self._dated(paper, asked) for paper in papers if paper.code in asked], reasons)

    def _dated(self, paper: Paper, asked: Mapping[str, PaperRule]) -> Paper:
        """With the day from which it no longer holds; of the certificate as its clock has it."""
        months = asked[paper.code].valid_months
        if paper.code == CERTIFICATE and paper.issued_on:
            rule = self._certificates.at(LENGTHS[Kind.CERTIFICATE], paper.issued_on)
            paper.expires_on = last_day_of(paper.issued_on, rule.number) + ONE_DAY if rule else None
        elif months and paper.issued_on:
            paper.expires_on = months_after(paper.issued_on, months)
        return paper

    def _letters(self, there: Around) -> list[Paper]:
        """The introductions and resolutions, where each of that kind has its day; the oldest counts."""
        found = []
        for code, kinds in _LETTERS.items():
            now = [one for one in there.introducers if one.kind in kinds and one.holds_on(self._on)]
            days = [one.written_on for one in now if one.written_on]
            if now and len(days) == len(now):
                number = "; ".join(one.number for one in now if one.number)[:60]
                found.append(Paper(code=code, number=number, issued_on=min(days)))
        return found


def _of_steps(case: Candidacy, there: Around) -> list[Paper]:
    found, steps = [], that_count(there.steps)
    for code, stage in FROM_STEPS.items():
        step = next((step for step in steps if step.stage == stage and step.from_stage != Stage.DROPPED), None)
        if code == CERTIFICATE:
            if case.certificate_on:
                found.append(Paper(code=code, number=case.certificate_number, issued_on=case.certificate_on))
        elif step is not None:
            found.append(Paper(code=code, number=step.number, issued_on=step.day))
    return found


def _received(there: Around) -> list[Paper]:
    came = [one for one in there.opinions if one.source == Opinion.Source.RESIDENCE and one.received_on]
    return [Paper(code=RESIDENCE, number=one.number, issued_on=one.received_on, issuer=one.asked_of) for one in came]


def _waiting(there: Around, on: dt.date) -> str:
    """Who has not answered a verification yet, or unclearly, in words."""
    told = []
    for one in there.verifications:
        if one.is_settled or one.asked_on is None:
            continue
        what = one.get_relation_display()
        if one.answered_on is not None:
            told.append(f"{what} cần làm rõ")
        else:
            told.append(f"{what} chờ trả lời {vietnamese.number(max(0, (on - one.asked_on).days))} ngày")
    return ", ".join(told)
