"""A resolution of more than twelve months: the branch begins the dossier anew, everybody votes again (§1.4)."""

import datetime as dt

import pytest
from django.urls import reverse

from membership import admission, correct, procedure, worklist
from membership.deadlines.extend import Extending, extend
from membership.legal_steps import State
from membership.models import Deadline, Stage
from membership.papers.checklist import checklist
from membership.papers.deeds import Entry, enter_papers
from membership.views import cases
from tests.around import refusals
from tests.factories import TODAY, a_case, a_case_taken_over, a_step, a_user, a_vote, the_steps
from tests.pages import text_of

pytestmark = pytest.mark.django_db

D = dt.date
#: the branch resolved on 04/05/2024 (a_case): the resolution holds to the end of 03/05/2025
LAST, AFTER = D(2025, 5, 3), D(2025, 5, 4)
LATER = D(2025, 10, 20)


@pytest.fixture
def examined(city):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    assert Deadline.objects.get(candidacy=case, kind="dossier").due == LAST
    return case


def anew(case, day=AFTER, today=LATER):
    move = admission.Move(case.pk, Stage.DOSSIER, day, number="30-NQ/CB")
    return admission.advance([move], actor=None, today=today)[0]


@pytest.mark.parametrize(("day", "is_old"), [(LAST, False), (AFTER, True)])
def test_only_a_resolution_that_grew_too_old_is_made_anew(examined, day, is_old):
    if is_old:
        assert anew(examined, day).stage == Stage.DOSSIER
    else:
        assert [field for field, _ in refusals(lambda: anew(examined, day))] == ["to"]


def test_the_decision_waits_for_everything_that_is_made_anew(examined):
    today = LATER
    case = anew(examined)
    lines = {line.rule.code: line for line in checklist(case, AFTER)}
    assert {"verification", "introduction", "opinions"} <= {code for code, line in lines.items() if line.bars}
    steps = {standing.step.number: standing.state for standing in the_steps(case, AFTER)}
    assert (steps[10], steps[12], steps[13]) == (State.NOW, State.AHEAD, State.AHEAD)
    assert not Deadline.objects.filter(candidacy=case, kind__in=("decision", "dossier")).exists()
    case = a_step(case, Stage.BRANCH_RESOLVED, D(2025, 6, 20), number="31-NQ/CB", today=today)
    assert Deadline.objects.get(candidacy=case, kind="decision").start == D(2025, 6, 20)
    case = a_step(case, Stage.EXAMINED, D(2025, 7, 1), number="32-NQ/ĐU", today=today)
    case = a_step(case, Stage.DECIDED, D(2025, 7, 10), number="33-QĐ/TU", today=today)
    assert case.stage == Stage.DECIDED
    assert case.spells.get().decided_on == D(2025, 7, 10)


def test_a_new_resolution_may_be_given_more_time_again(examined):
    def more(case, day):
        extend([Extending(case, "decision", 30, day, "1-CV", "xa")], actor=None, today=LATER)

    more(examined, D(2024, 7, 1))
    examined.refresh_from_db()
    assert "đã được gia hạn" in refusals(lambda: more(examined, D(2024, 7, 2)))[0][1]
    case = anew(examined)
    case = a_step(case, Stage.BRANCH_RESOLVED, D(2025, 6, 20), number="31-NQ/CB", today=LATER)
    case.refresh_from_db()
    more(case, D(2025, 7, 1))
    assert Deadline.objects.get(candidacy=case, kind="decision").extended == 30


def test_it_is_the_branch_s_turn_and_no_longer_the_board_s(city, examined):
    readers = {name: a_user(name, unit) for name, unit in (("branch", city.branch), ("board", city.top))}
    for day, name in ((LAST, "board"), (AFTER, "branch")):
        found = {reader: [task.step.verb for task in worklist.waiting(user, day)] for reader, user in readers.items()}
        assert [reader for reader, verbs in found.items() if verbs] == [name]
    assert found["branch"] == ["Làm lại hồ sơ"]


def test_the_page_of_the_case_leads_there(city, as_user):
    case = a_case(city.branch, stage=Stage.EXAMINED, listed_on=D(2023, 1, 5))
    client = as_user(a_user("branch", city.branch, office="secretary"))
    url = reverse("case_step", args=[case.pk, Stage.DOSSIER])
    page = client.get(case.get_absolute_url())
    assert url in page.content.decode()
    assert "Làm lại hồ sơ" in text_of(page)
    form = client.get(url)
    assert "Ngày chi bộ họp bàn làm lại" in text_of(form)
    for told in (page, form):
        assert "Nghị quyết chi bộ đã quá thời hạn" in text_of(told)
    sent = {"day": TODAY.strftime("%d/%m/%Y"), "number": "9-NQ", "version": str(case.version)}
    assert "Đã ghi làm lại hồ sơ" in text_of(client.post(url, sent, follow=True))
    case.refresh_from_db()
    assert case.stage == Stage.DOSSIER


# ---- what was before counts no more --------------------------------------------------------------
def test_what_was_let_pass_or_ticked_for_the_old_resolution_is_asked_again(city):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    case.papers.filter(code="opinions").update(void=True)
    case.papers.filter(code="verification").update(issued_on=None, expires_on=None)
    case = a_vote(case, D(2024, 5, 4), override="bổ sung sau").candidacy
    assert not {"opinions", "verification"} & {line.rule.code for line in checklist(case, TODAY) if line.bars}
    case = anew(case, D(2025, 5, 5))
    assert {"opinions", "verification"} <= {line.rule.code for line in checklist(case, LATER) if line.bars}


def test_of_a_case_out_of_the_old_book_everything_is_asked_for(city):
    case = a_case_taken_over(city.branch, Stage.BRANCH_RESOLVED, D(2024, 5, 4))
    assert not [line for line in checklist(case, TODAY) if line.bars and line.rule.stage == Stage.BRANCH_RESOLVED]
    case = anew(case, D(2025, 5, 5))
    assert {"verification", "opinions"} <= {line.rule.code for line in checklist(case, LATER) if line.bars}


def test_an_old_resolution_that_was_let_pass_goes_on(city, examined):
    readers = {name: a_user(name, unit) for name, unit in (("branch", city.branch), ("board", city.top))}
    case = a_case(city.sibling, stage=Stage.BRANCH_RESOLVED)
    a_vote(case, LATER, today=LATER, override="Ban Thường vụ đồng ý")
    case.refresh_from_db()
    assert not procedure.is_outdated(case, LATER)
    assert procedure.is_outdated(examined, LATER)
    assert [task.case for task in worklist.waiting(readers["board"], LATER)] == [case]


def test_a_resolution_out_of_the_old_book_is_renewed_as_a_paper(city):
    case = a_case_taken_over(city.branch, Stage.BRANCH_RESOLVED, D(2024, 5, 4))
    assert procedure.is_outdated(case, LATER)
    enter_papers([Entry(case, "branch_resolution", "40-NQ", D(2025, 9, 1))], actor=None, today=LATER)
    assert not procedure.is_outdated(case, LATER)


def test_the_branch_mends_nothing_the_committee_acted_on(city, examined):
    case = anew(examined)
    old, new = case.events.get(stage=Stage.BRANCH_RESOLVED), case.events.latest("pk")
    events = list(case.events.all())
    assert correct.acted_since(case, events, old.recorded_at)
    assert not correct.acted_since(case, events, new.recorded_at)
    clerk = a_user("board", city.top)
    how = {"number": "30-NQ/CB", "reason": "nhầm", "actor": clerk, "today": LATER}
    assert "còn giá trị" in refusals(lambda: correct.correct_step(new, day=LAST, **how))[0][1]
    assert correct.correct_step(new, day=D(2025, 5, 6), **how).day == D(2025, 5, 6)


def test_the_page_shows_the_round_that_runs(city, examined, as_user):
    anew(examined)
    page = as_user(a_user("board", city.top)).get(examined.get_absolute_url() + "?on=2024-10-15")
    assert page.status_code == 200
    examined.refresh_from_db()
    told = cases.stage_line(examined.stage, list(examined.events.order_by("day", "pk")), under_committee=True)
    assert {line["name"]: line["day"] for line in told if line["state"] == "ahead"} == {
        Stage.BRANCH_RESOLVED.label: None,
        Stage.EXAMINED.label: None,
        Stage.DECIDED.label: None,
    }
