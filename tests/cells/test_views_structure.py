"""The structure on screen: what stands below a unit, what happened, and the deeds that change it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.models import Entry
from cells.organisations import reorganise
from cells.organisations.models import Operation, Organisation, Place
from cells.rules.models import Kind
from tests.factories import TODAY, a_city, a_full_member, a_unit, a_user
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def board(city, client):
    client.force_login(a_user("board", city.top))
    return client


def address(name, unit):
    return reverse(name, args=[unit.code])


def founding(**values):
    kind = Kind.objects.get(code="branch")
    return {"code": "DU1-09", "name": "Chi bộ khu phố 9", "kind": kind.pk, "sector": "", "day": "01/09/2024"} | values


def test_the_structure_shows_children_and_history(board, city):
    a_unit("DU1-09", "branch", city.committee, name="Chi bộ khu phố 9", day=D(2024, 9, 1))
    page = text_of(board.get(address("structure", city.committee)))
    assert "Chi bộ khu phố 9 DU1-09 chi bộ – từ 01/09/2024" in page
    assert "Thành lập Chi bộ khu phố 9, trực thuộc Đảng bộ phường 1" in page
    assert "Chi bộ khu phố 1 DU1-01 chi bộ – từ trước" in page


def test_a_branch_sees_above_itself_only_its_own_way(client, city):
    client.force_login(a_user("branch", city.branch))
    page = text_of(client.get(address("structure", city.committee)))
    assert "Chi bộ khu phố 1" in page
    assert "Chi bộ khu phố 2" not in page
    assert "Thành lập tổ chức" not in page


def test_founding(board, city):
    url = address("found", city.committee)
    done = board.post(url, founding(), follow=True)
    unit = Organisation.objects.get(code="DU1-09")
    place = Place.objects.get(organisation=unit)
    assert (place.parent, place.from_day) == (city.committee, D(2024, 9, 1))
    assert "Đã thành lập Chi bộ khu phố 9 từ ngày 01/09/2024, trực thuộc Đảng bộ phường 1." in text_of(done)
    again = board.post(url, founding())
    assert "đã có tổ chức khác dùng" in problem_at(again, "code")
    assert Organisation.objects.filter(code="DU1-09").count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"code": ""}, "code", "Ghi mục này."),
        ({"code": "DU1-01"}, "code", "đã có tổ chức khác dùng"),
        ({"name": "a\x00b"}, "name", "ký tự"),
        ({"kind": ""}, "kind", "Chọn một mục."),
        ({"day": ""}, "day", "Ghi ngày"),
        ({"day": "30/02/2024"}, "day", "30/02/2024"),
        ({"day": "01/09/24"}, "day", "năm"),
        ({"day": "16/10/2024"}, "day", "sau ngày hôm nay"),
        ({"code": "x" * 41}, "code", "40"),
    ],
)
def test_wrong_foundings(board, city, typed, field, says):
    before = Organisation.objects.count()
    page = board.post(address("found", city.committee), founding(**typed))
    assert says in problem_at(page, field)
    assert Organisation.objects.count() == before
    assert form_of(page)["day"] == founding(**typed)["day"]


def test_joining_and_coming_back(board, city):
    kind = Kind.objects.get(code="base_branch")
    typed = {
        "code": "VAO",
        "name": "Chi bộ Điện lực",
        "kind": kind.pk,
        "sector": "",
        "day": "01/07/2024",
        "origin": "Đảng bộ Khối",
    }
    page = text_of(board.post(address("join", city.top), typed, follow=True))
    assert "Đã tiếp nhận Chi bộ Điện lực từ ngày 01/07/2024" in page
    assert "Tiếp nhận Chi bộ Điện lực từ Đảng bộ Khối" in page
    twice = board.post(address("join", city.top), typed)
    assert "đang ở trong đảng bộ" in problem_at(twice, "code")
    nameless = board.post(address("join", city.top), typed | {"code": "VAO2", "name": ""})
    assert "ghi tên và loại tổ chức" in problem_at(nameless, "name")


# ---- leaving ---------------------------------------------------------------------------------------

GOING = {"day": "01/10/2024", "destination": "Đảng bộ Khối", "decision_number": "5-QĐ/TU", "reason": "Theo ngành dọc"}


def test_leaving_is_shown_before_it_is_done(board, city):
    a_full_member(city.branch)
    url = address("leave", city.committee)
    preview = board.post(url, GOING)
    shown = text_of(preview)
    assert "3 tổ chức ra khỏi đảng bộ từ ngày 01/10/2024" in shown
    assert "Đảng bộ phường 1 và 2 tổ chức bên dưới, từ ngày 01/10/2024" in shown
    assert "Chi bộ khu phố 2" in shown
    assert "Đảng viên: 1" in shown
    assert not Operation.objects.filter(work="leave").exists()
    assert not Entry.objects.filter(deed="leave").exists()

    back = board.post(url, form_of(preview) | {"edit": "yes"})
    assert form_of(back)["destination"] == "Đảng bộ Khối"
    assert not Operation.objects.filter(work="leave").exists()

    done = board.post(url, form_of(preview) | {"confirm": "yes"}, follow=True)
    assert "chuyển ra khỏi đảng bộ từ ngày 01/10/2024" in text_of(done)
    assert "Chuyển ra Đảng bộ phường 1 đến Đảng bộ Khối" in text_of(done)
    operation = Operation.objects.get(work="leave")
    assert (operation.organisation, operation.day, operation.destination) == (
        city.committee,
        D(2024, 10, 1),
        "Đảng bộ Khối",
    )
    assert Place.objects.filter(to_day=D(2024, 10, 1)).count() == 3
    again = board.post(url, form_of(preview) | {"confirm": "yes"}, follow=True)
    assert "Việc chuyển ra này đã được ghi." in text_of(again)
    assert Operation.objects.filter(work="leave").count() == 1
    assert not Entry.objects.filter(sort="denied").exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"day": ""}, "Ghi ngày"),
        ({"day": "16/10/2024"}, "sau ngày hôm nay"),
        ({"day": "01/08/2024"}, "Có tổ chức bên dưới"),
    ],
)
def test_wrong_leavings_are_told_before_the_preview(board, city, typed, says):
    a_unit("DU1-09", "branch", city.committee, day=D(2024, 9, 1))
    page = board.post(address("leave", city.committee), GOING | typed | {"confirm": "yes"})
    assert says in problem_at(page, "day")
    assert not Operation.objects.filter(work="leave").exists()


def test_the_top_cannot_leave(board, city):
    assert "Chuyển ra" not in text_of(board.get(address("structure", city.top)))
    page = board.post(address("leave", city.top), GOING)
    assert "Tổ chức cao nhất không thể chuyển ra." in text_of(page)


def test_the_parent_still_tells_of_a_unit_that_left(board, city):
    reorganise.leave([reorganise.Leaving(code="DU1", day=D(2024, 10, 1))], actor=None, today=TODAY)
    page = text_of(board.get(address("structure", city.top)))
    assert "Chuyển ra Đảng bộ phường 1" in page
    assert board.get(address("structure", city.committee)).status_code == 404


# ---- rights and queries ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "post_at", "unit", "look", "change"),
    [
        ("board", "top", "branch", 200, 200),
        ("standing", "top", "branch", 200, 403),
        ("committee", "committee", "committee", 200, 403),
        ("branch", "branch", "top", 200, 403),
        ("branch", "branch", "sibling", 404, 404),
        ("committee", "committee", "outside", 404, 404),
        ("body", "committee", "branch", 200, 403),
    ],
)
def test_who_may_look_and_who_may_change(client, city, role, post_at, unit, look, change):
    client.force_login(a_user(role, getattr(city, post_at)))
    asked = getattr(city, unit)
    assert client.get(address("structure", asked)).status_code == look
    for deed in ("found", "join", "leave"):
        assert client.get(address(deed, asked)).status_code == change
        if change != 200:
            assert client.post(address(deed, asked), founding()).status_code == change
    assert not Organisation.objects.filter(code="DU1-09").exists()
    assert Entry.objects.filter(sort="denied").exists() == (look == 404)


def test_the_number_of_queries_does_not_grow_with_the_rows(board, city, django_assert_num_queries):
    url = address("structure", city.top)
    a_unit("X", "base_branch", city.top, day=D(2024, 2, 1))
    board.get(url)
    with CaptureQueriesContext(connection) as counted:
        board.get(url)
    for number in range(27):
        a_unit(f"X{number}", "base_branch", city.top, day=D(2024, 2, 1))
    with django_assert_num_queries(len(counted)):
        board.get(url)


def test_what_happened_to_a_unit_says_where_it_went_and_what_it_carries_on(board, city):
    day = D(2024, 7, 1)
    reorganise.merge([reorganise.Merging("DU1-01", day, "DU2-01", "07-QĐ")], actor=None, today=TODAY)
    reorganise.move([reorganise.Moving("DU1-02", day, "DU2")], actor=None, today=TODAY)
    for unit in (city.branches[2], city.committee):
        assert "Sáp nhập Chi bộ khu phố 1 vào Chi bộ khu phố 1" in text_of(board.get(address("structure", unit)))
    page = text_of(board.get(address("structure", city.sibling)))
    assert "Chuyển Chi bộ khu phố 2 về trực thuộc Đảng bộ phường 2" in page
