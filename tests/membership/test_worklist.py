"""«Việc cần làm»: whose turn each case is, oldest first, in a fixed number of queries."""

import datetime as dt

import pytest

from membership.models import STAGES, Candidacy, Stage
from membership.worklist import waiting
from tests.factories import TODAY, a_case, a_user

pytestmark = pytest.mark.django_db

#: stage → who has to act next, for a branch under a committee and for a base branch
TURNS = [
    (Stage.NOMINEE, "branch", "base_branch"),
    (Stage.SYMPATHISER, "branch", "base_branch"),
    (Stage.TRAINED, "branch", "base_branch"),
    (Stage.DOSSIER, "branch", "base_branch"),
    (Stage.BRANCH_RESOLVED, "committee", "board"),
    (Stage.EXAMINED, "board", None),
    (Stage.DECIDED, "branch", "base_branch"),
    (Stage.ADMITTED, None, None),
    (Stage.DROPPED, None, None),
]


@pytest.fixture
def readers(city):
    return {
        "branch": a_user("branch", city.branch),
        "base_branch": a_user("committee", city.base_branch),
        "committee": a_user("committee", city.committee),
        "board": a_user("board", city.top),
        "sibling": a_user("branch", city.sibling),
        "other committee": a_user("committee", city.committees[1]),
        "standing": a_user("standing", city.top),
        "auditor": a_user("auditor", city.top),
        "nobody": a_user(),
    }


@pytest.mark.parametrize(("stage", "of_branch", "of_base_branch"), TURNS)
def test_each_case_waits_for_one(city, readers, stage, of_branch, of_base_branch):
    cases = {}
    for unit, turn in ((city.branch, of_branch), (city.base_branch, of_base_branch)):
        case = a_case(unit)
        Candidacy.objects.filter(pk=case.pk).update(stage=stage)
        cases[case.pk] = turn
    found = {name: {task.case.pk for task in waiting(user, TODAY)} for name, user in readers.items()}
    wanted = {name: {pk for pk, turn in cases.items() if turn == name} for name in readers}
    if stage == Stage.EXAMINED:  # an examination at a base branch is out of order: the Board's, as the next step is
        wanted["board"] = set(cases)
    assert found == wanted


def test_oldest_first_with_days_step_and_address(city, readers):
    late = a_case(city.branch, listed_on=dt.date(2024, 9, 5))
    early = a_case(city.branch, listed_on=dt.date(2024, 3, 5))
    tasks = waiting(readers["branch"], TODAY)
    assert [task.case for task in tasks] == [early, late]
    assert [task.days for task in tasks] == [224, 40]
    assert tasks[0].step.to == Stage.SYMPATHISER
    assert tasks[0].url == f"/ho-so/{early.pk}/cam-tinh-dang/"
    assert tasks[0].unit_name == "Chi bộ khu phố 1"


@pytest.mark.parametrize("rows", [3, 30])
def test_two_queries_however_many_cases(city, readers, rows, django_assert_num_queries):
    for _ in range(rows):
        a_case(city.branch)
    with django_assert_num_queries(2):
        tasks = waiting(readers["branch"], TODAY)
        assert [task.case.person.name for task in tasks]
    assert len(tasks) == rows


def test_every_stage_of_the_seven_has_its_turn():
    assert {stage for stage, *_ in TURNS} >= set(STAGES)
