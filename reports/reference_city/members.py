"""The register: who is a member on 1/1/2024, unit by unit, and who was struck off or resigned before."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Mapping

from reports.reference_city import days
from reports.reference_city.names import People
from reports.reference_city.records import SEED, START, TODAY, Member, StartCount, Unit, YearFlow
from reports.reference_city.sizes import TOO_FEW
from reports.reference_city.units import PROFILES

_RECENT = (2020, 2021, 2022, 2023)
_STAYED = 0.94  # of those admitted in earlier years: still in the unit that admitted them
_YEAR_ONLY_BEFORE = 1950  # among the oldest some papers have only the year of birth
_CEREMONIES_KNOWN_SINCE = 2005


class Register:
    """Draws the members of every branch, consistent with what the base organisations declared."""

    def __init__(self, people: People, branches: list[Unit], sizes: Mapping[str, int], flows: list[YearFlow]) -> None:
        self._rng = random.Random(f"{SEED}:members")
        self._people = people
        self._branches = {unit.code: unit for unit in branches}
        self._sizes = sizes
        self._flows = flows
        self._admitted = {(row.code, row.year): row.admitted for row in flows}

    def members(self) -> list[Member]:
        """Everybody of 1/1/2024, then those who had gone by then."""
        former = self._former()
        gone = Counter((_base(member.unit), member.decided.year) for member in former)
        recent = self._recent_by_branch(gone)
        present = [member for code in self._branches for member in self._branch(code, recent[code])]
        return present + former

    def newly_admitted(self, unit: Unit, year: int, last: dt.date | None = None) -> Member:
        """Somebody whose admission was decided in `year` (by `last`), as they stood on TODAY."""
        rng, profile = self._rng, PROFILES[unit.profile]
        decided = days.decision_day(rng, year, last)
        age = (
            18
            if "THPT" in unit.name and rng.random() < 0.5
            else round(rng.triangular(20, 52 if profile.retired else 44, 29))
        )
        born = days.born_between(rng, year - age - 1, year - age - 1)
        name = self._people.draw(born, women=profile.women, minority=profile.minority)
        member = Member(name.text, born, name.sex, name.ethnicity, name.religion, unit.code, decided, state="dự bị")
        ceremony = days.ceremony_after(rng, decided)
        if ceremony > TODAY:
            return member
        member.ceremony, recognised = ceremony, days.a_year_later(ceremony)
        if recognised <= TODAY and not (recognised > dt.date(2024, 8, 1) and rng.random() < 0.15):  # a few are late
            member.recognised, member.state = recognised, "chính thức"
        return member

    def _branch(self, code: str, recent: Counter[int]) -> list[Member]:
        unit = self._branches[code]
        old = [self._long_standing(unit) for _ in range(self._sizes[code] - sum(recent.values()))]
        return old + [self.newly_admitted(unit, year) for year in _RECENT for _ in range(recent[year])]

    def _long_standing(self, unit: Unit) -> Member:
        rng, profile = self._rng, PROFILES[unit.profile]
        retired = rng.random() < profile.retired
        year = round(rng.triangular(1938, 1965, 1955) if retired else rng.triangular(1965, 1997, 1982))
        born = days.born_between(rng, year, year)
        admitted = max(1970, born.year + round(rng.triangular(20, 42, 26)))
        if admitted >= _RECENT[0]:  # the recent ones are drawn as declared
            admitted = rng.randint(max(2008, born.year + 20), 2019)
        name = self._people.draw(born, women=profile.women, minority=profile.minority)
        member = Member(
            name.text, born, name.sex, name.ethnicity, name.religion, unit.code, days.decision_day(rng, admitted),
            year_only=born.year < _YEAR_ONLY_BEFORE and rng.random() < 0.1,
        )  # fmt: skip
        if admitted >= _CEREMONIES_KNOWN_SINCE:
            member.ceremony = days.ceremony_after(rng, member.decided)
        member.recognised = days.a_year_later(member.ceremony or member.decided)
        if member.year_only:
            member.born = dt.date(born.year, 1, 1)
        return member

    def _recent_by_branch(self, gone: Counter[tuple[str, int]]) -> dict[str, Counter[int]]:
        """How many of each branch were admitted in each recent year; 2023 as declared, to the person."""
        recent = {code: Counter({2023: TOO_FEW[code][1]}) if code in TOO_FEW else Counter() for code in self._branches}
        for base in dict.fromkeys(_base(code) for code in self._branches):
            codes = [code for code in self._branches if _base(code) == base and code not in TOO_FEW]
            forced = sum(recent[code][2023] for code in self._branches if _base(code) == base)
            for year in _RECENT:
                declared = self._admitted.get((base, year), 0)
                wanted = declared - forced if year == 2023 else round(declared * _STAYED)
                for _ in range(wanted - gone[base, year]):
                    self._put(recent, codes, year)
        return recent

    def _put(self, recent: dict[str, Counter[int]], codes: list[str], year: int) -> None:
        free = [max(0, self._sizes[code] // 2 - sum(recent[code].values())) for code in codes]
        recent[self._rng.choices(codes, weights=free)[0]][year] += 1

    def _former(self) -> list[Member]:
        """One for each base organisation and year that struck somebody off or let somebody go."""
        left: Counter[tuple[str, int]] = Counter()
        former = []
        for row in self._flows:
            for state, count in (("xóa tên", row.struck_off), ("xin ra", row.resigned)):
                admitted = row.year - 1
                codes = [code for code in self._branches if _base(code) == row.code and code not in TOO_FEW]
                enough = self._admitted.get((row.code, admitted), 0) - left[row.code, admitted] >= 2
                if not (count and codes and enough and admitted in _RECENT):
                    continue
                left[row.code, admitted] += 1
                former.append(self._gone(self._branches[self._rng.choice(codes)], admitted, state))
        return former

    def _gone(self, unit: Unit, admitted: int, state: str) -> Member:
        member = self.newly_admitted(unit, admitted, dt.date(admitted, 11, 20))
        member.state = state
        if state == "xóa tên":  # at the end of a probation that was not passed
            member.recognised = None
            member.changed = days.working_day(self._rng, dt.date(admitted + 1, 2, 1), dt.date(admitted + 1, 12, 20))
        else:
            member.changed = dt.date(admitted + 1, 12, 31)
            member.recognised = min(member.recognised, dt.date(admitted + 1, 12, 30)) if member.recognised else None
        return member


def start_counts(members: list[Member], codes: list[str]) -> list[StartCount]:
    """What the register says of 1/1/2024, for each of `codes`."""
    present = [member for member in members if member.in_register_on(START)]
    total = Counter(member.unit for member in present)
    full = Counter(member.unit for member in present if member.full_on(START))
    female = Counter(member.unit for member in present if member.sex == "Nữ")
    return [
        StartCount(code, START.year, total[code], full[code], total[code] - full[code], female[code]) for code in codes
    ]


def _base(code: str) -> str:
    return code.partition(".")[0]
