"""The tree on a day, on a small city that changed: each question is one query and says what a hand-drawn tree says."""

import datetime as dt

import pytest

from cells.dated import OPEN_START
from cells.models import Kind, Organisation
from cells.organisations import reorganise, tree
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = factories.TODAY
FOUNDED, LEFT, BACK = dt.date(2022, 1, 1), dt.date(2023, 1, 1), dt.date(2024, 1, 1)
BEFORE = dt.date(2021, 12, 31)


@pytest.fixture
def units():
    """TU over DU1 (A, and B since 2022) and DU2 (C); DU1 is out from 2023, A is back alone under DU2 in 2024."""
    top = factories.a_unit("TU", "city")
    first, second = (factories.a_unit(code, "base_committee", top) for code in ("DU1", "DU2"))
    made = [factories.a_unit("A", "branch", first), factories.a_unit("B", "branch", first, day=FOUNDED)]
    made.append(factories.a_unit("C", "branch", second))
    reorganise.leave([reorganise.Leaving("DU1", LEFT)], actor=None, today=TODAY)
    reorganise.join([reorganise.Joining("A", BACK, "DU2")], actor=None, today=TODAY)
    return {unit.code: unit for unit in (top, first, second, *made)}


def _codes(queryset):
    return set(queryset.values_list("code", flat=True))


# day, unit, below (itself included), above
DAYS = [
    (OPEN_START, "TU", "TU DU1 DU2 A C", ""),
    (BEFORE, "DU1", "DU1 A", "TU"),
    (FOUNDED, "DU1", "DU1 A B", "TU"),
    (LEFT - dt.timedelta(days=1), "TU", "TU DU1 DU2 A B C", ""),
    (LEFT, "TU", "TU DU2 C", ""),
    (LEFT, "DU1", "DU1", ""),
    (LEFT, "A", "A", ""),
    (BACK - dt.timedelta(days=1), "DU2", "DU2 C", "TU"),
    (BACK, "DU2", "DU2 A C", "TU"),
    (BACK, "A", "A", "DU2 TU"),
    (FOUNDED, "B", "B", "DU1 TU"),
]


@pytest.mark.parametrize(("day", "code", "below", "above"), DAYS)
def test_below_and_above_on_a_day(units, day, code, below, above, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert _codes(Organisation.objects.below(units[code].pk, on=day)) == set(below.split())
        assert _codes(Organisation.objects.above(units[code].pk, on=day)) == set(above.split())


def test_under_leaves_the_roots_out_unless_they_stand_under_another(units):
    def under(*codes):
        return _codes(Organisation.objects.filter(pk__in=tree.under([units[code].pk for code in codes], BACK)))

    assert under("DU2") == {"A", "C"}
    assert under("TU", "DU2") == {"DU2", "A", "C"}
    assert under("A") == set()
    assert under() == set()


def test_roll_up_is_one_query(units, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = tree.roll_up(units["TU"].pk, FOUNDED)
    names = {unit.pk: code for code, unit in units.items()}
    assert {(names[unit], names[child]) for unit, child in rows} == {
        ("DU1", "DU1"),
        ("A", "DU1"),
        ("B", "DU1"),
        ("DU2", "DU2"),
        ("C", "DU2"),
    }


def test_reached_holds_whatever_stood_below_on_any_day_of_the_span(units):
    def reached(start, stop):
        return _codes(Organisation.objects.filter(pk__in=tree.reached([units["TU"].pk], start, stop)))

    assert reached(LEFT, BACK) == {"TU", "DU2", "C"}
    assert reached(LEFT - dt.timedelta(days=1), BACK) == {"TU", "DU1", "DU2", "A", "B", "C"}
    assert reached(LEFT, BACK + dt.timedelta(days=1)) == {"TU", "DU2", "A", "C"}


def test_the_top_of_a_day(units):
    assert _codes(Organisation.objects.top_on(LEFT)) == {"TU"}
    assert _codes(Organisation.objects.placed_on(LEFT)) == {"TU", "DU2", "C"}


@pytest.mark.parametrize(("day", "name"), [(BEFORE, "Tên đầu"), (BACK, "Tên sau"), (OPEN_START, "Tên đầu")])
def test_a_unit_is_called_as_on_the_day_or_as_near_as_there_is(day, name):
    top = factories.a_unit("TU", "city")
    unit = factories.a_unit("U", "branch", top, name="Tên đầu", day=dt.date(2020, 1, 1))
    unit.styles.update(to_day=FOUNDED)
    unit.styles.create(name="Tên sau", name_key="", kind=Kind.objects.get(code="branch"), from_day=FOUNDED)
    assert unit.style(day).name == name
    assert Organisation.objects.styled(day).get(pk=unit.pk).name == name
