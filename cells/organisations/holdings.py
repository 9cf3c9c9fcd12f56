"""What becomes of the records of `cells` when a unit leaves; registered when the app is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from cells.organisations.models import Organisation
from cells.organisations.registry import Holding, register
from cells.people.models import Post

STAYS = "giữ nguyên theo mã tổ chức"


def _units(organisations: Collection[int], day: dt.date) -> int:
    return Organisation.objects.below(*organisations, on=day).placed_on(day).count()


def _posts(organisations: Collection[int], day: dt.date) -> int:
    return Post.objects.on(day).filter(organisation__in=organisations).count()


for holding in (
    Holding("cells.Place.organisation", "Vị trí trong cây tổ chức", "kết thúc, kể cả tổ chức bên dưới", _units),
    Holding("cells.Place.parent", "Tổ chức trực thuộc", "ra cùng tổ chức cấp trên của mình"),
    Holding("cells.Style.organisation", "Tên và loại của tổ chức", STAYS),
    Holding("cells.Operation.organisation", "Việc sắp xếp", STAYS),
    Holding("cells.Operation.related", "Việc sắp xếp có liên quan", STAYS),
    Holding("cells.Post.organisation", "Chức vụ", "không tự kết thúc; chỉ còn thấy tổ chức của mình", _posts),
    Holding("cells.Entry.organisation", "Nhật ký", "không bao giờ thay đổi"),
):
    register(holding)
