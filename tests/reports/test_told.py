"""What happened to units is told beside the figures it changed, counted from the records, and leads to the unit."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.models import Kind
from cells.organisations import reorganise
from cells.organisations.models import Organisation
from cells.people.models import Role
from reports import period
from reports.figures.standing import OPENING
from reports.tables import TABLES, Question
from targets.enter import BaseLine, ResultLine, declare_bases, declare_results
from tests import factories
from tests.pages import text_of
from tests.reference_city import load_city

pytestmark = pytest.mark.django_db

D = dt.date
TURN = D(2024, 7, 1)


def ask(key, unit, first=2023, on=factories.TODAY):
    """The years from `first` to that of `on`, seen on `on`."""
    span = period.between(D(first, 1, 1), D(on.year, 12, 31), on, today=factories.TODAY)
    return TABLES[key].answer(Question(unit, span, on, OPENING))


def told(key, unit, **more) -> list[str]:
    return [one.text for one in ask(key, unit, **more).told]


# ---- the reference city --------------------------------------------------------------------------
def test_the_reference_city_tells_its_departure_of_2022(client):
    load_city()
    city = Organisation.objects.get(code="TU")
    client.force_login(factories.a_user(Role.BOARD, city))
    left = (
        "Năm 2022: Đảng bộ Công ty Than Thượng Hòa chuyển ra khỏi đảng bộ từ ngày 01/07/2022, mang theo 903 đảng viên;"
        " không còn trong số đầu năm từ 2023."
    )
    came = "Năm 2021: Chi bộ Công ty TNHH Dược phẩm Nam Sơn được tiếp nhận vào đảng bộ từ ngày 01/06/2021"
    for address in ("/don-vi/TU/", "/don-vi/TU/bang/years/"):
        page = client.get(address)
        assert left in text_of(page), address
        assert came in text_of(page), address
        assert 'href="/don-vi/42/?on=2022-06-30"' in page.content.decode(), address
    assert [point.label for point in client.get("/don-vi/TU/").context["years"].rows] == [
        "2020",
        "2021*",
        "2022*",
        "2023",
        "2024",
    ]
    ledger = client.get("/don-vi/TU/bang/ledger/?year=2022")
    assert left in text_of(ledger)
    assert ask("ledger", city, first=2022, on=D(2022, 12, 31)).total["left"] == 903
    years = {row["year"]: row["base"] for row in ask("years", city, first=2020).rows}
    assert years[2022] - years[2023] > 800, "the fall that has to be explained"
    assert "Phạm vi hiện tại 188/7.647 = 2,46%: Đảng bộ Công ty Than Thượng Hòa (913 đảng viên đầu năm, 11" in text_of(
        client.get("/don-vi/TU/bang/years/")
    )
    history = client.get("/don-vi/TU/co-cau/")
    assert "Chuyển ra Đảng bộ Công ty Than Thượng Hòa" in text_of(history)
    assert 'href="/don-vi/42/?on=2022-06-30"' in history.content.decode()
    then = client.get("/don-vi/42/?on=2022-06-30")
    assert then.context["total"]["base"] == 913

    client.force_login(factories.a_user(Role.BRANCH, Organisation.objects.get(code="01.03")))
    outside = text_of(client.get("/don-vi/TU/bang/years/"))
    assert "Năm 2022: 1 tổ chức chuyển đi." in outside
    assert "Than Thượng Hòa" not in outside


def test_the_command_tells_it_too():
    load_city()
    out = StringIO()
    call_command("report", "years", "--from", "2020-01-01", "--to", "2024-12-31", stdout=out)
    answer = json.loads(out.getvalue())
    assert any("Than Thượng Hòa chuyển ra" in note for note in answer["notes"])
    (scopes,) = answer["scopes"]
    assert scopes["year"] == 2022
    assert scopes["opening"]["base"] - scopes["current"]["base"] == 913
    assert scopes["current"]["rate"]["printed"] == "2,46"
    assert scopes["sentence"].startswith("Phạm vi hiện tại 188/7.647")


# ---- each kind of turn ---------------------------------------------------------------------------
@pytest.fixture
def city():
    city = factories.a_city()
    lines = [BaseLine(unit, 2024, count) for unit, count in zip(city.branches, (20, 30, 40, 50), strict=True)]
    declare_bases(lines, actor=None, today=factories.TODAY)
    for _ in range(3):
        factories.a_full_member(city.branch)
    return city


def _merge(city):
    reorganise.merge([reorganise.Merging("DU1-01", TURN, "DU2-01")], actor=None, today=factories.TODAY)


def _dissolve(city):
    reorganise.dissolve([reorganise.Dissolving("DU1-01", TURN, "DU1-02")], actor=None, today=factories.TODAY)


def _split(city):
    new = [
        reorganise.Founding(code, f"Chi bộ {code}", Kind.objects.get(code="branch"), None, "DU1", TURN) for code in "XY"
    ]
    people = {spell.person_id: "X" for spell in city.branch.spells.all()}
    item = reorganise.Splitting("DU1-01", TURN, ("X", "Y"), new, people)
    reorganise.split([item], actor=None, today=factories.TODAY)


def _move(city):
    reorganise.move([reorganise.Moving("DU1-01", TURN, "DU2")], actor=None, today=factories.TODAY)


def _leave(city):
    reorganise.leave([reorganise.Leaving("DU1", TURN)], actor=None, today=factories.TODAY)


def _join(city):
    kind = Kind.objects.get(code="base_branch")
    (joined,) = reorganise.join(
        [reorganise.Joining("J", TURN, "TU", "Chi bộ Mới Đến", kind)], actor=None, today=factories.TODAY
    )
    declare_results([ResultLine(joined, 2024, None, {"joined": 7, "admitted": 0})], actor=None, today=factories.TODAY)


GONE, CAME = "; không còn trong số đầu năm từ 2025", "; có trong số đầu năm từ 2025"
TURNS = [
    (_merge, "TU", "Chi bộ khu phố 1 sáp nhập vào Chi bộ khu phố 1 từ ngày 01/07/2024, mang theo 3 đảng viên"),
    (_merge, "DU1", f"Chi bộ khu phố 1 sáp nhập vào Chi bộ khu phố 1 từ ngày 01/07/2024, mang theo 3 đảng viên{GONE}"),
    (
        _merge,
        "DU2",
        f"Chi bộ khu phố 1 của Đảng bộ phường 1 sáp nhập vào Chi bộ khu phố 1 từ ngày 01/07/2024,"
        f" mang theo 3 đảng viên{CAME}",
    ),
    (
        _dissolve,
        "DU1",
        "Chi bộ khu phố 1 giải thể, chuyển về Chi bộ khu phố 2 từ ngày 01/07/2024, mang theo 3 đảng viên",
    ),
    (_split, "DU1", "Chi bộ khu phố 1 chia tách thành Chi bộ X và Chi bộ Y từ ngày 01/07/2024, mang theo 3 đảng viên"),
    (_move, "DU1", f"Chi bộ khu phố 1 chuyển đến Đảng bộ phường 2 từ ngày 01/07/2024 (20 đảng viên đầu năm){GONE}"),
    (_move, "DU2", f"Chi bộ khu phố 1 chuyển từ Đảng bộ phường 1 đến từ ngày 01/07/2024 (20 đảng viên đầu năm){CAME}"),
    (_leave, "TU", f"Đảng bộ phường 1 chuyển ra khỏi đảng bộ từ ngày 01/07/2024, mang theo 3 đảng viên{GONE}"),
    (_join, "TU", f"Chi bộ Mới Đến được tiếp nhận vào đảng bộ từ ngày 01/07/2024, mang theo 7 đảng viên{CAME}"),
]


@pytest.mark.parametrize(("happens", "unit", "says"), TURNS, ids=[f"{one.__name__} {unit}" for one, unit, _ in TURNS])
@pytest.mark.parametrize("key", ["years", "ledger"])
def test_each_turn_is_told_where_it_changes_the_figures(city, happens, unit, says, key):
    happens(city)
    assert told(key, Organisation.objects.get(code=unit)) == [f"Năm 2024: {says}."]


@pytest.mark.parametrize("key", ["years", "ledger"])
def test_what_changes_no_total_is_not_told(city, key):
    _move(city)
    factories.a_unit("N", "branch", city.committee, day=TURN)
    assert told(key, city.top) == []
    assert told(key, city.branch) == []


def test_a_unit_that_went_at_the_turn_of_the_year_is_told_in_the_year_in_which_the_ledger_counts_it(city):
    reorganise.leave([reorganise.Leaving("DU1", D(2024, 1, 1))], actor=None, today=factories.TODAY)
    (one,) = ask("years", city.top).told
    assert (one.year, one.day) == (2023, D(2023, 12, 31))
    assert ask("ledger", city.top, on=D(2023, 12, 31)).total["left"] == 3
    assert ask("ledger", city.top, first=2024).told == []


def test_of_a_whole_reform_the_largest_are_named_and_the_rest_counted(city):
    for number in range(10):
        unit = factories.a_unit(f"K{number}", "base_branch", city.top)
        reorganise.leave([reorganise.Leaving(unit.code, TURN)], actor=None, today=factories.TODAY)
    found = told("years", city.top)
    assert len(found) == 9
    assert found[-1] == "Năm 2024: còn 2 việc sắp xếp khác, xem «Cơ cấu»."


# ---- what it costs -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("happens", "most"), [(None, 12), (_leave, 22), (_merge, 22)], ids=["nothing", "a unit left", "a merger"]
)
def test_telling_costs_only_where_something_happened(client, city, happens, most):
    if happens:
        happens(city)
    client.force_login(factories.a_user(Role.BOARD, city.top))
    for code in ("TU", "DU2"):
        client.get(f"/don-vi/{code}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/don-vi/{code}/").status_code == 200
        asked = [query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) <= most, (code, len(asked))
