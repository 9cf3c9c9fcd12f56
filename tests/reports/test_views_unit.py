"""The dashboard of a unit: what is still to be done, also where the programme asks nothing of the unit itself."""

import datetime as dt
import html
import re

import pytest

from cells.organisations import reorganise
from cells.people.models import Role
from reports import states
from targets import enter
from targets.quotas import take_over
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
MID_YEAR = dt.date(2024, 7, 1)

# required, quota, admitted, base missing → state in the middle of a year, how many are left
ROWS = {
    "what the programme requires": (4, 9, 4, 0, "met", 0),
    "else the quota": (None, 4, 4, 0, "met", 0),
    "half of it in half a year": (None, 4, 2, 0, "on_track", 2),
    "less": (None, 4, 1, 0, "behind", 3),
    "more than asked": (None, 1, 3, 0, "met", 0),
    "a quota of 0 asks nothing": (None, 0, 0, 0, "not_asked", 0),
    "no quota": (None, None, 3, 0, "no_data", None),
    "not reported": (None, 4, None, 0, "no_data", None),
    "no base": (None, 4, 4, 1, "no_data", 0),
}


@pytest.mark.parametrize(("required", "quota", "admitted", "missing", "state", "left"), ROWS.values(), ids=ROWS)
def test_the_state_of_a_row(required, quota, admitted, missing, state, left):
    row = {"required": required, "quota": quota, "admitted": admitted, "base_missing": missing}
    assert (states.of_row(row, MID_YEAR), states.left_of(row)) == (state, left)


@pytest.fixture
def unit_page(client):
    """DU1 is to admit 3 and admitted 1, DU2 is asked for nothing, CS1 was told nothing; the city has 200 members."""
    city = factories.a_city(branches=1)
    bases = [enter.BaseLine(unit, 2024, total) for unit, total in zip(city.branches, (120, 60), strict=True)]
    enter.declare_bases([*bases, enter.BaseLine(city.base_branch, 2024, 20)], actor=None, today=TODAY)
    lines = [take_over.QuotaLine(unit, 2024, number) for unit, number in zip(city.committees, (3, 0), strict=True)]
    take_over.issue_quotas(lines, actor=None, today=TODAY)
    factories.a_member(city.branch, decided_on=dt.date(2024, 3, 4))
    client.force_login(factories.a_user(Role.BOARD, city.top))
    return client.get("/don-vi/TU/")


def test_what_is_left_falls_back_on_the_quota_and_says_so(unit_page):
    rows = {row["code"]: (row["left"], row["state"]) for row in unit_page.context["lines"]}
    assert rows == {"DU1": (2, "behind"), "DU2": (0, "not_asked"), "CS1": (None, "no_data")}
    assert unit_page.context["left_in_all"] == unit_page.context["total"]["remaining"] == 6  # 3,5 % of 200 is 7
    text = text_of(unit_page)
    assert "Còn thiếu: so với số phải đạt theo chương trình (toàn đơn vị 7)" in text
    assert "không giao" in text


def test_units_can_be_found_and_sorted_by_what_is_left(unit_page, client):
    for query, codes in (
        ("sort=left", ["DU2", "DU1", "CS1"]),
        ("sort=-left", ["DU1", "DU2", "CS1"]),
        ("sort=state", ["DU1", "DU2", "CS1"]),
        ("state=not_asked", ["DU2"]),
    ):
        assert [row["code"] for row in client.get(f"/don-vi/TU/?{query}").context["lines"]] == codes, query


def test_the_rarer_tabs_stand_under_one(unit_page, client):
    labels = {tab["label"]: tab["more"] for tab in unit_page.context["tabs"]}
    rarer = ["Sơ đồ", "Chức vụ", "Nguồn kết nạp", "Số đầu năm", "Khai kết quả", "Giao chỉ tiêu"]
    assert [label for label, more in labels.items() if more] == rarer
    assert unit_page.content.decode().count('class="menu tabs-more"') == 1
    branch = client.get("/don-vi/CS1/bang/ledger/")
    assert 'aria-current="page">Biến động' in branch.content.decode()


def test_a_star_beside_a_number_opens_who_has_not_told(client):
    city = factories.a_city()
    enter.declare_bases([enter.BaseLine(city.branch, 2024, 120)], actor=None, today=TODAY)
    lines = [enter.ResultLine(unit, 2024, None, {"admitted": 1}) for unit in (city.branch, city.outside)]
    enter.declare_results(lines, actor=None, today=TODAY)
    factories.a_user(Role.BRANCH, city.sibling, office="secretary", name="Trần Thị Chưa Báo")
    client.force_login(factories.a_user(Role.BOARD, city.top))
    page = client.get("/don-vi/TU/")
    (row,) = (row for row in page.context["lines"] if row["code"] == "DU1")
    assert (row["base_missing"], row["not_reported"]) == (1, 1)
    for figure, lack in (("base", "chưa có số đầu năm"), ("admitted", "chưa báo cáo")):
        address = f"/don-vi/DU1/danh-sach/{figure}/"
        assert f'<a href="{address}#silent" title="1 đơn vị {lack}">' in page.content.decode()
        listed = client.get(address)
        assert [unit["name"] for unit in listed.context["silent"]] == ["Chi bộ khu phố 2"]
        assert "Bí thư: Trần Thị Chưa Báo" in text_of(listed)


def test_the_line_beside_the_units_opens_whom_it_counts(client):
    city = factories.a_city()
    factories.a_member(city.committee, decided_on=dt.date(2024, 3, 4), name="Đỗ Văn Đảng Ủy")
    client.force_login(factories.a_user(Role.BOARD, city.top))
    page = client.get("/don-vi/DU1/")
    other = page.context["other"]
    for figure, names in (("base", []), ("admitted", ["Đỗ Văn Đảng Ủy"])):
        assert (other[figure] or 0) == len(names)
        listed = client.get(other[f"{figure}_url"])
        assert (listed.context["number"], [row.name for row in listed.context["page_of_names"]]) == (len(names), names)
    assert f'<a href="{html.escape(other["admitted_url"])}">1</a>' in page.content.decode()
    client.force_login(factories.a_user(Role.BODY, city.top))
    assert "row=rest" not in client.get("/don-vi/DU1/").content.decode(), "names are not theirs"


def test_a_unit_that_moved_away_counts_here_and_leads_nowhere(client):
    """In the opening scope it is still a row of the unit it left, whose committee may not look into it any more."""
    city = factories.a_city()
    factories.a_user(Role.BRANCH, city.branch, office="secretary", name="Trần Thị Chuyển Đi")
    bases = [enter.BaseLine(city.branch, 2024, 120), enter.BaseLine(city.sibling, 2024, 30)]
    enter.declare_bases(bases, actor=None, today=TODAY)
    moved = reorganise.Moving(city.branch.code, MID_YEAR, "DU2")
    reorganise.move([moved], actor=None, today=TODAY)
    client.force_login(factories.a_user(Role.BOARD, city.top))
    facts = client.get("/don-vi/DU1-01/co-cau/").context["facts"]
    assert facts[-1]["value"] == "từ trước", "it only moved within the tree"
    pages = [f"/don-vi/DU1/{page}" for page in ("", "bang/ledger/", "bang/admission-rate/", "danh-sach/base/")]
    for role, unit, leads in ((Role.COMMITTEE, city.committee, False), (Role.BOARD, city.top, True)):
        client.force_login(factories.a_user(role, unit))
        for address in pages:
            page = client.get(address)
            assert "Chi bộ khu phố 1" in text_of(page), address
            links = re.findall(r'href="(/don-vi/DU1-01/[^"]*)"', page.content.decode())
            assert any("on=" not in url for url in links) is leads, address
            assert {client.get(html.unescape(url)).status_code for url in links} <= {200}, address
            assert ("Trần Thị Chuyển Đi" in text_of(page)) is leads, address
            assert "/don-vi/DU1-02/" in page.content.decode(), address


def test_the_page_of_a_branch_tells_its_base_and_what_is_left(client):
    city = factories.a_city()
    enter.declare_bases([enter.BaseLine(city.branch, 2024, 120)], actor=None, today=TODAY)
    take_over.issue_quotas([take_over.QuotaLine(city.branch, 2024, 3)], actor=None, today=TODAY)
    factories.a_member(city.branch, decided_on=dt.date(2024, 3, 4))
    client.force_login(factories.a_user(Role.BOARD, city.top))
    page = client.get("/don-vi/DU1-01/")
    rate, quota = page.context["tiles"][:2]
    assert (rate["value"], rate["sentence"]) == ("0,83%", "1 trên 120 đảng viên đầu năm")
    assert (quota["value"], quota["sentence"]) == ("1/3", "còn thiếu 2 người")
    assert "Số liệu tính đến 15/10/2024" in text_of(page)
