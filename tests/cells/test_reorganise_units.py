"""Rename, change of kind, move, merge, split and dissolve: what they do, and everything they refuse."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from cells.models import (
    Body,
    BodyKind,
    BodyPlace,
    Entry,
    Kind,
    Operation,
    Organisation,
    Place,
    Post,
    Sector,
    Succession,
)
from cells.organisations import reorganise
from cells.organisations.reorganise import (
    Dissolving,
    Founding,
    KindChange,
    Merging,
    Moving,
    Renaming,
    Splitting,
)
from cells.organisations.reorganise.undo import undo
from cells.organisations.reorganise.waiting import Postponement, carry_out, postpone
from cells.people.models import Role
from cells.verdict import Refused
from membership import register
from membership.models import Candidacy, Spell, Stage
from tests import factories, snapshots
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY, EARLIER, LATER = dt.date(2024, 7, 1), dt.date(2024, 2, 1), dt.date(2024, 9, 1)


@pytest.fixture
def city():
    """TU over DU1 (DU1-01, DU1-02), DU2 (DU2-01, DU2-02), CS1."""
    return factories.a_city()


def _do(deed, *items):
    return deed(list(items), actor=None, today=TODAY)


def _refused(deed, *items):
    with pytest.raises(Refused) as caught:
        _do(deed, *items)
    return {(problem.index, problem.field) for problem in caught.value.problems}


def _parent(code, day=TODAY):
    place = Place.objects.on(day).filter(organisation__code=code).select_related("parent").first()
    return place.parent.code if place else None


def _kind(code):
    return Kind.objects.get(code=code)


def test_a_unit_has_one_name_before_and_another_from_the_day_on(city):
    _do(reorganise.rename, Renaming("DU1", DAY, "Đảng bộ  phường Mới", "12-QĐ"))
    unit = city.committee
    assert unit.style(DAY - dt.timedelta(days=1)).name == "Đảng bộ phường 1"
    assert unit.style(DAY).name == "Đảng bộ phường Mới"
    assert Operation.objects.get().decision_number == "12-QĐ"
    assert Entry.objects.filter(deed="rename").count() == 1


def test_a_base_branch_becomes_a_base_committee_with_its_members(city):
    member = factories.a_full_member(city.base_branch)
    change = KindChange("CS1", DAY, _kind("base_committee"), Sector.objects.first())
    _do(reorganise.change_kind, change)
    _do(reorganise.rename, Renaming("CS1", DAY, "Đảng bộ cơ sở 1"))
    style = city.base_branch.style(DAY)
    assert (style.kind.code, style.name, city.base_branch.styles.count()) == ("base_committee", "Đảng bộ cơ sở 1", 2)
    assert city.base_branch.style(EARLIER).kind.code == "base_branch"
    assert Spell.objects.get(pk=member.pk).to_day is None


def test_a_unit_moves_with_what_is_below_it(city):
    _do(reorganise.move, Moving("DU1", DAY, "DU2", "05-QĐ"))
    assert [_parent("DU1", day) for day in (EARLIER, DAY)] == ["TU", "DU2"]
    assert _parent("DU1-01") == "DU1"
    assert Operation.objects.get(work="move").related.code == "DU2"


def test_moves_of_one_day_find_their_order(city):
    """A branch goes up and the committee under it, whichever is named first."""
    _do(reorganise.move, Moving("DU1", DAY, "DU1-01"), Moving("DU1-01", DAY, "TU"))
    assert (_parent("DU1-01"), _parent("DU1"), _parent("DU1-02")) == ("TU", "DU1-01", "DU1")


def test_members_cases_and_units_go_with_a_merger(city):
    member = factories.a_full_member(city.branch, decided_on=dt.date(2020, 5, 10))
    case = factories.a_case(city.branch, stage=Stage.SYMPATHISER)
    group = factories.a_unit("TO", "group", city.branch)
    user = factories.a_user(Role.BRANCH, city.branch)
    _do(reorganise.merge, Merging("DU1-01", DAY, "DU2-01", "07-QĐ", "ghép khu phố"))
    spells = list(Spell.objects.filter(person=member.person).order_by("from_day"))
    assert [(spell.organisation.code, spell.started_by, spell.ended_by) for spell in spells[-2:]] == [
        ("DU1-01", "recognised", "with_unit"),
        ("DU2-01", "with_unit", ""),
    ]
    assert spells[-1].from_day == spells[-2].to_day == DAY
    assert Candidacy.objects.get(pk=case.pk).organisation.code == "DU2-01"
    assert set(case.events.values_list("organisation__code", flat=True)) == {"DU1-01"}
    assert (_parent(group.code, EARLIER), _parent(group.code)) == ("DU1-01", "DU2-01")
    assert _parent("DU1-01") is None
    assert Post.objects.get(person=user.person).to_day == DAY
    succession = Succession.objects.get()
    assert (succession.predecessor.code, succession.successor.code, succession.day) == ("DU1-01", "DU2-01", DAY)
    assert succession.operation.work == "merge"
    assert Entry.objects.filter(deed="merge").count() == 1


def test_an_old_book_may_name_the_unit_of_the_time(city):
    _do(reorganise.merge, Merging("DU1-01", DAY, "DU2-01"))
    member = factories.a_member(city.branch, decided_on=dt.date(2020, 5, 10))
    assert (member.organisation.code, member.started_by) == ("DU2-01", "with_unit")
    assert Spell.objects.at_start_of(DAY).filter(person=member.person).count() == 1


def test_an_old_book_cannot_name_a_unit_nobody_carries_on(city):
    _do(reorganise.dissolve, Dissolving("DU1-01", DAY))
    with pytest.raises(Refused):
        factories.a_member(city.branch, decided_on=dt.date(2020, 5, 10))
    with pytest.raises(Refused):
        factories.a_member(city.branch, decided_on=LATER)


def test_a_dissolved_unit_gives_its_members_to_another(city):
    member = factories.a_full_member(city.branch)
    _do(reorganise.dissolve, Dissolving("DU1-01", DAY, "DU1-02"))
    assert Spell.objects.get(person=member.person, to_day=None).organisation.code == "DU1-02"
    assert Place.objects.get(organisation=city.branch).closed_as == "dissolved"


def test_a_unit_without_anybody_needs_no_receiver(city):
    _do(reorganise.dissolve, Dissolving("DU1-01", DAY))
    assert Succession.objects.get().successor.code == "DU1"
    assert Operation.objects.get().related is None


def test_a_split_into_new_units_leaves_nobody_out(city):
    members = [factories.a_full_member(city.branch) for _ in range(3)]
    case = factories.a_case(city.branch)
    new = [Founding(code, f"Chi bộ {code}", _kind("branch"), None, "DU1", DAY) for code in ("X", "Y")]
    people = {members[0].person_id: "X", members[1].person_id: "Y", members[2].person_id: "Y", case.person_id: "X"}
    _do(reorganise.split, Splitting("DU1-01", DAY, ("X", "Y"), new, people))
    held = Spell.objects.filter(to_day=None).values_list("organisation__code", flat=True)
    assert sorted(held) == ["X", "Y", "Y"]
    assert Candidacy.objects.get(pk=case.pk).organisation.code == "X"
    assert _parent("DU1-01") is None
    assert set(Succession.objects.values_list("successor__code", flat=True)) == {"X", "Y"}


def test_a_unit_that_only_gives_people_away_stands_on(city):
    goes, stays = (factories.a_full_member(city.branch) for _ in range(2))
    new = Founding("X", "Chi bộ X", _kind("branch"), None, "DU1", DAY)
    _do(reorganise.split, Splitting("DU1-01", DAY, ("DU1-01", "X"), [new], {goes.person_id: "X"}))
    assert Spell.objects.get(person=goes.person, to_day=None).organisation.code == "X"
    assert Spell.objects.get(pk=stays.pk).to_day is None
    assert _parent("DU1-01") == "DU1"


REFUSED = {
    "rename: unknown": (reorganise.rename, Renaming("XX", DAY, "Tên"), "code"),
    "rename: no name": (reorganise.rename, Renaming("DU1", DAY, " "), "name"),
    "rename: the same": (reorganise.rename, Renaming("DU1", DAY, "Đảng bộ phường 1"), "name"),
    "rename: to come": (reorganise.rename, Renaming("DU1", dt.date(2024, 10, 16), "Tên"), "day"),
    "rename: before another": (reorganise.rename, Renaming("DU2", EARLIER, "Tên"), "day"),
    "rename: the day it was founded": (reorganise.rename, Renaming("NEW", EARLIER, "Tên"), "day"),
    "rename: before it was founded": (reorganise.rename, Renaming("NEW", dt.date(2024, 1, 1), "Tên"), "day"),
    "rename: a unit that is gone": (reorganise.rename, Renaming("OLD", LATER, "Tên"), "day"),
    "kind: nothing": (reorganise.change_kind, KindChange("DU1", DAY), "kind"),
    "move: unknown": (reorganise.move, Moving("XX", DAY, "DU2"), "code"),
    "move: the top": (reorganise.move, Moving("TU", DAY, "DU2"), "code"),
    "move: nowhere": (reorganise.move, Moving("DU1", DAY, ""), "parent_code"),
    "move: to an unknown": (reorganise.move, Moving("DU1", DAY, "XX"), "parent_code"),
    "move: under itself": (reorganise.move, Moving("DU1", DAY, "DU1"), "parent_code"),
    "move: under its own branch": (reorganise.move, Moving("DU1", DAY, "DU1-01"), "parent_code"),
    "move: where it is": (reorganise.move, Moving("DU1", DAY, "TU"), "parent_code"),
    "move: under a unit that is gone": (reorganise.move, Moving("DU1-01", LATER, "OLD"), "parent_code"),
    "move: under a unit not founded yet": (reorganise.move, Moving("DU1-01", dt.date(2024, 1, 1), "NEW"), "day"),
    "move: the day it was founded": (reorganise.move, Moving("NEW", EARLIER, "DU2"), "day"),
    "move: a unit that is gone": (reorganise.move, Moving("OLD", LATER, "DU2"), "day"),
    "merge: with itself": (reorganise.merge, Merging("DU1", DAY, "DU1"), "into_code"),
    "merge: into nothing": (reorganise.merge, Merging("DU1", DAY, ""), "into_code"),
    "merge: into its own branch": (reorganise.merge, Merging("DU1", DAY, "DU1-01"), "into_code"),
    "merge: into a unit that is gone": (reorganise.merge, Merging("DU1", LATER, "OLD"), "into_code"),
    "merge: the top": (reorganise.merge, Merging("TU", DAY, "DU1"), "code"),
    "merge: before it was founded": (reorganise.merge, Merging("NEW", dt.date(2024, 1, 1), "DU1"), "day"),
    "merge: members that came later": (reorganise.merge, Merging("DU2-01", dt.date(2024, 1, 1), "DU1-01"), "day"),
    "merge: to come": (reorganise.merge, Merging("DU1", dt.date(2024, 10, 16), "DU2"), "day"),
    "dissolve: members without a unit": (reorganise.dissolve, Dissolving("DU2-01", DAY), "receiver_code"),
    "dissolve: units without a parent": (reorganise.dissolve, Dissolving("DU1", DAY), "code"),
    "dissolve: into itself": (reorganise.dissolve, Dissolving("DU1", DAY, "DU1"), "receiver_code"),
    "split: into one": (reorganise.split, Splitting("DU2-01", DAY, ("DU1-01",)), "into"),
    "split: into an unknown": (reorganise.split, Splitting("DU2-01", DAY, ("DU1-01", "XX")), "into"),
    "split: members without a unit": (reorganise.split, Splitting("DU2-01", DAY, ("DU1-01", "DU1-02")), "people"),
    "split: units below without a parent": (reorganise.split, Splitting("DU1", DAY, ("DU2", "CS1")), "units"),
    "split: a unit that is not below": (
        reorganise.split,
        Splitting("DU1", DAY, ("DU1", "CS1"), units={"DU2-01": "CS1"}),
        "units",
    ),
    "split: a unit to a stranger": (
        reorganise.split,
        Splitting("DU1", DAY, ("DU1", "CS1"), units={"DU1-01": "DU2"}),
        "units",
    ),
}


@pytest.mark.parametrize(("deed", "item", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_and_nothing_half_done(city, deed, item, field):
    factories.a_full_member(city.branches[2], decided_on=dt.date(2024, 3, 1), recognised_on=None)
    factories.a_unit("NEW", "branch", city.committee, day=EARLIER)
    old = factories.a_unit("OLD", "branch", city.committee)
    _do(reorganise.dissolve, Dissolving(old.code, DAY))
    _do(reorganise.rename, Renaming("DU2", DAY, "Đảng bộ khác"))
    before = [list(model.objects.order_by("pk").values_list()) for model in (Place, Operation, Succession, Spell)]
    assert _refused(deed, item) == {(0, field)}
    assert [
        list(model.objects.order_by("pk").values_list()) for model in (Place, Operation, Succession, Spell)
    ] == before


CONFLICTS = {
    "moved and merged": ((reorganise.move, Moving("DU1", DAY, "DU2")), (reorganise.merge, Merging("DU1", DAY, "CS1"))),
    "moved twice": ((reorganise.move, Moving("DU1", DAY, "DU2")), (reorganise.move, Moving("DU1", DAY, "CS1"))),
    "moved, and earlier": (
        (reorganise.move, Moving("DU1", DAY, "DU2")),
        (reorganise.move, Moving("DU1", EARLIER, "CS1")),
    ),
    "merged twice": ((reorganise.merge, Merging("CS1", DAY, "DU1")), (reorganise.merge, Merging("CS1", DAY, "DU2"))),
    "takes over and ends": (
        (reorganise.merge, Merging("CS1", DAY, "DU1")),
        (reorganise.merge, Merging("DU1", DAY, "DU2")),
    ),
    "gives away and ends": (
        (reorganise.split, Splitting("CS1", DAY, ("CS1", "DU1-01"))),
        (reorganise.dissolve, Dissolving("CS1", DAY, "DU1-02")),
    ),
    "a branch moves after its committee ended": (
        (reorganise.move, Moving("DU1-01", LATER, "DU2")),
        (reorganise.merge, Merging("DU1", DAY, "DU2")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second"), CONFLICTS.values(), ids=CONFLICTS)
def test_two_operations_in_conflict_are_refused(city, first, second):
    _do(*first)
    assert _refused(*second) == {(0, "day")}


def test_a_unit_that_ended_does_not_come_back(city):
    _do(reorganise.merge, Merging("CS1", DAY, "DU1"))
    assert _refused(reorganise.join, reorganise.Joining("CS1", LATER, "TU")) == {(0, "code")}


def test_a_transfer_follows_a_merger(city):
    member = factories.a_full_member(city.branch)
    _do(reorganise.merge, Merging("DU1-01", DAY, "DU2-01"))
    spell = Spell.objects.get(person=member.person, to_day=None)
    register.transfer([register.Change(spell.pk, LATER, destination=city.outside)], actor=None, today=TODAY)
    assert Spell.objects.get(person=member.person, to_day=None).organisation == city.outside


def test_a_committee_with_branches_does_not_become_a_branch(city):
    assert _refused(reorganise.change_kind, KindChange("DU1", DAY, _kind("base_branch"))) == {(0, "kind")}


#: whatever makes a unit be gone on DAY
GOING = {
    "merged": (reorganise.merge, Merging("DU1-02", DAY, "DU2-02")),
    "dissolved": (reorganise.dissolve, Dissolving("DU1-02", DAY, "DU2-02")),
    "split": (reorganise.split, Splitting("DU1-02", DAY, ("DU2-01", "DU2-02"))),
    "out": (reorganise.leave, reorganise.Leaving("DU1-02", DAY)),
    "out with what is above": (reorganise.leave, reorganise.Leaving("DU1", DAY)),
}


@pytest.mark.parametrize("day", [DAY, LATER])
@pytest.mark.parametrize(("deed", "item"), GOING.values(), ids=GOING)
def test_a_unit_that_carries_on_another_that_day_or_later_cannot_be_gone(city, deed, item, day):
    """Recorded in the other order than it happened, or both on one day: the successor would not stand on its own."""
    _do(reorganise.merge, Merging("CS1", day, "DU1-02"))
    assert _refused(deed, item) == {(0, "day")}
    assert _parent("DU1-02", LATER) == "DU1"


@pytest.mark.parametrize("later", ["moved there", "founded there"])
@pytest.mark.parametrize(("deed", "item"), list(GOING.values())[:4], ids=list(GOING)[:4])
def test_a_unit_that_has_others_below_it_later_cannot_be_gone_before(city, deed, item, later):
    """Recorded in the other order than it happened: those below would stand under nobody."""
    if later == "moved there":
        _do(reorganise.move, Moving("CS1", LATER, "DU1-02"))
    else:
        _do(reorganise.found, Founding("N", "Chi bộ N", _kind("branch"), None, "DU1-02", LATER))
    assert _refused(deed, item) == {(0, "day")}
    assert _parent("DU1-02", LATER) == "DU1"


@pytest.fixture
def body(city):
    made = Body.objects.create(code="DTN", name="Đoàn phường", kind=BodyKind.objects.first())
    BodyPlace.objects.create(body=made, organisation=city.branch)
    return made


@pytest.mark.parametrize(
    ("deed", "item"),
    [
        (reorganise.merge, Merging("DU1-01", DAY, "DU1-02")),
        (reorganise.dissolve, Dissolving("DU1-01", DAY, "DU1-02")),
    ],
    ids=["merged", "dissolved"],
)
def test_a_body_goes_on_where_its_unit_goes_on_and_comes_back_with_it(city, body, deed, item):
    before = snapshots.structure()
    _do(deed, item)
    held = body.places.order_by("from_day").values_list("organisation__code", "to_day")
    assert list(held) == [("DU1-01", DAY), ("DU1-02", None)]
    undo(Operation.objects.get())
    assert snapshots.structure() == before


@pytest.mark.parametrize(
    ("deed", "item", "field"),
    [
        (reorganise.dissolve, Dissolving("DU1-01", DAY), "receiver_code"),
        (reorganise.split, Splitting("DU1-01", DAY, ("DU1-02", "DU2-01")), "people"),
    ],
    ids=["dissolved into nothing", "split"],
)
def test_a_body_is_left_nowhere(city, body, deed, item, field):
    assert _refused(deed, item) == {(0, field)}
    assert body.places.get().to_day is None


def test_a_body_that_somebody_moved_before_a_split_stays_where_it_is(city, body):
    BodyPlace.objects.update(to_day=DAY)
    BodyPlace.objects.create(body=body, organisation=city.sibling, from_day=DAY)
    _do(reorganise.split, Splitting("DU1-01", DAY, ("DU1-02", "DU2-01")))
    undo(Operation.objects.get())
    assert body.places.get(to_day=None).organisation == city.sibling


@pytest.mark.everywhere
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write after another anyway")
@pytest.mark.django_db(transaction=True)
def test_two_works_at_once_are_done_one_after_the_other():
    """Each alone may be: together a committee would stand under itself."""
    # other tests that commit leave nothing behind, not even the seeds
    import_module("cells.migrations.0002_lookups_and_rules").add_lookups(apps, None)
    factories.a_city()

    def other() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        try:
            _do(reorganise.move, Moving("DU2", DAY, "DU1"))
        finally:
            connection.close()

    def at_sign_in() -> None:
        try:
            carry_out(today=LATER, wait=False)
        finally:
            connection.close()

    item = Renaming("CS1", LATER, "Tên khác")
    postpone([Postponement(item, Organisation.objects.get(code="CS1"))], actor=None, today=DAY)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            _do(reorganise.move, Moving("DU1", DAY, "DU2"))
            with pytest.raises(OperationalError, match="lock timeout"):
                pool.submit(other).result()
            with pytest.raises(OperationalError, match="could not obtain lock"):
                pool.submit(at_sign_in).result()
        with pytest.raises(Refused, match="ở dưới"):
            pool.submit(other).result()
