"""Random ways into the Party: legal ones never reach an impossible state, illegal moves are refused with a reason."""

import datetime as dt
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cells.rules.models import ExitReason
from cells.verdict import Refused
from membership import admission, legal_steps, procedure
from membership.admission import Move
from membership.models import ENDS, STAGES, Candidacy, Spell, Stage, StageEvent, Vote
from membership.votes.correct import take_back
from tests import factories
from tests.properties.world import TIMES

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
START = dt.date(2023, 1, 2)
WAY = (*STAGES, Stage.ADMITTED)
#: what is done next, after how many days
LEGAL = ("next", "next", "next", "next", "vote in vain", "drop", "resume", "take back")
legal_paths = st.lists(st.tuples(st.sampled_from(LEGAL), st.integers(0, 60)), min_size=4, max_size=16)
illegal_moves = st.lists(
    st.tuples(st.sampled_from(list(Stage)), st.integers(-900, 900), st.booleans()), min_size=3, max_size=12
)


class Path:
    """One case and what is done to it, by the product's own deeds."""

    def __init__(self, *, base_branch: bool) -> None:
        city = factories.a_city(committees=1, branches=1)
        self.actor = factories.a_user("board", city.top)
        self.case = factories.a_case(city.base_branch if base_branch else city.branch, listed_on=START)
        self.under_committee = not base_branch
        self.day = START

    def go(self, what: str, later: int) -> None:
        self.day = min(self.day + dt.timedelta(days=later), TODAY)
        self.case.refresh_from_db()
        getattr(self, f"_{what.replace(' ', '_')}")()

    def tried(self, what: str, later: int) -> list[str]:
        """Why it was refused; nothing where it was done."""
        try:
            with transaction.atomic():
                self.go(what, later)
        except Refused as refused:
            return [problem.message for problem in refused.problems]
        return []

    def _following(self) -> procedure.Step | None:
        if not self.case.is_open:
            return None
        return procedure.next_step(self.case.stage, under_committee=self.under_committee)

    def _next(self) -> None:
        if step := self._following():
            factories.a_step(self.case, step.to, self.day)

    def _vote_in_vain(self) -> None:
        step = self._following()
        if step and step.vote:
            factories.the_papers(self.case, step.to, self.day)
            factories.a_vote(self.case, self.day, subject=step.vote, yes=2, no=7)

    def _drop(self) -> None:
        if self.case.is_open and self.case.stage != Stage.DECIDED:
            reason = ExitReason.objects.get(code="other")
            admission.drop([Move(self.case.pk, "", self.day, exit_reason=reason)], actor=None, today=TODAY)

    def _resume(self) -> None:
        if self.case.stage == Stage.DROPPED:
            admission.resume([Move(self.case.pk, "", self.day)], actor=None, today=TODAY)

    def _take_back(self) -> None:
        if vote := Vote.objects.valid().filter(candidacy=self.case).last():
            take_back(vote, reason="ghi nhầm", actor=self.actor, today=TODAY)


def assert_possible(case: Candidacy) -> None:
    """What holds of every case at every moment."""
    case.refresh_from_db()
    events = list(StageEvent.objects.valid().filter(candidacy=case).order_by("day", "pk"))
    assert [event.day for event in events] == sorted(event.day for event in events)
    assert events[-1].stage == case.stage
    assert events[-1].day == case.stage_day <= TODAY
    for before, event in itertools.pairwise(events):
        assert event.from_stage == before.stage
    members = list(Spell.objects.filter(candidacy=case))
    assert bool(members) == (case.stage in (Stage.DECIDED, Stage.ADMITTED))
    assert bool(members and members[0].ceremony_on) == (case.stage == Stage.ADMITTED)
    for vote in Vote.objects.valid().filter(candidacy=case):
        assert (3 * vote.yes >= 2 * vote.base) == vote.passed == (vote.step_id is not None)
    found = factories.the_steps(case)
    states = [one.state for one in found]
    if case.stage != Stage.ADMITTED:
        ahead = states.index(legal_steps.State.AHEAD)
        assert set(states[ahead:]) == {legal_steps.State.AHEAD}


def rows() -> list[tuple]:
    models = (Candidacy, StageEvent, Spell, Vote)
    return [tuple(model.objects.order_by("pk").values_list()) for model in models]


@settings(
    max_examples=4 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(legal_paths, st.booleans())
def test_a_legal_path_never_reaches_an_impossible_state(story, base_branch):
    savepoint = transaction.savepoint()
    path = Path(base_branch=base_branch)
    for what, later in story:
        reasons = path.tried(what, later)
        # a second vote on one day, and taking back what later things stand on
        assert not reasons or what in ("next", "vote in vain", "take back"), reasons
        assert all(reasons)
        assert_possible(path.case)
    transaction.savepoint_rollback(savepoint)


@settings(
    max_examples=4 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(WAY), illegal_moves, st.booleans())
def test_an_illegal_move_is_refused_with_a_reason_and_changes_nothing(stage, moves, base_branch):
    if base_branch and stage == Stage.EXAMINED:
        stage = Stage.BRANCH_RESOLVED
    savepoint = transaction.savepoint()
    city = factories.a_city(committees=1, branches=1)
    branch = city.base_branch if base_branch else city.branch
    case = factories.a_case(branch, stage=stage, papers=False)
    following = procedure.next_step(stage, under_committee=not base_branch) if stage not in ENDS else None
    before = rows()
    for to, days, numbered in moves:
        day = case.stage_day + dt.timedelta(days=days)
        legal_day = case.stage_day <= day <= TODAY
        if following and to == following.to and legal_day and not following.vote:
            continue  # that one may be legal
        move = Move(case.pk, to, day, number="1" if numbered else "")
        with pytest.raises(Refused) as refused, transaction.atomic():
            admission.advance([move], actor=None, today=TODAY)
        assert refused.value.problems
        assert all(len(problem.message) > 10 for problem in refused.value.problems)
        assert rows() == before
    transaction.savepoint_rollback(savepoint)
