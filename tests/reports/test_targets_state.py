"""How each target stands at a unit: every kind on a small city, exact, and never late on what is only not told."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.models import Sector
from cells.organisations import reorganise
from reports import period, states
from reports.figures.book import open_book
from reports.figures.standing import CURRENT, OPENING
from reports.figures.targets import MISSED, NOT_ASKED, REACHED, SILENT, Evaluation, Judged, Result
from targets import enter, progress
from targets.models import Programme, Target
from targets.sources.say import SourcesLine, declare_sources
from tests import factories
from tests.properties.world import examples

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
GONE = Fraction(289, 366)  # of 2024 at the end of TODAY
YEAR_END = dt.date(2024, 12, 31)
KINDS, WHERE = Target.Kind, Target.Where
ADMISSION, FOSTERING = Target.Line.ADMISSION, Target.Line.FOSTERING


def a_programme(from_year=2024, to_year=2028):
    return Programme.objects.create(title=f"thử {from_year}", document="thử", from_year=from_year, to_year=to_year)


def a_target(kind, value, where=WHERE.TOP, *, line=ADMISSION, sector=None, programme=None, **more):
    return Target(
        programme=programme or a_programme(),
        line=line,
        kind=kind,
        value=Decimal(value),
        where=where,
        sector=Sector.objects.get(code=sector) if sector else None,
        **more,
    )


def judged(target, unit, *, year=2024, on=TODAY, scope=OPENING):
    asked = period.of_year(year, on, today=TODAY)
    first = min(year, target.programme.from_year) if target.span == Target.Span.WHOLE else year
    span = period.between(dt.date(first, 1, 1), asked.last, on, today=TODAY)
    return Evaluation(open_book(unit.pk, span, scope=scope), scope, asked, min(on, asked.last)).of(target)


def told(*rows, year=2024):
    lines = [
        enter.ResultLine(unit, year, None, {"admitted": admitted, "fostered": fostered})
        for unit, admitted, fostered in rows
    ]
    enter.declare_results(lines, actor=None, today=TODAY)


def based(*rows, year=2024):
    enter.declare_bases([enter.BaseLine(unit, year, total) for unit, total in rows], actor=None, today=TODAY)


@pytest.fixture
def units():
    """TU over DU1 (villages V1, V2, a firm F1), DU2 (school S1, health H1) and the base branch CS1, a village too.

    In 2024 V1 admitted 3 and fostered 2, V2 0 and 1, F1 1 and 0, S1 0 and 0, CS1 2 and 0; H1 told nothing.
    S1 is out of sources. Members at the start: V1 100, V2 50, F1 20, S1 30, H1 10, CS1 40.
    """
    top = factories.a_unit("TU", "city")
    found = {"TU": top}
    for code in ("DU1", "DU2"):
        found[code] = factories.a_unit(code, "base_committee", top)
    for code, parent, sector in (
        ("V1", "DU1", "village"),
        ("V2", "DU1", "village"),
        ("F1", "DU1", "private_economy"),
        ("S1", "DU2", "school"),
        ("H1", "DU2", "health"),
    ):
        found[code] = factories.a_unit(code, "branch", found[parent], sector=sector)
    found["CS1"] = factories.a_unit("CS1", "base_branch", top, sector="village")
    told(*((found[code], *numbers) for code, numbers in DONE.items()))
    based(*((found[code], total) for code, total in BASES.items()))
    declare_sources([SourcesLine(found["S1"], 2024, False, "không còn ai")], actor=None, today=TODAY)
    return found


DONE = {"V1": (3, 2), "V2": (0, 1), "F1": (1, 0), "S1": (0, 0), "CS1": (2, 0)}
BASES = {"V1": 100, "V2": 50, "F1": 20, "S1": 30, "H1": 10, "CS1": 40}

# kind, value, where, more, unit asked → units where it applies, reached, missed, silent, achieved, needed, state
CASES = {
    "a number of the top": ((KINDS.NUMBER, "6", WHERE.TOP, {}, "TU"), (1, 1, 0, 0, 6, 6, states.MET)),
    "a number not yet there": ((KINDS.NUMBER, "7", WHERE.TOP, {}, "TU"), (1, 0, 0, 1, 6, 7, states.ON_TRACK)),
    "a number far off, with somebody silent": (
        (KINDS.NUMBER, "60", WHERE.TOP, {}, "TU"),
        (1, 0, 0, 1, 6, 60, states.NO_DATA),
    ),
    "a rate of 250 members": ((KINDS.RATE, "2.4", WHERE.TOP, {}, "TU"), (1, 1, 0, 0, 6, 6, states.MET)),
    "a rate a hair above": ((KINDS.RATE, "2.4001", WHERE.TOP, {}, "TU"), (1, 0, 0, 1, 6, 7, states.ON_TRACK)),
    "the top's target at a committee": ((KINDS.RATE, "3.5", WHERE.TOP, {}, "DU1"), (0, 0, 0, 0, 0, 0, None)),
    "of base organisations, each": ((KINDS.NUMBER, "2", WHERE.BASE, {}, "TU"), (3, 2, 0, 1, 2, 3, states.NO_DATA)),
    "a rate of each base organisation": (
        (KINDS.RATE, "3", WHERE.BASE, {}, "TU"),
        (3, 1, 1, 1, 1, 3, states.BEHIND),
    ),
    "a base organisation by itself": ((KINDS.NUMBER, "5", WHERE.BASE, {}, "DU1"), (1, 0, 1, 0, 4, 5, states.ON_TRACK)),
    "a base organisation by itself, late": (
        (KINDS.NUMBER, "6", WHERE.BASE, {}, "DU1"),
        (1, 0, 1, 0, 4, 6, states.BEHIND),
    ),
    "every branch": ((KINDS.MINIMUM_EACH, "1", WHERE.BRANCH, {}, "TU"), (6, 3, 2, 1, 3, 6, states.BEHIND)),
    "every branch with sources": (
        (KINDS.MINIMUM_EACH, "1", WHERE.BRANCH, {"with_sources_only": True}, "TU"),
        (6, 3, 1, 1, 3, 5, states.NO_DATA),
    ),
    "every village branch": (
        (KINDS.MINIMUM_EACH, "1", WHERE.SECTOR, {"sector": "village"}, "TU"),
        (3, 2, 1, 0, 2, 3, states.BEHIND),
    ),
    "every village branch at least two": (
        (KINDS.MINIMUM_EACH, "2", WHERE.SECTOR, {"sector": "village"}, "TU"),
        (3, 2, 1, 0, 2, 3, states.BEHIND),
    ),
    "of a committee's villages one": (
        (KINDS.MINIMUM_EACH, "1", WHERE.SECTOR, {"sector": "village"}, "DU1"),
        (2, 1, 1, 0, 1, 2, states.BEHIND),
    ),
    "an average met": (
        (KINDS.MINIMUM_AVERAGE, "1.6666", WHERE.SECTOR, {"sector": "village"}, "TU"),
        (3, 2, 1, 0, 5, 5, states.MET),
    ),
    "an average a hair above": (
        (KINDS.MINIMUM_AVERAGE, "1.6667", WHERE.SECTOR, {"sector": "village"}, "TU"),
        (3, 2, 1, 0, 5, 6, states.ON_TRACK),
    ),
    "an average late": (
        (KINDS.MINIMUM_AVERAGE, "3", WHERE.SECTOR, {"sector": "village"}, "TU"),
        (3, 2, 1, 0, 5, 9, states.BEHIND),
    ),
    "an average with somebody silent": (
        (KINDS.MINIMUM_AVERAGE, "3", WHERE.BRANCH, {}, "TU"),
        (6, 3, 2, 1, 6, 18, states.NO_DATA),
    ),
    "fostering on average": (
        (KINDS.MINIMUM_AVERAGE, "1", WHERE.SECTOR, {"sector": "village", "line": FOSTERING}, "TU"),
        (3, 2, 1, 0, 3, 3, states.MET),
    ),
    "a coverage met": ((KINDS.COVERAGE, "50", WHERE.BRANCH, {}, "TU"), (6, 3, 2, 1, 3, 3, states.MET)),
    "a coverage a hair above": ((KINDS.COVERAGE, "50.01", WHERE.BRANCH, {}, "TU"), (6, 3, 2, 1, 3, 4, states.NO_DATA)),
    "a coverage of those with sources": (
        (KINDS.COVERAGE, "60", WHERE.BRANCH, {"with_sources_only": True}, "TU"),
        (6, 3, 1, 1, 3, 3, states.MET),
    ),
    "a coverage that cannot be on time": (
        (KINDS.COVERAGE, "100", WHERE.BRANCH, {}, "TU"),
        (6, 3, 2, 1, 3, 6, states.BEHIND),
    ),
    "nobody of that sector": (
        (KINDS.MINIMUM_EACH, "1", WHERE.SECTOR, {"sector": "school"}, "DU1"),
        (0, 0, 0, 0, 0, 0, None),
    ),
    "nobody left who has sources": (
        (KINDS.MINIMUM_EACH, "1", WHERE.SECTOR, {"sector": "school", "with_sources_only": True}, "TU"),
        (1, 0, 0, 0, 0, 0, None),
    ),
}


@pytest.mark.both_databases
@pytest.mark.parametrize(("asked", "stands"), CASES.values(), ids=CASES)
def test_how_a_target_stands(units, asked, stands):
    kind, value, where, more, unit = asked
    result = judged(a_target(kind, value, where, **more), units[unit])
    outcomes = [result.count(outcome) for outcome in (REACHED, MISSED, SILENT)]
    assert (len(result.applies), *outcomes, result.achieved or 0, result.needed, result.state) == stands


@pytest.mark.parametrize(("admitted", "met"), [(276, False), (277, True)])
def test_the_rate_is_compared_exactly(admitted, met):
    city = factories.a_city(committees=1, branches=1, base_branches=0)
    based((city.branch, 7894))
    told((city.branch, admitted, None))
    result = judged(a_target(KINDS.RATE, "3.5"), city.top)
    assert (result.needed, result.remaining) == (277, 0 if met else 1)
    assert (result.state == states.MET) is met
    assert result.state in (states.MET, states.ON_TRACK)


def test_a_year_that_is_over_is_late_where_it_is_not_met(units):
    told(*((units[code], 1, None) for code in ("V1", "V2")), year=2023)
    target = a_target(KINDS.MINIMUM_EACH, "1", WHERE.SECTOR, sector="village", programme=a_programme(2022, 2024))
    result = judged(target, units["TU"], year=2023, on=dt.date(2023, 12, 31))
    assert (result.count(REACHED), result.count(SILENT), result.state) == (2, 1, states.NO_DATA)
    told((units["CS1"], 0, None), year=2023)
    result = judged(target, units["TU"], year=2023, on=dt.date(2023, 12, 31))
    assert (result.count(MISSED), result.gone, result.state) == (1, 1, states.BEHIND)


def test_a_base_that_is_missing_says_nothing_of_a_rate(units):
    new = factories.a_unit("V9", "branch", units["DU1"], sector="village")
    told((new, 9, None))
    result = judged(a_target(KINDS.RATE, "3", WHERE.BASE), units["DU1"])
    assert (result.needed, result.state) == (None, states.NO_DATA)
    each = judged(a_target(KINDS.RATE, "3", WHERE.BRANCH), units["DU1"])
    assert {one.outcome for one in each.applies if one.unit == new.pk} == {SILENT}


def test_a_rate_asks_nothing_of_nobody(units):
    empty = factories.a_unit("V8", "branch", units["DU1"], sector="village")
    based((empty, 0))
    told((empty, 0, None))
    result = judged(a_target(KINDS.RATE, "3", WHERE.SECTOR, sector="village"), units["DU1"])
    assert [one.outcome for one in result.applies if one.unit == empty.pk] == [NOT_ASKED]
    assert len(result.asked) == len(result.applies) - 1


# ---- the whole span --------------------------------------------------------------------------------
def test_the_years_so_far_are_summed_against_the_whole_value(units):
    told((units["V1"], 4, None), (units["CS1"], 5, None), year=2023)
    based((units["V1"], 90), (units["CS1"], 10), year=2023)
    programme = a_programme(2023, 2026)
    number = a_target(KINDS.NUMBER, "15", programme=programme, span="whole")
    result = judged(number, units["TU"])
    first, stop = dt.date(2023, 1, 1), dt.date(2027, 1, 1)
    assert result.gone == Fraction((TODAY - first).days + 1, (stop - first).days)
    assert (result.achieved, result.needed, result.remaining, result.state) == (15, 15, 0, states.MET)
    each = a_target(KINDS.MINIMUM_EACH, "7", WHERE.SECTOR, sector="village", programme=programme, span="whole")
    result = judged(each, units["TU"])
    assert {one.unit: one.done for one in result.applies} == {
        units["V1"].pk: 7, units["V2"].pk: 0, units["CS1"].pk: 7
    }  # fmt: skip
    assert result.count(REACHED) == 2
    rate = a_target(KINDS.RATE, "7", WHERE.SECTOR, sector="village", programme=programme, span="whole")
    result = judged(rate, units["TU"])
    assert {one.unit: one.base for one in result.applies} == {
        units["V1"].pk: 90, units["V2"].pk: None, units["CS1"].pk: 10
    }  # fmt: skip


def test_years_before_the_programme_do_not_count(units):
    told((units["V1"], 4, None), year=2023)
    number = a_target(KINDS.NUMBER, "6", programme=a_programme(2024, 2026), span="whole")
    span = period.between(dt.date(2022, 1, 1), TODAY, TODAY, today=TODAY)
    asked = period.of_year(2024, TODAY, today=TODAY)
    result = Evaluation(open_book(units["TU"].pk, span), OPENING, asked, TODAY).of(number)
    assert result.achieved == 6


def test_of_a_branch_that_is_gone_the_heir_counts_in_the_scope_of_now(units):
    merging = reorganise.Merging("V1", dt.date(2024, 7, 1), "V2")
    reorganise.merge([merging], actor=None, today=TODAY)
    target = a_target(KINDS.MINIMUM_EACH, "1", WHERE.SECTOR, sector="village")
    opening, current = (judged(target, units["TU"], scope=scope) for scope in (OPENING, CURRENT))
    assert {one.unit for one in current.applies} == {units["V2"].pk, units["CS1"].pk}
    assert current.count(REACHED) == 2
    assert {one.unit for one in opening.applies} == {units[code].pk for code in ("V1", "V2", "CS1")}


# ---- laws ------------------------------------------------------------------------------------------
def _of(kind, value, numbers, *, with_sources_only=False, exempt=(), each=1):
    applies = [
        Judged(
            place,
            SILENT if number is None else REACHED if number >= each else MISSED,
            number,
            each,
            missing=number is None,
            exempt=place in exempt,
        )
        for place, number in enumerate(numbers)
    ]
    target = Target(kind=kind, value=Decimal(value), where=WHERE.BRANCH, with_sources_only=with_sources_only)
    return Result(target, applies, GONE)


numbers = st.lists(st.integers(0, 4), min_size=2, max_size=12)
values = st.decimals("0.5", "4", places=2)


@examples(200)
@given(st.integers(0, 500), st.integers(1, 10_000), st.decimals("0.0001", "100", places=4))
def test_a_rate_agrees_with_fractions(done, base, value):
    target = Target(kind=KINDS.RATE, value=value, where=WHERE.TOP)
    met = Fraction(done, base) >= Fraction(value) / 100
    assert progress.meets(target, done, base) is met
    needed = progress.required(target, base)
    outcome = REACHED if done >= needed else MISSED
    assert (Result(target, [Judged(1, outcome, done, needed, base)], GONE).state == states.MET) is met


@examples(60)
@given(numbers, values)
def test_an_average_agrees_with_fractions(done, value):
    result = _of(KINDS.MINIMUM_AVERAGE, value, done)
    assert result.average == Fraction(sum(done), len(done))
    assert (result.state == states.MET) is (Fraction(sum(done), len(done)) >= Fraction(value))


@examples(60)
@given(numbers, st.integers(1, 4))
def test_where_every_branch_reaches_the_minimum_so_does_the_average(done, minimum):
    each = _of(KINDS.MINIMUM_EACH, minimum, done, each=minimum)
    if each.state == states.MET:
        assert _of(KINDS.MINIMUM_AVERAGE, minimum, done).state == states.MET
    assert (each.state == states.MET) is all(number >= minimum for number in done)


@examples(60)
@given(numbers, st.decimals("1", "100", places=2), st.sets(st.integers(0, 11), max_size=6))
def test_a_coverage_agrees_with_fractions_over_both_denominators(done, value, exempt):
    for only in (False, True):
        result = _of(KINDS.COVERAGE, value, done, with_sources_only=only, exempt=exempt)
        counted = [number for place, number in enumerate(done) if not (only and place in exempt)]
        if not counted:
            assert result.state is None
            continue
        share = Fraction(sum(number > 0 for number in counted), len(counted))
        assert (result.state == states.MET) is (share >= Fraction(value) / 100)


@examples(60)
@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=2, max_size=10), st.sampled_from(KINDS.values))
def test_nobody_is_late_who_may_have_done_it(done, kind):
    """Late with gaps is late whatever the silent ones say, so far as it can be known; on time stays on time."""
    kind = KINDS.MINIMUM_EACH if kind in (KINDS.NUMBER, KINDS.RATE) else kind
    value = 60 if kind == KINDS.COVERAGE else 1
    now = _of(kind, value, done)
    best = _of(kind, value, [9 if number is None else number for number in done])
    if now.state == states.BEHIND:
        assert best.state == states.BEHIND
    if now.state in (states.MET, states.ON_TRACK):
        assert best.state in (states.MET, states.ON_TRACK)
