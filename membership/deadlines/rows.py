"""The derived rows of the clocks: kept right by every deed, and rebuilt from nothing by a command."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from cells.people.models import Person
from membership import workdays
from membership.deadlines import clocks
from membership.deadlines.clocks import CaseDays, Clock, Clockwork
from membership.deadlines.known import Way, ways
from membership.deadlines.models import Deadline
from membership.models import Candidacy, Spell

PEOPLE_AT_ONCE = 1000
_TOLD = ("start", "due", "extended", "assumed", "provisional", "ended_on", "outcome")

Key = tuple[int | None, int | None, str]  # case, spell, kind


def clockwork() -> Clockwork:
    """The rules and the calendar as they are now; two queries."""
    return Clockwork(clocks.rules(), workdays.calendar())


def clocks_of(way: Way, work: Clockwork) -> list[Clock]:
    """The clocks of a case or an admission, from nothing but what is known of it."""
    return work.of_case(way.days) if isinstance(way.days, CaseDays) else work.of_member(way.days)


def refresh(people: Collection[int]) -> int:
    """Bring the rows of all cases and admissions of `people` (ids) up to date; how many changed.

    A deed calls it last, in its transaction. Each thousand people take the same number of queries.
    """
    wanted = sorted(set(people))
    if not wanted:
        return 0
    work = clockwork()
    return sum(
        _refresh(wanted[start : start + PEOPLE_AT_ONCE], work) for start in range(0, len(wanted), PEOPLE_AT_ONCE)
    )


@transaction.atomic
def recompute() -> int:
    """Rebuild all rows from nothing, because rules or calendar changed; how many were not what they should be."""
    work, changed = clockwork(), 0
    for people in _everybody():
        changed += _refresh(people, work)
    return changed


def rules_changed(key: str) -> None:
    """Follow a rule that clocks go by, or the calendar (""); other rules change no clock."""
    if not key or key in clocks.KEYS:
        recompute()


def people_of(rows: QuerySet[Deadline]) -> list[int]:
    """Whose clocks these are (ids)."""
    found = rows.order_by().values_list("candidacy__person", "spell__person")
    return sorted({case or member for case, member in found if case or member})


def _everybody() -> Iterator[list[int]]:
    """Everybody for whom a clock may run or a row stands, a thousand at a time."""
    last = 0
    while True:
        found = _people_after(last)
        if not found:
            return
        yield found
        last = found[-1]


def _people_after(last: int) -> list[int]:
    followed = Candidacy.objects.filter(person__gt=last).order_by().values_list("person", flat=True)
    on_probation = Q(to_day=None, standing=Spell.Standing.PROBATIONARY) | Q(deadlines__isnull=False)
    members = Spell.with_void.filter(on_probation, person__gt=last).order_by().values_list("person", flat=True)
    return list(followed.union(members).order_by("person")[:PEOPLE_AT_ONCE])


def _refresh(people: list[int], work: Clockwork) -> int:
    # one after the other: two deeds about one person write its rows once
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
    of_people = Q(candidacy__person__in=people) | Q(spell__person__in=people)
    there = {(row.candidacy_id, row.spell_id, row.kind): row for row in Deadline.objects.filter(of_people)}
    new, changed = [], []
    for way in ways(people):
        for clock in clocks_of(way, work):
            row = there.pop((*way.key, str(clock.kind)), None)
            if row is None:
                new.append(_set(Deadline(candidacy_id=way.key[0], spell_id=way.key[1], kind=clock.kind), clock, way))
            elif _told(row) != _values(clock, way):
                changed.append(_set(row, clock, way))
    Deadline.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    Deadline.objects.bulk_create(new, batch_size=500)
    Deadline.objects.bulk_update(changed, [*_TOLD, "rule", "organisation"], batch_size=200)
    return len(there) + len(new) + len(changed)


def _values(clock: Clock, way: Way) -> tuple[Any, ...]:
    return (*(getattr(clock, name) for name in _TOLD), clock.rule.pk, way.row.organisation_id)


def _told(row: Deadline) -> tuple[Any, ...]:
    return (*(getattr(row, name) for name in _TOLD), row.rule_id, row.organisation_id)


def _set(row: Deadline, clock: Clock, way: Way) -> Deadline:
    for name in _TOLD:
        setattr(row, name, getattr(clock, name))
    row.rule, row.organisation_id = clock.rule, way.row.organisation_id
    return row
