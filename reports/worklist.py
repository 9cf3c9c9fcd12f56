"""The work list of a reader: what is to be done, by when, and what their people wait for from others.

In the order of the legal deadlines; what has none comes last, the oldest first. From the same rows as every number of
deadlines (`membership.deadlines.models.Deadline`), within the reader's rights.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cells import vietnamese
from cells.organisations import tree
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import User
from cells.rules.models import Rule
from membership import procedure, worklist
from membership.claims.models import answering, asking
from membership.deadlines.models import DUTIES, MARKS, VALIDITIES, Kind, Milestone
from membership.deadlines.words import SLUGS, title
from membership.models import Candidacy, Deadline, SecondClaim, Stage
from membership.recognition.way import Turn, told, ways, who_acts
from membership.views.recognition import DEEDS
from membership.worklist import with_unit_name
from targets.models import Sources

What = Milestone.What
#: clocks that speak up only from the first mark on, or when they have run out
_QUIET = (*VALIDITIES, Kind.PROBATION)
_BRANCH_KINDS = (Kind.MEMBER_FILE, Kind.PROBATION, Kind.REVIEW)
#: what the votes and the decision at the end of a probation are in time for
_END_OF_PROBATION = (Kind.REVIEW, Kind.RECOGNITION)


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
    since: dt.date | None
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
        since = self.since or dt.date.min  # not known: older than any day kept
        return (self.due is None, self.due or since, since, self.person_url)


@dataclass(frozen=True)
class WorkList:
    """`due`: what is the reader's turn to do. `elsewhere`: what people whose names the reader sees wait for from
    others, from the branch's resolution on; before it everything is the branch's own."""

    due: list[Item]
    elsewhere: list[Item]


def of(user: User, today: dt.date) -> WorkList:
    """The work list of `user`, in a fixed number of queries."""
    tasks, waits = worklist.waiting(user, today), list(_waiting_cases(user, today))
    rows = _deadlines(user, today)
    by_case: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if row.candidacy_id:
            by_case[row.candidacy_id].append(row)
    due = [_of_case(task, by_case[task.case.pk], today) for task in tasks]
    elsewhere = [_waits(case, _duty(by_case[case.pk])) for case in waits]
    for item, mine in _of_members([row for row in rows if row.spell_id], user, today):
        (due if mine else elsewhere).append(item)
    due += [*_claims(user, today), *_sources(user, today)]
    return WorkList(*(sorted(items, key=lambda item: item.order) for items in (due, elsewhere)))


def _waiting_cases(user: User, today: dt.date) -> QuerySet[Any]:
    waits = (Stage.BRANCH_RESOLVED, Stage.EXAMINED, Stage.DECIDED)
    mine = worklist.cases_of(user, today).order_by().values("pk")
    cases = Candidacy.objects.for_user(user, on=today).in_stage(*waits).exclude(pk__in=mine)
    cases = cases.at_base(today).outdated_on(today)
    return with_unit_name(cases, today).select_related("person")


def _deadlines(user: User, today: dt.date) -> list[Any]:
    """The open clocks that speak, the nearest first: of the reader's own cases and branches, and the duties of others
    in sight; one query."""
    of_cases = Q(candidacy__in=worklist.cases_of(user, today).order_by().values("pk"))
    of_branches = Q(kind__in=_BRANCH_KINDS, organisation__in=worklist.turns(user, today).own)
    in_sight = rights.organisations(user, rights.SEE_PEOPLE, on=today)
    found = Deadline.objects.open_on(today).filter(of_cases | of_branches | in_sight & Q(kind__in=DUTIES))
    rows = with_unit_name(found, today).select_related("spell__person", "spell__organisation", "rule")
    return [row for row in rows.order_by("due", "pk") if _speaks(row, today)]


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


def _speaks(deadline: Deadline, today: dt.date) -> bool:
    return deadline.kind not in _QUIET or deadline.due <= today + dt.timedelta(days=MARKS[0])


def _of_case(task: worklist.Task, deadlines: list[Deadline], today: dt.date) -> Item:
    """A step of a case, by the nearest duty; an old certificate comes before the step."""
    case = task.case
    old = next((row for row in deadlines if row.kind == Kind.CERTIFICATE and row.due < today), None)
    nearest = old or _duty(deadlines) or next(iter(deadlines), None)
    if task.step == procedure.REDO:
        nearest = next((row for row in deadlines if row.kind == Kind.DOSSIER), None)
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


def _of_members(rows: list[Any], user: User, today: dt.date) -> Iterator[tuple[Item, bool]]:
    """A line for each clock of a member, and whether it is the reader's turn."""
    turns = worklist.turns(user, today)
    below = {name: _below(getattr(turns, name), today) for name in ("examining", "deciding")}
    spells = {row.spell_id: row.spell for row in rows if row.kind in _END_OF_PROBATION}
    found = {way.spell.pk: way for way in ways(spells.values(), today)}
    for row in rows:
        way = found.get(row.spell_id)
        if row.kind not in _END_OF_PROBATION or way is None or way.turn not in DEEDS:
            mine = row.organisation_id in turns.own
            yield _of_branch(row, whom="" if mine else "chi bộ"), mine
            continue
        mine = {
            Turn.BRANCH: row.organisation_id in turns.own,
            Turn.COMMITTEE: row.organisation_id in below["examining"],
        }.get(way.turn, row.organisation_id in below["deciding"])
        _, deed, name = DEEDS[way.turn]
        yield _about_member(row, told(way, way.turn), deed, name, whom="" if mine else who_acts(way.turn)), mine


def _claims(user: User, today: dt.date) -> Iterator[Item]:
    """Wishes of second branches: to answer, and answers to read."""
    to_answer = SecondClaim.objects.to_answer(user, on=today)
    told_branch = SecondClaim.objects.asked_by(user, on=today).filter(answered_on__isnull=False)
    found = list(with_unit_name((to_answer | told_branch).select_related("person"), today))
    over, own = (
        _standing_for(units, today) if found else {} for units in (answering(user, today), asking(user, today))
    )
    for second in found:
        answered = second.answered_on is not None
        code = own[second.organisation_id] if answered else over[second.superior_id]
        url = reverse("claim_told" if answered else "claim_answer", args=[code, second.pk])
        words = "Chi bộ này đề nghị theo dõi một người đã có nơi khác theo dõi."
        words = f"Cấp ủy đã trả lời: {second.answer}" if answered else words
        deed = "Xem trả lời" if answered else "Trả lời chi bộ"
        yield Item(second.person.name, url, second.unit_name, words, deed, url, second.answered_on or second.asked_on)


def _standing_for(units: Collection[int], today: dt.date) -> dict[int, str]:
    """One of `units`, or a unit gone that it carries on → the code of the one that stands."""
    codes = dict(Organisation.objects.filter(pk__in=units).values_list("pk", "code"))
    return {unit: codes[by] for unit, by in tree.carried_on_each(units, today)}


def _sources(user: User, today: dt.date) -> Iterator[Item]:
    """Units that say they are out of sources: to answer, and refusals to read; the unit stands for the person."""
    to_answer, to_read = Sources.objects.to_answer(user, on=today), Sources.objects.answered_to(user, on=today)
    for row in with_unit_name((to_answer | to_read).select_related("organisation"), today):
        code, words = row.organisation.code, f"Báo hết nguồn năm {row.year}: {row.reason}."
        deed, url, since = "Trả lời đơn vị", reverse("sources_waiting", args=[code]), row.said_on
        if row.state == Sources.State.REFUSED:
            words = f"Cấp trên không chấp nhận hết nguồn năm {row.year}: {row.answer}"
            deed, url, since = "Xem trả lời", reverse("sources", args=[code, row.year]), row.settled_on
        yield Item(row.unit_name, url, "", words, deed, url, since)


def _below(units: frozenset[int], on: dt.date) -> frozenset[int]:
    return frozenset(Organisation.objects.filter(pk__in=tree.below(units, on)).values_list("pk", flat=True))


def _of_branch(row: Any, *, whom: str) -> Item:
    """What the branch does by itself: the member's file, and getting ready for the vote."""
    if row.kind == Kind.MEMBER_FILE:
        words = f"Lễ kết nạp ngày {vietnamese.day(row.start)}."
        return _about_member(
            row, words, "Ghi đã hoàn thành lý lịch", "member_milestone", SLUGS[What.MEMBER_FILE], whom=whom
        )
    words = "Chuẩn bị bản tự kiểm điểm, nhận xét để chi bộ xét công nhận."
    return _about_member(row, words, "Xem đảng viên", "member", whom=whom)


def _about_member(row: Any, words: str, deed: str, name: str, *more: str, whom: str = "") -> Item:
    spell = row.spell
    return Item(
        spell.person.name,
        spell.get_absolute_url(),
        row.unit_name,
        f"{words} {title(row.kind)}.",
        "Xem đảng viên" if whom else deed,
        spell.get_absolute_url() if whom else reverse(name, args=[spell.pk, *more]),
        row.start,
        row.due,
        row.rule,
        whom,
    )


def _waits(case: Any, deadline: Deadline | None) -> Item:
    step = procedure.next_step(case.stage, under_committee=not case.at_base, outdated=case.outdated)
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
