"""What cases have and what they lack before their next stages; the same answer for the screen and for the guard."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cells import vietnamese
from cells.dated import months_after
from cells.organisations import tree
from cells.organisations.models import Organisation, Style
from cells.verdict import YES, Verdict, no
from membership.models import STAGES, Candidacy, Stage, StageEvent
from membership.papers.conditions import CONDITIONS, Facts
from membership.papers.models import Paper, PaperRule

HAS, MISSING, EXPIRED = "has", "missing", "expired"
STATES = {HAS: "đã có", MISSING: "còn thiếu", EXPIRED: "hết giá trị"}


@dataclass(frozen=True)
class Line:
    """One paper that is asked for: `rule` says which and why, `paper` is the newest there, null where none.

    Not `guarded`: asked before the case was taken over from the old book, so that it is listed for completion only.
    """

    rule: PaperRule
    paper: Paper | None
    state: str
    guarded: bool = True

    @property
    def is_there(self) -> bool:
        return self.state == HAS

    @property
    def bars(self) -> bool:
        return self.guarded and not self.is_there

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

    A paper that a step itself records (the certificate, the application) is read from the step.
    """
    return checklists([case], on)[case.pk]


def checklists(cases: Sequence[Candidacy], on: dt.date) -> dict[int, list[Line]]:
    """As `checklist`, by case id; the number of queries does not grow with the cases."""
    rules = list(PaperRule.objects.on(on))
    facts = _facts(cases, rules, on)
    papers: dict[int, list[Paper]] = defaultdict(list)
    for paper in Paper.objects.valid().filter(candidacy__in=cases).order_by("pk"):
        papers[paper.candidacy_id].append(paper)
    steps: dict[int, list[StageEvent]] = defaultdict(list)
    for step in StageEvent.objects.valid().filter(candidacy__in=cases).order_by("day", "pk"):
        steps[step.candidacy_id].append(step)
    return {
        case.pk: _lines(
            case,
            [rule for rule in rules if CONDITIONS[rule.condition].holds(facts[case.pk])],
            papers[case.pk],
            steps[case.pk],
            on,
        )
        for case in cases
    }


def before(stage: str, lines: Sequence[Line]) -> list[Line]:
    """Those that must be there to reach `stage`: its own and those of earlier stages."""
    return [line for line in lines if _place(line.rule.stage) <= _place(stage)]


def lacking(stage: str, lines: Sequence[Line]) -> list[Line]:
    """Those that stand in the way of `stage`."""
    return [line for line in before(stage, lines) if line.bars]


def papers_verdict(case: Candidacy, stage: str, on: dt.date) -> Verdict:
    """Whether every paper that `stage` asks for is there and holds on `on`; if not, which are not."""
    return verdict_on(checklist(case, on), stage)


def verdict_on(lines: Sequence[Line], stage: str) -> Verdict:
    """As `papers_verdict`, of a checklist that was read."""
    missing = lacking(stage, lines) if stage in STAGES else []
    if not missing:
        return YES
    names = "; ".join(f"{line.rule.name} ({STATES[line.state]})" for line in missing)
    return no(f"Hồ sơ chưa đủ giấy tờ: {names}.")


def _facts(cases: Sequence[Candidacy], rules: Iterable[PaperRule], on: dt.date) -> Mapping[int, Facts]:
    strata: dict[int, set[str]] = defaultdict(set)
    of_cases = Candidacy.strata.through.objects.filter(candidacy__in=cases)
    for case_id, code in of_cases.values_list("candidacy_id", "stratum__code"):
        strata[case_id].add(code)
    asked = {rule.condition for rule in rules}
    sectioned = _under_section({case.organisation_id for case in cases}, on) if "section_committee" in asked else set()
    return {
        case.pk: Facts(
            frozenset(strata[case.pk]),
            case.organisation_id in sectioned,
        )
        for case in cases
    }


def _under_section(units: set[int], on: dt.date) -> set[int]:
    """Those of the units with a section committee over them."""
    sections = Style.objects.on(on).filter(kind__code="section_committee").values_list("organisation_id", flat=True)
    below = tree.below(list(sections), on)
    return set(Organisation.objects.filter(pk__in=units).filter(pk__in=below).values_list("pk", flat=True))


def _lines(
    case: Candidacy, rules: Sequence[PaperRule], papers: Sequence[Paper], steps: Sequence[StageEvent], on: dt.date
) -> list[Line]:
    newest = {paper.code: paper for paper in [*_from_steps(case, rules, steps), *papers]}
    taken = _taken_over_at(case, steps)
    lines = []
    for rule in rules:
        paper = newest.get(rule.code)
        state = MISSING if paper is None else HAS if paper.holds_on(on) else EXPIRED
        lines.append(Line(rule, paper, state, _place(rule.stage) > taken))
    return lines


def _place(stage: str) -> int:
    return STAGES.index(Stage(stage)) if stage in STAGES else len(STAGES)


def _taken_over_at(case: Candidacy, steps: Sequence[StageEvent]) -> int:
    """The place of the stage at which the case was taken over from the old book; -1 where it was not."""
    if not case.taken_over:
        return -1
    later = [step for step in steps if step.stage != Stage.NOMINEE]
    return _place(min(later, key=lambda step: step.pk).stage) if later else -1


def _from_steps(case: Candidacy, rules: Sequence[PaperRule], steps: Sequence[StageEvent]) -> list[Paper]:
    """The certificate and the application, as the steps tell them; not rows of their own."""
    asked = {rule.code: rule for rule in rules}
    found = []
    if "certificate" in asked and case.certificate_on:
        months = asked["certificate"].valid_months
        expires = months_after(case.certificate_on, months) if months else None
        found.append(
            Paper(
                code="certificate",
                number=case.certificate_number,
                issued_on=case.certificate_on,
                expires_on=expires,
            )
        )
    applied = next((step for step in steps if step.stage == Stage.DOSSIER), None)
    if "application" in asked and applied:
        found.append(Paper(code="application", issued_on=applied.day))
    return found
