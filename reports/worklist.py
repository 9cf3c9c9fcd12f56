"""The work list of a reader: what is to be done, by when, and what their people wait for from others.

In the order of the legal deadlines; what has none comes last, the oldest first. From the same rows as every number of
deadlines (`membership.deadlines.models.Deadline`), within the reader's rights.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.urls import reverse

from cells import vietnamese
from cells.organisations import tree
from cells.people import rights
from cells.people.models import User
from cells.rules.models import Rule
from membership import procedure, worklist
from membership.deadlines.models import DUTIES, MARKS, VALIDITIES, Kind, Milestone
from membership.deadlines.words import SLUGS, title
from membership.models import Candidacy, Deadline, Stage
from membership.worklist import Turns, with_unit_name

What = Milestone.What
#: clocks that speak up only from the first mark on, or when they have run out
_QUIET = (*VALIDITIES, Kind.PROBATION)
_BRANCH_KINDS = (Kind.MEMBER_FILE, Kind.PROBATION, Kind.REVIEW)
#: member's clock → (the button, name of the address, milestone recorded there)
_MEMBER_DEEDS = {
    Kind.MEMBER_FILE: ("Ghi đã hoàn thành lý lịch", "member_milestone", What.MEMBER_FILE),
    Kind.PROBATION: ("Xem đảng viên", "member", None),
    Kind.REVIEW: ("Ghi chi bộ xét công nhận", "member_milestone", What.REVIEWED),
    Kind.RECOGNITION: ("Ghi công nhận chính thức", "member_recognise", None),
}
_MEMBER_WORDS = {
    Kind.MEMBER_FILE: "Lễ kết nạp ngày {start}.",
    Kind.PROBATION: "Chuẩn bị bản tự kiểm điểm, nhận xét để chi bộ xét công nhận.",
    Kind.REVIEW: "Hết thời gian dự bị ngày {start}.",
    Kind.RECOGNITION: "Chi bộ đã xét công nhận ngày {start}.",
}


@dataclass(frozen=True)
class Item:
    """One line: about whom, what in plain words, the button, and the deadline if there is one (`due` inclusive).

    `whom`: whose turn it is, where it is not the reader's.
    """

    person: str
    person_url: str
    unit: str
    what: str
    deed: str
    url: str
    since: dt.date
    due: dt.date | None = None
    rule: Rule | None = None
    whom: str = ""

    def days_left(self, today: dt.date) -> int | None:
        """Days of the calendar to the deadline, negative after it; null where there is none."""
        return None if self.due is None else (self.due - today).days

    def mark(self, today: dt.date) -> int | None:
        """The nearest of MARKS not yet passed, -1 after the deadline; null more than 90 days before, or without one."""
        left = self.days_left(today)
        if left is None:
            return None
        return -1 if left < 0 else min((mark for mark in MARKS if left <= mark), default=None)

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.due is None, self.due or self.since, self.since, self.person_url)


@dataclass(frozen=True)
class WorkList:
    """`due`: what is the reader's turn to do. `elsewhere`: what people whose names the reader sees wait for from
    others, from the branch's resolution on; before it everything is the branch's own."""

    due: list[Item]
    elsewhere: list[Item]


def of(user: User, today: dt.date) -> WorkList:
    """The work list of `user`, in three queries."""
    tasks, waits = worklist.waiting(user, today), list(_waiting_cases(user, today))
    mine, others = _deadlines(user, today)
    by_case: dict[int, list[Any]] = defaultdict(list)
    for row in [*mine, *others]:
        if row.candidacy_id:
            by_case[row.candidacy_id].append(row)
    due = [_of_case(task, by_case[task.case.pk], today) for task in tasks]
    due += [_of_member(row) for row in mine if row.spell_id]
    elsewhere = [_waits(case, _duty(by_case[case.pk])) for case in waits]
    elsewhere += [_member_waits(row) for row in others if row.spell_id]
    return WorkList(*(sorted(items, key=lambda item: item.order) for items in (due, elsewhere)))


def _waiting_cases(user: User, today: dt.date) -> QuerySet[Any]:
    waits = (Stage.BRANCH_RESOLVED, Stage.EXAMINED, Stage.DECIDED)
    mine = worklist.cases_of(user, today).order_by().values("pk")
    cases = Candidacy.objects.for_user(user, on=today).in_stage(*waits).exclude(pk__in=mine).at_base(today)
    return with_unit_name(cases, today).select_related("person")


def _deadlines(user: User, today: dt.date) -> tuple[list[Any], list[Any]]:
    """The open clocks that speak: of what is the reader's turn, and the duties of others in sight; one query."""
    of_cases = Q(candidacy__in=worklist.cases_of(user, today).order_by().values("pk"))
    my_turn = of_cases | _of_members(worklist.turns(user, today), today)
    in_sight = rights.organisations(user, rights.SEE_PEOPLE, on=today)
    found = Deadline.objects.open_on(today).filter(my_turn | in_sight & Q(kind__in=DUTIES))
    found = found.annotate(mine=Case(When(my_turn, then=True), default=False, output_field=BooleanField()))
    rows = with_unit_name(found, today).select_related("spell__person", "rule").order_by("due", "pk")
    speaking: list[Any] = [row for row in rows if _speaks(row, today)]
    return [row for row in speaking if row.mine], [row for row in speaking if not row.mine]


def groups(items: Iterable[Item], today: dt.date) -> list[tuple[str, list[Item]]]:
    """The items under the marks they have reached, in their order; only headings with something under them."""
    headings = {-1: "Quá hạn", 0: "Hôm nay"} | {mark: f"Trong {mark} ngày" for mark in MARKS if mark}
    found: dict[str, list[Item]] = {heading: [] for _, heading in sorted(headings.items())}
    found |= {"Sau 90 ngày": [], "Việc chưa có hạn": []}
    for item in items:
        mark = item.mark(today)
        later = "Việc chưa có hạn" if item.due is None else "Sau 90 ngày"
        found[later if mark is None else headings[mark]].append(item)
    return [(heading, lines) for heading, lines in found.items() if lines]


def _of_members(turns: Turns, on: dt.date) -> Q:
    """The clocks of members that are a reader's turn: the branch's own, and the decision for the Board."""
    mine = Q(kind__in=_BRANCH_KINDS, organisation__in=turns.own)
    if turns.deciding:
        mine |= Q(kind=Kind.RECOGNITION, organisation__in=tree.below(turns.deciding, on))
    return mine


def _speaks(deadline: Deadline, today: dt.date) -> bool:
    return deadline.kind not in _QUIET or deadline.due <= today + dt.timedelta(days=MARKS[0])


def _of_case(task: worklist.Task, deadlines: list[Deadline], today: dt.date) -> Item:
    """A step of a case, by the nearest duty; an old certificate comes before the step."""
    case = task.case
    old = next((row for row in deadlines if row.kind == Kind.CERTIFICATE and row.due < today), None)
    nearest = old or _duty(deadlines) or next(iter(deadlines), None)
    deed, url = task.step.verb, task.url
    if old is not None:
        deed, url = "Ghi chứng nhận mới", reverse("case_milestone", args=[case.pk, SLUGS[What.CERTIFICATE]])
    since = "hôm nay" if not task.days else f"{vietnamese.number(task.days)} ngày trước"
    words = f"{Stage(case.stage).label} từ {since}."
    if nearest is not None:
        words = f"{Stage(case.stage).label} từ {vietnamese.day(case.stage_day)}. {title(nearest.kind)}."
    if old is not None:
        words = "Chứng nhận lớp nhận thức hết giá trị: học lại trước khi chi bộ xét."
    return Item(
        case.person.name,
        case.get_absolute_url(),
        task.unit_name,
        words,
        deed,
        url,
        case.stage_day,
        nearest.due if nearest else None,
        nearest.rule if nearest else None,
    )


def _duty(deadlines: list[Any]) -> Any:
    """The nearest thing somebody must do in time, null where there is none."""
    return next((row for row in deadlines if row.kind in DUTIES), None)


def _of_member(row: Deadline) -> Item:
    deed, address, what = _MEMBER_DEEDS[Kind(row.kind)]
    more = [SLUGS[what]] if what else []
    return _about_member(row, deed, reverse(address, args=[row.spell_id, *more]))


def _member_waits(row: Deadline) -> Item:
    whom = "Ban Tổ chức" if row.kind == Kind.RECOGNITION else "chi bộ"
    return _about_member(row, "Xem đảng viên", row.get_absolute_url(), whom)


def _about_member(row: Any, deed: str, url: str, whom: str = "") -> Item:
    words = f"{_MEMBER_WORDS[Kind(row.kind)].format(start=vietnamese.day(row.start))} {title(row.kind)}."
    spell = row.spell
    return Item(
        spell.person.name,
        spell.get_absolute_url(),
        row.unit_name,
        words,
        deed,
        url,
        row.start,
        row.due,
        row.rule,
        whom,
    )


def _waits(case: Any, deadline: Deadline | None) -> Item:
    step = procedure.next_step(case.stage, under_committee=not case.at_base)
    whom = step.who if step else ""
    words = f"{Stage(case.stage).label} từ {vietnamese.day(case.stage_day)}."
    return Item(
        case.person.name,
        case.get_absolute_url(),
        case.unit_name,
        f"{words} {title(deadline.kind)}." if deadline else words,
        "Xem hồ sơ",
        case.get_absolute_url(),
        case.stage_day,
        deadline.due if deadline else None,
        deadline.rule if deadline else None,
        whom,
    )
