"""The ledger on screen: any days, every number its list, what differs named; the same as a file."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.organisations import reorganise
from cells.people.models import Role
from membership import register
from membership.models import Spell
from targets import enter
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
LEDGER = "/don-vi/TU/bang/ledger/"


@pytest.fixture(scope="module")
def the_city(once):
    return once(_city)


@pytest.fixture
def city(the_city, db):
    """DU1-01: two members, one of them admitted on 10/3/2023; one of DU1-02 moved to CS1 on 1/6/2023."""
    return the_city()


def _city():
    city = factories.a_city(committees=1)
    factories.a_full_member(city.branch, name="Lê Thị Cũ")
    factories.a_member(city.branch, decided_on=dt.date(2023, 3, 10), name="Trần Văn Mới")
    moved = factories.a_full_member(city.sibling, name="Phạm Thị Chuyển")
    change = register.Change(moved.pk, dt.date(2023, 6, 1), destination=city.base_branch)
    register.transfer([change], actor=None, today=TODAY)
    return city


@pytest.fixture
def board(client, city):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    return client


def declare_bases(year, *lines):
    rows = [enter.BaseLine(unit, year, total) for unit, total in lines]
    enter.declare_bases(rows, actor=None, today=TODAY)


def total_of(page):
    return {cell["label"]: cell["value"] for cell in page.context["total"]["cells"]}


# the query → Từ, Đến of the heading, opening, admitted, transferred in, closing
SPANS = [
    ("?year=2023", "Từ 01/01/2023 đến 31/12/2023", 2, 1, 1, 3),
    ("?from=2023-03-10&to=2023-03-10", "Từ 10/03/2023 đến 10/03/2023", 2, 1, 0, 3),
    ("?from=10/03/2023&to=10/03/2023", "Từ 10/03/2023 đến 10/03/2023", 2, 1, 0, 3),
    ("?from=2023-03-11&to=2023-05-31", "Từ 11/03/2023 đến 31/05/2023", 3, 0, 0, 3),
    ("?from=2020-01-01&to=2024-12-31", "Từ 01/01/2020 đến 15/10/2024", 0, 3, 1, 3),
    ("?from=2023-01-01&to=2024-12-31&on=2023-03-09", "Từ 01/01/2023 đến 09/03/2023", 2, 0, 0, 2),
]


@pytest.mark.parametrize(("query", "days", "opening", "admitted", "moved", "closing"), SPANS)
def test_any_days_may_be_chosen(board, query, days, opening, admitted, moved, closing):
    page = board.get(LEDGER + query)
    assert days in text_of(page)
    total = total_of(page)
    found = [total[label] for label in ("Đầu kỳ", "Kết nạp", "Chuyển đến", "Chuyển đi", "Cuối kỳ")]
    assert found == [opening, admitted, moved, moved, closing]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?from=2023-03-10&to=2023-03-09", "Ngày cuối kỳ ở trước ngày đầu kỳ."),
        ("?from=2023-03-10", "Ghi ngày"),
        ("?from=xx&to=2023-03-10", "«xx»"),
        ("?from=03/2023&to=2023-03-10", "chưa đủ ngày"),
        ("?from=2024-03-10&to=2024-03-11&on=2023-01-01", "ở trước ngày đầu kỳ"),
    ],
)
def test_days_that_are_no_period_are_told_and_kept(board, query, says):
    page = board.get(LEDGER + query)
    assert page.status_code == 200
    assert says in text_of(page)
    typed = dict(part.split("=") for part in query[1:].split("&"))["from"]
    assert f'value="{typed}"' in page.content.decode()


def test_the_usual_periods_lead_to_their_days(board):
    page = board.get(LEDGER)
    usual = {choice.title: choice for _, choices in page.context["usual_spans"] for choice in choices}
    assert len(usual) == 5 + 4 + 10  # five years, four quarters begun, ten months begun
    assert usual["Năm 2024"].active
    assert usual["Quý I năm 2024"].url == "?from=2024-01-01&to=2024-03-31"
    assert usual["Tháng 2 năm 2024"].url == "?from=2024-02-01&to=2024-02-29"
    assert usual["Tháng 10 năm 2024"].url == "?from=2024-10-01&to=2024-10-15"
    assert board.get(LEDGER + usual["Tháng 2 năm 2024"].url).context["span"].period.last == dt.date(2024, 2, 29)
    old = board.get(LEDGER + "?from=2021-04-01&to=2021-06-30&scope=current")
    assert [choice.title for _, choices in old.context["usual_spans"] for choice in choices if choice.active] == [
        "Quý II năm 2021"
    ]
    assert "scope=current" in old.context["usual_spans"][0][1][0].url


@pytest.mark.parametrize(
    ("query", "with_bases"),
    [("?from=2022-07-01&to=2024-06-30", False), ("?year=2023", True), ("?year=2023&scope=current", True)],
)
def test_every_number_leads_to_its_list(board, city, query, with_bases):
    factories.a_member(city.committee, decided_on=dt.date(2023, 4, 1), name="Đỗ Văn Đảng Ủy")
    if with_bases:
        declare_bases(2023, (city.branch, 5), (city.sibling, 1), (city.base_branch, 0), (city.committee, 8))
        declare_bases(2024, (city.branch, 5), (city.sibling, 1), (city.base_branch, 1), (city.committee, 7))
    page, below = board.get(LEDGER + query), board.get(f"/don-vi/DU1/bang/ledger/{query}")
    (rest,) = [line for line in below.context["lines"] if line["other"]]
    lines = [*page.context["lines"][:1], page.context["total"], rest]
    cells = [cell for line in lines for cell in line["cells"] if cell["number"]]
    assert sum(cell["value"] is not None for cell in cells) >= 36
    pages = {cell["url"]: board.get(cell["url"]) for cell in cells if cell["url"]}
    for cell in cells:
        assert bool(cell["url"]) is (cell["value"] is not None), cell
        if cell["url"]:
            assert pages[cell["url"]].context["number"] == cell["value"], cell["url"]
    listed = {cell["label"]: pages[cell["url"]] for cell in rest["cells"] if cell["url"]}
    assert [named.name for named in listed["Kết nạp"].context["page_of_names"]] == ["Đỗ Văn Đảng Ủy"]
    opening = listed["Đầu kỳ"]
    told = [(row["name"], row["number"]) for row in opening.context["declared"]]
    expected = [("Chi bộ khu phố 1", -5), ("Chi bộ khu phố 2", -1), ("Đảng bộ phường 1", 8)] if with_bases else []
    assert told == expected
    assert ("Không nêu được tên" in text_of(opening)) is with_bases
    assert "Đảng bộ phường 1 · Khác (chưa phân bổ xuống dưới)" in text_of(opening)


def test_the_list_of_a_unit_that_joined_is_that_of_its_row(board, city):
    """A flow of the ledger is of every unit that stood there, also of one that the signed rate leaves out."""
    joining = reorganise.Joining("J", dt.date(2023, 7, 1), "TU", "Chi bộ J", city.branch.style(TODAY).kind)
    (unit,) = reorganise.join([joining], actor=None, today=TODAY)
    factories.a_member(unit, decided_on=dt.date(2023, 8, 1))
    row = next(
        line["cells"] for line in board.get(f"{LEDGER}?year=2023").context["lines"] if "J" in line["cells"][0]["text"]
    )
    admitted = next(cell for cell in row if cell["label"] == "Kết nạp")
    assert board.get(admitted["url"]).context["number"] == admitted["value"] == 1


def test_names_are_those_the_reader_may_see(client, board, city):
    url = reverse("items", args=["TU", "ledger-closing"]) + "?year=2023"
    assert {named.name for named in board.get(url).context["page_of_names"]} == {
        "Lê Thị Cũ",
        "Trần Văn Mới",
        "Phạm Thị Chuyển",
    }
    client.force_login(factories.a_user(Role.BRANCH, city.branch))
    assert client.get(url).status_code == 403
    own = reverse("items", args=[city.branch.code, "ledger-closing"]) + "?year=2023"
    assert len(client.get(own).context["page_of_names"]) == 2
    page = client.get(LEDGER)
    assert not [cell for cell in page.context["total"]["cells"] if cell["url"]]


def test_a_declared_number_shows_whom_the_register_has_beside_it(board, city):
    declare_bases(2023, (city.branch, 5), (city.sibling, 1), (city.base_branch, 0))
    page = board.get(reverse("items", args=["TU", "ledger-opening"]) + "?year=2023")
    assert page.context["number"] == 6
    assert sorted(row["number"] for row in page.context["declared"]) == [0, 1, 5]
    assert {named.name for named in page.context["page_of_names"]} == {"Lê Thị Cũ", "Phạm Thị Chuyển"}
    assert "Có tên trong sổ: 2 người" in text_of(page)
    base = board.get(reverse("items", args=["TU", "base"]) + "?year=2023")
    assert (base.context["number"], len(base.context["page_of_names"])) == (6, 2)


def test_what_differs_is_named_with_what_it_means_and_what_to_do(board, city):
    declare_bases(2024, (city.branch, 5), (city.sibling, 0), (city.base_branch, 1))
    page = board.get(f"{LEDGER}?year=2023")
    (note,) = page.context["notes"]
    assert "Chênh lệch so với số khai: +3. Số đầu năm 2024 đã chốt là 6, cuối kỳ tính từ biến động là 3" in note
    assert "số đã chốt có người mà biến động chưa ghi vào" in note
    assert "đính chính số đầu năm" in note
    assert total_of(page)["Chênh lệch so với số khai"] == 3
    cell = next(cell for cell in page.context["total"]["cells"] if cell["kind"] == "difference")
    assert cell["text"] == "+3"
    listed = board.get(cell["url"])
    assert [(row["name"], row["number"]) for row in listed.context["declared"]] == [("Chi bộ khu phố 1", 3)]
    assert listed.context["declared"][0]["url"] == f"/don-vi/{city.branch.code}/bang/ledger/?year=2023"
    assert "Nhỏ hơn 0" in text_of(listed)


def test_below_one_that_declares_for_all_the_difference_is_told_of_it(board, city):
    """DU1 declares the year, its branches the next bases: DU1 as a whole is what can be compared."""
    values = dict.fromkeys(("admitted", "readmitted", "transferred_in", "transferred_out", "deceased"), 0)
    lines = [enter.ResultLine(city.committee, 2023, None, values | {"admitted": 4})]
    enter.declare_results(lines, actor=None, today=TODAY)
    declare_bases(2024, (city.branch, 5), (city.sibling, 1), (city.base_branch, 1))
    listed = board.get(reverse("items", args=["TU", "ledger-residual"]) + "?year=2023").context["declared"]
    row = next(
        {cell["label"]: cell["value"] for cell in line["cells"]}
        for line in board.get(f"{LEDGER}?year=2023").context["lines"]
        if line["cells"][0]["text"] == "Đảng bộ phường 1"
    )
    assert row["Chênh lệch so với số khai"] == 0
    assert listed == []


def test_a_next_start_of_the_year_that_is_not_complete_is_not_compared(board, city):
    declare_bases(2024, (city.branch, 5))
    page = board.get(f"{LEDGER}?year=2023")
    assert total_of(page)["Chênh lệch so với số khai"] is None
    assert any(
        "Chưa so được với số đầu năm 2024" in note and "Chi bộ khu phố 2" in note for note in page.context["notes"]
    )


def test_the_file_is_the_page(board, city):
    query = "?from=2023-03-10&to=2023-06-01"
    page = board.get(LEDGER + query)
    file = next(url for form, url in page.context["files"] if form == "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(board.get(LEDGER + file).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "Mã")
    total = dict(zip(head, next(row for row in rows if row[0] == "TU"), strict=True))
    assert {label: total[label] for label in ("Đầu kỳ", "Kết nạp", "Cuối kỳ")} == {
        "Đầu kỳ": 2,
        "Kết nạp": 1,
        "Cuối kỳ": 3,
    }
    assert "Từ 10/03/2023 đến 01/06/2023" in rows[1][0]


def test_exemption_and_recognition_change_no_total(board, city):
    before = total_of(board.get(f"{LEDGER}?year=2024"))
    enrolment = register.Enrolment(
        person=factories.a_person(born=dt.date(1960, 5, 1)),
        organisation=city.sibling,
        decided_on=dt.date(1990, 5, 1),
        counting_on=dt.date(1990, 5, 1),
        ceremony_on=None,
        recognised_on=dt.date(1991, 5, 1),
        exempt_from=dt.date(2024, 2, 1),
    )
    register.enrol([enrolment], actor=None, today=TODAY)
    probationer = Spell.objects.get(person__name="Trần Văn Mới", to_day=None)
    register.recognise([register.Change(probationer.pk, dt.date(2024, 3, 10))], actor=None, today=TODAY)
    after = total_of(board.get(f"{LEDGER}?year=2024"))
    assert (after["Đầu kỳ"], after["Cuối kỳ"]) == (before["Đầu kỳ"] + 1, before["Cuối kỳ"] + 1)
    assert not any(after[label] for label in after if label not in ("Tổ chức", "Đầu kỳ", "Cuối kỳ"))


def test_lists_of_the_ledger_ask_the_same_for_few_units_and_for_many(board, city):
    counts = []
    for number in (0, 8):
        for index in range(number):
            unit = factories.a_unit(f"B{index}", "branch", city.committee)
            factories.a_member(unit, decided_on=dt.date(2023, 3, 1))
        urls = [f"{LEDGER}?from=2022-02-03&to=2023-12-31"]
        urls += [
            f"/don-vi/TU/danh-sach/ledger-{key}/?year=2023" for key in ("opening", "joined", "closing", "residual")
        ]
        urls += [
            f"/don-vi/TU/danh-sach/{key}&row=rest" for key in ("ledger-closing/?rows=unit", "admitted/?rows=branches")
        ]
        asked = {}
        for url in urls:
            board.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert board.get(url).status_code == 200
            asked[url] = len(queries)
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 30
