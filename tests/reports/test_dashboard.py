"""What the dashboard and the tables ask of the database: the same for two units, for twelve, and for a city."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cells.organisations.models import Organisation
from cells.organisations.reorganise import Leaving, leave
from cells.people.models import Role
from membership.models import Stage
from reports.figures.standing import SCOPES
from targets.enter import BaseLine, declare_bases
from tests import factories
from tests.everywhere import EVERYWHERE
from tests.reference_city import load_city

pytestmark = pytest.mark.django_db

MOST = 12
MOST_OF_A_TABLE = 21  # the ledger counts twelve kinds of change
#: the session and its user: what every page asks before it begins
FRAME = 2


def asked(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def a_reader(client, unit, role=Role.BOARD):
    client.force_login(factories.a_user(role, unit))
    return client


def _city(units: int):
    """A city with so many committees and base branches, each with somebody admitted and somebody on the way."""
    city = factories.a_city(committees=units, branches=1, base_branches=units)
    for branch in (*city.branches, *city.base_branches):
        factories.a_case(branch, stage=Stage.DECIDED)
        factories.a_case(branch)
        factories.a_full_member(branch)
    return city


def test_the_dashboard_of_the_reference_city(client):
    load_city()
    city = Organisation.objects.get(code="TU")
    reader = a_reader(client, city)
    reader.get("/don-vi/TU/")  # the first request of a session writes the time it was seen
    assert asked(reader, "/don-vi/TU/") <= MOST
    assert asked(reader, "/don-vi/01/") <= MOST


ADDRESSES = [
    "/don-vi/TU/",
    "/don-vi/TU/?sort=-rate&state=behind",
    "/don-vi/TU/bang/admission-rate/",
    "/don-vi/TU/bang/quota-progress/",
    "/don-vi/TU/bang/pace/",
    "/don-vi/TU/bang/pace/?rows=branches",
    "/don-vi/TU/bang/pace-fostering/?rows=sector",
    "/don-vi/TU/bang/years/",
    "/don-vi/TU/bang/ledger/",
    "/don-vi/TU/danh-sach/admitted/",
    "/don-vi/TU/danh-sach/base/",
]


def test_pages_ask_the_same_for_two_units_and_for_many(client):
    counts = []
    for units in (2, 12 if EVERYWHERE else 4):
        savepoint = transaction.savepoint()
        reader = a_reader(client, _city(units).top)
        reader.get("/don-vi/TU/")
        counts.append({url: asked(reader, url) for url in ADDRESSES})
        transaction.savepoint_rollback(savepoint)
    assert counts[0] == counts[1]
    assert counts[1]["/don-vi/TU/"] <= MOST
    assert max(counts[1].values()) <= MOST_OF_A_TABLE


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.BRANCH])
def test_the_first_page_asks_the_same_for_two_cases_and_for_six(client, role):
    city = factories.a_city()
    reader = a_reader(client, city.committee if role == Role.COMMITTEE else city.branch, role)
    counts = []
    for cases in (2, 4):
        for _ in range(cases):
            factories.a_case(city.branch, stage=Stage.BRANCH_RESOLVED if role == Role.COMMITTEE else Stage.NOMINEE)
        reader.get("/")
        counts.append(asked(reader, "/"))
    assert counts[0] == counts[1]
    assert counts[1] <= 22  # its work in a fixed number: deadlines, votes, whose turn, wishes of second branches


def test_the_search_asks_the_same_for_one_found_and_for_thirty(client):
    city = factories.a_city()
    reader = a_reader(client, city.top)
    counts = []
    for cases in (1, 29):
        for turn in range(cases):
            factories.a_case(city.branch, name=f"Lê Thị Tìm {turn}")
        reader.post("/tim/", {"q": "tim"})
        with CaptureQueriesContext(connection) as queries:
            assert reader.post("/tim/", {"q": "tim"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_past_year_is_seen_from_its_end(client):
    """A unit that left this year stood where it was all through the last one, in either scope."""
    city = factories.a_city(committees=1, branches=2)
    lines = [BaseLine(branch, 2023, 100) for branch in city.branches]
    declare_bases(lines, actor=None, today=factories.TODAY)
    leave([Leaving(city.sibling.code, dt.date(2024, 7, 1))], actor=None, today=factories.TODAY)
    reader = a_reader(client, city.top)
    for scope in SCOPES:
        page = reader.get(f"/don-vi/DU1/?year=2023&scope={scope}")
        assert page.context["total"]["base"] == 200, scope
        assert len(reader.get(f"/don-vi/DU1/danh-sach/base/?year=2023&scope={scope}").context["declared"]) == 2
