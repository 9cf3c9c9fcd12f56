"""Units that come under another: move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells.log.write import record
from cells.organisations.models import Organisation, Place
from cells.organisations.reorganise.ground import (
    Work,
    by_code,
    future_problems,
    hand_over,
    in_order,
    is_under,
    lock_tree,
    parent_problem,
    standing_intervals,
    turn_problem,
    write_operation,
)
from cells.people.models import User
from cells.verdict import Problem, Refused


@dataclass(frozen=True)
class Moving:
    """A unit that goes, with all below it, under `parent_code`; `day` is the first there."""

    code: str
    day: dt.date
    parent_code: str
    decision_number: str = ""
    reason: str = ""


@transaction.atomic
def move(movings: Sequence[Moving], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Put units under others, each with what stands below it; within a day in whatever order is possible.

    Refused (fields `code`, `parent_code`, `day`): an unknown unit or one not there on the day, the top, a unit
    with another operation that day or later, a parent that is not there from that day on, that stands below the
    unit (or is it), or already is its parent; a day to come.
    """
    lock_tree()
    known = by_code(code for item in movings for code in (item.code, item.parent_code))
    problems = future_problems(movings, today)
    waiting = [] if problems else in_order(movings)
    while waiting:
        tried = [(pair, _moved(*pair, known)) for pair in waiting]
        refused = [(pair, problem) for pair, problem in tried if problem]
        waiting = [pair for pair, _ in refused]
        if len(refused) == len(tried):
            problems = [problem for _, problem in refused]
            break
    if problems:
        raise Refused(*problems)
    units = [known[item.code] for item in movings]
    record(
        "move",
        actor=actor,
        subject="organisation",
        count=len(units),
        organisation=units[0] if len(units) == 1 else None,
    )
    return units


def _moved(index: int, item: Moving, known: dict[str, Organisation]) -> Problem | None:
    """Move it, or say why not."""
    unit, parent = known.get(item.code), known.get(item.parent_code)
    problem = turn_problem(index, item.code, item.day, unit) or _parent_problem(index, item, unit, parent)
    if problem or unit is None or parent is None:
        return problem
    places = list(Place.objects.on(item.day).filter(organisation=unit))
    if any(place.parent_id == parent.pk for place in places):
        return Problem(index, "parent_code", f"Tổ chức «{item.code}» đang trực thuộc «{item.parent_code}».")
    hand_over(places, parent, item.day)
    write_operation(Work.MOVE, unit, item, related=parent)
    return None


def _parent_problem(index: int, item: Moving, unit: Organisation | None, parent: Organisation | None) -> Problem | None:
    if not item.parent_code:
        return Problem(index, "parent_code", "Ghi mã cấp trên mới.")
    intervals = standing_intervals({item.parent_code}).get(item.parent_code)
    problem = parent_problem(index, item.parent_code, item.day, intervals)
    if problem or unit is None or parent is None:
        return problem
    if parent == unit:
        return Problem(index, "parent_code", "Một tổ chức không thể trực thuộc chính nó.")
    if is_under(parent, unit, item.day):
        return Problem(index, "parent_code", f"«{item.parent_code}» ở dưới «{item.code}»; ghi cấp trên khác.")
    return None
