"""The structure on screen: what stands below a unit, what happened, and the deeds that change it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.models import Entry
from cells.organisations import reorganise
from cells.organisations.models import Operation
from tests.factories import TODAY, a_city, a_unit, a_user
from tests.pages import text_of

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


def test_the_structure_shows_children_and_history(board, city):
    a_unit("DU1-09", "branch", city.committee, name="Chi bộ khu phố 9", day=D(2024, 9, 1))
    page = text_of(board.get(address("structure", city.committee)))
    assert "Chi bộ khu phố 9 Bí thư: chưa ghi DU1-09 chi bộ – từ 01/09/2024" in page
    assert "Thành lập Chi bộ khu phố 9, trực thuộc Đảng bộ phường 1" in page
    assert "Chi bộ khu phố 1 Bí thư: chưa ghi DU1-01 chi bộ – từ trước" in page


def test_a_branch_sees_above_itself_only_its_own_way(client, city):
    client.force_login(a_user("branch", city.branch))
    page = text_of(client.get(address("structure", city.committee)))
    assert "Chi bộ khu phố 1" in page
    assert "Chi bộ khu phố 2" not in page
    assert "Sắp xếp tổ chức" not in page


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
    assert client.get(address("reorganisation", asked)).status_code == change
    for work in Operation.Work:
        url = reverse("operation", args=[asked.code, work])
        assert client.get(url).status_code == change
        assert client.post(url, {"day": "01/09/2024"}).status_code == change
    assert not Operation.objects.exists()
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
