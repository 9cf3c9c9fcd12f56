"""The tree as a chart: the same rows as the table `structure`, opened level by level, bounded in what it asks."""

import datetime as dt
import json
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.models import Kind, Organisation
from cells.organisations import reorganise
from cells.people.models import Role
from reports import period
from reports.tables import TABLES, Question
from reports.views import chart
from targets.enter import BaseLine, declare_bases
from tests import factories
from tests.pages import text_of
from tests.reference_city import load_city

pytestmark = pytest.mark.django_db

D = dt.date
TODAY = factories.TODAY


@pytest.fixture
def city():
    """DU1 with 2 and 1 members in its branches, one of them with a party group; DU2 never kept a register."""
    city = factories.a_city()
    for branch, members in ((city.branch, 2), (city.sibling, 1), (city.base_branch, 1)):
        for _ in range(members):
            factories.a_full_member(branch)
    factories.a_unit("DU1-01-1", "group", city.branch, name="Tổ đảng 1", day=D(2024, 3, 1))
    declare_bases([BaseLine(city.outside, 2024, 33)], actor=None, today=TODAY)
    return city


def rows_of(unit, on=TODAY):
    return TABLES["structure"].answer(Question(unit, period.of_year(on.year, on, today=TODAY), on))


def signed_in(client, role, unit):
    client.force_login(factories.a_user(role, unit))
    return client


# ---- the table -----------------------------------------------------------------------------------
def test_every_unit_below_comes_after_the_one_above_with_its_counts(city):
    answer = rows_of(city.top)
    found = [(row["code"], row["parent_code"], row["branches"], row["members"]) for row in answer.rows]
    assert found == [
        ("CS1", "TU", 1, 1),
        ("DU1", "TU", 2, 3),
        ("DU1-01", "DU1", 1, 2),
        ("DU1-01-1", "DU1-01", 0, None),
        ("DU1-02", "DU1", 1, 1),
        ("DU2", "TU", 2, None),
        ("DU2-01", "DU2", 1, None),
        ("DU2-02", "DU2", 1, None),
    ]
    total = answer.total
    assert (total["code"], total["parent_code"], total["branches"], total["members"]) == ("TU", None, 5, None)
    by_code = {row["code"]: row for row in answer.rows}
    assert (by_code["DU1-01-1"]["founded"], by_code["DU1-01-1"]["from"]) == (D(2024, 3, 1), D(2024, 3, 1))
    assert by_code["DU1"]["founded"] is None, "since ever"
    assert (by_code["DU1"]["kind"], by_code["DU2"]["base"], by_code["DU2-02"]["base"]) == ("đảng bộ cơ sở", 33, 33)


def test_the_table_is_that_of_the_day(city):
    reorganise.move([reorganise.Moving("DU1-02", D(2024, 7, 1), "DU2")], actor=None, today=TODAY)
    reorganise.leave([reorganise.Leaving("CS1", D(2024, 7, 1))], actor=None, today=TODAY)
    then = {row["code"]: row for row in rows_of(city.top, D(2024, 6, 30)).rows}
    now = {row["code"]: row for row in rows_of(city.top).rows}
    assert (then["DU1-02"]["parent_code"], now["DU1-02"]["parent_code"]) == ("DU1", "DU2")
    assert (then["DU1"]["members"], now["DU1"]["members"]) == (3, 2)
    assert now["DU1-02"]["from"] == D(2024, 7, 1)
    assert now["DU1-02"]["founded"] is None
    assert set(then) - set(now) == {"CS1"}
    assert "DU1-01-1" not in {row["code"] for row in rows_of(city.top, D(2024, 2, 29)).rows}


def test_screen_file_and_command_say_the_same(client, city):
    board = signed_in(client, Role.BOARD, city.top)
    table = board.get("/don-vi/DU1/bang/structure/")
    assert [line["cells"][0]["text"] for line in table.context["lines"]] == [
        "Chi bộ khu phố 1",
        "Tổ đảng 1",
        "Chi bộ khu phố 2",
    ]
    assert [tab["label"] for tab in table.context["tabs"] if tab["active"]] == ["Sơ đồ"]
    sheet = openpyxl.load_workbook(BytesIO(board.get("/don-vi/DU1/bang/structure/?file=xlsx").content)).active
    codes = [row[0] for row in sheet.iter_rows(min_row=5, values_only=True)]
    out = StringIO()
    call_command("report", "structure", "--organisation", "DU1", stdout=out)
    answer = json.loads(out.getvalue())
    assert codes == [row["code"] for row in answer["rows"]] + ["DU1"]
    assert answer["rows"][1] | {"base": None} == {
        "code": "DU1-01-1",
        "name": "Tổ đảng 1",
        "kind": "tổ đảng",
        "sector": None,
        "parent_code": "DU1-01",
        "branches": 0,
        "members": None,
        "base": None,
        "from": "2024-03-01",
        "founded": "2024-03-01",
        "secretary": None,
        "deputy": None,
        "in_charge": None,
        "phone": None,
    }
    assert answer["total"]["members"] == 3


def test_a_unit_that_does_not_stand_on_the_day_has_nothing(city):
    reorganise.leave([reorganise.Leaving("CS1", D(2024, 7, 1))], actor=None, today=TODAY)
    answer = rows_of(city.base_branch)
    assert (answer.rows, answer.total["code"], answer.total["members"]) == ([], "CS1", None)


# ---- the page ------------------------------------------------------------------------------------
def names(nodes) -> list:
    return [(node["name"], names(node["children"])) for node in nodes]


def test_the_chart_shows_the_tree(client, city):
    page = signed_in(client, Role.BOARD, city.top).get("/don-vi/TU/so-do/")
    assert names(page.context["nodes"])[1] == (
        "Đảng bộ phường 1",
        [("Chi bộ khu phố 1", [("Tổ đảng 1", [])]), ("Chi bộ khu phố 2", [])],
    )
    text = text_of(page)
    assert "8 tổ chức bên dưới, ngày 15/10/2024" in text
    assert "đảng bộ cơ sở · 2 chi bộ · 3 đảng viên" in text
    assert "đảng bộ cơ sở · 2 chi bộ · 33 đảng viên đầu năm" in text
    assert "<details>" in page.content.decode()
    opened = client.get("/don-vi/TU/so-do/?open=all").content.decode()
    assert "<details>" not in opened
    assert opened.count("<details open>") == 3


def test_the_chart_of_a_past_day_keeps_it_in_every_link(client, city):
    reorganise.leave([reorganise.Leaving("CS1", D(2024, 7, 1))], actor=None, today=TODAY)
    board = signed_in(client, Role.BOARD, city.top)
    assert "Chi bộ cơ sở 1" not in text_of(board.get("/don-vi/TU/so-do/"))
    page = board.get("/don-vi/TU/so-do/?on=2024-06-30")
    assert 'href="/don-vi/CS1/?on=2024-06-30"' in page.content.decode()
    assert "Sơ đồ ngày 30/06/2024" in text_of(page)


@pytest.mark.parametrize(
    ("role", "at", "sees"),
    [
        (Role.BRANCH, "branch", ["Đảng bộ phường 1", "Chi bộ khu phố 1", "Tổ đảng 1"]),
        (Role.COMMITTEE, "committee", ["Đảng bộ phường 1", "Chi bộ khu phố 1", "Tổ đảng 1", "Chi bộ khu phố 2"]),
    ],
)
def test_from_below_one_sees_only_what_is_ones_own(client, city, role, at, sees):
    page = signed_in(client, role, getattr(city, at)).get("/don-vi/TU/so-do/")

    def flat(nodes):
        return [name for node in nodes for name in (node["name"], *flat(node["children"]))]

    assert flat(page.context["nodes"]) == sees
    assert page.context["excel_url"] == ""
    assert "Chỉ hiện các tổ chức bạn được xem số liệu." in text_of(page)


def test_a_large_tree_comes_in_parts(client, city, monkeypatch):
    monkeypatch.setattr(chart, "MOST_UNITS", 5)
    board = signed_in(client, Role.BOARD, city.top)
    page = board.get("/don-vi/TU/so-do/?on=2024-09-30")
    assert names(page.context["nodes"]) == [("Chi bộ cơ sở 1", []), ("Đảng bộ phường 1", []), ("Đảng bộ phường 2", [])]
    html = page.content.decode()
    assert 'data-hx-get="/don-vi/DU1/so-do/?on=2024-09-30"' in html
    assert 'href="/don-vi/DU1/so-do/?on=2024-09-30"' in html, "also without script"
    part = board.get("/don-vi/DU1/so-do/?on=2024-09-30", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "Chi bộ khu phố 1" in text_of(part)
    assert 'href="/don-vi/DU1-01/?on=2024-09-30"' in part.content.decode()


def test_a_deep_tree_is_drawn_and_the_depths_come_when_opened(client, city):
    parent = city.committee
    kind = Kind.objects.get(code="section_committee").code
    for level in range(30):
        parent = factories.a_unit(f"S{level}", kind, parent)
    page = signed_in(client, Role.BOARD, city.top).get("/don-vi/TU/so-do/?open=all")
    assert page.status_code == 200
    assert 'data-hx-get="/don-vi/S4/so-do/"' in page.content.decode()
    assert "/don-vi/S5/" not in page.content.decode(), "what is deeper has not come"


def test_the_chart_asks_the_same_for_three_units_and_for_three_hundred(client):
    city = factories.a_city(committees=1, branches=1)
    board = signed_in(client, Role.BOARD, city.top)
    counts = []
    for number in (1, 30):
        for turn in range(number):
            unit = factories.a_unit(f"K{number}-{turn}", "base_branch", city.top)
            factories.a_full_member(unit)
        board.get("/don-vi/TU/so-do/")
        with CaptureQueriesContext(connection) as queries:
            assert board.get("/don-vi/TU/so-do/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


@pytest.mark.everywhere
def test_the_chart_of_the_reference_city(client):
    load_city()
    board = signed_in(client, Role.BOARD, Organisation.objects.get(code="TU"))
    text = text_of(board.get("/don-vi/TU/so-do/"))
    assert "345 tổ chức bên dưới" in text
    assert "321 chi bộ" in text
    then = text_of(board.get("/don-vi/TU/so-do/?on=2022-06-30"))
    assert "Đảng bộ Công ty Than Thượng Hòa đảng bộ cơ sở · 26 chi bộ · 913 đảng viên đầu năm" in then
