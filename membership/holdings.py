"""What becomes of the people of a unit when it leaves or ends; registered when the app is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator

from django.db.models import Min, QuerySet

from cells import vietnamese
from cells.organisations.registry import Following, Holding, Resident, Returned, Returning, register
from membership.deadlines.rows import people_of, refresh
from membership.models import Candidacy, CaseMove, Deadline, SecondClaim, Spell
from membership.succession import return_cases, return_members, take_cases, take_members


def _members(organisations: Collection[int], day: dt.date) -> int:
    return Spell.objects.on(day).filter(organisation__in=organisations).count()


def _open_cases(organisations: Collection[int], day: dt.date) -> int:
    return Candidacy.objects.open().filter(organisation__in=organisations).count()


def _open_deadlines(organisations: Collection[int], day: dt.date) -> int:
    return Deadline.objects.open_on(day).filter(organisation__in=organisations).count()


def _unanswered_claims(organisations: Collection[int], day: dt.date) -> int:
    return SecondClaim.objects.filter(superior__in=organisations, answered_on=None).count()


def _named_members(unit: int, day: dt.date) -> Iterator[Resident]:
    for spell in Spell.objects.filter(to_day=None, organisation=unit).select_related("person").sorted():
        yield Resident(spell.person_id, spell.person.name, f"đảng viên {spell.get_standing_display().lower()}")


def _named_cases(unit: int, day: dt.date) -> Iterator[Resident]:
    for case in Candidacy.objects.open().filter(organisation=unit).with_person().sorted():
        yield Resident(case.person_id, case.person.name, vietnamese.uncapitalised(case.get_stage_display()))


def _first_day_of(rows: QuerySet, field: str) -> Callable[[int], dt.date | None]:
    def first(unit: int) -> dt.date | None:
        return rows.all().filter(organisation=unit).aggregate(first=Min(field))["first"]

    return first


def _first_case(unit: int) -> dt.date | None:
    """The first day on which the unit followed anybody: from the listing, or from the day a case came."""
    begun, came = Candidacy.objects.begun().filter(first_unit=unit), CaseMove.objects.filter(destination=unit)
    days = begun.aggregate(first=Min("listed_on"))["first"], came.aggregate(first=Min("day"))["first"]
    return min((day for day in days if day), default=None)


def _follow_deadlines(following: Following) -> list[str]:
    refresh(people_of(Deadline.objects.filter(organisation=following.unit)))
    return []


def _return_deadlines(returning: Returning) -> Returned:
    refresh(people_of(Deadline.objects.filter(organisation__in=returning.receivers)))
    return Returned()


for holding in (
    Holding(
        "membership.Spell.organisation",
        "Đảng viên",
        "ra cùng tổ chức («chuyển ra theo tổ chức»); về sau không tính vào số của đảng bộ",
        _members,
        take_members,
        "sang tổ chức tiếp nhận («chuyển ra, tiếp nhận theo tổ chức»)",
        return_members,
        _named_members,
        _first_day_of(Spell.objects.all(), "from_day"),
    ),
    Holding(
        "membership.Candidacy.organisation",
        "Hồ sơ đang theo dõi",
        "ra cùng tổ chức; về sau không tính vào số của đảng bộ",
        _open_cases,
        take_cases,
        "sang tổ chức tiếp nhận, giữ nguyên giai đoạn",
        return_cases,
        _named_cases,
        _first_case,
    ),
    Holding(
        "membership.AwarenessClass.organisation", "Lớp nhận thức về Đảng", "giữ nguyên; vẫn là của nơi và ngày đã ghi"
    ),
    Holding("membership.Vote.organisation", "Lần biểu quyết", "giữ nguyên; vẫn là của nơi và ngày đã ghi"),
    Holding(
        "membership.SecondClaim.organisation",
        "Đề nghị theo dõi trùng",
        "giữ nguyên; cấp ủy vẫn trả lời",
        follows="giữ nguyên; tổ chức kế thừa đọc trả lời",
    ),
    Holding("membership.SecondClaim.elsewhere", "Đề nghị theo dõi trùng", "giữ nguyên; cấp ủy vẫn trả lời"),
    Holding(
        "membership.SecondClaim.superior",
        "Đề nghị theo dõi trùng đang chờ trả lời",
        "ra cùng tổ chức",
        _unanswered_claims,
        follows="tổ chức kế thừa trả lời",
    ),
    Holding("membership.CaseMove.origin", "Lần chuyển chi bộ của hồ sơ", "giữ nguyên; vẫn là của nơi và ngày đã ghi"),
    Holding(
        "membership.CaseMove.destination", "Lần chuyển chi bộ của hồ sơ", "giữ nguyên; vẫn là của nơi và ngày đã ghi"
    ),
    Holding("membership.StageEvent.organisation", "Bước của hồ sơ", "giữ nguyên; vẫn tính ở nơi và ngày đã ghi"),
    # after members and cases: their clocks are where they are
    Holding(
        "membership.Deadline.organisation",
        "Thời hạn đang chạy",
        "theo hồ sơ, đảng viên",
        _open_deadlines,
        moves=_follow_deadlines,
        follows="theo hồ sơ, đảng viên",
        returns=_return_deadlines,
    ),
):
    register(holding)
