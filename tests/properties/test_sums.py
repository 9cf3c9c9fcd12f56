"""Random histories of people in units that come, go and change: nobody lost, nobody counted twice, on any day.

Told from the register alone, so that plain counting of its rows says what every figure has to be.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.models import Organisation, Place
from membership.models import Spell, StageEvent
from reports.figures import FIGURES, REST, Scope
from reports.figures.cohort import OUTCOMES
from reports.figures.counted import COUNTED
from reports.figures.ledger import FLOWS
from reports.figures.standing import CURRENT, OPENING
from reports.period import Period
from reports.tables import TABLES, Question
from tests.properties import world
from tests.properties.world import PEOPLE, STRUCTURE, World, events

pytestmark = pytest.mark.django_db

ONE_DAY = dt.timedelta(days=1)
happenings = events(*STRUCTURE, *PEOPLE, *PEOPLE, *PEOPLE, most=30)
scopes = st.sampled_from([OPENING, CURRENT])


@st.composite
def spans(draw):
    first, last = sorted((draw(world.days), draw(world.days)))
    return Period(first, last + ONE_DAY)


@st.composite
def spans_within_a_year(draw):
    year = draw(st.sampled_from([2022, 2023, 2024]))
    begin, end = dt.date(year, 1, 1), min(dt.date(year, 12, 31), world.TODAY)
    first, last = sorted((draw(st.dates(begin, end)), draw(st.dates(begin, end))))
    return Period(first, last + ONE_DAY)


def _under(parents, root):
    """`root` and all that stands below it."""
    found, waiting = set(), [root]
    while waiting:
        found.add(waiting[-1])
        above = waiting.pop()
        waiting += [unit for unit, parent in parents.items() if parent == above]
    return found


def _stood(day):
    """Where each unit stands on the day, straight from the rows."""
    return {place.organisation_id: place.parent_id for place in Place.objects.all() if place.holds_on(day)}


def _where_they_count(year, last):
    """Unit → its parent in the opening scope: as on 1/1; founded in the year: as at birth."""
    new_year = dt.date(year, 1, 1)
    parents = _stood(new_year)
    for place in Place.objects.order_by("-from_day"):
        born = place.opened_as == Place.Opened.FOUNDED and new_year < place.from_day <= last
        if born and not Place.objects.filter(organisation=place.organisation_id, from_day__lt=place.from_day).exists():
            parents[place.organisation_id] = place.parent_id
    return parents


#: figure → how its rows of the register are found: the model, the field that says it, the day, is that the day after
ROWS = {
    "admitted": (Spell, {"started_by": "admitted"}, "from_day", False),
    "readmitted": (Spell, {"started_by": "readmitted"}, "from_day", False),
    "recognised": (Spell, {"started_by": "recognised"}, "from_day", True),
    "transferred_in": (Spell, {"started_by": "transferred_in"}, "from_day", True),
    **{key: (Spell, {"ended_by": key}, "to_day", True) for key in ("transferred_out", "deceased")},
    **{key: (Spell, {"ended_by": key}, "to_day", True) for key in ("struck_off", "resigned", "expelled")},
    "fostered": (StageEvent, {"stage": "sympathiser"}, "day", False),
}


def _happened(key, period, units):
    """How often it happened in the units while they stood in the tree."""
    model, which, field, after = ROWS[key]
    count = 0
    for row in model.objects.filter(**which, organisation__in=units):
        day = getattr(row, field) - ONE_DAY * after
        if key == "recognised":
            day = row.from_day - ONE_DAY
        inside = any(place.holds_on(day) for place in Place.objects.filter(organisation=row.organisation_id))
        count += inside and period.start <= day < period.stop
    return count


def test_every_counted_figure_of_the_register_is_told_here():
    assert set(ROWS) == set(COUNTED) - {"joined", "left"}


@world.examples(8)
@given(happenings, spans_within_a_year(), st.integers(0, 40), st.sampled_from(sorted(ROWS)))
def test_a_figure_counts_what_happened_at_the_unit_and_below_it(happened, period, choice, key):
    with world.forgotten():
        made = World(happened)
        parents = _where_they_count(period.year, period.last)
        for unit in {made.unit(0), made.unit(choice)}:
            number = FIGURES[key].number(Scope(unit, period.last), period).number
            under = _under(parents, unit.pk) if unit.pk in parents else set()
            assert (number or 0) == _happened(key, period, under), unit.code


@world.examples(2)
@given(happenings, spans(), scopes)
def test_the_ledger_closes_at_every_level_and_is_the_register(happened, period, scope):
    """Each unit's closing is who its register has then; its opening and flows lead there; the parts make the whole."""
    with world.forgotten():
        made = World(happened)
        for unit in made.units:
            answer = TABLES["ledger"].answer(Question(unit, period, period.last, scope))
            total = answer.total
            if total["opening"] is None:
                assert not Place.objects.filter(organisation=unit).during(period.start, period.stop + ONE_DAY).exists()
                continue
            for cell in ("opening", *FLOWS, "closing"):
                assert sum(row[cell] for row in answer.rows) == total[cell], (unit.code, cell)
            told = FIGURES["ledger-closing"].items(Scope(unit, period.last, scope), period)
            assert (told.declared, told.events.count()) == ({}, total["closing"]), unit.code
        everybody = Spell.objects.at_start_of(period.stop).filter(organisation__in=_stood(period.stop))
        top = TABLES["ledger"].answer(Question(made.units[0], period, period.last, scope)).total
        assert top["closing"] == everybody.count() == everybody.values("person").distinct().count()


@world.examples(6)
@given(happenings, world.days, scopes, st.integers(0, 40))
def test_a_cohort_adds_up_whatever_it_is_cut_by(happened, on, scope, choice):
    """By year, unit, introducer: the rows make the whole, outcomes make the admitted, and each number is its list."""
    with world.forgotten():
        made = World(happened)
        unit, span = made.unit(choice), Period(dt.date(2022, 1, 1), on + ONE_DAY)
        for cut in ("", "unit", "source", "stratum"):
            answer = TABLES["cohort"].answer(Question(unit, span, on, scope, cut))
            for row in [*answer.rows, answer.total]:
                if row["admitted"] is not None:
                    assert row["admitted"] == sum(row[outcome] for outcome in OUTCOMES), cut
            if cut != "stratum" and answer.total["admitted"] is not None:
                for column in ("admitted", *OUTCOMES):
                    assert sum(row[column] or 0 for row in answer.rows) == answer.total[column], (cut, column)
            for row in answer.rows:
                if "row" in row:
                    at = Scope(unit, on, scope, cut, str(row["row"]))
                    for column in ("admitted", "recognised"):
                        figure = FIGURES[f"cohort-{column}"]
                        listed = figure.rest(at, span) if row["row"] == REST else figure.items(at, span)
                        assert listed.number == row[column], (cut, row["row"], column)


@world.examples(7)
@given(happenings, world.days)
def test_on_any_day_each_unit_has_one_place_and_each_member_one_unit(happened, day):
    with world.forgotten():
        units = World(happened).units
        stands = [place.organisation_id for place in Place.objects.all() if place.holds_on(day)]
        assert len(stands) == len(set(stands))
        below = set(Organisation.objects.below(units[0].pk, on=day).values_list("pk", flat=True))
        assert set(stands) == below
        people = list(Spell.objects.on(day).values_list("person", flat=True))
        assert len(people) == len(set(people))
