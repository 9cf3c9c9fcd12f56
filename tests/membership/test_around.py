"""The people around a case: who may help and introduce on which day, what was asked, what is refused and why."""

import datetime as dt

import pytest

from cells.log.models import Entry
from cells.rules.models import ExitReason, Stratum
from cells.verdict import Stale
from membership import admission, register
from membership.around.asking import Question, answer_verification, ask_opinion, ask_verification, receive_opinion
from membership.around.helpers import Assignment, assign_helper, end_helper, load_of
from membership.around.introducers import Introduction, add_introducer, replace_introducer
from membership.around.mistaken import take_back
from membership.around.models import Helper, Introducer, Opinion, Verification
from membership.models import Spell, Stage
from membership.papers.checklist import HAS, MISSING, checklist
from tests.around import HOW, MET, ask, introduce, line_of, refusals
from tests.factories import TODAY, a_case, a_full_member, a_member, a_vote

pytestmark = pytest.mark.django_db

D = dt.date
Kind, Relation, Result = Introducer.Kind, Verification.Relation, Verification.Result


# ---- introducers ---------------------------------------------------------------------------------


def test_two_members_together_long_enough_introduce(case, members):
    assert "cần 2 đảng viên chính thức" in line_of(case, "introducers").reason
    for person in members:
        introduce(case, person, together_since=D(2023, 9, 1))
    assert line_of(case, "introducers").state == HAS
    assert "2 người nhận giới thiệu sau ngày 31/08/2024" in line_of(case, "introducers", D(2024, 8, 31)).reason
    case.refresh_from_db()
    assert a_vote(case, MET, base=None, yes=3).passed


@pytest.mark.parametrize("kind", [Kind.YOUTH_UNION, Kind.TRADE_UNION])
def test_a_union_and_one_member_introduce(case, members, kind):
    introduce(case, kind=kind, name="BCH Đoàn phường 1")
    assert line_of(case, "introducers").state == MISSING, "nobody of the branch yet"
    introduce(case, kind=kind, name="BCH Đoàn trường B")
    assert line_of(case, "introducers").state == MISSING, "two committees are no member"
    introduce(case, members[0], together_since=D(2020, 1, 1))
    assert line_of(case, "introducers").state == HAS


@pytest.mark.parametrize(
    ("since", "met", "state"),
    [
        (D(2023, 10, 1), D(2024, 10, 1), HAS),
        (D(2023, 10, 2), D(2024, 10, 1), MISSING),
        (D(2023, 11, 1), D(2024, 10, 1), MISSING),  # eleven months
        (D(2024, 2, 29), D(2025, 2, 27), MISSING),
        (D(2024, 2, 29), D(2025, 2, 28), HAS),
    ],
)
def test_twelve_months_are_counted_on_the_day_of_the_meeting(case, members, since, met, state):
    for person in members:
        introduce(case, person, together_since=since)
    line = line_of(case, "introducers", met)
    assert line.state == state
    if state == MISSING:
        assert "chưa đủ 12 tháng" in line.reason
        assert "Quy định số" in line.reason


def test_the_vote_is_refused_with_the_rule_after_eleven_months(case, members):
    for person in members:
        introduce(case, person, together_since=D(2023, 11, 1))
    case.refresh_from_db()
    [(field, message)] = refusals(lambda: a_vote(case, MET, base=None, yes=3))
    assert field == "override"
    assert "đủ từ ngày 01/11/2024; Quy định số 24-QĐ/TW ngày 30/7/2021" in message
    assert a_vote(case, MET, base=None, yes=3, override="người thứ hai vừa chuyển về").passed


def test_without_a_day_the_register_and_the_list_say_since_when(city, members):
    """Both are known to be of the branch since the candidate was listed, at the latest."""
    early = a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2023, 6, 1))
    late = a_case(city.branch, stage=Stage.DOSSIER)
    for found in (early, late):
        Introducer.objects.filter(candidacy=found).delete()
        for person in members:
            introduce(found, person)
    assert line_of(early, "introducers").state == HAS
    assert "từ 05/01/2024" in line_of(late, "introducers").reason


def test_who_replaces_need_not_have_been_together_for_long(case, members):
    gone, other = (introduce(case, person, together_since=D(2020, 1, 1)) for person in members)
    new = a_full_member(case.organisation, recognised_on=D(2024, 9, 5)).person
    item = Introduction(case, D(2024, 9, 20), person=new)
    made = replace_introducer(gone, item, cause="disciplined", **HOW)
    gone.refresh_from_db()
    assert (made.replaces, gone.to_day, gone.ended_because) == (gone, D(2024, 9, 20), "disciplined")
    assert line_of(case, "introducers").state == HAS
    assert line_of(case, "introducers", D(2024, 9, 19)).state == HAS, "the first one still introduced"
    take_back(made, reason="nhầm", actor=None)
    gone.refresh_from_db()
    assert (gone.to_day, gone.ended_because) == (None, "")
    assert other.holds_on(MET)


def test_a_member_of_another_branch_of_the_same_base_introduces_by_name(case, members):
    neighbour = {"kind": Kind.NEIGHBOUR, "name": "Trần Văn Bạn, Chi bộ khu phố 2"}
    assert [field for field, _ in refusals(lambda: introduce(case, **neighbour))] == ["together_since"]
    introduce(case, **neighbour, together_since=D(2023, 10, 2))
    introduce(case, members[0], together_since=D(2020, 1, 1))
    assert "chưa đủ 12 tháng" in line_of(case, "introducers").reason
    assert line_of(case, "introducers", D(2024, 10, 2)).state == HAS
    own = {"kind": Kind.NEIGHBOUR, "name": case.person.name, "together_since": D(2020, 1, 1)}
    assert [field for field, _ in refusals(lambda: introduce(case, **own))] == ["name"]


def test_a_base_branch_has_no_other_branch_of_its_base(city):
    case = a_case(city.base_branch, stage=Stage.DOSSIER)
    told = {"kind": Kind.NEIGHBOUR, "name": "Trần Văn Bạn", "together_since": D(2020, 1, 1)}
    assert [field for field, _ in refusals(lambda: introduce(case, **told))] == ["kind"]


def _oneself(city, case):
    return case.person, "chính người đang được xét"


def _on_probation(city, case):
    return a_member(city.branch).person, "còn là đảng viên dự bị"


def _struck_off(city, case):
    spell = a_full_member(city.branch)
    change = register.Change(spell.pk, D(2024, 5, 1), cause=Spell.End.STRUCK_OFF)
    register.depart([change], actor=None, today=TODAY)
    return spell.person, "từ ngày 01/05/2024 (xóa tên)"


def _no_member(city, case):
    return a_case(city.branch).person, "không phải là đảng viên"


def _elsewhere(city, case):
    return a_full_member(city.sibling).person, "sinh hoạt ở chi bộ khác"


@pytest.mark.parametrize("who", [_oneself, _on_probation, _struck_off, _no_member, _elsewhere])
@pytest.mark.parametrize("as_what", [introduce, lambda case, who: assign_helper(Assignment(case, MET, who), **HOW)])
def test_who_may_not_introduce_nor_help(city, case, who, as_what):
    person, says = who(city, case)
    [(field, message)] = refusals(lambda: as_what(case, person))
    assert field == "person"
    assert says in message
    assert not Introducer.objects.exists()
    assert not Helper.objects.exists()


def test_who_left_before_the_meeting_introduces_no_more(case, members):
    for person in members:
        introduce(case, person, together_since=D(2020, 1, 1))
    spell = Spell.objects.get(person=members[0], to_day=None)
    change = register.Change(spell.pk, D(2024, 9, 25), cause=Spell.End.STRUCK_OFF)
    register.depart([change], actor=None, today=TODAY)
    assert line_of(case, "introducers", D(2024, 9, 24)).state == HAS
    reason = line_of(case, "introducers").reason
    assert "không còn sinh hoạt đảng ở đây từ ngày 25/09/2024 (xóa tên)" in reason
    assert "Quy định số" in reason


BAD_INTRODUCTIONS = {
    "a typed name where the register is kept": ({"name": "Lê Văn Ba"}, "person"),
    "a day to come": ({"day": D(2024, 10, 16)}, "day"),
    "together from a day to come": ({"together_since": D(2024, 10, 16)}, "together_since"),
    "together before birth": ({"together_since": D(1990, 3, 1)}, "together_since"),
    "written on a day to come": ({"written_on": D(2024, 10, 16)}, "written_on"),
    "a union without a name": ({"kind": Kind.YOUTH_UNION, "name": " "}, "name"),
    "no such kind": ({"kind": "x"}, "kind"),
}


@pytest.mark.parametrize(("typed", "field"), BAD_INTRODUCTIONS.values(), ids=BAD_INTRODUCTIONS)
def test_introductions_that_cannot_be(case, members, typed, field):
    person = None if {"name", "kind"} & set(typed) else members[0]
    item = Introduction(**{"case": case, "day": MET, "person": person} | typed)
    assert [where for where, _ in refusals(lambda: add_introducer(item, **HOW))] == [field]


def test_names_are_typed_only_where_no_register_is_kept(case):
    assert refusals(lambda: introduce(case, name=" "))[0][0] == "name"
    assert "chính người" in refusals(lambda: introduce(case, name=case.person.name.lower()))[0][1]
    for name in ("Lê Văn Ba", "Trần Thị Tư"):
        introduce(case, name=name, together_since=D(2020, 1, 1))
    assert line_of(case, "introducers").state == HAS
    assert "rồi" in refusals(lambda: introduce(case, name="lê văn ba"))[0][1]


def test_introductions_with_their_days_are_the_papers(city, members):
    strata = (Stratum.objects.get(code="youth_union_member"),)
    case = a_case(city.branch, stage=Stage.DOSSIER, papers=False, strata=strata)
    introduce(case, members[0], written_on=D(2024, 8, 1), number="3")
    introduce(case, members[1])
    assert line_of(case, "introduction").state == MISSING
    Introducer.objects.filter(person=members[1]).update(written_on=D(2024, 8, 5), number="4")
    paper = line_of(case, "introduction").paper
    assert (paper.number, paper.issued_on, paper.expires_on) == ("3; 4", D(2024, 8, 1), D(2025, 8, 1))
    introduce(case, kind=Kind.YOUTH_UNION, name="BCH Đoàn phường", written_on=D(2024, 8, 2), number="5-NQ")
    assert line_of(case, "youth_union_resolution").paper.number == "5-NQ"


# ---- helpers -------------------------------------------------------------------------------------


def test_a_helper_helps_for_days_and_the_load_is_told(city, case, members):
    other = a_case(city.branch)
    for each in (case, other):
        assign_helper(Assignment(each, D(2024, 9, 1), members[0], number="7-NQ"), **HOW)
    assert load_of([members[0].pk, members[1].pk], TODAY) == {members[0].pk: 2}
    helper = Helper.objects.get(candidacy=case)
    end_helper(helper, D(2024, 9, 30), **HOW)
    assert load_of([members[0].pk], D(2024, 9, 30))[members[0].pk] == 2
    assert load_of([members[0].pk], D(2024, 10, 1))[members[0].pk] == 1
    assert "thôi" in refusals(lambda: end_helper(helper, D(2024, 10, 1), **HOW))[0][1]
    assert set(Entry.objects.filter(subject_id=case.pk).values_list("deed", flat=True)) >= {
        "assign_helper",
        "end_helper",
    }


@pytest.mark.parametrize("day", [D(2024, 10, 16), D(2024, 1, 4)], ids=["to come", "before the listing"])
def test_days_a_helper_cannot_begin(case, members, day):
    assert [where for where, _ in refusals(lambda: assign_helper(Assignment(case, day, members[0]), **HOW))] == ["day"]


def test_a_helper_is_told_once_and_ends_after_beginning(case, members):
    helper = assign_helper(Assignment(case, D(2024, 9, 1), members[0]), **HOW)
    assert "rồi" in refusals(lambda: assign_helper(Assignment(case, MET, members[0]), **HOW))[0][1]
    assert refusals(lambda: end_helper(helper, D(2024, 8, 31), **HOW))[0][0] == "day"
    assert refusals(lambda: end_helper(helper, D(2024, 10, 16), **HOW))[0][0] == "day"


def test_a_probationary_member_is_helped_and_a_full_one_is_not(city, members):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    assign_helper(Assignment(case, MET, members[0]), **HOW)
    assert "đã kết thúc" in refusals(lambda: introduce(case, members[0]))[0][1]
    Spell.objects.filter(candidacy=case).update(standing=Spell.Standing.FULL)
    assert "đã kết thúc" in refusals(lambda: assign_helper(Assignment(case, MET, members[1]), **HOW))[0][1]


# ---- verifications and opinions ------------------------------------------------------------------


def test_an_open_verification_stops_the_vote_until_it_is_clear(case, members):
    for person in members:
        introduce(case, person, together_since=D(2020, 1, 1))
    assert "verification_replies" not in {line.rule.code for line in checklist(case, MET)}
    father, mother = ask(case), ask(case, Relation.MOTHER)
    ask(case, Relation.CHILD, exempt=True, place="", asked_on=None)
    assert line_of(case, "verification_replies").reason == "cha đẻ chờ trả lời 30 ngày, mẹ đẻ chờ trả lời 30 ngày"
    answer_verification(father, D(2024, 9, 10), Result.CLEAR, **HOW)
    answer_verification(mother, D(2024, 9, 11), Result.UNCLEAR, **HOW)
    assert line_of(case, "verification_replies").reason == "mẹ đẻ cần làm rõ"
    case.refresh_from_db()
    assert "mẹ đẻ cần làm rõ" in refusals(lambda: a_vote(case, MET, base=None, yes=3))[0][1]
    answer_verification(mother, D(2024, 9, 20), Result.CLEAR, **HOW)
    assert line_of(case, "verification_replies").state == HAS
    case.refresh_from_db()
    assert a_vote(case, MET, base=None, yes=3).passed
    assert "đã xong" in refusals(lambda: answer_verification(mother, MET, Result.CLEAR, **HOW))[0][1]


BAD_QUESTIONS = {
    "nowhere": ({"place": " "}, "place"),
    "on no day": ({"asked_on": None}, "asked_on"),
    "on a day to come": ({"asked_on": D(2024, 10, 16)}, "asked_on"),
    "of nobody known": ({"relation": "cousin"}, "relation"),
    "an exempt spouse": ({"relation": Relation.SPOUSE, "exempt": True}, "exempt"),
}


@pytest.mark.parametrize(("typed", "field"), BAD_QUESTIONS.values(), ids=BAD_QUESTIONS)
def test_questions_that_cannot_be(case, typed, field):
    assert [where for where, _ in refusals(lambda: ask(case, **typed))] == [field]
    assert not Verification.objects.exists()


@pytest.mark.parametrize(
    ("day", "result", "field"),
    [
        (D(2024, 8, 31), Result.CLEAR, "day"),  # before it was asked
        (D(2024, 10, 16), Result.CLEAR, "day"),
        (D(2024, 9, 2), "", "result"),
    ],
)
def test_answers_that_cannot_be(case, day, result, field):
    row = ask(case)
    assert [where for where, _ in refusals(lambda: answer_verification(row, day, result, **HOW))] == [field]


def test_what_was_unclear_is_not_cleared_before_the_answer(case):
    row = ask(case)
    answer_verification(row, D(2024, 9, 10), Result.UNCLEAR, **HOW)
    [(field, message)] = refusals(lambda: answer_verification(row, D(2024, 9, 9), Result.CLEAR, **HOW))
    assert field == "day"
    assert "ngày trả lời (10/09/2024)" in message


def test_an_opinion_of_where_somebody_lives_is_a_paper(case):
    case.lives_elsewhere = True
    case.save()
    assert line_of(case, "residence_opinion").state == MISSING
    row = ask_opinion(case, Opinion.Source.RESIDENCE, "Chi ủy khu 3", D(2024, 9, 1), **HOW)
    for day in (D(2024, 8, 31), D(2024, 10, 16)):
        assert refusals(lambda day=day: receive_opinion(row, day, **HOW))[0][0] == "day"
    receive_opinion(row, D(2024, 9, 15), "12-CV", **HOW)
    paper = line_of(case, "residence_opinion").paper
    assert (paper.number, paper.issued_on, paper.expires_on) == ("12-CV", D(2024, 9, 15), D(2025, 9, 15))
    assert "đã nhận" in refusals(lambda: receive_opinion(row, MET, **HOW))[0][1]


@pytest.mark.parametrize(
    ("source", "of", "day", "field"),
    [
        ("x", "Công đoàn A", MET, "source"),
        (Opinion.Source.WORK, " ", MET, "asked_of"),
        (Opinion.Source.WORK, "Công đoàn A", D(2024, 10, 16), "asked_on"),
    ],
)
def test_opinions_that_cannot_be_asked(case, source, of, day, field):
    assert [where for where, _ in refusals(lambda: ask_opinion(case, source, of, day, **HOW))] == [field]


# ---- every deed ----------------------------------------------------------------------------------

DEEDS = {
    "helper": lambda case, who, **how: assign_helper(Assignment(case, MET, who), **HOW, **how),
    "introducer": lambda case, who, **how: add_introducer(Introduction(case, MET, person=who), **HOW, **how),
    "verification": lambda case, who, **how: ask_verification(
        Question(case, Relation.FATHER, "xã A", MET), **HOW, **how
    ),
    "opinion": lambda case, who, **how: ask_opinion(case, Opinion.Source.WORK, "Công đoàn", MET, **HOW, **how),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_closed_case_takes_nothing_and_the_second_of_two_is_told(case, members, deed):
    row = deed(case, members[0], version=case.version)
    with pytest.raises(Stale):
        deed(case, members[1], version=case.version)
    case.refresh_from_db()
    off = admission.Move(case.pk, "", TODAY, exit_reason=ExitReason.objects.get(code="withdrew"))
    admission.drop([off], actor=None, today=TODAY)
    assert "đã kết thúc" in refusals(lambda: deed(case, members[1]))[0][1]
    assert "đã kết thúc" in refusals(lambda: take_back(row, reason="nhầm", actor=None))[0][1]


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_a_row_entered_wrongly_is_taken_back_once_with_a_reason(case, members, deed):
    row = deed(case, members[0])
    assert refusals(lambda: take_back(row, reason=" ", actor=None))[0][0] == "reason"
    take_back(row, reason="nhầm người", actor=None)
    row.refresh_from_db()
    assert row.void
    assert "nhầm người" in Entry.objects.get(deed="take_back_around").note
    assert refusals(lambda: take_back(row, reason="nữa", actor=None))
