"""Posts and accounts as deeds: what they write, and what they refuse."""

import datetime as dt

import pytest

from cells.dated import ONE_DAY
from cells.log.models import Entry
from cells.organisations.reorganise import Merging, Moving, merge, move
from cells.people import rights
from cells.people.accounts import Account, create_account
from cells.people.appoint import Appointment, Relief, Withdrawal, appoint, relieve, withdraw
from cells.people.models import Office, Person, Post, Role, User
from cells.verdict import Refused
from tests.factories import TODAY, a_city, a_person, a_user

pytestmark = pytest.mark.django_db

START = dt.date(2023, 1, 1)
PASSWORD = "mot-mat-khau-du-dai"


@pytest.fixture
def city():
    return a_city()


def secretary_of(unit, person=None, **days) -> Appointment:
    return Appointment(
        person or a_person(), unit, Role.BRANCH, Office.SECRETARY, days.get("from_day", START), days.get("to_day")
    )


def refused_fields(deed, items, **more) -> list[tuple[int, str]]:
    with pytest.raises(Refused) as refusal:
        deed(items, actor=None, **more)
    return [(problem.index, problem.field) for problem in refusal.value.problems]


def test_a_post_brings_its_rights_from_its_first_day(city):
    user = a_user()
    appoint([secretary_of(city.branch, user.person)], actor=None, today=TODAY)
    fresh = User.objects.get(pk=user.pk)
    assert rights.may(fresh, rights.BRANCH_WORK, city.branch.pk, on=START)
    assert not rights.may(fresh, rights.BRANCH_WORK, city.branch.pk, on=START - dt.timedelta(days=1))
    assert not rights.may(fresh, rights.BRANCH_WORK, city.sibling.pk, on=START)


def test_many_posts_are_one_entry_in_the_log(city):
    actor = a_user(Role.BOARD, city.top)
    appoint([secretary_of(unit) for unit in city.branches], actor=actor, today=TODAY)
    entry = Entry.objects.get(deed="appoint")
    assert (entry.count, entry.actor, entry.organisation) == (len(city.branches), actor, None)
    assert Post.objects.secretaries(TODAY).count() == len(city.branches)


def test_one_may_hold_several_posts(city):
    person = a_person()
    items = [Appointment(person, unit, Role.SUPERVISOR, Office.MEMBER, START) for unit in city.committees]
    items.append(Appointment(person, city.committee, Role.COMMITTEE, Office.DEPUTY, START))
    assert len(appoint(items, actor=None, today=TODAY)) == 3


def test_a_successor_follows_on_the_day_the_predecessor_ends(city):
    change = dt.date(2024, 5, 1)
    appoint([secretary_of(city.branch, to_day=change)], actor=None, today=TODAY)
    appoint([secretary_of(city.branch, from_day=change)], actor=None, today=TODAY)
    assert [post.from_day for post in Post.objects.secretaries(TODAY)] == [change]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from_day": TODAY + dt.timedelta(days=1)}, "from_day"),
        ({"to_day": START}, "to_day"),
        ({"to_day": START - dt.timedelta(days=1)}, "to_day"),
    ],
)
def test_impossible_days_are_refused(city, change, field):
    assert refused_fields(appoint, [secretary_of(city.branch, **change)], today=TODAY) == [(0, field)]
    assert not Post.objects.exists()


def test_two_secretaries_on_one_day_are_refused_in_a_list_and_in_the_database(city):
    both = [secretary_of(city.branch), secretary_of(city.branch)]
    assert refused_fields(appoint, both, today=TODAY) == [(1, "office")]
    appoint(both[:1], actor=None, today=TODAY)
    assert refused_fields(appoint, both[1:], today=TODAY) == [(0, "office")]
    assert Post.objects.count() == 1


def test_nobody_holds_one_post_twice(city):
    person = a_person()
    member = Appointment(person, city.committee, Role.COMMITTEE, Office.MEMBER, START)
    appoint([member], actor=None, today=TODAY)
    assert refused_fields(appoint, [member], today=TODAY) == [(0, "person")]


def test_nobody_holds_two_offices_of_one_role_in_a_unit(city):
    person = a_person()
    appoint([secretary_of(city.branch, person)], actor=None, today=TODAY)
    deputy = Appointment(person, city.branch, Role.BRANCH, Office.DEPUTY, TODAY)
    assert refused_fields(appoint, [deputy], today=TODAY) == [(0, "person")]


@pytest.mark.parametrize(
    ("role", "office"),
    [
        (Role.SUPERVISOR, Office.SECRETARY),
        (Role.SUPERVISOR, Office.STAFF),
        (Role.BODY, Office.SECRETARY),
        (Role.AUDITOR, Office.DEPUTY),
        (Role.ADMINISTRATOR, Office.MEMBER),
        (Role.BRANCH, Office.DELEGATE),
    ],
)
def test_an_office_that_does_not_go_with_the_role_is_refused(city, role, office):
    item = Appointment(a_person(), city.top, role, office, START)
    assert refused_fields(appoint, [item], today=TODAY) == [(0, "office")]


def test_somebody_not_entered_has_no_post(city):
    assert refused_fields(appoint, [secretary_of(city.branch, Person(name="Lê Chưa Nhập"))], today=TODAY) == [
        (0, "person")
    ]


def test_a_unit_that_does_not_stand_that_day_has_no_posts():
    city = a_city(day=dt.date(2023, 6, 1))
    assert refused_fields(appoint, [secretary_of(city.branch)], today=TODAY) == [(0, "from_day")]


GONE = dt.date(2024, 7, 1)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({}, "to_day"),
        ({"to_day": GONE + dt.timedelta(days=1)}, "to_day"),
        ({"from_day": GONE}, "from_day"),
        ({"to_day": GONE}, ""),
    ],
)
def test_nobody_holds_a_post_after_the_unit_ended(city, days, field):
    merge([Merging("DU1-01", GONE, "DU1-02")], actor=None, today=TODAY)
    if field:
        assert refused_fields(appoint, [secretary_of(city.branch, **days)], today=TODAY) == [(0, field)]
    else:
        assert appoint([secretary_of(city.branch, **days)], actor=None, today=TODAY)


def test_a_unit_that_moved_stood_all_the_time(city):
    move([Moving("DU1-01", dt.date(2024, 3, 1), "DU2")], actor=None, today=TODAY)
    assert appoint([secretary_of(city.branch)], actor=None, today=TODAY)


def test_one_bad_item_leaves_nothing_written(city):
    items = [secretary_of(city.branch), secretary_of(city.sibling, to_day=START)]
    assert refused_fields(appoint, items, today=TODAY) == [(1, "to_day")]
    assert not Post.objects.exists()


def test_rights_end_with_the_post(city):
    user = a_user()
    post = appoint([secretary_of(city.branch, user.person)], actor=None, today=TODAY)[0]
    relieve([Relief(post.pk, TODAY)], actor=None, today=TODAY)
    fresh = User.objects.get(pk=user.pk)
    assert not rights.may(fresh, rights.BRANCH_WORK, city.branch.pk, on=TODAY)
    assert rights.may(fresh, rights.BRANCH_WORK, city.branch.pk, on=TODAY - dt.timedelta(days=1))
    assert Entry.objects.filter(deed="relieve", organisation=city.branch, subject_id=post.pk).exists()


def test_the_last_day_may_be_today(city):
    user = a_user()
    post = appoint([secretary_of(city.branch, user.person)], actor=None, today=TODAY)[0]
    relieve([Relief(post.pk, TODAY + ONE_DAY)], actor=None, today=TODAY)
    fresh = User.objects.get(pk=user.pk)
    assert rights.may(fresh, rights.BRANCH_WORK, city.branch.pk, on=TODAY)
    assert not rights.may(fresh, rights.BRANCH_WORK, city.branch.pk, on=TODAY + ONE_DAY)


@pytest.mark.parametrize("day", [START, TODAY + 2 * ONE_DAY])
def test_a_post_ends_after_its_start_and_not_in_the_future(city, day):
    post = appoint([secretary_of(city.branch)], actor=None, today=TODAY)[0]
    assert refused_fields(relieve, [Relief(post.pk, day)], today=TODAY) == [(0, "day")]


def test_a_post_ends_once(city):
    post = appoint([secretary_of(city.branch)], actor=None, today=TODAY)[0]
    relieve([Relief(post.pk, dt.date(2024, 2, 1))], actor=None, today=TODAY)
    assert refused_fields(relieve, [Relief(post.pk, dt.date(2024, 3, 1))], today=TODAY) == [(0, "day")]


def test_what_was_entered_by_mistake_was_never_held(city):
    user = a_user()
    wrong, other = appoint(
        [secretary_of(city.branch, user.person), secretary_of(city.sibling)], actor=None, today=TODAY
    )
    withdraw([Withdrawal(wrong.pk, "ghi nhầm người")], actor=None, today=TODAY)
    assert list(Post.objects.all()) == [other]
    assert Post.with_void.get(pk=wrong.pk).void
    assert not rights.may(User.objects.get(pk=user.pk), rights.BRANCH_WORK, city.branch.pk, on=TODAY)
    entry = Entry.objects.get(deed="withdraw")
    assert (entry.subject_id, entry.values.get().new) == (wrong.pk, "ghi nhầm người")
    assert appoint([secretary_of(city.branch)], actor=None, today=TODAY)  # the place is free again


def test_a_withdrawal_says_why(city):
    post = appoint([secretary_of(city.branch)], actor=None, today=TODAY)[0]
    assert refused_fields(withdraw, [Withdrawal(post.pk, "  ")], today=TODAY) == [(0, "reason")]
    assert Post.objects.filter(pk=post.pk).exists()


def test_an_account_has_its_password_and_the_log_has_not():
    user = create_account([Account("bi-thu", PASSWORD, a_person())], actor=None)[0]
    assert User.objects.get(username="bi-thu").check_password(PASSWORD)
    assert not user.is_staff
    entry = Entry.objects.get(deed="create_account")
    assert (entry.subject, entry.subject_id) == ("user", user.pk)
    assert PASSWORD not in str(vars(entry))


def test_an_administrator_opens_django_admin():
    user = create_account([Account("quan-tri", PASSWORD, is_staff=True, is_superuser=True)], actor=None)[0]
    assert User.objects.get(pk=user.pk).has_perm("cells.change_user")


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (Account("CO-ROI", PASSWORD), "username"),
        (Account("có dấu cách", PASSWORD), "username"),
        (Account("", PASSWORD), "username"),
        (Account("moi", "ngan"), "password"),
        (Account("moi", "123456789012345"), "password"),
    ],
)
def test_names_taken_and_weak_passwords_are_refused(account, field):
    create_account([Account("co-roi", PASSWORD)], actor=None)
    assert {name for _, name in refused_fields(create_account, [account])} == {field}
    assert User.objects.count() == 1


def test_a_person_has_one_account():
    person = a_person()
    assert refused_fields(create_account, [Account("mot", PASSWORD, person), Account("hai", PASSWORD, person)]) == [
        (1, "person")
    ]
    assert not User.objects.exists()
