"""Deeds on posts and accounts: appoint, relieve, create accounts. Rights begin and end with the post."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from cells import vietnamese
from cells.log.write import record, record_rows
from cells.organisations.models import Organisation, Place
from cells.people.models import Office, Person, Post, User
from cells.verdict import Problem, Refused, still_to_come


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
class Account:
    """An account to be. Without a person it holds no post, so it sees nothing but Django admin."""

    username: str
    password: str
    person: Person | None = None
    is_staff: bool = False
    is_superuser: bool = False


@transaction.atomic
def appoint(items: Sequence[Appointment], *, actor: User | None, today: dt.date) -> list[Post]:
    """Give posts; the rights of the role begin on `from_day`.

    Refused (fields `person`, `organisation`, `from_day`, `to_day`, `office`): a person not entered yet, a unit that
    does not stand on the first day, days after `today` or out of order, a post the person holds already, a second
    secretary on one day.
    """
    problems = [problem for index, item in enumerate(items) for problem in _item_problems(index, item, today)]
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
    """End posts, and with them their rights. Refused (`day`): after `today`, not after the start, ended before."""
    found = Post.objects.select_for_update().in_bulk([item.post_id for item in items])
    posts = [found[item.post_id] for item in items]
    problems = []
    for index, (item, post) in enumerate(zip(items, posts, strict=True)):
        if item.day > today:
            problems.append(Problem(index, "day", still_to_come(item.day)))
        elif item.day <= post.from_day:
            problems.append(Problem(index, "day", f"Ngày thôi phải sau ngày nhận ({vietnamese.day(post.from_day)})."))
        elif post.to_day is not None and post.to_day <= item.day:
            problems.append(Problem(index, "day", f"Chức vụ này đã thôi từ ngày {vietnamese.day(post.to_day)}."))
    if problems:
        raise Refused(*problems)
    for item, post in zip(items, posts, strict=True):
        post.to_day = item.day
    Post.objects.bulk_update(posts, ["to_day"])
    record_rows("relieve", posts, actor=actor, subject="post")
    return posts


@transaction.atomic
def create_account(items: Sequence[Account], *, actor: User | None) -> list[User]:
    """Open accounts. Refused (fields `username`, `password`, `person`): a name taken or not allowed, a weak password,
    a person who has an account.
    """
    users = [
        User(
            username=User.normalize_username(item.username.strip()),
            person=item.person,
            is_staff=item.is_staff,
            is_superuser=item.is_superuser,
        )
        for item in items
    ]
    problems = _account_problems(items, users)
    if problems:
        raise Refused(*problems)
    for item, user in zip(items, users, strict=True):
        user.set_password(item.password)
    User.objects.bulk_create(users)
    one = users[0] if len(users) == 1 else None
    record("create_account", actor=actor, subject="user", subject_id=one.pk if one else None, count=len(users))
    return users


def _item_problems(index: int, item: Appointment, today: dt.date) -> list[Problem]:
    problems = []
    if item.person.pk is None:
        problems.append(Problem(index, "person", "Người này chưa có trong danh sách; nhập người trước."))
    if item.from_day > today:
        problems.append(Problem(index, "from_day", still_to_come(item.from_day)))
    if item.to_day is not None and item.to_day <= item.from_day:
        problems.append(Problem(index, "to_day", "Ngày thôi chức vụ phải sau ngày nhận."))
    return problems


def _place_problems(items: Sequence[Appointment]) -> list[Problem]:
    places = Place.objects.by_unit({item.organisation.pk for item in items})
    return [
        Problem(index, "organisation", f"Tổ chức này không hoạt động ngày {vietnamese.day(item.from_day)}.")
        for index, item in enumerate(items)
        if not any(place.holds_on(item.from_day) for place in places[item.organisation.pk])
    ]


def _overlap_problems(items: Sequence[Appointment]) -> list[Problem]:
    """One secretary a unit on any day; nobody twice in the same post."""
    held: dict[int, list[Post | Appointment]] = defaultdict(list)
    for post in Post.objects.filter(organisation__in={item.organisation.pk for item in items}):
        held[post.organisation_id].append(post)
    problems = []
    for index, item in enumerate(items):
        for other in held[item.organisation.pk]:
            if not _meet(item, other):
                continue
            if (item.person.pk, item.role, item.office) == (other.person.pk, other.role, other.office):
                problems.append(Problem(index, "person", "Người này đang giữ chức vụ đó ở tổ chức này."))
            elif item.office == other.office == Office.SECRETARY:
                message = "Tổ chức này đang có bí thư; kết thúc chức vụ cũ trước."
                problems.append(Problem(index, "office", message))
        held[item.organisation.pk].append(item)
    return problems


def _meet(one: Post | Appointment, other: Post | Appointment) -> bool:
    """Whether two half-open intervals share a day."""
    return (one.to_day is None or other.from_day < one.to_day) and (other.to_day is None or one.from_day < other.to_day)


def _account_problems(items: Sequence[Account], users: Sequence[User]) -> list[Problem]:
    names = {name.lower() for name in User.objects.values_list("username", flat=True)}
    owners = set(User.objects.filter(person__isnull=False).values_list("person_id", flat=True))
    problems = []
    for index, (item, user) in enumerate(zip(items, users, strict=True)):
        if user.username.lower() in names:
            problems.append(Problem(index, "username", f"Tên đăng nhập «{user.username}» đã có người dùng."))
        elif wrong := _name_problem(user):
            problems.append(Problem(index, "username", wrong))
        if item.person is not None and item.person.pk in owners:
            problems.append(Problem(index, "person", "Người này đã có tài khoản."))
        try:
            validate_password(item.password, user)
        except ValidationError as error:
            problems += [Problem(index, "password", message) for message in error.messages]
        names.add(user.username.lower())
        owners |= {item.person.pk} if item.person else set()
    return problems


def _name_problem(user: User) -> str:
    try:
        user.clean_fields(exclude={"password", "person", "last_login", "email"})
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
