"""Operations of a day to come: kept with what they will do, done when the day is there.

What waits has been tried on the tree as it will be then, after all that waits before it; it is tried again on its
day, because the unit may have changed meanwhile. What cannot be done says why and goes on waiting for somebody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation
from cells.organisations.reorganise.ground import lock_tree
from cells.organisations.reorganise.models import WaitingOperation
from cells.organisations.reorganise.works import Item, decode, encode, perform, work_of
from cells.people.models import User
from cells.verdict import Problem, Refused

_BUSY = "Người khác vừa ghi việc khác của tổ chức này; xem lại."


@dataclass(frozen=True)
class Postponement:
    """An item whose day is to come; `under` is the unit on whose page it stands, the one above for a unit to be."""

    item: Item
    under: Organisation


def rehearse(item: Item, *, actor: User | None, today: dt.date) -> None:
    """Try the deed and keep nothing; refused as it would be, on the later of `today` and its day.

    What waits for a day up to its own is done before it, as far as it can be.
    """
    with transaction.atomic():
        if item.day > today:
            for row in WaitingOperation.objects.due(item.day):
                _attempt(row, item.day)
        perform(item, actor=actor, today=max(today, item.day))
        transaction.set_rollback(True)


@transaction.atomic
def postpone(items: Sequence[Postponement], *, actor: User | None, today: dt.date) -> list[WaitingOperation]:
    """Let operations wait for their day; of one day they are done in the order given.

    Refused (the item's fields): a day that is not to come, the very same that waits already, and what stands against
    doing it on its day, after all that waits before.
    """
    problems = [problem for index, one in enumerate(items) for problem in _too_late_or_twice(index, one, today)]
    if problems:
        raise Refused(*problems)
    rows = [
        WaitingOperation(
            day=one.item.day,
            work=work_of(one.item),
            organisation=one.under,
            item=encode(one.item),
            made_by=actor,
        )
        for one in items
    ]
    for row in rows:  # one by one: within a day the order of the rows is that of their numbers
        row.save(force_insert=True)
    refused = _rehearse_all(rows)
    if refused:
        raise Refused(*refused)
    one = rows[0] if len(rows) == 1 else None
    record(
        "postpone_operation",
        actor=actor,
        subject="waiting_operation",
        subject_id=one.pk if one else None,
        count=len(rows),
        organisation=one.organisation if one else None,
    )
    return rows


def _too_late_or_twice(index: int, one: Postponement, today: dt.date) -> list[Problem]:
    if one.item.day <= today:
        return [Problem(index, "day", "Ngày này đã đến; ghi ngay, không phải chờ.")]
    same = WaitingOperation.objects.waiting().filter(day=one.item.day, work=work_of(one.item))
    if any(row.item.get("code") == one.item.code for row in same):
        return [
            Problem(index, "day", f"Việc này của «{one.item.code}» đang chờ đến ngày {vietnamese.day(one.item.day)}.")
        ]
    return []


def _rehearse_all(rows: Sequence[WaitingOperation]) -> list[Problem]:
    """What stands against the new `rows` when all that waits is done in its order; nothing of it is kept."""
    index = {row.pk: number for number, row in enumerate(rows)}
    refused = []
    with transaction.atomic():
        for row in WaitingOperation.objects.due(max(row.day for row in rows)):
            problems = _attempt(row, row.day)
            if row.pk in index:
                refused += [Problem(index[row.pk], problem.field, problem.message) for problem in problems]
        transaction.set_rollback(True)
    return refused


@transaction.atomic
def call_off(ids: Sequence[int], *, actor: User | None) -> list[WaitingOperation]:
    """Take operations off the list before they are done. Refused (field ""): what waits no longer."""
    found = WaitingOperation.objects.select_for_update().filter(state=WaitingOperation.State.WAITING).in_bulk(ids)
    gone = [
        Problem(index, "", "Việc này không còn chờ; xem lại danh sách.")
        for index, pk in enumerate(ids)
        if pk not in found
    ]
    if gone:
        raise Refused(*gone)
    rows = [found[pk] for pk in ids]
    WaitingOperation.objects.filter(pk__in=ids).update(state=WaitingOperation.State.CALLED_OFF, settled_at=Now())
    for row in rows:
        _record("call_off_operation", row, actor)
    return rows


def carry_out(*, today: dt.date, wait: bool = True) -> list[WaitingOperation]:
    """Do what is due, each in its own transaction and in the name of who entered it; the rows, `problem` on those
    that could not be done. Without `wait` a work of somebody else that goes on raises `OperationalError`.
    """
    return [_carry_out(row.pk, today, wait=wait) for row in WaitingOperation.objects.due(today)]


@transaction.atomic
def _carry_out(pk: int, today: dt.date, *, wait: bool) -> WaitingOperation:
    lock_tree(wait=wait)
    row = WaitingOperation.objects.select_for_update(of=("self",)).select_related("organisation", "made_by").get(pk=pk)
    if row.state != WaitingOperation.State.WAITING:
        return row  # somebody else was faster
    problems = _attempt(row, today)
    if problems:
        row.problem = problems[0].message[:500]
        WaitingOperation.objects.filter(pk=pk).update(problem=row.problem)
    else:
        row.state = WaitingOperation.State.DONE
        WaitingOperation.objects.filter(pk=pk).update(state=row.state, problem="", settled_at=Now())
    return row


def _attempt(row: WaitingOperation, today: dt.date) -> list[Problem]:
    """Do it; what stands against it, and then nothing of it is kept."""
    try:
        with transaction.atomic():
            perform(decode(row.work, row.item), actor=row.made_by, today=today)
    except Refused as refused:
        return refused.problems
    except IntegrityError:
        return [Problem(0, "", _BUSY)]
    return []


def _record(deed: str, row: WaitingOperation, actor: User | None) -> None:
    record(deed, actor=actor, subject="waiting_operation", subject_id=row.pk, organisation=row.organisation)
