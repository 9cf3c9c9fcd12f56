"""What a case has and what it lacks before its next stages; the same answer for the screen and for the guard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cells import vietnamese
from cells.dated import months_after
from cells.verdict import YES, Verdict, no
from membership.models import STAGES, Candidacy, Stage
from membership.papers.conditions import CONDITIONS, Facts
from membership.papers.models import Paper, PaperRule

HAS, MISSING, EXPIRED = "has", "missing", "expired"
STATES = {HAS: "đã có", MISSING: "còn thiếu", EXPIRED: "hết giá trị"}


@dataclass(frozen=True)
class Line:
    """One paper that is asked for: `rule` says which and why, `paper` is the newest there, null where none."""

    rule: PaperRule
    paper: Paper | None
    state: str

    @property
    def is_there(self) -> bool:
        return self.state == HAS

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
    """The papers asked of this case by the rules of `on`, in their order; at most five queries.

    A paper that a step itself records (the certificate, the application) is read from the step.
    """
    facts = Facts(case, on)
    rules = [rule for rule in PaperRule.objects.on(on) if CONDITIONS[rule.condition].holds(facts)]
    newest: dict[str, Paper] = {}
    for paper in [*_from_steps(case, rules), *case.papers.valid().order_by("pk")]:
        newest[paper.code] = paper
    return [_line(rule, newest.get(rule.code), on) for rule in rules]


def before(stage: str, lines: Sequence[Line]) -> list[Line]:
    """Those that must be there to reach `stage`: its own and those of earlier stages."""
    reached = STAGES.index(Stage(stage)) if stage in STAGES else len(STAGES)
    return [line for line in lines if _place(line.rule.stage) <= reached]


def papers_verdict(case: Candidacy, stage: str, on: dt.date) -> Verdict:
    """Whether every paper that `stage` asks for is there and holds on `on`; the first that is not, by its rule."""
    if stage not in STAGES:
        return YES
    lacking = [line for line in before(stage, checklist(case, on)) if not line.is_there and is_guarded(case, line)]
    if not lacking:
        return YES
    names = "; ".join(f"{line.rule.name} ({STATES[line.state]})" for line in lacking)
    return no(f"Hồ sơ chưa đủ giấy tờ: {names}.")


def is_guarded(case: Candidacy, line: Line) -> bool:
    """Not what was asked before the case was taken over from the old book: that is listed for completion."""
    if not case.taken_over:
        return True
    taken = case.events.valid().exclude(stage=Stage.NOMINEE).order_by("pk").values_list("stage", flat=True).first()
    return taken is None or _place(line.rule.stage) > _place(taken)


def _place(stage: str) -> int:
    return STAGES.index(Stage(stage)) if stage in STAGES else len(STAGES)


def _line(rule: PaperRule, paper: Paper | None, on: dt.date) -> Line:
    if paper is None:
        return Line(rule, None, MISSING)
    return Line(rule, paper, HAS if paper.holds_on(on) else EXPIRED)


def _from_steps(case: Candidacy, rules: Sequence[PaperRule]) -> list[Paper]:
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
    applied = case.events.valid().filter(stage=Stage.DOSSIER).order_by("day", "pk").first()
    if "application" in asked and applied:
        found.append(Paper(code="application", issued_on=applied.day))
    return found
