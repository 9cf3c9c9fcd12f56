"""Freezing a country's base beside the cheapest INSERT … SELECT that writes the same rows.

The floor knows no tree, no bases that stand already and no log: it groups the whole register. Both are rolled back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from benchmarks.measure import compare
from cells.dated import OPEN_START
from cells.organisations.models import Organisation, Place
from cells.people.models import Person
from membership.models import Spell
from targets.base import freeze
from targets.models import Base

ON = dt.date(2024, 10, 15)
YEAR = 2024

FLOOR = """
INSERT INTO targets_base (organisation_id, year, total, "full", probationary, female, origin)
SELECT s.organisation_id, 2024, count(*), sum(CASE WHEN s.standing = 'full' THEN 1 ELSE 0 END),
       sum(CASE WHEN s.standing = 'probationary' THEN 1 ELSE 0 END), sum(CASE WHEN p.sex = 'nu' THEN 1 ELSE 0 END),
       'frozen'
  FROM membership_spell s JOIN cells_person p ON p.id = s.person_id
 WHERE NOT s.void AND s.from_day < '2024-01-01' AND (s.to_day IS NULL OR s.to_day > '2024-01-01')
 GROUP BY s.organisation_id
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
    _check_same(top)
    compare("freeze", lambda: _ours(top), _floor, most=2, times=3)
    _clear()


def _ours(top: Organisation) -> None:
    with transaction.atomic():
        freeze(top, YEAR, actor=None, today=ON)
        transaction.set_rollback(True)


def _floor() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FLOOR)
        transaction.set_rollback(True)


def _check_same(top: Organisation) -> None:
    """Both write the same rows."""
    written = []
    for write in (lambda: freeze(top, YEAR, actor=None, today=ON), lambda: connection.cursor().execute(FLOOR)):
        with transaction.atomic():
            write()
            written.append(set(Base.objects.values_list("organisation", "total", "full", "probationary", "female")))
            transaction.set_rollback(True)
    if written[0] != written[1] or not written[0]:
        raise RuntimeError("freezing and its floor write different rows")


def _fill(size: Size) -> Organisation:
    """Units, places and the register; every tenth member a woman on probation, so that each count counts."""
    first, committees = 1, range(2, 2 + size.committees)
    branches = range(2 + size.committees, 2 + size.committees + size.branches)
    parents = {first: None} | dict.fromkeys(committees, first)
    parents |= {pk: committees[index * size.committees // size.branches] for index, pk in enumerate(branches)}
    Organisation.objects.bulk_create((Organisation(pk=pk, code=f"U{pk}") for pk in parents), batch_size=5000)
    places = (Place(organisation_id=pk, parent_id=parent, from_day=OPEN_START) for pk, parent in parents.items())
    Place.objects.bulk_create(places, batch_size=5000)
    numbers = range(1, size.members + 1)
    Person.objects.bulk_create(
        (
            Person(pk=number, name=f"P{number}", name_folded=f"p{number}", name_key=f"p{number}", sex=_sex(number))
            for number in numbers
        ),
        batch_size=5000,
    )
    Spell.objects.bulk_create((_spell(number, branches[number % size.branches]) for number in numbers), batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Organisation.objects.get(pk=first)


def _sex(number: int) -> str:
    return Person.Sex.MALE if number % 10 else Person.Sex.FEMALE


def _spell(number: int, branch: int) -> Spell:
    standing = Spell.Standing.FULL if number % 10 else Spell.Standing.PROBATIONARY
    return Spell(
        person_id=number,
        organisation_id=branch,
        standing=standing,
        started_by=Spell.Start.ADMITTED,
        from_day=dt.date(2010, 1, 1),
    )


def _clear() -> None:
    with connection.cursor() as cursor:
        for table in ("membership_spell", "cells_person", "cells_place", "cells_organisation"):
            cursor.execute(f"DELETE FROM {table}")
