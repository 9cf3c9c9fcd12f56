"""Measuring: the best of several runs of ours beside the best of the floor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Ratio:
    """One line of a benchmark: seconds of ours and of the floor; `most` is the ratio promised."""

    what: str
    ours: float
    floor: float
    most: float | None = None

    @property
    def value(self) -> float:
        return self.ours / self.floor

    def tell(self) -> None:
        line = f"{self.what:<58}{self.ours * 1000:>10.1f} ms{self.floor * 1000:>10.1f} ms{self.value:>8.2f} ×"
        say(line, self.value, self.most)


#: the lines of this process that missed their promise
_MISSED: list[str] = []


def say(line: str, value: float, most: float | None) -> None:
    """Print a line with what is promised of its `value`; without `most` nothing is, and it says so."""
    missed = most is not None and value > most
    promise = "for information" if most is None else f"promised ≤ {most:g}"
    print(f"{line}  ({promise}){'  MISSED' if missed else ''}", flush=True)
    if missed:
        _MISSED.append(line)


def missed_in(runs: Iterable[Callable[[], object]]) -> list[str]:
    """Do the measurements in turn; the lines they said that missed their promise."""
    before = len(_MISSED)
    for run in runs:
        run()
    return _MISSED[before:]


def best(run: Callable[[], object], times: int = 5) -> float:
    """The shortest of `times` runs, in seconds: noise only ever adds."""
    shortest = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        run()
        shortest = min(shortest, time.perf_counter() - begin)
    return shortest


def ask(statements: Sequence[str]) -> None:
    """Every statement, with every row it gives."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()


def compare(
    what: str, ours: Callable[[], object], floor: Callable[[], object], *, most: float | None = None, times: int = 5
) -> Ratio:
    """The best of each, run in turn in the same process so that a busy machine troubles both; printed as it comes."""
    pairs = [(best(ours, 1), best(floor, 1)) for _ in range(times)]
    ratio = Ratio(what, min(pair[0] for pair in pairs), min(pair[1] for pair in pairs), most)
    ratio.tell()
    return ratio


def the_city(what: str) -> None:
    """Loads the reference city where the database is empty, and says what is measured in it."""
    call_command("load_reference_city", "--if-empty", stdout=StringIO())
    print(f"\n{what} of the city ({connection.vendor})")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def compare_answer(what: str, answer: Callable[[], object], floor: Sequence[str], *, most: float) -> None:
    """The SQL that an answer asks beside the floor; `most` is promised of it.

    The answer as a whole, with all that Python does, stands beside for information.
    """
    with CaptureQueriesContext(connection) as captured:
        answer()
    statements = [query["sql"] for query in captured.captured_queries]
    compare(f"SQL of {what} ({len(statements)} queries)", lambda: ask(statements), lambda: ask(floor), most=most)
    compare(f"{what}, whole", answer, lambda: ask(floor))


def numbers(count: int) -> str:
    """What a statement may select `i` from, 1 to `count`."""
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS n(i)"
    return f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"


def without_keys(write: Callable[[Any], object]) -> None:
    """Let `write` point to people that do not exist, and write millions of spells.

    PostgreSQL forgets the constraint that looks for overlaps until `empty`: to check each row takes longer than all
    that is measured.
    """
    off, on = {
        "sqlite": (["PRAGMA foreign_keys=OFF"], "PRAGMA foreign_keys=ON"),
        "postgresql": (
            [
                "SET session_replication_role = replica",
                "ALTER TABLE membership_spell DROP CONSTRAINT IF EXISTS spell_no_overlap",
            ],
            "SET session_replication_role = DEFAULT",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
        write(cursor)
        cursor.execute(on)


def empty(*tables: str) -> None:
    """Every row gone from these tables, the register among them, and overlaps looked for again."""
    without_keys(lambda cursor: [cursor.execute(f"DELETE FROM {table}") for table in tables])
    with connection.schema_editor() as editor:
        import_module("membership.migrations.0002_guards").keep_apart(None, editor)
