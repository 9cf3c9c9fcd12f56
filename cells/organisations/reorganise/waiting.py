"""Operations of a day to come: kept with what they will do, done when the day is there.

What waits has been tried on the tree as it will be then, after all that waits before it; it is tried again on its
day, because the unit may have changed meanwhile. What cannot be done says why and goes on waiting for somebody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation
from cells.organisations.reorganise.models import WaitingOperation
from cells.organisations.reorganise.works import Item, decode, encode, perform, work_of
from cells.people.models import User
from cells.verdict import Problem, Refused, refuse

_BUSY = "Người khác vừa ghi việc khác của tổ chức này; xem lại."


def rehearse(item: Item, *, actor: User | None, today: dt.date) -> None:
    """Try the deed and keep nothing; refused as it would be, on the later of `today` and its day.

    What waits for a day up to its own is done before it, as far as it can be.
    """
    day = max(today, item.day)
    with transaction.atomic():
        if item.day > today:
            for row in WaitingOperation.objects.due(item.day):
                _attempt(row, day)
        perform(item, actor=actor, today=day)
        transaction.set_rollback(True)


@transaction.atomic
def postpone(item: Item, *, under: Organisation, actor: User | None, today: dt.date) -> WaitingOperation:
    """Let an operation wait for its day; `under` is the unit on whose page it is entered.

    Refused: a day that is not to come, the very same that waits already, and what `rehearse` says.
    """
    if item.day <= today:
        raise refuse("Ngày này đã đến; ghi ngay, không phải chờ.", field="day")
    work, stored = work_of(item), encode(item)
    if any(
        row.item.get("code") == item.code for row in WaitingOperation.objects.waiting().filter(day=item.day, work=work)
    ):
        raise refuse(f"Việc này của «{item.code}» đang chờ đến ngày {vietnamese.day(item.day)}.", field="day")
    rehearse(item, actor=actor, today=today)
    row = WaitingOperation.objects.create(day=item.day, work=work, organisation=under, item=stored, made_by=actor)
    _record("postpone_operation", row, actor)
    return row


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


def carry_out(*, today: dt.date) -> list[WaitingOperation]:
    """Do what is due, each in its own transaction and in the name of who entered it; the rows, `problem` on those
    that could not be done.
    """
    return [_carry_out(row.pk, today) for row in WaitingOperation.objects.due(today)]


@transaction.atomic
def _carry_out(pk: int, today: dt.date) -> WaitingOperation:
    row = WaitingOperation.objects.select_for_update(of=("self",)).select_related("organisation", "made_by").get(pk=pk)
    if row.state != WaitingOperation.State.WAITING:
        return row  # somebody else was faster
    row.problem = _attempt(row, today)
    if row.problem:
        WaitingOperation.objects.filter(pk=pk).update(problem=row.problem)
    else:
        row.state = WaitingOperation.State.DONE
        WaitingOperation.objects.filter(pk=pk).update(state=row.state, problem="", settled_at=Now())
    return row


def _attempt(row: WaitingOperation, today: dt.date) -> str:
    """Do it; why it cannot be done, in Vietnamese, and then nothing of it is kept."""
    try:
        with transaction.atomic():
            perform(decode(row.work, row.item), actor=row.made_by, today=today)
    except Refused as refused:
        return refused.problems[0].message[:500]
    except IntegrityError:
        return _BUSY
    return ""


def _record(deed: str, row: WaitingOperation, actor: User | None) -> None:
    record(deed, actor=actor, subject="waiting_operation", subject_id=row.pk, organisation=row.organisation)
