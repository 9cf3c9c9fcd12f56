"""The end of a probation: whose turn it is, three votes in vain, the decision and from when it counts."""

import datetime as dt
from itertools import pairwise

import pytest

from cells.dated import months_after
from cells.log.models import Entry
from cells.rules.deeds import new_version
from cells.verdict import Refused
from membership import register
from membership.models import RecognitionDecision, Spell, Stage
from membership.recognition.decide import Decision, decide
from membership.recognition.way import Turn, way_of, ways
from membership.votes.base import Meeting
from membership.votes.hold import Ballot, hold_meeting
from membership.votes.models import Subject
from tests.factories import TODAY, a_case, a_member, a_vote_on

pytestmark = pytest.mark.django_db

D = dt.date
#: ceremony 1/9/2023 by default: the probation ends with 31/8/2024
DUE = D(2024, 9, 1)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (D(2023, 9, 1), 12, D(2024, 9, 1)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2024, 12, 31), 2, D(2025, 2, 28)),
        (D(2023, 12, 31), 12, D(2024, 12, 31)),
        (D(2020, 5, 15), 60, D(2025, 5, 15)),
        (D(2024, 5, 15), 0, D(2024, 5, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day, months, after):
    assert months_after(day, months) == after


@pytest.fixture
def spell(city):
    return a_member(city.branch, decided_on=D(2023, 8, 20), ceremony_on=D(2023, 9, 1))


def vote(spell, day, yes, **more):
    return a_vote_on(spell, day, yes=yes, **more)


def refusals(deed) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        deed()
    return [(problem.field, problem.message) for problem in caught.value.problems]


def turn(spell, on=TODAY):
    return way_of(Spell.objects.get(pk=spell.pk), on).turn


def test_from_the_end_of_the_probation_to_the_decision(spell):
    assert way_of(spell, TODAY).ends_on == DUE
    assert [turn(spell, day) for day in (D(2024, 8, 31), DUE)] == [Turn.NOT_YET, Turn.BRANCH]
    vote(spell, D(2024, 9, 10), 6)
    assert turn(spell) == Turn.COMMITTEE
    vote(spell, D(2024, 9, 20), 7, subject=Subject.COMMITTEE_RECOGNITION)
    assert turn(spell) == Turn.DECISION
    (now,) = decide([Decision(spell.pk, D(2024, 10, 1), "88-QĐ/TU")], actor=None, today=TODAY)
    assert (now.standing, now.from_day, now.started_by) == ("full", DUE, "recognised")
    told = RecognitionDecision.objects.get()
    assert (told.spell, told.decided_on, told.number, told.without_votes) == (now, D(2024, 10, 1), "88-QĐ/TU", "")
    assert Entry.objects.filter(deed="recognise").count() == 1
    assert not Entry.objects.filter(deed="recognise_without_votes").exists()


def test_a_base_branch_goes_from_its_vote_to_the_decision(city):
    spell = a_member(city.base_branch, decided_on=D(2023, 8, 20), ceremony_on=D(2023, 9, 1))
    vote(spell, D(2024, 9, 10), 6)
    assert turn(spell) == Turn.DECISION
    assert "không thuộc nơi họp" in refusals(lambda: wrong_committee(city, spell))[0][1]


def wrong_committee(city, spell):
    meeting = Meeting(city.committee, D(2024, 9, 20), present=9, committee=True, base=9, number="1")
    ballot = Ballot(Subject.COMMITTEE_RECOGNITION, 9, spell_id=spell.pk)
    return hold_meeting(meeting, [ballot], actor=None, today=TODAY)


@pytest.mark.parametrize("effect", ["probation_end", "recognition_decision"])
def test_a_late_recognition_counts_from_the_day_the_rule_says(spell, effect):
    if effect == "recognition_decision":
        new_version(
            key="recognition_takes_effect", value=effect, from_day=D(2024, 9, 15), document="x", text="x",
            confidence="M", actor=None,
        )  # fmt: skip
    vote(spell, D(2024, 9, 10), 9)
    vote(spell, D(2024, 9, 20), 9, subject=Subject.COMMITTEE_RECOGNITION)
    (now,) = decide([Decision(spell.pk, D(2024, 10, 10), "1")], actor=None, today=TODAY)
    assert now.from_day == (DUE if effect == "probation_end" else D(2024, 10, 10))


def test_a_rule_of_six_months_holds_for_ceremonies_since(spell, city):
    new_version(
        key="probation_months", value="6", from_day=D(2024, 1, 1), document="x", text="x", confidence="M", actor=None
    )
    young = a_member(city.branch, decided_on=D(2024, 2, 1), ceremony_on=D(2024, 2, 10))
    assert [way.ends_on for way in ways([spell, young], TODAY)] == [DUE, D(2024, 8, 10)]


# --- votes in vain ------------------------------------------------------------------------------
def test_three_meetings_in_vain_go_up(spell):
    for day in (D(2024, 9, 5), D(2024, 9, 15)):
        vote(spell, day, 5)
        vote(spell, day, 4, subject=Subject.BRANCH_REMOVAL)
    assert (way_of(spell, TODAY).failed, turn(spell)) == (2, Turn.BRANCH)
    assert vote(spell, D(2024, 9, 25), 5).attempt == 3
    way = way_of(spell, TODAY)
    assert (way.failed, way.escalated, way.turn) == (3, True, Turn.COMMITTEE)
    ((field, message),) = refusals(lambda: vote(spell, D(2024, 10, 5), 9))
    assert field == "person"
    assert "biểu quyết 3 lần không đủ số phiếu" in message
    assert "báo cáo cấp ủy cấp trên quyết định" in message
    vote(spell, D(2024, 10, 5), 9, subject=Subject.COMMITTEE_RECOGNITION)
    (now,) = decide([Decision(spell.pk, D(2024, 10, 10), "1")], actor=None, today=TODAY)
    assert now.from_day == DUE
    assert not RecognitionDecision.objects.get().without_votes


def test_how_many_is_a_rule(spell):
    new_version(
        key="recognition_attempts",
        value="2",
        from_day=D(2024, 9, 1),
        document="x",
        text="x",
        confidence="M",
        actor=None,
    )
    vote(spell, D(2024, 9, 5), 5)
    assert turn(spell) == Turn.BRANCH
    vote(spell, D(2024, 9, 15), 5)
    assert turn(spell) == Turn.COMMITTEE


def test_a_third_vote_that_is_enough_does_not_go_up(spell):
    for day in (D(2024, 9, 5), D(2024, 9, 15)):
        vote(spell, day, 5)
    vote(spell, D(2024, 9, 25), 6)
    assert (way_of(spell, TODAY).escalated, turn(spell)) == (False, Turn.COMMITTEE)


def test_who_is_not_qualified_is_proposed_for_removal(spell):
    vote(spell, D(2024, 9, 5), 2)
    vote(spell, D(2024, 9, 5), 7, subject=Subject.BRANCH_REMOVAL)
    assert turn(spell) == Turn.REMOVAL
    assert "đề nghị xóa tên ngày 05/09/2024" in refusals(lambda: vote(spell, D(2024, 9, 15), 9))[0][1]
    found = refusals(lambda: decide([Decision(spell.pk, D(2024, 10, 10), "1")], actor=None, today=TODAY))
    assert found[0][0] == "without_votes"
    register.depart([register.Change(spell.pk, D(2024, 10, 1), cause="struck_off")], actor=None, today=TODAY)


# --- guards -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "subject", "says"),
    [
        (D(2024, 8, 31), Subject.BRANCH_RECOGNITION, "hết ngày 01/09/2024"),
        (D(2024, 9, 10), Subject.COMMITTEE_RECOGNITION, "chi bộ biểu quyết công nhận trước"),
    ],
)
def test_nobody_is_voted_on_before_the_time(spell, day, subject, says):
    ((field, message),) = refusals(lambda: vote(spell, day, 9, subject=subject))
    assert field == "person"
    assert says in message


def test_nor_without_a_ceremony(city):
    case = a_case(city.branch, stage=Stage.DECIDED, listed_on=D(2022, 1, 5))
    spell = Spell.objects.get(candidacy=case)
    assert turn(spell) == Turn.NOT_YET
    assert "Chưa ghi lễ kết nạp" in refusals(lambda: vote(spell, D(2024, 9, 10), 9))[0][1]


def test_the_order_of_votes(spell):
    vote(spell, D(2024, 9, 10), 6)
    assert "đã đề nghị công nhận ngày 10/09/2024" in refusals(lambda: vote(spell, D(2024, 9, 12), 9))[0][1]
    early = refusals(lambda: vote(spell, D(2024, 9, 9), 9, subject=Subject.COMMITTEE_RECOGNITION))
    assert "Lần biểu quyết trước là ngày 10/09/2024" in early[0][1]
    vote(spell, D(2024, 9, 10), 5, subject=Subject.COMMITTEE_RECOGNITION)
    assert turn(spell) == Turn.COMMITTEE
    again = vote(spell, D(2024, 9, 20), 6, subject=Subject.COMMITTEE_RECOGNITION)
    assert (again.attempt, turn(spell)) == (2, Turn.DECISION)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"number": "  "}, "number", "Ghi số quyết định"),
        ({"decided_on": D(2024, 10, 16)}, "decided_on", "sau ngày hôm nay"),
        ({"decided_on": D(2024, 8, 31)}, "decided_on", "hết ngày 01/09/2024"),
        ({"decided_on": D(2024, 9, 15)}, "decided_on", "Lần biểu quyết cuối là ngày 20/09/2024"),
    ],
)
def test_a_wrong_decision_is_refused_at_its_field(spell, change, field, says):
    vote(spell, D(2024, 9, 10), 9)
    vote(spell, D(2024, 9, 20), 9, subject=Subject.COMMITTEE_RECOGNITION)
    item = Decision(**{"spell_id": spell.pk, "decided_on": D(2024, 10, 1), "number": "1"} | change)
    ((found, message),) = refusals(lambda: decide([item], actor=None, today=TODAY))
    assert found == field
    assert says in message


def test_a_decision_without_the_votes_needs_a_reason_that_stays(spell):
    item = Decision(spell.pk, D(2024, 10, 1), "1")
    ((field, message),) = refusals(lambda: decide([item], actor=None, today=TODAY))
    assert field == "without_votes"
    assert "chi bộ biểu quyết công nhận trước" in message
    item = Decision(spell.pk, D(2024, 10, 1), "1", without_votes="biểu quyết ghi trong sổ giấy")
    (now,) = decide([item], actor=None, today=TODAY)
    assert now.recognition.without_votes == "biểu quyết ghi trong sổ giấy"
    entry = Entry.objects.get(deed="recognise_without_votes")
    assert (entry.note, entry.subject_id) == ("biểu quyết ghi trong sổ giấy", now.pk)
    assert "không còn là đảng viên dự bị" in refusals(lambda: decide([item], actor=None, today=TODAY))[0][1]


def test_where_no_ceremony_is_known_the_day_is_asked(city):
    reception = register.Reception(a_member(city.outside).person, city.branch, D(2024, 2, 1), "probationary")
    Spell.objects.all().delete()
    (spell,) = register.receive([reception], actor=None, today=TODAY)
    vote(spell, D(2024, 9, 10), 9)
    vote(spell, D(2024, 9, 20), 9, subject=Subject.COMMITTEE_RECOGNITION)
    item = Decision(spell.pk, D(2024, 10, 1), "1")
    assert refusals(lambda: decide([item], actor=None, today=TODAY))[0][0] == "day"
    (now,) = decide([Decision(spell.pk, D(2024, 10, 1), "1", day=D(2024, 9, 1))], actor=None, today=TODAY)
    assert now.from_day == D(2024, 9, 1)


# --- late, and moved meanwhile ------------------------------------------------------------------
def move(spell, last, to):
    return register.transfer([register.Change(spell.pk, last, destination=to)], actor=None, today=TODAY)[0]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # moved after the end of the probation: full member in both units since
        (D(2024, 9, 20), [("probationary", D(2023, 8, 20)), ("full", DUE), ("full", D(2024, 9, 21))]),
        # moved before it: probationary in both
        (D(2024, 5, 31), [("probationary", D(2023, 8, 20)), ("probationary", D(2024, 6, 1)), ("full", DUE)]),
        # moved on the very day: the register writes the move first
        (D(2024, 8, 31), [("probationary", D(2023, 8, 20)), ("probationary", DUE), ("full", D(2024, 9, 2))]),
    ],
)
def test_who_moved_meanwhile_is_recognised_from_the_same_day(city, spell, last, expected):
    here = move(spell, last, city.sibling)
    vote(here, D(2024, 10, 1), 9)
    vote(here, D(2024, 10, 5), 9, subject=Subject.COMMITTEE_RECOGNITION)
    (now,) = decide([Decision(here.pk, D(2024, 10, 10), "1")], actor=None, today=TODAY)
    chain = list(Spell.objects.filter(person=spell.person).order_by("from_day"))
    assert [(part.standing, part.from_day) for part in chain] == expected
    assert (now, now.to_day, now.organisation) == (chain[-1], None, city.sibling)
    assert all(before.to_day == after.from_day for before, after in pairwise(chain))
    assert RecognitionDecision.objects.get().spell.started_by == "recognised"
    assert [part.ended_by for part in chain if part.started_by == "recognised"] == (
        ["transferred_out"] if last > DUE else [""]
    )


def test_votes_go_along_with_a_move(city, spell):
    vote(spell, D(2024, 9, 10), 5)
    here = move(spell, D(2024, 9, 20), city.sibling)
    assert way_of(here, TODAY).failed == 1


def test_who_came_from_outside_late_is_recognised_from_the_day_after(city):
    person = a_member(city.outside).person
    Spell.objects.all().delete()
    reception = register.Reception(
        person, city.branch, D(2024, 9, 20), "probationary", decided_on=D(2023, 8, 20), ceremony_on=D(2023, 9, 1)
    )
    (spell,) = register.receive([reception], actor=None, today=TODAY)
    vote(spell, D(2024, 10, 1), 9)
    vote(spell, D(2024, 10, 5), 9, subject=Subject.COMMITTEE_RECOGNITION)
    (now,) = decide([Decision(spell.pk, D(2024, 10, 10), "1")], actor=None, today=TODAY)
    assert now.from_day == D(2024, 9, 21)


@pytest.mark.parametrize("rows", [4, 12])
def test_many_ways_in_a_fixed_number_of_queries(city, rows, django_assert_num_queries):
    units = [city.branch, city.sibling, city.outside, city.base_branch]
    spells = [a_member(units[row % 4], decided_on=D(2023, 8, 20)) for row in range(rows)]
    vote(spells[0], D(2024, 9, 10), 5)
    with django_assert_num_queries(4):
        assert len(ways(spells, TODAY)) == rows
