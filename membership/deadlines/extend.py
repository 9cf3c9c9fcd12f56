"""The deeds that change how a running clock runs: more time, other rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from cells import vietnamese
from cells.people.models import User
from cells.verdict import Problem, Refused, still_to_come
from membership.deadlines.clocks import EXTENSIONS, Clock, Clockwork, Move
from membership.deadlines.known import Way, ways_of
from membership.deadlines.models import Extension, Kind, RulesMove
from membership.deadlines.rows import clocks_of, clockwork
from membership.deadlines.subjects import check_versions, finish, of_one
from membership.models import Candidacy, Spell


@dataclass(frozen=True)
class Extending:
    """More working days for the clock `kind` of a case or member, by a paper of `day`.

    `version` is what the form of a case showed.
    """

    row: Candidacy | Spell
    kind: str
    days: int
    day: dt.date
    number: str
    reason: str
    version: int | None = None


@dataclass(frozen=True)
class RulesOf:
    """A case or member whose running clocks are to go by the rules in force on `day`."""

    row: Candidacy | Spell
    day: dt.date
    reason: str
    version: int | None = None


@transaction.atomic
def extend(items: Sequence[Extending], *, actor: User | None, today: dt.date) -> list[Extension]:
    """Give running clocks more time, each once, at most what the rule allows.

    Refused (fields `days`, `day`, `number`, `reason`): no such clock running, extended before, too many days, a
    paper of a time when the clock did not run. `Stale`: the case changed since the form opened.
    """
    check_versions(items)
    found, work = ways_of([item.row for item in items]), clockwork()
    problems = [
        Problem(index, field, message)
        for index, (item, way) in enumerate(zip(items, found, strict=True))
        for field, message in _new_problems(item, way, work, today)
    ]
    if problems:
        raise Refused(*problems)
    made = [
        Extension.objects.create(
            **of_one(way),
            kind=item.kind,
            days=item.days,
            day=item.day,
            number=vietnamese.clean(item.number),
            reason=vietnamese.clean(item.reason),
            actor=actor,
        )
        for item, way in zip(items, found, strict=True)
    ]
    first = items[0]
    finish("extend_deadline", [item.row for item in items], actor, {first.kind: (0, first.days)}, first.reason)
    return made


@transaction.atomic
def correct_extension(extension: Extension, item: Extending, *, actor: User | None, today: dt.date) -> Extension:
    """Replace the paper of an extension by what `item` says, its reason the reason of the correction; 0 days take
    the extension back. Refused and `Stale` as `extend`."""
    check_versions([item])
    way, work = ways_of([item.row])[0], clockwork()
    problems = [Problem(0, field, message) for field, message in _paper_problems(item, way, work, today, least=0)]
    if problems:
        raise Refused(*problems)
    values = {"days": item.days, "day": item.day, "number": vietnamese.clean(item.number)}
    changes = {name: (getattr(extension, name), value) for name, value in values.items()}
    for name, value in values.items():
        setattr(extension, name, value)
    extension.save()
    finish(
        "correct", [item.row], actor, {name: pair for name, pair in changes.items() if pair[0] != pair[1]}, item.reason
    )
    return extension


@transaction.atomic
def move_to_rules_of(items: Sequence[RulesOf], *, actor: User | None, today: dt.date) -> list[RulesMove]:
    """From `today` on the running clocks go by the rules in force on another day.

    Refused (fields `day`, `reason`): a day to come, no reason, nothing that would change. `Stale` as for `extend`.
    """
    check_versions(items)
    found, work = ways_of([item.row for item in items]), clockwork()
    problems = []
    for index, (item, way) in enumerate(zip(items, found, strict=True)):
        if not item.reason.strip():
            problems.append(Problem(index, "reason", "Ghi lý do chuyển sang quy định khác."))
        if item.day > today:
            problems.append(Problem(index, "day", still_to_come(item.day)))
        elif not changed_by_rules_of(way, item.day, today, work):
            problems.append(Problem(index, "day", "Không có thời hạn đang chạy nào đổi theo quy định của ngày này."))
    if problems:
        raise Refused(*problems)
    made = [
        RulesMove.objects.create(
            **of_one(way), day=today, rules_of=item.day, reason=vietnamese.clean(item.reason), actor=actor
        )
        for item, way in zip(items, found, strict=True)
    ]
    first = items[0]
    finish("move_to_rules", [item.row for item in items], actor, {"rules_of": ("", first.day)}, first.reason)
    return made


def changed_by_rules_of(way: Way, day: dt.date, today: dt.date, work: Clockwork) -> list[tuple[Clock, Clock]]:
    """The clocks running today that would go by another version of their rule: each as it is, and as it would be."""
    days = way.days
    moved = replace(way, days=replace(days, moves=(*days.moves, Move(today, day))))
    then = {clock.kind: clock for clock in clocks_of(moved, work)}
    return [
        (clock, then[clock.kind])
        for clock in running(way, today, work)
        if clock.kind in then and clock.rule.pk != then[clock.kind].rule.pk
    ]


def running(way: Way, today: dt.date, work: Clockwork) -> list[Clock]:
    """The clocks that have begun and are not over at the end of `today`."""
    return [
        clock
        for clock in clocks_of(way, work)
        if clock.start <= today and (clock.ended_on is None or clock.ended_on > today)
    ]


def extension_of(way: Way, kind: str, work: Clockwork) -> Extension | None:
    """What the clock was extended by; an older resolution of a case took its own along."""
    found = Extension.objects.filter(**of_one(way), kind=kind)
    clock = next((clock for clock in clocks_of(way, work) if clock.kind == kind), None)
    if clock is not None and not way.chain:
        found = found.filter(day__gte=clock.start)
    return found.last()


def most_days(kind: str, clock: Clock, work: Clockwork) -> int:
    """How many working days the rule of a clock allows to grant; 0 where it cannot be extended."""
    key = EXTENSIONS.get(Kind(kind))
    rule = work.rules.at(key, clock.by) if key else None
    return rule.number if rule else 0


def _new_problems(item: Extending, way: Way, work: Clockwork, today: dt.date) -> Iterator[tuple[str, str]]:
    clock = next((clock for clock in running(way, today, work) if clock.kind == item.kind), None)
    if clock is None:
        yield "", "Thời hạn này không đang chạy, nên không gia hạn được."
        return
    if extension_of(way, item.kind, work) is not None:
        yield "", "Thời hạn này đã được gia hạn một lần; chỉ được gia hạn một lần."
        return
    yield from _paper_problems(item, way, work, today, least=1)


def _paper_problems(
    item: Extending, way: Way, work: Clockwork, today: dt.date, *, least: int
) -> Iterator[tuple[str, str]]:
    if not item.reason.strip():
        yield "reason", "Ghi lý do."
    if not item.number.strip():
        yield "number", "Ghi số văn bản gia hạn."
    if item.day > today:
        yield "day", still_to_come(item.day)
    clock = next((clock for clock in clocks_of(way, work) if clock.kind == item.kind), None)
    if clock is None:
        return
    most = most_days(item.kind, clock, work)
    if not least <= item.days <= most:
        yield "days", f"Gia hạn từ {least} đến {most} ngày làm việc ({clock.rule.document})."
    due = work.without_extension(clock)
    if not clock.start <= item.day <= due:
        yield (
            "day",
            f"Văn bản gia hạn phải ra trong thời hạn, từ {vietnamese.day(clock.start)} đến {vietnamese.day(due)}.",
        )
