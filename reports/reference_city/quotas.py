"""Quotas of both lines, who has run out of sources, and how many each branch admits in 2024."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping

from reports.reference_city import units as city
from reports.reference_city.past import EFFORT, share_out
from reports.reference_city.records import PAST_YEARS, SEED, Quota, Unit, YearFlow

#: The city's own quota of each year, (admission, fostering); 2023 was met early (resolution, preamble).
OF_CITY = {2020: (295, 430), 2021: (297, 430), 2022: (299, 440), 2023: (235, 380), 2024: (280, 380)}
#: What the branches' quotas of 2024 come to: a city may allocate above its own.
OF_BRANCHES_2024 = 286
#: Admitted in 2024 by the reference day: 247 of 7.894 print 3,13 %.
ADMITTED_2024 = 247
_WITHOUT_SOURCES = {2022: ("28", "32", "40"), 2023: ("28", "31", "32", "40")}
_REASONS = {
    city.OFFICE: "Toàn bộ cán bộ, công chức đủ điều kiện đã là đảng viên; không được giao thêm biên chế",
    city.SERVICE: "Không được giao thêm biên chế, viên chức đủ điều kiện đã là đảng viên",
    city.SCHOOL: "Giáo viên đủ điều kiện đã là đảng viên, chưa tuyển dụng mới",
    city.HEALTH: "Viên chức đủ điều kiện đã là đảng viên",
    city.MILITARY: "Quân số theo biên chế đã là đảng viên",
    city.POLICE: "Cán bộ, chiến sĩ đều đã là đảng viên",
    city.STATE_FIRM: "Doanh nghiệp không tuyển thêm lao động trẻ",
}
_EAGERNESS = {city.PRIVATE: 0.35, city.FOREIGN_FIRM: 0.3, city.RESIDENTIAL: 0.8, city.SCHOOL: 1.5, city.POLICE: 1.5}


def past_quotas(bases: list[Unit], flows: list[YearFlow]) -> list[Quota]:
    """Quotas of the closed years: the city's, and those of the base organisations there on 1/1."""
    kinds = {unit.code: unit for unit in bases}
    rows = []
    for year in PAST_YEARS:
        sizes = {row.code: row.base for row in flows if row.year == year and row.base}
        admission, fostering = OF_CITY[year]
        rows.append(_quota(city.TOP, year, admission, fostering))
        shares, fostered = share_out(admission, sizes), share_out(fostering, sizes)
        for code in sizes:
            if code in _WITHOUT_SOURCES.get(year, ()):
                rows.append(
                    _quota(code, year, 0, 0, False, _REASONS.get(kinds[code].sector, _REASONS[city.STATE_FIRM]))
                )
            else:
                rows.append(_quota(code, year, max(1, shares[code]), max(1, fostered[code]), True))
    return rows


def quotas_2024(bases: list[Unit], branches: list[Unit], sizes: Mapping[str, int]) -> list[Quota]:
    """Quotas of the current year, down to every branch; a base organisation's is the sum of its branches'."""
    rng = random.Random(f"{SEED}:quotas")
    wanted = {unit.code: _wanted(rng, unit, sizes[unit.code]) for unit in branches}
    exhausted = _exhausted(rng, branches, wanted)
    by_code = {unit.code: unit for unit in branches}
    rows = [_quota(city.TOP, 2024, *OF_CITY[2024])]
    inner: dict[str, list[Quota]] = defaultdict(list)
    for code, unit in by_code.items():
        if code in exhausted:
            row = _quota(code, 2024, 0, 0, False, _REASONS[unit.sector])
        else:
            row = _quota(code, 2024, *wanted[code], True)
        inner[code.partition(".")[0]].append(row)
    for base in bases:
        below = inner[base.code]
        if base.is_committee:
            rows.append(_quota(base.code, 2024, sum(q.admission for q in below), sum(q.fostering for q in below), True))
        rows += below
    return rows


def admitted_2024(quotas: list[Quota], branches: list[Unit]) -> dict[str, int]:
    """How many each branch has admitted by the reference day, ADMITTED_2024 in all."""
    rng = random.Random(f"{SEED}:admitted")
    sectors = {unit.code: unit.sector for unit in branches}
    places: list[tuple[float, str]] = []
    for quota in quotas:
        if quota.code not in sectors or quota.year != 2024 or not quota.admission or quota.code == city.SHOWN_BRANCH:
            continue
        eagerness = EFFORT.get(quota.code.partition(".")[0], 1.0) * _EAGERNESS.get(sectors[quota.code], 1.0)
        for place in range(quota.admission + 1):
            weight = eagerness * (1.0 if place < quota.admission else 0.12)
            if weight:
                places.append((rng.random() ** (1 / weight), quota.code))
    admitted = defaultdict(int, {city.SHOWN_BRANCH: 1})  # the guided tour finds one of two admitted
    for _, code in sorted(places, reverse=True)[: ADMITTED_2024 - 1]:
        admitted[code] += 1
    return dict(admitted)


def _quota(
    code: str, year: int, admission: int, fostering: int, sources: bool | None = None, reason: str = ""
) -> Quota:
    by_city = "." not in code
    day = dt.date(year, 1, 15) if by_city else dt.date(year, 1, 29)
    number = f"{20 + year % 100}-QĐ/TU" if by_city else f"{int(code[:2]) + 3}-QĐ/ĐU"
    return Quota(code, year, admission, fostering, number, day, sources, reason)


def _wanted(rng: random.Random, unit: Unit, size: int) -> tuple[int, int]:
    """The quota of a branch with sources: at least one each (resolution I.2), more where it is large."""
    if unit.sector == city.RESIDENTIAL:
        large = size >= 56 or unit.code == city.SHOWN_BRANCH
        return (2 if large else 1), rng.choice((1, 2))
    large = unit.sector in (city.STATE_FIRM, city.HEALTH, city.SCHOOL, city.POLICE) and size >= 26
    return (2 if large else 1), (2 if large else rng.choice((1, 1, 2)))


def _exhausted(rng: random.Random, branches: list[Unit], wanted: Mapping[str, tuple[int, int]]) -> set[str]:
    """Units declared out of sources, until the quotas of the others come to OF_BRANCHES_2024."""
    candidates = [unit.code for unit in branches if unit.sector in _REASONS and "THPT" not in unit.name]
    rng.shuffle(candidates)
    total = sum(admission for admission, _ in wanted.values())
    exhausted: set[str] = set()
    for code in candidates:
        if total - wanted[code][0] >= OF_BRANCHES_2024:
            exhausted.add(code)
            total -= wanted[code][0]
    return exhausted
