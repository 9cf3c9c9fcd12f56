"""The deeds about awareness classes: announcing them, putting their days right, calling them off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.log.write import record, record_rows
from cells.organisations.models import Organisation
from cells.people.models import User
from cells.verdict import Problem, Refused, refuse
from membership.models import AwarenessClass

_TOLD = ("name", "held_by", "opens_on", "closes_on")
#: a class goes on for some weeks; longer is a mistyped year
MOST_DAYS = 366


@dataclass(frozen=True)
class Announced:
    """A class for people of `organisation` and below; both days inclusive."""

    organisation: Organisation
    name: str
    held_by: str
    opens_on: dt.date
    closes_on: dt.date


@transaction.atomic
def announce(items: Sequence[Announced], *, actor: User | None) -> list[AwarenessClass]:
    """Write down classes, also of days to come.

    Refused (fields `organisation`, `name`, `held_by`, `opens_on`, `closes_on`): a name or a holder lacking, a unit
    that does not stand on the first day, a last day before the first or more than a year after it, one announced
    already.
    """
    problems = [problem for index, item in enumerate(items) for problem in _problems(index, item)]
    if problems:
        raise Refused(*problems)
    made = [AwarenessClass.objects.create(organisation=item.organisation, **_values(item)) for item in items]
    record_rows("announce_class", made, actor=actor, subject="awareness_class")
    return made


@transaction.atomic
def correct(row: AwarenessClass, item: Announced, *, reason: str, actor: User | None) -> AwarenessClass:
    """Replace what was announced, for a `reason`; the old values stay in the log. Refused as `announce` refuses."""
    held = _locked(row, reason)
    problems = _problems(0, item, but=held.pk)
    if problems:
        raise Refused(*problems)
    values = _values(item)
    changes = {name: (getattr(held, name), values[name]) for name in _TOLD if getattr(held, name) != values[name]}
    for name, value in values.items():
        setattr(held, name, value)
    held.save()
    _record("correct_class", held, actor, changes, reason)
    return held


@transaction.atomic
def call_off(row: AwarenessClass, *, reason: str, actor: User | None) -> AwarenessClass:
    """The class is not held; it counts no more and stays in the log. Refused (field `reason`): no reason."""
    held = _locked(row, reason)
    held.void = True
    held.save(update_fields=["void"])
    _record("call_off_class", held, actor, {"name": (held.name, "")}, reason)
    return held


def _locked(row: AwarenessClass, reason: str) -> AwarenessClass:
    held = AwarenessClass.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=row.pk)
    if held.void:
        raise refuse("Lớp này đã hủy.")
    if not vietnamese.clean(reason):
        raise refuse("Ghi lý do.", field="reason")
    return held


def _record(deed: str, row: AwarenessClass, actor: User | None, changes: dict, reason: str) -> None:
    record(
        deed,
        actor=actor,
        subject="awareness_class",
        subject_id=row.pk,
        organisation=row.organisation,
        changes=changes,
        note=vietnamese.clean(reason),
    )


def _values(item: Announced) -> dict:
    return {
        "name": vietnamese.clean(item.name),
        "held_by": vietnamese.clean(item.held_by),
        "opens_on": item.opens_on,
        "closes_on": item.closes_on,
    }


def _problems(index: int, item: Announced, but: int | None = None) -> list[Problem]:
    problems = []
    if not vietnamese.clean(item.name):
        problems.append(Problem(index, "name", "Ghi tên lớp."))
    if not vietnamese.clean(item.held_by):
        problems.append(Problem(index, "held_by", "Ghi nơi mở lớp."))
    if item.closes_on < item.opens_on:
        told = f"Ngày bế giảng ở trước ngày khai giảng ({vietnamese.day(item.opens_on)})."
        problems.append(Problem(index, "closes_on", told))
    elif (item.closes_on - item.opens_on).days >= MOST_DAYS:
        problems.append(Problem(index, "closes_on", "Lớp kéo dài hơn một năm; xem lại năm của hai ngày."))
    if not Organisation.objects.filter(pk=item.organisation.pk).placed_on(item.opens_on).exists():
        problems.append(Problem(index, "opens_on", f"Đơn vị không hoạt động ngày {vietnamese.day(item.opens_on)}."))
    same = AwarenessClass.objects.valid().filter(organisation=item.organisation, opens_on=item.opens_on)
    folded = vietnamese.fold(item.name)
    if not problems and any(vietnamese.fold(row.name) == folded and row.pk != but for row in same):
        problems.append(Problem(index, "name", "Lớp này đã báo rồi."))
    return problems
