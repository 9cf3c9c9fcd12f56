"""The deed that lends a post: somebody else has its rights until a day (ủy quyền)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells.log.write import record_rows
from cells.people import power
from cells.people.appoint import meet
from cells.people.models import Office, Person, Post, User
from cells.verdict import Problem, Refused, still_to_come


@dataclass(frozen=True)
class Delegation:
    """The post `post_id` lent to a person for the days `[from_day, to_day)`."""

    post_id: int
    person: Person
    from_day: dt.date
    to_day: dt.date


@transaction.atomic
def delegate(items: Sequence[Delegation], *, actor: User | None, today: dt.date) -> list[Post]:
    """Lend posts: each gives a post of the same unit and role, until `to_day` or the end of the one lent.

    Refused (fields `person`, `from_day`, `to_day`, ""): a post that is itself lent or administers, one that is not
    the actor's to lend (`power.may_delegate`), to its holder, to somebody who has it lent, days out of order, after
    `today` or on which the post is not held.
    """
    found = Post.objects.select_for_update(of=("self",)).select_related("delegated_from", "organisation")
    posts = found.in_bulk([item.post_id for item in items])
    problems = []
    for index, item in enumerate(items):
        verdict = power.may_delegate(actor, posts[item.post_id], today=today)
        if not verdict:
            problems.append(Problem(index, "", verdict.reason))
    lent: list[Post] = []
    for index, item in enumerate(items) if not problems else ():
        post = posts[item.post_id]
        problems += _problems(index, item, post, lent, today)
        lent.append(_lent(post, item))
    if problems:
        raise Refused(*problems)
    Post.objects.bulk_create(lent)
    note = lent[0].days_text if len(lent) == 1 else ""
    record_rows("delegate", lent, actor=actor, subject="post", note=note)
    return lent


def _problems(index: int, item: Delegation, post: Post, beside: list[Post], today: dt.date) -> list[Problem]:
    """`beside`: what the same deed lends."""
    problems = []
    if item.person.pk is None:
        problems.append(Problem(index, "person", "Người này chưa có trong danh sách; nhập người trước."))
    elif item.person.pk == post.person_id:
        problems.append(Problem(index, "person", "Người này đang giữ chính chức vụ đó; chọn người khác."))
    if item.from_day > today:
        problems.append(Problem(index, "from_day", still_to_come(item.from_day)))
    elif not post.holds_on(item.from_day):
        problems.append(Problem(index, "from_day", f"Chức vụ này được giữ {post.days_text}; ghi ngày trong khoảng đó."))
    if item.to_day <= item.from_day:
        problems.append(Problem(index, "to_day", "Ngày cuối ủy quyền không thể trước ngày bắt đầu."))
    if not problems and _has_it_lent(item, post, beside):
        problems.append(Problem(index, "person", "Người này đang được ủy quyền cùng vai trò ở tổ chức này."))
    return problems


def _has_it_lent(item: Delegation, post: Post, beside: list[Post]) -> bool:
    before = Post.objects.filter(person=item.person, organisation=post.organisation_id, role=post.role)
    same = [*before.filter(office=Office.DELEGATE), *(lent for lent in beside if _is_same(lent, item, post))]
    return any(meet(item, lent) for lent in same)


def _is_same(lent: Post, item: Delegation, post: Post) -> bool:
    return (lent.person_id, lent.organisation_id, lent.role) == (item.person.pk, post.organisation_id, post.role)


def _lent(post: Post, item: Delegation) -> Post:
    return Post(
        person=item.person,
        organisation=post.organisation,
        role=post.role,
        office=Office.DELEGATE,
        delegated_from=post,
        from_day=item.from_day,
        to_day=item.to_day if post.to_day is None else min(item.to_day, post.to_day),
    )
