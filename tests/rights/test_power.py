"""Who gives, ends and lends which post, against answers written by hand; and nobody loses their own last power."""

import datetime as dt

import pytest

from cells.dated import ONE_DAY
from cells.models import Post, User
from cells.organisations.reorganise import Dissolving, Merging, Moving, dissolve, merge, move
from cells.people import power, rights
from cells.people.appoint import Appointment, Relief, Withdrawal, appoint, relieve, withdraw
from cells.people.delegate import Delegation, delegate
from cells.people.models import Office, Role
from cells.verdict import Refused
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

SECRETARY, DEPUTY, MEMBER, STAFF = Office.SECRETARY, Office.DEPUTY, Office.MEMBER, Office.STAFF
START = dt.date(2023, 1, 1)


@pytest.fixture
def places():
    """The city, a committee with a section of its own and a branch in that, a branch elsewhere."""
    top = factories.a_unit("TU", "city")
    base = factories.a_unit("DU1", "base_committee", top)
    section = factories.a_unit("DU1-BP", "section_committee", base)
    other = factories.a_unit("DU2", "base_committee", top)
    return {
        "top": top,
        "base": base,
        "section": section,
        "branch": factories.a_unit("DU1-BP-01", "branch", section),
        "elsewhere": factories.a_unit("DU2-01", "branch", other),
    }


BOARD, COMMITTEE, BRANCH = (Role.BOARD, "top"), (Role.COMMITTEE, "base"), (Role.BRANCH, "branch")
SECTION, ADMINISTRATOR = (Role.COMMITTEE, "section"), (Role.ADMINISTRATOR, "top")

# by whom (role and unit of the post), at which unit, which role and office, whether it may be given
GIVING = [
    (BOARD, "top", Role.STANDING, SECRETARY, True),
    (BOARD, "top", Role.BOARD, STAFF, True),
    (BOARD, "top", Role.AUDITOR, STAFF, True),
    (BOARD, "top", Role.BODY, STAFF, True),
    (BOARD, "top", Role.ADMINISTRATOR, STAFF, False),
    (BOARD, "base", Role.COMMITTEE, SECRETARY, True),
    (BOARD, "base", Role.SUPERVISOR, MEMBER, True),
    (BOARD, "base", Role.BOARD, STAFF, True),
    (BOARD, "branch", Role.BRANCH, SECRETARY, True),
    (COMMITTEE, "branch", Role.BRANCH, SECRETARY, True),
    (COMMITTEE, "branch", Role.SUPERVISOR, MEMBER, True),
    (COMMITTEE, "branch", Role.COMMITTEE, STAFF, True),
    (COMMITTEE, "section", Role.COMMITTEE, SECRETARY, True),
    (COMMITTEE, "branch", Role.BOARD, STAFF, False),
    (COMMITTEE, "branch", Role.AUDITOR, STAFF, False),
    (COMMITTEE, "branch", Role.ADMINISTRATOR, STAFF, False),
    (COMMITTEE, "base", Role.COMMITTEE, MEMBER, True),
    (COMMITTEE, "base", Role.COMMITTEE, STAFF, True),
    (COMMITTEE, "base", Role.COMMITTEE, SECRETARY, False),
    (COMMITTEE, "base", Role.SUPERVISOR, MEMBER, False),  # those in charge of a unit are put there from above
    (COMMITTEE, "base", Role.COMMITTEE, DEPUTY, False),
    (COMMITTEE, "base", Role.BOARD, STAFF, False),
    (COMMITTEE, "base", Role.BODY, STAFF, True),
    (COMMITTEE, "top", Role.BODY, STAFF, False),
    (COMMITTEE, "elsewhere", Role.BRANCH, STAFF, False),
    (SECTION, "branch", Role.BRANCH, SECRETARY, True),
    (SECTION, "section", Role.COMMITTEE, STAFF, True),  # which decides no more than its own
    (BRANCH, "branch", Role.BRANCH, DEPUTY, False),
    ((Role.STANDING, "top"), "base", Role.COMMITTEE, MEMBER, False),
    ((Role.SUPERVISOR, "base"), "branch", Role.SUPERVISOR, MEMBER, False),
    ((Role.AUDITOR, "top"), "base", Role.AUDITOR, STAFF, False),
    (ADMINISTRATOR, "top", Role.BOARD, STAFF, True),
    (ADMINISTRATOR, "base", Role.ADMINISTRATOR, STAFF, True),
]


def an_actor(places, role, at, **more) -> User:
    user = factories.a_user(role, places[at], from_day=START, **more)
    User.objects.filter(pk=user.pk).update(is_staff=role == Role.ADMINISTRATOR)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(("by", "at", "role", "office", "yes"), GIVING)
def test_who_gives_which_post(places, by, at, role, office, yes):
    actor, unit, person = an_actor(places, *by), places[at], factories.a_person()
    giver = power.giver(actor, unit.pk, today=TODAY)
    assert bool(giver.may_give(role, office, person.pk)) is yes
    item = Appointment(person, unit, role, office, START)
    if yes:
        (post,) = appoint([item], actor=actor, today=TODAY)
        assert power.may_end(actor, post, today=TODAY)
        assert role in giver.roles() or giver.everything
    else:
        with pytest.raises(Refused):
            appoint([item], actor=actor, today=TODAY)
        assert not Post.objects.filter(person=person).exists()
        (post,) = appoint([item], actor=None, today=TODAY)
        for deed, ending in ((relieve, Relief(post.pk, TODAY)), (withdraw, Withdrawal(post.pk, "thử"))):
            with pytest.raises(Refused):
                deed([ending], actor=actor, today=TODAY)
        with pytest.raises(Refused):
            delegate([Delegation(post.pk, factories.a_person(), TODAY, TODAY + ONE_DAY)], actor=actor, today=TODAY)


def test_what_is_given_has_no_power_that_the_giver_has_not(places):
    """For every role that gives posts, at every unit: no capability comes out of nowhere."""
    for by in (BOARD, COMMITTEE, SECTION):
        actor = an_actor(places, *by)
        for unit in places.values():
            giver = power.giver(actor, unit.pk, today=TODAY)
            before = rights.capabilities(actor, unit.pk, on=TODAY)
            for role in Role:
                if giver.may_give(role, STAFF, None):
                    other = factories.a_user(role, unit)
                    assert rights.capabilities(other, unit.pk, on=TODAY) <= before, (by, unit, role)


@pytest.mark.parametrize(("superuser", "yes"), [(False, False), (True, True)])
def test_an_administrator_does_not_give_more_to_oneself(places, superuser, yes):
    actor = an_actor(places, *ADMINISTRATOR)
    User.objects.filter(pk=actor.pk).update(is_superuser=superuser)
    actor = User.objects.get(pk=actor.pk)
    item = Appointment(actor.person, places["top"], Role.BOARD, STAFF, TODAY)
    if yes:
        assert appoint([item], actor=actor, today=TODAY)
    else:
        with pytest.raises(Refused):
            appoint([item], actor=actor, today=TODAY)


def test_what_is_lent_gives_no_posts(places):
    """Not by itself, and not as the power that is passed on by a post of one's own."""
    holder = an_actor(places, *BOARD)
    actor = an_actor(places, *COMMITTEE)
    post = Post.objects.get(person=holder.person)
    delegate([Delegation(post.pk, actor.person, TODAY, TODAY + ONE_DAY)], actor=holder, today=TODAY)
    assert rights.may(actor, rights.REORGANISE, places["top"].pk, on=TODAY)
    assert not rights.may(actor, rights.APPOINT, places["top"].pk, on=TODAY)
    assert not power.giver(actor, places["top"].pk, today=TODAY).may_give(Role.BODY, STAFF)
    assert not power.giver(actor, places["branch"].pk, today=TODAY).may_give(Role.BOARD, STAFF)


# ---- one's own last power ------------------------------------------------------------------------


def its_post(user) -> Post:
    return Post.objects.own().filter(person=user.person).earliest("pk")


def try_all(post, actor) -> set[bool]:
    """Whether relieving and withdrawing is done; neither stays."""
    done = set()
    for deed, ending in (
        (relieve, Relief(post.pk, TODAY)),
        (relieve, Relief(post.pk, TODAY + ONE_DAY)),
        (withdraw, Withdrawal(post.pk, "thử")),
    ):
        kept = power.keeps_power(actor, [post], today=TODAY)
        if kept:
            deed([ending], actor=actor, today=TODAY)
            Post.with_void.filter(pk=post.pk).update(to_day=None, void=False)
        else:
            with pytest.raises(Refused) as refusal:
                deed([ending], actor=actor, today=TODAY)
            assert [problem.message for problem in refusal.value.problems] == [kept.reason]
        done.add(bool(kept))
    return done


@pytest.mark.parametrize(
    ("second", "at", "to_day", "yes"),
    [
        (None, "", None, False),
        (Role.COMMITTEE, "top", None, False),  # gives less: neither auditors nor the city's secretary
        (Role.AUDITOR, "top", None, False),
        (Role.BOARD, "base", None, False),
        (Role.BOARD, "top", TODAY + ONE_DAY, False),  # gone tomorrow
    ],
)
def test_nobody_ends_the_post_that_lets_them_give_posts(places, second, at, to_day, yes):
    actor = an_actor(places, *BOARD)
    post = its_post(actor)
    if second:
        Post.objects.create(
            person=actor.person, organisation=places[at], role=second, from_day=TODAY, to_day=to_day, office=MEMBER
        )
    assert try_all(post, actor) == {yes}
    other = an_actor(places, *BOARD)
    assert relieve([Relief(post.pk, TODAY)], actor=other, today=TODAY)


def test_one_of_two_such_posts_may_go_and_not_both(places):
    actor = an_actor(places, Role.BOARD, "base")
    below = its_post(actor)
    above = Post.objects.create(person=actor.person, organisation=places["top"], role=Role.BOARD, office=STAFF)
    assert try_all(below, actor) == {True}
    with pytest.raises(Refused):
        relieve([Relief(below.pk, TODAY), Relief(above.pk, TODAY)], actor=actor, today=TODAY)
    assert Post.objects.filter(person=actor.person, to_day=None).count() == 2


def test_a_post_that_gives_none_may_be_laid_down(places):
    actor = an_actor(places, *BOARD)
    post = Post.objects.create(person=actor.person, organisation=places["base"], role=Role.SUPERVISOR, office=MEMBER)
    assert try_all(post, actor) == {True}


def test_the_own_unit_is_not_ended_with_ones_last_power(places):
    actor = an_actor(places, Role.BOARD, "base")
    section = places["section"]
    move([Moving(section.code, TODAY, "DU2")], actor=None, today=TODAY)
    for deed, item in ((merge, Merging("DU1", TODAY, "DU2")), (dissolve, Dissolving("DU1", TODAY, "DU2"))):
        with pytest.raises(Refused) as refusal:
            deed([item], actor=actor, today=TODAY)
        assert refusal.value.problems[0].message == power.LAST_POWER
    assert merge([Merging("DU1", TODAY, "DU2")], actor=an_actor(places, *BOARD), today=TODAY)


# ---- administrators ------------------------------------------------------------------------------


def test_an_administrator_is_ended_by_another_and_never_the_last(places):
    first, second = an_actor(places, *ADMINISTRATOR), an_actor(places, *ADMINISTRATOR)
    assert try_all(its_post(first), first) == {False}
    assert relieve([Relief(its_post(first).pk, TODAY)], actor=second, today=TODAY)
    for actor in (None, second):
        with pytest.raises(Refused) as refusal:
            relieve([Relief(its_post(second).pk, TODAY)], actor=actor, today=TODAY)
        assert refusal.value.problems[0].message == power.LAST_ADMINISTRATOR


def test_a_post_of_administrator_without_an_account_is_nobody_s_last(places):
    (post,) = appoint(
        [Appointment(factories.a_person(), places["top"], Role.ADMINISTRATOR, STAFF, START)], actor=None, today=TODAY
    )
    assert relieve([Relief(post.pk, TODAY)], actor=None, today=TODAY)


@pytest.mark.parametrize(
    ("change", "own", "others"),
    [
        ({"is_active": False}, False, True),
        ({"is_staff": False}, False, True),
        ({"person": None}, False, True),
        ({"username": "ten-moi"}, True, True),
    ],
)
def test_who_changes_which_account(places, change, own, others):
    actor, other = an_actor(places, *ADMINISTRATOR), an_actor(places, *ADMINISTRATOR)
    for account, yes in ((actor, own), (other, others)):
        changed = User.objects.get(pk=account.pk)
        for name, value in change.items():
            setattr(changed, name, value)
        assert bool(power.keeps_administration(changed, actor=actor, today=TODAY)) is yes


def test_the_last_administrator_stays_one(places):
    """Asked by somebody who is no administrator any more: two who change each other at once."""
    late, last = an_actor(places, *ADMINISTRATOR), an_actor(places, *ADMINISTRATOR)
    User.objects.filter(pk=late.pk).update(is_active=False)
    last.is_active = False
    assert power.keeps_administration(last, actor=late, today=TODAY).reason == power.LAST_ADMINISTRATOR


def test_an_account_is_not_tied_to_another_person_by_its_owner(places):
    actor = User.objects.create_user("khong-nguoi", password="password", is_staff=True)
    actor.person = an_actor(places, *BOARD).person
    assert not power.keeps_administration(actor, actor=actor, today=TODAY)
    actor.is_superuser = True
    assert power.keeps_administration(actor, actor=actor, today=TODAY)
