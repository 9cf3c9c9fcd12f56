"""Corrections and revoking: what follows from a corrected day, what is refused, and that the log keeps both values."""

import datetime as dt

import pytest

from cells.log.models import Entry
from cells.people.identity import Identity
from cells.rules.models import ExitReason, Rule, Stratum
from cells.verdict import Refused, Stale
from membership import admission, correct, procedure, register
from membership.models import STAGES, Spell, Stage
from tests.factories import TODAY, a_case, a_full_member, a_user

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture
def clerk(city):
    return a_user("board", city.top)


def refusal(deed) -> str:
    """The field of the one thing refused."""
    with pytest.raises(Refused) as caught:
        deed()
    ((field),) = [problem.field for problem in caught.value.problems]
    return field


def mend(case, stage, day, clerk, *, number="9", reason="ghi nhầm", **more):
    event = case.events.valid().get(stage=stage)
    return correct.correct_step(event, day=day, number=number, reason=reason, actor=clerk, today=TODAY, **more)


def logged(entry) -> dict[str, tuple[str, str]]:
    return {value.field: (value.old, value.new) for value in entry.values.all()}


def test_a_corrected_step_keeps_both_days_in_the_log(city, clerk):
    case = a_case(city.branch, stage=Stage.TRAINED)  # listed 05/01, steps every 30 days
    mend(case, Stage.TRAINED, D(2024, 3, 20), clerk, number="12-CN")
    case.refresh_from_db()
    assert (case.stage_day, case.certificate_on, case.certificate_number) == (D(2024, 3, 20), D(2024, 3, 20), "12-CN")
    assert case.version == 4
    entry = Entry.objects.get(deed="correct")
    assert logged(entry)["day"] == ("2024-03-05", "2024-03-20")
    assert (entry.note, entry.actor) == ("ghi nhầm", clerk)


@pytest.mark.parametrize(
    ("stage", "day", "more", "field"),
    [
        (Stage.SYMPATHISER, D(2024, 1, 4), {}, "day"),  # before the listing
        (Stage.SYMPATHISER, D(2024, 3, 6), {}, "day"),  # after the next step
        (Stage.NOMINEE, D(2024, 2, 5), {}, "day"),
        (Stage.NOMINEE, D(1980, 1, 1), {}, "day"),  # before birth
        (Stage.DECIDED, D(2024, 10, 16), {}, "day"),
        (Stage.DECIDED, D(2024, 7, 10), {"number": ""}, "number"),
        (Stage.DECIDED, D(2024, 7, 10), {"reason": "  "}, "reason"),
        (Stage.BRANCH_RESOLVED, D(2024, 6, 10), {}, ""),  # a vote led to it: put right there
    ],
)
def test_a_wrong_correction_changes_nothing(city, clerk, stage, day, more, field):
    case = a_case(city.branch, stage=Stage.DECIDED)
    before = list(case.events.values_list("day", "number"))
    assert refusal(lambda: mend(case, stage, day, clerk, **more)) == field
    assert list(case.events.values_list("day", "number")) == before


def test_the_first_listing_may_be_corrected(city, clerk):
    case = a_case(city.branch)
    mend(case, Stage.NOMINEE, D(2024, 1, 12), clerk, number="")
    case.refresh_from_db()
    assert (case.listed_on, case.stage_day) == (D(2024, 1, 12), D(2024, 1, 12))


def test_a_resolution_of_the_old_book_is_not_corrected_to_before_the_age(city, clerk):
    item = admission.Nomination(
        Identity("Lê Văn Trẻ", D(2006, 5, 20)), city.branch, D(2024, 3, 5), stage=Stage.BRANCH_RESOLVED,
        stage_day=D(2024, 6, 3), decision_number="7",
    )  # fmt: skip
    case = admission.nominate([item], actor=clerk, today=TODAY)[0]
    assert refusal(lambda: mend(case, Stage.BRANCH_RESOLVED, D(2024, 4, 30), clerk)) == "day"
    mend(case, Stage.BRANCH_RESOLVED, D(2024, 5, 10), clerk)


@pytest.mark.parametrize(("rule", "counted"), [("decision", D(2024, 7, 20)), ("ceremony", D(2024, 8, 2))])
def test_a_corrected_decision_moves_the_counting_date(city, clerk, rule, counted):
    Rule.objects.filter(key="admission_counts_on").update(value=rule)
    case = a_case(city.branch, stage=Stage.ADMITTED)  # decided 03/07, ceremony 02/08
    mend(case, Stage.DECIDED, D(2024, 7, 20), clerk, number="5-QĐ")
    spell = Spell.objects.get(candidacy=case)
    assert (spell.decided_on, spell.decision_number, spell.from_day) == (D(2024, 7, 20), "5-QĐ", counted)


def test_a_corrected_ceremony_moves_the_probation_in_every_spell(city, clerk):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    first = Spell.objects.get(candidacy=case)
    move = register.Change(first.pk, D(2024, 8, 31), destination=city.sibling)
    register.transfer([move], actor=clerk, today=TODAY)
    mend(case, Stage.ADMITTED, D(2024, 8, 10), clerk, number="")
    assert set(Spell.objects.filter(candidacy=case).values_list("ceremony_on", flat=True)) == {D(2024, 8, 10)}
    assert Spell.objects.get(pk=first.pk).from_day == D(2024, 7, 3)


def test_a_decision_cannot_pass_what_came_after_it(city, clerk):
    case = a_case(city.branch, stage=Stage.DECIDED)
    spell = Spell.objects.get(candidacy=case)
    register.depart([register.Change(spell.pk, D(2024, 8, 1), cause="deceased")], actor=clerk, today=TODAY)
    assert refusal(lambda: mend(case, Stage.DECIDED, D(2024, 8, 2), clerk)) == "day"
    spell.refresh_from_db()
    assert spell.decided_on == D(2024, 7, 3)


def test_a_case_taken_over_as_admitted_moves_whole(city, clerk):
    case = a_case(city.branch, listed_on=D(2024, 3, 1))
    admission.drop([admission.Move(case.pk, "", D(2024, 3, 2), exit_reason=_reason())], actor=clerk, today=TODAY)
    who = case.person
    item = admission.Nomination(
        Identity(who.name, who.born), city.branch, D(2024, 3, 5), stage=Stage.ADMITTED, stage_day=D(2024, 6, 1),
        decision_number="5",
    )  # fmt: skip
    taken = admission.nominate([item], actor=clerk, today=TODAY)[0]
    mend(taken, Stage.ADMITTED, D(2024, 6, 9), clerk)
    spell = Spell.objects.get(candidacy=taken)
    assert (spell.from_day, spell.decided_on, spell.ceremony_on) == (D(2024, 6, 9),) * 3


def test_revoking_counts_nowhere_and_leads_back_to_the_examination(city, clerk):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    spell = Spell.objects.get(candidacy=case)
    correct.revoke(spell, number="8-QĐ", reason="khai không đúng", actor=clerk, today=TODAY)
    assert not Spell.objects.filter(person=case.person).exists()
    assert Spell.with_void.get(pk=spell.pk).void
    case.refresh_from_db()
    assert (case.stage, case.stage_day) == (Stage.DROPPED, TODAY)
    voided = {event.stage for event in case.events.filter(void=True)}
    assert voided == {Stage.DECIDED, Stage.ADMITTED}
    back = admission.resume([admission.Move(case.pk, "", TODAY)], actor=clerk, today=TODAY)[0]
    assert back.stage == Stage.EXAMINED
    again = admission.Move(case.pk, Stage.DECIDED, TODAY, number="9-QĐ")
    admission.advance([again], actor=clerk, today=TODAY)
    assert Spell.objects.get(candidacy=case).started_by == Spell.Start.ADMITTED


def test_what_cannot_be_revoked(city, clerk):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    spell = Spell.objects.get(candidacy=case)

    def revoke(held, number="8-QĐ", reason="x"):
        return correct.revoke(held, number=number, reason=reason, actor=clerk, today=TODAY)

    assert refusal(lambda: revoke(spell, number=" ")) == "number"
    assert refusal(lambda: revoke(spell, reason=" ")) == "reason"
    assert refusal(lambda: revoke(a_full_member(city.branch))) == ""
    revoke(spell)
    assert refusal(lambda: revoke(spell)) == ""
    with pytest.raises(Refused):
        mend_void(case, clerk)


def mend_void(case, clerk):
    event = case.events.get(stage=Stage.DECIDED)
    return correct.correct_step(event, day=TODAY, number="1", reason="x", actor=clerk, today=TODAY)


def test_identity_is_corrected_with_a_reason(city, clerk):
    case = a_case(city.branch, name="Nguyễn Văn Tư")

    def fix(reason="ghi nhầm", shown="", **values):
        return correct.correct_person(
            case.person, values=values, reason=reason, actor=clerk, organisation=city.branch, shown=shown
        )

    shown = correct.fingerprint(case.person)
    assert fix(name="Nguyễn Văn Tứ", shown=shown).name_folded == "nguyen van tu"
    with pytest.raises(Stale):
        fix(name="Nguyễn Văn Từ", shown=shown)
    assert refusal(lambda: fix(reason="", name="x")) == "reason"
    assert refusal(lambda: fix(born=D(2024, 1, 5))) == "born"
    assert logged(Entry.objects.get(deed="correct"))["name"] == ("Nguyễn Văn Tư", "Nguyễn Văn Tứ")


def test_particulars_background_and_strata_in_one_entry(city, clerk):
    case = a_case(city.branch, helper="Lê Văn Ba")
    strata = list(Stratum.objects.filter(code__in=["student", "militia"]))
    correct.correct_case(
        case, values={"helper": "Lê Văn Bốn"}, background={"religion": "Không", "education": "12/12"}, strata=strata,
        reason="đổi người giúp đỡ", actor=clerk, version=1,
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.helper, case.version, case.person.background.education) == ("Lê Văn Bốn", 2, "12/12")
    assert set(case.strata.all()) == set(strata)
    changes = logged(Entry.objects.get(deed="correct"))
    assert changes["helper"] == ("Lê Văn Ba", "Lê Văn Bốn")
    assert changes["religion"] == ("", "Không")
    assert set(changes) == {"helper", "religion", "education", "strata"}
    with pytest.raises(Stale):
        correct.correct_case(case, values={"helper": "x"}, reason="x", actor=clerk, version=1)


def test_the_second_of_two_editors_is_told(city, clerk):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    spell = Spell.objects.get(candidacy=case)
    with pytest.raises(Stale):
        mend(case, Stage.ADMITTED, TODAY, clerk, version=1)
    with pytest.raises(Stale):
        correct.revoke(spell, number="1", reason="x", actor=clerk, today=TODAY, version=1)


@pytest.mark.parametrize(
    ("at", "of", "branch_may"),
    [
        (Stage.NOMINEE, Stage.NOMINEE, True),
        (Stage.BRANCH_RESOLVED, Stage.BRANCH_RESOLVED, True),
        (Stage.BRANCH_RESOLVED, Stage.SYMPATHISER, True),
        (Stage.EXAMINED, Stage.BRANCH_RESOLVED, False),
        (Stage.EXAMINED, Stage.EXAMINED, False),
        (Stage.DECIDED, Stage.NOMINEE, False),
        (Stage.DECIDED, Stage.DECIDED, False),
        (Stage.ADMITTED, Stage.ADMITTED, False),
    ],
)
def test_a_branch_corrects_its_own_steps_until_the_committee_acted(city, at, of, branch_may):
    case = a_case(city.branch, stage=at)
    event = case.events.get(stage=of)
    acted = correct.acted_since(case, case.events.all(), event.recorded_at)
    assert bool(correct.may_correct_step(event, examines=False, decides=False, acted=acted)) == branch_may
    assert bool(correct.may_correct_step(event, examines=True, decides=False, acted=acted)) == (of != Stage.DECIDED)
    assert correct.may_correct_step(event, examines=True, decides=True, acted=acted)


def _reason():
    return ExitReason.objects.get(code="other")


def test_every_step_of_a_case_can_be_corrected_to_its_own_day(city, clerk):
    case = a_case(city.branch, stage=Stage.ADMITTED)
    by_vote = {step.to for step in procedure.STEPS if step.vote}
    for stage in [stage for stage in (*STAGES, Stage.ADMITTED) if stage not in by_vote]:
        event = case.events.get(stage=stage)
        mend(case, stage, event.day, clerk, number=event.number or "1")
