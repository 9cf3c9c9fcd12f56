"""How many members each branch has on 1/1/2024; together exactly what the resolution says."""

from __future__ import annotations

import random

from reports.reference_city.records import SEED, Unit
from reports.reference_city.units import JOINER, PROFILES, RESIDENTIAL

MEMBERS = 7_894
#: Firms whose branch has two full members beside the newly admitted: too few to vote on anybody.
TOO_FEW = {"22.03": (4, 2), "22.07": (3, 1), "22.12": (5, 3)}  # members, of them probationary
_FIXED = {JOINER: 16, "22.15": 6}
#: Residential branches where many retired people live (≥ 50 members: party groups, resolution 1.2).
_MANY = 9


def branch_sizes(branches: list[Unit]) -> dict[str, int]:
    """Members of each of `branches` by code; residential branches take up the difference to MEMBERS."""
    rng = random.Random(f"{SEED}:sizes")
    sizes = {unit.code: _draw(rng, unit) for unit in branches}
    homes = [unit.code for unit in branches if unit.sector == RESIDENTIAL]
    for code in rng.sample(
        [unit.code for unit in branches if unit.profile == "residential" and unit.code in homes], _MANY
    ):
        sizes[code] = rng.randint(52, 68)
    ordinary = [code for code in homes if sizes[code] < 48]
    missing = MEMBERS - sum(sizes.values())
    step = 1 if missing > 0 else -1
    for turn in range(abs(missing)):
        sizes[ordinary[turn % len(ordinary)]] += step
    return sizes


def _draw(rng: random.Random, unit: Unit) -> int:
    if unit.code in TOO_FEW:
        return TOO_FEW[unit.code][0]
    if unit.code in _FIXED:
        return _FIXED[unit.code]
    low, high = PROFILES[unit.profile].sizes
    return round(rng.triangular(low, min(high, 46), low + (high - low) * 0.4))
