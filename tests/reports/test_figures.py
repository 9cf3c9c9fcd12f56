"""Which number wins, and missing is not zero (`architecture.md`, "The hard objects"): small cases as tables.

The tree is always TU > A > (U, V); the figure is "admitted", of 2024 unless a case says otherwise.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest

from reports import period
from reports.figures import FIGURES, Scope
from reports.figures.cohort import UNITS
from reports.figures.standing import CURRENT, OPENING
from reports.tables import TABLES, Question
from targets import enter
from targets.quotas import take_over
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YEAR_END = dt.date(2024, 12, 31)
TODAY = dt.date(2025, 2, 1)


@dataclass
class Case:
    """`declared`: (unit, month or null, admitted); `register`: (unit, day); `expected`: (number, source, missing)."""

    expected: dict
    declared: list = field(default_factory=list)
    register: list = field(default_factory=list)
    span: tuple = (dt.date(2024, 1, 1), YEAR_END)
    other: int | None = None  # the row "khác" under A
    nameless: dict = field(default_factory=dict)  # what of it has no names: unit → number


def _day(month, day=10):
    return dt.date(2024, month, day)


CASES = {
    "register alone: no event is 0": Case(
        register=[("U", _day(3))],
        expected={"U": (1, "register", 0), "V": (0, "register", 0), "A": (1, "sum", 0), "TU": (1, "sum", 0)},
    ),
    "an own row replaces the register": Case(
        declared=[("U", None, 5), ("V", None, 0)],
        register=[("U", _day(3)), ("U", _day(4))],
        expected={"U": (5, "declared", 0), "V": (0, "declared", 0), "A": (5, "sum", 0)},
    ),
    "an own row beats the children, the rest is undistributed": Case(
        declared=[("A", None, 7), ("U", None, 5), ("V", None, 1)],
        expected={"A": (7, "declared", 0), "TU": (7, "sum", 0)},
        other=1,
        nameless={"A": 7, "U": -5, "V": -1},
    ),
    "an own row below its children's sum shows the difference": Case(
        declared=[("A", None, 4), ("U", None, 5), ("V", None, 1)],
        expected={"A": (4, "declared", 0)},
        other=-2,
        nameless={"A": 4, "U": -5, "V": -1},
    ),
    "declared rows and register of other units add up": Case(
        declared=[("U", None, 5)],
        register=[("V", _day(3)), ("V", _day(4))],
        expected={"U": (5, "declared", 0), "V": (2, "register", 0), "A": (7, "sum", 0)},
    ),
    "a committee's own register stands beside its children": Case(
        register=[("A", _day(3)), ("U", _day(3))],
        expected={"U": (1, "register", 0), "A": (2, "sum", 0)},
        other=1,
    ),
    "who neither declares nor keeps a register has not reported": Case(
        declared=[("U", None, 5)],
        expected={"U": (5, "declared", 0), "V": (None, "partial", 1), "A": (5, "partial", 1), "TU": (5, "partial", 1)},
    ),
    "the own row of a committee speaks for those who have not reported": Case(
        declared=[("A", None, 7), ("U", None, 5)],
        expected={"V": (None, "partial", 1), "A": (7, "declared", 0), "TU": (7, "sum", 0)},
        other=2,
        nameless={"A": 7, "U": -5},
    ),
    "months and register: each slice by what is there": Case(
        declared=[("U", 1, 3), ("U", 2, 0)],
        register=[("U", _day(1)), ("U", _day(5)), ("V", _day(1))],
        expected={"U": (4, "declared", 0), "V": (1, "register", 0), "A": (5, "sum", 0)},
    ),
    "a committee's month replaces that month of all below": Case(
        declared=[("A", 1, 9)],
        register=[("U", _day(1)), ("U", _day(5)), ("V", _day(6))],
        expected={"U": (2, "register", 0), "A": (11, "sum", 0)},
        other=8,
        nameless={"A": 9, "U": -1},
    ),
    "a declared month inside the span": Case(
        declared=[("U", 3, 4)],
        register=[("U", _day(3)), ("V", _day(3))],
        span=(dt.date(2024, 3, 1), dt.date(2024, 3, 31)),
        expected={"U": (4, "declared", 0), "V": (1, "register", 0), "A": (5, "sum", 0)},
    ),
    "a declared month cannot be cut": Case(
        declared=[("U", 3, 4)],
        register=[("V", _day(3))],
        span=(dt.date(2024, 3, 1), dt.date(2024, 3, 20)),
        expected={"U": (None, "partial", 1), "V": (1, "register", 0), "A": (1, "partial", 1)},
    ),
    "a year's row cannot tell a part of the year": Case(
        declared=[("U", None, 5)],
        register=[("U", _day(2)), ("V", _day(2))],
        span=(dt.date(2024, 1, 1), dt.date(2024, 6, 30)),
        expected={"U": (None, "partial", 1), "V": (1, "register", 0), "A": (1, "partial", 1)},
    ),
    "the months of a year that also has a row tell their part": Case(
        declared=[("U", None, 5), ("U", 1, 2), ("U", 2, 1)],
        register=[("V", _day(2))],
        span=(dt.date(2024, 1, 1), dt.date(2024, 2, 29)),
        expected={"U": (3, "declared", 0), "A": (4, "sum", 0)},
    ),
    "beside a year's row the register tells no part either": Case(
        declared=[("U", None, 5), ("U", 1, 2)],
        register=[("U", _day(2)), ("V", _day(2))],
        span=(dt.date(2024, 1, 1), dt.date(2024, 2, 29)),
        expected={"U": (None, "partial", 1), "A": (1, "partial", 1)},
    ),
    "a row that is empty for a figure leaves it to the register": Case(
        declared=[("U", None, None)],
        register=[("U", _day(2)), ("V", _day(2))],
        expected={"U": (1, "register", 0), "A": (2, "sum", 0)},
    ),
    "an event outside the span is not counted": Case(
        register=[("U", dt.date(2023, 12, 31)), ("U", dt.date(2024, 1, 1)), ("U", _day(6, 30)), ("U", _day(7, 1))],
        span=(dt.date(2024, 1, 1), dt.date(2024, 6, 30)),
        expected={"U": (2, "register", 0)},
    ),
}


@pytest.fixture
def units():
    top = factories.a_unit("TU", "city")
    a = factories.a_unit("A", "base_committee", top)
    return {"TU": top, "A": a, **{code: factories.a_unit(code, "branch", a) for code in "UV"}}


def _enter(case, units):
    for code, day in case.register:
        factories.a_member(units[code], decided_on=day, today=TODAY)
    lines = [
        enter.ResultLine(units[code], 2024, month, {"admitted": number, "resigned": 0})
        for code, month, number in case.declared
    ]
    if lines:
        enter.declare_results(lines, actor=None, today=TODAY)


@pytest.mark.parametrize("scope", [OPENING, CURRENT])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_which_number_wins(units, case, scope):
    _enter(case, units)
    asked = period.between(*case.span, on=TODAY)
    for code, expected in case.expected.items():
        at = Scope(units[code], asked.last, scope)
        value, items = FIGURES["admitted"].number(at, asked), FIGURES["admitted"].items(at, asked)
        assert (value.number, value.source, value.missing) == expected, code
        assert (value.number or 0, value.missing) == (items.number, items.missing), code


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_rows_add_up_with_what_is_not_distributed(units, case):
    _enter(case, units)
    asked = period.between(*case.span, on=TODAY)
    answer = TABLES["admission-rate"].answer(Question(units["A"], asked, asked.last))
    others = [row["admitted"] for row in answer.rows if row["code"] == "khác"]
    assert others == ([] if case.other is None else [case.other])
    listed = FIGURES["admitted"].rest(Scope(units["A"], asked.last, cut=UNITS), asked)
    assert listed.declared == {units[code].pk: number for code, number in case.nameless.items()}
    assert listed.number == (case.other or 0)
    assert {spell.organisation_id for spell in listed.named} <= {units["A"].pk}, "the others are at their rows"
    assert sum(row["admitted"] or 0 for row in answer.rows) == answer.total["admitted"]
    assert answer.total["not_reported"] == case.expected.get("A", (0, "", 0))[2]


def test_a_unit_that_began_its_register_later_had_not_reported_before(units):
    enter.declare_results(
        [enter.ResultLine(units["U"], year, None, {"admitted": 1}) for year in (2022, 2024)], actor=None, today=TODAY
    )
    factories.a_member(units["V"], decided_on=_day(3))
    for table, first in (("admission-rate", 2022), ("years", 2022)):
        asked = period.between(dt.date(first, 1, 1), dt.date(2024 if table == "years" else 2022, 12, 31), TODAY)
        answer = TABLES[table].answer(Question(units["A"], asked, asked.last))
        row = answer.rows[0] if table == "years" else answer.total
        assert (row["admitted"], row["not_reported"]) == (1, 1), table


# bases of A, U, V; what A's row says: base, base_missing, source, met of TU (3,5 % with 10 admitted)
BASES = [
    pytest.param({"U": 100, "V": 180}, 280, 0, "sum", True, id="the sum of the children"),
    pytest.param({"A": 290, "U": 100, "V": 180}, 290, 0, "sum", False, id="the own base wins"),
    pytest.param({"U": 100}, 100, 1, "partial", None, id="one without a base: partial, met is not told"),
    pytest.param({}, None, 2, "partial", None, id="nobody has a base"),
    pytest.param({"A": 280}, 280, 0, "sum", True, id="the own base speaks for the children"),
    pytest.param({"A": 0}, 0, 0, "sum", None, id="of nobody no rate"),
]


@pytest.mark.parametrize(("bases", "base", "missing", "source", "met"), BASES)
def test_bases(units, bases, base, missing, source, met):
    lines = [enter.BaseLine(units[code], 2024, total) for code, total in bases.items()]
    enter.declare_bases(lines, actor=None, today=TODAY)
    for day in range(1, 11):
        factories.a_member(units["U"], decided_on=_day(5, day))
    asked = period.of_year(2024, YEAR_END)
    answer = TABLES["admission-rate"].answer(Question(units["TU"], asked, asked.last))
    row, total = answer.rows[0], answer.total
    assert (row["base"], row["base_missing"], row["source"]) == (base, missing, source)
    assert (total["base"], total["base_missing"], total["met"]) == (base, missing, met)
    assert (total["rate"] is None) is (not base)
    assert total["required"] == (None if met is None else -(-base * 35 // 1000))
    assert any("đầu năm" in note for note in answer.notes) is bool(missing)


def test_a_branch_of_25_has_no_target_of_its_own(units):
    enter.declare_bases([enter.BaseLine(units["U"], 2024, 25)], actor=None, today=TODAY)
    asked = period.of_year(2024, YEAR_END)
    for code in ("U", "A"):
        total = TABLES["admission-rate"].answer(Question(units[code], asked, asked.last)).total
        assert (total["required"], total["remaining"], total["met"]) == (None, None, None)


def test_quotas_never_roll_up(units):
    lines = [take_over.QuotaLine(units[code], 2024, admission=number) for code, number in (("U", 3), ("V", 4))]
    take_over.issue_quotas(lines, actor=None, today=TODAY)
    asked = period.of_year(2024, YEAR_END)
    total = TABLES["quota-progress"].answer(Question(units["A"], asked, asked.last)).total
    assert (total["admission_quota"], total["children_admission_quota"], total["admission_difference"]) == (
        None,
        7,
        None,
    )
    take_over.issue_quotas([take_over.QuotaLine(units["A"], 2024, admission=9)], actor=None, today=TODAY)
    total = TABLES["quota-progress"].answer(Question(units["A"], asked, asked.last)).total
    assert (total["admission_quota"], total["children_admission_quota"], total["admission_difference"]) == (9, 7, -2)
    top = TABLES["quota-progress"].answer(Question(units["TU"], asked, asked.last)).total
    assert (top["admission_quota"], top["children_admission_quota"]) == (None, 9)


# quota, admitted; percent as a pair, quota_met
QUOTAS = [
    (0, 2, None, None),
    (None, 2, None, None),
    (4, 2, (1, 2), False),
    (2, 2, (1, 1), True),
    (1, 2, (2, 1), True),
]


@pytest.mark.parametrize(("quota", "admitted", "percent", "met"), QUOTAS)
def test_quotas_met(units, quota, admitted, percent, met):
    take_over.issue_quotas(
        [take_over.QuotaLine(units["U"], 2024, admission=quota, fostering=1)], actor=None, today=TODAY
    )
    for day in range(1, admitted + 1):
        factories.a_member(units["U"], decided_on=_day(5, day))
    asked = period.of_year(2024, YEAR_END)
    for table in ("admission-rate", "years"):
        answer = TABLES[table].answer(Question(units["U"], asked, asked.last))
        row = answer.rows[0] if table == "years" else answer.total
        assert row["quota"] == quota
        assert row["quota_met"] is met
    total = TABLES["admission-rate"].answer(Question(units["U"], asked, asked.last)).total
    exact = total["quota_percent"]
    assert (exact and (exact.numerator, exact.denominator)) == percent


RUNNING = dt.date(2024, 10, 15)


@pytest.mark.parametrize(
    ("rows", "today", "number"),
    [
        ([(None, 7)], RUNNING, 7),  # the year so far, as declared
        ([(9, 4), (10, 3)], RUNNING, 7),  # the month so far
        ([(None, 7)], None, None),  # seen from later, 15/10 is only a part of the year told
        ([(9, 4), (10, 3)], None, None),
    ],
    ids=["year to date", "month to date", "year, looked back", "month, looked back"],
)
def test_what_is_declared_for_a_running_period_counts_to_date(rows, today, number):
    city = factories.a_city()
    lines = [enter.ResultLine(city.branch, 2024, month, {"admitted": told}) for month, told in rows]
    enter.declare_results(lines, actor=None, today=RUNNING)
    asked = period.of_year(2024, RUNNING, today=today)
    assert FIGURES["admitted"].number(Scope(city.branch, RUNNING), asked).number == number
