"""A member's spells as a sheet tells them: one row for each unit the member was in.

A unit that was merged or dissolved and the one that carries it on are one: on import the register goes on by itself
(`membership/succession.py`). After a split the row names the unit that the member came to.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from cells.dated import ONE_DAY
from cells.organisations.models import Operation
from cells.people.models import Person
from cells.sheets.session import batches
from membership.models import Spell

End, Start, Standing = Spell.End, Spell.Start, Spell.Standing


@dataclass
class Stay:
    """A member's time in one unit. `ended_on` is its last day; `destination_id` null: to outside, `elsewhere`."""

    last: Spell
    organisation_id: int
    decided_on: dt.date | None
    ceremony_on: dt.date | None
    recognised_on: dt.date | None = None
    end: str = ""
    ended_on: dt.date | None = None
    destination_id: int | None = None
    elsewhere: str = ""
    units: list[int] = field(default_factory=list)


def stays(spells: Sequence[Spell], divided: Collection[int] = ()) -> list[Stay]:
    """The stays that one person's spells, in order of day, amount to; recognition does not end a stay.

    `divided` are the units that were split (ids).
    """
    found: list[Stay] = []
    for spell in spells:
        before = found[-1] if found else None
        if before is not None and spell.started_by == Start.RECOGNISED:
            before.recognised_on, before.last = spell.from_day, spell
            stay = before
        elif before is not None and spell.started_by == Start.WITH_UNIT:
            before.organisation_id = spell.organisation_id if before.units[-1] in divided else before.organisation_id
            before.last, stay = spell, before
        else:
            stay = Stay(
                spell, spell.organisation_id, spell.decided_on, spell.ceremony_on, _recognised_before(spell, before)
            )
            found.append(stay)
            if before is not None and _goes_on(before, spell):
                before.destination_id = spell.organisation_id
        stay.units.append(spell.organisation_id)
        ended = spell.ended_by not in ("", End.RECOGNISED, End.WITH_UNIT)
        stay.end = spell.ended_by if ended else ""
        stay.ended_on = spell.to_day - ONE_DAY if ended and spell.to_day else None
        stay.elsewhere = spell.elsewhere if stay.end == End.TRANSFERRED_OUT else ""
    return found


def _recognised_before(spell: Spell, before: Stay | None) -> dt.date | None:
    """When a member who comes as full member was recognised: in the stay before, or with the admission."""
    if spell.standing != Standing.FULL:
        return None
    if before is not None and spell.started_by == Start.TRANSFERRED_IN:
        return before.recognised_on
    return spell.from_day


def _goes_on(before: Stay, spell: Spell) -> bool:
    return (
        before.end == End.TRANSFERRED_OUT
        and spell.started_by == Start.TRANSFERRED_IN
        and before.last.to_day == spell.from_day
    )


def stays_of(people: Sequence[Person]) -> dict[int, list[Stay]]:
    """Person's id → stays, in order."""
    chains: dict[int, list[Spell]] = defaultdict(list)
    for some in batches(person.pk for person in people):
        for spell in Spell.objects.filter(person__in=some).order_by("person_id", "from_day"):
            chains[spell.person_id].append(spell)
    divided = divided_units()
    return {pk: stays(chain, divided) for pk, chain in chains.items()}


def divided_units() -> set[int]:
    """The units that were ever split: nobody knows from the unit alone where a member of it went."""
    return set(Operation.objects.filter(work=Operation.Work.SPLIT).values_list("organisation_id", flat=True))
