"""Members of units that are gone, in the book `Dang vien`: a merger ends no row, and an old row goes on by itself."""

import datetime as dt

import pytest

from cells.organisations import reorganise
from membership.models import Spell
from membership.sheets.members import export_members
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
