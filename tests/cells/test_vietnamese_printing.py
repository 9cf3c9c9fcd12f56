"""Printing numbers, dates and ages, and the template filters: domain.md §4.5 and §9.1."""

import datetime as dt
import decimal
from fractions import Fraction

import pytest
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from cells.vietnamese import (
    Precision,
    age_on,
    count_words,
    day,
    decimal_text,
    earliest_age_day,
    long_day,
    number,
    partial_day,
    percent,
)

DAY, MONTH, YEAR = Precision
days = st.dates(dt.date(1900, 1, 1), dt.date(2034, 12, 31))
ratios = st.fractions(min_value=-20, max_value=20, max_denominator=100_000)
# ---- printing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0, "0"), (894, "894"), (7894, "7.894"), (1_234_567, "1.234.567"), (-7894, "−7.894")],
)
def test_number(value: int, printed: str) -> None:
    assert number(value) == printed


@pytest.mark.parametrize(
    ("ratio", "places", "half_up", "truncated"),
    [
        (Fraction(7, 200), 2, "3,50%", "3,50%"),
        (Fraction(7, 200), 1, "3,5%", "3,5%"),
        (Fraction(276, 7894), 2, "3,50%", "3,49%"),
        (Fraction(121, 160), 2, "75,63%", "75,62%"),
        (Fraction(8, 5), 0, "160%", "160%"),
        (Fraction(1, 8), 0, "13%", "12%"),
        (Fraction(-1, 800), 2, "−0,13%", "−0,12%"),
        (Fraction(-1, 10**6), 2, "0,00%", "0,00%"),
        (Fraction(1234), 2, "123.400,00%", "123.400,00%"),
        (0, 2, "0,00%", "0,00%"),
    ],
)
def test_percent(ratio: Fraction, places: int, half_up: str, truncated: str) -> None:
    assert percent(ratio, places) == half_up
    assert percent(ratio, places, rounding="truncate") == truncated
    assert decimal_text(ratio * 100, places) + "%" == half_up


@pytest.mark.parametrize(("bad", "word"), [({"rounding": "up"}, "up"), ({"places": -1}, "places")])
def test_percent_refuses_unknown_ways(bad: dict, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        percent(Fraction(1, 2), **bad)


def test_percent_refuses_floats() -> None:
    with pytest.raises(TypeError):
        percent(0.035)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        decimal_text(3.5)  # type: ignore[arg-type]


@given(ratios, st.integers(0, 4))
def test_rounding_agrees_with_decimal(ratio: Fraction, places: int) -> None:
    with decimal.localcontext(prec=60):
        # 60 digits cannot hide an exact half of these denominators.
        exact = decimal.Decimal(ratio.numerator) * 100 / ratio.denominator
        step = decimal.Decimal(1).scaleb(-places)
        ways = {"half-up": decimal.ROUND_HALF_UP, "truncate": decimal.ROUND_DOWN}
        for name, way in ways.items():
            expected = exact.quantize(step, rounding=way)
            printed = percent(ratio, places, name).rstrip("%")
            assert decimal.Decimal(printed.replace(".", "").replace(",", ".").replace("−", "-")) == expected


@pytest.mark.parametrize(
    ("date", "short", "long"),
    [
        (dt.date(2026, 2, 5), "05/02/2026", "ngày 05 tháng 02 năm 2026"),
        (dt.date(2026, 5, 27), "27/05/2026", "ngày 27 tháng 5 năm 2026"),
        (dt.date(2026, 1, 10), "10/01/2026", "ngày 10 tháng 01 năm 2026"),
        (dt.date(2026, 3, 9), "09/03/2026", "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 12, 31), "31/12/2026", "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days(date: dt.date, short: str, long: str) -> None:
    assert day(date) == partial_day(date, "day") == short
    assert long_day(date) == long
    assert partial_day(date, MONTH) == short[3:]
    assert partial_day(date, YEAR) == short[6:]


@pytest.mark.parametrize(("n", "words"), [(0, "00"), (1, "01"), (9, "09"), (10, "10"), (7894, "7.894")])
def test_count_words(n: int, words: str) -> None:
    assert count_words(n) == words


# ---- ages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "precision", "on", "age"),
    [
        (dt.date(2006, 10, 15), DAY, dt.date(2024, 10, 14), (17, 11)),
        (dt.date(2006, 10, 15), DAY, dt.date(2024, 10, 15), (18, 0)),
        (dt.date(2006, 10, 15), MONTH, dt.date(2024, 10, 1), (18, 0)),
        (dt.date(2006, 10, 15), YEAR, dt.date(2024, 1, 1), (18, 0)),
        (dt.date(2006, 1, 1), YEAR, dt.date(2023, 12, 31), (17, 11)),
        (dt.date(2004, 2, 29), DAY, dt.date(2022, 2, 28), (17, 11)),
        (dt.date(2004, 2, 29), DAY, dt.date(2022, 3, 1), (18, 0)),
        (dt.date(2024, 1, 31), DAY, dt.date(2024, 2, 29), (0, 0)),
        (dt.date(2024, 1, 31), DAY, dt.date(2024, 3, 1), (0, 1)),
    ],
)
def test_age_on(born: dt.date, precision: Precision, on: dt.date, age: tuple[int, int]) -> None:
    assert age_on(born, precision, on) == age


def test_no_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(dt.date(2024, 5, 2), DAY, dt.date(2024, 5, 1))


@given(days, st.sampled_from(list(Precision)), st.integers(1, 60))
def test_earliest_age_day_is_the_first(born: dt.date, precision: Precision, years: int) -> None:
    first = earliest_age_day(born, precision, years)
    assert age_on(born, precision, first)[0] == years
    assert age_on(born, precision, first - dt.timedelta(days=1)) == (years - 1, 11)


# ---- template filters ---------------------------------------------------------------------

ENGINE = Engine(builtins=["cells.templatetags.words"])


@pytest.mark.parametrize(
    ("source", "value", "printed"),
    [
        ("{{ v|number }}", 7894, "7.894"),
        ("{{ v|number }}", 0, "0"),
        ("{{ v|percent }}", Fraction(7, 200), "3,50%"),
        ("{{ v|percent:'truncate' }}", Fraction(121, 160), "75,62%"),
        ("{{ v|percent }}", Fraction(0), "0,00%"),
        ("{{ v|day }}", dt.date(2026, 2, 5), "05/02/2026"),
        ("{{ v|partial_day:'month' }}", dt.date(2026, 2, 1), "02/2026"),
        ("{{ v|dash }}", 0, "0"),
        ("{{ v|dash }}", "chi bộ", "chi bộ"),
        ("{{ v|plain }}", Fraction(12345, 10), "1234.5"),
        ("{{ v|plain }}", 7894, "7894"),
        ("{{ v|plain }}", 1 / 3, "0.3333"),
        ("{{ v|plain }}", -0.00001, "0"),
        ("{{ v|signed }}", 12, "+12"),
        ("{{ v|signed }}", -3, "−3"),
        ("{{ v|signed }}", 0, "0"),
    ],
)
def test_filters(source: str, value: object, printed: str) -> None:
    assert ENGINE.from_string(source).render(Context({"v": value}, use_l10n=False)) == printed


@pytest.mark.parametrize("name", ["number", "percent", "day", "partial_day", "dash", "plain", "signed"])
def test_missing_is_a_dash_in_every_filter(name: str) -> None:
    template = ENGINE.from_string(f"{{{{ v|{name} }}}} {{{{ nowhere.at_all|{name} }}}}")
    assert template.render(Context({"v": None})) == "– –"
