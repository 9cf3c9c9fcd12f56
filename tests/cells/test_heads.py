"""Who answers for a unit: named on the day asked, in the question that reads the units."""

import datetime as dt

import pytest

from cells.models import Organisation
from cells.organisations.contact import Phone, set_phones
from cells.people.appoint import Appointment, Relief, appoint, relieve
from cells.people.delegate import Delegation, delegate
from cells.people.heads import Heads, headed, of_unit
from cells.people.models import Office, Role
from tests.factories import TODAY, a_city, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START, CHANGE = dt.date(2023, 1, 1), dt.date(2024, 5, 1)
EXPECTED = {
    START: Heads("Trần Văn Cũ", ("Lê Thị An", "Lê Văn Bình"), ("Vũ Thị Giang",), "0200 385 1234"),
    dt.date(2024, 4, 30): Heads("Trần Văn Cũ", ("Lê Thị An", "Lê Văn Bình"), ("Vũ Thị Giang",), "0200 385 1234"),
    CHANGE: Heads("Đỗ Thị Mới", ("Lê Thị An", "Lê Văn Bình"), ("Ngô Văn Dũng", "Vũ Thị Giang"), "0200 385 1234"),
    dt.date(2022, 12, 31): Heads(in_charge=("Bùi Văn Trước",), phone="0200 385 1234"),
}


@pytest.fixture
def city():
    city = a_city()
    unit = city.branch
    rows = [
        ("Trần Văn Cũ", Role.BRANCH, Office.SECRETARY, START, CHANGE),
        ("Đỗ Thị Mới", Role.BRANCH, Office.SECRETARY, CHANGE, None),
        ("Lê Văn Bình", Role.BRANCH, Office.DEPUTY, START, None),
        ("Lê Thị An", Role.BRANCH, Office.DEPUTY, START, None),
        ("Phạm Thị Ủy Viên", Role.BRANCH, Office.MEMBER, START, None),
        ("Vũ Thị Giang", Role.SUPERVISOR, Office.MEMBER, START, None),
        ("Ngô Văn Dũng", Role.SUPERVISOR, Office.MEMBER, CHANGE, None),
        ("Bùi Văn Trước", Role.SUPERVISOR, Office.MEMBER, dt.date(2020, 1, 1), START),
    ]
    items = [Appointment(a_person(name), unit, *rest) for name, *rest in rows]
    posts = appoint(items, actor=None, today=TODAY)
    in_charge = posts[5]
    delegate([Delegation(in_charge.pk, a_person("Hoàng Văn Ủy Quyền"), CHANGE, TODAY)], actor=None, today=TODAY)
    set_phones([Phone(unit, "0200 385 1234")], actor=None)
    return city


@pytest.mark.parametrize("day", EXPECTED)
def test_the_heads_are_those_of_the_day(city, day):
    unit = Organisation.objects.get(pk=city.branch.pk)
    assert of_unit(unit, day) == EXPECTED[day]


def test_many_units_are_one_question(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = {unit.code: unit.heads for unit in headed(Organisation.objects.styled(TODAY), TODAY)}
    assert found["DU1-01"] == EXPECTED[CHANGE]
    assert found["DU1-02"] == Heads()


def test_who_was_relieved_answers_no_more(city):
    post = city.branch.posts.get(role=Role.BRANCH, office=Office.SECRETARY, to_day=None)
    relieve([Relief(post.pk, TODAY)], actor=None, today=TODAY)
    assert of_unit(city.branch, TODAY).secretary == ""
    assert of_unit(city.branch, TODAY - dt.timedelta(days=1)).secretary == "Đỗ Thị Mới"
