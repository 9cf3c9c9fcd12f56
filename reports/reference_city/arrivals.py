"""Members who came from outside the city in 2024; no sheet has a row for that, so the deed `receive` enters them."""

from __future__ import annotations

import datetime as dt
import random

from reports.reference_city import days
from reports.reference_city.movements import ELSEWHERE
from reports.reference_city.names import People
from reports.reference_city.records import SEED, Arrival, Unit
from reports.reference_city.units import PROFILES, RESIDENTIAL

_HOW_MANY = 38


def arrivals(people: People, branches: list[Unit]) -> list[Arrival]:
    """Retired people who moved to their children, and staff with a new job."""
    rng = random.Random(f"{SEED}:arrivals")
    homes = [unit for unit in branches if unit.sector == RESIDENTIAL]
    found = []
    for turn in range(_HOW_MANY):
        unit = rng.choice(homes if turn % 3 else branches)
        year = rng.randint(1956, 1966) if unit.sector == RESIDENTIAL else rng.randint(1972, 1992)
        born = days.born_between(rng, year, year)
        name = people.draw(born, women=PROFILES[unit.profile].women, minority=0.02)
        day = days.working_day(rng, dt.date(2024, 1, 8), dt.date(2024, 10, 11))
        decided = days.decision_day(rng, year + rng.randint(22, 27))
        found.append(Arrival(name.text, born, name.sex, name.ethnicity, unit.code, day, rng.choice(ELSEWHERE), decided))
    return found
