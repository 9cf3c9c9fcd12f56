"""When a paper is needed of somebody: what is known of the case, and the conditions that ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What the conditions ask about one case on a day."""

    strata: frozenset[str] = frozenset()
    under_section_committee: bool = False


@dataclass(frozen=True)
class Condition:
    label: str
    holds: Callable[[Facts], bool]


def _of_stratum(*codes: str) -> Callable[[Facts], bool]:
    return lambda facts: not facts.strata.isdisjoint(codes)


CONDITIONS = {
    "always": Condition("mọi người", lambda facts: True),
    "youth_union": Condition("đoàn viên thanh niên", _of_stratum("youth_union_member")),
    "trade_union": Condition("đoàn viên công đoàn", _of_stratum("trade_union_member")),
    "student": Condition("học sinh, sinh viên", _of_stratum("student", "pupil")),
    "entrepreneur": Condition("chủ doanh nghiệp tư nhân", _of_stratum("entrepreneur")),
    "religious": Condition("người theo tôn giáo", _of_stratum("religious")),
    "section_committee": Condition("chi bộ thuộc đảng bộ bộ phận", lambda facts: facts.under_section_committee),
}
