"""Deeds on posts: appoint, relieve, withdraw what was entered by mistake. Rights begin and end with the post."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.log.write import record_rows
from cells.organisations.models import Organisation, Place
from cells.people import power
from cells.people.models import OFFICES, Office, Person, Post, Role, User
from cells.verdict import Problem, Refused, Verdict, still_to_come


@dataclass(frozen=True)
class Appointment:
    """Somebody to a post at a unit, for the days `[from_day, to_day)`."""

    person: Person
    organisation: Organisation
    role: str
    office: str
    from_day: dt.date
    to_day: dt.date | None = None


@dataclass(frozen=True)
class Relief:
    """The end of a post; `day` is the first day without it."""

    post_id: int
    day: dt.date


@dataclass(frozen=True)
class Withdrawal:
    """A post entered by mistake: it is as if it had never been held."""

    post_id: int
    reason: str


@transaction.atomic
def appoint(items: Sequence[Appointment], *, actor: User | None, today: dt.date) -> list[Post]:
    """Give posts; the rights of the role begin on `from_day`.

    Refused (fields `person`, `role`, `office`, `from_day`, `to_day`): what `power.Giver.may_give` does not let
    `actor` give, an office that does not go with the role, a person not entered yet, days after `today` or out of
    order or on which the unit does not stand, a role the person holds there already, a second secretary on one day.
    """
    problems = _right_problems(items, actor, today)
    problems = problems or [
        problem for index, item in enumerate(items) for problem in _item_problems(index, item, today)
    ]
    if not problems:
        problems = _place_problems(items) + _overlap_problems(items)
    if problems:
        raise Refused(*problems)
    posts = Post.objects.bulk_create(
        [
            Post(
                person=item.person,
                organisation=item.organisation,
                role=item.role,
                office=item.office,
                from_day=item.from_day,
                to_day=item.to_day,
            )
            for item in items
        ],
        batch_size=500,
    )
    record_rows("appoint", posts, actor=actor, subject="post")
    return posts


@transaction.atomic
def relieve(items: Sequence[Relief], *, actor: User | None, today: dt.date) -> list[Post]:
    """End posts, and with them their rights and what was lent of them.

    Refused (`day`): a last day after `today`, not after the start, ended before; (""): posts that are not the
    actor's to end, the actor's own last power over posts, the last administrator (`power.keeps_power`).
    """
    posts = _locked([item.post_id for item in items])
    problems = _end_problems(posts, actor, today)
    for index, (item, post) in enumerate(zip(items, posts, strict=True)):
        if item.day > today + ONE_DAY:
            problems.append(Problem(index, "day", still_to_come(item.day - ONE_DAY)))
        elif item.day <= post.from_day:
            first = vietnamese.day(post.from_day)
            problems.append(Problem(index, "day", f"Ngày cuối giữ chức vụ không thể trước ngày nhận ({first})."))
        elif post.to_day is not None and post.to_day <= item.day:
            problems.append(
                Problem(index, "day", f"Chức vụ này chỉ đến hết ngày {vietnamese.day(post.to_day - ONE_DAY)}.")
            )
    if problems:
        raise Refused(*problems)
    changes = {}
    for item, post in zip(items, posts, strict=True):
        changes[f"{post.pk} to_day" if len(posts) > 1 else "to_day"] = (post.to_day, item.day)
        post.to_day = item.day
    Post.objects.bulk_update(posts, ["to_day"])
    _end_lent({post.pk: item.day for item, post in zip(items, posts, strict=True)})
    record_rows("relieve", posts, actor=actor, subject="post", changes=changes)
    return posts


@transaction.atomic
def withdraw(items: Sequence[Withdrawal], *, actor: User | None, today: dt.date) -> list[Post]:
    """Take back posts that were entered by mistake, and what was lent of them; the rows stay, marked void.

    Refused (`reason`): without one; (""): as `relieve`.
    """
    posts = _locked([item.post_id for item in items])
    reasons = [vietnamese.clean(item.reason) for item in items]
    problems = _end_problems(posts, actor, today)
    problems += [Problem(index, "reason", "Ghi lý do.") for index, reason in enumerate(reasons) if not reason]
    if problems:
        raise Refused(*problems)
    for post in posts:
        post.void = True
    ids = [post.pk for post in posts]
    Post.objects.filter(delegated_from__in=ids).update(void=True)
    Post.objects.filter(pk__in=ids).update(void=True)
    several = len(posts) > 1
    changes = {
        f"{post.pk} reason" if several else "reason": ("", reason) for post, reason in zip(posts, reasons, strict=True)
    }
    record_rows("withdraw", posts, actor=actor, subject="post", changes=changes)
    return posts


def _locked(ids: Sequence[int]) -> list[Post]:
    found = Post.objects.select_for_update(of=("self",)).select_related("delegated_from", "organisation").in_bulk(ids)
    return [found[pk] for pk in ids]


def _end_lent(ended: dict[int, dt.date]) -> None:
    """Posts lent from those `ended` (post → first day without it) end with them; one lent only later never was."""
    for post, day in ended.items():
        lent: QuerySet[Post] = Post.objects.filter(delegated_from=post)
        lent.filter(from_day__gte=day).update(void=True)
        lent.filter(to_day__gt=day).update(to_day=day)


def _right_problems(items: Sequence[Appointment], actor: User | None, today: dt.date) -> list[Problem]:
    if actor is None:
        return []
    givers = {unit: power.giver(actor, unit, today=today) for unit in {item.organisation.pk for item in items}}
    problems = []
    for index, item in enumerate(items):
        verdict = givers[item.organisation.pk].may_give(item.role, item.office, item.person.pk)
        if not verdict:
            field = "office" if verdict.reason == power.FROM_ABOVE else "role"
            problems.append(Problem(index, field, verdict.reason))
    return problems


def _end_problems(posts: Sequence[Post], actor: User | None, today: dt.date) -> list[Problem]:
    """Why `actor` may not end these posts, whenever that is."""

    def verdict(post: Post) -> Verdict:
        return power.may_end(actor, post, today=today)

    if actor is not None:
        refused = [(index, verdict(post)) for index, post in enumerate(posts)]
        problems = [Problem(index, "", one.reason) for index, one in refused if not one]
        if problems:
            return problems
    kept = power.keeps_power(actor, posts, today=today)
    return [] if kept else [Problem(0, "", kept.reason)]


def _item_problems(index: int, item: Appointment, today: dt.date) -> list[Problem]:
    problems = []
    if item.person.pk is None:
        problems.append(Problem(index, "person", "Người này chưa có trong danh sách; nhập người trước."))
    if item.office not in OFFICES[Role(item.role)]:
        offices = " hoặc ".join(f"«{Office(office).label}»" for office in OFFICES[Role(item.role)])
        problems.append(Problem(index, "office", f"Vai trò «{Role(item.role).label}» đi với chức vụ {offices}."))
    if item.from_day > today:
        problems.append(Problem(index, "from_day", still_to_come(item.from_day)))
    if item.to_day is not None and item.to_day <= item.from_day:
        problems.append(Problem(index, "to_day", "Ngày cuối giữ chức vụ không thể trước ngày nhận."))
    return problems


def _place_problems(items: Sequence[Appointment]) -> list[Problem]:
    places = Place.objects.by_unit({item.organisation.pk for item in items})
    problems = []
    for index, item in enumerate(items):
        spans = _spans(places[item.organisation.pk])
        span = next(
            (span for span in spans if span[0] <= item.from_day and (span[1] is None or item.from_day < span[1])), None
        )
        if span is None:
            problems.append(Problem(index, "from_day", _not_there(item.from_day, spans)))
        elif span[1] is not None and (item.to_day is None or item.to_day > span[1]):
            last = vietnamese.day(span[1] - ONE_DAY)
            message = f"Tổ chức này chỉ hoạt động đến hết ngày {last}; ghi ngày cuối giữ chức vụ không sau ngày đó."
            problems.append(Problem(index, "to_day", message))
    return problems


def _spans(places: Iterable[Place]) -> list[tuple[dt.date, dt.date | None]]:
    """When a unit stands, places that touch put together."""
    spans: list[tuple[dt.date, dt.date | None]] = []
    for place in sorted(places, key=lambda place: place.from_day):
        start = spans.pop()[0] if spans and spans[-1][1] == place.from_day else place.from_day
        spans.append((start, place.to_day))
    return spans


def _not_there(day: dt.date, spans: Sequence[tuple[dt.date, dt.date | None]]) -> str:
    said = f"Tổ chức này không hoạt động ngày {vietnamese.day(day)}"
    if spans and day < spans[0][0]:
        return f"{said}: chỉ có từ ngày {vietnamese.day(spans[0][0])}."
    return f"{said}."


def _overlap_problems(items: Sequence[Appointment]) -> list[Problem]:
    """One secretary a unit on any day; nobody twice in the same role."""
    held: dict[int, list[Post | Appointment]] = defaultdict(list)
    units = {item.organisation.pk for item in items}
    for post in Post.objects.own().filter(organisation__in=units).select_related("person"):
        held[post.organisation_id].append(post)
    problems = []
    for index, item in enumerate(items):
        for other in held[item.organisation.pk]:
            if not meet(item, other):
                continue
            if (item.person.pk, item.role) == (other.person.pk, other.role):
                problems.append(Problem(index, "person", _held_already(other)))
            elif item.office == other.office == Office.SECRETARY:
                message = "Tổ chức này đang có bí thư; kết thúc chức vụ cũ trước."
                problems.append(Problem(index, "office", message))
        held[item.organisation.pk].append(item)
    return problems


def _held_already(other: Post | Appointment) -> str:
    office = Office(other.office).label
    until = "" if other.to_day is None else f" đến hết ngày {vietnamese.day(other.to_day - ONE_DAY)}"
    return f"Người này giữ chức vụ «{office}» ở tổ chức này{until}; ghi thôi chức vụ đó trước."


def meet(one: Any, other: Any) -> bool:
    """Whether the half-open intervals `[from_day, to_day)` of two things share a day."""
    return (one.to_day is None or other.from_day < one.to_day) and (other.to_day is None or one.from_day < other.to_day)
