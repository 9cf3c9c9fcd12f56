"""Whatever is said of sources and answered, in whichever order: one word is in force, one waits at most, none is lost.

What must hold afterwards is told by a model of a few lines that knows nothing of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.people.models import Role
from cells.verdict import Refused
from targets.models import Sources
from targets.sources.say import SourcesLine, accept_sources, declare_sources, refuse_sources
from tests.factories import TODAY, a_city, a_user
from tests.properties import world

pytestmark = pytest.mark.django_db

moderate = world.examples(7)
#: who speaks: the system, the level above, the unit's two
WHO = ("system", "above", "secretary", "deputy")
OUT, LEFT, ACCEPT, REFUSE = "out", "left", "accept", "refuse"
TRIES = st.lists(
    st.tuples(
        st.sampled_from((OUT, OUT, LEFT, ACCEPT, REFUSE)),
        st.sampled_from(WHO),
        st.integers(0, 1),  # which unit
        st.sampled_from((2023, 2024)),
        st.sampled_from(("ít người", "hết người trẻ")),
    ),
    min_size=4,
    max_size=20,
)


@dataclass
class Told:
    """A unit and year as people would remember it: what holds, what waits (and by whom), how many words were said."""

    holds: tuple[bool, str] | None = None
    waits: tuple[str, str] | None = None
    words: int = 0

    def say(self, who: str, has_sources: bool, reason: str) -> bool:
        """False where it must be refused."""
        new, from_above = (has_sources, reason), who in ("system", "above")
        if self.holds == new and (from_above or self.waits is None):
            return True
        if not from_above and not has_sources and self.waits:
            return False
        self.words += 1
        if has_sources or from_above:
            self.holds, self.waits = new, None
        else:
            self.waits = (who, reason)
        return True

    def answer(self, who: str, accepted: bool) -> bool:
        if self.waits is None or who != "above":
            return False
        if accepted:
            self.holds = (False, self.waits[1])
        self.waits = None
        return True


@moderate
@given(TRIES)
def test_one_word_holds_one_waits_at_most_and_none_is_lost(tries):
    with world.forgotten():
        city = a_city(committees=1, branches=2, base_branches=0)
        people = {
            "system": None,
            "above": a_user(Role.COMMITTEE, city.committee),
            "secretary": a_user(Role.BRANCH, city.branch),
            "deputy": a_user(Role.BRANCH, city.branch),
        }
        people |= {f"{who}-1": a_user(Role.BRANCH, city.sibling) for who in ("secretary", "deputy")}
        told: dict[tuple[int, int], Told] = {}
        for what, who, place, year, reason in tries:
            unit = city.branches[place]
            actor = people.get(f"{who}-{place}", people[who])
            one = told.setdefault((unit.pk, year), Told())
            done = _try(what, actor, unit, year, reason)
            if what in (OUT, LEFT):
                wanted = one.say(who, what == LEFT, "" if what == LEFT else reason)
            else:
                wanted = who != "system" and one.answer(who, what == ACCEPT)
            assert done is wanted
            _agree(told)


def _try(what, actor, unit, year, reason) -> bool:
    """Whether it could be done."""
    try:
        if what in (OUT, LEFT):
            line = SourcesLine(unit, year, what == LEFT, "" if what == LEFT else reason)
            declare_sources([line], actor=actor, today=TODAY)
            return True
        waiting = Sources.objects.waiting().filter(organisation=unit, year=year).first()
        if waiting is None or actor is None:
            return False
        if what == ACCEPT:
            accept_sources([waiting.pk], actor=actor, today=TODAY)
        else:
            refuse_sources([waiting.pk], actor=actor, answer="còn người", today=TODAY)
        return True
    except Refused:
        return False


def _agree(told: dict[tuple[int, int], Told]) -> None:
    rows = list(Sources.objects.order_by("pk"))
    for (unit, year), one in told.items():
        own = [row for row in rows if (row.organisation_id, row.year) == (unit, year)]
        assert [(row.has_sources, row.reason) for row in own if row.in_force] == ([one.holds] if one.holds else [])
        assert [row.reason for row in own if row.state == "waiting"] == ([one.waits[1]] if one.waits else [])
        assert len(own) == one.words
    assert len(rows) == sum(one.words for one in told.values())
    exempt = {(row.organisation_id, row.year) for row in Sources.objects.exhausted(2024)}
    assert exempt == {key for key, one in told.items() if key[1] == 2024 and one.holds and not one.holds[0]}
