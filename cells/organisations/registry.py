"""What a structural operation means for the records of each app.

An app registers every relation it has to `Organisation`: how to count what a unit holds (for the
preview of an operation) and what each operation does with it. A test fails on a relation nobody
registered, so nothing is lost when units leave, and later when they merge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

Counter = Callable[[Collection[int], dt.date], int]


@dataclass(frozen=True)
class Holding:
    """One kind of record that units hold; `count(organisation ids, day)` counts it for the preview.

    `stays` says in Vietnamese what becomes of it when its unit leaves.
    """

    relation: str  # "membership.Spell.organisation"
    title: str
    stays: str
    count: Counter | None = None


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _HOLDINGS[holding.relation] = holding


def holdings() -> list[Holding]:
    return list(_HOLDINGS.values())


def counted(organisations: Collection[int], day: dt.date) -> list[tuple[Holding, int]]:
    """What these units hold on `day`, holdings without a counter left out."""
    return [(holding, holding.count(organisations, day)) for holding in holdings() if holding.count]
