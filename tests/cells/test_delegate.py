"""A post lent: its rights until a day, or until the post ends, whichever is first."""

import datetime as dt

import pytest

from cells.dated import ONE_DAY
from cells.log.models import Entry
from cells.models import Person, Post, User
from cells.organisations.reorganise import Merging, merge
from cells.people import power, rights
from cells.people.appoint import Relief, Withdrawal, relieve, withdraw
from cells.people.delegate import Delegation, delegate
from cells.people.models import Office, Role
from cells.verdict import Refused
from tests import factories
from tests.factories import TODAY, a_city, a_person, a_user

pytestmark = pytest.mark.django_db

START, UNTIL = dt.date(2024, 1, 1), dt.date(2024, 11, 1)


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def secretary(city):
    return a_user(Role.BRANCH, city.branch, office=Office.SECRETARY, from_day=START)


@pytest.fixture
def post(secretary):
    return Post.objects.get(person=secretary.person)


def lend(post, person, actor=None, from_day=TODAY, to_day=UNTIL) -> Post:
    return delegate([Delegation(post.pk, person, from_day, to_day)], actor=actor, today=TODAY)[0]


def works(user, unit, day) -> bool:
    return rights.may(User.objects.get(pk=user.pk), rights.BRANCH_WORK, unit.pk, on=day)


def refused(call) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        call()
    return [(problem.field, problem.message) for problem in refusal.value.problems]


def test_the_holder_lends_a_post_until_a_day(city, secretary, post):
    other = a_user()
    lent = lend(post, other.person, actor=secretary)
    assert (lent.role, lent.office, lent.organisation_id, lent.last_day) == (
        Role.BRANCH,
        Office.DELEGATE,
        city.branch.pk,
        dt.date(2024, 10, 31),
    )
    days = {day: works(other, city.branch, day) for day in (TODAY - ONE_DAY, TODAY, UNTIL - ONE_DAY, UNTIL)}
    assert list(days.values()) == [False, True, True, False]
    assert not works(other, city.sibling, TODAY)
    assert works(secretary, city.branch, TODAY), "who lends keeps it too"
    assert list(Post.objects.secretaries(TODAY)) == [post], "a delegate is not the secretary"
    entry = Entry.objects.get(deed="delegate")
    assert (entry.actor, entry.subject_id, entry.organisation) == (secretary, lent.pk, city.branch)
    assert "đến hết ngày 31/10/2024" in entry.note


def test_it_ends_with_the_post_that_is_lent(city, post):
    other = a_user()
    lent = lend(post, other.person)
    relieve([Relief(post.pk, TODAY + ONE_DAY)], actor=None, today=TODAY)
    lent.refresh_from_db()
    assert lent.to_day == TODAY + ONE_DAY
    assert not works(other, city.branch, TODAY + ONE_DAY)


def test_it_never_outlasts_a_post_with_an_end(city):
    until = dt.date(2024, 10, 20)
    holder = a_user(Role.BRANCH, city.branch, office=Office.DEPUTY, from_day=START, to_day=until)
    lent = lend(Post.objects.get(person=holder.person), a_person())
    assert lent.to_day == until


def test_lent_after_the_post_turns_out_to_have_ended_it_never_was(post):
    lent = lend(post, a_person())
    relieve([Relief(post.pk, TODAY - 5 * ONE_DAY)], actor=None, today=TODAY)
    assert not Post.objects.filter(pk=lent.pk).exists()


def test_it_goes_with_a_post_entered_by_mistake_and_with_the_unit(city, post):
    lent = lend(post, a_person(), from_day=TODAY - 3 * ONE_DAY)
    merge([Merging("DU1-01", TODAY, "DU1-02")], actor=None, today=TODAY)
    lent.refresh_from_db()
    assert lent.to_day == TODAY
    withdraw([Withdrawal(post.pk, "thử")], actor=None, today=TODAY)
    assert not Post.objects.exists()


def test_it_ends_early_by_whoever_lends_it_or_gives_it(city, secretary, post):
    board, committee = a_user(Role.BOARD, city.top), a_user(Role.COMMITTEE, city.committee)
    for actor in (secretary, board, committee):
        lent = lend(post, a_person(), actor=actor)
        assert relieve([Relief(lent.pk, TODAY + ONE_DAY)], actor=actor, today=TODAY)
    lent = lend(post, a_person())
    outsider, delegate_ = a_user(Role.COMMITTEE, city.committees[1]), a_user()
    for actor in (outsider, delegate_):
        assert refused(lambda actor=actor: relieve([Relief(lent.pk, TODAY + ONE_DAY)], actor=actor, today=TODAY))


BAD = [
    ({"person": "holder"}, "person"),
    ({"person": "unknown"}, "person"),
    ({"from_day": TODAY + ONE_DAY}, "from_day"),
    ({"from_day": START - ONE_DAY}, "from_day"),
    ({"to_day": TODAY}, "to_day"),
    ({"to_day": TODAY - ONE_DAY}, "to_day"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_what_is_refused(secretary, post, change, field):
    people = {"holder": secretary.person, "unknown": Person(name="Lê Chưa Nhập")}
    days = {name: day for name, day in change.items() if name != "person"}
    person = people[change["person"]] if "person" in change else a_person()
    assert [name for name, _ in refused(lambda: lend(post, person, **days))] == [field]
    assert Post.objects.count() == 1


def test_what_is_lent_is_not_lent_on(city, secretary, post):
    middle = a_user()
    lent = lend(post, middle.person)
    for actor in (middle, secretary, a_user(Role.BOARD, city.top), None):
        assert refused(lambda actor=actor: lend(lent, a_person(), actor=actor)) == [("", power.LENT_ON)]


def test_administration_is_not_lent(city):
    administrator = factories.a_user(Role.ADMINISTRATOR, city.top)
    post = Post.objects.get(person=administrator.person)
    assert refused(lambda: lend(post, a_person(), actor=administrator)) == [("", power.ADMINISTRATION_LENT)]


@pytest.mark.parametrize("who", ["deputy", "committee member in charge", "outsider", "auditor"])
def test_only_the_holder_and_who_gives_the_post_lend_it(city, post, who):
    actor = {
        "deputy": lambda: a_user(Role.BRANCH, city.branch, office=Office.DEPUTY),
        "committee member in charge": lambda: a_user(Role.SUPERVISOR, city.branch, office=Office.MEMBER),
        "outsider": lambda: a_user(Role.COMMITTEE, city.committees[1]),
        "auditor": lambda: a_user(Role.AUDITOR, city.top),
    }[who]()
    assert refused(lambda: lend(post, a_person(), actor=actor))
    relieve([Relief(post.pk, TODAY)], actor=None, today=TODAY)
    former = User.objects.get(person=post.person)
    assert refused(lambda: lend(post, a_person(), actor=former, from_day=START))


def test_nobody_has_one_role_lent_twice(city, post):
    deputy = Post.objects.create(
        person=a_person(), organisation=city.branch, role=Role.BRANCH, office=Office.DEPUTY, from_day=START
    )
    other = a_person()
    lend(post, other)
    assert [field for field, _ in refused(lambda: lend(deputy, other))] == ["person"]
    both = [Delegation(one.pk, a_person(), TODAY, UNTIL) for one in (post, deputy)]
    both[1] = Delegation(deputy.pk, both[0].person, TODAY, UNTIL)
    with pytest.raises(Refused) as refusal:
        delegate(both, actor=None, today=TODAY)
    assert [problem.index for problem in refusal.value.problems] == [1]
    assert Post.objects.filter(office=Office.DELEGATE).count() == 1


def test_a_deputy_may_have_the_secretary_s_post_lent(city, post):
    """The usual case: the rights are the same, the paper is not."""
    deputy = a_user(Role.BRANCH, city.branch, office=Office.DEPUTY)
    assert lend(post, deputy.person)
