"""The deed that puts a committee member in charge of several units at once (cấp ủy viên phụ trách)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.organisations.models import Organisation
from cells.people.appoint import Appointment, Relief, appoint, relieve
from cells.people.models import Office, Person, Post, Role, User
from cells.verdict import Problem, Refused


@transaction.atomic
def put_in_charge(
    person: Person,
    units: Sequence[Organisation],
    *,
    from_day: dt.date,
    to_day: dt.date | None = None,
    instead: bool,
    actor: User | None,
    today: dt.date,
) -> list[Post]:
    """A post as `Role.SUPERVISOR` at each of `units` (with `name`) for the days `[from_day, to_day)`.

    `instead`: whoever is in charge there ends the day before. Refused as `appoint` and `relieve`, what is wrong with
    one of the units under the field `units`, with its name.
    """
    if not units:
        raise Refused(Problem(0, "units", "Chọn ít nhất một đơn vị."))
    if instead:
        _end_others(person, units, from_day, actor=actor, today=today)
    items = [Appointment(person, unit, Role.SUPERVISOR, Office.MEMBER, from_day, to_day) for unit in units]
    try:
        return appoint(items, actor=actor, today=today)
    except Refused as refused:
        raise Refused(*_once_each(refused.problems, units)) from None


def _end_others(
    person: Person, units: Sequence[Organisation], from_day: dt.date, *, actor: User | None, today: dt.date
) -> None:
    """Relieve those in charge who go on into `from_day`; one who begins later stands against it."""
    posts = Post.objects.own().filter(role=Role.SUPERVISOR, organisation__in=units).during(from_day, None)
    names = {unit.pk: unit.name for unit in units}  # given by `styled`
    others = list(posts.exclude(person=person).select_related("person"))
    later = [post for post in others if post.from_day >= from_day]
    if later:
        raise Refused(
            *(
                Problem(
                    0,
                    "units",
                    f"{names[post.organisation_id]}: {post.person.name} phụ trách từ ngày "
                    f"{vietnamese.day(post.from_day)}; ghi ngày bắt đầu sau ngày đó.",
                )
                for post in later
            )
        )
    if others and from_day <= today + ONE_DAY:  # a day to come is refused by the appointment
        relieve([Relief(post.pk, from_day) for post in others], actor=actor, today=today)


def _once_each(problems: Sequence[Problem], units: Sequence[Organisation]) -> list[Problem]:
    """What is wrong with all units said once at its field, what is wrong with some of them by name."""
    by_message: dict[tuple[str, str], list[int]] = {}
    for problem in problems:
        by_message.setdefault((problem.field, problem.message), []).append(problem.index)
    found = []
    for (field, message), indices in by_message.items():
        if len(indices) == len(units) and field != "person":
            found.append(Problem(0, field, message))
        else:
            found += [Problem(0, "units", f"{units[index].name}: {message}") for index in indices]
    return found
