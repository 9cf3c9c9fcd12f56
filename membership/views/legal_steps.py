"""The 24 steps on the page of a case and on its print: one record, read once."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from cells.rules.models import Rule
from membership import procedure
from membership.deadlines.clocks import LENGTHS
from membership.deadlines.words import title
from membership.legal_steps import WORDS, LegalStep, Record, Standing, State, standing
from membership.models import Helper, Milestone, RecognitionDecision, Spell, Stage, StageEvent, Vote
from membership.papers.checklist import Line
from membership.views.access import Access
from membership.views.papers_panel import seen_reason
from membership.votes.models import ADMISSIONS

_PROBATION = "Thời gian dự bị"


def groups(access: Access, events: list[StageEvent], spell: Spell | None, papers: list[Line]) -> list[dict[str, Any]]:
    """The steps under their stages, as at the day shown; the stage of now stands `open`. `papers` is the checklist."""
    record = record_of(access, events, spell, papers)
    rules = {rule.key: rule for rule in Rule.objects.on(access.on).filter(key__in=LENGTHS.values())}
    found = []
    for stage, of_stage in groupby(standing(record), key=lambda one: one.step.during):
        lines = [_line(one, record.papers, rules, access) for one in of_stage]
        done = sum(line["state"] == State.DONE for line in lines)
        found.append(
            {
                "name": _name(stage, record),
                "count": f"{done}/{len(lines)}",
                "lines": lines,
                "open": any(line["state"] == State.NOW for line in lines),
            }
        )
    return found


def _name(stage: Stage, record: Record) -> str:
    """A base branch waits for the decision from its vote on."""
    if stage == Stage.EXAMINED and not record.under_committee:
        return Stage.BRANCH_RESOLVED.label
    return _PROBATION if stage == Stage.ADMITTED else stage.label


def record_of(access: Access, events: list[StageEvent], spell: Spell | None, papers: list[Line]) -> Record:
    """What is recorded of the case by the day shown, `spell` being the one of its member that the reader sees."""
    case, on = access.case, access.on
    votes, decision, filed_on = [], None, None
    if spell is not None:
        of_person = Vote.objects.valid().filter(spell__person=spell.person_id, day__lte=on)
        votes = list(of_person.exclude(subject__in=ADMISSIONS).order_by("day", "pk"))
        decided = RecognitionDecision.objects.filter(spell__person=spell.person_id, decided_on__lte=on)
        decision = decided.order_by("decided_on").last()
        filed = Milestone.objects.filter(admission__candidacy=case, what=Milestone.What.MEMBER_FILE, day__lte=on)
        filed_on = filed.order_by("pk").values_list("day", flat=True).last()
    return Record(
        case,
        [event for event in events if not event.void],
        {line.rule.code: line for line in papers},
        list(Helper.objects.valid().filter(candidacy=case, from_day__lte=on).select_related("person")),
        spell,
        votes,
        filed_on,
        decision,
        procedure.under_committee(access.unit, on),
    )


def _line(one: Standing, papers: dict[str, Line], rules: dict[str, Rule], access: Access) -> dict[str, Any]:
    forms = [papers[code].rule for code in one.step.papers if code in papers]
    return {
        "number": one.step.number,
        "title": one.step.title,
        "who": one.step.who,
        "state": one.state,
        "words": WORDS[one.state],
        "day": one.told.day if one.told else None,
        "note": seen_reason(access, one.reason) or (one.told.note if one.told else ""),
        "papers": "; ".join(f"{rule.name} ({rule.form})" if rule.form else rule.name for rule in forms),
        "starts": "; ".join(_starts(one.step, rules)),
    }


def _starts(step: LegalStep, rules: dict[str, Rule]) -> list[str]:
    told = []
    for kind in step.starts:
        rule = rules.get(LENGTHS[kind])
        if rule is not None:
            unit = "ngày làm việc" if rule.key.endswith("_days") else "tháng"
            told.append(f"{title(kind).lower()} ({rule.number} {unit})")
    return told
