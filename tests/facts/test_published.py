"""What committees printed comes out of the product: declared rows in, the table of the report out."""

import datetime as dt
from fractions import Fraction

import pytest

from cells import vietnamese
from reports import period
from reports.tables import TABLES, Question
from targets import enter, progress
from targets.quotas import take_over
from tests import factories
from tests.facts.published import BOTH, MEAN, ONE, POOLED, REQUIRED, SHARES, THRESHOLD, YEARS, Published

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = dt.date(2025, 1, 1)


def _declare(unit, year, admitted, *, base=None, quota=None, months=12):
    """A base, a quota and the admissions of a unit: by the year, or by months of which the last has them all."""
    if base is not None:
        enter.declare_bases([enter.BaseLine(unit, year, base)], actor=None, today=TODAY)
    if quota is not None:
        take_over.issue_quotas([take_over.QuotaLine(unit, year, admission=quota)], actor=None, today=TODAY)
    parts = [None] if months == 12 else list(range(1, months + 1))
    lines = [
        enter.ResultLine(unit, year, month, {"admitted": admitted if month == parts[-1] else 0}) for month in parts
    ]
    enter.declare_results(lines, actor=None, today=TODAY)


def _total(key, unit, first, last):
    return TABLES[key].answer(Question(unit, period.between(first, last, last), last)).total


def _printed(exact: Fraction, published: Published) -> str:
    places = len(published.percent.partition(",")[2])
    return vietnamese.decimal_text(exact * 100, places, published.rounding)


def _through_the_product(published: Published, whole: int) -> Fraction:
    top = factories.a_unit("TU", "city")
    _declare(top, published.year, published.admitted, months=published.months, **{published.of: whole})
    last = period.of_year(published.year, TODAY).last
    if published.months < 12:
        last = dt.date(published.year, published.months + 1, 1) - dt.timedelta(days=1)
    total = _total("admission-rate", top, dt.date(published.year, 1, 1), last)
    assert total["admitted"] == published.admitted
    assert total["source"] == ("declared" if published.of == "base" else "partial")
    return total["rate"] if published.of == "base" else total["quota_percent"]


@pytest.mark.parametrize("published", BOTH, ids=str)
def test_where_both_are_published_the_percentage_comes_out(published):
    exact = _through_the_product(published, published.whole)
    assert exact == Fraction(published.admitted, published.whole)
    assert _printed(exact, published) == published.percent


@pytest.mark.parametrize("published", ONE, ids=str)
def test_where_one_is_published_some_integer_prints_it(published):
    nearest = published.admitted * 100 / float(published.percent.replace(",", "."))
    span = range(int(nearest * 0.95), int(nearest * 1.05) + 2)
    printing = [
        whole for whole in span if _printed(Fraction(published.admitted, whole), published) == published.percent
    ]
    assert published.implied in printing
    assert _printed(_through_the_product(published, printing[0]), published) == published.percent


@pytest.mark.parametrize(("base", "admitted", "met"), THRESHOLD)
def test_met_is_decided_on_the_exact_fraction(base, admitted, met):
    top = factories.a_unit("TU", "city")
    _declare(top, 2024, admitted, base=base)
    total = _total("admission-rate", top, dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert total["met"] is met
    assert total["remaining"] == max(0, total["required"] - admitted)
    assert (total["remaining"] == 0) is met


@pytest.mark.parametrize(("base", "required"), REQUIRED)
def test_required_is_the_ceiling(base, required):
    top = factories.a_unit("TU", "city")
    _declare(top, 2024, 0, base=base)
    total = _total("admission-rate", top, dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert (total["required"], total["remaining"]) == (required, required)


def test_the_mean_of_the_yearly_rates_and_the_pooled_rate_are_told_apart():
    top = factories.a_unit("TU", "city")
    for year, base, admitted in YEARS:
        _declare(top, year, admitted, base=base)
    total = _total("years", top, dt.date(2020, 1, 1), dt.date(2023, 12, 31))
    assert vietnamese.decimal_text(total["mean_rate"] * 100) == MEAN
    assert vietnamese.decimal_text(total["pooled_rate"] * 100) == POOLED
    assert total["mean_rate"] == sum(Fraction(admitted, base) for _, base, admitted in YEARS) / 4


@pytest.mark.parametrize("quota", [0, None])
def test_a_quota_of_nothing_prints_a_dash(quota):
    top = factories.a_unit("TU", "city")
    _declare(top, 2024, 5, base=100, quota=quota)
    total = _total("admission-rate", top, dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert total["quota_percent"] is None
    assert total["quota_met"] is None


def test_fostering_and_admission_are_never_mixed():
    top = factories.a_unit("TU", "city")
    take_over.issue_quotas([take_over.QuotaLine(top, 2024, admission=10, fostering=20)], actor=None, today=TODAY)
    values = {"admitted": 12, "fostered": 5}
    enter.declare_results([enter.ResultLine(top, 2024, None, values)], actor=None, today=TODAY)
    total = _total("quota-progress", top, dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert (total["admission_percent"], total["fostering_percent"]) == (Fraction(6, 5), Fraction(1, 4))


@pytest.mark.parametrize(("part", "whole", "printed"), [row[1:] for row in SHARES], ids=[row[0] for row in SHARES])
def test_what_was_said_of_those_admitted_comes_out(part, whole, printed):
    places = len(printed.partition(",")[2])
    assert vietnamese.decimal_text(progress.share(part, whole) * 100, places) == printed
