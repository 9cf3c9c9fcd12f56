"""Bases from the register: freezing the start of a year, and what the register says since.

A frozen base never moves (`architecture.md`, "Base on 1 January"). Where the register changes before 1/1 afterwards,
the difference is a residual, to be put right by a correction (`targets.base_corrections`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from cells.log.write import record
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.models import Person, User
from cells.verdict import refuse
from membership.models import Candidacy, CaseMove, Spell
from targets.enter import FIRST_YEAR
from targets.models import Base

#: Counted and written by the database itself, with who and when; a base entered meanwhile stays as it is.
_INSERT = (
    'INSERT INTO targets_base (organisation_id, year, total, "full", probationary, female, origin, '
    "made_by_id, made_at) SELECT counted.*, CAST(%s AS bigint), CURRENT_TIMESTAMP FROM ({rows}) AS counted "
    "WHERE true ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Freezing:
    """What freezing does: `new` bases; `held` are there already, of which `differing` are no longer the register's.

    `silent` units keep no register and get no base.
    """

    new: int
    held: int
    differing: int
    silent: int


@transaction.atomic
def freeze(unit: Organisation, year: int, *, actor: User | None, today: dt.date) -> Freezing:
    """Write the register's count of the turn into 1/1 of `year` as the base of `unit` and of all below it then.

    Bases are of the units that have nothing below them on that day (above, they add up) and kept a register before
    it: one member, or one case. Each says who made it (`actor` null: the system) and when. A base that is there stays
    as it is, so the deed may be repeated.
    Refused (fields `year`, `organisation`): a year not begun or absurd, a unit that does not stand on 1/1.
    """
    check_year(unit, year, today)
    leaves = _to_freeze(unit, year, actor, today)
    held = Base.objects.filter(year=year, organisation__in=leaves).count()
    differing = residuals(unit, year).count() if held else 0
    open_units = leaves.exclude(Exists(_base_of_unit(year)))
    new = _insert(_counts(open_units, year), actor) + _insert(_zeros(open_units, year), actor)
    if new:
        record("freeze_bases", actor=actor, subject="base", count=new, organisation=unit, note=f"năm {year}")
    return Freezing(new, held, differing, leaves.count() - held - new)


def preview(unit: Organisation, year: int, *, actor: User | None, today: dt.date) -> Freezing:
    """What `freeze` would do now; refuses like it."""
    check_year(unit, year, today)
    start = dt.date(year, 1, 1)
    leaves = _to_freeze(unit, year, actor, today)
    open_units = leaves.exclude(Exists(_base_of_unit(year)))
    new = open_units.filter(_keeps_register(start)).count()
    missing = open_units.count()
    return Freezing(new, leaves.count() - missing, residuals(unit, year).count(), missing - new)


def members_to_freeze(unit: Organisation, year: int) -> tuple[int, int]:
    """Members the frozen bases would add up to, and those whom the register has in units with others below.

    The latter enter no base: a committee's base is the sum of the bases below it.
    """
    start = dt.date(year, 1, 1)
    leaves = _leaves(unit, start)
    members = Spell.objects.at_start_of(start)
    above = members.filter(organisation__in=_standing(unit, start)).exclude(organisation__in=leaves)
    open_units = leaves.exclude(Exists(_base_of_unit(year)))
    return members.filter(organisation__in=open_units).count(), above.count()


def registered(unit: Organisation, year: int) -> int:
    """Members whom the register has at the turn into 1/1 at `unit` and below it: what a declared base compares with."""
    start = dt.date(year, 1, 1)
    return Spell.objects.at_start_of(start).filter(organisation__in=_standing(unit, start)).count()


def check_year(unit: Organisation, year: int, today: dt.date) -> None:
    """Refuse a year of which `unit` can have no frozen base."""
    if year < FIRST_YEAR:
        raise refuse(f"Năm {year} không hợp lệ.", field="year")
    if year > today.year:
        raise refuse(f"Năm {year} chưa đến; chốt được từ ngày 01/01/{year}.", field="year")
    if not Place.objects.on(dt.date(year, 1, 1)).filter(organisation=unit).exists():
        raise refuse(f"Tổ chức này không ở trong đảng bộ ngày 01/01/{year}.", field="organisation")


def residuals(unit: Organisation, year: int) -> QuerySet[Base]:
    """Frozen bases of `unit` and of all below it on 1/1 that are not what the register says now; one query.

    Each with `used`, `registered` and `residual` (register − base).
    """
    below = Organisation.objects.below(unit.pk, on=dt.date(year, 1, 1))
    frozen = Base.objects.beside_register(year).filter(origin=Base.Origin.FROZEN, organisation__in=below)
    return frozen.exclude(residual=0)


def _to_freeze(unit: Organisation, year: int, actor: User | None, today: dt.date) -> QuerySet[Organisation]:
    """The units of which bases are frozen: not those that are somebody else's today, for a base never moves."""
    leaves = _leaves(unit, dt.date(year, 1, 1))
    if actor is None or actor.is_superuser:
        return leaves
    mine = Organisation.objects.filter(rights.organisations(actor, rights.DECLARE, on=today, field="pk"))
    gone = Organisation.objects.exclude(Exists(Place.objects.on(today).filter(organisation=OuterRef("pk"))))
    ours = leaves.filter(pk__in=mine.values("pk").union(gone.values("pk")))
    # most often nothing moved away, and then no later question need ask whose each unit is
    return leaves if ours.count() == leaves.count() else ours


def _leaves(unit: Organisation, start: dt.date) -> QuerySet[Organisation]:
    """`unit` and all below it that stand on `start` with nothing below them."""
    children = Place.objects.on(start).filter(parent=OuterRef("pk"))
    return _standing(unit, start).exclude(Exists(children))


def _standing(unit: Organisation, start: dt.date) -> QuerySet[Organisation]:
    """`unit` and all below it that stand on `start`; under the top that is every one, and no walk down the tree."""
    if Organisation.objects.top_on(start).filter(pk=unit.pk).exists():
        return Organisation.objects.placed_on(start)
    return Organisation.objects.below(unit.pk, on=start).placed_on(start)


def _base_of_unit(year: int) -> QuerySet[Base]:
    return Base.objects.filter(year=year, organisation=OuterRef("pk"))


def _keeps_register(start: dt.date) -> Q:
    """Somebody was a member there by then, or followed as a candidate before."""
    members = Spell.objects.filter(organisation=OuterRef("pk"), from_day__lte=start)
    begun = Candidacy.objects.begun().filter(listed_on__lt=start)
    came = CaseMove.objects.filter(day__lt=start)
    followed = Q(pk__in=begun.values("first_unit")) | Q(pk__in=came.values("destination"))
    return Q(Exists(members)) | followed


def _counts(units: QuerySet[Organisation], year: int) -> QuerySet:
    """The columns of `_INSERT` for the units with members; women are unknown where anybody's sex is."""
    counted = (
        Spell.objects.at_start_of(dt.date(year, 1, 1))
        .filter(organisation__in=units)
        .order_by()
        .values("organisation_id")
        .annotate(
            year_=Value(year),
            total=Count("pk"),
            full=Count("pk", filter=Q(standing=Spell.Standing.FULL)),
            probationary=Count("pk", filter=Q(standing=Spell.Standing.PROBATIONARY)),
            said=Count("pk", filter=~Q(person__sex="")),
            women=Count("pk", filter=Q(person__sex=Person.Sex.FEMALE)),
            origin_=Value(Base.Origin.FROZEN.value),
        )
    )
    female = Case(When(said=F("total"), then=F("women")))
    return counted.annotate(female=female).values_list(
        "organisation_id", "year_", "total", "full", "probationary", "female", "origin_"
    )


def _zeros(units: QuerySet[Organisation], year: int) -> QuerySet:
    """The columns of `_INSERT` for the units that keep a register and have nobody on it."""
    empty = units.filter(_keeps_register(dt.date(year, 1, 1)))
    values = {"year_": year, "total": 0, "full": 0, "probationary": 0, "female": 0, "origin_": Base.Origin.FROZEN.value}
    return empty.annotate(**{name: Value(value) for name, value in values.items()}).values_list("pk", *values)


def _insert(rows: QuerySet, actor: User | None) -> int:
    """How many were written."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(rows=sql), (actor.pk if actor else None, *params))
        return cursor.rowcount
