"""Every figure is the length of its list, for every reader; and the rows of a table add up to its total."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.models import Organisation, Place
from cells.people import rights
from cells.people.models import Role
from reports.figures import FIGURES as REGISTRY
from reports.figures import Scope
from reports.figures.book import open_book
from reports.figures.cohort import UNITS
from reports.figures.ledger import CELLS
from reports.figures.standing import CURRENT, OPENING
from reports.figures.targets import MISSED, REACHED, SILENT, Evaluation
from reports.period import Period
from reports.tables import TABLES, Question
from targets import progress
from targets.models import Target
from tests import factories
from tests.properties import world
from tests.properties.world import FIGURES, PEOPLE, STRUCTURE, TODAY, World, events

pytestmark = pytest.mark.django_db

moderate = world.examples(7)
happenings = events(*STRUCTURE, *PEOPLE, *PEOPLE, *FIGURES, *FIGURES, most=28)
scopes = st.sampled_from([OPENING, CURRENT])

#: The parts of a year asked for: whole ones, one to date, quarters, and days that cut a month.
PERIODS = [
    Period(dt.date(2022, 1, 1), dt.date(2023, 1, 1)),
    Period(dt.date(2023, 1, 1), dt.date(2024, 1, 1)),
    Period(dt.date(2023, 7, 1), dt.date(2023, 10, 1)),
    Period(dt.date(2023, 1, 1), dt.date(2023, 6, 16)),
    Period(dt.date(2024, 1, 1), dt.date(2024, 10, 16)),
]
periods = st.sampled_from(PERIODS)
#: For the figures that take them: spans of several years, one of them beginning within a month.
LONG = [Period(dt.date(2022, 1, 1), dt.date(2024, 1, 1)), Period(dt.date(2022, 3, 15), dt.date(2024, 10, 16))]
#: every figure, in three parts
THIRDS = [sorted(REGISTRY)[part::3] for part in range(3)]

SUMMED = {
    "admission-rate": ("base", "admitted"),
    "quota-progress": ("admission_done", "fostering_done"),
    "pace": ("done",),
    "pace-fostering": ("done",),
    "ledger": CELLS,
}


def _readers(units):
    """Somebody at the board, in a base committee and in a branch of it, with the units whose names each may see."""
    top, committee, branch = units[0], units[1], units[3]
    today = {place.organisation_id: place.parent_id for place in Place.objects.on(TODAY)}

    def under(root):
        found = {root}
        while True:
            more = {unit for unit, parent in today.items() if parent in found} - found
            if not more:
                return found
            found |= more

    posts = ((Role.BOARD, top), (Role.COMMITTEE, committee), (Role.BRANCH, branch))
    return [(factories.a_user(role, unit), under(unit.pk)) for role, unit in posts]


@pytest.mark.parametrize("keys", THIRDS, ids=["first third", "second third", "last third"])
@world.examples(1)
@given(happenings, periods, st.sampled_from(LONG), scopes, st.integers(0, 40))
def test_a_number_is_the_length_of_its_list_for_every_reader(keys, happened, within, long, scope, choice):
    with world.forgotten():
        made = World(happened)
        readers = _readers(made.units)
        for unit in {made.unit(0), made.unit(choice)}:
            for figure in (REGISTRY[key] for key in keys):
                period = long if figure.over_years else within
                at = Scope(unit, period.last, scope)
                value, items = figure.number(at, period), figure.items(at, period)
                assert (value.number or 0) == items.number, figure.key
                assert value.missing == items.missing, figure.key
                for reader, may_name in readers:
                    _check_names(items, reader, may_name)


def _check_names(items, reader, may_name):
    """The number is whole for whoever sees it; the names in its list are those the reader may see, and no more."""
    if items.events is None:
        return
    everybody = list(items.events.values_list("pk", "organisation_id"))
    named = list(items.events.for_user(reader, on=TODAY).values_list("pk", "organisation_id"))
    assert sorted(named) == sorted(row for row in everybody if row[1] in may_name)


@moderate
@given(happenings, periods, scopes, st.integers(0, 40), st.sampled_from(sorted(SUMMED)))
def test_the_rows_of_a_table_add_up_to_its_total(happened, period, scope, choice, key):
    with world.forgotten():
        made = World(happened)
        for unit in {made.unit(0), made.unit(choice)}:
            answer = TABLES[key].answer(Question(unit, period, period.last, scope))
            for column in SUMMED[key]:
                if answer.total[column] is not None:
                    assert sum(row[column] or 0 for row in answer.rows) == answer.total[column], column
            _check_rest(
                TABLES[key],
                answer,
                SUMMED[key][choice % len(SUMMED[key])],
                Scope(unit, period.last, scope, UNITS),
                period,
            )
            assert len({row["code"] for row in answer.rows}) == len(answer.rows)
            # "khác" is what is left over, so it would hide a part that is not told
            assert _stayed_below(unit, period) <= {row["code"] for row in answer.rows}
            assert all({column.key for column in TABLES[key].columns} <= set(row) for row in answer.rows)


def _check_rest(table, answer, column, scope, period):
    """The list of the line «khác» is as long as the line says, and 0 where there is no line."""
    if answer.total[column] is None:
        return
    (figure,) = [one.figure for one in table.columns if one.key == column]
    said = next((row[column] for row in answer.rows if row["code"] == "khác"), 0)
    assert REGISTRY[figure].rest(scope, period).number == said, column


def _stayed_below(unit, period):
    """The codes of the units that stood right below `unit` on every day from 1/1 to the end of the period."""
    start = dt.date(period.year, 1, 1)
    places = Place.objects.filter(parent=unit, from_day__lte=start).exclude(to_day__lte=period.last)
    return set(places.values_list("organisation__code", flat=True))


#: what a unit says of itself and its parent says of it
TOLD = {
    "admission-rate": ("base", "base_missing", "not_reported", "admitted", "source", "rate"),
    "quota-progress": ("admission_done", "fostering_done"),
    "pace": ("done",),
    "pace-fostering": ("done",),
    "ledger": CELLS,
}


@moderate
@given(happenings, periods, scopes, st.integers(0, 40), st.sampled_from(sorted(TOLD)))
def test_a_unit_says_the_same_of_itself_as_its_parent_says_of_it(happened, period, scope, choice, key):
    with world.forgotten():
        made = World(happened)
        parent = made.unit(choice)
        rows = TABLES[key].answer(Question(parent, period, period.last, scope)).rows
        units = {unit.code: unit for unit in made.units}
        for row in rows:
            if row["code"] in units:
                total = TABLES[key].answer(Question(units[row["code"]], period, period.last, scope)).total
                assert {column: row[column] for column in TOLD[key]} == {column: total[column] for column in TOLD[key]}


@world.examples(3)
@given(happenings, periods, scopes, st.integers(0, 40))
def test_a_target_judges_each_unit_by_what_it_says_of_itself(happened, period, scope, choice):
    """Every branch and base organisation at or below is judged once, in one of the outcomes, by its own figures."""
    with world.forgotten():
        made = World(happened)
        root, codes = made.unit(choice), {unit.pk: unit for unit in made.units}
        evaluation = Evaluation(open_book(root.pk, period, scope=scope), scope, period, period.last)
        for where, kind in ((Target.Where.BRANCH, Target.Kind.MINIMUM_EACH), (Target.Where.BASE, Target.Kind.RATE)):
            asked = Target(line="admission", kind=kind, value=1, where=where)
            result = evaluation.of(asked)
            assert len({one.unit for one in result.applies}) == len(result.applies)
            for one in result.applies:
                total = TABLES["admission-rate"].answer(Question(codes[one.unit], period, period.last, scope)).total
                assert (one.done, one.missing) == (total["admitted"], total["not_reported"])
                if kind == Target.Kind.RATE:
                    assert one.base == total["base"]
                    base = None if total["base_missing"] else total["base"]
                    met = progress.meets(asked, one.done, base)
                    assert (one.outcome == REACHED) is bool(met)
            outcomes = (REACHED, MISSED, SILENT)
            assert sum(result.count(outcome) for outcome in outcomes) == len(result.asked) <= len(result.applies)


@moderate
@given(happenings, st.integers(0, 40))
def test_who_may_see_a_figure_may_see_it_whole(happened, choice):
    """Seeing the figures of a unit is asked of the unit, never of the people in it: above, own, below, not beside."""
    with world.forgotten():
        made = World(happened)
        unit = made.unit(choice)
        for reader, may_name in _readers(made.units):
            sees = rights.may(reader, rights.SEE_FIGURES, unit.pk, on=TODAY)
            (post,) = reader.posts_on(TODAY)
            above = set(Organisation.objects.above(post.organisation_id, on=TODAY).values_list("pk", flat=True))
            assert sees is (unit.pk in may_name or unit.pk in above)
            names = rights.may(reader, rights.SEE_PEOPLE, unit.pk, on=TODAY)
            assert names is (unit.pk in may_name)


@moderate
@given(happenings, periods, scopes, st.integers(0, 40))
def test_both_scopes_are_told_as_their_tables_have_them(happened, period, scope, choice):
    """Asked in either scope; where nothing turned they are not counted twice, and must be the same."""
    with world.forgotten():
        made = World(happened)
        for unit in {made.unit(0), made.unit(choice)}:
            (both,) = TABLES["admission-rate"].answer(Question(unit, period, period.last, scope)).scopes
            totals = [
                TABLES["admission-rate"].answer(Question(unit, period, period.last, one)).total
                for one in (OPENING, CURRENT)
            ]
            pairs = [(total["admitted"], total["base"]) for total in totals]
            if both.opening is None or both.current is None:
                assert pairs[0] == pairs[1]
            else:
                assert [(rate.admitted, rate.base) for rate in (both.opening, both.current)] == pairs
            assert both.differ == (pairs[0] != pairs[1])
            if (period.start.month, period.start.day) == (1, 1):  # the pace is always that of the whole year
                (beside,) = TABLES["pace"].answer(Question(unit, period, period.last, scope)).scopes
                assert beside.text() == both.text()
            assert both.sentence().endswith(".")
            assert "  " not in both.sentence(), "a unit without a name"
            assert "()" not in both.sentence()
