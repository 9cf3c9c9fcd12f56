"""What cases have and what they lack before their next stages; the same answer for the screen and for the guard."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cells import vietnamese
from cells.rules.models import Rule
from cells.verdict import YES, Verdict, no
from membership import procedure
from membership.deadlines.clocks import Rules
from membership.models import STAGES, Candidacy, Stage, StageEvent
from membership.papers.conditions import CONDITIONS, Facts
from membership.papers.models import RECOGNITION, Paper, PaperRule
from membership.papers.supplied import FROM_AROUND, FROM_STEPS, RULE_KEYS, Around, Supplier, Supply, gather
from membership.stages import begun_anew, that_count

HAS, MISSING, EXPIRED = "has", "missing", "expired"
#: how the sentence of a refusal begins
LACKING = "Hồ sơ chưa đủ giấy tờ"
STATES = {HAS: "đã có", MISSING: "còn thiếu", EXPIRED: "hết giá trị"}


@dataclass(frozen=True)
class Line:
    """One paper that is asked for: `rule` says which and why, `paper` is the one that counts, null where none.

    Not `guarded`: asked before the case was taken over from the old book, or let pass at an earlier step with a
    reason; it is listed for completion only. `reason`: why it is not there, where there is more to say.
    """

    rule: PaperRule
    paper: Paper | None
    state: str
    guarded: bool = True
    reason: str = ""

    @property
    def is_there(self) -> bool:
        return self.state == HAS

    @property
    def bars(self) -> bool:
        return self.guarded and not self.is_there

    @property
    def lacking(self) -> str:
        """Why it bars, in words: `hết giá trị từ 15/01/2025, Hướng dẫn …`."""
        if self.reason:
            return self.reason
        if self.state == EXPIRED and self.paper and self.paper.expires_on:
            return f"{STATES[EXPIRED]} từ {vietnamese.day(self.paper.expires_on)}, {self.rule.document}"
        return STATES[self.state]

    @property
    def named(self) -> str:
        """The paper, with why it bars where that is more than that it is not there."""
        plain = self.state == MISSING and not self.reason
        return self.rule.name if plain else f"{self.rule.name} ({self.lacking})"

    @property
    def told(self) -> str:
        """The paper in a line: number, day, where it is kept."""
        if self.paper is None:
            return ""
        parts = [
            f"số {self.paper.number}" if self.paper.number else "",
            f"ngày {vietnamese.day(self.paper.issued_on)}" if self.paper.issued_on else "",
            f"lưu tại {self.paper.kept_at}" if self.paper.kept_at else "",
            f"có giá trị trước ngày {vietnamese.day(self.paper.expires_on)}" if self.paper.expires_on else "",
        ]
        return ", ".join(part for part in parts if part) or "đã có"


def checklist(case: Candidacy, on: dt.date) -> list[Line]:
    """The papers asked of this case by the rules of `on`, in their order.

    A paper that a step records (the certificate, the application) or that follows from the people around the case is
    read from there (`supplied.py`).
    """
    return checklists([case], on)[case.pk]


def rules_on(day: dt.date) -> list[PaperRule]:
    """The papers that anybody is asked for by the rules of `day`, in their order."""
    return list(PaperRule.objects.on(day))


def checklists(
    cases: Sequence[Candidacy], on: dt.date, rules: Sequence[PaperRule] | None = None
) -> dict[int, list[Line]]:
    """As `checklist`, by case id (cases with their persons); the number of queries does not grow with the cases.

    `rules`: those of the day, where the caller has read them.
    """
    rules = rules_on(on) if rules is None else rules
    there = gather(cases)
    dated = Rules(Rule.objects.filter(key__in=(*procedure.AGE_KEYS, *RULE_KEYS)))
    facts = _facts(cases, there, dated, on)
    supplier = Supplier(there, dated, on)
    found = {}
    for case in cases:
        asked = [rule for rule in rules if CONDITIONS[rule.condition].holds(facts[case.pk])]
        around = there[case.pk]
        found[case.pk] = _lines(case, asked, around, supplier.of(case, around, asked), on)
    return found


def before(stage: str, lines: Sequence[Line]) -> list[Line]:
    """Those that must be there to reach `stage`: its own and those of earlier stages; of a recognition its own."""
    return [line for line in lines if is_asked(line.rule, stage)]


def is_asked(rule: PaperRule, stage: str) -> bool:
    """Whether the paper must be there to reach `stage`."""
    if stage == RECOGNITION:
        return rule.stage == RECOGNITION
    return _place(rule.stage) <= _place(stage)


def is_settled(rule: PaperRule, reached: str) -> bool:
    """Whether a case that has `reached` a stage is past the one until which the paper must hold."""
    return _place(reached) >= _place(rule.until)


def lacking(stage: str, lines: Sequence[Line]) -> list[Line]:
    """Those that stand in the way of `stage`."""
    return [line for line in before(stage, lines) if line.bars] if stage in (*STAGES, RECOGNITION) else []


def in_words(missing: Iterable[Line]) -> str:
    """What is lacking, as the sentence that a refusal says."""
    return f"{LACKING}: {'; '.join(line.named for line in missing)}."


def papers_verdict(case: Candidacy, stage: str, on: dt.date) -> Verdict:
    """Whether every paper that `stage` asks for is there and holds on `on`; if not, which are not."""
    missing = lacking(stage, checklist(case, on))
    return no(in_words(missing)) if missing else YES


def _facts(cases: Sequence[Candidacy], there: Mapping[int, Around], dated: Rules, on: dt.date) -> Mapping[int, Facts]:
    strata: dict[int, set[str]] = defaultdict(set)
    of_cases = Candidacy.strata.through.objects.filter(candidacy__in=[case.pk for case in cases])
    for case_id, code in of_cases.values_list("candidacy_id", "stratum__code"):
        strata[case_id].add(code)
    above = procedure.committees_over({case.organisation_id for case in cases}, on)
    return {
        case.pk: Facts(
            strata=frozenset(strata[case.pk]),
            under_section_committee=above[case.organisation_id].section is not None,
            under_base_committee=above[case.organisation_id].base is not None,
            over_age=_is_over_age(case, there[case.pk].steps, dated, on),
            asks_relatives=any(not row.exempt for row in there[case.pk].verifications),
            lives_elsewhere=case.lives_elsewhere,
            schooling=case.schooling,
            asks_clearance=case.asks_clearance,
        )
        for case in cases
    }


def _is_over_age(case: Candidacy, steps: Sequence[StageEvent], dated: Rules, on: dt.date) -> bool:
    """By the day of the branch's vote and the rules of that day; before it by the day asked."""
    voted = [
        step for step in that_count(steps) if step.stage == Stage.BRANCH_RESOLVED and step.from_stage != Stage.DROPPED
    ]
    day = voted[-1].day if voted else on
    ages = {key: rule for key in procedure.AGE_KEYS if (rule := dated.at(key, day))}
    return bool(ages) and procedure.is_over_age(case.person, day, ages)


def _lines(case: Candidacy, rules: Sequence[PaperRule], there: Around, supply: Supply, on: dt.date) -> list[Line]:
    entered, later = _newest(_not_left_behind(there, rules), on)
    by_itself, _ = _newest(supply.papers, on)
    taken, let_pass = _taken_over_at(case, there.steps), _let_pass(that_count(there.steps))
    lines = []
    for rule in rules:
        candidates = [found[rule.code] for found in (entered, by_itself) if rule.code in found]
        paper = next((paper for paper in candidates if paper.holds_on(on)), next(iter(candidates), None))
        state = _state(rule, case, paper, on)
        asked_at = _place(FROM_STEPS.get(rule.code, rule.stage))
        needed = rule.code not in FROM_AROUND or not is_settled(rule, case.stage)
        guarded = state == EXPIRED or (asked_at > taken and rule.code not in let_pass and needed)
        reason = "" if state == HAS else supply.reasons.get(rule.code) or later.get(rule.code, "")
        lines.append(Line(rule, paper, state, guarded, reason))
    return lines


def _not_left_behind(there: Around, rules: Sequence[PaperRule]) -> list[Paper]:
    """Without papers of no known day that hold for some months only, where the dossier was begun anew since."""
    anew = begun_anew(there.steps)
    short = {rule.code for rule in rules if rule.valid_months}
    return [
        paper
        for paper in there.papers
        if not anew or paper.issued_on or paper.code not in short or paper.recorded_at > anew.recorded_at
    ]


def _newest(papers: Sequence[Paper], on: dt.date) -> tuple[dict[str, Paper], dict[str, str]]:
    """By code the newest paper that was there on `on`; and of those dated after it, which day they say."""
    there = {paper.code: paper for paper in papers if paper.is_dated_by(on)}
    later = {
        paper.code: f"giấy ghi ngày {vietnamese.day(paper.issued_on)}, sau ngày {vietnamese.day(on)}"
        for paper in papers
        if paper.issued_on is not None and not paper.is_dated_by(on)
    }
    return there, later


def _state(rule: PaperRule, case: Candidacy, paper: Paper | None, on: dt.date) -> str:
    """A paper holds until the stage that its rule names: a certificate that expires after the vote was right."""
    if paper is None:
        return MISSING
    return HAS if is_settled(rule, case.stage) or paper.holds_on(on) else EXPIRED


def _place(stage: str) -> int:
    if stage == RECOGNITION:
        return len(STAGES) + 1
    return STAGES.index(Stage(stage)) if stage in STAGES else len(STAGES)


def _taken_over_at(case: Candidacy, steps: Sequence[StageEvent]) -> int:
    """The place of the stage at which the case was taken over from the old book; -1 where it was not."""
    if not case.taken_over:
        return -1
    later = [step for step in steps if step.stage != Stage.NOMINEE]
    place = _place(min(later, key=lambda step: step.pk).stage) if later else -1
    return min(place, _place(Stage.DOSSIER)) if begun_anew(steps) else place


def _let_pass(steps: Sequence[StageEvent]) -> set[str]:
    return {code for step in steps for code in step.let_pass.split()}
