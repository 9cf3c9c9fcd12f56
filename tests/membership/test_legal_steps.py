"""The 24 steps in one case: at each stage, taken over, let pass, without a base committee, to the recognition."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.rules.models import ExitReason
from membership import admission
from membership.admission import Move
from membership.deadlines.milestones import Noted, note
from membership.deadlines.models import Milestone
from membership.legal_steps import LEGAL_STEPS, State
from membership.models import STAGES, PaperRule, Spell, Stage
from membership.papers.checklist import checklist
from membership.recognition.decide import Decision, decide
from membership.votes.models import Subject
from tests.factories import TODAY, a_case, a_case_taken_over, a_vote, a_vote_on, the_steps
from tests.pages import text_of

pytestmark = pytest.mark.django_db

D = dt.date
DONE, NOW, AHEAD, BEFORE = State.DONE, State.NOW, State.AHEAD, State.BEFORE


def states(case, on=TODAY) -> dict[int, State]:
    return {one.step.number: one.state for one in the_steps(case, on)}


def test_there_are_24_in_order_and_every_stage_has_some():
    assert [step.number for step in LEGAL_STEPS] == list(range(1, 25))
    places = [[*STAGES, Stage.ADMITTED].index(step.during) for step in LEGAL_STEPS]
    assert places == sorted(places)
    assert set(places) == set(range(8))


def test_their_papers_are_in_the_catalogue_under_every_guidance():
    codes = {code for step in LEGAL_STEPS for code in step.papers}
    for day in (D(2021, 10, 1), D(2025, 8, 1), D(2026, 8, 1)):
        assert codes <= set(PaperRule.objects.on(day).values_list("code", flat=True))


#: stage → the steps done, the steps that are now; all later ones are ahead (3 leaves no trace of its own)
BY_STAGE = [
    (Stage.NOMINEE, {1}, {2}),
    (Stage.SYMPATHISER, {1, 2}, {3, 4}),
    (Stage.TRAINED, {1, 2, 4}, {5}),
    (Stage.BRANCH_RESOLVED, {1, 2, 4, 5, 6, 7, 8, 9, 10}, {12}),
    (Stage.EXAMINED, {1, 2, 4, 5, 6, 7, 8, 9, 10, 12}, {13}),
    (Stage.DECIDED, {1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13}, {14}),
    (Stage.ADMITTED, {1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14}, {15, 16, 17, 18, 19, 20, 21, 22, 23}),
]


@pytest.mark.parametrize(("stage", "done", "now"), BY_STAGE)
def test_at_each_stage(city, stage, done, now):
    found = states(a_case(city.branch, stage=stage, papers=False, step_days=20))
    unrecorded = {number for number, state in found.items() if state == State.UNRECORDED}
    assert {number for number, state in found.items() if state == DONE} == done
    assert {number for number, state in found.items() if state == NOW} == now
    assert unrecorded == ({3} if stage not in (Stage.NOMINEE, Stage.SYMPATHISER) else set())
    assert all(number > max(now) for number, state in found.items() if state == AHEAD)
    assert set(found) == set(range(1, 24)) - {11}  # no section committee, nobody to be struck off


def test_papers_of_the_dossier_are_steps_of_their_own(city):
    bare = states(a_case(city.branch, stage=Stage.DOSSIER, papers=False))
    assert {bare[number] for number in (6, 7, 8, 9, 10)} == {NOW}
    ready = states(a_case(city.branch, stage=Stage.DOSSIER))
    assert {ready[number] for number in (6, 7, 8, 9)} == {DONE}
    assert ready[10] == NOW


def test_a_base_branch_goes_to_the_decision(city):
    found = states(a_case(city.base_branch, stage=Stage.BRANCH_RESOLVED))
    assert 12 not in found
    assert found[13] == NOW


def test_of_a_case_taken_over_the_earlier_steps_are_the_old_books(city):
    found = states(a_case_taken_over(city.branch, Stage.DOSSIER, D(2024, 8, 1)))
    assert [number for number, state in found.items() if state == BEFORE] == [2, 3, 4]
    assert found[1] == DONE
    assert {found[number] for number in (6, 7, 8, 9, 10)} == {NOW}


def test_what_was_let_pass_says_why(city):
    case = a_case(city.branch, stage=Stage.DOSSIER, papers=False)
    a_vote(case, D(2024, 10, 1), override="Ban Thường vụ đồng ý bổ sung sau")
    (one,) = [one for one in the_steps(case) if one.step.number == 6]
    assert one.state == State.LET_PASS
    assert "Ban Thường vụ đồng ý bổ sung sau" in one.reason


def test_from_the_ceremony_to_the_recognition(city):
    case = a_case(city.branch, stage=Stage.ADMITTED, listed_on=D(2022, 9, 1), step_days=30)
    spell = Spell.objects.get(candidacy=case)
    note([Noted(spell, Milestone.What.MEMBER_FILE, D(2023, 5, 10))], actor=None, today=TODAY)
    assert states(case)[15] == DONE
    a_vote_on(spell, D(2024, 6, 1))
    assert {states(case)[number] for number in (17, 18, 19, 20, 21)} == {DONE}
    a_vote_on(spell, D(2024, 6, 10), subject=Subject.COMMITTEE_RECOGNITION)
    decide([Decision(spell.pk, D(2024, 7, 1), "16-QĐ")], actor=None, today=TODAY)
    found = states(case)
    assert {found[number] for number in (22, 23)} == {DONE}
    assert found[16] == State.UNRECORDED  # nobody was told to help
    assert NOW not in found.values()
    assert states(case, D(2024, 6, 5))[22] in (NOW, State.UNRECORDED)


def test_who_is_to_be_struck_off_has_the_last_step(city):
    case = a_case(city.branch, stage=Stage.ADMITTED, listed_on=D(2022, 9, 1), step_days=30)
    a_vote_on(Spell.objects.get(candidacy=case), D(2024, 6, 1), subject=Subject.BRANCH_REMOVAL)
    assert states(case)[24] == DONE


def test_a_dropped_case_stands_where_it_was_left(city):
    case = a_case(city.branch, stage=Stage.TRAINED)
    reason = ExitReason.objects.get(code="withdrew")
    admission.drop([Move(case.pk, "", D(2024, 9, 10), exit_reason=reason)], actor=None, today=TODAY)
    assert states(case)[5] == NOW


def test_the_page_and_the_print_tell_all_of_them(city, as_user, secretary):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    client = as_user(secretary)
    shown = text_of(client.get(case.get_absolute_url()))
    assert "Các bước theo quy định" in shown
    assert "Thẩm tra, kết luận lý lịch" in shown
    printed = text_of(client.get(reverse("case_print", args=[case.pk])))
    for words in ("Lý lịch của người xin vào Đảng (2-KNĐ)", "hạn cấp có thẩm quyền quyết định (60 ngày làm việc)"):
        assert words in printed


def test_forms_are_those_of_the_guidance_of_the_day(city):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    names = {
        year: next(line.rule.name for line in checklist(case, D(year, 12, 1)) if line.rule.code == "education")
        for year in (2024, 2025, 2026)
    }
    assert names[2024] == names[2025] != names[2026]
