"""Corrections of what was done to the structure: asked for by one person, done when another approves.

A correction takes the operation back and does it anew as it should have been, with all the guards of its deed; or it
only takes it back. The old operation stays in the table, void, and the log says what was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cells import vietnamese
from cells.log.write import Changes, record
from cells.organisations.models import Operation
from cells.organisations.reorganise.ending import Splitting
from cells.organisations.reorganise.founding import Founding, Joining
from cells.organisations.reorganise.ground import future_problems, lock_tree
from cells.organisations.reorganise.models import OperationCorrection
from cells.organisations.reorganise.refound import refound
from cells.organisations.reorganise.told import item_of
from cells.organisations.reorganise.undo import undo
from cells.organisations.reorganise.works import Item, decode, encode, perform
from cells.people.models import User
from cells.second_person import Proposed, locked, settle
from cells.verdict import Refused, refuse

#: What may differ without the tree being touched.
_ON_PAPER = {"decision_number", "reason", "destination", "origin"}


@transaction.atomic
def propose_correction(
    operation: Operation, item: Item | None, *, reason: str, actor: User | None, today: dt.date
) -> OperationCorrection:
    """Ask that `operation` be as `item` says, or that it be taken back (null); it waits for a second person.

    Refused: no reason (field `reason`), nothing that differs, another correction of it that waits, and all that would
    stand against doing it now.
    """
    said = vietnamese.clean(reason)
    if not said:
        raise refuse("Ghi lý do đính chính.", field="reason")
    if item is not None and not _differences(operation, item):
        raise refuse("Chưa sửa gì so với việc đã ghi.")
    if operation.corrections.waiting().exists():
        raise refuse("Việc này đang có một đính chính chờ duyệt; duyệt xong đã.")
    with transaction.atomic():
        _correct(operation, item, actor=actor, today=today)
        transaction.set_rollback(True)
    stored = encode(item) if item is not None else None
    correction = OperationCorrection.objects.create(operation=operation, item=stored, reason=said, made_by=actor)
    _record("propose_operation_correction", correction, actor)
    return correction


@transaction.atomic
def approve_operation_corrections(ids: Sequence[int], *, actor: User, today: dt.date) -> list[OperationCorrection]:
    """Do what was asked for. Refused: what waits no longer, what `actor` asked for, what cannot be done any more."""
    rows = locked(_with_unit(), ids, actor)
    for row in rows:
        item = decode(row.operation.work, row.item) if row.item is not None else None
        changes = _differences(row.operation, item) if item is not None else {"void": ("", "có")}
        _correct(row.operation, item, actor=actor, today=today)
        _record("approve_operation_correction", row, actor, changes)
    settle(rows, Proposed.State.APPROVED, actor)
    return rows


@transaction.atomic
def refuse_operation_corrections(ids: Sequence[int], *, actor: User, answer: str) -> list[OperationCorrection]:
    """Nothing is changed; `answer` says why. Refused like an approval, and without an answer (field `answer`)."""
    rows = locked(_with_unit(), ids, actor)
    settle(rows, Proposed.State.REFUSED, actor, answer)
    for row in rows:
        _record("refuse_operation_correction", row, actor)
    return rows


def changed(correction: OperationCorrection) -> Changes:
    """What a correction that waits would change: field → (as recorded, as it should be)."""
    if correction.item is None:
        return {}
    return _differences(correction.operation, decode(correction.operation.work, correction.item))


def _with_unit() -> QuerySet[OperationCorrection]:
    return OperationCorrection.objects.select_related("operation__organisation", "operation__related")


def _differences(operation: Operation, item: Item) -> Changes:
    before, after = encode(item_of(operation)), encode(item)
    shares = ("people", "units", "posts", "new")  # a split done anew keeps them
    names = [name for name in after if name not in shares and before.get(name) != after[name]]
    return {name: (before.get(name), after[name]) for name in names}


def _correct(operation: Operation, item: Item | None, *, actor: User | None, today: dt.date) -> None:
    lock_tree()
    if operation.void:
        raise refuse("Việc này đã được hủy trước đó.")
    if item is None:
        undo(operation)
        return
    if problems := future_problems([item], today):
        raise Refused(*problems)
    if _differences(operation, item).keys() <= _ON_PAPER:
        _write_paper(operation, item)
    elif isinstance(item, Founding | Joining):
        refound(operation, item)
    else:
        shares = undo(operation)
        perform(_with_shares(item, shares), actor=actor, today=today)


def _with_shares(item: Item, shares: Any) -> Item:
    return replace(item, people=shares.people, units=shares.units) if isinstance(item, Splitting) else item


def _write_paper(operation: Operation, item: Item) -> None:
    """Another number, reason or place: the operation stays, the log has the old words."""
    operation.decision_number = item.decision_number
    operation.reason = item.reason
    operation.destination = getattr(item, "destination", "") or getattr(item, "origin", "") or ""
    operation.save(update_fields=["decision_number", "reason", "destination"])


def _record(deed: str, row: OperationCorrection, actor: User | None, changes: Changes | None = None) -> None:
    record(
        deed,
        actor=actor,
        subject="operation",
        subject_id=row.operation_id,
        organisation=row.operation.organisation,
        note=row.reason,
        changes=changes,
    )
