"""The reference city: an invented city committee with exactly the figures the resolution quotes.

Deterministic, from a fixed seed: `build()` gives the records, `write()` the workbook that the importer
reads like any committee's. Only `load` and `staff` touch the database, nothing reads the clock.
Everybody and every place in it is invented.
"""

from __future__ import annotations

import random
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from reports.reference_city import units as city
from reports.reference_city.arrivals import arrivals
from reports.reference_city.candidates import DECIDED, HOW_MANY, Pipeline
from reports.reference_city.members import Register, start_counts
from reports.reference_city.movements import happen
from reports.reference_city.names import People
from reports.reference_city.past import past_flows
from reports.reference_city.quotas import admitted_2024, past_quotas, quotas_2024
from reports.reference_city.records import SEED, TODAY, City, Member, StartCount, Unit, YearFlow
from reports.reference_city.sizes import branch_sizes
from reports.reference_city.workbook import write_city

__all__ = ["build", "write"]


def write(target: str | Path | BinaryIO) -> None:
    """Write the workbook of the reference city to a path or an open binary stream."""
    write_city(build(), target)


@lru_cache(maxsize=1)
def build() -> City:
    """The whole city, drawn once a process; readers must not change it."""
    result = City(units=city.tree(), operations=city.operations())
    bases, branches = _bases_and_branches(result)
    sizes = branch_sizes(branches)
    start = {base.code: sum(sizes[code] for code in sizes if code.partition(".")[0] == base.code) for base in bases}
    there = [base for base in bases if base.code != city.LEAVER]
    result.flows = past_flows(bases, {base.code: start[base.code] for base in there})
    result.quotas = past_quotas(bases, result.flows) + quotas_2024(there, branches, sizes)
    people = People(random.Random(f"{SEED}:people"))
    register = Register(people, branches, sizes, result.flows)
    result.members = register.members()
    counts = start_counts(result.members, [unit.code for unit in branches])
    result.start_counts = _declared_counts(result.flows, counts, result.members) + counts
    happen(result.members, branches)
    admitted = admitted_2024(result.quotas, branches)
    decided_in = _waiting_for_ceremony(admitted)
    result.members += _admitted_this_year(register, branches, admitted, decided_in)
    everyone = result.units + [branch for branch in branches if branch not in result.units]
    result.candidates = Pipeline(people, everyone, result.members, result.quotas).candidates(decided_in)
    result.arrivals = arrivals(people, branches)
    return result


def _bases_and_branches(result: City) -> tuple[list[Unit], list[Unit]]:
    """Base organisations ever under the city, and the branches (base branches too) of 1/1/2024."""
    joined = [row.unit for row in result.operations if row.work == "tiếp nhận"]
    bases = [unit for unit in result.units if unit.parent == city.TOP] + joined
    stayed = [unit for unit in result.units if unit.code.partition(".")[0] != city.LEAVER]
    return bases, [unit for unit in stayed + joined if unit.is_branch]


def _declared_counts(flows: list[YearFlow], counts: list[StartCount], members: list[Member]) -> list[StartCount]:
    """Start-of-year counts of the closed years, with the parts that the declared figures allow."""
    women: dict[str, int] = defaultdict(int)
    today: dict[str, int] = defaultdict(int)
    for count in counts:
        women[count.code.partition(".")[0]] += count.female
        today[count.code.partition(".")[0]] += count.total
    admitted = {(row.code, row.year): row.admitted for row in flows}
    rows = []
    for row in flows:
        if row.joined:
            continue  # it was not there on 1/1
        probationary = min(row.base, admitted.get((row.code, row.year - 1), row.admitted))
        share = women[row.code] / today[row.code] if today[row.code] else 0.21
        rows.append(
            StartCount(row.code, row.year, row.base, row.base - probationary, probationary, round(row.base * share))
        )
    return rows


def _waiting_for_ceremony(admitted: dict[str, int]) -> dict[str, int]:
    """Branches, one person each, whose admission is decided and whose ceremony is still to come."""
    others = [code for code in admitted if code != city.SHOWN_BRANCH]
    wanted = HOW_MANY[DECIDED] - 1
    return dict.fromkeys([city.SHOWN_BRANCH, *others[:: len(others) // wanted][:wanted]], 1)


def _admitted_this_year(
    register: Register, branches: list[Unit], admitted: dict[str, int], decided_in: dict[str, int]
) -> list[Member]:
    units = {unit.code: unit for unit in branches}
    last = TODAY.replace(day=7)
    return [
        register.newly_admitted(units[code], TODAY.year, last)
        for code, count in admitted.items()
        for _ in range(count - decided_in.get(code, 0))
    ]
