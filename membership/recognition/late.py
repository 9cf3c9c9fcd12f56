"""A recognition that takes effect before the member's last move: the spells since are those of a full member.

It was decided late, but counts from the end of the probation (rule `recognition_takes_effect`). Nobody comes or
goes by it: only the standing changes.
"""

from __future__ import annotations

import datetime as dt

from cells.dated import ONE_DAY
from membership.models import Spell

_ONE_AFTER_ANOTHER = (Spell.Start.TRANSFERRED_IN, Spell.Start.WITH_UNIT)


def probation_of(spell: Spell, day: dt.date) -> list[Spell]:
    """The spells of one probation, without a gap, up to this one; oldest first. Only itself where `day` is in it."""
    chain = [spell]
    if day > spell.from_day:
        return chain
    earlier = Spell.objects.filter(person=spell.person_id, from_day__lt=spell.from_day).order_by("-from_day")
    for before in earlier:
        goes_on = before.to_day == chain[0].from_day and before.standing == Spell.Standing.PROBATIONARY
        if chain[0].started_by not in _ONE_AFTER_ANOTHER or not goes_on:
            break
        chain.insert(0, before)
    return chain


def recognise_within(chain: list[Spell], day: dt.date) -> Spell:
    """Full member from `day`, which is before the last spell of `chain`; the last one comes back.

    The day of a move is the move's in the register: a recognition of that day is written on the day after.
    """
    for held in chain:
        begins = max(day, held.from_day + ONE_DAY)
        if held.to_day is None or begins < held.to_day:
            break
    later = chain[chain.index(held) + 1 :]
    full = Spell.objects.get(pk=held.pk)
    full.pk = None
    held.to_day, held.ended_by, held.elsewhere = begins, Spell.End.RECOGNISED, ""
    held.save(update_fields=["to_day", "ended_by", "elsewhere"])
    full.from_day, full.started_by, full.standing = begins, Spell.Start.RECOGNISED, Spell.Standing.FULL
    full.save(force_insert=True)
    Spell.objects.filter(pk__in=[spell.pk for spell in later]).update(standing=Spell.Standing.FULL)
    return Spell.objects.get(pk=later[-1].pk) if later else full
