"""Deeds on quotas: keep a draft, issue it under a decision, adjust it by the next version (C20, C26).

What is issued is never edited. What was decided on paper is taken over by `targets.quotas.take_over`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from cells import vietnamese
from cells.log.write import Changes, record
from cells.organisations.models import Organisation
from cells.people.models import User
from cells.verdict import Problem, Refused, Stale
from targets.models import BodyQuota, Quota, QuotaIssue
from targets.quotas.allotment import (
    WHOLE,
    Allotment,
    Decision,
    Given,
    GivenToBody,
    Series,
    children_on,
    same,
    wrong_lines,
    wrong_version,
)


@dataclass
class _Found:
    """What stands before a version is issued."""

    last: int = 0
    held: dict[int, Quota] = field(default_factory=dict)
    held_by_bodies: dict[int, BodyQuota] = field(default_factory=dict)


def last_number(issuer: int, year: int, own: bool = False) -> int:
    """The number of the last version issued; 0 where none was."""
    return QuotaIssue.objects.of(issuer, year, own).issued().aggregate(last=Max("number"))["last"] or 0


@dataclass(frozen=True)
class Begun:
    """What a unit is about to give: its draft, else what is in force. unit (id) → its line; bodies; the explanation."""

    lines: Mapping[int, Quota]
    bodies: Sequence[GivenToBody]
    explanation: str

    def of(self, unit: int, line: str) -> int | None:
        return getattr(self.lines.get(unit), line, None)

    def given(self, unit: Organisation, numbers: Mapping[str, int | None], whys: Mapping[str, str]) -> Given:
        """What `unit` is to get by LINES; a number that stays keeps the sentence it came with, `whys` go before."""
        line, pair = self.lines.get(unit.pk), (numbers.get("admission"), numbers.get("fostering"))
        return Given(unit, *pair, (line.whys_of(*pair) if line else {}) | dict(whys))


def begun(issuer: int, year: int, units: Collection[int]) -> Begun:
    """What stands for these direct children before somebody proposes other numbers for some."""
    draft = draft_of(issuer, year)
    lines = draft.lines.all() if draft else Quota.objects.in_force().filter(year=year, organisation__in=units)
    told = draft.body_lines.select_related("body") if draft else ()
    return Begun(
        {line.organisation_id: line for line in lines},
        [GivenToBody(line.body, line.introductions) for line in told],
        draft.explanation if draft else "",
    )


@transaction.atomic
def save_draft(allotment: Allotment, *, explanation: str = "", seen: str, actor: User | None) -> QuotaIssue:
    """Keep what is being prepared; a draft that is there is written anew.

    `seen` is the `mark` of the draft this one was made from ("" for none). Refused (fields as in `issue`): numbers
    and units that cannot be; `Stale` (field WHOLE) where somebody saved another draft meanwhile.
    """
    problems = wrong_lines(allotment)
    if problems:
        raise Refused(*problems)
    draft = draft_of(*allotment.series, locked=True)
    _check_draft(draft, seen)
    if draft is None:
        draft = QuotaIssue(issuer=allotment.issuer, year=allotment.year, own=allotment.own)
    draft.explanation, draft.made_by = vietnamese.clean(explanation), actor
    draft.save()
    draft.lines.all().delete()
    draft.body_lines.all().delete()
    Quota.objects.bulk_create(_lines(draft, allotment))
    BodyQuota.objects.bulk_create(_body_lines(draft, allotment))
    record_quotas("save_quota_draft", allotment.issuer, len(allotment.lines), actor)
    return draft


@transaction.atomic
def drop_draft(issuer: Organisation, year: int, *, seen: str, actor: User | None) -> None:
    """Throw the draft away; nothing happens where there is none. `Stale` (field WHOLE) as in `save_draft`."""
    draft = draft_of(issuer.pk, year, locked=True)
    if draft is None:
        return
    _check_draft(draft, seen)
    draft.delete()
    record_quotas("drop_quota_draft", issuer, 1, actor)


def draft_of(issuer: int, year: int, own: bool = False, *, locked: bool = False) -> QuotaIssue | None:
    drafts = QuotaIssue.objects.of(issuer, year, own).drafts()
    return (drafts.select_for_update() if locked else drafts).first()


def _check_draft(draft: QuotaIssue | None, seen: str) -> None:
    if mark(draft) != seen:
        raise Stale(Problem(0, WHOLE, "Người khác vừa lưu bản nháp này; xem lại rồi ghi lần nữa nếu vẫn đúng."))


def mark(draft: QuotaIssue | None) -> str:
    """Changes whenever the draft is saved; "" without one."""
    return "" if draft is None else f"{draft.pk} {draft.made_at.isoformat()}"


@transaction.atomic
def issue(
    allotment: Allotment,
    *,
    decision: Decision,
    seen: int,
    draft_seen: str = "",
    actor: User | None,
    today: dt.date,
) -> QuotaIssue | None:
    """Issue the first version, or adjust by the next one; null, and nothing written, where it would say the same.

    `seen` is the number of the last version when this one was made (0 for none), `draft_seen` the `mark` of the draft,
    which is gone with it.
    Refused (fields `organisation`, `admission`, `fostering`, `body`, `introductions` of the line, then
    `decision_number`, `decided_on`, `reason`, `explanation`, WHOLE of the version; lines of bodies are counted
    after those of units): numbers that cannot be, a unit that is no direct child on the day of the decision, a
    version issued meanwhile (`Stale`), an issuer that has no number itself, an adjustment without its reason, a sum
    that differs from what the issuer was given without an explanation.
    """
    problems = wrong_lines(allotment)
    if problems:
        raise Refused(*problems)
    found = _found(allotment)
    if found.last != seen:
        raise Stale(Problem(0, WHOLE, "Vừa có lần giao mới của năm này; xem lại các số rồi ghi lần nữa."))
    changes = _changes(allotment, found)
    if not changes:
        return None
    problems = wrong_version(allotment, decision, found.last, found.held, today)
    if problems:
        raise Refused(*problems)
    draft = draft_of(*allotment.series, locked=True)
    _check_draft(draft, draft_seen)
    if draft is not None:
        draft.delete()
    row = issue_row(allotment.series, found.last + 1, decision, actor)
    row.save()
    put_in_force(_to_write(row, allotment, found))
    _put_bodies_in_force(_body_lines(row, allotment))
    record_quotas("issue_quotas", allotment.issuer, len(allotment.lines) + len(allotment.bodies), actor, changes)
    return row


# --- writing ------------------------------------------------------------------------------------------


def _found(allotment: Allotment) -> _Found:
    bodies = BodyQuota.objects.in_force().filter(year=allotment.year, body__in=[one.body for one in allotment.bodies])
    held = held_lines({line.organisation.pk for line in allotment.lines}, {allotment.year})
    return _Found(
        last_number(*allotment.series),
        {unit: row for (unit, _), row in held.items()},
        {row.body_id: row for row in bodies.select_for_update()},
    )


def held_lines(units: set[int], years: set[int]) -> dict[tuple[int, int], Quota]:
    """(unit, year) → the line in force, locked."""
    rows = Quota.objects.in_force().filter(organisation__in=units, year__in=years).select_for_update()
    return {(row.organisation_id, row.year): row for row in rows}


def _changes(allotment: Allotment, found: _Found) -> Changes:
    """Unit or body → its number before and now, where they differ."""
    changes: Changes = {}
    for line in allotment.lines:
        row = found.held.get(line.organisation.pk)
        if not same(row, line):
            changes[line.organisation.code[:60]] = (str(row or ""), f"{line.admission}/{line.fostering}")
    for told in allotment.bodies:
        held = found.held_by_bodies.get(told.body.pk)
        if (held.introductions if held else None) != told.introductions:
            changes[told.body.code[:60]] = (held.introductions if held else "", told.introductions)
    return changes


def _lines(row: QuotaIssue, allotment: Allotment) -> list[Quota]:
    return [quota_row(row, line.organisation, (line.admission, line.fostering), line.whys) for line in allotment.lines]


def quota_row(
    issue: QuotaIssue, organisation: Organisation, pair: tuple[int | None, int | None], whys: Mapping[str, str]
) -> Quota:
    """A line of a version, not saved: the pair is admission and fostering, `whys` as in `Given`."""
    return Quota(
        issue=issue,
        year=issue.year,
        organisation=organisation,
        admission=pair[0],
        fostering=pair[1],
        admission_why=whys.get("admission", ""),
        fostering_why=whys.get("fostering", ""),
    )


def _to_write(row: QuotaIssue, allotment: Allotment, found: _Found) -> list[Quota]:
    """Without what nobody was given, and without what a unit keeps that is gone on the day of the decision."""
    here = children_on(allotment, row.decided_on or dt.date.min)
    return [
        line
        for line in _lines(row, allotment)
        if line.organisation_id in here or not same(found.held.get(line.organisation_id), line)
        if not line.is_blank or line.organisation_id in found.held
    ]


def _body_lines(row: QuotaIssue, allotment: Allotment) -> list[BodyQuota]:
    return [
        BodyQuota(issue=row, year=allotment.year, body=told.body, introductions=told.introductions)
        for told in allotment.bodies
    ]


def issue_row(series: Series, number: int, decision: Decision, actor: User | None) -> QuotaIssue:
    issuer, year, own = series
    return QuotaIssue(
        issuer_id=issuer,
        year=year,
        own=own,
        number=number,
        state=QuotaIssue.State.ISSUED,
        decision_number=vietnamese.clean(decision.number),
        decided_on=decision.day,
        reason=vietnamese.clean(decision.reason),
        explanation=vietnamese.clean(decision.explanation),
        made_by=actor,
    )


def put_in_force(lines: Sequence[Quota]) -> list[Quota]:
    """Write issued lines: they hold from now on, the first of a unit and year is its original one."""
    held = held_lines({line.organisation_id for line in lines}, {line.year for line in lines})
    wanted = {(line.organisation_id, line.year) for line in lines}
    Quota.objects.filter(pk__in=[row.pk for key, row in held.items() if key in wanted]).update(in_force=False)
    for line in lines:
        line.in_force, line.original = True, (line.organisation_id, line.year) not in held
    return Quota.objects.bulk_create(lines, batch_size=1000)


def _put_bodies_in_force(lines: Sequence[BodyQuota]) -> None:
    if not lines:
        return
    held = BodyQuota.objects.in_force().filter(year=lines[0].year, body__in=[line.body_id for line in lines])
    known = set(held.values_list("body_id", flat=True))
    held.update(in_force=False)
    for line in lines:
        line.in_force, line.original = True, line.body_id not in known
    BodyQuota.objects.bulk_create(lines)


def record_quotas(
    deed: str, organisation: Organisation | None, count: int, actor: User | None, changes: Changes | None = None
) -> None:
    record(deed, actor=actor, subject="figures", count=count, organisation=organisation, changes=changes)
