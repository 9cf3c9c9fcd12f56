"""The rights against the answers written by hand, through every way of asking."""

import datetime as dt

import pytest

from cells.models import Organisation, Post
from cells.organisations import reorganise
from cells.people import rights
from cells.people.models import Role, User
from membership.models import Candidacy, Spell
from tests import factories
from tests.rights.table import DECIDING, EVERYWHERE, TABLE

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY


@pytest.fixture
def places():
    """The post stands at "own", a committee between the top and two levels of its own."""
    top = factories.a_unit("TU", "city")
    own = factories.a_unit("DU1", "base_committee", top)
    child = factories.a_unit("DU1-BP", "section_committee", own)
    outside = factories.a_unit("DU2", "base_committee", top)
    return {
        "parent": top,
        "own": own,
        "child": child,
        "grandchild": factories.a_unit("DU1-BP-01", "branch", child),
        "sibling": outside,
        "outside": factories.a_unit("DU2-01", "branch", outside),
    }


def _held(places, units):
    ids = set(units.values_list("pk", flat=True))
    return {position for position, unit in places.items() if unit.pk in ids}


@pytest.mark.parametrize(("role", "capability", "yes"), TABLE)
def test_the_table(places, role, capability, yes):
    user = factories.a_user(role, places["own"])
    units = {position: unit.pk for position, unit in places.items()}
    assert set(places) == EVERYWHERE
    assert {at for at, pk in units.items() if rights.may(user, capability, pk, on=TODAY)} == yes
    assert _held(places, Organisation.objects.for_user(user, capability, on=TODAY)) == yes
    assert {at for at, pk in units.items() if capability in rights.capabilities(user, pk, on=TODAY)} == yes


@pytest.mark.parametrize(("kind", "unit", "decides"), DECIDING)
def test_only_a_committee_of_the_base_or_above_examines_and_decides(kind, unit, decides):
    """A section committee reports on what its branches propose; it resolves nothing."""
    top = factories.a_unit("TU", "city")
    base = factories.a_unit("DU1", "base_committee", top)
    inner = factories.a_unit("DU1-BP", "section_committee", base)
    units = {"top": top, "base": base, "base branch": factories.a_unit("CS1", "base_branch", top), "inner": inner}
    units["subordinate"] = factories.a_unit("DU1-TT", "subordinate_committee", base)
    units["branch"] = factories.a_unit("DU1-BP-01", "branch", inner)
    user = factories.a_user(Role.COMMITTEE, units[unit])
    pk = units[unit].pk
    assert units[unit].style(TODAY).kind.code == kind
    for capability in (rights.EXAMINE, rights.OVERRIDE, rights.DECIDE):
        assert rights.may(user, capability, pk, on=TODAY) is decides
        assert Organisation.objects.for_user(user, capability, on=TODAY).exists() is decides
        assert (capability in rights.capabilities(user, pk, on=TODAY)) is decides
    assert rights.BRANCH_WORK in rights.capabilities(user, pk, on=TODAY)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_sees_figures_and_nobody_sees_a_neighbour(places, role):
    user = factories.a_user(role, places["own"])
    assert rights.may(user, rights.SEE_FIGURES, places["own"].pk, on=TODAY)
    for position in ("sibling", "outside"):
        assert rights.capabilities(user, places[position].pk, on=TODAY) == frozenset()


def test_the_table_is_complete():
    """Every role and every capability is told by hand at least once."""
    assert {role for role, _, _ in TABLE} == set(Role)
    told = {capability for _, capability, _ in TABLE}
    assert told == set(rights.CAPABILITIES)


@pytest.mark.parametrize("role", [Role.BOARD, Role.STANDING, Role.COMMITTEE, Role.BRANCH, Role.AUDITOR, Role.BODY])
def test_people_come_only_from_units_whose_names_may_be_seen(places, role):
    user = factories.a_user(role, places["own"])
    branches = {"grandchild", "outside"}
    for position, unit in places.items():
        factories.a_member(unit)
        if position in branches:
            factories.a_case(unit)
    names = {at for at in places if rights.may(user, rights.SEE_PEOPLE, places[at].pk, on=TODAY)}
    for model, wanted in ((Candidacy, names & branches), (Spell, names)):
        seen = set(model.objects.for_user(user, on=TODAY).values_list("organisation_id", flat=True))
        assert {at for at, unit in places.items() if unit.pk in seen} == wanted


FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 10, 15)
AFTER = LAST + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "yes"), [(FIRST - dt.timedelta(days=1), False), (FIRST, True), (LAST, True), (AFTER, False)]
)
def test_rights_begin_and_end_with_the_post(places, day, yes):
    user = factories.a_user(Role.BOARD, places["own"], from_day=FIRST, to_day=AFTER)
    assert rights.may(user, rights.SEE_PEOPLE, places["child"].pk, on=day) is yes
    assert bool(rights.capabilities(user, places["child"].pk, on=day)) is yes
    assert Organisation.objects.for_user(user, rights.SEE_FIGURES, on=day).exists() is yes


def _without_post(places):
    return factories.a_user()


def _inactive(places):
    user = factories.a_user(Role.BOARD, places["own"])
    user.is_active = False
    user.save()
    return User.objects.get(pk=user.pk)


def _without_person(places):
    return User.objects.create_user("alone", password="password")


def _superuser(places):
    return User.objects.create_superuser("root", password="password")


@pytest.mark.parametrize("make", [_without_post, _inactive, _without_person, _superuser])
def test_who_holds_no_post_has_no_rights(places, make):
    user = make(places)
    for unit in places.values():
        assert rights.capabilities(user, unit.pk, on=TODAY) == frozenset()
        assert not rights.may(user, rights.SEE_FIGURES, unit.pk, on=TODAY)
    assert not Organisation.objects.for_user(user, rights.SEE_FIGURES, on=TODAY).exists()


def test_two_posts_unite(places):
    user = factories.a_user(Role.COMMITTEE, places["own"])
    Post.objects.create(person=user.person, organisation=places["outside"], role=Role.AUDITOR)
    assert rights.may(user, rights.ENTER, places["grandchild"].pk, on=TODAY)
    assert not rights.may(user, rights.ENTER, places["outside"].pk, on=TODAY)
    assert rights.may(user, rights.READ_LOG, places["outside"].pk, on=TODAY)
    assert not rights.may(user, rights.READ_LOG, places["own"].pk, on=TODAY)
    assert rights.may(user, rights.SEE_FIGURES, places["sibling"].pk, on=TODAY)


def test_a_post_above_gives_what_the_own_post_leaves_out(places):
    """A committee allocates below itself only; the same person at the top also allocates to that committee."""
    user = factories.a_user(Role.COMMITTEE, places["own"])
    Post.objects.create(person=user.person, organisation=places["parent"], role=Role.COMMITTEE)
    may = {at for at in places if rights.may(user, rights.ALLOCATE, places[at].pk, on=TODAY)}
    told = {at for at in places if rights.ALLOCATE in rights.capabilities(user, places[at].pk, on=TODAY)}
    assert may == told == EVERYWHERE - {"parent"}


def test_a_past_day_shows_figures_not_names_of_units_that_were_then_below(places):
    past = dt.date(2024, 3, 1)
    user = factories.a_user(Role.BOARD, places["own"])
    factories.a_member(places["grandchild"])
    reorganise.leave([reorganise.Leaving("DU1-BP", dt.date(2024, 7, 1))], actor=None, today=TODAY)
    for unit in (places["child"], places["grandchild"]):
        assert not rights.may(user, rights.SEE_FIGURES, unit.pk, on=TODAY)
        assert rights.may(user, rights.SEE_FIGURES, unit.pk, on=TODAY, seen=past)
        for capability in set(rights.CAPABILITIES) - {rights.SEE_FIGURES}:
            assert not rights.may(user, capability, unit.pk, on=TODAY, seen=past)
    assert not Spell.objects.for_user(user, on=TODAY).exists()


def test_a_past_day_gives_nothing_to_who_held_the_post_then(places):
    past = dt.date(2024, 3, 1)
    user = factories.a_user(Role.BOARD, places["own"], to_day=dt.date(2024, 7, 1))
    assert not rights.may(user, rights.SEE_FIGURES, places["child"].pk, on=TODAY, seen=past)


def test_rights_are_asked_in_few_queries(places, django_assert_max_num_queries):
    user = factories.a_user(Role.COMMITTEE, places["own"])
    Post.objects.create(person=user.person, organisation=places["outside"], role=Role.AUDITOR)
    user.posts_on(TODAY)
    with django_assert_max_num_queries(2):
        rights.capabilities(user, places["grandchild"].pk, on=TODAY)
    with django_assert_max_num_queries(1):
        rights.may(user, rights.SEE_FIGURES, places["grandchild"].pk, on=TODAY)
