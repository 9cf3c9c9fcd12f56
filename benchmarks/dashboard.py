"""The city's dashboard: its SQL beside the cheapest statements that give the same numbers.

The floor knows neither rights nor a tree that changes: one plain statement each for the places, the names
with who answers for them, bases, declared results, admissions by the day (for the pace), quotas, targets, cases and
what is overdue, of the whole table.
"""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.measure import ask, compare
from cells.people.models import User

FLOOR = (
    "SELECT organisation_id, parent_id, from_day, to_day, opened_as FROM cells_place",
    "SELECT s.organisation_id, s.name, s.name_key, o.code, o.office_phone, k.level, p.office, x.name FROM cells_style s"
    " JOIN cells_organisation o ON o.id = s.organisation_id JOIN cells_kind k ON k.id = s.kind_id AND k.level = 'base'"
    " LEFT JOIN cells_post p ON p.organisation_id = o.id AND p.to_day IS NULL"
    " AND (p.office IN ('secretary', 'deputy') OR p.role = 'supervisor')"
    " LEFT JOIN cells_person x ON x.id = p.person_id WHERE s.to_day IS NULL",
    "SELECT organisation_id, year, total FROM targets_base WHERE year BETWEEN 2020 AND 2024",
    "SELECT organisation_id, year, month, admitted FROM targets_declaredresult WHERE year BETWEEN 2020 AND 2024",
    "SELECT organisation_id, from_day, count(*) FROM membership_spell WHERE started_by = 'admitted' AND NOT void"
    " AND from_day >= '2020-01-01' AND from_day < '2024-10-16' GROUP BY organisation_id, from_day",
    "SELECT organisation_id, year, admission FROM targets_quota WHERE year BETWEEN 2020 AND 2024 AND in_force",
    "SELECT t.*, p.from_year, p.to_year FROM targets_target t JOIN targets_programme p ON p.id = t.programme_id",
    "SELECT c.stage, k.level = 'base' AS at_base, count(*), min(c.stage_day) FROM membership_candidacy c"
    " JOIN cells_style s ON s.organisation_id = c.organisation_id AND s.to_day IS NULL"
    " JOIN cells_kind k ON k.id = s.kind_id WHERE c.stage NOT IN ('admitted', 'dropped') GROUP BY c.stage, at_base",
    "SELECT count(*), min(due) FROM membership_deadline WHERE ended_on IS NULL AND due < '2024-10-15'",
)


def run() -> None:
    """Loads the reference city where the database is empty."""
    call_command("load_reference_city", "--if-empty", "--demo-accounts", stdout=StringIO())
    print(f"\ncity dashboard ({connection.vendor})")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="ban-to-chuc"), backend="cells.people.sign_in.PersonBackend")
    if client.get("/don-vi/TU/").status_code != 200:
        raise RuntimeError("the dashboard does not answer")
    statements = _statements(client)
    compare(
        f"SQL of the page ({len(statements)} queries)", lambda: ask(statements), lambda: ask(FLOOR), most=2, times=80
    )


def _statements(client: Client) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get("/don-vi/TU/")
    return [query["sql"] for query in captured.captured_queries if query["sql"].lstrip("(").startswith("SELECT")]
