"""Every step of the way × every guard, under the regulations of 2021, 2025 and 2026 (`domain.md` §1.1, §1.2, §1.4).

Each row breaks one thing of a case that could otherwise take the step; the deed refuses it at that field and says why.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pytest

from cells.rules.models import Rule
from cells.verdict import Refused
from membership import admission, procedure
from membership.models import STAGES, Introducer, Stage, Verification
from membership.papers.models import RECOGNITION, PaperRule
from membership.recognition.decide import Decision, decide
from membership.votes.models import Subject
from tests.everywhere import EVERYWHERE
from tests.factories import (
    BY_THEMSELVES,
    a_case,
    a_full_member,
    a_member,
    a_vote,
    a_vote_on,
    the_papers,
)

pytestmark = pytest.mark.django_db

D, Days = dt.date, dt.timedelta


@dataclass(frozen=True)
class Version:
    """A regulation and its guidance, and a day under them."""

    today: dt.date
    regulation: str
    guidance: str


VERSIONS = {
    "2021": Version(D(2022, 12, 1), "24-QĐ/TW", "Hướng dẫn số 01-HD/TW ngày 28/9/2021"),
    "2025": Version(D(2025, 12, 1), "294-QĐ/TW", "Hướng dẫn số 06-HD/TW"),
    "2026": Version(D(2026, 12, 1), "208-QĐ/TW", "Hướng dẫn số 01-HD/TW ngày 19/5/2026"),
}


@pytest.fixture(
    params=VERSIONS.values() if EVERYWHERE else [VERSIONS["2025"]], ids=VERSIONS if EVERYWHERE else ["2025"]
)
def version(request):
    return request.param


@pytest.fixture
def today(version):
    return version.today


@pytest.fixture
def at(city, today):
    """`at(stage)`: a case that reached it in time, ten days a step, and could go on today."""

    def at(stage, branch=None, **more):
        days = {"listed_on": today - Days(100), "step_days": 10, "today": today}
        return a_case(branch or city.branch, stage=stage, **days | more)

    return at


def refused(deed):
    """The problems that the deed was refused for: field → words."""
    with pytest.raises(Refused) as caught:
        deed()
    return {problem.field: problem.message for problem in caught.value.problems}


def step(case, to, day, today, **more):
    more = {"number": "1-NQ"} | more
    return admission.advance([admission.Move(case.pk, to, day, **more)], actor=None, today=today)[0]


def met(case, day, today, **more):
    return a_vote(case, day, today=today, **more)


ORDER = [*STAGES, Stage.ADMITTED]
#: to every stage but the first, from the one before
STEPS = list(pairwise(ORDER))


def take(case, to, day, today, **more):
    """The step as its users take it: by a vote where one is asked."""
    return met(case, day, today, **more) if procedure.step_to(to).vote else step(case, to, day, today, **more)


# ---- the same guards at every step ---------------------------------------------------------------
@pytest.mark.parametrize(("before", "to"), STEPS)
def test_the_way_itself(at, today, before, to):
    """In order, not skipped, not taken back; today or earlier, not before the step it follows."""
    case = at(before)
    for other in set(ORDER) - {to, Stage.NOMINEE}:
        assert "to" in refused(lambda other=other: step(case, other, today, today)), other
    tomorrow, too_early = today + Days(1), case.stage_day - Days(1)
    assert "sau ngày hôm nay" in refused(lambda: take(case, to, tomorrow, today))["day"]
    assert "ở trước ngày ghi" in next(iter(refused(lambda: take(case, to, too_early, today)).values()))
    if procedure.step_to(to).number_needed:
        assert "number" in refused(lambda: take(case, to, today, today, number=""))
    case.refresh_from_db()
    assert case.stage == before
    assert take(case, to, today, today)


@pytest.mark.parametrize("to", [stage for stage in ORDER if stage != Stage.NOMINEE])
def test_nothing_is_recorded_of_a_case_that_ended(at, today, to):
    case = at(Stage.ADMITTED, step_days=5)
    assert "đã kết thúc" in refused(lambda: step(case, to, today, today))["to"]


# ---- papers --------------------------------------------------------------------------------------
def _asked(version, *stages):
    rules = PaperRule.objects.on(version.today).filter(stage__in=stages, condition__in=("always", "base_committee"))
    return {rule.code: rule for rule in rules if rule.code not in BY_THEMSELVES}


@pytest.mark.parametrize(
    ("before", "to"), [(Stage.DOSSIER, Stage.BRANCH_RESOLVED), (Stage.BRANCH_RESOLVED, Stage.EXAMINED)]
)
def test_each_paper_bars_the_vote_by_the_guidance_of_its_day(at, version, before, to):
    """Without one of them nobody votes; with a reason somebody may let it pass."""
    case, asked = at(before), _asked(version, Stage.BRANCH_RESOLVED)
    assert set(asked) >= {"life_history", "verification", "opinions"}
    assert all(version.guidance in rule.document for code, rule in asked.items() if code != "education")
    if to == Stage.EXAMINED:
        case.papers.update(void=True)
        case.events.filter(stage=Stage.BRANCH_RESOLVED).update(let_pass="")
    for code, rule in asked.items():
        held = case.papers.filter(code=code, void=False)
        held.update(void=True)
        told = refused(lambda: met(case, version.today, version.today))
        assert rule.name in told["override"], code
        if to == Stage.BRANCH_RESOLVED:
            case.papers.filter(code=code).update(void=False)
    case.refresh_from_db()
    assert met(case, version.today, version.today, override="bổ sung sau").passed


def test_a_recognition_asks_for_its_four_papers(city, at, version):
    case = at(Stage.ADMITTED, listed_on=version.today - Days(600))
    spell, asked = case.spells.get(), _asked(version, RECOGNITION)
    assert set(asked) == {"new_member_certificate", "self_review", "helper_review", "probation_opinions"}
    the_papers(case, RECOGNITION, version.today, today=version.today)
    for code, rule in asked.items():
        case.papers.filter(code=code).update(void=True)
        case.papers.filter(code=code).delete()
        with pytest.raises(Refused) as caught:
            _vote_without_papers(spell, version.today)
        assert rule.name in str(caught.value)
    assert version.guidance in asked["self_review"].document


def _vote_without_papers(spell, today):
    from membership.votes.base import Meeting
    from membership.votes.hold import Ballot, hold_meeting

    meeting = Meeting(spell.organisation, today, present=9, base=9, base_reason="chưa lập sổ", number="1-NQ")
    ballot = Ballot(Subject.BRANCH_RECOGNITION, 9, spell_id=spell.pk)
    return hold_meeting(meeting, [ballot], actor=None, today=today)


# ---- the dated rules -----------------------------------------------------------------------------
def test_the_application_of_who_left_the_party(city, at, version):
    today = version.today
    former = a_full_member(city.sibling, decided_on=D(2010, 1, 5), recognised_on=D(2011, 1, 5), today=today)
    case = at(Stage.TRAINED)
    type(former).objects.filter(pk=former.pk).update(
        person=case.person_id, to_day=today - Days(400), ended_by="struck_off"
    )
    told = refused(lambda: step(case, Stage.DOSSIER, today, today))["day"]
    assert "36 tháng" in told
    assert version.regulation in told


@pytest.mark.parametrize(("years", "months", "old_enough"), [(18, 0, True), (17, 11, False)])
def test_the_branch_votes_from_eighteen_on(at, version, years, months, old_enough):
    today = version.today
    born = D(today.year - years, today.month, 20) if not months else D(today.year - 17, 1, 20)
    case = at(Stage.DOSSIER, born=born)
    if old_enough:
        assert met(case, today, today).passed
        return
    told = refused(lambda: met(case, today, today))
    assert "Chưa đủ 18 tuổi" in told["person"]
    assert version.regulation in procedure.age_verdict(case.person, today).rule.document


def test_above_sixty_the_decision_asks_for_the_consent(at, version):
    today = version.today
    case = at(Stage.EXAMINED, born=D(today.year - 62, 3, 1))
    case.papers.filter(code="age_consent").update(void=True)
    assert "Văn bản đồng ý" in refused(lambda: step(case, Stage.DECIDED, today, today))["override"]
    rule = procedure.age_rules(today)["admission_age_max"]
    assert version.regulation in rule.document
    the_papers(case, Stage.DECIDED, today, today=today)
    assert step(case, Stage.DECIDED, today, today).stage == Stage.DECIDED


def test_a_certificate_of_more_than_sixty_months(at, version):
    today = version.today
    case = at(Stage.DOSSIER)
    case.certificate_on = D(today.year - 5, today.month, today.day)
    case.save()
    told = refused(lambda: met(case, today, today))["override"]
    assert "60 tháng" in told
    yesterday = today - Days(1)
    assert met(case, yesterday, today).passed


def test_introducers_too_few_or_together_too_short(at, version):
    today = version.today
    case = at(Stage.DOSSIER)
    Introducer.objects.filter(candidacy=case).update(together_since=today - Days(300))
    told = refused(lambda: met(case, today, today))["override"]
    assert "chưa đủ 12 tháng" in told
    assert version.regulation in told
    Introducer.objects.filter(candidacy=case).first().delete()
    Introducer.objects.filter(candidacy=case).update(together_since=today - Days(700))
    assert "cần 2 đảng viên" in refused(lambda: met(case, today, today))["override"]


def test_a_relative_not_heard_of_yet(at, today):
    case = at(Stage.DOSSIER)
    Verification.objects.create(candidacy=case, relation="father", place="Đảng ủy xã A", asked_on=case.stage_day)
    assert "cha đẻ chờ trả lời" in refused(lambda: met(case, today, today))["override"]


@pytest.mark.parametrize(("yes", "passes"), [(6, True), (5, False)])
def test_two_thirds_of_all_full_members(at, version, yes, passes):
    vote = met(at(Stage.DOSSIER), version.today, version.today, yes=yes, no=9 - yes)
    assert vote.passed == passes
    rule = Rule.objects.of("branch_vote_share", version.today)
    assert (rule.value, version.regulation in rule.document) == ("2/3", True)


def test_a_branch_of_two_cannot_vote(city, at, version):
    for _ in range(2):
        a_full_member(city.branch, today=version.today)
    case = at(Stage.DOSSIER)
    told = refused(lambda: met(case, version.today, version.today, base=None, yes=2))
    assert "có 2 đảng viên chính thức, dưới 3" in told["base"]


def test_a_resolution_of_more_than_twelve_months(at, version):
    today = version.today
    case = at(Stage.EXAMINED, listed_on=today - Days(500), step_days=10)
    assert "hết giá trị" in refused(lambda: step(case, Stage.DECIDED, today, today))["override"]
    assert step(case, Stage.DOSSIER, today, today).stage == Stage.DOSSIER


def test_the_decision_reaches_the_branch_between_its_day_and_the_ceremony(at, today):
    case = at(Stage.DECIDED)
    for wrong in (case.stage_day - Days(1), today + Days(1)):
        told = refused(lambda wrong=wrong: step(case, Stage.ADMITTED, today, today, received_on=wrong))
        assert "received_on" in told
    assert step(case, Stage.ADMITTED, today, today, received_on=case.stage_day)


# ---- after the ceremony --------------------------------------------------------------------------
@pytest.fixture
def probationer(city, today):
    """Whose twelve months end today."""
    held = D(today.year - 1, today.month, today.day)
    return a_member(city.branch, decided_on=held - Days(5), ceremony_on=held, today=today)


def test_a_recognition_before_the_end_of_the_probation(probationer, today):
    early = today - Days(1)
    assert "hết" in refused(lambda: a_vote_on(probationer, early, today=today))["person"]
    told = refused(lambda: decide([Decision(probationer.pk, early, "1-QĐ")], actor=None, today=today))
    assert "quyết định từ ngày đó" in told["decided_on"]
    assert a_vote_on(probationer, today, today=today).passed


def test_a_recognition_without_its_votes_or_number(probationer, today):
    told = refused(lambda: decide([Decision(probationer.pk, today, "")], actor=None, today=today))
    assert set(told) == {"number", "without_votes"}
    a_vote_on(probationer, today, today=today)
    a_vote_on(probationer, today, subject=Subject.COMMITTEE_RECOGNITION, today=today)
    assert decide([Decision(probationer.pk, today, "1-QĐ")], actor=None, today=today)[0].standing == "full"


def test_the_committee_does_not_vote_before_the_branch(probationer, today):
    told = refused(lambda: a_vote_on(probationer, today, subject=Subject.COMMITTEE_RECOGNITION, today=today))
    assert "person" in told
