"""People on the way in, at every one of the seven stages, and some who are no longer followed."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping

from reports.reference_city import days, walks
from reports.reference_city.names import People
from reports.reference_city.records import SEED, START, TODAY, Candidate, Member, Quota, Unit
from reports.reference_city.units import (
    PROFILES,
    RESIDENTIAL,
    SHOWN_BRANCH,
    SHOWN_COMMITTEE,
    SHOWN_SCHOOL,
    TOP,
)

NOMINEE, SYMPATHISER, TRAINED, DOSSIER = "quần chúng ưu tú", "cảm tình Đảng", "đã học lớp nhận thức", "đang lập hồ sơ"
RESOLVED, EXAMINED, DECIDED, DROPPED = "chi bộ đã họp", "đảng ủy đã xét", "đã có quyết định", "dừng theo dõi"
ORDER = (NOMINEE, SYMPATHISER, TRAINED, DOSSIER, RESOLVED, EXAMINED, DECIDED)
HOW_MANY = {
    NOMINEE: 85, SYMPATHISER: 166, TRAINED: 66, DOSSIER: 44, RESOLVED: 20, EXAMINED: 12, DECIDED: 9, DROPPED: 22,
}  # fmt: skip
_SHOWN = {NOMINEE: 1, SYMPATHISER: 2, TRAINED: 1, DOSSIER: 1, RESOLVED: 1}
#: The days on which branches resolved whose committees have let the sixty working days pass.
_OVERDUE = (dt.date(2024, 7, 2), dt.date(2024, 7, 10), dt.date(2024, 7, 18))
#: The case that has waited longest for a decision, and somebody who cannot be voted on yet.
_LONGEST_WAIT, _STILL_17 = dt.date(2024, 9, 4), dt.date(2007, 3, 14)

# stage → (first day it may have been reached, days before that the person was introduced: least, most)
_TIMES = {
    NOMINEE: (dt.date(2024, 1, 8), 0, 0),
    SYMPATHISER: (dt.date(2023, 9, 4), 30, 150),
    TRAINED: (dt.date(2023, 6, 5), 150, 400),
    DOSSIER: (dt.date(2024, 4, 1), 240, 520),
    RESOLVED: (dt.date(2024, 8, 19), 300, 600),
    EXAMINED: (_LONGEST_WAIT, 330, 640),
    DECIDED: (dt.date(2024, 9, 23), 350, 680),
    DROPPED: (dt.date(2023, 2, 6), 60, 400),
}


class Pipeline:
    """Draws the candidates of the branches, most of them where sources are left."""

    def __init__(self, people: People, units: list[Unit], members: list[Member], quotas: list[Quota]) -> None:
        self._rng = random.Random(f"{SEED}:candidates")
        self._people = people
        self._units = {unit.code: unit for unit in units}
        self._names = _full_members(members)
        open_to = {quota.code for quota in quotas if quota.year == 2024 and quota.has_sources}
        self._branches = [unit for unit in units if unit.is_branch and unit.code in open_to]
        self._number = 0

    def candidates(self, decided_in: Mapping[str, int]) -> list[Candidate]:
        """All of them; `decided_in` says in which branches people wait for their ceremony."""
        found = [self._one(self._units[SHOWN_BRANCH], stage) for stage, count in _SHOWN.items() for _ in range(count)]
        found += [self._one(self._below(SHOWN_COMMITTEE)[n + 4], EXAMINED) for n in range(2)]
        found += [self._one(self._units[code], DECIDED) for code, count in decided_in.items() for _ in range(count)]
        found += [self._pupil(n) for n in range(14)]
        for stage, count in HOW_MANY.items():
            while sum(1 for row in found if row.stage == stage) < count:
                found.append(self._one(self._anywhere(stage), stage))
        longest = next(row for row in found if row.stage == EXAMINED)
        longest.reached = _LONGEST_WAIT
        self._let_pass(found)
        return sorted(found, key=lambda row: (row.unit, row.introduced, row.name))

    def _let_pass(self, found: list[Candidate]) -> None:
        """Let some branches have resolved so early that the decision is overdue; each of another committee."""
        waiting = [row for row in found if row.stage == RESOLVED and not row.unit.startswith(SHOWN_COMMITTEE)]
        by_committee = {self._units[row.unit].parent: row for row in reversed(waiting)}
        early = [row for row in by_committee.values() if max(row.introduced, row.certified or START) < _OVERDUE[0]]
        for row, day in zip(early, _OVERDUE, strict=False):
            row.reached = day

    def _anywhere(self, stage: str) -> Unit:
        """A branch that may have somebody at `stage`; votes wait where a committee examines."""
        branches = self._branches
        if stage in (RESOLVED, EXAMINED):
            branches = [unit for unit in branches if unit.parent != TOP]
        return self._rng.choice(branches)

    def _below(self, committee: str) -> list[Unit]:
        return [unit for unit in self._branches if unit.parent == committee]

    def _pupil(self, number: int) -> Candidate:
        schools = [unit for unit in self._branches if "THPT" in unit.name]
        unit = self._units[SHOWN_SCHOOL] if number < 6 else schools[number % len(schools)]
        born = _STILL_17 if number == 0 else dt.date(2006, 1, 1) + dt.timedelta(days=self._rng.randint(0, 240))
        stage, wait = (SYMPATHISER, (20, 45)) if number < 9 else (NOMINEE, (0, 0))
        return self._fill(unit, stage, walks.PUPIL, born, first=dt.date(2024, 3, 4), least=wait[0], most=wait[1])

    def _one(self, unit: Unit, stage: str) -> Candidate:
        walk = walks.walk_of(self._rng, unit.sector, unit.profile)
        age = self._rng.randint(*walk.ages)
        first, least, most = _TIMES[stage]
        born = TODAY - dt.timedelta(days=age * 365 + age // 4 + self._rng.randint(20, 340))
        return self._fill(unit, stage, walk, born, first=first, least=least, most=most)

    def _fill(
        self, unit: Unit, stage: str, walk: walks.Walk, born: dt.date, *, first: dt.date, least: int, most: int
    ) -> Candidate:
        rng, profile = self._rng, PROFILES[unit.profile]
        reached = days.working_day(rng, first, dt.date(2024, 10, 11))
        if stage == SYMPATHISER and rng.random() < 0.7:  # most of the list is this year's
            reached = days.working_day(rng, max(first, dt.date(2024, 1, 8)), dt.date(2024, 10, 11))
        introduced = reached - dt.timedelta(days=rng.randint(least, most))
        women = min(0.7, max(0.12, profile.women))
        name = self._people.draw(born, women=women, minority=profile.minority)
        strata = walk.strata + (("người theo tôn giáo",) if name.religion else ())
        strata += ("dân tộc thiểu số",) if name.ethnicity != "Kinh" else ()
        row = Candidate(
            name.text, born, name.sex, name.ethnicity, name.religion, unit.code, introduced,
            walks.introduced_by(rng, walk, unit.sector, self._place(unit)), strata, walk.education, walk.occupation,
            stage, reached,
        )  # fmt: skip
        self._add_papers(row)
        return row

    def _add_papers(self, row: Candidate) -> None:
        """The helper, and from the stage on that needs them the certificate and the introducers."""
        rng, level = self._rng, ORDER.index(row.stage) if row.stage in ORDER else 0
        helpers = self._names[row.unit]
        if level >= ORDER.index(SYMPATHISER):
            row.helper = rng.choice(helpers)
        if level >= ORDER.index(TRAINED):
            self._number += 1
            row.certificate = f"{self._number:03d}/CN-TTCT"
            span = (row.reached - row.introduced).days
            back = 0 if row.stage == TRAINED else rng.randint(span // 4, span // 2)
            row.certified = row.reached - dt.timedelta(days=back)
        if level >= ORDER.index(DOSSIER):
            row.introducers = tuple(rng.sample(helpers, min(2, len(helpers))))

    def _place(self, unit: Unit) -> str:
        """Where the bodies of a unit are: the ward of a residential branch, the firm or school of another."""
        if unit.sector == RESIDENTIAL:
            return self._units[unit.parent].name.removeprefix("Đảng bộ ")
        return unit.name.removeprefix("Chi bộ ").rpartition(" – ")[2]


def _full_members(members: list[Member]) -> dict[str, list[str]]:
    """Names of those who may help or introduce, by unit."""
    names: dict[str, list[str]] = defaultdict(list)
    for member in members:
        if member.recognised is not None and member.changed is None:
            names[member.unit].append(member.name)
    return names
