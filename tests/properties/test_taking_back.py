"""Random histories, and operations taken back: what was just done leaves no trace, and nothing else ever breaks."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from cells.models import Operation, Place
from cells.organisations.reorganise.undo import undo
from cells.verdict import Refused
from tests import snapshots
from tests.properties import world
from tests.properties.test_structure import _members, _parents, _way_up
from tests.properties.world import DAYS, PEOPLE, STRUCTURE, World, events

pytestmark = pytest.mark.django_db

moderate = world.examples(7)
FOUNDED = ("found", "join")
BACK = [work for work in STRUCTURE if work not in FOUNDED]


@moderate
@given(events(*STRUCTURE, *PEOPLE), events(*BACK, least=1, most=6))
def test_what_was_just_done_is_taken_back_whole(before, after):
    with world.forgotten():
        made = World(before)
        for event in after:
            held, known = snapshots.structure(), set(Operation.objects.values_list("pk", flat=True))
            with transaction.atomic():
                made.happen(event)
                new = Operation.objects.exclude(pk__in=known).exclude(work__in=FOUNDED).first()
                if new is None:
                    continue
                undo(new)
                founded = set(Operation.objects.exclude(pk__in=known).values_list("organisation__code", flat=True))
                now = snapshots.structure()
                transaction.set_rollback(True)
            made.units = [unit for unit in made.units if unit.code not in founded]
            assert {name: _without(rows, founded) for name, rows in now.items()} == held


def _without(rows, codes):
    """A unit that a split founded stays founded: it is left out."""
    return [row for row in rows if not codes.intersection(map(str, row))]


@moderate
@given(events(*STRUCTURE, *PEOPLE, most=26), st.integers(0, 40))
def test_taking_back_anything_leaves_a_whole_tree_and_everybody_in_it(happened, choice):
    with world.forgotten():
        made = World(happened)
        members, held = _members(), snapshots.structure()
        done = list(Operation.objects.exclude(work__in=FOUNDED))
        if not done:
            return
        try:
            with transaction.atomic():
                undo(done[choice % len(done)])
        except Refused:
            assert snapshots.structure() == held
            return
        assert _members() == members
        top = made.units[0].pk
        for day in DAYS:
            parents = _parents(day)
            assert all(len(places) == 1 for places in parents.values()), "a unit in two places"
            assert all(_way_up(unit, parents)[-1] == top for unit in parents)
        assert not Place.objects.filter(closed_as="", to_day__isnull=False).exists()
