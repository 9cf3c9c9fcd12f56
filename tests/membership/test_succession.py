"""Members of units that are gone, in the book `Dang vien`: a merger ends no row, and an old row goes on by itself."""

import datetime as dt
from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps

from cells.dated import ONE_DAY
from cells.models import Operation, Organisation
from cells.organisations import reorganise
from cells.organisations.registry import used_before
from cells.organisations.reorganise.undo import undo
from cells.rules.models import ExitReason
from cells.verdict import Refused
from membership import admission, register
from membership.around.helpers import Assignment, assign_helper
from membership.models import Candidacy, CaseMove, Spell, Stage
from membership.sheets.members import export_members
from reports.figures.book import open_book
from reports.period import Period
from targets.base import freeze
from targets.models import Base
from tests import factories, workbooks
from tests.properties.world import forgotten
from tests.workbooks import counts, said

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY, LATER = dt.date(2024, 7, 1), dt.date(2024, 9, 1)


@pytest.fixture
def door(tmp_path):
    return workbooks.Door(tmp_path)


def _book():
    spells = Spell.objects.values_list(
        "person__name", "organisation__code", "standing", "started_by", "ended_by", "from_day", "to_day"
    )
    return sorted(spells, key=str)


def _merge(code, into, day):
    reorganise.merge([reorganise.Merging(code, day, into)], actor=None, today=factories.TODAY)


def test_the_book_comes_back_as_it_went_out(door):
    city = factories.a_city()
    with forgotten():
        for _ in range(2):
            factories.a_full_member(city.branch)
        factories.a_member(city.branch, decided_on=dt.date(2024, 3, 1))
        factories.a_member(city.sibling, decided_on=dt.date(2024, 8, 1))
        _merge("DU1-01", "DU1-02", DAY)
        _merge("DU1-02", "DU2-01", LATER)
        held, out = _book(), list(export_members())
        assert {row[5] for row in out} == {"DU1-01", "DU1-02"}
        again = door({"Dang vien": out})
        assert said(again) == []
        assert counts(again, "Dang vien") == (0, 0, 4, 0)
    _merge("DU1-01", "DU1-02", DAY)
    _merge("DU1-02", "DU2-01", LATER)
    assert said(door({"Dang vien": out})) == []
    assert _book() == held


def test_a_row_may_name_the_unit_of_today(door):
    city = factories.a_city()
    factories.a_full_member(city.branch)
    _merge("DU1-01", "DU1-02", DAY)
    (row,) = export_members()
    report = door({"Dang vien": [(*row[:5], "DU1-02", *row[6:])]})
    assert said(report) == []
    assert counts(report, "Dang vien") == (0, 0, 1, 0)


def test_a_row_of_a_unit_that_nobody_carries_on_is_refused_at_its_cell(door):
    city = factories.a_city()
    with forgotten():
        factories.a_full_member(city.branch)
        out = list(export_members())
    reorganise.dissolve([reorganise.Dissolving("DU1-01", DAY)], actor=None, today=factories.TODAY)
    (message,) = said(door({"Dang vien": out}))
    assert message.startswith("Dang vien!F2: ")
    assert not Spell.objects.exists()


def _take_back(code):
    undo(Operation.objects.get(organisation__code=code, work="merge"))


def _stands(case):
    case.refresh_from_db()
    return case.organisation.code


def _stood(case, day):
    found = Candidacy.objects.as_of(day, today=factories.TODAY).get(pk=case.pk)
    return Organisation.objects.get(pk=found.unit_then).code


def test_a_case_that_came_with_an_earlier_merger_returns_as_far_as_it_is_taken_back():
    city = factories.a_city()
    case = factories.a_case(city.branch, listed_on=DAY - dt.timedelta(days=60))
    _merge("DU1-01", "DU1-02", DAY)
    _merge("DU1-02", "DU2-01", LATER)
    before = [_stood(case, day - ONE_DAY) for day in (DAY, LATER)]
    assert [*before, _stands(case)] == ["DU1-01", "DU1-02", "DU2-01"]
    _take_back("DU1-02")
    assert (_stands(case), _stood(case, DAY), _stood(case, DAY - ONE_DAY)) == ("DU1-02", "DU1-02", "DU1-01")
    _take_back("DU1-01")
    assert _stands(case) == "DU1-01"


def test_a_case_that_went_with_its_member_before_does_not_return_with_the_unit():
    city = factories.a_city()
    case = factories.a_case(city.branch, stage=Stage.ADMITTED, listed_on=dt.date(2023, 9, 1))
    spell = Spell.objects.get(candidacy=case)
    went = register.Change(spell.pk, LATER - ONE_DAY, destination=city.sibling)
    register.transfer([went], actor=None, today=factories.TODAY)
    _merge("DU1-01", "DU1-02", LATER + ONE_DAY)
    _take_back("DU1-01")
    assert (_stands(case), Spell.objects.get(person=case.person, to_day=None).organisation.code) == ("DU1-02", "DU1-02")
    assert (_stood(case, LATER - ONE_DAY), _stood(case, LATER)) == ("DU1-01", "DU1-02")


def test_a_case_that_its_member_took_along_that_very_day_does_not_return_with_the_unit():
    city = factories.a_city()
    case = factories.a_case(city.branch, stage=Stage.ADMITTED, listed_on=dt.date(2023, 9, 1))
    went = register.Change(Spell.objects.get(candidacy=case).pk, LATER - ONE_DAY, destination=city.sibling)
    register.transfer([went], actor=None, today=factories.TODAY)
    _merge("DU1-01", "DU1-02", LATER)
    _take_back("DU1-01")
    assert (_stands(case), _stood(case, LATER - ONE_DAY)) == ("DU1-02", "DU1-01")


def test_a_unit_does_not_end_on_or_before_the_day_on_which_a_case_came_to_it():
    city = factories.a_city()
    on_probation = factories.a_case(city.branch, stage=Stage.ADMITTED, listed_on=dt.date(2023, 9, 1))
    went = register.Change(Spell.objects.get(candidacy=on_probation).pk, LATER - ONE_DAY, destination=city.sibling)
    register.transfer([went], actor=None, today=factories.TODAY)
    with pytest.raises(Refused, match="biến động đảng viên"):
        _merge("DU1-02", "DU2-01", LATER)
    case = factories.a_case(city.base_branch, listed_on=DAY - dt.timedelta(days=60))
    reorganise.dissolve([reorganise.Dissolving("CS1", LATER, "DU2-02")], actor=None, today=factories.TODAY)
    splitting = reorganise.Splitting("DU2-02", LATER, ("DU2-02", "DU2-01"), people={case.person_id: "DU2-01"})
    for day in (DAY, LATER):
        with pytest.raises(Refused, match="hồ sơ"):
            reorganise.split([replace(splitting, day=day)], actor=None, today=factories.TODAY)
    assert _stands(case) == "DU2-02"


def test_a_case_dropped_before_it_went_is_no_reason_against_taking_back():
    city = factories.a_city()
    case = factories.a_case(city.branch, listed_on=DAY - dt.timedelta(days=60))
    reason = ExitReason.objects.first()
    dropped = admission.Move(case.pk, Stage.DROPPED, LATER, exit_reason=reason)
    admission.drop([dropped], actor=None, today=factories.TODAY)
    _merge("DU1-01", "DU1-02", DAY)
    assert _stands(case) == "DU1-02"
    _take_back("DU1-01")
    assert _stands(case) == "DU1-01"


def test_what_happened_before_the_unit_went_is_told_of_the_unit_of_then_however_late_it_is_entered():
    city = factories.a_city()
    case = factories.a_case(city.branch, stage=Stage.EXAMINED, listed_on=dt.date(2023, 12, 1), step_days=20)
    _merge("DU1-01", "DU2-01", LATER)
    decided = admission.Move(case.pk, Stage.DECIDED, LATER - ONE_DAY, number="7-QĐ", override="Sổ cũ")
    admission.advance([decided], actor=None, today=factories.TODAY)
    assert case.events.get(stage=Stage.DECIDED).organisation.code == "DU1-01"
    spells = Spell.objects.filter(candidacy=case).order_by("from_day")
    assert list(spells.values_list("organisation__code", "started_by", "from_day", "to_day")) == [
        ("DU1-01", "admitted", LATER - ONE_DAY, LATER),
        ("DU2-01", "with_unit", LATER, None),
    ]


@pytest.mark.parametrize("step_day", [DAY - ONE_DAY, LATER], ids=["day before", "day after"])
def test_a_step_recorded_since_stands_against_taking_back(step_day):
    city = factories.a_city()
    case = factories.a_case(city.branch, listed_on=DAY - dt.timedelta(days=60))
    _merge("DU1-01", "DU1-02", DAY)
    step = admission.Move(case.pk, Stage.SYMPATHISER, step_day)
    admission.advance([step], actor=None, today=factories.TODAY)
    with pytest.raises(Refused, match="bước mới ở tổ chức tiếp nhận"):
        _take_back("DU1-01")


def test_what_older_versions_did_not_write_is_told_from_the_steps():
    city = factories.a_city()
    case = factories.a_case(city.branch, listed_on=DAY - dt.timedelta(days=60))
    _merge("DU1-01", "DU1-02", DAY)
    step = admission.Move(case.pk, Stage.SYMPATHISER, DAY)
    admission.advance([step], actor=None, today=factories.TODAY)
    _merge("DU1-02", "DU2-01", LATER)
    written = list(CaseMove.objects.values_list("candidacy", "day", "origin", "destination"))
    CaseMove.objects.all().delete()
    import_module("membership.migrations.0012_case_moves").write_what_is_known(apps, None)
    assert list(CaseMove.objects.values_list("candidacy", "day", "origin", "destination")) == written
    assert _stood(case, DAY - ONE_DAY) == "DU1-01"


def test_who_helped_before_the_unit_went_is_asked_of_the_branch_of_then():
    city = factories.a_city()
    case = factories.a_case(city.branch, listed_on=DAY - dt.timedelta(days=60))
    member, other = factories.a_full_member(city.branch), factories.a_full_member(city.sibling)
    _merge("DU1-01", "DU1-02", DAY)
    for spell, told in ((other, "chi bộ khác"), (member, "")):
        assignment = Assignment(case, DAY - ONE_DAY, spell.person)
        if told:
            with pytest.raises(Refused, match=told):
                assign_helper(assignment, actor=None, today=factories.TODAY)
        else:
            assert assign_helper(assignment, actor=None, today=factories.TODAY).person == spell.person


def test_a_register_is_kept_where_a_case_was_then_wherever_it_went_since():
    """A branch with candidates only, merged since: its base of the year before is nought, the receiver has none."""
    city = factories.a_city()
    factories.a_case(city.branch, listed_on=dt.date(2023, 11, 1))
    _merge("DU1-01", "DU1-02", DAY)
    book = open_book(city.top.pk, Period(dt.date(2023, 1, 1), dt.date(2025, 1, 1)))
    kept = {city.branch.pk: dt.date(2023, 11, 1), city.sibling.pk: DAY}
    assert book.kept_registers == kept
    freeze(city.committee, 2024, actor=None, today=factories.TODAY)
    assert list(Base.objects.values_list("organisation__code", "total")) == [("DU1-01", 0)]
    founded_since = [used_before(unit.pk, factories.TODAY) for unit in (city.branch, city.sibling)]
    assert [since for _, since in founded_since] == [dt.date(2023, 11, 1), DAY]
