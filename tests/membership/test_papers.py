"""The papers of a case: which are asked of whom, what is missing, what stops the vote, and who may let it pass."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.log.models import Entry as LogEntry
from cells.rules.models import Stratum
from cells.verdict import Refused, Stale
from membership import admission
from membership.admission import Nomination
from membership.models import STAGES, Stage
from membership.papers.checklist import EXPIRED, HAS, MISSING, before, checklist, papers_verdict
from membership.papers.deeds import Entry, enter_papers, take_back_paper
from membership.papers.models import RECOGNITION, Paper, PaperRule
from tests.factories import TODAY, a_case, a_unit, a_user, a_vote, an_identity, the_papers
from tests.pages import ballots_of, form_of, problem_at, text_of

pytestmark = pytest.mark.django_db

D = dt.date
VOTE = D(2024, 10, 1)
#: a meeting of nine entered by the committee on the branch's behalf
NINE = {
    "day": "01/10/2024",
    "form": "secret",
    "number": "21-NQ",
    "present": "9",
    "base": "9",
    "base_reason": "chưa lập sổ",
    "paper_day": "01/10/2024",
}


def codes(case, on=TODAY):
    return [line.rule.code for line in checklist(case, on)]


def state_of(case, code, on=TODAY):
    return next(line.state for line in checklist(case, on) if line.rule.code == code)


def a_dossier(branch, **more):
    """A case with its application in, and no other paper."""
    return a_case(branch, stage=Stage.DOSSIER, papers=False, **more)


ALWAYS = [
    "certificate",
    "application",
    "life_history",
    "verification",
    "introduction",
    "opinions",
    "education",
    "introducers",
    "branch_resolution",
    "committee_resolution",
]
#: stratum → the paper that it adds
ADDED = {
    "youth_union_member": "youth_union_resolution",
    "trade_union_member": "trade_union_resolution",
    "student": "transcript",
    "pupil": "transcript",
    "militia": None,
}


@pytest.mark.parametrize("stratum", ADDED)
def test_who_somebody_is_decides_which_papers_are_asked(city, stratum):
    case = a_case(city.branch, strata=(Stratum.objects.get(code=stratum),))
    asked = {line.rule.code for line in checklist(case, TODAY) if line.rule.stage in STAGES}
    assert asked == set(ALWAYS) | ({ADDED[stratum]} - {None})


def test_a_section_committee_reports_before_the_base_committee_resolves(city):
    section = a_unit("BP", "section_committee", city.committee)
    case = a_case(a_unit("BP-1", "branch", section))
    line = next(line for line in checklist(case, TODAY) if line.rule.code == "section_report")
    assert line.rule.stage == Stage.EXAMINED
    assert "section_report" not in codes(a_case(city.branch))


@pytest.mark.parametrize(
    ("day", "document"),
    [
        (D(2019, 5, 1), "2016"),
        (D(2022, 5, 1), "28/9/2021"),
        (D(2025, 8, 1), "294-QĐ/TW"),
        (D(2026, 8, 1), "208-QĐ/TW"),
    ],
)
def test_each_guidance_names_its_papers(city, day, document):
    lines = checklist(a_case(city.branch), day)
    assert len({line.rule.code for line in lines}) == len(lines)
    assert all(document in line.rule.document for line in lines)


#: what the branch's meeting asks for besides what the steps record; each under every guidance
BEFORE_THE_VOTE = ("life_history", "verification", "introduction", "opinions", "education", "introducers")
GUIDANCE = {D(2022, 5, 4): "HD/TW", D(2025, 8, 4): "294-QĐ/TW", D(2026, 8, 4): "208-QĐ/TW"}


@pytest.mark.parametrize("met", GUIDANCE)
@pytest.mark.parametrize("lacks", BEFORE_THE_VOTE)
def test_each_paper_is_guarded_under_each_guidance(city, met, lacks):
    listed = met - dt.timedelta(days=200)
    case = a_case(city.branch, stage=Stage.DOSSIER, listed_on=listed, today=met)
    case.papers.filter(code=lacks).update(void=True)
    if lacks == "introducers":
        case.introducers.update(void=True)
    line = next(line for line in checklist(case, met) if line.rule.code == lacks)
    assert GUIDANCE[met] in line.rule.document
    [(field, message)] = refused(lambda: a_vote(case, met, today=met))
    assert (field, message) == ("override", f"Hồ sơ chưa đủ giấy tờ: {line.named}.")
    assert a_vote(case, met, today=met, override="thử").passed


def test_the_guidance_of_2026_asks_for_less_than_a_diploma(city):
    case = a_case(city.branch)
    names = [next(x.rule.name for x in checklist(case, day) if x.rule.code == "education") for day in GUIDANCE]
    assert [name.startswith("Bản sao bằng") for name in names] == [True, True, False]


def test_what_a_step_records_is_not_asked_for_again(city):
    case = a_dossier(city.branch)
    assert [state_of(case, code) for code in ("certificate", "application")] == [HAS, HAS]
    assert state_of(case, "life_history") == MISSING


@pytest.mark.parametrize(
    ("issued", "meeting", "state"),
    [
        (D(2020, 1, 15), D(2025, 1, 14), HAS),
        (D(2020, 1, 15), D(2025, 1, 15), EXPIRED),
        (D(2020, 1, 15), D(2025, 2, 3), EXPIRED),  # the example of domain.md §1.4
        (D(2020, 2, 29), D(2025, 2, 28), HAS),
        (D(2020, 2, 29), D(2025, 3, 1), EXPIRED),
    ],
)
def test_a_certificate_holds_sixty_months(city, issued, meeting, state):
    case = a_case(city.branch, stage=Stage.TRAINED, listed_on=D(2019, 12, 1))
    case.certificate_on = issued
    assert state_of(case, "certificate", meeting) == state
    assert papers_verdict(case, Stage.DOSSIER, meeting).ok == (state == HAS)


def test_a_newer_paper_takes_the_place_of_an_older_and_both_stay(city):
    case = a_dossier(city.branch)
    enter = [Entry(case, "verification", "1", D(2023, 5, 1)), Entry(case, "verification", "2", D(2024, 9, 1))]
    for entry in enter:
        enter_papers([entry], actor=None, today=TODAY)
    line = next(line for line in checklist(case, TODAY) if line.rule.code == "verification")
    assert (line.state, line.paper.number, case.papers.count()) == (HAS, "2", 2)
    take_back_paper(line.paper, reason="ghi nhầm hồ sơ", actor=None)
    assert state_of(case, "verification") == EXPIRED
    assert LogEntry.objects.get(deed="take_back_paper").note == "ghi nhầm hồ sơ"


def test_a_paper_written_after_the_meeting_was_not_there(city):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    case.papers.filter(code="opinions").update(void=True)
    enter_papers([Entry(case, "opinions", "5", D(2024, 10, 2))], actor=None, today=TODAY)
    told = "Tổng hợp ý kiến nhận xét của tổ chức chính trị - xã hội và chi ủy nơi cư trú"
    [(_, message)] = refused(lambda: a_vote(case, VOTE))
    assert message == f"Hồ sơ chưa đủ giấy tờ: {told} (giấy ghi ngày 02/10/2024, sau ngày 01/10/2024)."
    case.refresh_from_db()
    assert a_vote(case, D(2024, 10, 2)).passed


# ---- the guard ---------------------------------------------------------------------------------------


def advance(case, **more):
    return a_vote(case, VOTE, **more).candidacy


def refused(deed):
    with pytest.raises(Refused) as caught:
        deed()
    return {(problem.field, problem.message) for problem in caught.value.problems}


def test_the_branch_does_not_vote_without_the_papers(city):
    case = a_dossier(city.branch)
    [(field, message)] = refused(lambda: advance(case))
    assert field == "override"
    assert "Lý lịch của người xin vào Đảng; Kết luận" in message
    the_papers(case, Stage.BRANCH_RESOLVED, VOTE)
    assert advance(case).stage == Stage.BRANCH_RESOLVED
    assert case.events.get(stage=Stage.BRANCH_RESOLVED).override == ""


def test_what_is_let_pass_needs_a_reason_and_stays_visible(city, client):
    case = a_dossier(city.branch)
    assert refused(lambda: advance(case, override="  "))
    advance(case, override="xã đảo, phổ cập tiểu học")
    event = case.events.get(stage=Stage.BRANCH_RESOLVED)
    assert "Bản sao bằng tốt nghiệp" in event.override
    assert event.override.startswith("Cho qua vì: xã đảo, phổ cập tiểu học.")
    client.force_login(a_user("branch", city.branch))
    assert "Cho qua vì: xã đảo, phổ cập tiểu học" in text_of(client.get(case.get_absolute_url()))


def test_nothing_before_the_take_over_is_guarded(city):
    """What the old book's stages asked is only listed; what comes after them is asked."""
    for stage, ok in ((Stage.DOSSIER, False), (Stage.BRANCH_RESOLVED, True)):
        item = Nomination(an_identity(), city.branch, D(2024, 1, 5), stage=stage, stage_day=D(2024, 9, 1))
        (case,) = admission.nominate([item], actor=None, today=TODAY)
        following = STAGES[STAGES.index(stage) + 1]
        assert papers_verdict(case, following, TODAY).ok == ok
        assert MISSING in {line.state for line in before(following, checklist(case, TODAY))}


@pytest.mark.parametrize("stage", [Stage.ADMITTED, Stage.DROPPED])
def test_the_ceremony_and_the_end_ask_for_no_paper(city, stage):
    assert papers_verdict(a_dossier(city.branch), stage, TODAY)


def test_later_stages_ask_for_what_earlier_ones_asked(city):
    lines = checklist(a_case(city.branch), TODAY)
    numbers = [len(before(stage, lines)) for stage in STAGES]
    assert numbers == sorted(numbers)
    assert numbers[-1] == len(lines) - len(before(RECOGNITION, lines)) == len(lines) - 4


BAD = {
    "a paper nobody knows": ({"code": "x"}, "code", "Không có giấy tờ"),
    "a day to come": ({"issued_on": D(2024, 10, 16)}, "issued_on", "sau ngày hôm nay"),
    "before birth": ({"issued_on": D(1950, 1, 1)}, "issued_on", "không sau ngày sinh"),
}


@pytest.mark.parametrize(("typed", "field", "says"), BAD.values(), ids=BAD)
def test_papers_that_cannot_be(city, typed, field, says):
    case = a_dossier(city.branch, born=D(1990, 1, 1))
    entry = Entry(**{"case": case, "code": "opinions", "issued_on": D(2024, 9, 1)} | typed)
    [(where, message)] = refused(lambda: enter_papers([entry], actor=None, today=TODAY))
    assert where == field
    assert says in message
    assert not Paper.objects.exists()


@pytest.mark.parametrize("on", [D(2021, 10, 1), D(2025, 8, 1), D(2026, 9, 1)])
@pytest.mark.parametrize(
    ("schooling", "asked", "stage"),
    [
        ("", "education", Stage.BRANCH_RESOLVED),
        ("primary", "education_primary", Stage.BRANCH_RESOLVED),
        ("literate", "education_literate", Stage.DECIDED),
    ],
)
def test_each_exception_of_schooling_asks_for_its_own_paper(city, on, schooling, asked, stage):
    case = a_case(city.branch)
    case.schooling = schooling
    case.save()
    lines = [line.rule for line in checklist(case, on) if line.rule.code.startswith("education")]
    assert [(rule.code, rule.stage) for rule in lines] == [(asked, stage)]


def test_whose_politics_are_to_be_cleared_waits_for_the_paper(city, as_user):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    case.asks_clearance = True
    case.save()
    move = admission.Move(case.pk, Stage.DECIDED, TODAY, number="1-QĐ")
    with pytest.raises(Refused, match="tiêu chuẩn chính trị"):
        admission.advance([move], actor=None, today=TODAY)
    for role, may in (("board", True), ("auditor", False)):
        page = text_of(as_user(a_user(role, city.top)).get(case.get_absolute_url()))
        assert ("tiêu chuẩn chính trị" in page) == may
    the_papers(case, Stage.DECIDED, TODAY)
    assert admission.advance([move], actor=None, today=TODAY)


def test_the_second_of_two_is_told(city):
    case = a_dossier(city.branch)
    enter_papers([Entry(case, "opinions")], actor=None, today=TODAY, version=case.version)
    with pytest.raises(Stale):
        enter_papers([Entry(case, "education")], actor=None, today=TODAY, version=case.version)


# ---- on screen ---------------------------------------------------------------------------------------


@pytest.fixture
def secretary(city, client):
    client.force_login(a_user("branch", city.branch))
    return client


def test_what_is_missing_is_the_first_thing_on_a_case(city, secretary):
    case = a_dossier(city.branch)
    page = text_of(secretary.get(case.get_absolute_url()))
    assert "Còn thiếu 6 mục" in page
    assert "còn thiếu: Lý lịch của người xin vào Đảng (2-KNĐ)" in page
    the_papers(case, Stage.BRANCH_RESOLVED, VOTE)
    assert "Giấy tờ đã đủ" in text_of(secretary.get(case.get_absolute_url()))


def test_papers_are_ticked_or_written(city, secretary):
    case = a_dossier(city.branch)
    url = reverse("case_papers", args=[case.pk])
    opened = secretary.get(url)
    sent = {name: "" for name in form_of(opened) if not name.startswith("has_")}
    sent |= {
        "version": case.version,
        "has_education": "on",
        "number_opinions": "05",
        "issued_on_opinions": "01/09/2024",
    }
    done = text_of(secretary.post(url, sent, follow=True))
    assert "Đã ghi 2 giấy tờ" in done
    assert set(case.papers.values_list("code", "number", "issued_on", "expires_on")) == {
        ("education", "", None, None),
        ("opinions", "05", D(2024, 9, 1), D(2025, 9, 1)),
    }
    stale = secretary.post(url, sent)
    assert stale.status_code == 409
    assert "Những gì bạn gõ vẫn còn nguyên" in text_of(stale)
    assert case.papers.count() == 2


def test_a_wrong_day_is_told_in_its_cell(city, secretary):
    case = a_dossier(city.branch)
    url = reverse("case_papers", args=[case.pk])
    page = secretary.post(url, {"version": case.version, "issued_on_opinions": "16/10/2024", "number_opinions": "5"})
    assert "sau ngày hôm nay" in " ".join(page.context["form"].errors["issued_on_opinions"])
    assert form_of(page)["number_opinions"] == "5"
    empty = secretary.post(url, {"version": case.version})
    assert "Chưa đánh dấu giấy tờ nào." in text_of(empty)


def test_a_paper_entered_wrongly_is_taken_back_with_a_reason(city, secretary):
    case = a_dossier(city.branch)
    (paper,) = enter_papers([Entry(case, "opinions", "5")], actor=None, today=TODAY)
    url = reverse("case_paper_take_back", args=[case.pk, paper.pk])
    assert "Ghi mục này." in text_of(secretary.post(url, {"reason": ""}))
    secretary.post(url, {"reason": "nhầm người"})
    assert state_of(case, "opinions") == MISSING
    assert secretary.get(url).status_code == 404


@pytest.mark.parametrize(("role", "at", "may"), [("branch", "branch", False), ("committee", "committee", True)])
def test_who_may_let_a_step_pass(city, client, role, at, may):
    client.force_login(a_user(role, getattr(city, at)))
    case = a_dossier(city.branch)
    url = reverse("case_step", args=[case.pk, Stage.BRANCH_RESOLVED])
    page = client.get(url)
    override = f"c{case.pk}-override"
    assert "Còn thiếu 6 mục Lý lịch của người xin vào Đảng Kết luận" in text_of(page)
    assert (override in page.context["form"].fields) == may
    sent = ballots_of(page, (9, 0, 0)) | NINE
    refused_at = override if may else f"c{case.pk}-yes"
    assert "Hồ sơ chưa đủ giấy tờ" in problem_at(client.post(url, sent), refused_at)
    client.post(url, sent | {override: "đảo xa"})
    case.refresh_from_db()
    assert (case.stage == Stage.BRANCH_RESOLVED) == may


def test_a_failed_vote_that_was_let_pass_shows_why(city, client):
    case = a_dossier(city.branch)
    vote = a_vote(case, VOTE, yes=5, no=4, override="đảo xa")
    assert (vote.override, vote.step) == ("đảo xa", None)
    client.force_login(a_user("branch", city.branch))
    assert "Cho qua khi còn thiếu giấy tờ: đảo xa" in text_of(client.get(case.get_absolute_url()))


def test_the_number_of_queries_does_not_grow_with_the_papers(city, django_assert_max_num_queries):
    case = a_dossier(city.branch)
    for number in range(12):
        enter_papers([Entry(case, "opinions", str(number))], actor=None, today=TODAY)
    asked = PaperRule.objects.on(TODAY).filter(condition__in=("always", "base_committee", "schooling")).count()
    with django_assert_max_num_queries(12):
        assert len(checklist(case, TODAY)) == asked
