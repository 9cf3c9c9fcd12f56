"""«Còn kịp trước 31/12»: earliest lawful and usual day of open cases, by hand under the rules of several years."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.rules.deeds import new_version
from membership import admission, register
from membership.around.introducers import Introduction, add_introducer
from membership.classes.deeds import Announced, announce, call_off, correct
from membership.deadlines.milestones import Noted, note
from membership.in_time import pace
from membership.in_time.asking import Asking
from membership.in_time.told import NO_CLASS, Tally, Words
from membership.in_time.way import Verdict, Wait
from membership.models import Candidacy, Introducer, Milestone, Stage
from tests import factories
from tests.around import refusals
from tests.factories import TODAY, a_case, a_case_taken_over, a_class, a_member, a_step, a_vote

pytestmark = pytest.mark.django_db

D = dt.date
#: a day under each of three regulations (QĐ 24, QĐ 232, QĐ 208)
DAYS = (D(2021, 9, 1), D(2025, 3, 3), D(2026, 8, 3))


def ahead(case, on=TODAY):
    """The forecast of one case on `on`; null where its admission has counted."""
    rows = Candidacy.objects.filter(pk=case.pk)
    return next(Asking(on).of(rows.as_of(on, today=on)), None)


def told(case, on=TODAY):
    """(first lawful day on which the admission counts, what decides it)."""
    found = ahead(case, on)
    return found.soonest.counts_on, found.waits


def a_rule(key, value, from_day):
    new_version(key=key, value=value, from_day=from_day, document="QĐ thử", text="thử", confidence="M", actor=None)


def at(stage, branch, on, **more):
    """A case that reached `stage` before `on`, a step every ten days."""
    more = {"listed_on": on - dt.timedelta(days=100), "step_days": 10, "today": on} | more
    return a_case(branch, stage=stage, **more)


# ---- what decides, under each regulation ----------------------------------------------------------
#: stage reached → what it waits for where nothing has to be waited for
NEXT = [
    (Stage.TRAINED, Wait.DOSSIER),
    (Stage.DOSSIER, Wait.BRANCH),
    (Stage.BRANCH_RESOLVED, Wait.COMMITTEE),
    (Stage.EXAMINED, Wait.DECISION),
]


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize(("stage", "waits"), NEXT)
def test_without_anything_to_wait_for_today_is_lawful_and_the_next_step_decides(city, stage, waits, on):
    assert told(at(stage, city.branch, on), on) == (on, waits)


def test_a_base_branch_waits_for_the_decision(city):
    assert told(at(Stage.BRANCH_RESOLVED, city.base_branch, TODAY)) == (TODAY, Wait.DECISION)


@pytest.mark.parametrize("on", DAYS)
def test_who_is_too_young_waits_for_the_month_of_the_birthday(city, on):
    """18 counted in months: born 20/11, voted on from 1/11."""
    case = at(Stage.DOSSIER, city.branch, on, born=D(on.year - 18, 11, 20))
    assert told(case, on) == (D(on.year, 11, 1), Wait.AGE)


# rules changed on the way: (key, value, from), birth, first lawful day
AGES = [
    ([], D(2006, 11, 20), D(2024, 11, 1)),
    ([("admission_age_unit", "day", D(2024, 10, 1))], D(2006, 11, 20), D(2024, 11, 20)),
    # counted in days only later: the first day of the month comes before
    ([("admission_age_unit", "day", D(2024, 11, 5))], D(2006, 11, 20), D(2024, 11, 1)),
    # 19 from December on, until the next regulation (20/01/2025) says 18 again: just in time, a month too late
    ([("admission_age_min", "19", D(2024, 12, 1))], D(2006, 11, 20), D(2024, 11, 1)),
    ([("admission_age_min", "19", D(2024, 12, 1))], D(2006, 12, 10), D(2025, 1, 20)),
    # 17 from December on: old enough since March, by the rule from its first day on
    ([("admission_age_min", "17", D(2024, 12, 1))], D(2007, 3, 10), D(2024, 12, 1)),
]


@pytest.mark.parametrize(("rules", "born", "day"), AGES)
def test_the_age_is_that_of_the_rules_of_the_very_day(city, rules, born, day):
    case = at(Stage.DOSSIER, city.branch, TODAY, born=born)
    for rule in rules:
        a_rule(*rule)
    assert told(case) == (day, Wait.AGE)


def test_without_a_birth_the_record_is_lacking_not_the_law(city):
    case = at(Stage.DOSSIER, city.branch, TODAY)
    case.person.born = None
    case.person.save()
    assert told(case) == (TODAY, Wait.BIRTH)


# since when two introducers are together with the candidate, which ones are replacements, first lawful day
INTRODUCED = [
    ((D(2023, 1, 1), D(2023, 2, 1)), TODAY, Wait.BRANCH),
    ((D(2023, 1, 1), D(2023, 12, 5)), D(2024, 12, 5), Wait.INTRODUCERS),
    ((D(2024, 1, 31), D(2024, 2, 29)), D(2025, 2, 28), Wait.INTRODUCERS),
    ((D(2024, 1, 31), D(2023, 5, 1), D(2023, 6, 1)), TODAY, Wait.BRANCH),
    ((D(2024, 3, 1),), D(2025, 3, 1), Wait.INTRODUCERS),
]


@pytest.mark.parametrize(("since", "day", "waits"), INTRODUCED)
def test_those_who_introduce_must_have_been_together_with_the_candidate(city, since, day, waits):
    case = at(Stage.DOSSIER, city.branch, TODAY)
    Introducer.objects.filter(candidacy=case).delete()
    for one in since:
        item = Introduction(case, TODAY, name=factories.a_name(), together_since=one)
        add_introducer(item, actor=None, today=TODAY)
    assert told(case) == (day, waits)


def test_a_union_introduces_beside_one_member_and_a_replacement_need_not_wait(city):
    case = at(Stage.DOSSIER, city.branch, TODAY)
    Introducer.objects.filter(candidacy=case).delete()
    late = Introducer.objects.create(candidacy=case, name="A B", from_day=TODAY, together_since=D(2024, 5, 1))
    Introducer.objects.create(candidacy=case, name="Đoàn phường", kind="youth_union", from_day=TODAY)
    assert told(case) == (D(2025, 5, 1), Wait.INTRODUCERS)
    a_rule("introducer_months", "6", D(2024, 10, 1))
    assert told(case) == (D(2024, 11, 1), Wait.INTRODUCERS)
    other = Introducer.objects.create(candidacy=case, name="C D", from_day=D(2024, 9, 1), to_day=TODAY)
    late.replaces = other
    late.save()
    assert told(case) == (TODAY, Wait.BRANCH)


def test_a_member_of_the_register_is_together_since_they_came_to_the_branch(city, members):
    case = at(Stage.DOSSIER, city.branch, TODAY, listed_on=D(2024, 3, 4))
    Introducer.objects.filter(candidacy=case).delete()
    for person in members:
        add_introducer(Introduction(case, TODAY, person=person), actor=None, today=TODAY)
    assert told(case) == (D(2025, 3, 4), Wait.INTRODUCERS)  # listed on 4/3/2024, both members before


# certificate, birth, classes (first and last day), first lawful day of the vote, what decides
CERTIFICATES = [
    (D(2019, 10, 16), D(1990, 1, 1), [], TODAY, Wait.BRANCH),  # good on 15/10/2024, its last day
    (D(2019, 10, 15), D(1990, 1, 1), [], TODAY, Wait.CLASS),  # run out, and no class is known
    (D(2019, 10, 15), D(1990, 1, 1), [(D(2024, 11, 4), D(2024, 11, 15))], D(2024, 11, 15), Wait.CLASS),
    # still good today, run out when the candidate is old enough: the class meanwhile
    (D(2019, 11, 20), D(2006, 12, 9), [(D(2024, 11, 4), D(2024, 11, 15))], D(2024, 12, 1), Wait.AGE),
    (D(2019, 11, 20), D(2006, 12, 9), [(D(2024, 12, 2), D(2024, 12, 13))], D(2024, 12, 13), Wait.CLASS),
    (D(2019, 12, 2), D(2006, 12, 9), [(D(2024, 12, 2), D(2024, 12, 13))], D(2024, 12, 1), Wait.AGE),
]


@pytest.mark.parametrize(("issued", "born", "classes", "day", "waits"), CERTIFICATES)
def test_a_certificate_that_runs_out_before_the_vote_means_the_class_again(city, issued, born, classes, day, waits):
    case = a_case_taken_over(city.branch, Stage.DOSSIER, D(2024, 8, 1), certificate_on=issued)
    case.person.born = born
    case.person.save()
    for first, last in classes:
        a_class(city.top, first, last)
    assert told(case) == (day, waits)


@pytest.mark.parametrize(("months", "day"), [("60", TODAY), ("48", D(2024, 11, 15))])
def test_how_long_a_certificate_is_good_says_the_rule_of_its_own_day(city, months, day):
    a_rule("certificate_months", months, D(2020, 1, 1))
    a_rule("certificate_months", "12", D(2023, 1, 1))  # of later ones
    case = a_case_taken_over(city.branch, Stage.DOSSIER, D(2024, 8, 1), certificate_on=D(2020, 6, 1))
    a_class(city.top, D(2024, 11, 4), D(2024, 11, 15))
    assert told(case)[0] == day


# classes (unit, first day, last day), first lawful day; the candidate is on the list since 17/07/2024 (a day before)
CLASSES = [
    ([], TODAY),
    ([("top", D(2024, 11, 4), D(2024, 11, 15))], D(2024, 11, 15)),
    ([("committee", D(2024, 12, 4), D(2024, 12, 15)), ("top", D(2025, 1, 4), D(2025, 1, 15))], D(2024, 12, 15)),
    ([("outside", D(2024, 11, 4), D(2024, 11, 15)), ("top", D(2025, 1, 4), D(2025, 1, 15))], D(2025, 1, 15)),
    # one that is on: it began after the listing; one that began before it; one that is over
    ([("top", D(2024, 10, 7), D(2024, 10, 18))], D(2024, 10, 18)),
    ([("top", D(2024, 7, 15), D(2024, 10, 18)), ("top", D(2024, 12, 2), D(2024, 12, 4))], D(2024, 12, 4)),
    ([("top", D(2024, 10, 7), D(2024, 10, 14))], TODAY),
]


@pytest.mark.parametrize(("classes", "day"), CLASSES)
def test_nobody_has_the_certificate_before_the_next_class_ends(city, classes, day):
    case = at(Stage.SYMPATHISER, city.branch, TODAY)
    assert case.stage_day == D(2024, 7, 17)
    for unit, first, last in classes:
        a_class(getattr(city, unit), first, last, name=f"Lớp {first}")
    assert told(case) == (day, Wait.CLASS)


def test_who_is_not_on_the_list_yet_cannot_be_in_a_class_that_has_begun(city):
    case = at(Stage.NOMINEE, city.branch, TODAY)
    a_class(city.top, D(2024, 10, 14), D(2024, 10, 20), name="Lớp 1")
    a_class(city.top, D(2024, 11, 14), D(2024, 11, 20), name="Lớp 2")
    assert told(case) == (D(2024, 11, 20), Wait.CLASS)


@pytest.mark.parametrize("on", DAYS)
def test_who_left_the_party_applies_after_36_months(city, on):
    gone = D(on.year - 3, 11, 9)
    person = _who_left(city, gone, on)
    identity = admission.Nomination(
        identity=factories.Identity(person.name, person.born, "day"),
        organisation=city.branch,
        listed_on=on - dt.timedelta(days=90),
        person=person,
    )
    case = admission.nominate([identity], actor=None, today=on)[0]
    for place, stage in enumerate((Stage.SYMPATHISER, Stage.TRAINED), 1):
        case = a_step(case, stage, on - dt.timedelta(days=60 - place * 10), today=on)
    assert told(case, on) == (D(on.year, 11, 10), Wait.READMISSION)  # out of the Party from 10/11 on


def _who_left(city, last, on):
    spell = a_member(city.branch, decided_on=D(2010, 5, 10), recognised_on=D(2011, 5, 10), today=on)
    register.depart([register.Change(spell.pk, last, cause="resigned")], actor=None, today=on)
    return spell.person


def test_a_resolution_that_grew_too_old_begins_the_dossier_anew(city):
    on = D(2025, 6, 2)
    case = a_case(city.branch, stage=Stage.EXAMINED)  # resolved on 04/05/2024
    found = ahead(case, on)
    assert [leg.to for leg in found.soonest.legs] == ["dossier", "branch_resolved", "examined", "decided"]
    assert (found.soonest.counts_on, found.waits) == (on, Wait.DOSSIER)
    assert [leg.to for leg in ahead(case, D(2025, 5, 3)).soonest.legs] == ["decided"]


def test_who_was_voted_on_in_vain_today_is_voted_on_again_tomorrow(city):
    case = at(Stage.DOSSIER, city.branch, TODAY)
    a_vote(case, TODAY, yes=3, no=6)
    assert told(case) == (D(2024, 10, 16), Wait.BRANCH)
    assert told(case, D(2024, 10, 16)) == (D(2024, 10, 16), Wait.BRANCH)


# ---- which day counts --------------------------------------------------------------------------------
def test_the_day_that_counts_is_that_of_the_rule_of_the_decision(city):
    """The decision counts until 31/10, the ceremony for what is decided from 1/11 on."""
    decided, young = at(Stage.DECIDED, city.branch, TODAY), at(Stage.DOSSIER, city.branch, TODAY, born=D(2006, 11, 9))
    ready = at(Stage.DOSSIER, city.branch, TODAY)
    a_rule("admission_counts_on", "ceremony", D(2024, 11, 1))
    assert ahead(decided) is None  # counted with its decision
    assert [leg.to for leg in ahead(ready).soonest.legs][-1] == Stage.DECIDED
    assert [leg.to for leg in ahead(young).soonest.legs][-1] == Stage.ADMITTED


def test_who_is_decided_and_counts_with_the_ceremony_waits_for_it(city):
    a_rule("admission_counts_on", "ceremony", D(2024, 1, 1))
    case = at(Stage.DECIDED, city.branch, TODAY)
    assert told(case) == (TODAY, Wait.CEREMONY)


# days from the decision to the ceremony, usual and counting rule → verdict of somebody whose decision is due on 20/12
@pytest.mark.parametrize(("counts_on", "verdict"), [("decision", Verdict.CERTAIN), ("ceremony", Verdict.POSSIBLE)])
def test_the_ceremony_may_come_too_late_where_the_decision_would_not(city, counts_on, verdict):
    at(Stage.ADMITTED, city.sibling, TODAY, listed_on=D(2023, 1, 5), step_days=30)
    a_rule("admission_counts_on", counts_on, D(2024, 1, 1))
    case = at(Stage.BRANCH_RESOLVED, city.branch, D(2024, 10, 31))
    found = ahead(case, D(2024, 10, 31))
    assert found.usually.legs[1].day == D(2024, 11, 30)  # examined at once: a month has gone by; decided a month after
    a_later = ahead(case, D(2024, 11, 20))
    assert a_later.verdict(D(2024, 12, 31)) == verdict


# ---- the usual pace ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "middle"), [([5], 5), ([1, 9], 5), ([1, 2], 2), ([1, 2, 30], 2), ([0, 0, 7, 9], 4), ([3, 3, 3, 90], 3)]
)
def test_the_median_is_the_middle_rounded_up(days, middle):
    assert pace.median(Counter(days)) == middle


def test_the_pace_is_measured_step_by_step_from_the_last_three_years(city):
    for days in (10, 20, 60):
        a_case(city.branch, stage=Stage.DECIDED, listed_on=D(2023, 1, 2), step_days=days, today=TODAY)
    a_case(city.branch, stage=Stage.DECIDED, listed_on=D(2019, 1, 2), step_days=5, today=TODAY)  # long ago
    a_case_taken_over(city.branch, Stage.DOSSIER, D(2024, 8, 1))  # no step of one stage
    found = pace.measured(TODAY).days
    assert found["nominee", "sympathiser"] == 20
    assert found["examined", "decided"] == 20
    assert ("decided", "admitted") not in found
    assert pace.measured(D(2021, 1, 1)).days["dossier", "branch_resolved"] == 5


def test_steps_nobody_was_followed_over_are_told_by_cases_of_the_old_book(city):
    """Listed on 1/1/2024, at their dossier after 100 and 120 days, resolved after 150, examined before: no time."""
    for stage, days in (
        (Stage.DOSSIER, 100),
        (Stage.DOSSIER, 120),
        (Stage.BRANCH_RESOLVED, 150),
        (Stage.EXAMINED, 140),
    ):
        listed = D(2024, 1, 1)
        a_case_taken_over(city.branch, stage, listed + dt.timedelta(days=days), listed_on=listed)
    found = pace.measured(TODAY)
    assert found.days == {("dossier", "branch_resolved"): 40, ("branch_resolved", "examined"): 0}
    assert found.guessed == found.days.keys()
    followed = a_case(city.branch, stage=Stage.BRANCH_RESOLVED, listed_on=D(2024, 2, 1), step_days=7)
    assert followed.pk
    again = pace.measured(TODAY)
    assert again.days["dossier", "branch_resolved"] == 7
    assert ("branch_resolved", "examined") in again.guessed


def test_days_spent_in_the_stage_are_taken_off_but_never_below_none(city):
    a_case(city.sibling, stage=Stage.DECIDED, listed_on=D(2023, 1, 2), step_days=30)
    fresh = at(Stage.BRANCH_RESOLVED, city.branch, TODAY, listed_on=D(2024, 8, 26), step_days=10)  # resolved 5/10
    stale = at(Stage.BRANCH_RESOLVED, city.branch, TODAY, listed_on=D(2024, 5, 1), step_days=10)
    assert [leg.day for leg in ahead(fresh).usually.legs] == [D(2024, 11, 4), D(2024, 12, 4)]
    assert [leg.day for leg in ahead(stale).usually.legs] == [TODAY, D(2024, 11, 14)]


def test_where_nobody_took_a_step_before_nobody_knows_the_usual_day(city):
    found = ahead(at(Stage.BRANCH_RESOLVED, city.branch, TODAY))
    assert found.usually is None
    assert found.verdict(D(2024, 12, 31)) == Verdict.POSSIBLE


def test_verdicts_against_the_last_day(city):
    a_case(city.sibling, stage=Stage.DECIDED, listed_on=D(2023, 1, 2), step_days=30)
    last = D(2024, 12, 31)
    certain = ahead(at(Stage.BRANCH_RESOLVED, city.branch, TODAY, step_days=20))
    possible = ahead(at(Stage.TRAINED, city.branch, TODAY, listed_on=D(2024, 9, 1)))
    late = ahead(at(Stage.DOSSIER, city.branch, TODAY, born=D(2007, 1, 9)))
    assert [one.verdict(last) for one in (certain, possible, late)] == ["certain", "possible", "too_late"]
    # the branch must meet so that 60 usual days are left: examined and decided
    assert possible.hurry(pace.measured(TODAY).days, last) == (Stage.BRANCH_RESOLVED, D(2024, 11, 1))


# ---- past days, sums, queries -------------------------------------------------------------------------
def test_a_past_day_sees_the_case_as_it_stood(city):
    case = a_case(city.branch, stage=Stage.DECIDED, listed_on=D(2024, 1, 5), step_days=30, born=D(2006, 5, 2))
    on = D(2024, 3, 10)  # a sympathiser since 4/2, trained since 5/3
    rows = Candidacy.objects.filter(pk=case.pk).as_of(on, today=TODAY)
    (found,) = Asking(on).of(rows)
    assert (found.facts.stage, found.soonest.counts_on, found.waits) == ("trained", D(2024, 5, 1), Wait.AGE)
    assert ahead(case) is None


def test_every_open_case_has_one_verdict(city):
    for stage in (Stage.NOMINEE, Stage.TRAINED, Stage.DOSSIER, Stage.EXAMINED, Stage.DECIDED):
        at(stage, city.branch, TODAY)
    at(Stage.DOSSIER, city.sibling, TODAY, born=D(2007, 1, 9))
    asking = Asking(TODAY)
    tally = Tally()
    for one in asking.of(Candidacy.objects.as_of(TODAY, today=TODAY)):
        tally.add(one, asking)
    counted = Candidacy.objects.filter(stage=Stage.DECIDED).count()
    assert sum(tally.verdicts.values()) + counted == Candidacy.objects.open().count() == 6
    assert tally.verdicts[Verdict.TOO_LATE] == 1


def test_who_comes_back_into_the_party_counts_for_no_quota(city):
    person = _who_left(city, D(2020, 1, 9), TODAY)
    item = admission.Nomination(
        factories.Identity(person.name, person.born, "day"), city.branch, D(2024, 8, 1), person=person
    )
    admission.nominate([item], actor=None, today=TODAY)
    asking, tally = Asking(TODAY), Tally()
    for one in asking.of(Candidacy.objects.as_of(TODAY, today=TODAY)):
        tally.add(one, asking)
    assert (tally.former, sum(tally.verdicts.values())) == (1, 0)


def test_as_many_questions_for_many_cases_as_for_few(city, members):
    a_class(city.top, D(2024, 11, 4), D(2024, 11, 15))
    counts = []
    for _ in range(2):
        for branch in (city.branch, city.outside):
            for stage in (Stage.SYMPATHISER, Stage.DOSSIER, Stage.EXAMINED):
                case = at(stage, branch, TODAY)
        add_introducer(
            Introduction(at(Stage.DOSSIER, city.branch, TODAY, papers=False), TODAY, person=members[0]),
            actor=None,
            today=TODAY,
        )
        with CaptureQueriesContext(connection) as asked:
            assert len(list(Asking(TODAY).of(Candidacy.objects.as_of(TODAY, today=TODAY)))) >= 7
        counts.append(len(asked))
    assert case.pk
    assert counts[0] == counts[1] <= 13


# ---- words ---------------------------------------------------------------------------------------------
def test_what_is_waited_for_in_words(city):
    asking = Asking(TODAY)
    words = Words(asking)
    young = at(Stage.DOSSIER, city.branch, TODAY, born=D(2006, 12, 9))
    for _ in range(2):
        at(Stage.SYMPATHISER, city.branch, TODAY)

    def said():
        tally = Tally()
        for one in Asking(TODAY).of(Candidacy.objects.as_of(TODAY, today=TODAY)):
            tally.add(one, asking)
        return words.blocked(tally)

    assert said() == f"2 người chờ lớp; {NO_CLASS}. 1 người chưa đủ 18 tuổi."
    a_class(city.top, D(2024, 11, 4), D(2024, 11, 15))
    assert said() == "2 người chờ lớp; lớp kế tiếp 04/11/2024. 1 người chưa đủ 18 tuổi."
    assert words.days(ahead(young)) == "sớm nhất 01/12/2024, thường chưa rõ; chưa đủ 18 tuổi"


def test_what_would_save_a_unit():
    tally = Tally(
        possible=[
            (D(2025, 2, 1), Stage.BRANCH_RESOLVED, D(2024, 11, 1)),
            (D(2025, 1, 5), Stage.DECIDED, D(2024, 12, 1)),
            (D(2025, 1, 9), Stage.BRANCH_RESOLVED, D(2024, 11, 5)),
        ]
    )
    assert tally.saving(0) == ""
    assert tally.saving(1) == "đẩy nhanh 1 hồ sơ: ra quyết định chậm nhất 01/12/2024"
    assert tally.saving(5) == (
        "đẩy nhanh 2 hồ sơ: họp chi bộ chậm nhất 01/11/2024; đẩy nhanh 1 hồ sơ: ra quyết định chậm nhất 01/12/2024; "
        "thiếu 2 người chưa có trong danh sách"
    )


# ---- classes ---------------------------------------------------------------------------------------------
BAD = [
    ({"name": " "}, ["name"]),
    ({"held_by": ""}, ["held_by"]),
    ({"closes_on": D(2024, 11, 3)}, ["closes_on"]),
    ({"closes_on": D(2026, 11, 4)}, ["closes_on"]),
    ({"name": "", "closes_on": D(2024, 1, 1)}, ["name", "closes_on"]),
]


@pytest.mark.parametrize(("values", "fields"), BAD)
def test_a_class_that_cannot_be_is_refused(city, values, fields):
    item = {"name": "Lớp 1", "held_by": "TTCT", "opens_on": D(2024, 11, 4), "closes_on": D(2024, 11, 15)} | values
    found = refusals(lambda: announce([Announced(city.top, **item)], actor=None))
    assert [field for field, _ in found] == fields


def test_a_class_is_announced_once_put_right_and_called_off_with_a_reason(city):
    row = a_class(city.top, name="Lớp 1")
    assert refusals(lambda: a_class(city.top, D(2024, 11, 4), D(2024, 11, 18), name="LỚP 1"))[0][0] == "name"
    later = Announced(city.top, "Lớp 1", "TTCT", D(2024, 12, 2), D(2024, 12, 13))
    assert refusals(lambda: correct(row, later, reason=" ", actor=None))[0][0] == "reason"
    correct(row, later, reason="dời ngày", actor=None)
    case = at(Stage.SYMPATHISER, city.branch, TODAY)
    assert told(case)[0] == D(2024, 12, 13)
    call_off(row, reason="chưa đủ người", actor=None)
    assert told(case)[0] == TODAY
    assert refusals(lambda: call_off(row, reason="lần nữa", actor=None))
    outside = factories.a_unit("DU9", "base_committee", city.top, day=D(2024, 10, 1))
    assert refusals(lambda: a_class(outside, D(2024, 9, 2), D(2024, 9, 13)))[0][0] == "opens_on"


def test_a_certificate_renewed_after_a_past_day_was_the_old_one_then(city):
    issued = D(2019, 12, 2)
    case = a_case_taken_over(city.branch, Stage.TRAINED, issued, certificate_on=issued)
    noted = Noted(case, Milestone.What.CERTIFICATE, D(2024, 9, 30), number="7", reason="")
    note([noted], actor=None, today=TODAY)
    on = D(2024, 9, 1)
    rows = Candidacy.objects.filter(pk=case.pk).as_of(on, today=TODAY)
    (found,) = Asking(on).of(rows)
    assert found.facts.certificate_on == issued
    assert ahead(case).facts.certificate_on == D(2024, 9, 30)
