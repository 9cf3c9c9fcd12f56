"""What happened to members between 1/1/2024 and the day the city has come to."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from reports.reference_city import days
from reports.reference_city.records import SEED, Member, Unit
from reports.reference_city.sizes import TOO_FEW
from reports.reference_city.units import RESIDENTIAL

_SETTLED = dt.date(2024, 8, 31)  # recognised by then: time is left for something else to happen
_FIRST, _LAST = dt.date(2024, 1, 8), dt.date(2024, 10, 11)
ELSEWHERE = (
    "Đảng bộ thành phố Hải Phòng", "Đảng bộ thành phố Hà Nội", "Đảng bộ tỉnh Hải Dương", "Đảng bộ tỉnh Bắc Ninh",
    "Đảng bộ tỉnh Thái Bình", "Đảng bộ tỉnh Lạng Sơn", "Đảng bộ Thành phố Hồ Chí Minh", "Đảng bộ tỉnh Nam Định",
)  # fmt: skip
_DECEASED, _MOVED_AWAY, _MOVED_INSIDE, _EXEMPT = 54, 76, 62, 110


def happen(members: list[Member], branches: list[Unit]) -> None:
    """Let the year go by for `members` (those of 1/1/2024), changing them in place; each at most once."""
    rng = random.Random(f"{SEED}:movements")
    sectors = {unit.code: unit.sector for unit in branches}
    homes = [unit.code for unit in branches if unit.sector == RESIDENTIAL]
    free = [member for member in members if member.changed is None and member.unit not in TOO_FEW]
    rng.shuffle(free)

    def take(count: int, fits: Callable[[Member], bool]) -> list[Member]:
        chosen = [member for member in free if member.changed is None and fits(member)][:count]
        for member in chosen:
            member.changed = days.working_day(rng, max(_FIRST, _earliest(member)), _LAST)
        return chosen

    for member in take(_DECEASED, lambda member: member.born.year < 1957):
        member.state = "từ trần"
    for member in take(_EXEMPT, lambda member: member.born.year < 1947):
        member.state = "miễn sinh hoạt"
    for member in take(
        _MOVED_INSIDE,
        lambda member: member.born.year <= 1968 and _standing_full(member) and sectors[member.unit] != RESIDENTIAL,
    ):
        member.state, member.destination = "chuyển đi", rng.choice(homes)
    for member in take(_MOVED_AWAY, lambda member: _standing_full(member) and member.born.year > 1965):
        member.state, member.destination = "chuyển đi", rng.choice(ELSEWHERE)
    for member in take(3, lambda member: member.state == "dự bị" and member.decided.month < 12):
        member.state = "xóa tên"
    for member in take(3, lambda member: _standing_full(member) and member.decided.year >= 2018):
        member.state = "xóa tên"
    for member in take(4, lambda member: _standing_full(member) and member.decided.year >= 2012):
        member.state = "xin ra"
    for member in take(1, lambda member: _standing_full(member) and 1965 < member.born.year < 1980):
        member.state = "khai trừ"


def _standing_full(member: Member) -> bool:
    return member.state == "chính thức" and member.full_on(_SETTLED)


def _earliest(member: Member) -> dt.date:
    """A change comes after recognition, and after the ceremony."""
    last = member.recognised or member.ceremony or member.decided
    return last + dt.timedelta(days=3)
