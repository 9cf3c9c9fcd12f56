"""Votes put right or taken back: what follows from another result, what stands against it, and what the log keeps."""

import datetime as dt
from dataclasses import replace

import pytest

from cells.log.models import Entry
from cells.verdict import Refused, Stale
from membership import admission
from membership.admission import Move
from membership.correct import acted_since
from membership.models import Stage
from membership.recognition.decide import Decision, decide
from membership.recognition.way import Turn, way_of
from membership.votes.base import Meeting
from membership.votes.correct import acted_on_member, correct_vote, may_correct, take_back
from membership.votes.hold import Ballot, hold_meeting
from membership.votes.models import Subject
from tests.factories import TODAY, a_case, a_member, a_user, a_vote

pytestmark = pytest.mark.django_db

D = dt.date
MET = D(2024, 9, 3)


@pytest.fixture
def clerk(city):
    return a_user("board", city.top)


@pytest.fixture
def case(city):
    return a_case(city.branch, stage=Stage.DOSSIER)  # since 04/04/2024


def refusal(deed) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        deed()
    (problem,) = caught.value.problems
    return problem.field, problem.message


def mend(vote, clerk, *, yes, no=0, blank=0, day=None, number="21-NQ", reason="ghi nhầm", seen=None, **more):
    committee = vote.subject in (Subject.COMMITTEE_ADMISSION, Subject.COMMITTEE_RECOGNITION)
    meeting = Meeting(
        vote.organisation, day or vote.day, present=yes + no + blank, committee=committee, base=9,
        base_reason="chưa lập sổ đảng viên", number=number,
    )  # fmt: skip
    ballot = Ballot(vote.subject, yes, no, blank, vote.candidacy_id, vote.spell_id, seen=seen)
    meeting = replace(meeting, **more)
    return correct_vote(vote, meeting=meeting, ballot=ballot, reason=reason, actor=clerk, today=TODAY)


def stage_of(case):
    case.refresh_from_db()
    return case.stage, case.stage_day


def test_numbers_are_replaced_and_the_log_keeps_both(case, clerk):
    vote = a_vote(case, MET, yes=7, no=2)
    mend(vote, clerk, yes=8, no=1, day=D(2024, 9, 5), number="22-NQ")
    vote.refresh_from_db()
    assert (vote.yes, vote.no, vote.number, vote.step.day, vote.step.number) == (8, 1, "22-NQ", D(2024, 9, 5), "22-NQ")
    assert stage_of(case) == (Stage.BRANCH_RESOLVED, D(2024, 9, 5))
    entry = Entry.objects.get(deed="correct", subject="vote")
    told = {value.field: (value.old, value.new) for value in entry.values.all()}
    assert told == {
        "yes": ("7", "8"), "no": ("2", "1"), "day": ("2024-09-03", "2024-09-05"), "number": ("21-NQ", "22-NQ"),
    }  # fmt: skip
    assert (entry.note, entry.actor) == ("ghi nhầm", clerk)


def test_a_vote_that_was_enough_after_all_takes_the_step(case, clerk):
    vote = a_vote(case, MET, yes=5, no=4)
    mend(vote, clerk, yes=6, no=3)
    vote.refresh_from_db()
    assert stage_of(case) == (Stage.BRANCH_RESOLVED, MET)
    assert (vote.step.stage, vote.step.day) == (Stage.BRANCH_RESOLVED, MET)


def test_a_vote_that_was_not_enough_after_all_leads_back(case, clerk):
    vote = a_vote(case, MET, yes=6, no=3)
    step = vote.step
    mend(vote, clerk, yes=5, no=4, number="")
    vote.refresh_from_db()
    step.refresh_from_db()
    assert stage_of(case) == (Stage.DOSSIER, D(2024, 4, 4))
    assert (vote.step, vote.passed, step.void) == (None, False, True)
    assert a_vote(case, D(2024, 10, 1)).attempt == 2


def test_a_result_that_something_stands_on_is_not_turned(city, clerk):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    vote = case.votes.get(subject=Subject.BRANCH_ADMISSION)
    field, message = refusal(lambda: mend(vote, clerk, yes=5, no=4))
    assert field == "yes"
    assert "đã qua bước sau" in message
    mend(vote, clerk, yes=8, no=1)
    committee = case.votes.get(subject=Subject.COMMITTEE_ADMISSION)
    mend(committee, clerk, yes=5, no=4)
    case.refresh_from_db()
    assert case.stage == Stage.BRANCH_RESOLVED
    mend(vote, clerk, yes=5, no=4)
    case.refresh_from_db()
    assert case.stage == Stage.DOSSIER


def test_a_failed_vote_before_another_stays_failed(case, clerk):
    first = a_vote(case, MET, yes=5, no=4)
    a_vote(case, D(2024, 10, 1), yes=5, no=4)
    assert refusal(lambda: mend(first, clerk, yes=9))[0] == "yes"
    mend(first, clerk, yes=4, no=5)


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"yes": 7, "no": 2, "reason": " "}, "reason", "lý do"),
        ({"yes": 7, "no": 2, "number": " "}, "number", "số nghị quyết"),
        ({"yes": 7, "no": 2, "day": D(2024, 10, 16)}, "day", "sau ngày hôm nay"),
        ({"yes": 7, "no": 2, "day": D(2024, 4, 3)}, "day", "trước"),
        ({"yes": 7, "no": 2, "present": 8}, "yes", "thừa 1 phiếu"),
        ({"yes": 7, "no": 2, "base_reason": ""}, "base_reason", "lý do"),
    ],
)
def test_a_wrong_correction_changes_nothing(case, clerk, more, field, says):
    vote = a_vote(case, MET, yes=8, no=1)
    found, message = refusal(lambda: mend(vote, clerk, **more))
    assert found == field
    assert says in message
    vote.refresh_from_db()
    assert (vote.yes, vote.day) == (8, MET)


def test_the_day_stands_between_the_votes_beside_it(case, clerk):
    votes = [a_vote(case, day, yes=5, no=4) for day in (D(2024, 5, 3), D(2024, 6, 3), D(2024, 7, 3))]
    for day in (D(2024, 5, 3), D(2024, 7, 3), D(2024, 8, 1), D(2024, 4, 20)):
        assert refusal(lambda day=day: mend(votes[1], clerk, yes=5, no=4, day=day))[0] == "day"
    mend(votes[1], clerk, yes=5, no=4, day=D(2024, 6, 20))
    assert "ở trước ngày ghi" in refusal(lambda: mend(votes[0], clerk, yes=5, no=4, day=D(2024, 4, 3)))[1]


def test_the_age_on_the_corrected_day(city, clerk):
    case = a_case(city.branch, stage=Stage.BRANCH_RESOLVED, born=D(2006, 5, 20), listed_on=D(2024, 1, 5))
    vote = case.votes.get()  # 04/05/2024
    assert refusal(lambda: mend(vote, clerk, yes=9, day=D(2024, 4, 30)))[0] == "day"


def test_a_vote_of_somebody_else_is_taken_back(case, clerk):
    votes = [a_vote(case, day, yes=5, no=4) for day in (D(2024, 5, 3), D(2024, 6, 3))]
    take_back(votes[0], reason="ghi nhầm người", actor=clerk, today=TODAY)
    votes[1].refresh_from_db()
    assert (case.votes.valid().get(), votes[1].attempt) == (votes[1], 1)
    with pytest.raises(Refused):
        take_back(votes[0], reason="lần nữa", actor=clerk, today=TODAY)
    assert Entry.objects.get(deed="take_back_vote").note == "ghi nhầm người"


def test_taking_back_a_vote_that_was_enough_leads_back(case, clerk):
    vote = a_vote(case, MET)
    assert refusal(lambda: take_back(vote, reason=" ", actor=clerk, today=TODAY))[0] == "reason"
    take_back(vote, reason="ghi nhầm người", actor=clerk, today=TODAY)
    assert stage_of(case) == (Stage.DOSSIER, D(2024, 4, 4))
    with pytest.raises(Refused):  # nothing is left of the vote to rest on
        admission.advance([Move(case.pk, Stage.BRANCH_RESOLVED, MET, number="1")], actor=clerk, today=TODAY)
    assert a_vote(case, MET).attempt == 1


def test_the_second_of_two_who_correct_is_told(case, clerk):
    vote = a_vote(case, MET, yes=5, no=4)
    case.refresh_from_db()
    seen = case.version
    mend(vote, clerk, yes=4, no=5, seen=seen)
    with pytest.raises(Stale):
        mend(vote, clerk, yes=3, no=6, seen=seen)


# --- of a probation -----------------------------------------------------------------------------
@pytest.fixture
def spell(city):
    return a_member(city.branch, decided_on=D(2023, 8, 20), ceremony_on=D(2023, 8, 25))


def vote_on(spell, day, yes, subject=Subject.BRANCH_RECOGNITION, unit=None):
    meeting = Meeting(
        unit or spell.organisation, day, present=9, committee=unit is not None, base=9, base_reason="x", number="1"
    )
    return hold_meeting(meeting, [Ballot(subject, yes, 9 - yes, spell_id=spell.pk)], actor=None, today=TODAY)[0]


def test_a_corrected_vote_turns_whose_turn_it_is(spell, clerk):
    vote = vote_on(spell, MET, 5)
    mend(vote, clerk, yes=6, no=3)
    assert way_of(spell, TODAY).turn == Turn.COMMITTEE
    mend(vote, clerk, yes=5, no=4)
    assert way_of(spell, TODAY).turn == Turn.BRANCH
    assert refusal(lambda: mend(vote, clerk, yes=5, no=4, day=D(2024, 8, 24)))[0] == "day"


def test_nor_a_result_that_a_recognition_rests_on(city, spell, clerk):
    vote = vote_on(spell, MET, 6)
    committee = vote_on(spell, D(2024, 9, 20), 6, Subject.COMMITTEE_RECOGNITION, city.committee)
    assert refusal(lambda: mend(vote, clerk, yes=5, no=4))[0] == "yes"
    decide([Decision(spell.pk, D(2024, 10, 1), "8-QĐ")], actor=clerk, today=TODAY)
    assert refusal(lambda: mend(committee, clerk, yes=5, no=4))[0] == "yes"
    assert refusal(lambda: take_back(committee, reason="x", actor=clerk, today=TODAY))[0] == "yes"
    mend(committee, clerk, yes=7, no=2)


def test_a_branch_corrects_its_own_until_the_committee_acted(city, case, spell):
    own = a_vote(case, MET)
    case.refresh_from_db()
    assert may_correct(own, examines=False, acted=acted_since(case, case.events.all(), own.recorded_at))
    theirs = a_vote(case, D(2024, 9, 20), subject=Subject.COMMITTEE_ADMISSION)
    case.refresh_from_db()
    for vote in (own, theirs):
        assert not may_correct(vote, examines=False, acted=acted_since(case, case.events.all(), own.recorded_at))
        assert may_correct(vote, examines=True, acted=acted_since(case, case.events.all(), own.recorded_at))
    of_member = vote_on(spell, MET, 6)
    assert may_correct(of_member, examines=False, acted=acted_on_member(spell, [of_member]))
    later = vote_on(spell, D(2024, 9, 20), 6, Subject.COMMITTEE_RECOGNITION, city.committee)
    assert not may_correct(of_member, examines=False, acted=acted_on_member(spell, [of_member, later]))
    of_member.void = True
    assert not may_correct(of_member, examines=True, acted=False)
