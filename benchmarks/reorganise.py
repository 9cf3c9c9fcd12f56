"""Moving a base organisation with its branches in the tree of a country, beside the least SQL that does the same.

The floor looks up the two units, sees that the one stands and the other is not below it, ends the one place, begins
the other, and writes the operation and the entry of the log: eight statements. The promise is of the SQL; the deed as
a whole, with what Python does around each statement, stands beside for information. All is rolled back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import tree
from benchmarks.measure import ask, compare
from cells.dated import OPEN_START
from cells.organisations import reorganise
from cells.organisations.models import Organisation, Place

ON = dt.date(2024, 10, 15)
BRANCHES = 50
#: `unit` comes under `to`
FLOOR = (
    "SELECT id, code FROM cells_organisation WHERE code IN ('U{unit}', 'U{to}')",
    "SELECT organisation_id, parent_id, from_day, to_day FROM cells_place WHERE organisation_id IN ({unit}, {to})",
    "SELECT 1 FROM cells_operation WHERE organisation_id = {unit} AND day = '2024-10-15' AND NOT void",
    "WITH RECURSIVE above(id) AS (SELECT id FROM cells_organisation WHERE id = {to} UNION"
    " SELECT (SELECT parent_id FROM cells_place WHERE organisation_id = above.id AND to_day IS NULL)"
    " FROM above WHERE above.id IS NOT NULL) SELECT 1 FROM above WHERE id = {unit}",
    "UPDATE cells_place SET to_day = '2024-10-15', closed_as = 'moved'"
    " WHERE organisation_id = {unit} AND to_day IS NULL",
    "INSERT INTO cells_place (organisation_id, parent_id, from_day, opened_as, closed_as)"
    " VALUES ({unit}, {to}, '2024-10-15', 'moved', '')",
    "INSERT INTO cells_operation (day, work, organisation_id, related_id, destination, decision_number, reason, void)"
    " VALUES ('2024-10-15', 'move', {unit}, {to}, '', '', '', {false})",
    "INSERT INTO cells_entry (at, sort, deed, subject, count, organisation_id, note, digest)"
    " VALUES ('2024-10-15 08:00:00+00:00', 'deed', 'move', 'organisation', 1, {unit}, '', '')",
)
#: statements of the transaction, not of the deed
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET")


def run(shape: tree.Shape = tree.COUNTRY) -> None:
    print(f"\nmoving a base organisation with {BRANCHES} branches, {shape.title} ({connection.vendor})")
    everything = tree.fill_units(shape)
    base = next(unit for unit in everything if unit.base == unit.pk)
    last = everything[-1].pk
    extra = [Organisation(pk=last + number, code=f"U{last + number}") for number in range(1, BRANCHES + 1)]
    Organisation.objects.bulk_create(extra)
    Place.objects.bulk_create(Place(organisation=unit, parent_id=base.pk, from_day=OPEN_START) for unit in extra)
    depth = shape.base_level - 1
    to = next(unit.pk for unit in everything if len(unit.path) == 7 * depth and unit.pk not in (base.parent, 1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    words = {"unit": base.pk, "to": to, "false": "false" if connection.vendor == "postgresql" else "0"}
    floor = [statement.format(**words) for statement in FLOOR]
    move = [reorganise.Moving(f"U{base.pk}", ON, f"U{to}")]
    with CaptureQueriesContext(connection) as captured:
        _undone(lambda: reorganise.move(move, actor=None, today=ON))
    statements = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAME)]
    for what, ours, most in (
        (f"SQL of the deed ({len(statements)} statements)", lambda: ask(statements), 2),
        ("the deed, whole", lambda: reorganise.move(move, actor=None, today=ON), None),
    ):
        compare(what, lambda ours=ours: _undone(ours), lambda: _undone(lambda: ask(floor)), most=most, times=25)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cells_place WHERE organisation_id > %s", [last])
    tree.clear_units()


def _undone(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
