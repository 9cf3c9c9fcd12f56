"""Years told by declared figures: what each base organisation reports, from base to base."""

from __future__ import annotations

import random
from collections.abc import Mapping

from reports.reference_city.records import PAST_YEARS, SEED, Unit, YearFlow
from reports.reference_city.units import JOINED_ON, JOINER, LEAVER, LEFT_ON

#: Admitted in the whole city: 2,40 % a year on average, short of 3,5 % every year (resolution, preamble).
ADMITTED = {2020: 178, 2021: 170, 2022: 199, 2023: 245}
#: How well a base organisation finds people; who is not named does as well as its size lets expect.
WEAK, NOBODY = 0.3, 0.0
EFFORT = {
    "03": WEAK, "08": WEAK, "15": WEAK, "21": WEAK, "24": WEAK, "29": NOBODY, "33": WEAK, "36": NOBODY, "38": WEAK,
    "01": 1.3, "11": 1.8, "12": 1.4, "19": 1.5, "22": 1.6,
}  # fmt: skip
#: Admissions of 2023 that the register needs in this firm committee (its smallest branches).
_LEAST_2023 = {"22": 8}
_FORMER_MEMBERS = 903  # of the enterprise that left, on 1/1/2023 had it stayed
_JOINED_WITH = 14
_RETIRED = ("xã, phường",)


def past_flows(bases: list[Unit], start_2024: Mapping[str, int]) -> list[YearFlow]:
    """The yearly reports of `bases` (and of who came and went), such that each ends where the next begins.

    `start_2024` is the register's count of each on 1/1/2024; years are reckoned backwards from it.
    """
    rng = random.Random(f"{SEED}:past")
    ends = dict(start_2024)
    flows: list[YearFlow] = []
    for year in reversed(PAST_YEARS):
        there = [unit for unit in bases if _reports(unit.code, year)]
        rows = [_movements(rng, unit, year, ends.get(unit.code, 0)) for unit in there]
        _admit(rng, rows, year)
        for row in rows:
            row.fostered = row.admitted + (rng.randint(0, 3) if row.admitted else rng.randint(0, 1))
            ends[row.code] = row.base
        flows = rows + flows
    _recognise(flows)
    return flows


def _reports(code: str, year: int) -> bool:
    if code == LEAVER:
        return year <= LEFT_ON.year
    return code != JOINER or year >= JOINED_ON.year


def _movements(rng: random.Random, unit: Unit, year: int, end: int) -> YearFlow:
    row = YearFlow(unit.code, year, next_base=end)
    size = end or _FORMER_MEMBERS
    retired = unit.sector in _RETIRED
    if unit.code == JOINER and year == JOINED_ON.year:
        row.joined = _JOINED_WITH
        row.transferred_in = end - _JOINED_WITH if end > _JOINED_WITH else 0
        row.transferred_out = _JOINED_WITH - end if end < _JOINED_WITH else 0
        return row
    row.deceased = _about(rng, size * (0.009 if retired else 0.0012))
    row.transferred_in = _about(rng, size * (0.022 if retired else 0.014))
    row.transferred_out = _about(rng, size * (0.019 if retired else 0.033))
    row.struck_off = _about(rng, size * 0.0009)
    row.resigned = _about(rng, size * 0.0006)
    row.expelled = _about(rng, size * 0.00015)
    if unit.code == LEAVER and year == LEFT_ON.year:
        row.left = _FORMER_MEMBERS
    return row


def _about(rng: random.Random, expected: float) -> int:
    """A whole number around `expected`."""
    whole = int(expected)
    return whole + (rng.random() < expected - whole)


def _admit(rng: random.Random, rows: list[YearFlow], year: int) -> None:
    """Share the city's admissions out, by size and effort, whole people at a time."""
    least = _LEAST_2023 if year == PAST_YEARS[-1] else {}
    sizes = {row.code: (row.next_base or _FORMER_MEMBERS) for row in rows}
    if year == JOINED_ON.year:
        sizes[JOINER] = 0
    if year == LEFT_ON.year:
        sizes[LEAVER] //= 2  # it left in the middle of the year
    weights = {code: size * EFFORT.get(code, 1.0) * rng.uniform(0.75, 1.25) for code, size in sizes.items()}
    shares = share_out(ADMITTED[year] - sum(least.values()), weights)
    for row in rows:
        row.admitted = shares[row.code] + least.get(row.code, 0)


def share_out(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`total` as whole numbers in proportion to `weights`, by the largest remainders."""
    whole = sum(weights.values())
    exact = {code: total * weight / whole for code, weight in weights.items()}
    shares = {code: int(value) for code, value in exact.items()}
    order = sorted(exact, key=lambda code: (shares[code] - exact[code], code))
    for code in order[: total - sum(shares.values())]:
        shares[code] += 1
    return shares


def _recognise(flows: list[YearFlow]) -> None:
    """Who was admitted in a year is recognised in the next, but for the few who were struck off or left."""
    admitted = {(row.code, row.year): row.admitted for row in flows}
    for row in flows:
        before = admitted.get((row.code, row.year - 1), round(row.admitted * 0.9))
        row.recognised = max(0, before - row.struck_off)
