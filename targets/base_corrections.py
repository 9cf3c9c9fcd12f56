"""Corrections of bases: a difference with its reason, which counts once a second person has approved it.

The base itself never moves; every figure takes it with its approved corrections (`Base.objects.corrected`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from cells import vietnamese
from cells.log.write import Changes, record
from cells.people.models import User
from cells.second_person import locked, settle
from cells.verdict import Problem, Refused
from targets.enter import MOST
from targets.models import Base, BaseCorrection


@dataclass(frozen=True)
class Proposal:
    """That the members of a base were `total`, and why."""

    base: Base
    total: int
    reason: str


@transaction.atomic
def propose_corrections(proposals: Sequence[Proposal], *, actor: User | None) -> list[BaseCorrection]:
    """Ask that bases be put right; each waits for a second person.

    Refused (fields `total`, `reason`, ""): what is used already, counts that cannot be, no reason, a base of which
    a correction waits.
    """
    ids = [proposal.base.pk for proposal in proposals]
    list(Base.objects.filter(pk__in=ids).select_for_update())
    used = dict(Base.objects.filter(pk__in=ids).corrected().values_list("pk", "used"))
    waiting = set(BaseCorrection.objects.waiting().filter(base__in=ids).values_list("base", flat=True))
    problems = []
    for index, proposal in enumerate(proposals):
        problems += _proposal_problems(index, proposal, used[proposal.base.pk])
        if proposal.base.pk in waiting:
            problems.append(Problem(index, "", "Số đầu năm này đang có một đính chính chờ duyệt; duyệt xong đã."))
        waiting.add(proposal.base.pk)
    if problems:
        raise Refused(*problems)
    rows = BaseCorrection.objects.bulk_create(
        BaseCorrection(
            base=proposal.base,
            difference=proposal.total - used[proposal.base.pk],
            reason=vietnamese.clean(proposal.reason),
            made_by=actor,
        )
        for proposal in proposals
    )
    _record("propose_base_corrections", rows, actor, used)
    return rows


@transaction.atomic
def approve_corrections(ids: Sequence[int], *, actor: User) -> list[BaseCorrection]:
    """From now on the figures take these corrections with the bases. The log tells the old and the new total.

    Refused (field ""): a correction that waits no longer, and every one that `actor` proposed.
    """
    rows = locked(_with_unit(), ids, actor)
    used = dict(Base.objects.filter(pk__in=[row.base_id for row in rows]).corrected().values_list("pk", "used"))
    settle(rows, BaseCorrection.State.APPROVED, actor)
    _record("approve_base_corrections", rows, actor, used)
    return rows


@transaction.atomic
def refuse_corrections(ids: Sequence[int], *, actor: User, answer: str) -> list[BaseCorrection]:
    """They count nowhere; `answer` says why. Refused like an approval, and without an answer (field `answer`)."""
    rows = locked(_with_unit(), ids, actor)
    settle(rows, BaseCorrection.State.REFUSED, actor, answer)
    _record("refuse_base_corrections", rows, actor, {})
    return rows


def _with_unit() -> QuerySet[BaseCorrection]:
    return BaseCorrection.objects.select_related("base__organisation")


def _proposal_problems(index: int, proposal: Proposal, used: int) -> list[Problem]:
    problems = []
    if not 0 <= proposal.total <= MOST:
        problems.append(
            Problem(index, "total", f"Số {proposal.total} không hợp lệ; ghi số từ 0 đến {vietnamese.number(MOST)}.")
        )
    elif proposal.total == used:
        problems.append(
            Problem(index, "total", f"Số đang dùng đã là {vietnamese.number(used)}; ghi số đúng khác số này.")
        )
    if not vietnamese.clean(proposal.reason):
        problems.append(Problem(index, "reason", "Ghi lý do đính chính."))
    return problems


def _record(deed: str, rows: Sequence[BaseCorrection], actor: User | None, used: dict[int, int]) -> None:
    """One entry; with the totals before and after where `used` knows them."""
    if not rows:
        return
    changes: Changes = {
        f"{row.base.organisation.code} {row.base.year} total"[-60:]: (
            used[row.base_id],
            used[row.base_id] + row.difference,
        )
        for row in rows
        if row.base_id in used
    }
    one = rows[0] if len(rows) == 1 else None
    record(
        deed,
        actor=actor,
        subject="base",
        subject_id=one.base_id if one else None,
        count=len(rows),
        organisation=one.base.organisation if one else None,
        note=one.reason if one else "",
        changes=changes,
    )
