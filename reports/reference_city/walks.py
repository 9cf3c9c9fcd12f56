"""Sorts of people who are introduced: by sector, with their strata, schooling and work, and who introduces them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from reports.reference_city import units as city


@dataclass(frozen=True)
class Walk:
    """A walk of life: strata in the words of the lookup, ages inclusive."""

    strata: tuple[str, ...]
    education: str
    occupation: str
    ages: tuple[int, int]


_YOUTH, _UNION = "đoàn viên", "đoàn viên công đoàn"
_OWNER = "doanh nhân, chủ doanh nghiệp tư nhân"
PUPIL = Walk(("học sinh", _YOUTH), "Đang học lớp 12", "Học sinh", (18, 18))
_STUDENT = Walk(("sinh viên", _YOUTH), "Đang học cao đẳng, đại học", "Sinh viên", (19, 22))
_TEACHER = Walk(("viên chức giáo dục", _UNION), "Đại học", "Giáo viên", (24, 44))
_SCHOLAR = Walk(("trí thức", "viên chức giáo dục", _UNION), "Thạc sĩ", "Giảng viên", (27, 45))
_WORKER = Walk(("công nhân", _UNION), "Cao đẳng", "Công nhân", (22, 45))
_CIVIL = Walk(("cán bộ, công chức", _UNION), "Đại học", "Công chức", (24, 40))
_OFFICER = Walk(("lực lượng vũ trang", _YOUTH), "Đại học", "Sĩ quan", (22, 32))
_RESERVIST = Walk(("lực lượng vũ trang", "dự bị động viên"), "Trung cấp", "Trợ lý", (22, 38))
_MILITIA = Walk(("lực lượng vũ trang", "dân quân tự vệ"), "THPT", "Dân quân thường trực", (20, 27))

_WALKS = {
    city.RESIDENTIAL: (
        Walk(("cư dân thôn, khu phố", "quân nhân xuất ngũ", _YOUTH), "THPT", "Lao động tự do", (21, 29)),
        Walk(("cư dân thôn, khu phố", "dân quân tự vệ", _YOUTH), "THPT", "Dân quân tự vệ", (20, 32)),
        Walk(("cư dân thôn, khu phố", "dự bị động viên"), "Trung cấp", "Thợ sửa chữa", (24, 40)),
        Walk(("cư dân thôn, khu phố",), "THPT", "Chi hội trưởng Phụ nữ", (30, 52)),
        Walk(("cư dân thôn, khu phố",), "THCS", "Tổ trưởng tổ dân phố", (40, 58)),
        Walk(("cư dân thôn, khu phố", _OWNER), "Đại học", "Chủ hộ kinh doanh", (28, 50)),
        Walk(("cư dân thôn, khu phố", "sinh viên", _YOUTH), "Đại học", "Mới tốt nghiệp, chưa có việc", (22, 25)),
        Walk(("cư dân thôn, khu phố", "người lao động khu vực tư nhân"), "Cao đẳng", "Nhân viên bán hàng", (22, 40)),
    ),
    city.PRIVATE: (
        Walk(("người lao động khu vực tư nhân", _UNION), "Cao đẳng", "Nhân viên kỹ thuật", (23, 42)),
        Walk(("công nhân", "người lao động khu vực tư nhân", _UNION), "THPT", "Công nhân", (22, 44)),
        Walk((_OWNER,), "Đại học", "Giám đốc", (32, 55)),
    ),
    city.FOREIGN_FIRM: (Walk(("công nhân", "người lao động khu vực tư nhân", _UNION), "THPT", "Công nhân", (22, 40)),),
    city.COOPERATIVE: (Walk(("cư dân thôn, khu phố",), "THPT", "Xã viên hợp tác xã", (26, 50)),),
    city.STATE_FIRM: (_WORKER, _WORKER, Walk(("trí thức", _UNION), "Đại học", "Kỹ sư", (24, 42))),
    city.OFFICE: (_CIVIL,),
    city.SERVICE: (Walk(("trí thức", _UNION), "Đại học", "Viên chức", (25, 42)),),
    city.SCHOOL: (_TEACHER,),
    city.HEALTH: (Walk(("viên chức y tế", _UNION), "Đại học", "Bác sĩ, điều dưỡng", (24, 44)),),
    city.MILITARY: (_RESERVIST, _MILITIA),
    city.POLICE: (_OFFICER,),
}  # fmt: skip
_COLLEGES = (_STUDENT, _STUDENT, _SCHOLAR)


def walk_of(rng: random.Random, sector: str, profile: str) -> Walk:
    """A walk of life that one meets in a unit of `sector`."""
    return rng.choice(_COLLEGES if profile == "college" else _WALKS[sector])


def introduced_by(rng: random.Random, walk: Walk, sector: str, place: str) -> str:
    """The body that introduces somebody of `walk`, named after the `place` it works in."""
    if _YOUTH in walk.strata:
        return f"Đoàn Thanh niên {place}"
    if _UNION in walk.strata:
        return f"Công đoàn {place}"
    if sector == city.RESIDENTIAL:
        return rng.choice(("Ủy ban MTTQ", "Hội Liên hiệp Phụ nữ", "Hội Nông dân", "Hội Cựu chiến binh")) + f" {place}"
    return f"Công đoàn {place}"
