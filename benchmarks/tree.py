"""The dated tree: our recursive query beside a table of paths, at ten cities and at a country.

The floor is what a derived path table would cost at its best: a range of a fixed-width path, with the
base organisation written beside each unit. The figures decide whether such a table is worth keeping
(`docs/decisions/0003-tree.md`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from benchmarks.measure import compare
from cells.dated import OPEN_START
from cells.organisations import tree
from cells.organisations.models import Organisation, Place, Style
from cells.rules.models import Kind

ON = dt.date(2024, 10, 15)


@dataclass(frozen=True)
class Shape:
    """How many units stand under each unit of the level above, from the top down."""

    title: str
    levels: tuple[int, ...]
    base_level: int


TEN_CITIES = Shape("ten cities: 1, 410, 3.040", (410, 3_040), 1)
COUNTRY = Shape("a country: 1, 34, 3.400, 52.000, 300.000", (34, 3_400, 52_000, 300_000), 3)


@dataclass(frozen=True)
class Unit:
    pk: int
    parent: int | None
    path: str
    base: int | None


def units(shape: Shape) -> Iterator[Unit]:
    """The units of a shape, each level spread evenly under the one above."""
    above = [Unit(1, None, "", None)]
    yield above[0]
    pk = 1
    for depth, size in enumerate(shape.levels, start=1):
        level = []
        for index in range(size):
            parent = above[index * len(above) // size]
            pk += 1
            path = f"{parent.path}{pk:07d}"
            level.append(Unit(pk, parent.pk, path, pk if depth == shape.base_level else parent.base))
        yield from level
        above = level


def fill_units(shape: Shape) -> list[Unit]:
    """The units as organisations and places, all as old as can be."""
    everything = list(units(shape))
    Organisation.objects.bulk_create(
        (Organisation(pk=unit.pk, code=f"U{unit.pk}") for unit in everything), batch_size=5000
    )
    Place.objects.bulk_create(
        (Place(organisation_id=unit.pk, parent_id=unit.parent, from_day=OPEN_START) for unit in everything),
        batch_size=5000,
    )
    kinds = {kind.code: kind for kind in Kind.objects.all()}
    Style.objects.bulk_create(
        (
            Style(
                organisation_id=unit.pk,
                name=f"U{unit.pk}",
                kind=kinds["base_committee" if unit.base == unit.pk else "branch"],
            )
            for unit in everything
        ),
        batch_size=5000,
    )
    return everything


def fill(shape: Shape) -> None:
    """The units, and the same once more as a table of paths."""
    everything = fill_units(shape)
    collate = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_path (id bigint PRIMARY KEY, path varchar(40){collate}, base_id bigint)")
        cursor.executemany(
            "INSERT INTO bench_path VALUES (%s, %s, %s)", [(unit.pk, unit.path, unit.base) for unit in everything]
        )
        cursor.execute("CREATE INDEX bench_path_path ON bench_path (path, id)")
        cursor.execute("CREATE INDEX bench_path_base ON bench_path (base_id)")
        cursor.execute("ANALYZE")


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_path")
    clear_units()


def clear_units() -> None:
    with connection.cursor() as cursor:
        for table in ("cells_style", "cells_place", "cells_organisation"):
            cursor.execute(f"DELETE FROM {table}")


def _paths(prefix: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_path WHERE path >= %s AND path < %s", [prefix, f"{prefix}~"])
        return cursor.fetchall()


def _base_sums() -> list:
    with connection.cursor() as cursor:
        cursor.execute("SELECT base_id, count(*) FROM bench_path WHERE base_id IS NOT NULL GROUP BY base_id")
        return cursor.fetchall()


def run(shape: Shape) -> None:
    print(f"\n{shape.title} ({connection.vendor})")
    fill(shape)
    everything = list(units(shape))
    first_of_level = [
        next(unit for unit in everything if len(unit.path) == 7 * depth) for depth in range(1, len(shape.levels) + 1)
    ]
    for depth, unit in enumerate(first_of_level[:-1], start=1):
        found = sum(other.path.startswith(unit.path) for other in everything)
        compare(
            f"subtree of a unit of level {depth} ({found} units)",
            lambda pk=unit.pk: list(Organisation.objects.below(pk, on=ON).values_list("pk", flat=True)),
            lambda path=unit.path: _paths(path),
        )
    compare(
        f"subtree of the top ({len(everything)} units)",
        lambda: list(Organisation.objects.below(1, on=ON).values_list("pk", flat=True)),
        lambda: _paths(""),
        times=2,
    )
    bases = [unit.pk for unit in everything if unit.base == unit.pk]
    compare(
        f"roll-up to {len(bases)} base organisations",
        lambda: tree.units_of_base_organisations(ON),
        _base_sums,
        times=2,
    )
    clear()
