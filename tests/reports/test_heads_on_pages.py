"""Who answers for a unit stands in the heading of its pages and beside it in every table, as on the day asked (C7)."""

import csv
import datetime as dt
import io

import pytest

from cells.models import Organisation
from cells.organisations.contact import Phone, set_phones
from cells.people.appoint import Appointment, appoint
from cells.people.models import Office, Role
from membership.models import Stage
from targets.base_corrections import Proposal, propose_corrections, refuse_corrections
from targets.enter import BaseLine, declare_bases
from targets.models import Base
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests.factories import TODAY, a_case, a_city, a_full_member, a_person, a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db

START, CHANGE = dt.date(2020, 1, 1), dt.date(2024, 5, 1)
LINE = "Bí thư: Trần Văn Mới · Phó bí thư: Ngô Thị An, Đỗ Văn Bình · Phụ trách: Vũ Thị Giang · ĐT 0200 385 1234"
BEFORE = "Bí thư: Lê Thị Cũ · Phó bí thư: Ngô Thị An, Đỗ Văn Bình · Phụ trách: Vũ Thị Giang · ĐT 0200 385 1234"
HEADING = "Bí thư Trần Văn Mới Phó bí thư Ngô Thị An, Đỗ Văn Bình Cấp ủy viên phụ trách Vũ Thị Giang Điện thoại cơ quan"


@pytest.fixture(scope="module")
def the_city(once):
    return once(_city)


@pytest.fixture
def city(the_city, db):
    return the_city()


def _city():
    city = a_city()
    unit = city.committee
    rows = [
        ("Lê Thị Cũ", Role.COMMITTEE, Office.SECRETARY, START, CHANGE),
        ("Trần Văn Mới", Role.COMMITTEE, Office.SECRETARY, CHANGE, None),
        ("Đỗ Văn Bình", Role.COMMITTEE, Office.DEPUTY, START, None),
        ("Ngô Thị An", Role.COMMITTEE, Office.DEPUTY, START, None),
        ("Vũ Thị Giang", Role.SUPERVISOR, Office.MEMBER, START, None),
    ]
    appoint([Appointment(a_person(name), unit, *rest) for name, *rest in rows], actor=None, today=TODAY)
    set_phones([Phone(unit, "0200 385 1234")], actor=None)
    declare_bases([BaseLine(branch, 2024, 50) for branch in city.branches], actor=None, today=TODAY)
    declare_bases([BaseLine(unit, 2023, 50)], actor=None, today=TODAY)
    issue_quotas([QuotaLine(unit, 2023, 3, 3)], actor=None, today=TODAY)
    a_case(city.outside, stage=Stage.DECIDED)
    a_case(city.branch)
    for branch in (city.branch, city.sibling):
        a_full_member(branch)
    return city


@pytest.fixture
def board(city, client):
    client.force_login(a_user(Role.BOARD, city.top))
    return client


TABLES = [
    "/don-vi/TU/",
    "/don-vi/TU/so-do/",
    "/don-vi/TU/bang/structure/",
    "/don-vi/TU/bang/admission-rate/",
    "/don-vi/TU/bang/quota-progress/",
    "/don-vi/TU/bang/ledger/",
    "/don-vi/TU/bang/missed-years/",
    "/don-vi/TU/bang/no-admission/",
    "/don-vi/TU/bang/thresholds/",
    "/don-vi/TU/danh-sach/base/?year=2023",
    "/don-vi/TU/co-cau/",
    "/don-vi/TU/dau-nam/2024/",
    "/don-vi/TU/chi-tieu/2024/",
    "/don-vi/TU/ket-qua/2024/",
]


@pytest.mark.parametrize("address", TABLES)
def test_beside_the_unit_in_every_table(board, address):
    page = board.get(address)
    assert page.status_code == 200
    assert LINE in text_of(page)


@pytest.mark.parametrize("address", [address for address in TABLES[:8] if "missed" not in address])
def test_as_on_the_day_asked(board, address):
    text = text_of(board.get(f"{address}?on=2024-04-30"))
    assert BEFORE in text
    assert "Trần Văn Mới" not in text


HEADINGS = [
    "/don-vi/DU1/",
    "/don-vi/DU1/bang/admission-rate/",
    "/don-vi/DU1/bang/years/",
    "/don-vi/DU1/danh-sach/",
    "/don-vi/DU1/danh-sach/admitted/",
    "/don-vi/DU1/ai-xem-duoc/",
    "/don-vi/DU1/thay-doi/",
    "/don-vi/DU1/chuc-vu/",
    "/don-vi/DU1/co-cau/",
    "/don-vi/DU1/so-do/",
    "/don-vi/DU1/dau-nam/2024/",
    "/don-vi/DU1/dau-nam/2024/chot-tu-so/",
    "/don-vi/DU1/dau-nam/2023/dinh-chinh/",
    "/don-vi/DU1/dau-nam/dinh-chinh/",
    "/don-vi/DU1/chi-tieu/2024/phan-bo/",
]


@pytest.mark.parametrize("address", HEADINGS)
def test_in_the_heading_of_each_page_of_the_unit(board, address):
    page = board.get(address)
    assert page.status_code == 200
    assert HEADING in text_of(page)


def test_beside_each_unit_of_a_proposal(board):
    proposed = board.post("/don-vi/TU/chi-tieu/2024/phan-bo/", {"admission": "10", "base": "1"})
    assert LINE in text_of(proposed)


def test_beside_each_correction_whether_it_waits_or_is_settled(board, city):
    base = Base.objects.get(organisation=city.committee)
    (settled,) = propose_corrections([Proposal(base, 52, "Ghi nhầm")], actor=a_user(Role.BOARD, city.top))
    refuse_corrections([settled.pk], actor=a_user(Role.BOARD, city.top), answer="Không đúng")
    propose_corrections([Proposal(base, 51, "Ghi sót")], actor=a_user(Role.BOARD, city.top))
    assert text_of(board.get("/don-vi/TU/dau-nam/dinh-chinh/")).count(LINE) == 2


def test_what_is_missing_is_said_where_it_is_missed(board):
    assert "Bí thư chưa ghi Cấp ủy viên phụ trách chưa ghi" in text_of(board.get("/don-vi/DU2/"))
    assert "Cấp ủy viên phụ trách" not in text_of(board.get("/don-vi/TU/")).partition("Tổng quan")[0], (
        "the top has none"
    )


def test_a_unit_is_found_with_who_answers_for_it(board):
    assert LINE in text_of(board.post("/tim/", {"q": "dang bo phuong 1"}))


@pytest.mark.parametrize("table", ["no-admission", "structure"])
def test_the_file_has_them_as_columns(board, table):
    answer = board.get(f"/don-vi/TU/bang/{table}/?file=csv")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    at = [head.index(title) for title in ("Bí thư", "Phó bí thư", "Cấp ủy viên phụ trách", "Điện thoại cơ quan")]
    (row,) = [row for row in rows if row[0] == "DU1"]
    assert [row[place] for place in at] == ["Trần Văn Mới", "Ngô Thị An, Đỗ Văn Bình", "Vũ Thị Giang", "0200 385 1234"]


def test_whoever_sees_the_figures_sees_who_answers(client, city):
    """Names of officials are no names of members: also for roles that see nobody's, and from below."""
    for role, unit in ((Role.BODY, city.top), (Role.BRANCH, city.branch)):
        client.force_login(a_user(role, unit))
        assert HEADING in text_of(client.get("/don-vi/DU1/"))
    assert Organisation.objects.get(code="DU1").office_phone
