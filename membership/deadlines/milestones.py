"""The deed that records a day which clocks need and no step holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.people.models import User
from cells.verdict import Problem, Refused, still_to_come
from membership.deadlines.clocks import CaseDays, MemberDays
from membership.deadlines.known import Way, ways_of
from membership.deadlines.models import Milestone
from membership.deadlines.subjects import check_versions, finish, of_one
from membership.models import Candidacy, Spell, Stage
from membership.nomination import ON_BEHALF

What = Milestone.What


@dataclass(frozen=True)
class Noted:
    """A day of a case, or of a member (told by any spell). `version` is what the form of a case showed."""

    row: Candidacy | Spell
    what: str
    day: dt.date
    number: str = ""
    reason: str = ""  # where one was recorded before
    on_behalf: bool = False
    version: int | None = None


@transaction.atomic
def note(items: Sequence[Noted], *, actor: User | None, today: dt.date) -> list[Milestone]:
    """Record days that clocks need; a later record of the same sort goes before an earlier one, which stays.

    Refused (fields `day`, `number`, `reason`, `what`): a day to come or out of order, a second record without a
    reason, a number lacking; what is not awaited there. `Stale`: the case changed since the form opened.
    """
    check_versions(items)
    found = ways_of([item.row for item in items])
    before = [
        Milestone.objects.filter(**of_one(way), what=item.what).last() for item, way in zip(items, found, strict=True)
    ]
    problems = [
        Problem(index, field, message)
        for index, (item, way) in enumerate(zip(items, found, strict=True))
        for field, message in _problems(item, way, before[index], today)
    ]
    if problems:
        raise Refused(*problems)
    made = [_write(item, way, actor) for item, way in zip(items, found, strict=True)]
    old = before[0].day if before[0] else ""
    finish("note_milestone", [item.row for item in items], actor, {items[0].what: (old, items[0].day)}, items[0].reason)
    return made


def _write(item: Noted, way: Way, actor: User | None) -> Milestone:
    number = vietnamese.clean(item.number)
    if item.what == What.CERTIFICATE and isinstance(item.row, Candidacy):
        item.row.certificate_number, item.row.certificate_on = number, item.day
        item.row.save(update_fields=["certificate_number", "certificate_on"])
    return Milestone.objects.create(
        **of_one(way),
        what=item.what,
        day=item.day,
        number=number,
        reason=vietnamese.clean(item.reason),
        on_behalf=item.on_behalf,
        actor=actor,
    )


def _problems(item: Noted, way: Way, before: Milestone | None, today: dt.date) -> Iterator[tuple[str, str]]:
    if item.day > today:
        yield "day", still_to_come(item.day)
    if item.on_behalf and not item.number.strip():
        yield "number", ON_BEHALF
    if before is not None and not item.reason.strip():
        yield "reason", f"Đã ghi ngày {vietnamese.day(before.day)}; ghi lý do sửa."
    days = way.days
    if isinstance(days, CaseDays) and isinstance(item.row, Candidacy):
        yield from _case_problems(item, item.row, days)
    elif isinstance(days, MemberDays):
        yield from _member_problems(item, days)


def _case_problems(item: Noted, case: Candidacy, days: CaseDays) -> Iterator[tuple[str, str]]:
    if item.what == What.RECEIVED:
        if days.decided_on is None:
            yield "what", "Hồ sơ này chưa có quyết định kết nạp."
        else:
            yield from _in_order(item.day, [(days.decided_on, "ngày quyết định")], [(days.ceremony_on, "lễ kết nạp")])
    elif item.what == What.CERTIFICATE:
        if case.stage not in (Stage.TRAINED, Stage.DOSSIER):
            yield "what", "Chỉ ghi chứng nhận mới cho người đã học lớp nhận thức mà chi bộ chưa xét kết nạp."
        elif days.certificate_on and item.day <= days.certificate_on:
            yield "day", f"Ngày này không sau ngày cấp chứng nhận trước ({vietnamese.day(days.certificate_on)})."
    else:
        yield "what", "Việc này ghi ở trang của đảng viên."


def _member_problems(item: Noted, days: MemberDays) -> Iterator[tuple[str, str]]:
    if days.ceremony_on is None:
        yield "what", "Chưa biết ngày lễ kết nạp của người này."
    elif item.what == What.MEMBER_FILE:
        yield from _in_order(item.day, [(days.ceremony_on, "lễ kết nạp")])
    else:
        yield "what", "Việc này ghi ở hồ sơ kết nạp."


def _in_order(
    day: dt.date,
    not_before: Sequence[tuple[dt.date | None, str]],
    not_after: Sequence[tuple[dt.date | None, str]] = (),
) -> Iterator[tuple[str, str]]:
    told = vietnamese.day(day)
    for other, title in not_before:
        if other is not None and day < other:
            yield "day", f"Ngày {told} ở trước {title} ({vietnamese.day(other)})."
    for other, title in not_after:
        if other is not None and day > other:
            yield "day", f"Ngày {told} ở sau {title} ({vietnamese.day(other)})."
