"""Deeds on the papers of cases: enter them, take a wrong one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from cells import vietnamese
from cells.dated import months_after
from cells.log.write import record
from cells.people.models import User
from cells.verdict import Problem, Refused, Stale, refuse, still_to_come
from membership.correct import CHANGED, NO_REASON
from membership.models import Candidacy
from membership.papers.models import Paper, PaperRule
from membership.papers.supplied import FROM_VOTES


@dataclass(frozen=True)
class Entry:
    """A paper of a case; `code` is that of a `PaperRule`. All else may be unknown: the paper is there."""

    case: Candidacy
    code: str
    number: str = ""
    issued_on: dt.date | None = None
    issuer: str = ""
    kept_at: str = ""


@transaction.atomic
def enter_papers(
    entries: Sequence[Entry], *, actor: User | None, today: dt.date, version: int | None = None
) -> list[Paper]:
    """Write down papers that are there. A newer one of the same code takes the place of the older.

    How long it holds comes from the rule in force on its day. Refused (fields `code`, `issued_on`): a code no rule
    has, a resolution that a vote makes, days after `today` or before the person's birth. `Stale`: the (one) case
    changed since `version`.
    """
    cases = {entry.case.pk for entry in entries}
    locked = {case.pk: case for case in Candidacy.objects.select_for_update().filter(pk__in=cases)}
    if version is not None and any(case.version != version for case in locked.values()):
        raise Stale(Problem(0, "", CHANGED))
    rules = list(PaperRule.objects.filter(code__in={entry.code for entry in entries}))
    problems = [problem for index, entry in enumerate(entries) for problem in _problems(index, entry, rules, today)]
    if problems:
        raise Refused(*problems)
    papers = Paper.objects.bulk_create(
        Paper(
            candidacy=entry.case,
            code=entry.code,
            number=vietnamese.clean(entry.number),
            issued_on=entry.issued_on,
            issuer=vietnamese.clean(entry.issuer),
            kept_at=vietnamese.clean(entry.kept_at),
            expires_on=_expires(entry, rules),
        )
        for entry in entries
    )
    for case in locked.values():
        case.version += 1
        case.save(update_fields=["version"])
    one = next(iter(locked.values())) if len(locked) == 1 else None
    record(
        "enter_papers",
        actor=actor,
        subject="candidacy",
        subject_id=one.pk if one else None,
        count=len(papers),
        organisation=one.organisation if one else None,
        note="; ".join(sorted({entry.code for entry in entries}))[:300],
    )
    return papers


@transaction.atomic
def take_back_paper(paper: Paper, *, reason: str, actor: User | None) -> Paper:
    """A paper that was entered wrongly counts no more; the row and the reason stay. Refused (`reason`) without one."""
    if not vietnamese.clean(reason):
        raise refuse(NO_REASON, field="reason")
    held = Paper.objects.select_for_update(of=("self",)).select_related("candidacy__organisation").get(pk=paper.pk)
    if held.void:
        raise refuse("Giấy tờ này đã bị hủy trước đó.")
    Paper.objects.filter(pk=held.pk).update(void=True)
    Candidacy.objects.filter(pk=held.candidacy_id).update(version=F("version") + 1)
    record(
        "take_back_paper",
        actor=actor,
        subject="candidacy",
        subject_id=held.candidacy_id,
        organisation=held.candidacy.organisation,
        note=vietnamese.clean(reason),
        changes={f"{held.code} number": (held.number, "")},
    )
    return held


def _problems(index: int, entry: Entry, rules: Sequence[PaperRule], today: dt.date) -> list[Problem]:
    if not any(rule.code == entry.code for rule in rules):
        return [Problem(index, "code", f"Không có giấy tờ «{entry.code}» trong danh mục.")]
    if entry.code in FROM_VOTES and (not entry.case.taken_over or entry.case.votes.valid().passed().exists()):
        return [Problem(index, "code", "Nghị quyết do biểu quyết mà có; ghi kết quả cuộc họp.")]
    day, born = entry.issued_on, entry.case.person.born
    if day is None:
        return []
    if day > today:
        return [Problem(index, "issued_on", still_to_come(day))]
    if born and day <= born:
        return [Problem(index, "issued_on", f"Ngày {vietnamese.day(day)} không sau ngày sinh.")]
    return []


def _expires(entry: Entry, rules: Sequence[PaperRule]) -> dt.date | None:
    """The first day on which the paper no longer holds; null where it always does or its day is not known."""
    if entry.issued_on is None:
        return None
    own = [rule for rule in rules if rule.code == entry.code]
    rule = next((rule for rule in own if rule.holds_on(entry.issued_on)), own[-1])
    return months_after(entry.issued_on, rule.valid_months) if rule.valid_months else None
