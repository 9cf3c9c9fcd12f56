"""What a structural operation means for the records of each app.

An app registers every relation it has to `Organisation`: how to count what a unit holds (for the
preview of an operation) and what each operation does with it. A test fails on a relation nobody
registered, so nothing is lost when units leave or merge. What follows the members of a unit registers
how (`moves`); it is called by the deed, in its transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
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


#: Takes along what it is asked for, in the transaction of the deed; says in Vietnamese why it cannot.
Follower = Callable[[Following], list[str]]


@dataclass(frozen=True)
class Holding:
    """One kind of record that units hold; `count(organisation ids, day)` counts it for the preview.

    `stays` says in Vietnamese what becomes of it when its unit leaves, `follows` when its unit is merged, split or
    dissolved; `moves` does that, and is absent where the records stay with the unit that is gone.
    """

    relation: str  # "membership.Spell.organisation"
    title: str
    stays: str
    count: Counter | None = None
    moves: Follower | None = None
    follows: str = "giữ nguyên ở tổ chức cũ"


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _HOLDINGS[holding.relation] = holding


def holdings() -> list[Holding]:
    return list(_HOLDINGS.values())


def counted(organisations: Collection[int], day: dt.date) -> list[tuple[Holding, int]]:
    """What these units hold on `day`, holdings without a counter left out."""
    return [(holding, holding.count(organisations, day)) for holding in holdings() if holding.count]


def follow(following: Following) -> list[str]:
    """Let every app take along what the unit holds; the reasons why not, and then nothing may be kept."""
    return [message for holding in holdings() if holding.moves for message in holding.moves(following)]
