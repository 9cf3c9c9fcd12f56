"""Random histories of all operations: one place a day, no cycle, nobody lost; and the ledger always closes."""

import datetime as dt
from collections import defaultdict

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from cells.dated import OPEN_START
from cells.models import Organisation, Place, Succession
from cells.organisations import tree
from membership.models import Candidacy, Spell
from reports.figures.ledger import INCOMING, OUTGOING
from reports.figures.standing import CURRENT, OPENING
from reports.period import Period
from reports.tables import TABLES, Question
from tests.properties import world
from tests.properties.world import DAYS, PEOPLE, STRUCTURE, World, events

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

moderate = world.examples(8)


def _parents(day):
    """unit → where it stands on the day, straight from the rows."""
    found = defaultdict(list)
    for place in Place.objects.all():
        if place.holds_on(day):
            found[place.organisation_id].append(place.parent_id)
    return found


def _way_up(unit, parents):
    way = [unit]
    while parents[way[-1]][0] is not None:
        way.append(parents[way[-1]][0])
        assert len(way) == len(set(way)), "a cycle"
        assert way[-1] in parents, "a unit under one that does not stand"
    return way


@moderate
@given(events(*STRUCTURE, "admit"))
def test_every_unit_stands_once_and_under_the_top(happened):
    with world.forgotten():
        units = World(happened).units
        top = units[0].pk
        for day in [OPEN_START, *DAYS, dt.date(2030, 1, 1)]:
            parents = _parents(day)
            assert all(len(places) == 1 for places in parents.values()), "a unit in two places"
            assert all(_way_up(unit, parents)[-1] == top for unit in parents)


@moderate
@given(events(*STRUCTURE))
def test_the_queries_of_the_tree_say_what_the_rows_say(happened):
    with world.forgotten():
        units = World(happened).units
        for day in (DAYS[2], DAYS[6], DAYS[-1]):
            parents = _parents(day)
            ways = {unit: _way_up(unit, parents) for unit in parents}
            for unit in units:
                below = {other for other, way in ways.items() if unit.pk in way} | {unit.pk}
                assert set(Organisation.objects.below(unit.pk, on=day).values_list("pk", flat=True)) == below
                under = Organisation.objects.filter(pk__in=tree.under([unit.pk], day)).values_list("pk", flat=True)
                assert set(under) == below - {unit.pk}
                above = set(ways.get(unit.pk, [])) - {unit.pk}
                assert set(Organisation.objects.above(unit.pk, on=day).values_list("pk", flat=True)) == above
                grouped = {(other, way[way.index(unit.pk) - 1]) for other, way in ways.items() if unit.pk in way[1:]}
                assert set(tree.roll_up(unit.pk, day)) == grouped


@moderate
@given(events(*STRUCTURE, *PEOPLE), events(*STRUCTURE))
def test_nobody_is_lost(before, after):
    """What happens to units makes nobody a member and nobody less; where each was on any past day stays as it was."""
    with world.forgotten():
        made = World(before)
        members = _members()
        for event in after:
            made.happen(event)
        assert _members() == members
        ended = Place.objects.filter(closed_as__in=Place.ENDED)
        for day in DAYS:
            spells = list(Spell.objects.at_start_of(day).values_list("person", flat=True))
            assert len(spells) == len(set(spells)), "somebody in two units"
        for place in ended:
            held = Spell.objects.filter(organisation=place.organisation)
            assert not held.filter(Q(to_day=None) | Q(to_day__gt=place.to_day)).exists(), "left behind"
        for successor in Succession.objects.all():
            assert Place.objects.on(successor.day).filter(organisation=successor.successor).exists()


def _members():
    """Who is a member on each day, who is one now, and who is followed."""
    days = {day: set(Spell.objects.at_start_of(day).values_list("person", flat=True)) for day in DAYS}
    now = list(Spell.objects.filter(to_day=None).order_by("person").values_list("person", "standing", "decided_on"))
    return days, now, set(Candidacy.objects.open().values_list("pk", "stage"))


@world.examples(3)
@given(events(*STRUCTURE, *PEOPLE, most=26), st.sampled_from(DAYS), st.sampled_from(DAYS), st.integers(0, 40))
def test_the_ledger_closes_with_the_register(happened, one, two, choice):
    """opening + in − out = closing, and closing is what the register counts at the turn, unit by unit and in all."""
    start, stop = sorted((one, two))
    if start == stop:
        stop = dt.date(2025, 1, 1)
    with world.forgotten():
        made = World(happened)
        for unit in {made.unit(0), made.unit(choice)}:
            for scope in (OPENING, CURRENT):
                _check_ledger(unit, Period(start, stop), scope)


def _check_ledger(unit, period, scope):
    answer = TABLES["ledger"].answer(Question(unit, period, period.last, scope))
    for row in [*answer.rows, answer.total]:
        flows = (
            sum(row[key] for key in INCOMING) - sum(row[key] for key in OUTGOING) if row["opening"] is not None else 0
        )
        assert row["closing"] == (None if row["opening"] is None else row["opening"] + flows)
    if answer.total["opening"] is None:
        assert (
            not Place.objects.filter(organisation=unit)
            .during(period.start, period.stop + dt.timedelta(days=1))
            .exists()
        )
        return
    for key in ("opening", *INCOMING, *OUTGOING, "closing"):
        assert sum(row[key] for row in answer.rows) == answer.total[key], key
    if unit.code == "TU":
        for column, turn in (("opening", period.start), ("closing", period.stop)):
            standing = Organisation.objects.below(unit.pk, on=turn)
            assert answer.total[column] == Spell.objects.at_start_of(turn).filter(organisation__in=standing).count()
    for row in answer.rows:
        if row["code"] != "khác" and not Place.objects.filter(parent=row["id"]).exists():
            stands = Organisation.objects.filter(pk=row["id"]).placed_on(period.stop)
            assert row["closing"] == Spell.objects.at_start_of(period.stop).filter(organisation__in=stands).count()
