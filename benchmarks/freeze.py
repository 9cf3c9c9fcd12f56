"""Freezing a country's base beside the cheapest INSERT … SELECT that writes the same rows.

The floor knows no tree, no bases that stand already and no log: it groups the whole register. Each row says who made it
and when in both. Both are rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from benchmarks.measure import compare, empty, numbers, without_keys
from cells.dated import OPEN_START
from cells.organisations.models import Organisation, Place
from cells.people.models import User
from targets.base import freeze
from targets.models import Base

ON = dt.date(2024, 10, 15)
YEAR = 2024

FLOOR = """
INSERT INTO targets_base (organisation_id, year, total, "full", probationary, female, origin, made_by_id, made_at)
SELECT s.organisation_id, 2024, count(*), sum(CASE WHEN s.standing = 'full' THEN 1 ELSE 0 END),
       sum(CASE WHEN s.standing = 'probationary' THEN 1 ELSE 0 END), sum(CASE WHEN p.sex = 'nu' THEN 1 ELSE 0 END),
       'frozen', %s, CURRENT_TIMESTAMP
  FROM membership_spell s JOIN cells_person p ON p.id = s.person_id
 WHERE NOT s.void AND s.from_day < '2024-01-01' AND (s.to_day IS NULL OR s.to_day > '2024-01-01')
 GROUP BY s.organisation_id
"""

#: every tenth a woman on probation, so that each count counts
_PEOPLE = """
INSERT INTO cells_person (id, name, name_folded, name_key, born_precision, sex, ethnicity)
SELECT i, 'P', 'p', 'p', 'day', CASE WHEN i % 10 = 0 THEN 'nu' ELSE 'nam' END, '' FROM {numbers}
"""
_MEMBERS = """
INSERT INTO membership_spell (person_id, organisation_id, standing, started_by, ended_by, from_day,
                              decision_number, elsewhere, void)
SELECT i, {first} + i % {branches}, CASE WHEN i % 10 = 0 THEN 'probationary' ELSE 'full' END, 'admitted', '',
       '2010-01-01', '', '', false FROM {numbers}
"""


@dataclass(frozen=True)
class Size:
    """Members spread evenly over branches, those over committees of the base under one top."""

    title: str
    members: int
    branches: int
    committees: int


PROVINCE = Size("300.000 members in 20.000 branches", 300_000, 20_000, 1_000)
COUNTRY = Size("5,6 million members in 300.000 branches", 5_600_000, 300_000, 52_000)


def run(size: Size) -> None:
    print(f"\nfreezing a year's start: {size.title} ({connection.vendor})")
    top = _fill(size)
    who = User.objects.create(username="bench", is_superuser=True)
    ours, floor = lambda: freeze(top, YEAR, actor=who, today=ON), lambda: _floor(who)
    _check_same(ours, floor)
    compare("freeze", lambda: _undone(ours), lambda: _undone(floor), most=2, times=3)
    who.delete()
    _clear()


def _undone(write: Callable[[], object]) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)


def _floor(who: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [who.pk])


def _check_same(*writes: Callable[[], object]) -> None:
    """Both write the same rows."""
    columns = ("organisation", "total", "full", "probationary", "female", "made_by")
    written = []
    for write in writes:
        with transaction.atomic():
            write()
            written.append(set(Base.objects.exclude(made_at=None).values_list(*columns)))
            transaction.set_rollback(True)
    if written[0] != written[1] or not written[0]:
        raise RuntimeError("freezing and its floor write different rows")


def _fill(size: Size) -> Organisation:
    """Units and places row by row, the register in two statements."""
    first, committees = 1, range(2, 2 + size.committees)
    branches = range(2 + size.committees, 2 + size.committees + size.branches)
    parents = {first: None} | dict.fromkeys(committees, first)
    parents |= {pk: committees[index * size.committees // size.branches] for index, pk in enumerate(branches)}
    Organisation.objects.bulk_create((Organisation(pk=pk, code=f"U{pk}") for pk in parents), batch_size=5000)
    places = (Place(organisation_id=pk, parent_id=parent, from_day=OPEN_START) for pk, parent in parents.items())
    Place.objects.bulk_create(places, batch_size=5000)
    members = {"numbers": numbers(size.members), "first": branches.start, "branches": size.branches}
    without_keys(lambda cursor: [cursor.execute(sql.format(**members)) for sql in (_PEOPLE, _MEMBERS)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Organisation.objects.get(pk=first)


def _clear() -> None:
    empty("membership_spell", "cells_person", "cells_place", "cells_organisation")
