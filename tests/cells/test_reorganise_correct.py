"""Corrections of operations: corrected is as if it had been done right, taken back as if it had not been done."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from cells.models import Entry, Kind, Operation, Post
from cells.organisations.reorganise import (
    Dissolving,
    Founding,
    Joining,
    KindChange,
    Leaving,
    Merging,
    Moving,
    Renaming,
    Splitting,
)
from cells.organisations.reorganise.correct import (
    approve_operation_corrections,
    propose_correction,
    refuse_operation_corrections,
)
from cells.organisations.reorganise.told import item_of
from cells.organisations.reorganise.works import decode, encode, perform, work_of
from cells.people.delegate import Delegation, delegate
from cells.verdict import Refused
from membership import register
from membership.models import Spell
from tests import factories, snapshots
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY, OTHER = dt.date(2024, 7, 1), dt.date(2024, 8, 1)


def _kind(code):
    return Kind.objects.get(code=code)


@pytest.fixture
def city():
    """TU over DU1 (DU1-01, DU1-02), DU2 (DU2-01, DU2-02), CS1; two members and a case in DU1-01."""
    city = factories.a_city()
    city.members = [factories.a_full_member(city.branch) for _ in range(2)]
    city.case = factories.a_case(city.branch)
    return city


@pytest.fixture
def people(city):
    """Two of the Organisation Board: who asks, and who approves."""
    return [factories.a_user("board", city.top) for _ in range(2)]


def _correct(operation, item, people, reason="ghi nhầm"):
    asks, approves = people
    row = propose_correction(operation, item, reason=reason, actor=asks, today=TODAY)
    approve_operation_corrections([row.pk], actor=approves, today=TODAY)


def items(city):
    """work → (as recorded, as it should have been)."""
    first, second = (member.person_id for member in city.members)
    branch = _kind("branch")
    share = {first: "DU1-02", second: "DU1-02", city.case.person_id: "DU1-02"}
    return {
        "found: day": (Founding("N", "Chi bộ N", branch, None, "DU1", DAY), {"day": OTHER}),
        "found: earlier": (Founding("N", "Chi bộ N", branch, None, "DU1", OTHER), {"day": DAY}),
        "found: parent": (Founding("N", "Chi bộ N", branch, None, "DU1", DAY), {"parent_code": "DU2"}),
        "found: name": (Founding("N", "Chi bộ N", branch, None, "DU1", DAY), {"name": "Chi bộ Mới", "reason": "y"}),
        "found: kind": (Founding("N", "Đảng bộ", branch, None, "TU", DAY), {"kind": _kind("base_committee")}),
        "join: day": (
            Joining("J", DAY, "TU", "Đảng bộ J", branch, None, "1", "Khối"),
            {"day": OTHER, "origin": "Tỉnh", "reason": "y"},
        ),
        "rename": (Renaming("DU1", DAY, "Tên sai"), {"name": "Tên đúng", "day": OTHER}),
        "change_kind": (KindChange("CS1", DAY, _kind("base_committee")), {"day": OTHER}),
        "move: parent": (Moving("DU1-01", DAY, "DU2"), {"parent_code": "CS1"}),
        "move: day": (Moving("DU1-01", DAY, "DU2"), {"day": OTHER}),
        "merge: into": (Merging("DU1-01", DAY, "DU1-02"), {"into_code": "DU2-01"}),
        "merge: day": (Merging("DU1", DAY, "DU2"), {"day": OTHER}),
        "dissolve": (Dissolving("DU1-01", DAY, "DU1-02"), {"receiver_code": "DU2-02", "day": OTHER}),
        "leave": (Leaving("DU1", DAY, "2", "Khối"), {"day": OTHER}),
        "paper": (Leaving("DU1", DAY, "2", "Khối"), {"decision_number": "3", "destination": "Tỉnh", "reason": "y"}),
        "split": (Splitting("DU1-01", DAY, ("DU1-01", "DU1-02"), people={first: "DU1-02"}), {"day": OTHER}),
        "split: ends": (Splitting("DU1-01", DAY, ("DU1-02", "DU2-01"), people=share), {"day": OTHER}),
        "split: units": (Splitting("DU1", DAY, ("DU1", "CS1"), units={"DU1-01": "CS1"}), {"day": OTHER}),
    }


CASES = (
    "found: day",
    "found: earlier",
    "found: parent",
    "found: name",
    "found: kind",
    "join: day",
    "rename",
    "change_kind",
    "move: parent",
    "move: day",
    "merge: into",
    "merge: day",
    "dissolve",
    "leave",
    "paper",
    "split",
    "split: ends",
    "split: units",
)


@pytest.mark.parametrize("case", CASES)
def test_corrected_is_as_if_it_had_been_right_at_once(city, people, case):
    wrong, right = items(city)[case]
    with_right = replace(wrong, **right)
    with transaction.atomic():
        perform(with_right, actor=None, today=TODAY)
        wanted = snapshots.structure()
        transaction.set_rollback(True)
    perform(wrong, actor=None, today=TODAY)
    operation = Operation.objects.get()
    recorded = item_of(operation)
    _correct(operation, replace(recorded, **right), people)
    assert snapshots.structure() == wanted


@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith(("found", "join"))])
def test_taken_back_is_as_if_it_had_not_been(city, people, case):
    wrong, _ = items(city)[case]
    before = snapshots.structure()
    perform(wrong, actor=None, today=TODAY)
    _correct(Operation.objects.get(), None, people)
    assert snapshots.structure() == before
    assert Operation.with_void.get().void
    perform(wrong, actor=None, today=TODAY)  # and it can be done again


def test_what_waits_is_kept_and_read_back_whole(city):
    for wrong, _ in items(city).values():
        assert decode(work_of(wrong), encode(wrong)) == wrong
    new = Splitting("CS1", DAY, ("A",), [Founding("A", "A", _kind("branch"), None, "TU", DAY)], posts={3: "A:deputy"})
    assert decode("split", encode(new)) == replace(new, new=tuple(new.new))


def test_a_change_of_kind_turns_the_posts_and_taking_it_back_turns_them_back(city, people):
    user = factories.a_user("branch", city.base_branch, office="secretary")
    perform(KindChange("CS1", DAY, _kind("base_committee")), actor=None, today=TODAY)
    held = list(Post.objects.filter(person=user.person).order_by("from_day").values_list("role", "to_day"))
    assert held == [("branch", DAY), ("committee", None)]
    _correct(Operation.objects.get(), None, people)
    assert list(Post.objects.filter(person=user.person).values_list("role", "to_day")) == [("branch", None)]


def test_what_is_lent_turns_with_its_post_and_back(city, people):
    user = factories.a_user("branch", city.base_branch, office="secretary")
    post, end = Post.objects.get(person=user.person), TODAY + dt.timedelta(days=30)
    for first in (DAY - dt.timedelta(days=5), TODAY - dt.timedelta(days=2)):  # before and after the change
        delegate([Delegation(post.pk, factories.a_person(), first, end)], actor=None, today=TODAY)
    perform(KindChange("CS1", DAY, _kind("base_committee")), actor=None, today=TODAY)
    lent = Post.objects.exclude(delegated_from=None)
    told = lent.order_by("from_day").values_list("role", "to_day", "delegated_from__role")
    assert list(told) == [("branch", DAY, "branch"), ("committee", end, "committee"), ("committee", end, "committee")]
    _correct(Operation.objects.get(), None, people)
    assert list(lent.values_list("role", "to_day", "delegated_from")) == [("branch", end, post.pk)] * 2


# ---- what stands against it --------------------------------------------------------------------------


def _refused(operation, item, actor, reason="nhầm"):
    with pytest.raises(Refused) as caught:
        propose_correction(operation, item, reason=reason, actor=actor, today=TODAY)
    return " ".join(problem.message for problem in caught.value.problems)


def test_the_person_who_asks_does_not_approve(city, people):
    perform(Renaming("DU1", DAY, "Tên sai"), actor=None, today=TODAY)
    row = propose_correction(Operation.objects.get(), None, reason="nhầm", actor=people[0], today=TODAY)
    for deed in (
        lambda: approve_operation_corrections([row.pk], actor=people[0], today=TODAY),
        lambda: refuse_operation_corrections([row.pk], actor=people[0], answer="không"),
    ):
        with pytest.raises(Refused):
            deed()
    assert Operation.objects.get().void is False
    assert "chờ duyệt" in _refused(Operation.objects.get(), None, people[1])


def test_the_log_says_what_was_put_right_and_by_whom(city, people):
    perform(Moving("DU1-01", DAY, "DU2"), actor=None, today=TODAY)
    operation = Operation.objects.get()
    _correct(operation, replace(item_of(operation), day=OTHER), people)
    entry = Entry.objects.get(deed="approve_operation_correction")
    assert (entry.actor, entry.note) == (people[1], "ghi nhầm")
    assert [(value.field, value.old, value.new) for value in entry.values.all()] == [
        ("day", "2024-07-01", "2024-08-01")
    ]


def _later(city, what):
    """Something that stands on the operation."""
    if what == "renamed again":
        perform(Renaming("DU1", OTHER, "Tên sau"), actor=None, today=TODAY)
    elif what == "moved on":
        perform(Moving("DU1-01", OTHER, "CS1"), actor=None, today=TODAY)
    elif what == "a member died":
        spell = Spell.objects.get(person=city.members[0].person, to_day=None)
        register.depart([register.Change(spell.pk, OTHER, "deceased")], actor=None, today=TODAY)
    elif what == "came back":
        perform(Joining("DU1", OTHER, "TU"), actor=None, today=TODAY)
    elif what == "the old parent is gone":
        perform(Merging("DU1", OTHER, "DU2"), actor=None, today=TODAY)
    elif what == "a unit below moved":
        perform(Moving("DU1-02", OTHER, "CS1"), actor=None, today=TODAY)


STANDS_ON = {
    "renamed again": (lambda: Renaming("DU1", DAY, "Tên sai"), "đính chính việc sau trước"),
    "moved on": (lambda: Moving("DU1-01", DAY, "DU2"), "đính chính việc sau trước"),
    "a member died": (lambda: Merging("DU1-01", DAY, "DU1-02"), "đã có biến động ở tổ chức tiếp nhận"),
    "came back": (lambda: Leaving("DU1", DAY), "tiếp nhận lại"),
    "the old parent is gone": (lambda: Moving("DU1-01", DAY, "DU2"), "không còn trong đảng bộ"),
    "a unit below moved": (lambda: Merging("DU1", DAY, "DU2"), "đính chính việc sau trước"),
}


@pytest.mark.parametrize("what", STANDS_ON)
def test_nothing_is_taken_back_from_under_what_came_later(city, people, what):
    make, says = STANDS_ON[what]
    perform(make(), actor=None, today=TODAY)
    operation = Operation.objects.get()
    _later(city, what)
    before = snapshots.structure()
    assert says in _refused(operation, None, people[0])
    assert snapshots.structure() == before


FOUNDINGS = {
    "a member from before": ({"day": OTHER}, "Tổ chức đã có"),
    "under itself": ({"parent_code": "N"}, "ở dưới tổ chức này"),
    "under its own branch": ({"parent_code": "N1"}, "ở dưới tổ chức này"),
    "nobody knows the parent": ({"parent_code": "XX"}, "Không có tổ chức mã «XX»"),
    "no parent": ({"parent_code": ""}, "Ghi mã tổ chức cấp trên"),
    "a parent that came later": ({"parent_code": "SAU"}, "không hoạt động suốt thời gian"),
    "no name": ({"name": " "}, "Ghi tên tổ chức"),
    "to come": ({"day": dt.date(2024, 10, 16)}, "sau ngày hôm nay"),
}


@pytest.mark.parametrize("what", FOUNDINGS)
def test_a_founding_is_not_put_wrong(city, people, what):
    typed, says = FOUNDINGS[what]
    branch = _kind("branch")
    perform(Founding("N", "Chi bộ N", _kind("base_committee"), None, "TU", DAY), actor=None, today=TODAY)
    if what == "under its own branch":
        perform(Founding("N1", "Chi bộ N1", branch, None, "N", OTHER), actor=None, today=TODAY)
    perform(Founding("SAU", "Đảng bộ sau", _kind("base_committee"), None, "TU", OTHER), actor=None, today=TODAY)
    unit = Operation.objects.get(organisation__code="N").organisation
    factories.a_user("committee", unit, from_day=DAY)
    operation = Operation.objects.get(organisation__code="N")
    assert says in _refused(operation, replace(item_of(operation), **typed), people[0])


def test_a_founding_cannot_be_taken_back(city, people):
    perform(Founding("N", "Chi bộ N", _kind("branch"), None, "DU1", DAY), actor=None, today=TODAY)
    assert "không hủy được" in _refused(Operation.objects.get(), None, people[0])


def test_nobody_reorganises_into_units_that_are_not_theirs(city):
    """A board of a part of the tree, and one whose post has ended when the waiting operation comes due."""
    board = factories.a_user("board", city.committees[0])
    with pytest.raises(Refused, match="không có quyền sắp xếp"):
        perform(Moving("DU1-01", DAY, "DU2"), actor=board, today=TODAY)
    with pytest.raises(Refused, match="không có quyền sắp xếp"):
        perform(Moving("DU2-01", DAY, "DU1"), actor=board, today=TODAY)
    perform(Renaming("DU1-01", DAY, "Chi bộ đổi tên"), actor=board, today=TODAY)
    gone = factories.a_user("board", city.top, to_day=DAY)
    with pytest.raises(Refused, match="không có quyền sắp xếp"):
        perform(Renaming("DU1-02", DAY, "Chi bộ khác"), actor=gone, today=TODAY)
