"""Whatever happens to people, the rows of their clocks are what the pure functions say of the days that are known."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cells.organisations import reorganise
from cells.rules import deeds as rule_deeds
from cells.rules.models import ExitReason
from cells.verdict import Refused
from membership import admission, correct, procedure, register
from membership.admission import Move
from membership.deadlines import rows
from membership.deadlines.extend import Extending, RulesOf, extend, move_to_rules_of
from membership.deadlines.milestones import Noted, note
from membership.deadlines.models import EXTENDABLE, Milestone
from membership.models import ENDS, Candidacy, Deadline, Spell, Stage
from membership.recognition.decide import Decision, decide
from membership.recognition.way import Turn, way_of
from membership.register import Change
from membership.votes.correct import take_back
from membership.votes.models import Subject
from tests import factories
from tests.properties.world import TIMES

pytestmark = pytest.mark.django_db

START, TODAY = dt.date(2023, 1, 2), factories.TODAY
BY_TURN = {Turn.COMMITTEE: Subject.COMMITTEE_RECOGNITION}
KINDS = (
    "nominate", "take over", "step", "drop", "resume", "correct", "revoke", "note", "recognise", "transfer",
    "depart", "extend", "vote", "other rules", "new rule", "merge", "split",
)  # fmt: skip
OFTEN = (*KINDS, *("step",) * 8, *("note",) * 3, *("vote",) * 2)
#: what happens: which deed, to which of the people, how many days after the last thing
happenings = st.lists(
    st.tuples(st.sampled_from(OFTEN), st.integers(0, 30), st.integers(0, 45)), min_size=8, max_size=30
)


class Lives:
    """A small city in which things happen, one after the other, by the product's own deeds."""

    def __init__(self) -> None:
        self.city = factories.a_city(committees=1, branches=3)
        self.actor = factories.a_user("board", self.city.top)
        self.day = START
        self.gone: set[str] = set()

    def happen(self, kind: str, which: int, later: int) -> None:
        self.day = min(self.day + dt.timedelta(days=later), TODAY)
        try:
            with transaction.atomic():
                getattr(self, f"_{kind.replace(' ', '_')}")(which)
        except Refused:
            pass  # not there, or not yet: nothing was written

    def _unit(self, which):
        units = [unit for unit in (*self.city.branches, *self.city.base_branches) if unit.code not in self.gone]
        return units[which % len(units)]

    def _case(self, which, *, at_end=False):
        found = Candidacy.objects.filter(stage__in=ENDS) if at_end else Candidacy.objects.open()
        found = list(found.order_by("pk"))
        return found[which % len(found)] if found else None

    def _spell(self, which):
        found = list(Spell.objects.filter(to_day=None).order_by("pk"))
        return found[which % len(found)] if found else None

    def _someone(self, which):
        return (self._case(which) if which % 2 else self._spell(which)) or self._case(which)

    def _nominate(self, which):
        nomination = admission.Nomination(factories.an_identity(), self._unit(which), self.day)
        admission.nominate([nomination], actor=None, today=TODAY)

    def _take_over(self, which):
        stage = (*procedure.STEPS, procedure.STEPS[-1])[which % 7].to
        nomination = admission.Nomination(
            factories.an_identity(),
            self._unit(which),
            self.day - dt.timedelta(days=200),
            stage=stage,
            stage_day=self.day,
            decision_number="1",
            certificate_on=self.day - dt.timedelta(days=which * 100) if which % 3 else None,
        )
        admission.nominate([nomination], actor=None, today=TODAY)

    def _step(self, which):
        case = self._case(which)
        if case is None:
            return
        following = procedure.next_step(
            case.stage, under_committee=procedure.under_committee(case.organisation, self.day)
        )
        more = {"received_on": case.stage_day} if following.to == Stage.ADMITTED and which % 2 else {}
        factories.a_step(case, following.to, max(self.day, case.stage_day), **more)

    def _vote(self, which):
        """On the end of a probation; some in vain, some to remove, some taken back."""
        if spell := self._spell(which):
            way = way_of(spell, self.day)
            subject = BY_TURN.get(way.turn, Subject.BRANCH_REMOVAL if which % 7 == 0 else Subject.BRANCH_RECOGNITION)
            vote = factories.a_vote_on(spell, self.day, yes=9 if which % 3 else 2, subject=subject)
            if which % 5 == 0:
                take_back(vote, reason="x", actor=self.actor, today=TODAY)

    def _drop(self, which):
        if case := self._case(which):
            reason = ExitReason.objects.get(code="other")
            admission.drop([Move(case.pk, "", self.day, exit_reason=reason)], actor=None, today=TODAY)

    def _resume(self, which):
        if case := self._case(which, at_end=True):
            admission.resume([Move(case.pk, "", self.day)], actor=None, today=TODAY)

    def _correct(self, which):
        case = self._case(which) or self._case(which, at_end=True)
        events = list(case.events.valid()) if case else []
        if events:
            event = events[which % len(events)]
            day = event.day + dt.timedelta(days=which - 15)
            correct.correct_step(event, day=day, number="2", reason="x", actor=self.actor, today=TODAY)

    def _revoke(self, which):
        if spell := self._spell(which):
            correct.revoke(spell, number="3", reason="x", actor=self.actor, today=TODAY)

    def _note(self, which):
        if row := self._someone(which):
            what = Milestone.What.values[which % len(Milestone.What.values)]
            note([Noted(row, what, self.day, number="4", reason="x")], actor=None, today=TODAY)

    def _recognise(self, which):
        if spell := self._spell(which):
            if which % 2:
                decide([Decision(spell.pk, self.day, "5", without_votes="x")], actor=None, today=TODAY)
            else:
                register.recognise([Change(spell.pk, self.day)], actor=None, today=TODAY)

    def _transfer(self, which):
        if spell := self._spell(which):
            there = None if which % 5 == 0 else self._unit(which + 1)
            change = Change(spell.pk, self.day, destination=there, elsewhere="" if there else "nơi khác")
            register.transfer([change], actor=None, today=TODAY)

    def _depart(self, which):
        if spell := self._spell(which):
            register.depart([Change(spell.pk, self.day, cause="struck_off")], actor=None, today=TODAY)

    def _extend(self, which):
        running = list(Deadline.objects.filter(ended_on=None, kind__in=EXTENDABLE).order_by("pk"))
        if running:
            clock = running[which % len(running)]
            item = Extending(clock.subject, clock.kind, 1 + which, max(clock.start, min(self.day, clock.due)), "6", "x")
            extend([item], actor=None, today=TODAY)

    def _other_rules(self, which):
        if row := self._someone(which):
            move_to_rules_of([RulesOf(row, self.day, "x")], actor=None, today=self.day)

    def _new_rule(self, which):
        key = ("decision_days", "ceremony_days", "probation_months", "recognition_review_days")[which % 4]
        rule_deeds.new_version(
            key=key, value=str(6 + which), from_day=self.day, document="thử", text="thử", confidence="M", actor=None
        )

    def _merge(self, which):
        unit, other = self._unit(which), self._unit(which + 1)
        if len(self.gone) < 2 and unit != other:
            reorganise.merge([reorganise.Merging(unit.code, self.day, other.code)], actor=None, today=TODAY)
            self.gone.add(unit.code)

    def _split(self, which):
        unit, other = self._unit(which), self._unit(which + 1)
        held = Spell.objects.filter(organisation=unit, to_day=None).values_list("person", flat=True)
        people = {person: other.code for person in held if person % 2}
        item = reorganise.Splitting(unit.code, self.day, [unit.code, other.code], people=people)
        if unit != other:
            reorganise.split([item], actor=None, today=TODAY)


def _told():
    names = ("candidacy", "spell", "organisation", "kind", "start", "due", "rule", "extended", "ended_on", "outcome")
    return sorted(Deadline.objects.values_list(*names), key=str)


@settings(
    max_examples=7 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happenings)
def test_rows_are_the_pure_function_after_every_deed(story):
    savepoint = transaction.savepoint()
    lives = Lives()
    for turn in range(3):
        lives.happen("nominate", turn, 0)
    for kind, which, later in story:
        lives.happen(kind, which, later)
        before = _told()
        assert rows.recompute() == 0, (kind, which, later)
        assert _told() == before
    Deadline.objects.all().delete()
    rows.recompute()
    assert _told() == before
    transaction.savepoint_rollback(savepoint)
