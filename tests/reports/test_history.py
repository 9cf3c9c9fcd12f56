"""The history of a unit reads as one: what happened to it, who headed it, its bases and quotas; nothing twice."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cells.models import Kind
from cells.organisations import reorganise
from cells.organisations.models import Organisation
from cells.people.models import Office, Role
from targets.base_corrections import Proposal, approve_corrections, propose_corrections
from targets.enter import BaseLine, declare_bases
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

D = dt.date
TODAY = factories.TODAY


@pytest.fixture
def city():
    return factories.a_city()


def events(client, unit, role=Role.BOARD, at=None, on=""):
    """(day, title) of the history as a reader with a post `at` sees it, newest first."""
    client.force_login(factories.a_user(role, at or Organisation.objects.get(code="TU")))
    page = client.get(f"/don-vi/{unit.code}/co-cau/{on}")
    assert page.status_code == 200
    return [(event.day and event.day.strftime("%d/%m/%Y"), event.title) for event in page.context["events"]]


def a_life(city):
    """A branch founded in 2021, renamed, moved, upgraded, with two secretaries, bases, a correction and quotas."""
    unit = factories.a_unit("DU1-09", "branch", city.committee, name="Chi bộ Sao Mai", day=D(2021, 3, 1))
    factories.a_user(
        Role.BRANCH, unit, office=Office.SECRETARY, name="Lê Văn Đầu", from_day=D(2021, 3, 1), to_day=D(2023, 6, 1)
    )
    factories.a_user(Role.BRANCH, unit, office=Office.SECRETARY, name="Trần Thị Sau", from_day=D(2023, 6, 1))
    reorganise.rename(
        [reorganise.Renaming("DU1-09", D(2022, 5, 1), "Chi bộ Bình Minh", "12-QĐ")], actor=None, today=TODAY
    )
    reorganise.move([reorganise.Moving("DU1-09", D(2023, 2, 1), "TU", "31-QĐ")], actor=None, today=TODAY)
    base_branch = Kind.objects.get(code="base_branch")
    reorganise.change_kind([reorganise.KindChange("DU1-09", D(2023, 2, 1), base_branch)], actor=None, today=TODAY)
    declare_bases([BaseLine(unit, 2023, 18), BaseLine(unit, 2024, 21)], actor=None, today=TODAY)
    for quota, day, reason in ((1, D(2024, 1, 20), ""), (2, D(2024, 6, 3), "Thêm nguồn")):
        line = QuotaLine(unit, 2024, quota, 1, f"{quota}-QĐ", day, reason)
        issue_quotas([line], actor=None, today=TODAY)
    return unit


LIFE = [
    ("03/06/2024", "Điều chỉnh lần 1 chỉ tiêu năm 2024: kết nạp 2, bồi dưỡng 1"),
    ("20/01/2024", "Giao chỉ tiêu năm 2024: kết nạp 1, bồi dưỡng 1"),
    ("01/01/2024", "Số đảng viên đầu năm 2024: 21"),
    ("01/06/2023", "Bí thư: Trần Thị Sau"),
    ("01/02/2023", "Chuyển Chi bộ Bình Minh về trực thuộc Đảng bộ thành phố"),
    ("01/02/2023", "Đổi loại: chi bộ thành chi bộ cơ sở"),
    ("01/01/2023", "Số đảng viên đầu năm 2023: 18"),
    ("01/05/2022", "Đổi tên: «Chi bộ Sao Mai» thành «Chi bộ Bình Minh»"),
    ("01/03/2021", "Thành lập Chi bộ Bình Minh, trực thuộc Đảng bộ phường 1"),
    ("01/03/2021", "Bí thư: Lê Văn Đầu"),
]


def test_a_life_is_told_as_one_history(client, city):
    unit = a_life(city)
    assert events(client, unit) == LIFE
    page = text_of(client.get(f"/don-vi/{unit.code}/co-cau/"))
    for said in ("Quyết định số 12-QĐ.", "Quyết định số 31-QĐ.", "Đến hết ngày 31/05/2023.", "Thêm nguồn"):
        assert said in page
    assert page.count("Đổi tên") == 1


def test_a_past_day_knows_nothing_of_what_came_after(client, city):
    unit = a_life(city)
    then = events(client, unit, on="?on=2022-12-31")
    assert then == [
        *LIFE[7:8],
        ("01/03/2021", "Thành lập Chi bộ Bình Minh, trực thuộc Đảng bộ phường 1"),
        *LIFE[9:],
    ]
    assert "Đến hết ngày" not in text_of(client.get(f"/don-vi/{unit.code}/co-cau/?on=2022-12-31"))
    assert "Khai báo." in text_of(client.get(f"/don-vi/{unit.code}/co-cau/?on=2024-06-30")), "made since"


@pytest.mark.parametrize(
    ("role", "at", "sees"),
    [
        (Role.BOARD, "TU", True),
        (Role.STANDING, "TU", True),
        (Role.BODY, "TU", False),
        (Role.BRANCH, "DU1-09", True),
    ],
)
def test_names_of_heads_and_makers_are_for_those_who_see_people(client, city, role, at, sees):
    unit = a_life(city)
    unit.bases.update(made_by=factories.a_user(name="Vũ Thị Khai"))
    told = events(client, unit, role, Organisation.objects.get(code=at))
    assert (("01/06/2023", "Bí thư: Trần Thị Sau") in told) is sees
    assert (("01/06/2023", "Có bí thư mới") in told) is not sees
    assert ("01/01/2024", "Số đảng viên đầu năm 2024: 21") in told, "figures are for all of them"
    page = text_of(client.get(f"/don-vi/{unit.code}/co-cau/"))
    assert page.count("Khai báo lúc ") == 2
    assert page.count("(Vũ Thị Khai).") == (2 if sees else 0)


def test_a_correction_that_counts_is_told_with_its_difference(client, city):
    declare_bases([BaseLine(city.branch, 2024, 30)], actor=None, today=TODAY)
    maker, second = factories.a_user(Role.BOARD, city.top), factories.a_user(Role.BOARD, city.top)
    base = city.branch.bases.get()
    (waiting,) = propose_corrections([Proposal(base, 27, "Ba người ghi hai lần")], actor=maker)
    assert not [title for _, title in events(client, city.branch) if "Đính chính" in title]
    approve_corrections([waiting.pk], actor=second)
    told = events(client, city.branch)
    assert (timezone.localdate().strftime("%d/%m/%Y"), "Đính chính số đầu năm 2024: −3") in told
    assert ("01/01/2024", "Số đảng viên đầu năm 2024: 30") in told, "as it was entered"
    assert "Ba người ghi hai lần" in text_of(client.get("/don-vi/DU1-01/co-cau/"))
    body = text_of(_as(client, Role.BODY, city.top).get("/don-vi/DU1-01/co-cau/"))
    assert "−3" in body
    assert "Ba người ghi hai lần" not in body


def _as(client, role, unit):
    client.force_login(factories.a_user(role, unit))
    return client


def test_a_committee_without_a_row_tells_what_its_branches_add_up_to(client, city):
    declare_bases([BaseLine(city.branch, 2024, 30), BaseLine(city.sibling, 2024, 12)], actor=None, today=TODAY)
    assert ("01/01/2024", "Số đảng viên đầu năm 2024: 42") in events(client, city.committee)
    assert "Cộng từ cấp dưới." in text_of(client.get("/don-vi/DU1/co-cau/"))


def test_succession_is_told_on_both_sides_and_leads_to_the_unit_that_is_gone(client, city):
    day = D(2024, 7, 1)
    reorganise.merge([reorganise.Merging("DU1-01", day, "DU2-01", "07-QĐ")], actor=None, today=TODAY)
    title = "Sáp nhập Chi bộ khu phố 1 vào Chi bộ khu phố 1"
    for unit in (city.branches[2], city.committee):
        assert ("01/07/2024", title) in events(client, unit)
        assert 'href="/don-vi/DU1-01/?on=2024-06-30"' in client.get(f"/don-vi/{unit.code}/co-cau/").content.decode()
    assert ("01/07/2024", title) not in events(client, city.branch, on="?on=2024-06-30")


def test_what_came_along_with_a_unit_above_is_told_once(client, city):
    reorganise.merge([reorganise.Merging("DU1", D(2024, 7, 1), "DU2")], actor=None, today=TODAY)
    told = events(client, city.sibling)
    assert told == [
        ("01/07/2024", "Về trực thuộc Đảng bộ phường 2"),
        (None, "Có từ trước, trực thuộc Đảng bộ phường 1"),
    ]


def test_a_renamed_unit_below_is_told_from_what_it_was_to_what_it_became(client, city):
    reorganise.rename([reorganise.Renaming("DU1-01", D(2024, 5, 1), "Chi bộ Mới")], actor=None, today=TODAY)
    assert ("01/05/2024", "Đổi tên Chi bộ khu phố 1 thành Chi bộ Mới") in events(client, city.committee)


def test_what_happened_below_is_for_those_inside(client, city):
    """Who stands at the unit or above it also hears of units that left; a branch hears of its own way only."""
    reorganise.leave([reorganise.Leaving("DU1-02", D(2024, 10, 1))], actor=None, today=TODAY)
    left = ("01/10/2024", "Chuyển ra Chi bộ khu phố 2")
    assert left in events(client, city.committee, Role.STANDING, city.top)
    assert left in events(client, city.committee, Role.COMMITTEE, city.committee)
    assert left not in events(client, city.committee, Role.BRANCH, city.branch)


def test_a_long_history_comes_in_pages_and_asks_no_more(client, city):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    counts = []
    for number in (2, 68):
        for turn in range(number):
            factories.a_unit(f"X{number}-{turn}", "base_branch", city.top, day=D(2024, 2, 1))
        client.get("/don-vi/TU/co-cau/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/don-vi/TU/co-cau/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24
    assert (len(page.context["events"]), page.context["events"].paginator.num_pages) == (60, 2)
    assert len(client.get("/don-vi/TU/co-cau/?page=2").context["events"]) == 11
