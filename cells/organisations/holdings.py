"""What becomes of the records of `cells` when a unit leaves or ends; registered when the app is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Min, Q

from cells import vietnamese
from cells.bodies.models import BodyPlace, held_by
from cells.organisations.models import Organisation
from cells.organisations.registry import Following, Holding, Returned, Returning, register
from cells.organisations.reorganise.models import WaitingOperation
from cells.people.models import Post

STAYS = "giữ nguyên theo mã tổ chức"


def _units(organisations: Collection[int], day: dt.date) -> int:
    return Organisation.objects.below(*organisations, on=day).placed_on(day).count()


def _posts(organisations: Collection[int], day: dt.date) -> int:
    return Post.objects.on(day).filter(organisation__in=organisations).count()


def _waiting(organisations: Collection[int], day: dt.date) -> int:
    return WaitingOperation.objects.waiting().filter(organisation__in=organisations).count()


def _first_post(unit: int) -> dt.date | None:
    return Post.objects.filter(organisation=unit).aggregate(first=Min("from_day"))["first"]


def _end_posts(following: Following) -> list[str]:
    """The posts of a unit end with it; one that begins that day or later contradicts its end."""
    if not following.ends:
        return []
    posts = Post.objects.filter(organisation=following.unit).during(following.day, None)
    if posts.filter(from_day__gte=following.day).exists():
        return ["Có chức vụ ở tổ chức này bắt đầu từ ngày đó trở đi; kết thúc hoặc chuyển chức vụ đó trước."]
    posts.update(to_day=following.day)
    return []


def _take_bodies(following: Following) -> list[str]:
    """The bodies of a unit that ends are attached to its receiver; one attached that day or later contradicts it."""
    if not following.ends:
        return []
    held = BodyPlace.objects.filter(organisation=following.unit).during(following.day, None)
    if held.filter(Q(from_day__gte=following.day) | Q(to_day__isnull=False)).exists():
        return ["Có đoàn thể, cơ quan trực thuộc thay đổi từ ngày đó trở đi; sửa ở trang quản trị trước."]
    bodies = list(held.values_list("body_id", flat=True))
    if not bodies:
        return []
    if following.receiver is None:
        count = vietnamese.number(len(bodies))
        return [f"Còn {count} đoàn thể, cơ quan trực thuộc; chuyển sang tổ chức khác ở trang quản trị trước."]
    held.update(to_day=following.day)
    BodyPlace.objects.bulk_create(
        BodyPlace(body_id=body, organisation_id=following.receiver, from_day=following.day) for body in bodies
    )
    return []


def _return_bodies(returning: Returning) -> Returned:
    if returning.receiver is None:
        return Returned()
    before = BodyPlace.objects.filter(organisation=returning.unit, to_day=returning.day)
    went = BodyPlace.objects.filter(
        body__in=before.values("body"), organisation=returning.receiver, from_day=returning.day
    )
    if went.exclude(to_day=None).exists():
        return Returned(["Có đoàn thể, cơ quan đã chuyển khỏi tổ chức tiếp nhận; sửa ở trang quản trị trước."])
    bodies = list(went.values_list("body_id", flat=True))
    went.delete()
    before.filter(body__in=bodies).update(to_day=None)
    return Returned()


for holding in (
    Holding(
        "cells.Place.organisation",
        "Vị trí trong cây tổ chức",
        "kết thúc, kể cả tổ chức bên dưới",
        _units,
        follows="kết thúc; tổ chức bên dưới chuyển sang tổ chức tiếp nhận",
    ),
    Holding(
        "cells.Place.parent",
        "Tổ chức trực thuộc",
        "ra cùng tổ chức cấp trên của mình",
        follows="chuyển sang tổ chức tiếp nhận",
    ),
    Holding(
        "cells.BodyPlace.organisation",
        "Đoàn thể, cơ quan trực thuộc",
        STAYS,
        held_by,
        _take_bodies,
        "trực thuộc tổ chức tiếp nhận",
        _return_bodies,
    ),
    Holding("cells.Style.organisation", "Tên và loại của tổ chức", STAYS),
    Holding("cells.Operation.organisation", "Việc sắp xếp", STAYS),
    Holding("cells.Operation.related", "Việc sắp xếp có liên quan", STAYS),
    Holding(
        "cells.Post.organisation",
        "Chức vụ",
        "không tự kết thúc; chỉ còn thấy tổ chức của mình",
        _posts,
        _end_posts,
        "kết thúc cùng tổ chức, trừ người được ghi tiếp tục ở tổ chức khác",
        since=_first_post,
    ),
    Holding(
        "cells.WaitingOperation.organisation",
        "Việc sắp xếp chờ đến ngày",
        "giữ nguyên; đến ngày nếu không làm được thì báo lý do",
        _waiting,
    ),
    Holding("cells.Succession.predecessor", "Tổ chức kế thừa", STAYS),
    Holding("cells.Succession.successor", "Tổ chức được kế thừa", STAYS),
    Holding("cells.Entry.organisation", "Nhật ký", "không bao giờ thay đổi"),
):
    register(holding)
