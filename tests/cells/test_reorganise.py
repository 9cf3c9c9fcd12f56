"""Founding, joining and leaving: what they write, and what they refuse with nothing written."""

import datetime as dt
from dataclasses import replace

import pytest
from django.apps import apps

from cells.dated import OPEN_START
from cells.log.models import Entry
from cells.models import Kind, Operation, Organisation, Place, Style
from cells.organisations import registry, reorganise
from cells.organisations.reorganise import Founding, Joining, Leaving
from cells.verdict import Refused
from membership.models import Deadline, Spell, Stage
from targets.models import QuotaIssue
from targets.quotas import take_over
from targets.sources.say import SourcesLine, declare_sources
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = factories.TODAY
TOMORROW = TODAY + dt.timedelta(days=1)
DAY = dt.date(2024, 7, 1)


@pytest.fixture
def city():
    return factories.a_city()


def _unit(code, parent="TU", day=DAY, name="Chi bộ", kind="branch"):
    return Founding(code, name, Kind.objects.get(code=kind), None, parent, day)


def _joining(code, parent="TU", day=DAY, name="Chi bộ", kind="branch"):
    return Joining(code, day, parent, name, kind and Kind.objects.get(code=kind))


def _refusals(deed, items):
    """(index, field) of each problem; nothing was written."""
    tables = (Organisation, Place, Style, Operation, Entry)
    before = [list(table.objects.order_by("pk").values_list()) for table in tables]
    with pytest.raises(Refused) as refusal:
        deed(items, actor=None, today=TODAY)
    assert [list(table.objects.order_by("pk").values_list()) for table in tables] == before
    for problem in refusal.value.problems:
        assert "01/01/0001" not in problem.message
        assert len(problem.message) > 20
    return {(problem.index, problem.field) for problem in refusal.value.problems}


BAD_FOUNDINGS = {
    "unknown parent": ([("N", "XX")], {(0, "parent_code")}),
    "under itself": ([("N", "N")], {(0, "parent_code")}),
    "a cycle of two": ([("M", "N"), ("N", "M")], {(0, "parent_code"), (1, "parent_code")}),
    "a cycle of three beside a good one": (
        [("K", "N"), ("M", "K"), ("N", "M"), ("G", "TU")],
        {(0, "parent_code"), (1, "parent_code"), (2, "parent_code")},
    ),
    "a second top": ([("N", "")], {(0, "parent_code")}),
    "a second top, earlier": ([("N", "", OPEN_START)], {(0, "parent_code")}),
    "a code twice": ([("N",), ("N",)], {(0, "code"), (1, "code")}),
    "a code that is taken": ([("DU1",)], {(0, "code")}),
    "a code of a unit that left": ([("DU2-02",)], {(0, "code")}),
    "tomorrow": ([("N", "TU", TOMORROW)], {(0, "day")}),
    "before its parent": ([("M", "TU", DAY), ("N", "M", dt.date(2024, 6, 30))], {(1, "day")}),
    "since ever, under a parent with a day": ([("M", "TU", DAY), ("N", "M", OPEN_START)], {(1, "day")}),
    "under a parent that has left": ([("N", "DU2-02")], {(0, "parent_code")}),
    "before the day its parent left": ([("N", "DU2-02", dt.date(2024, 1, 1))], {(0, "parent_code")}),
    "one bad line refuses all": ([("N",), ("M", "XX")], {(1, "parent_code")}),
}


@pytest.mark.parametrize(("items", "problems"), BAD_FOUNDINGS.values(), ids=BAD_FOUNDINGS)
def test_bad_foundings(city, items, problems):
    reorganise.leave([Leaving("DU2-02", dt.date(2024, 3, 1))], actor=None, today=TODAY)
    assert _refusals(reorganise.found, [_unit(*item) for item in items]) == problems


def test_two_tops_in_one_list():
    tops = [_unit(code, "", OPEN_START, kind="city") for code in ("T1", "T2")]
    assert _refusals(reorganise.found, tops) == {(0, "parent_code"), (1, "parent_code")}


def test_children_may_stand_before_their_parents_in_the_list(city):
    reorganise.found([_unit("N", "M"), _unit("M")], actor=None, today=TODAY)
    assert set(
        Organisation.objects.above(Organisation.objects.get(code="N").pk, on=DAY).values_list("code", flat=True)
    ) == {
        "M",
        "TU",
    }
    assert Operation.objects.filter(work="found", day=DAY).count() == 2
    assert Entry.objects.filter(deed="found", count=2).count() == 1


def test_what_has_always_been_there_is_no_operation(city):
    assert not Operation.objects.exists()


BAD_JOININGS = {
    "unknown parent": ([("J", "XX")], {(0, "parent_code")}),
    "no parent": ([("J", "")], {(0, "parent_code")}),
    "a unit already inside": ([("DU1-01", "DU2")], {(0, "code")}),
    "under itself": ([("J", "J")], {(0, "parent_code")}),
    "a cycle": ([("J", "K"), ("K", "J")], {(0, "parent_code"), (1, "parent_code")}),
    "a new unit without a name": ([("J", "TU", DAY, "")], {(0, "name")}),
    "a new unit without a kind": ([("J", "TU", DAY, "Tên", "")], {(0, "name")}),
    "twice": ([("J",), ("J",)], {(0, "code"), (1, "code")}),
    "tomorrow": ([("J", "TU", TOMORROW)], {(0, "day")}),
    "a unit that was still inside on the day": ([("DU2-02", "TU", dt.date(2024, 2, 1))], {(0, "code")}),
}


@pytest.mark.parametrize(("items", "problems"), BAD_JOININGS.values(), ids=BAD_JOININGS)
def test_bad_joinings(city, items, problems):
    reorganise.leave([Leaving("DU2-02", dt.date(2024, 3, 1))], actor=None, today=TODAY)
    assert _refusals(reorganise.join, [_joining(*item) for item in items]) == problems


def test_a_unit_that_left_may_come_back_on_the_very_day(city):
    day = dt.date(2024, 3, 1)
    reorganise.leave([Leaving("DU2-02", day)], actor=None, today=TODAY)
    (unit,) = reorganise.join([_joining("DU2-02", "DU1", day, "", "")], actor=None, today=TODAY)
    assert [(place.parent.code, place.to_day) for place in unit.places.order_by("from_day")] == [
        ("DU2", day),
        ("DU1", None),
    ]
    assert unit.styles.count() == 1


BAD_LEAVINGS = {
    "unknown": ([("XX", DAY)], {(0, "code")}),
    "the top": ([("TU", DAY)], {(0, "code")}),
    "tomorrow": ([("DU1", TOMORROW)], {(0, "day")}),
    "twice, the same day": ([("DU1", DAY)] * 2, {(1, "day")}),
    "twice, one day after another": ([("DU1", DAY), ("DU1", dt.date(2024, 8, 1))], {(1, "day")}),
    "after its committee left": ([("DU1-01", dt.date(2024, 8, 1)), ("DU1", DAY)], {(0, "day")}),
    "a unit that has left": ([("DU2-02", DAY)], {(0, "day")}),
    "before a unit below left": ([("DU2", dt.date(2024, 1, 1))], {(0, "day")}),
    "before a unit below was founded": ([("CS1", dt.date(2024, 1, 1))], {(0, "day")}),
    "on the day it was founded": ([("NEW", dt.date(2024, 2, 1))], {(0, "day")}),
    "before it was founded": ([("NEW", dt.date(2024, 1, 31))], {(0, "day")}),
}


@pytest.mark.parametrize(("items", "problems"), BAD_LEAVINGS.values(), ids=BAD_LEAVINGS)
def test_bad_leavings(city, items, problems):
    reorganise.leave([Leaving("DU2-02", dt.date(2024, 3, 1))], actor=None, today=TODAY)
    reorganise.found([_unit("NEW", "CS1", dt.date(2024, 2, 1))], actor=None, today=TODAY)
    assert _refusals(reorganise.leave, [Leaving(*item) for item in items]) == problems


def test_leaving_ends_the_places_of_everything_below_and_no_membership(city):
    member = factories.a_member(city.branch)
    reorganise.leave([Leaving("DU1", DAY, "05-QĐ", "Đảng bộ khối")], actor=None, today=TODAY)
    gone = Place.objects.filter(to_day=DAY, closed_as="left").values_list("organisation__code", flat=True)
    assert set(gone) == {"DU1", "DU1-01", "DU1-02"}
    assert Spell.objects.get(pk=member.pk).to_day is None
    (operation,) = Operation.objects.all()
    assert (operation.work, operation.destination, operation.organisation.code) == ("leave", "Đảng bộ khối", "DU1")


def test_a_branch_and_later_its_committee_leave_in_one_list(city):
    items = [Leaving("DU1", dt.date(2024, 8, 1)), Leaving("DU1-01", DAY)]
    reorganise.leave(items, actor=None, today=TODAY)
    ends = dict(Place.objects.exclude(to_day=None).values_list("organisation__code", "to_day"))
    assert ends == {"DU1-01": DAY, "DU1": dt.date(2024, 8, 1), "DU1-02": dt.date(2024, 8, 1)}


def test_the_same_list_a_second_time_is_refused_whole(city):
    founding = _unit("N")
    reorganise.found([founding], actor=None, today=TODAY)
    assert _refusals(reorganise.found, [replace(founding, code="M"), founding]) == {(1, "code")}


def test_every_relation_to_an_organisation_is_registered():
    """Nothing is lost when a unit leaves: each app says what becomes of what it holds."""
    ours = [
        model for model in apps.get_models() if model._meta.app_label in ("cells", "membership", "targets", "reports")
    ]
    relations = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in ours
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model is Organisation
    }
    assert {holding.relation for holding in registry.holdings()} == relations
    assert all(holding.title and holding.stays for holding in registry.holdings())


def test_the_preview_counts_what_units_hold(city):
    factories.a_member(city.branch)
    factories.a_case(city.branch)
    factories.a_case(city.outside)
    take_over.issue_quotas([take_over.QuotaLine(city.committee, 2024, admission=2)], actor=None, today=TODAY)
    factories.a_case(city.sibling, stage=Stage.EXAMINED)  # its decision is due
    declare_sources([SourcesLine(city.branch, 2024, False, "không còn")], actor=None, today=TODAY)
    factories.a_second_claim(city.committee)
    held = Organisation.objects.below(city.committee.pk, on=TODAY).values_list("pk", flat=True)
    counted = {holding.relation: number for holding, number in registry.counted(list(held), TODAY)}
    assert counted["cells.Place.organisation"] == 3
    assert counted["membership.Spell.organisation"] == 1
    assert counted["membership.Candidacy.organisation"] == 2
    assert counted["membership.Deadline.organisation"] == Deadline.objects.open_on(TODAY).count() > 0
    assert counted["membership.SecondClaim.superior"] == 1
    assert counted["targets.Sources.organisation"] == 1
    assert counted["targets.QuotaIssue.issuer"] == QuotaIssue.objects.filter(issuer__in=held).count()
    assert counted["targets.Quota.organisation"] == 1
    assert counted["targets.Base.organisation"] == 0
