"""Freezing a country's base by the command and by the Board, beside the cheapest INSERT … SELECT of the same rows.

The floor knows no tree, no bases that stand already and no log: it groups the whole register. Each row says who made it
and when in both. Both are rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from benchmarks.measure import compare, empty, numbers, without_keys
from cells.dated import OPEN_START
from cells.organisations.models import Organisation, Place, Style
from cells.people.models import Office, Person, Post, Role, User
from cells.rules.models import Kind
from targets.base import freeze
from targets.models import Base

ON = dt.date(2024, 10, 15)
YEAR = 2024

FLOOR = """
INSERT INTO targets_base (organisation_id, year, total, "full", probationary, female, origin, made_by_id, made_at)
SELECT s.organisation_id, 2024, count(*), sum(CASE WHEN s.standing = 'full' THEN 1 ELSE 0 END),
       sum(CASE WHEN s.standing = 'probationary' THEN 1 ELSE 0 END), sum(CASE WHEN p.sex = 'nu' THEN 1 ELSE 0 END),
       'frozen', CAST(%s AS bigint), CURRENT_TIMESTAMP
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
    times: int = 3


PROVINCE = Size("300.000 members in 20.000 branches", 300_000, 20_000, 1_000, times=8)
COUNTRY = Size("5,6 million members in 300.000 branches", 5_600_000, 300_000, 52_000)


def run(size: Size) -> None:
    print(f"\nfreezing a year's start: {size.title} ({connection.vendor})")
    top = _fill(size)
    for by, actor in {"command": None, "Board": _board(top, size.members + 1)}.items():
        ours = partial(freeze, top, YEAR, actor=actor, today=ON)
        floor = partial(_floor, actor)
        _check_same(ours, floor)
        compare(f"freeze, by the {by}", partial(_undone, ours), partial(_undone, floor), most=2, times=size.times)
    _clear()


def _board(top: Organisation, pk: int) -> User:
    person = Person.objects.create(pk=pk, name="B", name_folded="b", name_key="b")
    Style.objects.create(organisation=top, name="T", kind=Kind.objects.get(code="city"))
    Post.objects.create(person=person, organisation=top, role=Role.BOARD, office=Office.STAFF, from_day=OPEN_START)
    return User.objects.create(username="board", person=person)


def _undone(write: Callable[[], object]) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)


def _floor(actor: User | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [actor and actor.pk])


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
    User.objects.all().delete()
    empty("membership_spell", "cells_post", "cells_person", "cells_style", "cells_place", "cells_organisation")
