"""The deed that records a day which clocks need and no step holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.people.models import User
from cells.verdict import Problem, Refused, still_to_come
from membership.deadlines.clocks import CaseDays, Clockwork, MemberDays
from membership.deadlines.known import Way, ways_of
from membership.deadlines.models import Kind, Milestone
from membership.deadlines.rows import clocks_of, clockwork
from membership.deadlines.subjects import check_versions, finish, of_one
from membership.models import Candidacy, Spell, Stage
from membership.nomination import ON_BEHALF

What = Milestone.What
#: what must carry the number of its paper
NUMBERED = {What.REVIEWED: "Ghi số nghị quyết của chi bộ.", What.RECOGNISED: "Ghi số quyết định công nhận."}


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
    found, work = ways_of([item.row for item in items]), clockwork()
    before = [
        Milestone.objects.filter(**of_one(way), what=item.what).last() for item, way in zip(items, found, strict=True)
    ]
    problems = [
        Problem(index, field, message)
        for index, (item, way) in enumerate(zip(items, found, strict=True))
        for field, message in _problems(item, way, before[index], work, today)
    ]
    if problems:
        raise Refused(*problems)
    made = [_write(item, way, actor) for item, way in zip(items, found, strict=True)]
    old = before[0].day if before[0] else ""
    finish("note_milestone", [item.row for item in items], actor, {items[0].what: (old, items[0].day)}, items[0].reason)
    return made


def keep_decisions(decisions: Sequence[tuple[Spell, dt.date | None, str]], actor: User | None) -> None:
    """Keep days and numbers of decisions to recognise, beside the days from which they hold; a part of that deed."""
    told = [(spell, day, number) for spell, day, number in decisions if day is not None]
    ways = ways_of([spell for spell, _, _ in told])
    Milestone.objects.bulk_create(
        Milestone(**of_one(way), what=What.RECOGNISED, day=day, number=vietnamese.clean(number), actor=actor)
        for way, (_, day, number) in zip(ways, told, strict=True)
    )


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


def _problems(
    item: Noted, way: Way, before: Milestone | None, work: Clockwork, today: dt.date
) -> Iterator[tuple[str, str]]:
    if item.day > today:
        yield "day", still_to_come(item.day)
    if not item.number.strip() and (item.what in NUMBERED or item.on_behalf):
        yield "number", NUMBERED.get(What(item.what), ON_BEHALF)
    if before is not None and not item.reason.strip():
        yield "reason", f"Đã ghi ngày {vietnamese.day(before.day)}; ghi lý do sửa."
    days = way.days
    if isinstance(days, CaseDays) and isinstance(item.row, Candidacy):
        yield from _case_problems(item, item.row, days)
    elif isinstance(days, MemberDays):
        yield from _member_problems(item, way, days, work)


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


def _member_problems(item: Noted, way: Way, days: MemberDays, work: Clockwork) -> Iterator[tuple[str, str]]:
    if days.ceremony_on is None:
        yield "what", "Chưa biết ngày lễ kết nạp của người này."
    elif item.what == What.MEMBER_FILE:
        yield from _in_order(item.day, [(days.ceremony_on, "lễ kết nạp")])
    elif item.what == What.REVIEWED:
        complete = next((clock.due for clock in clocks_of(way, work) if clock.kind == Kind.PROBATION), None)
        yield from _in_order(item.day, [(complete, "ngày hết thời gian dự bị")], [(days.recognised_on, "quyết định")])
    elif item.what == What.RECOGNISED:
        if days.full_from is None:
            yield "what", "Người này chưa được công nhận chính thức."
        yield from _in_order(item.day, [(days.reviewed_on, "ngày chi bộ xét công nhận")])
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
