"""Who helps a candidate or a probationary member, and how many people each helps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.people.models import Person, User
from cells.verdict import Problem, Refused, refuse
from membership.around.locked import day_problems, finish, lock
from membership.around.models import Helper
from membership.around.standing import full_members, member_problem, spells_of
from membership.models import ENDS, Candidacy, Spell

KEPT = "Chi bộ có sổ đảng viên; chọn đảng viên trong danh sách."


@dataclass(frozen=True)
class Assignment:
    """`person` of the register, or `name` where the branch keeps none; from `day` on, by the paper `number`."""

    case: Candidacy
    day: dt.date
    person: Person | None = None
    name: str = ""
    number: str = ""


@transaction.atomic
def assign_helper(item: Assignment, *, actor: User | None, today: dt.date, version: int | None = None) -> Helper:
    """Tell a full member to help.

    Refused (fields `person`, `name`, `day`): a day to come or before the person was put on the list, nobody, oneself,
    no full member of the branch on that day, a typed name where the register is kept, somebody who helps already;
    a closed case. `Stale`: changed since `version`.
    """
    case = lock(item.case, version, on_probation=True)
    problems = day_problems(case, today, day=item.day)
    if item.day < case.listed_on:
        listed = vietnamese.day(case.listed_on)
        problems.append(Problem(0, "day", f"Ngày này ở trước ngày chi bộ giới thiệu ({listed})."))
    problems += who_problems(case, item.person, item.name, item.day)
    if not problems and _helps_already(case, item):
        problems.append(Problem(0, "person" if item.person else "name", "Người này đang giúp đỡ rồi."))
    if problems:
        raise Refused(*problems)
    helper = Helper.objects.create(
        candidacy=case,
        person=item.person,
        name="" if item.person else vietnamese.clean(item.name),
        number=vietnamese.clean(item.number),
        from_day=item.day,
    )
    finish("assign_helper", case, actor, {"from_day": item.day, "number": helper.number})
    return helper


@transaction.atomic
def end_helper(
    helper: Helper, last_day: dt.date, *, actor: User | None, today: dt.date, version: int | None = None
) -> Helper:
    """The helper helped until the end of `last_day`. Refused (field `day`): to come, or before the first day."""
    case = lock(helper.candidacy, version, on_probation=True)
    held = Helper.objects.select_for_update().get(pk=helper.pk)
    if held.void or held.to_day is not None:
        raise refuse("Người này đã thôi giúp đỡ.")
    problems = day_problems(case, today, day=last_day)
    if last_day < held.from_day:
        first = vietnamese.day(held.from_day)
        problems.append(Problem(0, "day", f"Ngày này ở trước ngày được phân công ({first})."))
    if problems:
        raise Refused(*problems)
    held.to_day = last_day + ONE_DAY
    held.save(update_fields=["to_day"])
    finish("end_helper", case, actor, {"to_day": held.to_day})
    return held


def who_problems(case: Candidacy, person: Person | None, name: str, day: dt.date) -> list[Problem]:
    """Whether `person` (or, where no register is kept, the typed `name`) may help or introduce on `day`."""
    branch = case.unit_on(day).pk
    if person is not None:
        told = member_problem(person, case, branch, day, spells_of([person.pk]).get(person.pk, []))
        return [Problem(0, "person", told)] if told else []
    if full_members(branch, day):
        return [Problem(0, "person", KEPT)]
    return name_problems(case, name)


def name_problems(case: Candidacy, name: str) -> list[Problem]:
    """Whether a typed `name` is there and somebody else's."""
    if not vietnamese.clean(name):
        return [Problem(0, "name", "Ghi họ và tên.")]
    if vietnamese.fold(name) == vietnamese.fold(case.person.name):
        return [Problem(0, "name", f"{case.person.name} là chính người đang được xét; ghi tên đảng viên khác.")]
    return []


def load_of(persons: Collection[int], on: dt.date) -> Counter[int]:
    """Person's id → how many people they help on `on`, everywhere; one query."""
    on_probation = Spell.objects.filter(
        candidacy=OuterRef("candidacy"), to_day__isnull=True, standing=Spell.Standing.PROBATIONARY
    )
    needed = ~Q(candidacy__stage__in=ENDS) | Q(Exists(on_probation))
    rows = Helper.objects.valid().on(on).filter(needed, person__in=persons)
    return Counter(rows.values_list("person_id", flat=True))


def _helps_already(case: Candidacy, item: Assignment) -> bool:
    open_rows = Helper.objects.valid().filter(candidacy=case, to_day=None)
    if item.person is not None:
        return open_rows.filter(person=item.person).exists()
    wanted = vietnamese.fold(item.name)
    return any(vietnamese.fold(name) == wanted for name in open_rows.values_list("name", flat=True))
