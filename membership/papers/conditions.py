"""When a paper is needed of somebody: by what is known of the case, each a question with a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cells.organisations.models import Organisation, Style

if TYPE_CHECKING:
    from membership.models import Candidacy


class Facts:
    """What the conditions ask about one case on a day, each looked up once at most."""

    def __init__(self, case: Candidacy, on: dt.date) -> None:
        self._case, self._on = case, on

    @cached_property
    def strata(self) -> frozenset[str]:
        return frozenset(stratum.code for stratum in self._case.strata.all())

    @cached_property
    def under_section_committee(self) -> bool:
        sections = Style.objects.on(self._on).filter(kind__code="section_committee").values("organisation")
        return Organisation.objects.above(self._case.organisation_id, on=self._on).filter(pk__in=sections).exists()


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
