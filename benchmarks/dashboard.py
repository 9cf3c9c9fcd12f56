"""The city's dashboard: its SQL beside the cheapest statements that give the same numbers.

The floor reads no dated tree: it takes the standing units from a table of paths made beforehand, and
groups bases, results, admissions, quotas and cases by base organisation in one plain statement each.
"""

from __future__ import annotations

import datetime as dt
import time

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.measure import Ratio
from cells.organisations.models import Organisation
from cells.people.models import User

ON = dt.date(2024, 10, 15)

FLOOR = (
    "SELECT p.base_id, sum(b.total) FROM targets_base b JOIN bench_base p ON p.id = b.organisation_id WHERE b.year = 2024 GROUP BY p.base_id",
    "SELECT year, sum(total) FROM targets_base b JOIN bench_base p ON p.id = b.organisation_id WHERE year BETWEEN 2020 AND 2024 GROUP BY year",
    "SELECT year, sum(admitted) FROM targets_declaredresult WHERE year BETWEEN 2020 AND 2024 GROUP BY year",
    "SELECT p.base_id, count(*) FROM membership_spell s JOIN bench_base p ON p.id = s.organisation_id"
    " WHERE s.started_by = 'admitted' AND NOT s.void AND s.from_day >= '2020-01-01' AND s.from_day < '2024-10-16' GROUP BY p.base_id",
    "SELECT organisation_id, admission FROM targets_quota WHERE year BETWEEN 2020 AND 2024 AND NOT superseded",
    "SELECT stage, count(*), min(stage_day) FROM membership_candidacy GROUP BY stage",
    "SELECT s.organisation_id, s.name, o.code, x.name FROM cells_style s JOIN cells_organisation o ON o.id = s.organisation_id"
    " JOIN bench_base b ON b.id = o.id AND b.base_id = b.id"
    " LEFT JOIN cells_post p ON p.organisation_id = o.id AND p.office = 'secretary' AND p.to_day IS NULL"
    " LEFT JOIN cells_person x ON x.id = p.person_id WHERE s.to_day IS NULL",
    "SELECT t.value FROM targets_target t JOIN targets_programme p ON p.id = t.programme_id",
)


def run() -> None:
    """Loads the reference city where the database is empty."""
    call_command("load_reference_city", "--if-empty", "--demo-accounts", verbosity=0)
    print(f"\ncity dashboard ({connection.vendor})")
    _prepare()
    client = Client()
    client.force_login(User.objects.get(username="ban-to-chuc"), backend="cells.people.sign_in.PersonBackend")
    client.get("/don-vi/TU/")
    ours, queries = min((_page(client) for _ in range(5)), key=lambda found: found[0])
    floor = min(_floor() for _ in range(5))
    print(Ratio(f"SQL of the page ({queries} queries)", ours, floor, 2).line())


def _page(client: Client) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as captured:
        client.get("/don-vi/TU/")
    statements = [query["sql"] for query in captured.captured_queries if query["sql"].startswith("SELECT")]
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
    return time.perf_counter() - begin, len(captured)


def _floor() -> float:
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        for statement in FLOOR:
            cursor.execute(statement)
            cursor.fetchall()
    return time.perf_counter() - begin


def _prepare() -> None:
    from cells.organisations import tree

    top = Organisation.objects.get(code="TU")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_base (id bigint PRIMARY KEY, base_id bigint)")
        cursor.executemany("INSERT INTO bench_base VALUES (%s, %s)", tree.roll_up(top.pk, ON))
