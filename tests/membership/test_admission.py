"""The way of a case, as tables: what is allowed, what is refused at which field, and what each deed leaves behind."""

import datetime as dt
import uuid

import pytest

from cells.log.models import Entry
from cells.organisations import reorganise
from cells.people.identity import Identity
from cells.people.models import Person
from cells.rules.models import ExitReason, Rule
from cells.verdict import Refused, Stale
from membership import admission, procedure, register
from membership.admission import Move, Nomination
from membership.models import STAGES, Candidacy, Spell, Stage, StageEvent
from membership.nomination import NO_BRANCH
from tests.factories import TODAY, a_case, a_full_member, a_member, a_unit, a_user, a_vote, an_identity, the_papers

pytestmark = pytest.mark.django_db

D = dt.date
SEPTEMBER, OCTOBER = D(2024, 9, 1), D(2024, 10, 1)
SOMEBODY = Identity("Trần Thị Hoa", D(1995, 3, 8))


def nominate(branch, **more):
    item = Nomination(**{"identity": SOMEBODY, "organisation": branch, "listed_on": D(2024, 3, 1)} | more)
    return admission.nominate([item], actor=None, today=TODAY)[0]


def advance(case, to, day, **more):
    return admission.advance([Move(case.pk, to, day, **more)], actor=None, today=TODAY)[0]


def refusals(deed) -> list[tuple[str, str]]:
    """(field, message) of what the deed refuses; fails where it refuses nothing."""
    with pytest.raises(Refused) as caught:
        deed()
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_three_fields_open_a_case(city):
    case = nominate(city.branch)
    assert (case.stage, case.stage_day, case.listed_on) == (Stage.NOMINEE, D(2024, 3, 1), D(2024, 3, 1))
    assert case.person.name == "Trần Thị Hoa"
    assert [event.stage for event in case.events.all()] == [Stage.NOMINEE]
    assert Entry.objects.filter(deed="nominate", subject_id=case.pk, organisation=city.branch).count() == 1


@pytest.mark.parametrize(
    ("kind", "branch"),
    [
        ("branch", True),
        ("base_branch", True),
        ("base_committee", False),
        ("section_committee", False),
        ("subordinate_committee", False),
        ("group", False),
    ],
)
def test_people_are_introduced_in_a_branch(city, kind, branch):
    unit = a_unit("X", kind, city.committee)
    if branch:
        assert nominate(unit).organisation == unit
        return
    ((field, message),) = refusals(lambda: nominate(unit))
    assert (field, message) == ("organisation", NO_BRANCH)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"identity": Identity("  ", D(1995, 3, 8))}, "name", "họ và tên"),
        ({"identity": Identity("Trần Thị Hoa", None)}, "born", "ngày sinh"),
        ({"listed_on": D(2024, 10, 16)}, "listed_on", "sau ngày hôm nay"),
        ({"listed_on": D(1995, 3, 8)}, "listed_on", "ngày sinh"),
        ({"listed_on": D(1990, 1, 1)}, "listed_on", "ngày sinh"),
        ({"stage": Stage.DOSSIER, "stage_day": D(2024, 2, 1)}, "stage_day", "trước ngày giới thiệu"),
        ({"stage": Stage.DOSSIER, "stage_day": D(2025, 2, 1)}, "stage_day", "sau ngày hôm nay"),
        ({"certificate_on": D(2025, 2, 1)}, "certificate_on", "sau ngày hôm nay"),
        ({"stage": Stage.DROPPED, "stage_day": D(2024, 4, 1)}, "exit_reason", "lý do"),
        ({"on_behalf": True}, "number", "số văn bản"),
    ],
)
def test_a_wrong_nomination_writes_nothing(city, change, field, says):
    ((found, message),) = refusals(lambda: nominate(city.branch, **change))
    assert found == field
    assert says in message
    assert not Candidacy.objects.exists()
    assert not Person.objects.exists()


def test_a_branch_that_did_not_stand_on_the_day_lists_nobody(city):
    young = a_unit("DU1-99", parent=city.committee, day=D(2024, 6, 1))
    assert refusals(lambda: nominate(young))[0][0] == "organisation"
    leaving = reorganise.Leaving("DU2", D(2024, 2, 1))
    reorganise.leave([leaving], actor=None, today=TODAY)
    assert refusals(lambda: nominate(city.outside))[0][0] == "organisation"


def test_one_wrong_of_a_list_keeps_all_out(city):
    good = Nomination(an_identity(), city.branch, D(2024, 3, 1))
    wrong = Nomination(an_identity(), city.branch, D(2025, 3, 1))
    with pytest.raises(Refused) as caught:
        admission.nominate([good, wrong], actor=None, today=TODAY)
    assert [problem.index for problem in caught.value.problems] == [1]
    assert not Candidacy.objects.exists()


def test_the_same_form_twice_is_one_case(city):
    token = uuid.uuid4()
    assert nominate(city.branch, token=token) == nominate(city.branch, token=token)
    assert Candidacy.objects.count() == 1


def test_one_person_has_one_open_case_and_the_refusal_discloses_nothing(city):
    nominate(city.branch)
    assert refusals(lambda: nominate(city.branch)) == [("name", "Chi bộ đã có hồ sơ của người này.")]
    elsewhere = refusals(lambda: nominate(city.outside))
    assert elsewhere == [("name", admission.ELSEWHERE)]
    member = a_full_member(city.branch)
    who = Identity(member.person.name, member.person.born)
    assert refusals(lambda: nominate(city.outside, identity=who)) == elsewhere


def test_somebody_known_is_the_same_person_and_another_may_be_told_apart(city):
    first = nominate(city.branch)
    drop(first)
    again = nominate(city.outside)
    assert again.person == first.person
    other = nominate(city.branch, another_person=True)
    assert other.person != first.person
    drop(again)
    assert "nhiều người" in refusals(lambda: nominate(city.outside))[0][1]


def test_twice_in_one_list_is_refused(city):
    items = [Nomination(SOMEBODY, unit, D(2024, 3, 1)) for unit in (city.branch, city.sibling)]
    with pytest.raises(Refused) as caught:
        admission.nominate(items, actor=None, today=TODAY)
    assert "hai lần" in str(caught.value)


def test_the_whole_way_makes_a_probationary_member(city):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    assert [event.stage for event in case.events.all()] == [*STAGES, Stage.ADMITTED]
    decision, ceremony = (case.events.get(stage=stage) for stage in (Stage.DECIDED, Stage.ADMITTED))
    spell = Spell.objects.get(candidacy=case)
    assert (spell.standing, spell.started_by) == (Spell.Standing.PROBATIONARY, Spell.Start.ADMITTED)
    assert (spell.from_day, spell.decided_on, spell.ceremony_on) == (decision.day, decision.day, ceremony.day)
    assert (spell.person, spell.organisation) == (case.person, city.branch)


def test_a_base_branch_goes_from_its_vote_to_the_decision(city):
    case = a_case(city.base_branch, stage=Stage.BRANCH_RESOLVED)
    assert refusals(lambda: advance(case, Stage.EXAMINED, TODAY, number="1"))[0][0] == "to"
    assert advance(case, Stage.DECIDED, TODAY, number="1").stage == Stage.DECIDED


@pytest.mark.parametrize("at", [*STAGES, Stage.ADMITTED])
def test_no_stage_is_skipped_or_repeated(city, at):
    way = [*STAGES, Stage.ADMITTED]
    case = a_case(city.branch, stage=at)
    following = way[way.index(at) + 1] if at != Stage.ADMITTED else None
    for to in way[1:]:
        if to != following:
            assert refusals(lambda to=to: advance(case, to, TODAY, number="1"))[0][0] == "to"
    case.refresh_from_db()
    assert case.stage == at


@pytest.mark.parametrize(
    ("at", "to", "day", "more", "field", "says"),
    [
        (Stage.NOMINEE, Stage.SYMPATHISER, D(2024, 1, 4), {}, "day", "trước ngày ghi"),
        (Stage.NOMINEE, Stage.SYMPATHISER, D(2024, 10, 16), {}, "day", "sau ngày hôm nay"),
        (Stage.DOSSIER, Stage.BRANCH_RESOLVED, D(2024, 8, 1), {}, "number", "số nghị quyết"),
        (Stage.DOSSIER, Stage.BRANCH_RESOLVED, D(2024, 8, 1), {"number": "  "}, "number", "số nghị quyết"),
        (Stage.BRANCH_RESOLVED, Stage.EXAMINED, D(2024, 8, 1), {}, "number", "số nghị quyết"),
        (Stage.DOSSIER, Stage.BRANCH_RESOLVED, D(2024, 8, 1), {"number": "1"}, "to", "kết quả biểu quyết"),
        (Stage.BRANCH_RESOLVED, Stage.EXAMINED, D(2024, 8, 1), {"number": "1"}, "to", "kết quả biểu quyết"),
        (Stage.EXAMINED, Stage.DECIDED, D(2024, 8, 1), {}, "number", "số quyết định"),
        (Stage.EXAMINED, Stage.DECIDED, D(2024, 5, 3), {"number": "1"}, "day", "trước ngày ghi"),
        (Stage.TRAINED, Stage.DOSSIER, D(2024, 8, 1), {"on_behalf": True}, "number", "Nhập thay"),
        (Stage.DECIDED, Stage.ADMITTED, D(2024, 7, 1), {}, "day", "trước ngày ghi"),
    ],
)
def test_a_wrong_step_is_refused_at_its_field(city, at, to, day, more, field, says):
    case = a_case(city.branch, stage=at)
    ((found, message),) = refusals(lambda: advance(case, to, day, **more))
    assert found == field
    assert says in message
    assert Candidacy.objects.get(pk=case.pk).stage == at
    assert not StageEvent.objects.filter(candidacy=case, stage=to).exists()


@pytest.mark.parametrize(
    ("born", "precision", "day", "old_enough"),
    [
        (D(2006, 10, 20), "day", D(2024, 9, 30), False),  # 17 years and 11 months
        (D(2006, 10, 20), "day", D(2024, 10, 1), True),  # counted in months (domain.md §1.1)
        (D(2006, 1, 1), "year", D(2024, 8, 1), True),  # only the year known: the favourable reading
        (D(2007, 1, 1), "year", D(2024, 8, 1), False),
        (D(1954, 3, 10), "day", D(2024, 4, 1), True),  # the consent is asked for before the decision
    ],
)
def test_age_is_looked_at_on_the_day_of_the_vote(city, born, precision, day, old_enough):
    case = a_case(
        city.branch, stage=Stage.DOSSIER, born=born, precision=precision, listed_on=D(2024, 1, 5), step_days=5
    )
    if old_enough:
        assert a_vote(case, day).step.stage == Stage.BRANCH_RESOLVED
        return
    assert [found for found, _ in refusals(lambda: a_vote(case, day))] == ["person"]
    assert refusals(lambda: advance(case, Stage.BRANCH_RESOLVED, day, number="1"))


@pytest.mark.parametrize(
    ("born", "precision", "voted_on", "asked"),
    [
        (D(1964, 3, 10), "day", D(2024, 3, 31), False),  # 60 years and no month more on the day of the vote
        (D(1964, 3, 10), "day", D(2024, 4, 1), True),
        (D(1964, 1, 1), "year", D(2024, 8, 1), False),  # the favourable reading
        (D(1963, 1, 1), "year", D(2024, 8, 1), True),
    ],
)
def test_above_the_age_a_decision_asks_for_the_consent(city, born, precision, voted_on, asked):
    case = a_case(city.base_branch, stage=Stage.DOSSIER, born=born, precision=precision, step_days=5)
    case = a_vote(case, voted_on).candidacy
    if asked:
        [(field, message)] = refusals(lambda: advance(case, Stage.DECIDED, TODAY, number="9-QĐ"))
        assert field == "override"
        assert "Văn bản đồng ý" in message
        the_papers(case, Stage.DECIDED, TODAY)
    assert advance(case, Stage.DECIDED, TODAY, number="9-QĐ").stage == Stage.DECIDED


@pytest.mark.parametrize(
    ("born", "precision", "day", "favoured"),
    [
        (D(2006, 1, 1), "year", D(2024, 8, 1), True),  # born in December it would be too early
        (D(2005, 1, 1), "year", D(2024, 8, 1), False),
        (D(2006, 9, 1), "month", D(2024, 9, 1), False),  # ages are counted in months
        (D(1964, 1, 1), "year", D(2024, 1, 31), False),
        (D(1964, 1, 1), "year", D(2024, 8, 1), True),  # born in January the person is over sixty
        (D(1964, 1, 1), "day", D(2024, 8, 1), False),
    ],
)
def test_a_birth_known_by_its_year_is_told_where_it_matters(born, precision, day, favoured):
    assert procedure.by_the_favourable_reading(Person(born=born, born_precision=precision), day) == favoured


@pytest.mark.parametrize(
    ("counts_on", "counted"),
    [("decision", D(2023, 12, 28)), ("ceremony", D(2024, 1, 10))],
)
def test_the_counting_date_follows_the_rule_and_probation_the_ceremony(city, counts_on, counted):
    Rule.objects.filter(key="admission_counts_on").update(value=counts_on)
    case = a_case(city.branch, stage=Stage.EXAMINED, listed_on=D(2023, 6, 1), step_days=30)
    advance(case, Stage.DECIDED, D(2023, 12, 28), number="5-QĐ")
    assert Spell.objects.filter(candidacy=case).exists() == (counts_on == "decision")
    advance(case, Stage.ADMITTED, D(2024, 1, 10))
    spell = Spell.objects.get(candidacy=case)
    assert (spell.from_day, spell.decided_on, spell.ceremony_on) == (counted, D(2023, 12, 28), D(2024, 1, 10))
    assert spell.decision_number == "5-QĐ"


def test_who_died_after_the_decision_has_no_ceremony(city):
    case = a_case(city.branch, stage=Stage.DECIDED)
    spell = Spell.objects.get(candidacy=case)
    death = register.Change(spell.pk, D(2024, 9, 1), cause=Spell.End.DECEASED)
    register.depart([death], actor=None, today=TODAY)
    assert "không còn" in refusals(lambda: advance(case, Stage.ADMITTED, D(2024, 9, 10)))[0][1]


def test_a_ceremony_after_a_move_dates_every_spell(city):
    case = a_case(city.branch, stage=Stage.DECIDED)
    spell = Spell.objects.get(candidacy=case)
    register.transfer([register.Change(spell.pk, D(2024, 8, 31), destination=city.sibling)], actor=None, today=TODAY)
    advance(case, Stage.ADMITTED, D(2024, 9, 10))
    assert set(Spell.objects.filter(candidacy=case).values_list("ceremony_on", flat=True)) == {D(2024, 9, 10)}


def test_who_is_a_member_is_not_decided_again(city):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    a_member(city.outside, decided_on=D(2024, 9, 1))
    Spell.objects.update(person=case.person)
    assert refusals(lambda: advance(case, Stage.DECIDED, TODAY, number="1"))[0][0] == "to"


def test_who_was_a_member_before_is_readmitted(city):
    case = a_case(city.branch, stage=Stage.EXAMINED)
    a_member(city.outside, end=Spell.End.STRUCK_OFF, changed_on=D(2020, 9, 1))
    Spell.objects.update(person=case.person)
    advance(case, Stage.DECIDED, TODAY, number="1")
    assert Spell.objects.get(candidacy=case).started_by == Spell.Start.READMITTED


def drop(case, day=SEPTEMBER, **more):
    reason = more.pop("exit_reason", ExitReason.objects.get(code="withdrew"))
    return admission.drop([Move(case.pk, Stage.DROPPED, day, exit_reason=reason, **more)], actor=None, today=TODAY)[0]


def resume(case, day=OCTOBER):
    return admission.resume([Move(case.pk, "", day)], actor=None, today=TODAY)[0]


@pytest.mark.parametrize("at", STAGES[:6])
def test_leaving_the_list_and_coming_back_keeps_the_stage(city, at):
    case = a_case(city.branch, stage=at)
    dropped = drop(case)
    assert (dropped.stage, dropped.exit_reason.code, dropped.is_open) == (Stage.DROPPED, "withdrew", False)
    back = resume(case)
    assert (back.stage, back.exit_reason, back.stage_day) == (at, None, D(2024, 10, 1))


@pytest.mark.parametrize("at", [Stage.DECIDED, Stage.ADMITTED])
def test_who_has_a_decision_is_not_dropped(city, at):
    assert refusals(lambda: drop(a_case(city.branch, stage=at)))[0][0] == "to"


def test_leaving_needs_a_reason_and_a_possible_day(city):
    case = a_case(city.branch)
    assert refusals(lambda: drop(case, exit_reason=None))[0][0] == "exit_reason"
    assert refusals(lambda: drop(case, D(2024, 1, 4)))[0][0] == "day"
    assert refusals(lambda: resume(case))[0][0] == "to"


def test_nobody_comes_back_while_followed_elsewhere(city):
    case = nominate(city.branch)
    drop(case)
    nominate(city.outside)
    assert refusals(lambda: resume(case)) == [("to", admission.ELSEWHERE)]


def test_the_second_of_two_editors_is_told(city):
    case = a_case(city.branch)
    advance(case, Stage.SYMPATHISER, TODAY, version=1)
    with pytest.raises(Stale):
        advance(case, Stage.SYMPATHISER, TODAY, version=1)
    assert case.events.count() == 2


def test_one_wrong_move_of_a_list_stops_all(city):
    cases = [a_case(city.branch), a_case(city.branch)]
    moves = [Move(cases[0].pk, Stage.SYMPATHISER, TODAY), Move(cases[1].pk, Stage.TRAINED, TODAY)]
    with pytest.raises(Refused) as caught:
        admission.advance(moves, actor=None, today=TODAY)
    assert [problem.index for problem in caught.value.problems] == [1]
    assert not Candidacy.objects.exclude(stage=Stage.NOMINEE).exists()


@pytest.mark.parametrize("stage", [*STAGES[1:], Stage.ADMITTED])
def test_a_case_is_taken_over_at_any_stage(city, stage):
    case = nominate(city.branch, stage=stage, stage_day=D(2024, 8, 1), decision_number="5-QĐ")
    assert (case.stage, case.stage_day, case.taken_over) == (stage, D(2024, 8, 1), True)
    assert [event.stage for event in case.events.all()] == [Stage.NOMINEE, stage]
    spell = Spell.objects.filter(candidacy=case).first()
    if stage not in (Stage.DECIDED, Stage.ADMITTED):
        assert spell is None
        return
    assert (spell.from_day, spell.decision_number) == (D(2024, 8, 1), "5-QĐ")
    assert spell.ceremony_on == (D(2024, 8, 1) if stage == Stage.ADMITTED else None)


def test_entry_on_behalf_is_marked_with_its_paper_and_who(city):
    clerk = a_user("committee", city.committee)
    case = a_case(city.branch)
    move = Move(case.pk, Stage.SYMPATHISER, TODAY, number="7-NQ/CB", on_behalf=True, note="văn bản ngày 15/10/2024")
    admission.advance([move], actor=clerk, today=TODAY)
    event = case.events.get(stage=Stage.SYMPATHISER)
    assert (event.on_behalf, event.number, event.actor, event.note) == (
        True, "7-NQ/CB", clerk, "văn bản ngày 15/10/2024",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "applied_on", "may"),
    [
        ("struck_off", D(2024, 6, 30), False),
        ("struck_off", D(2024, 7, 1), True),  # the 36 months begin after the last day, 30/06/2021
        ("resigned", D(2024, 6, 30), False),
        ("transferred_out", D(2024, 6, 30), True),
    ],
)
def test_who_left_the_party_applies_again_after_three_years(city, cause, applied_on, may):
    spell = a_full_member(city.sibling, decided_on=D(2015, 1, 5), recognised_on=D(2016, 1, 5))
    Spell.objects.filter(pk=spell.pk).update(to_day=D(2021, 7, 1), ended_by=cause)
    person = spell.person
    case = nominate(city.branch, identity=Identity(person.name, person.born), listed_on=D(2024, 1, 5))
    for stage in (Stage.SYMPATHISER, Stage.TRAINED):
        case = advance(case, stage, D(2024, 2, 5), number="1")
    if may:
        assert advance(case, Stage.DOSSIER, applied_on).stage == Stage.DOSSIER
        return
    [(field, message)] = refusals(lambda: advance(case, Stage.DOSSIER, applied_on))
    assert field == "day"
    assert "sớm nhất là ngày 01/07/2024" in message
