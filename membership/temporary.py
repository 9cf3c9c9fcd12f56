"""Temporary transfers (chuyển sinh hoạt tạm thời): away for a while, still a member of the own unit.

No figure and no ledger moves by it; only the base of a vote leaves out who is away (`domain.md` §1.2, §2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.log.write import record
from cells.people.models import User
from cells.verdict import Problem, Refused, still_to_come
from membership.models import Spell, TemporaryTransfer


@dataclass(frozen=True)
class Leave:
    """A member (an open spell) is elsewhere from `day`, to `last` (inclusive; null: until the return is recorded)."""

    spell_id: int
    day: dt.date
    place: str
    last: dt.date | None = None
    number: str = ""


@dataclass(frozen=True)
class Return:
    """A member is back: `last` is the last day elsewhere, inclusive."""

    spell_id: int
    last: dt.date


def transfer_of(person: int, day: dt.date) -> TemporaryTransfer | None:
    """The temporary transfer of the person (id) in force on `day`."""
    return TemporaryTransfer.objects.in_force(day).filter(person=person).first()


@transaction.atomic
def transfer_temporarily(items: Sequence[Leave], *, actor: User | None, today: dt.date) -> list[TemporaryTransfer]:
    """Record that members take part in meetings elsewhere for a while.

    Refused (fields `day`, `last`, `place`): a day to come or before they were in the unit, an end before it, nowhere,
    days on which they are away already. The end may lie ahead: the paper says it.
    """
    spells = _lock([item.spell_id for item in items])
    _close_moved(spells)
    problems = []
    for index, (item, spell) in enumerate(zip(items, spells, strict=True)):
        problems += _problems(index, item, spell, today)
    if problems:
        raise Refused(*problems)
    made = TemporaryTransfer.objects.bulk_create(
        TemporaryTransfer(
            person_id=spell.person_id,
            from_day=item.day,
            to_day=item.last + ONE_DAY if item.last else None,
            place=vietnamese.clean(item.place),
            number=vietnamese.clean(item.number),
        )
        for item, spell in zip(items, spells, strict=True)
    )
    _record("transfer_temporarily", spells, actor)
    return made


@transaction.atomic
def end_temporary_transfer(items: Sequence[Return], *, actor: User | None, today: dt.date) -> list[TemporaryTransfer]:
    """Record that members are back. Refused (field `last`): a day to come, before they went, or nobody away."""
    spells = _lock([item.spell_id for item in items])
    problems, away = [], []
    for index, (item, spell) in enumerate(zip(items, spells, strict=True)):
        held = transfer_of(spell.person_id, today)
        if held is None:
            problems.append(Problem(index, "last", "Người này không còn sinh hoạt tạm thời nơi khác."))
            continue
        if item.last > today:
            problems.append(Problem(index, "last", still_to_come(item.last)))
        elif item.last < held.from_day:
            problems.append(Problem(index, "last", f"Ngày này ở trước ngày đi ({vietnamese.day(held.from_day)})."))
        held.to_day = item.last + ONE_DAY
        away.append(held)
    if problems:
        raise Refused(*problems)
    TemporaryTransfer.objects.bulk_update(away, ["to_day"])
    _record("end_temporary_transfer", spells, actor)
    return away


def _problems(index: int, item: Leave, spell: Spell, today: dt.date) -> list[Problem]:
    if spell.to_day is not None:
        return [Problem(index, "", "Người này không còn ở chi bộ.")]
    problems = []
    if not item.place.strip():
        problems.append(Problem(index, "place", "Ghi nơi sinh hoạt tạm thời."))
    if item.day > today:
        problems.append(Problem(index, "day", still_to_come(item.day)))
    elif not Spell.objects.on(item.day).filter(person=spell.person_id).exists():
        problems.append(Problem(index, "day", "Ngày này người đó chưa là đảng viên của đảng bộ."))
    if item.last and item.last < item.day:
        problems.append(Problem(index, "last", "Ngày cuối ở trước ngày đầu."))
    stop = item.last + ONE_DAY if item.last else None
    others = TemporaryTransfer.objects.filter(person=spell.person_id).during(item.day, stop)
    if not problems and others.exists():
        problems.append(Problem(index, "day", "Trong thời gian đó đã ghi sinh hoạt tạm thời ở một nơi."))
    return problems


def _close_moved(spells: Sequence[Spell]) -> None:
    """What a move for good ended is closed on its day, so that the member may go away again."""
    people = [spell.person_id for spell in spells]
    arrivals = Spell.objects.filter(person__in=people, started_by=Spell.Start.TRANSFERRED_IN).order_by("from_day")
    days = list(arrivals.values_list("person_id", "from_day"))
    closed = []
    for away in TemporaryTransfer.objects.filter(person__in=people):
        moved = [day for person, day in days if person == away.person_id and day > away.from_day]
        if moved and (away.to_day is None or away.to_day > moved[0]):
            away.to_day = moved[0]
            closed.append(away)
    TemporaryTransfer.objects.bulk_update(closed, ["to_day"])


def _lock(ids: Sequence[int]) -> list[Spell]:
    found = Spell.objects.select_for_update(of=("self",)).select_related("organisation").in_bulk(ids)
    return [found[pk] for pk in ids]


def _record(deed: str, spells: Sequence[Spell], actor: User | None) -> None:
    one = spells[0] if len(spells) == 1 else None
    record(
        deed,
        actor=actor,
        subject="spell",
        subject_id=one.pk if one else None,
        count=len(spells),
        organisation=one.organisation if one else None,
    )
