"""Cases whose member moves, leaves or is carried on: nothing is cut off from its papers, and nothing stays for ever."""

import datetime as dt

import pytest

from cells.organisations import reorganise
from cells.rules.models import ExitReason
from cells.verdict import Refused
from membership import admission, register
from membership.admission import Move
from membership.around import helpers
from membership.deadlines.extend import Extending, extend
from membership.deadlines.models import Kind
from membership.models import Candidacy, Deadline, Introducer, Spell, Stage
from membership.papers.checklist import checklist
from membership.register import Change
from membership.votes.correct import take_back
from tests.factories import TODAY, a_case, a_full_member, a_step, a_user, a_vote_on, the_people_around

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture
def probation(city):
    """A case whose member is on probation since 28/06/2023."""
    return a_case(city.branch, stage=Stage.ADMITTED, listed_on=D(2022, 12, 1), step_days=30)


def member_of(case) -> Spell:
    return Spell.objects.get(candidacy=case, to_day=None)


def unit_of(case):
    return Candidacy.objects.get(pk=case.pk).organisation


def test_the_case_of_a_probation_goes_with_its_member(city, probation):
    register.transfer(
        [Change(member_of(probation).pk, D(2024, 3, 1), destination=city.sibling)], actor=None, today=TODAY
    )
    assert unit_of(probation) == city.sibling
    assert a_vote_on(member_of(probation), D(2024, 10, 1)).passed


def test_and_with_a_unit_that_is_merged_and_back_again(city, probation):
    merging = reorganise.Merging(city.branch.code, D(2024, 3, 1), city.sibling.code)
    reorganise.merge([merging], actor=None, today=TODAY)
    assert unit_of(probation) == city.sibling
    assert a_vote_on(member_of(probation), D(2024, 10, 1)).passed


def test_the_case_of_a_recognised_member_stays_where_it_was_decided(city, probation):
    (full,) = register.recognise([Change(member_of(probation).pk, D(2024, 7, 1))], actor=None, today=TODAY)
    register.transfer([Change(full.pk, D(2024, 8, 1), destination=city.sibling)], actor=None, today=TODAY)
    assert unit_of(probation) == city.branch


def test_who_came_with_a_merged_unit_was_together_before(city):
    """The twelve months of an introducer do not begin anew because two branches became one."""
    introducer = a_full_member(city.branch)
    case = a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2023, 6, 1))
    Introducer.objects.filter(candidacy=case).update(void=True)
    merging = reorganise.Merging(city.branch.code, D(2024, 6, 1), city.sibling.code)
    reorganise.merge([merging], actor=None, today=TODAY)
    case.refresh_from_db()
    for person in (introducer.person, a_full_member(city.sibling).person):
        Introducer.objects.create(candidacy=case, person=person, from_day=D(2024, 6, 2), together_since=None)
    told = {line.rule.code: line for line in checklist(case, TODAY)}["introducers"].reason
    assert introducer.person.name not in told


def test_an_introducer_who_moves_after_the_vote_stops_nothing(city):
    case = a_case(city.branch, stage=Stage.BRANCH_RESOLVED)
    Introducer.objects.filter(candidacy=case).update(to_day=D(2024, 9, 1))
    assert a_step(case, Stage.EXAMINED, D(2024, 10, 1)).stage == Stage.EXAMINED


def test_a_case_whose_member_is_gone_before_the_ceremony_can_be_dropped(city):
    case = a_case(city.branch, stage=Stage.DECIDED)
    reason = ExitReason.objects.get(code="other")
    with pytest.raises(Refused, match="chưa có quyết định"):
        admission.drop([Move(case.pk, "", TODAY, exit_reason=reason)], actor=None, today=TODAY)
    register.depart([Change(member_of(case).pk, D(2024, 9, 10), cause="deceased")], actor=None, today=TODAY)
    (dropped,) = admission.drop([Move(case.pk, "", TODAY, exit_reason=reason)], actor=None, today=TODAY)
    assert dropped.stage == Stage.DROPPED


def test_more_time_given_to_a_resolution_that_was_taken_back_is_gone_with_it(city):
    case = a_case(city.branch, stage=Stage.BRANCH_RESOLVED, listed_on=D(2024, 3, 1), step_days=30)
    item = Extending(case, Kind.DECISION, 30, D(2024, 7, 10), "5-CV", "thẩm tra xa")
    extend([item], actor=None, today=TODAY)
    take_back(case.votes.valid().get(), reason="ghi nhầm", actor=a_user("board", city.top), today=TODAY)
    case.refresh_from_db()
    a_step(case, Stage.BRANCH_RESOLVED, D(2024, 10, 1))
    assert Deadline.objects.get(candidacy=case, kind=Kind.DECISION).extended == 0


def test_who_helps_somebody_on_probation_is_counted(city, probation):
    member = a_full_member(city.branch)
    the_people_around(probation)["helper"].delete()
    assignment = helpers.Assignment(probation, D(2024, 1, 10), person=member.person)
    helpers.assign_helper(assignment, actor=None, today=TODAY)
    assert helpers.load_of([member.person_id], TODAY) == {member.person_id: 1}
    register.recognise([Change(member_of(probation).pk, D(2024, 7, 1))], actor=None, today=TODAY)
    assert helpers.load_of([member.person_id], TODAY) == {}
