"""What a structural operation means for the records of each app.

An app registers every relation it has to `Organisation`: how to count what a unit holds (for the
preview of an operation) and what each operation does with it. A test fails on a relation nobody
registered, so nothing is lost when units leave or merge. What follows the members of a unit registers
how (`moves`); it is called by the deed, in its transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

Counter = Callable[[Collection[int], dt.date], int]


@dataclass(frozen=True)
class Following:
    """What a unit holds goes elsewhere on `day`, because it is merged, split or dissolved.

    `people` says for single persons (ids) to which unit, `receiver` for all others; null: nowhere. A unit that
    only gives people away stands on (`ends` is false) and is its own receiver.
    """

    unit: int
    day: dt.date
    receiver: int | None = None
    people: Mapping[int, int] = field(default_factory=dict)
    ends: bool = True

    def receiver_of(self, person: int) -> int | None:
        return self.people.get(person, self.receiver)


@dataclass(frozen=True)
class Returning:
    """A unit's merger, split or dissolution on `day` is taken back: what went to `receivers` (ids) returns.

    `receiver` is the one that took over all that was not shared out; null of a split, and where nothing was left.
    """

    unit: int
    day: dt.date
    receivers: frozenset[int]
    receiver: int | None = None


@dataclass(frozen=True)
class Returned:
    """Why what went cannot return (Vietnamese), and where each person (id) had gone (id of the unit)."""

    messages: list[str] = field(default_factory=list)
    went: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Resident:
    """Somebody a unit holds, who needs a unit when it ends: `what` says in Vietnamese as what."""

    person: int
    name: str
    what: str


#: Takes along what it is asked for, in the transaction of the deed; says in Vietnamese why it cannot.
Follower = Callable[[Following], list[str]]


#: Brings back what its `Follower` took along.
Bringer = Callable[[Returning], Returned]


@dataclass(frozen=True)
class Holding:
    """One kind of record that units hold; `count(organisation ids, day)` counts it for the preview.

    `stays` says in Vietnamese what becomes of it when its unit leaves, `follows` when its unit is merged, split or
    dissolved; `moves` does that, and is absent where the records stay with the unit that is gone. `returns` takes it
    back, `people` names who would need a unit, and `since` is the first day on which a unit holds such a record.
    """

    relation: str  # "membership.Spell.organisation"
    title: str
    stays: str
    count: Counter | None = None
    moves: Follower | None = None
    follows: str = "giữ nguyên ở tổ chức cũ"
    returns: Bringer | None = None
    people: Callable[[int, dt.date], Iterable[Resident]] | None = None
    since: Callable[[int], dt.date | None] | None = None


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _HOLDINGS[holding.relation] = holding


def holdings() -> list[Holding]:
    return list(_HOLDINGS.values())


def counted(organisations: Collection[int], day: dt.date) -> list[tuple[Holding, int]]:
    """What these units hold on `day`, holdings without a counter left out."""
    return [(holding, holding.count(organisations, day)) for holding in holdings() if holding.count]


def follow(following: Following) -> list[str]:
    """Let every app take along what the unit holds; the first reasons why not, and then nothing may be kept."""
    for holding in holdings():
        if holding.moves and (messages := holding.moves(following)):
            return messages
    return []


def give_back(returning: Returning) -> Returned:
    """Let every app bring back what the unit had held; with messages nothing may be kept."""
    all_of_them = [holding.returns(returning) for holding in holdings() if holding.returns]
    messages = [message for returned in all_of_them for message in returned.messages]
    return Returned(messages, {person: unit for returned in all_of_them for person, unit in returned.went.items()})


def residents(unit: int, day: dt.date) -> list[Resident]:
    """Everybody who needs a unit if this one ends on `day`; a person once for each thing held."""
    return [resident for holding in holdings() if holding.people for resident in holding.people(unit, day)]


def used_before(unit: int, day: dt.date) -> tuple[str, dt.date] | None:
    """What the unit already held before `day`, and since when; null where nothing."""
    for holding in holdings():
        first = holding.since(unit) if holding.since else None
        if first is not None and first < day:
            return holding.title, first
    return None
