"""The rows of the clocks: what each deed leaves, the questions, and the deeds on clocks themselves."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.log.models import Entry
from cells.organisations import reorganise
from cells.people.models import Person
from cells.rules import deeds as rule_deeds
from cells.rules.models import CalendarDay, CalendarYear, ExitReason, Rule
from cells.verdict import Refused, Stale
from membership import admission, correct, register
from membership.admission import Move
from membership.deadlines import rows
from membership.deadlines.clocks import State, state
from membership.deadlines.extend import Extending, RulesOf, correct_extension, extend, move_to_rules_of
from membership.deadlines.milestones import Noted, note
from membership.deadlines.models import Kind, Milestone
from membership.models import Candidacy, Deadline, Spell, Stage, StageEvent, Vote
from membership.recognition.decide import Decision, decide
from membership.register import Change, Enrolment, Reception
from membership.votes.base import Meeting
from membership.votes.correct import correct_vote, take_back
from membership.votes.hold import Ballot
from membership.votes.models import Subject
from tests import factories
from tests.everywhere import EVERYWHERE
from tests.factories import TODAY, a_case, a_case_taken_over, a_member, a_person, a_step, a_user, a_vote_on

pytestmark = pytest.mark.django_db

D = dt.date
What = Milestone.What
RESOLVED, SINCE = D(2024, 9, 2), D(2024, 10, 10)


@pytest.fixture(autouse=True)
def rows_are_right():
    """Whatever a test did by deeds, the rows are what the pure functions say."""
    yield
    assert rows.recompute() == 0


def kept(*, day=TODAY, **of_whom) -> dict[str, tuple]:
    """Kind → (start, due, ended on, outcome) of the rows of a case or spell."""
    found = Deadline.objects.filter(**of_whom)
    return {row.kind: (row.start, row.due, row.ended_on, row.outcome) for row in found}


def resolved(branch, day=RESOLVED, **more):
    """A case whose branch resolved on `day`."""
    case = a_case(branch, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20, **more)
    return a_step(case, Stage.BRANCH_RESOLVED, day)


def admitted(branch, **more):
    """The case and member of a ceremony held on 8/10/2024."""
    case = resolved(branch, **more)
    for to, day in (
        (Stage.EXAMINED, D(2024, 9, 10)),
        (Stage.DECIDED, D(2024, 9, 20)),
        (Stage.ADMITTED, D(2024, 10, 8)),
    ):
        case = a_step(case, to, day)
    return case, Spell.objects.get(candidacy=case)


# ---- what each deed leaves -----------------------------------------------------------------------
def test_the_way_of_one_person_day_by_day(city):
    case = a_case(city.branch, stage=Stage.SYMPATHISER, listed_on=D(2024, 1, 5), step_days=20)
    assert kept(candidacy=case) == {}
    case = a_step(case, Stage.TRAINED, D(2024, 3, 1))
    assert kept(candidacy=case) == {"certificate": (D(2024, 3, 1), D(2029, 2, 28), None, "")}
    a_step(case, Stage.DOSSIER, D(2024, 4, 1))
    case = a_step(case, Stage.BRANCH_RESOLVED, D(2024, 9, 4))
    assert kept(candidacy=case) == {
        "certificate": (D(2024, 3, 1), D(2029, 2, 28), D(2024, 9, 4), "met"),
        "decision": (D(2024, 9, 4), D(2024, 11, 27), None, ""),
        "dossier": (D(2024, 9, 4), D(2025, 9, 3), None, ""),
    }
    a_step(case, Stage.EXAMINED, D(2024, 9, 10))
    case = a_step(case, Stage.DECIDED, D(2024, 9, 20))
    assert kept(candidacy=case)["decision"][2:] == (D(2024, 9, 20), "met")
    assert kept(candidacy=case)["ceremony"] == (D(2024, 9, 20), D(2024, 11, 1), None, "")
    assert Deadline.objects.get(candidacy=case, kind="ceremony").assumed
    case = a_step(case, Stage.ADMITTED, D(2024, 10, 8), received_on=D(2024, 9, 26))
    assert kept(candidacy=case)["ceremony"] == (D(2024, 9, 26), D(2024, 11, 7), D(2024, 10, 8), "met")
    spell = Spell.objects.get(candidacy=case)
    assert kept(spell=spell) == {
        "member_file": (D(2024, 10, 8), D(2024, 11, 19), None, ""),
        "probation": (D(2024, 10, 8), D(2025, 10, 8), D(2025, 10, 8), "met"),
        "review": (D(2025, 10, 8), D(2025, 11, 19), None, ""),
    }


def test_a_dropped_case_stops_and_a_resumed_one_runs_on_from_its_old_start(city):
    case = resolved(city.branch)
    reason = ExitReason.objects.get(code="withdrew")
    admission.drop([Move(case.pk, "", D(2024, 9, 10), exit_reason=reason)], actor=None, today=TODAY)
    assert kept(candidacy=case)["decision"][2:] == (D(2024, 9, 10), "stopped")
    admission.resume([Move(case.pk, "", D(2024, 9, 20))], actor=None, today=TODAY)
    assert kept(candidacy=case)["decision"] == (D(2024, 9, 2), D(2024, 11, 26), None, "")


def test_a_corrected_step_moves_its_clocks(city):
    case, spell = admitted(city.branch)
    actor = a_user("board", city.top)

    def put_right(stage, day):
        event = case.events.valid().get(stage=stage)
        correct.correct_step(event, day=day, number="1", reason="ghi nhầm", actor=actor, today=TODAY)

    put_right(Stage.ADMITTED, D(2024, 10, 9))
    assert kept(spell=spell)["probation"][:2] == (D(2024, 10, 9), D(2025, 10, 9))
    assert kept(candidacy=case)["ceremony"][2] == D(2024, 10, 9)


def move_vote(case, day, actor, today=TODAY):
    """The vote of nine (`a_vote`) put on another day."""
    vote = Vote.objects.get(candidacy=case, subject=Subject.BRANCH_ADMISSION)
    meeting = Meeting(vote.organisation, day, present=9, base=9, base_reason="chưa lập sổ", number="1")
    ballot = Ballot(vote.subject, 9, candidacy_id=case.pk)
    return correct_vote(vote, meeting=meeting, ballot=ballot, reason="ghi nhầm", actor=actor, today=today)


def test_a_vote_moved_to_another_day_moves_its_clocks(city):
    case = resolved(city.branch)
    move_vote(case, D(2024, 9, 5), a_user("board", city.top))
    assert kept(candidacy=case)["decision"][0] == D(2024, 9, 5)
    assert kept(candidacy=case)["certificate"][2] == D(2024, 9, 5)


def test_a_revoked_admission_leaves_no_clock_of_the_member(city):
    case, spell = admitted(city.branch)
    correct.revoke(spell, number="9-QĐ", reason="sai", actor=a_user("board", city.top), today=TODAY)
    assert kept(spell=spell) == {}
    assert set(kept(candidacy=case)) == {"certificate", "decision", "dossier"}
    assert kept(candidacy=case)["decision"][2:] == (TODAY, "stopped")


def test_recognition_ends_the_clocks_and_keeps_the_day_of_its_decision(city):
    spell = a_member(city.branch, ceremony_on=D(2023, 6, 20), decided_on=D(2023, 6, 10))
    a_vote_on(spell, D(2024, 8, 1))
    assert kept(spell=spell)["review"] == (D(2024, 6, 20), D(2024, 8, 1), D(2024, 8, 1), "met")
    assert kept(spell=spell)["recognition"] == (D(2024, 8, 1), D(2024, 9, 16), None, "")
    a_vote_on(spell, D(2024, 9, 10), subject=Subject.COMMITTEE_RECOGNITION)
    decide([Decision(spell.pk, D(2024, 9, 20), "16-QĐ")], actor=None, today=TODAY)
    assert not Deadline.objects.exists()  # an old book told of this member: clocks are kept only on probation


def test_three_meetings_in_vain_start_the_decision_and_a_vote_taken_back_stops_it(city):
    spell = a_member(city.branch, ceremony_on=D(2023, 6, 20), decided_on=D(2023, 6, 10))
    for day in (D(2024, 7, 1), D(2024, 8, 1)):
        a_vote_on(spell, day, yes=5)
        assert kept(spell=spell)["review"][2:] == (None, "")
    last = a_vote_on(spell, D(2024, 9, 4), yes=5)
    assert kept(spell=spell)["review"][2:] == (D(2024, 9, 4), "met")
    assert kept(spell=spell)["recognition"][:2] == (D(2024, 9, 4), D(2024, 10, 16))
    take_back(last, reason="ghi nhầm người", actor=a_user("committee", city.committee), today=TODAY)
    assert kept(spell=spell)["review"][2:] == (None, "")
    assert "recognition" not in kept(spell=spell)


def test_a_decision_without_votes_ends_the_review_on_its_day(city):
    case = a_case(city.branch, stage=Stage.ADMITTED, listed_on=D(2022, 9, 1), step_days=30)
    spell = Spell.objects.get(candidacy=case)
    item = Decision(spell.pk, D(2024, 9, 20), "16-QĐ", without_votes="theo nghị quyết cũ")
    (now,) = decide([item], actor=None, today=TODAY)
    assert kept(spell=now)["review"][2:] == (D(2024, 9, 20), "met")


def test_of_a_member_with_a_case_the_ended_clocks_stay(city):
    case = a_case(city.branch, stage=Stage.ADMITTED, listed_on=D(2022, 9, 1), step_days=30)
    spell = Spell.objects.get(candidacy=case)
    complete = spell.ceremony_on.replace(year=spell.ceremony_on.year + 1)
    (begun,) = register.recognise([Change(spell.pk, complete)], actor=None, today=TODAY)
    assert kept(spell=spell) == {}
    assert kept(spell=begun)["review"][2:] == (complete, "met")
    assert kept(spell=begun)["probation"][2:] == (complete, "met")


def test_a_transfer_takes_the_clocks_along_and_a_departure_stops_them(city):
    _, spell = admitted(city.branch)
    change = Change(spell.pk, D(2024, 10, 10), destination=city.outside)
    (there,) = register.transfer([change], actor=None, today=TODAY)
    assert kept(spell=spell) == {}
    assert set(kept(spell=there)) == {"member_file", "probation", "review"}
    assert set(Deadline.objects.filter(spell=there).values_list("organisation", flat=True)) == {city.outside.pk}
    register.depart([Change(there.pk, D(2024, 10, 12), cause="deceased")], actor=None, today=TODAY)
    assert kept(spell=there)["probation"][2:] == (D(2024, 10, 12), "stopped")
    assert "review" not in kept(spell=there)


def test_nobody_awaits_the_ceremony_of_somebody_who_died(city):
    case = resolved(city.branch)
    a_step(case, Stage.EXAMINED, D(2024, 9, 10))
    a_step(case, Stage.DECIDED, D(2024, 9, 20))
    spell = Spell.objects.get(candidacy=case)
    register.depart([Change(spell.pk, D(2024, 10, 1), cause="deceased")], actor=None, today=TODAY)
    assert kept(candidacy=case)["ceremony"][2:] == (D(2024, 10, 1), "stopped")


def test_cases_taken_over_run_only_from_days_that_are_known(city):
    def taken(stage, **more):
        return a_case_taken_over(city.branch, stage, D(2024, 9, 2), listed_on=D(2023, 1, 5), **more)

    assert set(kept(candidacy=taken(Stage.TRAINED, certificate_on=D(2024, 9, 2)))) == {"certificate"}
    assert set(kept(candidacy=taken(Stage.BRANCH_RESOLVED))) == {"decision", "dossier"}
    assert kept(candidacy=taken(Stage.EXAMINED, certificate_on=D(2023, 5, 1))) == {}
    assert set(kept(candidacy=taken(Stage.DECIDED))) == {"ceremony"}
    over = taken(Stage.ADMITTED)
    assert kept(candidacy=over) == {}
    # of a ceremony held before, nobody knows what became of the member's file
    assert set(kept(spell=Spell.objects.get(candidacy=over))) == {"probation", "review"}


def test_members_of_an_old_book_have_clocks_only_on_probation(city):
    late = a_member(city.branch, ceremony_on=D(2023, 6, 20), decided_on=D(2023, 6, 10))
    factories.a_full_member(city.branch)
    received = register.receive(
        [Reception(a_person(), city.branch, D(2024, 9, 1), "probationary", D(2023, 12, 1), D(2023, 12, 15))],
        actor=None,
        today=TODAY,
    )[0]
    enrolled = Enrolment(a_person(), city.branch, D(2024, 1, 1), D(2024, 1, 1))  # no ceremony known
    register.enrol([enrolled], actor=None, today=TODAY)
    assert set(Deadline.objects.values_list("spell", flat=True)) == {late.pk, received.pk}
    assert list(Deadline.objects.overdue(TODAY).values_list("spell", "kind")) == [(late.pk, "review")]


@pytest.mark.parametrize("work", ["merge", "dissolve", "split", "leave"])
def test_clocks_go_where_their_unit_goes(city, work):
    case = resolved(city.branch)
    member = admitted(city.branch)[1]
    day = D(2024, 10, 12)
    code, other = city.branch.code, city.sibling.code
    people = {case.person_id: other, member.person_id: code}
    item = {
        "merge": reorganise.Merging(code, day, other),
        "dissolve": reorganise.Dissolving(code, day, other),
        "split": reorganise.Splitting(code, day, [code, other], people=people),
        "leave": reorganise.Leaving(code, day),
    }[work]
    getattr(reorganise, work)([item], actor=None, today=TODAY)
    case.refresh_from_db()
    now = Spell.objects.get(person=member.person_id, to_day=None)
    assert set(Deadline.objects.filter(candidacy=case).values_list("organisation", flat=True)) == {case.organisation_id}
    assert set(Deadline.objects.filter(spell=now).values_list("organisation", flat=True)) == {now.organisation_id}
    assert not Deadline.objects.filter(spell__to_day__isnull=False).exists()
    if work == "leave":
        assert not Deadline.objects.below(city.top.pk, on=day).exists()


# ---- questions -----------------------------------------------------------------------------------
def test_overdue_on_each_day(city):
    case = resolved(city.branch, D(2024, 7, 2))  # due 26/9
    row = Deadline.objects.get(candidacy=case, kind="decision")
    found = {
        day: (
            Deadline.objects.overdue(day).count(),
            Deadline.objects.due_within(day, 7).count(),
            state(row.start, row.due, row.ended_on, row.outcome, row.extended, day),
        )
        for day in (D(2024, 7, 1), D(2024, 7, 2), D(2024, 9, 18), D(2024, 9, 19), D(2024, 9, 26), D(2024, 9, 27))
    }
    assert found == {
        D(2024, 7, 1): (0, 0, State.COMING),
        D(2024, 7, 2): (0, 0, State.RUNNING),
        D(2024, 9, 18): (0, 0, State.RUNNING),
        D(2024, 9, 19): (0, 1, State.RUNNING),
        D(2024, 9, 26): (0, 1, State.RUNNING),
        D(2024, 9, 27): (1, 0, State.OVERDUE),
    }
    for to, day in ((Stage.EXAMINED, D(2024, 10, 1)), (Stage.DECIDED, D(2024, 10, 2))):
        a_step(case, to, day)
    row.refresh_from_db()
    told = [
        (Deadline.objects.overdue(day).count(), state(row.start, row.due, row.ended_on, row.outcome, 0, day))
        for day in (D(2024, 10, 1), D(2024, 10, 2))
    ]
    assert told == [(1, State.OVERDUE), (0, State.LATE)]


def test_an_old_certificate_is_expired_not_overdue(city):
    a_case_taken_over(city.branch, Stage.TRAINED, D(2019, 5, 6), certificate_on=D(2019, 5, 6))
    assert Deadline.objects.overdue(TODAY).count() == 0
    assert [Deadline.objects.expired(day).count() for day in (D(2024, 5, 5), D(2024, 5, 6))] == [0, 1]


def test_only_people_the_reader_may_see(city):
    for unit in (city.branch, city.outside):
        resolved(unit, D(2024, 7, 2))
    seen = {
        name: Deadline.objects.for_user(user, on=TODAY).overdue(TODAY).count()
        for name, user in {
            "secretary": a_user("branch", city.branch),
            "sibling": a_user("branch", city.sibling),
            "committee": a_user("committee", city.committee),
            "board": a_user("board", city.top),
            "auditor": a_user("auditor", city.top),
            "body": a_user("body", city.top),
            "administrator": a_user("administrator", city.top),
            "nobody": a_user(),
        }.items()
    }
    assert seen == {
        "secretary": 1,
        "sibling": 0,
        "committee": 1,
        "board": 2,
        "auditor": 2,
        "body": 0,
        "administrator": 0,
        "nobody": 0,
    }


# ---- days that clocks need -----------------------------------------------------------------------
def decided(branch):
    case = resolved(branch)
    a_step(case, Stage.EXAMINED, D(2024, 9, 10))
    return a_step(case, Stage.DECIDED, D(2024, 9, 20))


def on_probation(branch):
    return a_member(branch, ceremony_on=D(2023, 6, 20), decided_on=D(2023, 6, 10))


REFUSED_NOTES = [
    (decided, What.RECEIVED, {"day": D(2024, 9, 19)}, "day", "trước ngày quyết định"),
    (decided, What.RECEIVED, {"day": D(2024, 10, 16)}, "day", "sau ngày hôm nay"),
    (decided, What.RECEIVED, {"day": D(2024, 9, 23), "on_behalf": True}, "number", "Nhập thay"),
    (decided, What.CERTIFICATE, {"day": D(2024, 9, 23)}, "what", "chi bộ chưa xét"),
    (decided, What.MEMBER_FILE, {"day": D(2024, 9, 23)}, "what", "trang của đảng viên"),
    (resolved, What.RECEIVED, {"day": D(2024, 9, 23)}, "what", "chưa có quyết định"),
    (on_probation, What.MEMBER_FILE, {"day": D(2023, 6, 19)}, "day", "trước lễ kết nạp"),
    (on_probation, What.RECEIVED, {"day": D(2024, 7, 1)}, "what", "hồ sơ kết nạp"),
]


def test_days_that_are_refused(city):
    rows_of = {make: make(city.branch) for make in (decided, resolved, on_probation)}
    for of_whom, what, values, field, says in REFUSED_NOTES:
        with pytest.raises(Refused) as refused:
            note([Noted(rows_of[of_whom], what, **values)], actor=None, today=TODAY)
        assert [problem.field for problem in refused.value.problems] == [field], (what, values)
        assert says in refused.value.problems[0].message
        assert not Milestone.objects.exists()


def test_a_day_recorded_again_needs_a_reason_and_both_stay(city):
    case = decided(city.branch)
    actor = a_user("branch", city.branch)
    note([Noted(case, What.RECEIVED, D(2024, 9, 26), version=case.version)], actor=actor, today=TODAY)
    assert kept(candidacy=case)["ceremony"][:2] == (D(2024, 9, 26), D(2024, 11, 7))
    with pytest.raises(Stale):
        note([Noted(case, What.RECEIVED, D(2024, 9, 25), reason="x", version=case.version)], actor=actor, today=TODAY)
    with pytest.raises(Refused, match="Đã ghi ngày 26/09/2024"):
        note([Noted(case, What.RECEIVED, D(2024, 9, 25))], actor=actor, today=TODAY)
    note([Noted(case, What.RECEIVED, D(2024, 9, 25), reason="đọc nhầm dấu đến")], actor=actor, today=TODAY)
    assert kept(candidacy=case)["ceremony"][0] == D(2024, 9, 25)
    assert [row.day for row in Milestone.objects.all()] == [D(2024, 9, 26), D(2024, 9, 25)]
    entry = Entry.objects.filter(deed="note_milestone").first()
    assert (entry.actor, entry.note) == (actor, "đọc nhầm dấu đến")
    assert list(entry.values.values_list("field", "old", "new")) == [("received", "2024-09-26", "2024-09-25")]


def test_the_members_file_is_done_and_the_clock_over(city):
    spell = admitted(city.branch)[1]
    note([Noted(spell, What.MEMBER_FILE, D(2024, 10, 14))], actor=None, today=TODAY)
    assert kept(spell=spell)["member_file"][2:] == (D(2024, 10, 14), "met")


# ---- the certificate, at the branch's vote -------------------------------------------------------
def with_certificate(branch, issued):
    of_2025 = {"today": D(2025, 3, 1), "certificate_on": issued, "certificate_number": "01"}
    return a_case_taken_over(branch, Stage.DOSSIER, D(2024, 11, 1), **of_2025)


@pytest.mark.parametrize(
    ("meeting", "refused"), [(D(2025, 1, 14), False), (D(2025, 1, 15), True), (D(2025, 2, 3), True)]
)
def test_no_vote_on_an_old_certificate(city, meeting, refused):
    """Issued 15/01/2020, meeting 03/02/2025: refused, with the rule (issue 4)."""
    case = with_certificate(city.branch, D(2020, 1, 15))
    if not refused:
        assert step_on(case, meeting).stage == Stage.BRANCH_RESOLVED
        return
    with pytest.raises(Refused) as answer:
        step_on(case, meeting)
    (problem,) = answer.value.problems
    assert problem.field == "override"
    for words in ("15/01/2020", "60 tháng", "14/01/2025", "Quy định số 29-QĐ/TW"):
        assert words in problem.message


def test_studying_again_gives_a_new_certificate(city):
    case = with_certificate(city.branch, D(2019, 5, 6))
    assert Deadline.objects.expired(TODAY).filter(candidacy=case).exists()
    with pytest.raises(Refused, match="không sau ngày cấp chứng nhận trước"):
        note([Noted(case, What.CERTIFICATE, D(2019, 5, 6))], actor=None, today=D(2025, 3, 1))
    note([Noted(case, What.CERTIFICATE, D(2025, 1, 20), number="77/CN")], actor=None, today=D(2025, 3, 1))
    case.refresh_from_db()
    assert (case.certificate_on, case.certificate_number) == (D(2025, 1, 20), "77/CN")
    assert step_on(case, D(2025, 2, 3)).stage == Stage.BRANCH_RESOLVED


def step_on(case, day):
    return a_step(case, Stage.BRANCH_RESOLVED, day, today=D(2025, 3, 1))


def test_a_vote_is_not_moved_to_where_the_certificate_was_old(city):
    case = step_on(with_certificate(city.branch, D(2020, 1, 15)), D(2025, 1, 10))
    with pytest.raises(Refused, match="60 tháng"):
        move_vote(case, D(2025, 1, 16), None, today=D(2025, 3, 1))


# ---- more time -----------------------------------------------------------------------------------
def extending(row, **more):
    values = {"kind": Kind.DECISION, "days": 30, "day": D(2024, 10, 1), "number": "5-CV/ĐU", "reason": "thẩm tra xa"}
    return Extending(row, **(values | more))


REFUSED_EXTENSIONS = [
    ({"days": 31}, "days", "từ 1 đến 30"),
    ({"days": 0}, "days", "từ 1 đến 30"),
    ({"number": " "}, "number", "Ghi số văn bản"),
    ({"reason": ""}, "reason", "Ghi lý do"),
    ({"day": D(2024, 9, 1)}, "day", "trong thời hạn"),
    ({"day": D(2024, 10, 16)}, "day", "sau ngày hôm nay"),
    ({"kind": Kind.CEREMONY}, "", "không đang chạy"),
    ({"kind": Kind.DOSSIER}, "days", "từ 1 đến 0"),
]


def test_extensions_that_are_refused(city):
    case = resolved(city.branch)
    for values, field, says in REFUSED_EXTENSIONS:
        with pytest.raises(Refused) as refused:
            extend([extending(case, **values)], actor=None, today=TODAY)
        problem = refused.value.problems[0]
        assert (problem.field, says in problem.message) == (field, True), problem


def test_once_and_put_right_with_a_reason(city):
    case = resolved(city.branch)  # 2/9 … 26/11
    actor = a_user("board", city.top)
    (row,) = extend([extending(case)], actor=actor, today=TODAY)
    assert Deadline.objects.get(candidacy=case, kind="decision").due == D(2025, 1, 8)
    with pytest.raises(Refused, match="chỉ được gia hạn một lần"):
        extend([extending(case)], actor=actor, today=TODAY)
    correct_extension(row, extending(case, days=20, reason="ghi nhầm"), actor=actor, today=TODAY)
    assert Deadline.objects.get(candidacy=case, kind="decision").extended == 20
    with pytest.raises(Refused, match="từ 0 đến 30"):
        correct_extension(row, extending(case, days=40), actor=actor, today=TODAY)
    correct_extension(row, extending(case, days=0, reason="không gia hạn nữa"), actor=actor, today=TODAY)
    assert kept(candidacy=case)["decision"][1] == D(2024, 11, 26)
    deeds = list(Entry.objects.filter(subject_id=case.pk).values_list("deed", "note"))
    assert deeds[:3] == [
        ("correct", "không gia hạn nữa"),
        ("correct", "ghi nhầm"),
        ("extend_deadline", "thẩm tra xa"),
    ]


def test_a_recognition_may_be_extended_and_a_clock_that_is_over_not(city):
    spell = on_probation(city.branch)
    with pytest.raises(Refused, match="không đang chạy"):
        extend([extending(spell, kind=Kind.RECOGNITION)], actor=None, today=TODAY)
    a_vote_on(spell, D(2024, 9, 20))
    extend([extending(spell, kind=Kind.RECOGNITION)], actor=None, today=TODAY)
    assert Deadline.objects.get(spell=spell, kind="recognition").extended == 30
    case = decided(city.branch)
    with pytest.raises(Refused, match="không đang chạy"):
        extend([extending(case)], actor=None, today=TODAY)


# ---- other rules ---------------------------------------------------------------------------------
def new_rule(value="45", from_day=SINCE, key="decision_days"):
    return rule_deeds.new_version(
        key=key, value=value, from_day=from_day, document="Quy định thử", text="Thử.", confidence="M", actor=None
    )


def test_a_running_case_stays_on_its_rule_until_moved_on_purpose(city):
    case = resolved(city.branch)
    rule = new_rule()
    row = Deadline.objects.get(candidacy=case, kind="decision")
    assert (row.due, row.rule == rule) == (D(2024, 11, 26), False)
    move_to_rules_of([RulesOf(case, D(2024, 10, 12), "đảng ủy đề nghị")], actor=None, today=TODAY)
    row.refresh_from_db()
    assert (row.due, row.rule) == (D(2024, 11, 5), rule)  # Mon 2/9; nine weeks: Mon 4/11; 3/9 off: +1
    entry = Entry.objects.get(deed="move_to_rules")
    assert (entry.subject_id, entry.note) == (case.pk, "đảng ủy đề nghị")


def test_moves_that_are_refused(city):
    case = resolved(city.branch)
    new_rule()
    for day, reason, field, says in (
        (D(2024, 10, 16), "x", "day", "sau ngày hôm nay"),
        (D(2024, 10, 12), " ", "reason", "Ghi lý do"),
        (D(2024, 10, 9), "x", "day", "Không có thời hạn đang chạy nào đổi"),
    ):
        with pytest.raises(Refused) as refused:
            move_to_rules_of([RulesOf(case, day, reason)], actor=None, today=TODAY)
        (problem,) = refused.value.problems
        assert (problem.field, says in problem.message) == (field, True), problem


def test_a_version_from_before_the_start_is_followed_at_once(city):
    case = resolved(city.branch)
    new_rule(from_day=D(2024, 9, 1))
    assert kept(candidacy=case)["decision"][1] == D(2024, 11, 5)
    new_rule(value="10", from_day=D(2024, 9, 2), key="group_threshold")  # no clock goes by it


# ---- rebuilding ----------------------------------------------------------------------------------
def test_the_command_rebuilds_from_nothing_and_says_how_many(city, capsys):
    resolved(city.branch)
    on_probation(city.branch)
    before = sorted(Deadline.objects.values_list("kind", "start", "due", "ended_on"))
    Deadline.objects.filter(kind="decision").update(due=D(2000, 1, 1))
    Deadline.objects.filter(kind="probation").delete()
    call_command("recompute_deadlines")
    assert capsys.readouterr().out.strip() == "2 thời hạn thay đổi; tất cả 5."
    assert sorted(Deadline.objects.values_list("kind", "start", "due", "ended_on")) == before
    call_command("recompute_deadlines")
    assert capsys.readouterr().out.startswith("0 thời hạn")


def test_rows_of_who_has_no_clock_any_more_go(city):
    spell = on_probation(city.branch)
    Spell.objects.filter(pk=spell.pk).update(standing="full")  # around the deeds
    assert rows.recompute() == 2
    assert not Deadline.objects.exists()


def test_the_calendar_moves_the_deadlines_that_run_over_it(city):
    case = resolved(city.branch)
    CalendarDay.objects.create(
        year=CalendarYear.objects.get(year=2024), day=D(2024, 11, 20), reason="thử", document="thử"
    )
    assert rows.recompute() == 1
    assert kept(candidacy=case)["decision"][1] == D(2024, 11, 27)


def test_without_a_rule_no_clock_runs(city):
    case = resolved(city.branch)
    Rule.objects.filter(key="decision_days").delete()
    rows.recompute()
    assert set(kept(candidacy=case)) == {"certificate", "dossier"}


def _many_cases(branch, number):
    """So many cases whose branch resolved on 2/9/2024, written at once."""
    people = Person.objects.bulk_create(
        Person(name="Người Thử", name_folded="nguoi thu", name_key="", born=D(1990, 1, 1)) for _ in range(number)
    )
    cases = Candidacy.objects.bulk_create(
        Candidacy(
            person=person,
            organisation=branch,
            stage=Stage.BRANCH_RESOLVED,
            stage_day=RESOLVED,
            listed_on=D(2024, 1, 5),
        )
        for person in people
    )
    StageEvent.objects.bulk_create(
        StageEvent(candidacy=case, stage=case.stage, day=case.stage_day, organisation=branch) for case in cases
    )


def test_many_thousand_cases_take_the_same_questions_for_each_thousand(city):
    """As many rounds as there are thousands, each of the same number of questions."""
    counts, more = {}, 9_000 if EVERYWHERE else 1_000
    for number in (1_000, more):
        _many_cases(city.branch, number)
        with CaptureQueriesContext(connection) as asked:
            assert rows.recompute() == 2 * number
        with CaptureQueriesContext(connection) as again:
            assert rows.recompute() == 0
        counts[Candidacy.objects.count()] = (len(asked), len(again))
    assert counts[1_000][1] <= 15
    for first, all_of_them in zip(counts[1_000], counts[1_000 + more], strict=True):
        assert all_of_them <= (1_000 + more) // 1_000 * first


def test_a_deed_asks_the_same_for_one_case_and_for_many(city):
    cases = [a_case(city.branch, stage=Stage.DOSSIER) for _ in range(5)]
    counts = []
    for some in (cases[:1], cases[1:]):
        with CaptureQueriesContext(connection) as asked:
            rows.refresh([case.person_id for case in some])
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
