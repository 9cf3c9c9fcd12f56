"""Posts at units that end or become another kind: who goes on where, and with which role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from cells import vietnamese
from cells.organisations.models import Organisation
from cells.people.appoint import Appointment, appoint
from cells.people.models import Post, Role, User
from cells.verdict import Problem, Refused

#: The roles that a unit's own kind decides: a branch works as a branch, a committee as a committee.
_OF_A_KIND = (Role.BRANCH, Role.COMMITTEE)


def role_at(role: str, unit: Organisation, day: dt.date) -> str:
    """The role with which somebody of `role` goes on at `unit` on `day`."""
    if role not in _OF_A_KIND:
        return role
    return Role.BRANCH if unit.style(day).kind.is_branch else Role.COMMITTEE


def that_end(unit: Organisation, day: dt.date) -> QuerySet[Post]:
    """The posts that end with the unit on `day`; what is lent of them ends by itself."""
    return Post.objects.own().filter(organisation=unit, from_day__lt=day).during(day, None)


def unasked_problem(index: int, item: Any, unit: Organisation | None) -> Problem | None:
    """Why the unit cannot end yet: somebody came into a post after it was chosen who goes on where (field `posts`)."""
    if item.posts is None or unit is None or item.code in getattr(item, "into", ()):
        return None
    if not (new := that_end(unit, item.day).exclude(pk__in=item.posts).count()):
        return None
    count = vietnamese.number(new)
    message = (
        f"{count} chức vụ có từ sau khi chọn ai giữ chức vụ tiếp tục ở đâu; thôi việc đang chờ, ghi lại và chọn đủ."
    )
    return Problem(index, "posts", message)


def go_on(items: Sequence[Any], *, actor: User | None, today: dt.date) -> None:
    """Appoint the holders of posts that end with their unit where the items say: post's id → "code:office".

    Refused (field `posts`): a post that did not end with the unit that day, an unknown unit, and what `appoint` says.
    """
    for index, item in enumerate(items):
        chosen = {pk: where.rpartition(":") for pk, where in (item.posts or {}).items() if where}
        held = Post.objects.own().filter(to_day=item.day, organisation__code=item.code).select_related("person")
        posts = held.in_bulk(chosen)
        units = Organisation.objects.filter(code__in=[code for code, _, _ in chosen.values()])
        known = {unit.code: unit for unit in units}
        appointments = []
        for pk, (code, _, office) in chosen.items():
            if pk not in posts or code not in known:
                raise Refused(Problem(index, "posts", "Chức vụ hoặc tổ chức không còn như lúc xem; xem lại."))
            post, unit = posts[pk], known[code]
            role = role_at(post.role, unit, item.day)
            appointments.append(Appointment(post.person, unit, role, office, item.day))
        try:
            appoint(appointments, actor=actor, today=today) if appointments else None
        except Refused as refused:
            raise Refused(*(Problem(index, "posts", problem.message) for problem in refused.problems)) from None


def turn_posts(unit: Organisation, day: dt.date) -> None:
    """After a change of kind on `day`: the posts of the branch become posts of the committee, or the other way.

    What is lent of a post turns with it.
    """
    held = Post.objects.filter(organisation=unit, role__in=_OF_A_KIND).during(day, None)
    turned: dict[int, int] = {}  # a post and the one that goes on from it
    for post in [*held.own(), *held.exclude(delegated_from=None)]:
        role = role_at(post.role, unit, day)
        if role == post.role:
            continue
        if post.from_day < day:
            before, last = post.pk, post.to_day
            Post.objects.filter(pk=before).update(to_day=day)
            post.pk, post.role, post.from_day, post.to_day = None, role, day, last
            post.save(force_insert=True)
            turned[before] = post.pk
        else:
            _turn_from_its_start(post, role, day)
    for before, after in turned.items():
        Post.with_void.filter(delegated_from=before, from_day__gte=day).update(delegated_from=after)


def _turn_from_its_start(post: Post, role: str, day: dt.date) -> None:
    """Its first day is not before `day`: another role from the start, or one with the post it went on from."""
    before = Post.objects.filter(
        organisation=post.organisation_id, person=post.person_id, office=post.office, role=role, to_day=day
    ).first()
    if post.from_day > day or before is None:
        Post.objects.filter(pk=post.pk).update(role=role)
        return
    Post.with_void.filter(delegated_from=post).update(delegated_from=before)
    post.delete()
    Post.objects.filter(pk=before.pk).update(to_day=post.to_day)
