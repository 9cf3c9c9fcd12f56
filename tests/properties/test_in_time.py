"""The earliest lawful day is the earliest: the deeds go through on those days, and not on the day before."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from cells.rules.models import Rule
from cells.verdict import Refused
from membership.deadlines.milestones import Noted, note
from membership.deadlines.verdicts import certificate_verdict
from membership.in_time.asking import Asking
from membership.in_time.way import Forecast, Leg, Verdict, Wait, usual
from membership.models import STAGES, AwarenessClass, Candidacy, Introducer, Milestone, Spell, Stage
from membership.papers import checklist
from membership.papers import deeds as enter
from tests import factories
from tests.properties.world import examples, forgotten

pytestmark = pytest.mark.django_db

TODAYS = (dt.date(2021, 9, 1), dt.date(2024, 10, 15), dt.date(2025, 3, 3), dt.date(2026, 8, 3))
BEFORE_THE_VOTE = (Stage.NOMINEE, Stage.SYMPATHISER, Stage.TRAINED, Stage.DOSSIER)


@dataclass(frozen=True)
class Story:
    """One case as it stands `today`: how long it took, what is told of the person, what is announced."""

    today: dt.date
    stage: str
    at_base: bool
    step_days: int
    waited: int  # days in its stage
    until_eighteen: int  # days; below 0: since
    together: tuple[int, ...]  # months of each who introduces
    certificate: int | None  # months of age; null: that of the step
    gone: int | None  # months out of the Party
    class_in: int | None  # days until a class begins
    in_vain: bool
    counts_on: str


stories = st.builds(
    Story,
    st.sampled_from(TODAYS),
    st.sampled_from(STAGES),
    st.booleans(),
    st.integers(0, 80),
    st.integers(0, 30) | st.integers(300, 400),
    st.integers(-400, 200),
    st.lists(st.integers(0, 24), max_size=3).map(tuple),
    st.none() | st.integers(50, 62),
    st.none() | st.integers(20, 40),
    st.none() | st.integers(-5, 120),
    st.booleans(),
    st.sampled_from(("decision", "ceremony")),
)


def months_before(day: dt.date, months: int) -> dt.date:
    return day - dt.timedelta(days=months * 30)


def a_world(story: Story) -> Candidacy:
    """The case with whoever introduces, the class and the rules of the story."""
    Rule.objects.filter(key="admission_counts_on").update(value=story.counts_on)
    city = factories.a_city(committees=1, branches=1)
    stage = Stage.BRANCH_RESOLVED if story.at_base and story.stage == Stage.EXAMINED else story.stage
    steps = 7 * story.step_days + story.waited
    case = factories.a_case(
        city.base_branch if story.at_base else city.branch,
        stage=stage,
        listed_on=story.today - dt.timedelta(days=steps),
        step_days=story.step_days,
        today=story.today,
    )
    if stage in BEFORE_THE_VOTE:
        _told_of(case, story)
    if story.class_in is not None:
        first = story.today + dt.timedelta(days=story.class_in)
        AwarenessClass.objects.create(
            organisation=city.top, name="Lớp", held_by="TTCT", opens_on=first, closes_on=first + dt.timedelta(days=9)
        )
    if story.in_vain and stage == Stage.DOSSIER:
        with suppress(Refused), transaction.atomic():
            factories.a_vote(case, story.today, yes=2, no=7, today=story.today)
    case.refresh_from_db()
    return case


def _told_of(case: Candidacy, story: Story) -> None:
    birthday = story.today + dt.timedelta(days=story.until_eighteen)
    case.person.born = birthday.replace(year=birthday.year - 18, day=min(birthday.day, 28))
    case.person.save()
    if case.stage in (Stage.TRAINED, Stage.DOSSIER) and story.certificate is not None:
        case.certificate_on = months_before(story.today, story.certificate)
        case.save()
    if story.gone is not None:
        spell = factories.a_full_member(
            case.organisation, decided_on=dt.date(2010, 5, 3), recognised_on=dt.date(2011, 5, 3), today=story.today
        )
        out = months_before(story.today, story.gone)
        Spell.objects.filter(pk=spell.pk).update(person=case.person_id, to_day=out, ended_by="struck_off")
    if case.stage == Stage.DOSSIER and story.together:
        Introducer.objects.filter(candidacy=case).delete()
        for months in story.together:
            Introducer.objects.create(
                candidacy=case,
                name=factories.a_name(),
                from_day=case.stage_day,
                together_since=months_before(story.today, months),
            )


def ahead(case: Candidacy, asking: Asking) -> Forecast | None:
    rows = Candidacy.objects.filter(pk=case.pk)
    return next(asking.of(rows.as_of(asking.on, today=asking.on)), None)


def carry_out(case: Candidacy, found: Forecast) -> None:
    """Every step on its earliest day, by the deeds; where it had to wait for the law, a day before in vain."""
    before = found.on
    for leg in found.soonest.legs:
        the_papers(case, leg.to, max(before, leg.day - dt.timedelta(days=1)))
        if leg.waits and leg.to != Stage.TRAINED and leg.day > before:
            assert refused(case, leg, leg.day - dt.timedelta(days=1)), leg
        learn_again(case, found, leg)
        case = factories.a_step(case, leg.to, leg.day, number="9", today=leg.day)
        before = leg.day


def learn_again(case: Candidacy, found: Forecast, leg: Leg) -> None:
    """The new certificate of whose old one has run out by the day of the step."""
    case.refresh_from_db()
    if leg.to not in (Stage.DOSSIER, Stage.BRANCH_RESOLVED) or case.stage not in (Stage.TRAINED, Stage.DOSSIER):
        return
    if certificate_verdict(case.certificate_on, leg.day):
        return
    day = found.soonest.attended.closes_on if found.soonest.attended else leg.day
    noted = Noted(case, Milestone.What.CERTIFICATE, day, number="9", reason="học lại")
    note([noted], actor=None, today=leg.day)


def refused(case: Candidacy, leg: Leg, day: dt.date) -> bool:
    try:
        with transaction.atomic():
            factories._taken(case, leg.to, day, "9", day, {})
            transaction.set_rollback(True)
    except Refused:
        return True
    return False


def the_papers(case: Candidacy, stage: str, day: dt.date) -> None:
    """Whatever is only work: everything asked for but who introduces."""
    if stage not in STAGES:
        return
    lines = checklist.before(stage, checklist.checklist(case, day))
    lacking = {line.rule.code for line in lines if not line.is_there} - set(factories.BY_THEMSELVES)
    if lacking:
        entries = [enter.Entry(case, code, "01", day) for code in sorted(lacking)]
        enter.enter_papers(entries, actor=None, today=day)
        case.refresh_from_db()


@examples(7)
@given(stories)
def test_the_deeds_pass_on_the_earliest_days_and_not_before(story):
    with forgotten():
        case = a_world(story)
        found = ahead(case, Asking(story.today))
        if found is None:
            assert case.stage == Stage.DECIDED
            assert story.counts_on == "decision"
            return
        days = [story.today, *(leg.day for leg in found.soonest.legs)]
        assert days == sorted(days)
        assert case.stage_day <= story.today <= found.soonest.counts_on
        carry_out(case, found)
        assert Spell.objects.get(candidacy=case).from_day == found.soonest.counts_on


@examples(7)
@given(stories, st.lists(st.integers(0, 200), min_size=8, max_size=8), st.integers(0, 400))
def test_the_usual_day_is_never_before_the_earliest(story, lengths, until):
    with forgotten():
        case = a_world(story)
        asking = Asking(story.today)
        found = ahead(case, asking)
        if found is None:
            return
        steps = [*zip(STAGES, [*STAGES[1:], Stage.ADMITTED], strict=True), (Stage.BRANCH_RESOLVED, Stage.DECIDED)]
        pace = dict(zip(steps, lengths, strict=True))
        usually = usual(found.facts, asking.law, story.today, pace, found.soonest)
        assert usually.counts_on >= found.soonest.counts_on
        for soonest, later in zip(found.soonest.legs, usually.legs, strict=False):
            assert soonest.to == later.to
            assert soonest.day <= later.day
        last = story.today + dt.timedelta(days=until)
        verdict = Forecast(found.facts, story.today, found.soonest, usually).verdict(last)
        assert verdict == (
            Verdict.TOO_LATE
            if found.soonest.counts_on > last
            else Verdict.CERTAIN
            if usually.counts_on <= last
            else Verdict.POSSIBLE
        )
        assert found.waits in Wait
