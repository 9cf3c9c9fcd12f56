"""Bases from the register: frozen once, never moved, put right only by a second person."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given

from cells.log.models import Entry
from cells.models import Kind, Organisation
from cells.organisations import reorganise
from cells.people.models import Person
from cells.verdict import Refused
from membership import register
from membership.models import Spell
from reports.figures.book import open_book
from reports.period import Period
from targets import enter
from targets.base import Freezing, freeze, members_to_freeze, preview, residuals
from targets.base_corrections import Proposal, approve_corrections, propose_corrections, refuse_corrections
from targets.models import Base, BaseCorrection
from tests import factories
from tests.factories import TODAY
from tests.properties.world import PEOPLE, STRUCTURE, World, events, examples, forgotten

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YEAR = 2024
LAST = dt.date(2023, 12, 31)


@pytest.fixture
def city():
    """DU1-01: two full members and one on probation; DU1-02: one member; CS1: a register and nobody on it any more."""
    city = factories.a_city()
    for branch, full in ((city.branch, True), (city.branch, True), (city.branch, False), (city.sibling, True)):
        factories.a_member(branch, recognised_on=dt.date(2021, 5, 10) if full else None)
    gone = factories.a_member(city.base_branch)
    register.depart([register.Change(gone.pk, LAST, "resigned")], actor=None, today=TODAY)
    return city


def _freeze(unit, year=YEAR):
    return freeze(unit, year, actor=None, today=TODAY)


def _bases(year=YEAR):
    rows = Base.objects.filter(year=year).order_by("organisation__code")
    return [(row.organisation.code, row.total, row.full, row.probationary) for row in rows]


def _used(unit, year=YEAR):
    book = open_book(unit.pk, Period(dt.date(year, 1, 1), dt.date(year, 7, 1)))
    return book.base(book.forest.standing("opening", year, dt.date(year, 6, 30)), year).value(unit.pk)


# ---- freezing --------------------------------------------------------------------------------------


def test_freezing_writes_the_register_at_the_turn_of_the_year_for_all_below(city):
    assert preview(city.top, YEAR, actor=None, today=TODAY) == Freezing(new=3, held=0, differing=0, silent=2)
    assert members_to_freeze(city.top, YEAR) == (4, 0)
    assert _freeze(city.top) == Freezing(new=3, held=0, differing=0, silent=2)
    assert _bases() == [("CS1", 0, 0, 0), ("DU1-01", 3, 2, 1), ("DU1-02", 1, 1, 0)]
    assert set(Base.objects.values_list("origin", flat=True)) == {"frozen"}


def test_freezing_twice_changes_nothing_and_says_what_stood(city):
    _freeze(city.top)
    before = list(Base.objects.order_by("pk").values_list())
    factories.a_full_member(city.branch)
    assert (
        _freeze(city.top)
        == preview(city.top, YEAR, actor=None, today=TODAY)
        == Freezing(0, held=3, differing=1, silent=2)
    )
    assert list(Base.objects.order_by("pk").values_list()) == before
    entry = Entry.objects.get(deed="freeze_bases")
    assert (entry.organisation, entry.count, entry.note) == (city.top, 3, "năm 2024")


def test_a_declared_base_stays_and_freezing_a_part_leaves_the_rest(city):
    enter.declare_bases([enter.BaseLine(city.branch, YEAR, 9)], actor=None, today=TODAY)
    assert _freeze(city.committee) == Freezing(new=1, held=1, differing=0, silent=0)
    assert _bases() == [("DU1-01", 9, None, None), ("DU1-02", 1, 1, 0)]


def test_each_base_says_who_made_it_and_when(city):
    """Whether of members, of an empty register or declared; who freezes after them makes only what is new."""
    one, other = factories.a_user("committee", city.committee), factories.a_user("board", city.top)
    enter.declare_bases([enter.BaseLine(city.outside, YEAR, 9)], actor=one, today=TODAY)
    freeze(city.committee, YEAR, actor=one, today=TODAY)
    first = set(Base.objects.values_list())
    freeze(city.top, YEAR, actor=other, today=TODAY)
    made = dict(Base.objects.values_list("organisation__code", "made_by"))
    assert made == {"DU2-02": one.pk, "DU1-01": one.pk, "DU1-02": one.pk, "CS1": other.pk}
    assert set(Base.objects.exclude(made_by=other).values_list()) == first
    ago = [timezone.now() - at for at in Base.objects.values_list("made_at", flat=True)]
    assert all(dt.timedelta(0) <= one <= dt.timedelta(minutes=10) for one in ago)
    assert _freeze(city.top).new == 0
    assert dict(Base.objects.values_list("organisation__code", "made_by")) == made


#: what happens to a member of DU1-01 → is the member counted in its base of 1/1
TURNS = {
    "leaves on 31/12": (lambda one, to: ("depart", register.Change(one.pk, LAST, "deceased")), False),
    "leaves on 1/1": (lambda one, to: ("depart", register.Change(one.pk, dt.date(YEAR, 1, 1), "deceased")), True),
    "moves, last day 31/12": (lambda one, to: ("transfer", register.Change(one.pk, LAST, destination=to)), False),
    "moves, last day 1/1": (
        lambda one, to: ("transfer", register.Change(one.pk, dt.date(YEAR, 1, 1), destination=to)),
        True,
    ),
    "full member from 1/1": (lambda one, to: ("recognise", register.Change(one.pk, dt.date(YEAR, 1, 1))), True),
}


@pytest.mark.parametrize(("change", "counted"), TURNS.values(), ids=TURNS)
def test_the_turn_into_the_first_of_january(change, counted):
    city = factories.a_city()
    member = factories.a_member(city.branch)
    deed, made = change(member, city.sibling)
    getattr(register, deed)([made], actor=None, today=TODAY)
    _freeze(city.top)
    assert Base.objects.get(organisation=city.branch).total == int(counted)


def test_admitted_on_the_first_of_january_is_not_in_the_base():
    city = factories.a_city()
    factories.a_full_member(city.branch)
    factories.a_member(city.branch, decided_on=dt.date(YEAR, 1, 1))
    _freeze(city.top)
    assert Base.objects.get(organisation=city.branch).total == 1


@pytest.mark.parametrize(
    ("sexes", "women"), [(("nu", "nam"), 1), (("nam", "nam"), 0), (("nu", ""), None)], ids=("known", "none", "unknown")
)
def test_women_are_counted_where_everybodys_sex_is_known(sexes, women):
    city = factories.a_city()
    for sex in sexes:
        Person.objects.filter(pk=factories.a_full_member(city.branch).person_id).update(sex=sex)
    _freeze(city.top)
    assert Base.objects.get(organisation=city.branch).female == women


def test_members_entered_at_a_committee_with_branches_are_told_and_enter_no_base(city):
    factories.a_full_member(city.committee)
    assert members_to_freeze(city.top, YEAR) == (4, 1)
    _freeze(city.top)
    assert not Base.objects.filter(organisation=city.committee).exists()


def test_nobody_freezes_the_base_of_what_is_somebody_elses_today(city):
    """What stands nowhere any more is theirs under whom it stood."""
    factories.a_full_member(factories.a_unit("DU1-03", "branch", city.committee))
    reorganise.move([reorganise.Moving("DU1-02", dt.date(2024, 7, 1), "DU2")], actor=None, today=TODAY)
    reorganise.leave([reorganise.Leaving("DU1-03", dt.date(2024, 7, 1))], actor=None, today=TODAY)
    actor = factories.a_user("committee", city.committee)
    told = preview(city.committee, YEAR, actor=actor, today=TODAY)
    done = freeze(city.committee, YEAR, actor=actor, today=TODAY)
    assert told.new == done.new == 2
    assert [code for code, *_ in _bases()] == ["DU1-01", "DU1-03"]


def test_units_of_the_day_not_of_today(city):
    """One that left in the year has its base; one that came in the year, or was founded in it, has none."""
    reorganise.leave([reorganise.Leaving("DU1", dt.date(YEAR, 7, 1))], actor=None, today=TODAY)
    born = factories.a_unit("MOI", "base_branch", city.top, day=dt.date(YEAR, 2, 1))
    joining = reorganise.Joining("VAO", dt.date(YEAR, 7, 1), "TU", "VAO", Kind.objects.get(code="branch"))
    (joined,) = reorganise.join([joining], actor=None, today=TODAY)
    factories.a_full_member(joined)
    _freeze(city.top)
    assert [code for code, *_ in _bases()] == ["CS1", "DU1-01", "DU1-02"]
    for unit in (born, joined):
        assert _refusal(lambda unit=unit: _freeze(unit)) == ["organisation"]


def _refusal(deed):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        deed()
    assert all(problem.message.endswith(".") for problem in refusal.value.problems)
    return [problem.field for problem in refusal.value.problems]


@pytest.mark.parametrize("year", [2025, 1929, 24])
@pytest.mark.parametrize("ask", [_freeze, lambda unit, year: preview(unit, year, actor=None, today=TODAY)])
def test_years_that_cannot_be_frozen(city, year, ask):
    assert _refusal(lambda: ask(city.top, year)) == ["year"]
    assert not Base.objects.exists()


@examples(10)
@given(events(*STRUCTURE, *PEOPLE, *PEOPLE), events(*STRUCTURE, *PEOPLE, *PEOPLE))
def test_a_frozen_base_is_the_register_of_that_day_and_never_moves(before, after):
    with forgotten():
        world = World(before)
        top, start = Organisation.objects.get(code="TU"), dt.date(YEAR, 1, 1)
        members = Spell.objects.at_start_of(start)
        standing = Organisation.objects.below(top.pk, on=start).placed_on(start)
        told = preview(top, YEAR, actor=None, today=TODAY)
        promised, above = members_to_freeze(top, YEAR)
        assert freeze(top, YEAR, actor=None, today=TODAY) == told
        bases = {base.organisation_id: base for base in Base.objects.all()}
        for unit, base in bases.items():
            parts = [
                members.filter(organisation=unit, standing=standing).count() for standing in ("full", "probationary")
            ]
            assert [base.full, base.probationary, base.total] == [*parts, sum(parts)]
        assert sum(base.total for base in bases.values()) == promised
        assert promised + above == members.filter(organisation__in=standing).count()
        assert not residuals(top, YEAR).exists()
        for event in after:
            world.happen(event)
        kept = {base.organisation_id: base.total for base in Base.objects.all()}
        assert kept == {unit: base.total for unit, base in bases.items()}
        moved = {base.organisation_id: base.residual for base in residuals(top, YEAR)}
        # what was merged or left on 1/1, recorded since, stands nowhere that day: its base counts nowhere
        stands = set(standing.values_list("pk", flat=True))
        now = {
            unit: members.filter(organisation=unit).count() - base.total
            for unit, base in bases.items()
            if unit in stands
        }
        assert moved == {unit: residual for unit, residual in now.items() if residual}


# ---- what the register says since, and corrections -------------------------------------------------


@pytest.fixture
def changed(city):
    """Frozen, and somebody admitted in 2020 was entered late."""
    _freeze(city.top)
    factories.a_full_member(city.branch)
    return city


@pytest.fixture
def people(changed):
    return factories.a_user("committee", changed.committee), factories.a_user("board", changed.top)


def _propose(unit, total=4, reason="Ghi sổ chậm", actor=None):
    base = Base.objects.get(organisation=unit, year=YEAR)
    return propose_corrections([Proposal(base, total, reason)], actor=actor)[0]


def test_a_residual_tells_base_and_register(changed, django_assert_num_queries):
    with django_assert_num_queries(1):
        (base,) = residuals(changed.top, YEAR)
    assert (base.organisation_id, base.total, base.used, base.registered, base.residual) == (
        changed.branch.pk,
        3,
        3,
        4,
        1,
    )
    assert not residuals(changed.base_branch, YEAR).exists()
    assert not residuals(changed.top, 2023).exists()


def test_a_correction_counts_once_a_second_person_approved_it(changed, people):
    one, other = people
    row = _propose(changed.branch, actor=one)
    assert _used(changed.top).number == _used(changed.branch).number + 1 == 4
    approve_corrections([row.pk], actor=other)
    assert _used(changed.branch).number == 4
    assert _used(changed.top).number == 5
    assert not residuals(changed.top, YEAR).exists()
    assert Base.objects.get(organisation=changed.branch).total == 3
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.difference) == ("approved", other, 1)
    assert row.settled_at >= row.made_at
    entry = Entry.objects.get(deed="approve_base_corrections")
    assert (entry.actor, entry.organisation, entry.note) == (other, changed.branch, "Ghi sổ chậm")
    assert list(entry.values.values_list("field", "old", "new")) == [("DU1-01 2024 total", "3", "4")]


def test_nobody_approves_or_refuses_the_own_correction(changed, people):
    row = _propose(changed.branch, actor=people[0])
    with pytest.raises(Refused, match="người khác phải duyệt"):
        approve_corrections([row.pk], actor=people[0])
    with pytest.raises(Refused, match="người khác phải duyệt"):
        refuse_corrections([row.pk], actor=people[0], answer="thôi")
    with pytest.raises(IntegrityError), transaction.atomic():
        BaseCorrection.objects.filter(pk=row.pk).update(settled_by=people[0])
    assert BaseCorrection.objects.waiting().get() == row


def test_a_refused_correction_counts_nowhere_and_another_may_follow(changed, people):
    one, other = people
    row = _propose(changed.branch, actor=one)
    assert _refusal(lambda: refuse_corrections([row.pk], actor=other, answer=" ")) == ["answer"]
    refuse_corrections([row.pk], actor=other, answer="Sổ ghi nhầm ngày")
    assert _used(changed.branch).number == 3
    assert _refusal(lambda: approve_corrections([row.pk], actor=other)) == [""]
    again = _propose(changed.branch, actor=one)
    approve_corrections([again.pk], actor=other)
    approve_corrections([_propose(changed.branch, total=2, actor=other).pk], actor=one)
    assert _used(changed.branch).number == 2
    assert [row.difference for row in BaseCorrection.objects.filter(state="approved").order_by("pk")] == [1, -2]


BAD_PROPOSALS = {
    "what is used already": ({"total": 3}, ["total"]),
    "negative": ({"total": -1}, ["total"]),
    "absurd": ({"total": 99_999_999}, ["total"]),
    "no reason": ({"reason": "  "}, ["reason"]),
    "nothing right": ({"total": 3, "reason": ""}, ["total", "reason"]),
}


@pytest.mark.parametrize(("typed", "fields"), BAD_PROPOSALS.values(), ids=BAD_PROPOSALS)
def test_bad_proposals(changed, typed, fields):
    assert _refusal(lambda: _propose(changed.branch, **typed)) == fields
    assert not BaseCorrection.objects.exists()


def test_one_correction_of_a_base_waits_at_a_time(changed, people):
    row = _propose(changed.branch, actor=people[0])
    assert _refusal(lambda: _propose(changed.branch, total=7)) == [""]
    base = Base.objects.get(organisation=changed.sibling, year=YEAR)
    twice = [Proposal(base, 5, "x"), Proposal(base, 6, "x")]
    assert _refusal(lambda: propose_corrections(twice, actor=None)) == [""]
    assert _refusal(lambda: approve_corrections([row.pk, row.pk + 99], actor=people[1])) == [""]
    assert BaseCorrection.objects.waiting().get() == row


def test_declaring_over_a_frozen_base_is_told_of_the_correction(changed):
    with pytest.raises(Refused, match="«Đính chính»"):
        enter.declare_bases([enter.BaseLine(changed.branch, YEAR, 4)], actor=None, today=TODAY)


@pytest.mark.parametrize("units", [1, 12])
def test_freezing_asks_the_same_for_few_units_and_for_many(units, django_assert_max_num_queries):
    city = factories.a_city(committees=units, branches=2)
    for branch in city.branches:
        factories.a_full_member(branch)
    with django_assert_max_num_queries(10):
        assert _freeze(city.top).new == 2 * units
