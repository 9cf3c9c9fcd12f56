"""The ledger on the days where things meet: a unit's turn, and the turn of the year. Last days are inclusive."""

import datetime as dt

import pytest

from cells.models import Kind
from cells.organisations import reorganise
from membership import register, temporary
from membership.models import Spell
from reports.period import Period
from reports.tables import TABLES, Question
from tests import factories
from tests.properties.world import forgotten

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = factories.TODAY
TURN = dt.date(2024, 7, 1)  # the first day outside, or inside
EVE = dt.date(2024, 6, 30)
YEAR = Period(dt.date(2024, 1, 1), dt.date(2025, 1, 1))


@pytest.fixture
def city():
    return factories.a_city()


def _flows(unit, period=YEAR):
    """The columns of the unit's own ledger that are not 0."""
    total = TABLES["ledger"].answer(Question(unit, period, period.last)).total
    return {key: value for key, value in total.items() if isinstance(value, int) and value and key != "id"}


def _leave(unit):
    reorganise.leave([reorganise.Leaving(unit.code, TURN)], actor=None, today=TODAY)


def _depart(spell, day):
    register.depart([register.Change(spell.pk, day, Spell.End.DECEASED)], actor=None, today=TODAY)


def _recognise(spell, day):
    register.recognise([register.Change(spell.pk, day)], actor=None, today=TODAY)


def _transfer(spell, day, to):
    register.transfer([register.Change(spell.pk, day, destination=to)], actor=None, today=TODAY)


# what the one member of a unit that leaves on 1/7 does, and the unit's ledger of the year
LEAVING = [
    pytest.param(lambda spell: None, {"opening": 1, "left": 1}, id="stays in it"),
    pytest.param(lambda spell: _depart(spell, EVE), {"opening": 1, "deceased": 1}, id="dies on its last day inside"),
    pytest.param(lambda spell: _depart(spell, TURN), {"opening": 1, "left": 1}, id="dies on its first day outside"),
    pytest.param(lambda spell: _recognise(spell, EVE), {"opening": 1, "left": 1}, id="recognised on the eve"),
    pytest.param(lambda spell: _recognise(spell, TURN), {"opening": 1, "left": 1}, id="recognised on the day"),
]


@pytest.mark.parametrize(("does", "flows"), LEAVING)
@pytest.mark.parametrize("first", ["the member", "the unit"])
def test_a_unit_that_leaves(city, does, flows, first):
    spell = factories.a_member(city.branch)
    steps = [lambda: does(spell), lambda: _leave(city.branch)]
    for step in steps if first == "the member" else steps[::-1]:
        step()
    assert _flows(city.branch) == flows


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (EVE - dt.timedelta(days=1), {"transferred_in": 1, "left": 1}),
        (EVE, {"transferred_in": 1, "left": 1}),
    ],
)
def test_who_arrives_just_before_the_unit_leaves_goes_with_it(city, day, inside):
    spell = factories.a_member(city.outside)
    _transfer(spell, day, city.branch)
    _leave(city.branch)
    assert _flows(city.branch) == inside
    assert _flows(city.top) == {"opening": 1, "transferred_in": 1, "transferred_out": 1, "left": 1}


@pytest.mark.parametrize(
    ("day", "flows"),
    [(EVE, {"admitted": 1, "left": 1}), (TURN, {})],
)
def test_who_is_admitted_on_the_eve_counts_and_goes_on_the_day_never_counts(city, day, flows):
    factories.a_member(city.branch, decided_on=day)
    _leave(city.branch)
    assert _flows(city.branch) == flows


JOINING = [
    pytest.param(lambda unit, spell: None, {"joined": 1, "closing": 1}, id="is in it"),
    pytest.param(lambda unit, spell: _depart(spell, EVE), {}, id="dies on its last day outside"),
    pytest.param(lambda unit, spell: _depart(spell, TURN), {"joined": 1, "deceased": 1}, id="dies on its first day"),
    pytest.param(lambda unit, spell: _recognise(spell, EVE), {"joined": 1, "closing": 1}, id="recognised on the eve"),
    pytest.param(lambda unit, spell: _recognise(spell, TURN), {"joined": 1, "closing": 1}, id="recognised on the day"),
    pytest.param(
        lambda unit, spell: factories.a_member(unit, decided_on=TURN),
        {"joined": 1, "admitted": 1, "closing": 2},
        id="another is admitted on the day",
    ),
    pytest.param(
        lambda unit, spell: factories.a_member(unit, decided_on=EVE),
        {"joined": 2, "closing": 2},
        id="another the day before",
    ),
]


@pytest.mark.parametrize(("does", "flows"), JOINING)
def test_a_unit_that_joins(city, does, flows):
    joining = reorganise.Joining("J", TURN, "DU2", "Chi bộ J", Kind.objects.get(code="branch"))
    (unit,) = reorganise.join([joining], actor=None, today=TODAY)
    does(unit, factories.a_member(unit))
    assert _flows(unit) == flows
    assert _flows(city.top) == flows


def test_a_unit_that_leaves_and_comes_back_does_both_each_time(city):
    factories.a_member(city.branch)
    back = (dt.date(2024, 3, 1), dt.date(2024, 9, 1))
    for out, again in zip((dt.date(2024, 2, 1), TURN), back, strict=True):
        reorganise.leave([reorganise.Leaving(city.branch.code, out)], actor=None, today=TODAY)
        reorganise.join([reorganise.Joining(city.branch.code, again, "DU1")], actor=None, today=TODAY)
    assert _flows(city.branch) == {"opening": 1, "left": 2, "joined": 2, "closing": 1}


NEW_YEAR = dt.date(2024, 1, 1)
OLD = Period(dt.date(2023, 1, 1), NEW_YEAR)
LAST = dt.date(2023, 12, 31)

# what is done on which day; the ledgers of 2023 and 2024 of the unit the member is (or was) in
TURNS = [
    pytest.param(_depart, LAST, {"opening": 1, "deceased": 1}, {}, id="dies on 31/12"),
    pytest.param(_depart, NEW_YEAR, {"opening": 1, "closing": 1}, {"opening": 1, "deceased": 1}, id="dies on 1/1"),
    pytest.param(
        _recognise, NEW_YEAR, {"opening": 1, "closing": 1}, {"opening": 1, "closing": 1}, id="recognised on 1/1"
    ),
]


@pytest.mark.parametrize(("does", "day", "old", "new"), TURNS)
def test_the_turn_of_the_year(city, does, day, old, new):
    does(factories.a_member(city.branch), day)
    assert _flows(city.branch, OLD) == old
    assert _flows(city.branch, YEAR) == new


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        (LAST, {"admitted": 1, "closing": 1}, {"opening": 1, "closing": 1}),
        (NEW_YEAR, {}, {"admitted": 1, "closing": 1}),
    ],
)
def test_who_is_admitted_on_the_turn_of_the_year(city, day, old, new):
    factories.a_member(city.branch, decided_on=day)
    assert _flows(city.branch, OLD) == old
    assert _flows(city.branch, YEAR) == new


def test_who_moves_on_31_12_is_in_the_base_of_the_new_unit(city):
    spell = factories.a_member(city.branch)
    _transfer(spell, LAST, city.outside)
    assert _flows(city.branch, OLD) == {"opening": 1, "transferred_out": 1}
    assert _flows(city.outside, OLD) == {"transferred_in": 1, "closing": 1}
    assert _flows(city.outside, YEAR) == {"opening": 1, "closing": 1}


def _away(spell):
    away = temporary.Leave(spell.pk, EVE, "Đảng bộ tỉnh bạn", TURN)
    temporary.transfer_temporarily([away], actor=None, today=TODAY)


def _exempt(spell):
    Spell.objects.filter(pk=spell.pk).update(exempt_from=EVE)


@pytest.mark.parametrize("scope", ["opening", "current"])
def test_who_is_away_exempt_or_recognised_changes_no_total(city, scope):
    """A figure that moved with them would count somebody twice, or not (`architecture.md`, "Base on 1 January")."""

    def told():
        days = [EVE - dt.timedelta(days=1), EVE, TURN, TODAY]
        asked = [Question(unit, YEAR, day, scope) for unit in (city.branch, city.committee, city.top) for day in days]
        return [
            [(row["code"], *(row[column.key] for column in TABLES[key].columns)) for row in [*found.rows, found.total]]
            for question in asked
            for key in ("ledger", "admission-rate")
            for found in [TABLES[key].answer(question)]
        ]

    factories.a_member(city.sibling)
    spell = factories.a_member(city.branch, decided_on=dt.date(2023, 3, 1))
    before = told()
    for does in (_away, _exempt, lambda spell: _recognise(spell, EVE)):
        with forgotten():
            does(spell)
            assert told() == before, does
