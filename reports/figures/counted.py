"""What can be counted, once: the question in the register behind each figure, and its name.

The number on a screen and the list behind it both start from `events()`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from cells.dated import ONE_DAY
from cells.rules.models import Rule
from membership.models import Spell, Stage, StageEvent

Events = Callable[[dt.date, dt.date, bool, Collection[int] | None], QuerySet]


@dataclass(frozen=True)
class Counted:
    """A figure that the register counts and that a unit may declare instead (`Ket qua`).

    `events(start, stop, inside, moving)` are the rows counted, each with `organisation_id` and a person;
    `inside` leaves out what happened while the unit stood outside the tree, which only those `moving`
    ever did (null: nobody knows which). They are dated by the field `day`; where `after` is true that is
    the day after the one on which it happened.
    """

    key: str
    title: str
    definition: str
    events: Events
    day: str = "from_day"
    after: bool = False

    def within(self, start: dt.date, stop: dt.date) -> Q:
        """Of the rows counted those of what happened on a day of `[start, stop)`."""
        above, below = ("gt", "lte") if self.after else ("gte", "lt")
        return Q(**{f"{self.day}__{above}": start, f"{self.day}__{below}": stop})


def _starts(cause: str) -> Events:
    def events(start: dt.date, stop: dt.date, inside: bool, moving: Collection[int] | None) -> QuerySet:
        spells = Spell.objects.started(cause, start, stop)
        return spells.started_inside(cause, moving) if inside else spells

    return events


def _ends(cause: str) -> Events:
    def events(start: dt.date, stop: dt.date, inside: bool, moving: Collection[int] | None) -> QuerySet:
        spells = Spell.objects.ended(cause, start, stop)
        return spells.ended_inside(moving) if inside else spells

    return events


def _with_unit(**how: str) -> Events:
    return lambda start, stop, inside, moving: Spell.objects.of_unit_that(how, start, stop)


def _fostered(start: dt.date, stop: dt.date, inside: bool, moving: Collection[int] | None) -> QuerySet:
    """The first time in a calendar year that a person reached the stage the dated rule names.

    The year is looked at from its start, so that a part of it never counts somebody a second time.
    """
    rule = Rule.objects.of("fostering_counts", stop - ONE_DAY).value
    stage = Stage.SYMPATHISER if rule == "sympathiser_list" else Stage.TRAINED
    reached = StageEvent.objects.reached(stage, dt.date(start.year, 1, 1), stop)
    again = reached.filter(candidacy__person=OuterRef("candidacy__person"), day__year=ExtractYear(OuterRef("day")))
    earlier = again.filter(Q(day__lt=OuterRef("day")) | Q(day=OuterRef("day"), pk__lt=OuterRef("pk")))
    events = reached.filter(~Exists(earlier), day__gte=start)
    return events.inside(moving) if inside else events


START, END = Spell.Start, Spell.End

COUNTED = {
    figure.key: figure
    for figure in (
        Counted(
            "admitted", "Kết nạp", "Người được kết nạp lần đầu, tính vào ngày quyết định.", _starts(START.ADMITTED)
        ),
        Counted("readmitted", "Kết nạp lại", "Người được kết nạp lại.", _starts(START.READMITTED)),
        Counted(
            "fostered",
            "Bồi dưỡng tạo nguồn",
            "Người được đưa vào danh sách cảm tình Đảng theo nghị quyết chi bộ; mỗi người một lần trong năm.",
            _fostered,
            day="day",
        ),
        Counted(
            "recognised",
            "Công nhận chính thức",
            "Đảng viên dự bị được công nhận chính thức.",
            _starts(START.RECOGNISED),
        ),
        Counted(
            "transferred_in",
            "Chuyển đến",
            "Lượt đảng viên chuyển sinh hoạt chính thức đến.",
            _starts(START.TRANSFERRED_IN),
            after=True,
        ),
        Counted(
            "transferred_out",
            "Chuyển đi",
            "Lượt đảng viên chuyển sinh hoạt chính thức đi.",
            _ends(END.TRANSFERRED_OUT),
            day="to_day",
            after=True,
        ),
        Counted("deceased", "Từ trần", "Đảng viên từ trần.", _ends(END.DECEASED), day="to_day", after=True),
        Counted("struck_off", "Xóa tên", "Đảng viên bị xóa tên.", _ends(END.STRUCK_OFF), day="to_day", after=True),
        Counted("resigned", "Xin ra", "Đảng viên xin ra khỏi Đảng.", _ends(END.RESIGNED), day="to_day", after=True),
        Counted("expelled", "Khai trừ", "Đảng viên bị khai trừ.", _ends(END.EXPELLED), day="to_day", after=True),
        Counted(
            "joined",
            "Tiếp nhận theo tổ chức",
            "Đảng viên vào cùng tổ chức được tiếp nhận.",
            _with_unit(opened_as="joined"),
            day="turned_on",
            after=True,
        ),
        Counted(
            "left",
            "Chuyển ra theo tổ chức",
            "Đảng viên ra cùng tổ chức chuyển đi.",
            _with_unit(closed_as="left"),
            day="turned_on",
            after=True,
        ),
    )
}
