"""What becomes of the people of a unit when it leaves or ends; registered when the app is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from cells.organisations.registry import Holding, register
from membership.models import Candidacy, Spell
from membership.succession import take_cases, take_members


def _members(organisations: Collection[int], day: dt.date) -> int:
    return Spell.objects.on(day).filter(organisation__in=organisations).count()


def _open_cases(organisations: Collection[int], day: dt.date) -> int:
    return Candidacy.objects.open().filter(organisation__in=organisations).count()


for holding in (
    Holding(
        "membership.Spell.organisation",
        "Đảng viên",
        "ra cùng tổ chức («chuyển ra theo tổ chức»); về sau không tính vào số của đảng bộ",
        _members,
        take_members,
        "sang tổ chức tiếp nhận («chuyển ra, tiếp nhận theo tổ chức»)",
    ),
    Holding(
        "membership.Candidacy.organisation",
        "Hồ sơ đang theo dõi",
        "ra cùng tổ chức; về sau không tính vào số của đảng bộ",
        _open_cases,
        take_cases,
        "sang tổ chức tiếp nhận, giữ nguyên giai đoạn",
    ),
    Holding("membership.StageEvent.organisation", "Bước của hồ sơ", "giữ nguyên; vẫn tính ở nơi và ngày đã ghi"),
):
    register(holding)
