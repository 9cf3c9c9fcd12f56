"""Deeds on accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from cells.log.write import record
from cells.people.models import Person, User
from cells.verdict import Problem, Refused


@dataclass(frozen=True)
class Account:
    """An account to be. Without a person it holds no post, so it sees nothing but Django admin."""

    username: str
    password: str
    person: Person | None = None
    is_staff: bool = False
    is_superuser: bool = False


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
