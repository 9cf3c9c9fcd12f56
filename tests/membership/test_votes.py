"""Votes: how many must agree, of how many; what a meeting may record, and what each result leaves behind."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cells.log.models import Entry
from cells.rules.deeds import new_version
from cells.verdict import Refused, Stale
from membership import admission, temporary
from membership.models import Candidacy, Stage, TemporaryTransfer, Vote
from membership.votes.base import Meeting, Roll, needed, roll_of
from membership.votes.hold import Ballot, hold_meeting
from membership.votes.models import Subject
from tests.factories import TODAY, a_case, a_full_member, a_member, a_unit, a_user, a_vote

pytestmark = pytest.mark.django_db

D = dt.date
MET = D(2024, 10, 3)
TWO_THIRDS = Fraction(2, 3)


# --- how many must agree ------------------------------------------------------------------------
@pytest.mark.parametrize("base", range(3, 61))
def test_two_thirds_in_whole_numbers(base):
    least = needed(base, TWO_THIRDS)
    assert 3 * least >= 2 * base > 3 * (least - 1)


@pytest.mark.parametrize(
    ("base", "least"), [(3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6), (20, 14), (21, 14), (22, 15), (60, 40)]
)
def test_two_thirds_by_hand(base, least):
    assert needed(base, TWO_THIRDS) == least


@pytest.mark.parametrize(("share", "least"), [("1/2", 10), ("3/4", 15), ("1/1", 20), ("4/6", 14)])
def test_another_share_by_its_rule(share, least):
    assert needed(20, Fraction(share)) == least


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(1, 12), st.integers(1, 12))
def test_enough_is_the_comparison_of_whole_numbers(base, yes, first, second):
    part, whole = sorted((first, second))
    assert (yes >= needed(base, Fraction(part, whole))) == (yes * whole >= part * base)


@given(st.integers(0, 60), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_the_roll_adds_up(counted, away, exempt, came):
    came = min(came, exempt)
    roll = Roll(MET, counted + away + exempt, away, exempt)
    assert roll.base(came) == counted + came
    numbers = [int(part.split()[0]) for part in roll.told(came).split(" − ")]
    assert numbers[0] - sum(numbers[1:]) == roll.base(came)


# --- of how many --------------------------------------------------------------------------------
@pytest.fixture
def branch(city):
    """Twelve full members, two of them exempt, one away; two on probation."""
    spells = [a_full_member(city.branch) for _ in range(10)]
    for _ in range(2):
        a_full_member(city.branch, exempt_from=D(2024, 1, 1))
        a_member(city.branch, decided_on=D(2024, 3, 1))
    a_full_member(city.sibling)
    away = temporary.Leave(spells[0].pk, D(2024, 9, 1), "Trường Chính trị tỉnh")
    temporary.transfer_temporarily([away], actor=None, today=TODAY)
    return city.branch


def test_the_base_is_the_full_members_who_are_convened(branch):
    assert roll_of(branch.pk, MET) == Roll(MET, 12, 1, 2)
    assert roll_of(branch.pk, MET).base() == 9
    assert roll_of(branch.pk, D(2024, 8, 31)).base() == 10  # nobody away yet
    assert roll_of(branch.pk, D(2023, 12, 31)).base() == 12  # nor exempt


def hold(unit, *ballots, day=MET, actor=None, **more):
    meeting = Meeting(**{"organisation": unit, "day": day, "present": 8, "number": "21-NQ/CB"} | more)
    return hold_meeting(meeting, ballots, actor=actor, today=TODAY)


def on(case, yes, no=0, blank=0, subject=Subject.BRANCH_ADMISSION, **more):
    return Ballot(subject, yes, no, blank, candidacy_id=case.pk, **more)


def refusals(deed) -> list[tuple[int, str, str]]:
    with pytest.raises(Refused) as caught:
        deed()
    return [(problem.index, problem.field, problem.message) for problem in caught.value.problems]


def test_a_vote_keeps_how_its_base_came_about(branch):
    (vote,) = hold(branch, on(a_case(branch, stage=Stage.DOSSIER), 7, 1), exempt_present=1)
    assert (vote.base, vote.needed, vote.exempt_present, vote.base_source) == (10, 7, 1, "register")
    assert vote.base_told == "12 chính thức − 1 sinh hoạt tạm thời nơi khác − 1 được miễn sinh hoạt, vắng mặt"
    assert vote.numbers == "7/10 tán thành (cần 7), 1 không, 0 trắng; có mặt 8; bỏ phiếu kín"


@pytest.mark.parametrize(
    ("meeting", "ballot", "field", "says"),
    [
        ({"day": D(2024, 10, 16)}, (6, 2, 0), "day", "sau ngày hôm nay"),
        ({"present": 10}, (8, 2, 0), "present", "nhiều hơn tổng số 9"),
        ({"present": 0}, (0, 0, 0), "present", "Ghi số người có mặt"),
        ({"exempt_present": 3}, (6, 2, 0), "exempt_present", "2 đảng viên được miễn"),
        ({"present": 1, "exempt_present": 2}, (1, 0, 0), "exempt_present", "Nhiều hơn số có mặt (1)"),
        ({"base": 11}, (6, 2, 0), "base_reason", "khác sổ (9)"),
        ({"base": 11, "base_reason": "  "}, (6, 2, 0), "base_reason", "khác sổ (9)"),
        ({"base": 2, "base_reason": "sổ sai"}, (2, 0, 0), "base", "dưới 3 nên chưa biểu quyết được"),
        ({}, (9, 0, 0), "yes", "9 phiếu tán thành, nhiều hơn số có mặt 8"),
        ({}, (10, 0, 0), "yes", "10 phiếu tán thành, nhiều hơn tổng số 9"),
        ({}, (6, 1, 0), "yes", "6 + 1 + 0 = 7, khác số có mặt 8: thiếu 1 phiếu"),
        ({}, (6, 2, 2), "yes", "6 + 2 + 2 = 10, khác số có mặt 8: thừa 2 phiếu"),
        ({"number": " "}, (8, 0, 0), "number", "Ghi số nghị quyết"),
        ({"number": "", "on_behalf": True}, (1, 7, 0), "number", "Nhập thay"),
        ({"day": D(2024, 4, 1)}, (6, 2, 0), "person", "trước ngày ghi «đang lập hồ sơ»"),
    ],
)
def test_wrong_numbers_are_said_at_their_field(branch, meeting, ballot, field, says):
    case = a_case(branch, stage=Stage.DOSSIER)
    found = refusals(lambda: hold(branch, on(case, *ballot), **meeting))
    assert [at for _, at, _ in found if at == field] == [field]
    assert any(says in message for _, at, message in found if at == field)
    assert not Vote.objects.exists()
    case.refresh_from_db()
    assert case.stage == Stage.DOSSIER


def test_a_typed_base_that_is_the_register_s_needs_no_reason(branch):
    (vote,) = hold(branch, on(a_case(branch, stage=Stage.DOSSIER), 6, 2), base=9)
    assert (vote.base_source, vote.base_reason) == ("register", "")


def test_a_typed_base_stands_with_its_reason(branch):
    (vote,) = hold(branch, on(a_case(branch, stage=Stage.DOSSIER), 8), base=12, base_reason="hai người mới về")
    assert (vote.base, vote.base_source, vote.base_reason, vote.passed) == (12, "typed", "hai người mới về", True)


def test_where_no_register_is_kept_the_number_is_asked(city):
    case = a_case(city.branch, stage=Stage.DOSSIER)
    assert refusals(lambda: hold(city.branch, on(case, 8)))[0][1] == "base"
    assert "chưa có sổ" in refusals(lambda: hold(city.branch, on(case, 8), base=9))[0][2]
    assert hold(city.branch, on(case, 8), base=9, base_reason="chưa lập sổ")[0].passed


@pytest.mark.parametrize(("members", "may"), [(2, False), (3, True)])
def test_a_branch_below_three_full_members_does_not_vote(city, members, may):
    for _ in range(members):
        a_full_member(city.branch)
    a_member(city.branch)
    case = a_case(city.branch, stage=Stage.DOSSIER)
    vote = lambda: hold(city.branch, on(case, members), present=members)  # noqa: E731
    if may:
        assert vote()[0].passed
        return
    ((_, field, message),) = refusals(vote)
    assert field == "base"
    assert "có 2 đảng viên chính thức, dưới 3" in message
    assert "Cấp ủy cấp trên giới thiệu thêm đảng viên đến sinh hoạt, hoặc ghép chi bộ" in message
    assert "Điều lệ Đảng, Điều 21" in message


def test_the_rule_of_the_day_of_the_meeting_decides(branch):
    new_version(
        key="branch_vote_share", value="3/4", from_day=D(2024, 10, 4), document="Quy định thử", text="x",
        confidence="M", actor=None,
    )  # fmt: skip
    first, second = (a_case(branch, stage=Stage.DOSSIER) for _ in range(2))
    assert hold(branch, on(first, 6, 2))[0].needed == 6
    assert hold(branch, on(second, 6, 2), day=D(2024, 10, 4))[0].needed == 7


# --- what a result leaves behind ----------------------------------------------------------------
def test_one_meeting_votes_on_each_separately(branch):
    passes, fails, absent = (a_case(branch, stage=Stage.DOSSIER) for _ in range(3))
    listed = absent.version
    clerk = a_user("branch", branch)
    votes = hold(branch, on(passes, 6, 1, 1), on(fails, 5, 3, number="22-BC/CB"), actor=clerk)
    for case in (passes, fails, absent):
        case.refresh_from_db()
    assert [case.stage for case in (passes, fails, absent)] == [Stage.BRANCH_RESOLVED, Stage.DOSSIER, Stage.DOSSIER]
    assert [(vote.passed, vote.attempt, vote.number) for vote in votes] == [
        (True, 1, "21-NQ/CB"),
        (False, 1, "22-BC/CB"),
    ]
    step = passes.events.latest("pk")
    assert (votes[0].step, step.day, step.number, step.actor) == (step, MET, "21-NQ/CB", clerk)
    assert votes[1].step is None
    assert Entry.objects.filter(deed="hold_meeting").values_list("count", flat=True).get() == 2
    assert absent.version == listed
    assert fails.version == listed + 1, "who looks at the case sees that something happened"


def test_the_result_is_the_same_for_all_however_they_abstain(branch):
    cases = [a_case(branch, stage=Stage.DOSSIER) for _ in range(3)]
    votes = hold(branch, on(cases[0], 5, 3), on(cases[1], 5, 0, 3), on(cases[2], 5, 2, 1))
    assert not any(vote.passed for vote in votes)


def test_a_failed_vote_is_kept_and_may_be_tried_again(branch):
    case = a_case(branch, stage=Stage.DOSSIER)
    hold(branch, on(case, 5, 3))
    ((_, field, message),) = refusals(lambda: hold(branch, on(case, 6, 2)))
    assert field == "person"
    assert "Lần biểu quyết trước là ngày 03/10/2024" in message
    (vote,) = hold(branch, on(case, 6, 2), day=D(2024, 10, 10))
    assert (vote.attempt, vote.step.stage) == (2, Stage.BRANCH_RESOLVED)
    assert [vote.passed for vote in case.votes.order_by("day")] == [False, True]


def test_a_case_with_a_failed_vote_may_be_dropped_on_purpose(branch):
    from cells.rules.models import ExitReason

    case = a_case(branch, stage=Stage.DOSSIER)
    hold(branch, on(case, 5, 3))
    reason = ExitReason.objects.get(code="unqualified")
    admission.drop([admission.Move(case.pk, "", MET, exit_reason=reason)], actor=None, today=TODAY)
    assert case.votes.get().attempt == 1
    assert "theo dõi lại" in refusals(lambda: hold(branch, on(case, 8), day=TODAY))[0][2]
    admission.resume([admission.Move(case.pk, "", TODAY)], actor=None, today=TODAY)
    assert hold(branch, on(case, 8), day=TODAY)[0].attempt == 2


@pytest.mark.parametrize("stage", [Stage.TRAINED, Stage.BRANCH_RESOLVED, Stage.DECIDED])
def test_a_branch_votes_after_the_dossier_and_once(branch, stage):
    case = a_case(branch, stage=stage)
    ((_, field, message),) = refusals(lambda: hold(branch, on(case, 8)))
    assert field == "person"
    assert "Việc tiếp theo là" in message


def test_the_base_committee_votes_on_several_branches_people(city):
    cases = [a_case(unit, stage=Stage.BRANCH_RESOLVED) for unit in (city.branch, city.sibling)]
    stranger = a_case(city.outside, stage=Stage.BRANCH_RESOLVED)
    ballots = [
        on(case, yes, 11 - yes, subject=Subject.COMMITTEE_ADMISSION) for case, yes in zip(cases, (10, 9), strict=True)
    ]
    found = refusals(lambda: hold(city.committee, *ballots, present=11, committee=True))
    assert ("base", "Ghi tổng số cấp ủy viên.") in [(field, message) for _, field, message in found]
    votes = hold(city.committee, *ballots, present=11, committee=True, base=15)
    assert [(vote.needed, vote.passed) for vote in votes] == [(10, True), (10, False)]
    assert [Candidacy.objects.get(pk=case.pk).stage for case in cases] == [Stage.EXAMINED, Stage.BRANCH_RESOLVED]
    foreign = on(stranger, 11, subject=Subject.COMMITTEE_ADMISSION)
    found = refusals(lambda: hold(city.committee, foreign, present=11, committee=True, base=15))
    assert "không thuộc nơi họp" in found[0][2]


def test_a_section_committee_stands_between_and_the_base_one_votes(city):
    section = a_unit("DU1-BP", "section_committee", city.committee)
    case = a_case(a_unit("DU1-BP-01", "branch", section), stage=Stage.BRANCH_RESOLVED)
    ballot = on(case, 9, subject=Subject.COMMITTEE_ADMISSION)
    more = {"present": 9, "committee": True, "base": 9}
    assert "không thuộc" in refusals(lambda: hold(section, ballot, **more))[0][2]
    assert hold(city.committee, ballot, **more)[0].step.stage == Stage.EXAMINED


def test_a_base_branch_has_no_committee_that_votes(city):
    case = a_case(city.base_branch, stage=Stage.BRANCH_RESOLVED)
    ballot = on(case, 9, subject=Subject.COMMITTEE_ADMISSION)
    assert refusals(lambda: hold(city.committee, ballot, present=9, committee=True, base=9))[0][1] == "person"


def test_nobody_of_another_branch_and_nothing_at_all(branch, city):
    case = a_case(city.sibling, stage=Stage.DOSSIER)
    assert "không thuộc nơi họp" in refusals(lambda: hold(branch, on(case, 8)))[0][2]
    assert refusals(lambda: hold(branch)) == [(0, "", "Ghi kết quả của ít nhất một người.")]


def test_one_wrong_of_a_list_keeps_all_out(branch):
    good, bad = (a_case(branch, stage=Stage.DOSSIER) for _ in range(2))
    found = refusals(lambda: hold(branch, on(good, 8), on(bad, 7)))
    assert [index for index, *_ in found] == [1]
    assert not Vote.objects.exists()


def test_the_second_of_two_who_record_a_meeting_is_told(branch):
    case = a_case(branch, stage=Stage.DOSSIER)
    ballot = on(case, 5, 3, seen=case.version)
    hold(branch, ballot)
    with pytest.raises(Stale) as caught:
        hold(branch, replace(ballot, yes=6, no=2), day=D(2024, 10, 4))
    assert caught.value.problems[0].field == "person"
    assert case.votes.get().yes == 5


def test_the_database_holds_the_sum_and_one_vote_a_day(branch):
    (vote,) = hold(branch, on(a_case(branch, stage=Stage.DOSSIER), 5, 3))
    for changes in ({"yes": 6}, {"present": 10, "yes": 7}, {"base": 7}, {"spell": a_member(branch)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(**changes)
    vote.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        vote.save(force_insert=True)


def test_a_case_taken_over_and_the_old_book_need_no_vote(city):
    from membership.nomination import Nomination
    from tests.factories import an_identity

    item = Nomination(an_identity(), city.branch, D(2024, 3, 1), stage=Stage.BRANCH_RESOLVED, stage_day=D(2024, 8, 1))
    (case,) = admission.nominate([item], actor=None, today=TODAY)
    assert not case.votes.exists()
    assert a_vote(case, MET).step.stage == Stage.EXAMINED


# --- away for a while ---------------------------------------------------------------------------
def leave(spell, day=None, place="Trường Chính trị tỉnh", **more):
    item = temporary.Leave(spell.pk, day or D(2024, 9, 1), place, **more)
    return temporary.transfer_temporarily([item], actor=None, today=TODAY)[0]


def test_who_is_away_is_back_on_the_day_after_the_last(city):
    spell = a_full_member(city.branch)
    leave(spell, last=D(2024, 9, 30))
    assert [roll_of(city.branch.pk, D(2024, 9, day)).away for day in (1, 30)] == [1, 1]
    assert roll_of(city.branch.pk, D(2024, 10, 1)).away == 0
    assert roll_of(city.branch.pk, D(2024, 8, 31)).away == 0


def test_who_comes_back_earlier_is_counted_again(city):
    spell = a_full_member(city.branch)
    leave(spell)
    back = temporary.Return(spell.pk, D(2024, 10, 1))
    temporary.end_temporary_transfer([back], actor=None, today=TODAY)
    assert [roll_of(city.branch.pk, D(2024, 10, day)).away for day in (1, 2)] == [1, 0]
    assert refusals(lambda: temporary.end_temporary_transfer([back], actor=None, today=TODAY))[0][1] == "last"
    again = leave(spell, D(2024, 10, 5))
    assert TemporaryTransfer.objects.count() == 2
    assert again.to_day is None


def test_a_recognition_or_a_merger_does_not_bring_anybody_back(city):
    from cells.organisations import reorganise
    from membership import register

    spell = a_member(city.branch, decided_on=D(2023, 5, 1))
    leave(spell, D(2024, 3, 1))
    register.recognise([register.Change(spell.pk, D(2024, 5, 1))], actor=None, today=TODAY)
    assert roll_of(city.branch.pk, MET).away == 1
    merging = reorganise.Merging(city.branch.code, D(2024, 9, 1), city.sibling.code)
    reorganise.merge([merging], actor=None, today=TODAY)
    assert roll_of(city.sibling.pk, MET).away == 1


def test_a_move_for_good_ends_it(city):
    from membership import register

    spell = a_full_member(city.branch)
    leave(spell)
    move = register.Change(spell.pk, D(2024, 9, 20), destination=city.sibling)
    (here,) = register.transfer([move], actor=None, today=TODAY)
    assert roll_of(city.branch.pk, D(2024, 9, 20)).away == 1
    assert roll_of(city.sibling.pk, D(2024, 9, 21)).away == 0
    assert temporary.transfer_of(here.person_id, TODAY) is None
    leave(here, D(2024, 10, 1))
    assert roll_of(city.sibling.pk, MET).away == 1


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"day": D(2024, 10, 16)}, "day", "sau ngày hôm nay"),
        ({"day": D(2019, 1, 1)}, "day", "chưa là đảng viên"),
        ({"place": "  "}, "place", "Ghi nơi"),
        ({"last": D(2024, 8, 31)}, "last", "trước ngày đầu"),
        ({"day": D(2024, 2, 1), "last": D(2024, 2, 20)}, "day", "đã ghi sinh hoạt tạm thời"),
    ],
)
def test_a_wrong_leave_writes_nothing(city, more, field, says):
    spell = a_full_member(city.branch)
    leave(spell, D(2024, 2, 10), last=D(2024, 2, 28))
    ((_, found, message),) = refusals(lambda: leave(spell, **more))
    assert found == field
    assert says in message
    assert TemporaryTransfer.objects.count() == 1


def test_nobody_gone_goes_away(city):
    spell = a_full_member(city.branch, end="deceased", changed_on=D(2024, 6, 1))
    assert "không còn ở chi bộ" in refusals(lambda: leave(spell))[0][2]
