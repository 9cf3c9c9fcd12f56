"""When a paper is needed of somebody: what is known of the case, and the conditions that ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models


class Schooling(models.TextChoices):
    """By which rule on schooling somebody comes into the Party (`domain.md` §1.1, education and its exceptions)."""

    GENERAL = "", "tốt nghiệp trung học cơ sở trở lên"
    PRIMARY = "primary", "miền núi, biên giới, hải đảo, dân tộc thiểu số, nơi đặc biệt khó khăn, ngư dân: bậc tiểu học"
    LITERATE = "literate", "già làng, trưởng bản, người có uy tín: biết đọc, viết chữ quốc ngữ"


@dataclass(frozen=True)
class Facts:
    """What the conditions ask about one case on a day."""

    strata: frozenset[str] = frozenset()
    under_section_committee: bool = False
    under_base_committee: bool = False
    over_age: bool = False
    asks_relatives: bool = False
    lives_elsewhere: bool = False
    schooling: str = Schooling.GENERAL
    asks_clearance: bool = False


@dataclass(frozen=True)
class Condition:
    label: str
    holds: Callable[[Facts], bool]


def _of_stratum(*codes: str) -> Callable[[Facts], bool]:
    return lambda facts: not facts.strata.isdisjoint(codes)


def _by_trade_union(facts: Facts) -> bool:
    """Whom the youth union introduces need not be introduced by the trade union too."""
    return "trade_union_member" in facts.strata and "youth_union_member" not in facts.strata


#: what these ask of somebody tells more than everybody who sees the case may know (`domain.md` §8)
SENSITIVE = frozenset({"religious", "clearance"})

CONDITIONS = {
    "always": Condition("mọi người", lambda facts: True),
    "youth_union": Condition("đoàn viên thanh niên", _of_stratum("youth_union_member")),
    "trade_union": Condition("đoàn viên công đoàn, không phải đoàn viên thanh niên", _by_trade_union),
    "student": Condition("học sinh, sinh viên", _of_stratum("student", "pupil")),
    "entrepreneur": Condition("chủ doanh nghiệp tư nhân", _of_stratum("entrepreneur")),
    "religious": Condition("người theo tôn giáo", _of_stratum("religious")),
    "over_age": Condition("trên tuổi quy định", lambda facts: facts.over_age),
    "relatives": Condition("có gửi thẩm tra", lambda facts: facts.asks_relatives),
    "lives_elsewhere": Condition("cư trú ở nơi khác", lambda facts: facts.lives_elsewhere),
    "section_committee": Condition("chi bộ thuộc đảng bộ bộ phận", lambda facts: facts.under_section_committee),
    "base_committee": Condition("chi bộ thuộc đảng bộ cơ sở", lambda facts: facts.under_base_committee),
    "schooling": Condition("theo quy định chung về học vấn", lambda facts: facts.schooling == Schooling.GENERAL),
    "primary": Condition("ngoại lệ về học vấn: bậc tiểu học", lambda facts: facts.schooling == Schooling.PRIMARY),
    "literate": Condition("ngoại lệ về học vấn: biết chữ", lambda facts: facts.schooling == Schooling.LITERATE),
    "clearance": Condition("phải xin ý kiến về tiêu chuẩn chính trị", lambda facts: facts.asks_clearance),
    "never": Condition("không ai (thôi yêu cầu)", lambda facts: False),
}
