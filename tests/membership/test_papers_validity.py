"""Until when papers hold, what is let pass once, and of whom which are asked: along the way of a case."""

import datetime as dt

import pytest

from cells.rules.models import Stratum
from cells.verdict import Refused
from membership import admission
from membership.models import Stage
from membership.papers.checklist import HAS, MISSING, checklist
from membership.papers.deeds import Entry as Paper
from membership.papers.deeds import enter_papers
from tests.around import MET, line_of
from tests.factories import TODAY, a_case, a_vote, the_papers

pytestmark = pytest.mark.django_db

D = dt.date


def test_a_certificate_expires_for_the_meeting_and_not_for_what_follows(city):
    """Issued 15/01/2020: refused at the meeting of 03/02/2025, with the rule; after a vote in time it is done with."""
    case = a_case(city.branch, stage=Stage.DOSSIER)
    case.certificate_on = D(2020, 1, 15)
    case.save()
    today = D(2025, 2, 10)
    the_papers(case, Stage.BRANCH_RESOLVED, D(2024, 12, 1), today=today)
    with pytest.raises(Refused) as caught:
        a_vote(case, D(2025, 2, 3), today=today)
    for words in ("cấp ngày 15/01/2020 có giá trị 60 tháng, đến hết ngày 14/01/2025", "Quy định số 29-QĐ/TW"):
        assert words in str(caught.value)
    vote = a_vote(case, D(2025, 1, 14), today=today)
    assert line_of(vote.candidacy, "certificate", D(2025, 2, 3)).state == HAS


def test_a_new_certificate_makes_the_vote_possible_again(city):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    case.certificate_on = D(2019, 1, 15)
    case.save()
    assert line_of(case, "certificate").bars
    enter_papers([Paper(case, "certificate", "200", D(2024, 9, 9))], actor=None, today=TODAY)
    assert line_of(case, "certificate").paper.number == "200"


def test_a_resolution_of_more_than_twelve_months_asks_for_a_new_one(city):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    later = D(2025, 10, 20)
    lacking = {line.rule.code for line in checklist(case, later) if line.bars}
    assert lacking >= {"branch_resolution", "committee_resolution", "verification", "introduction", "opinions"}
    move = admission.Move(case.pk, Stage.DECIDED, later, number="1-QĐ")
    with pytest.raises(Refused) as caught:
        admission.advance([move], actor=None, today=later)
    assert "Nghị quyết đề nghị kết nạp của chi bộ (hết giá trị" in str(caught.value)
    with pytest.raises(Refused, match="ghi kết quả cuộc họp"):
        enter_papers([Paper(case, "branch_resolution", "9", later)], actor=None, today=later)


def test_what_was_let_pass_once_is_not_asked_again(city):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    case.papers.filter(code="education").update(void=True)
    a_vote(case, D(2024, 9, 1), override="phổ cập tiểu học ở xã đảo")
    case.refresh_from_db()
    line = line_of(case, "education")
    assert (line.state, line.bars) == (MISSING, False)
    assert a_vote(case, D(2024, 9, 2)).passed


def test_above_the_age_the_consent_is_a_paper(city):
    case = a_case(city.branch, stage=Stage.DOSSIER, born=D(1960, 12, 20))
    assert a_vote(case, MET).passed
    assert line_of(case, "age_consent").state == MISSING
    enter_papers([Paper(case, "age_consent", "12-CV/TU", D(2024, 9, 9))], actor=None, today=TODAY)
    assert line_of(case, "age_consent").paper.number == "12-CV/TU"


@pytest.mark.parametrize(
    ("strata", "asked"), [(["trade_union_member"], True), (["trade_union_member", "youth_union_member"], False)]
)
def test_whom_the_youth_union_introduces_the_trade_union_need_not(city, strata, asked):
    case = a_case(city.branch, strata=tuple(Stratum.objects.filter(code__in=strata)))
    assert ("trade_union_resolution" in {line.rule.code for line in checklist(case, MET)}) == asked


def test_a_base_branch_needs_no_resolution_of_a_committee(city):
    assert "committee_resolution" not in {line.rule.code for line in checklist(a_case(city.base_branch), MET)}
