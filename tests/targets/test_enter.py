"""The deeds that enter figures: what they write, and what they refuse by naming the field."""

import datetime as dt

import pytest

from cells.log.models import Entry, EntryValue
from cells.models import Kind
from cells.organisations import reorganise
from cells.verdict import Refused
from targets import enter
from targets.enter import BaseLine, ResultLine
from targets.models import Base, DeclaredResult, Quota, QuotaIssue
from targets.quotas import take_over
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = factories.TODAY


@pytest.fixture
def units():
    """U has always been there, N since 1/7/2024, L left on 1/7/2022, J joined on 1/7/2024."""
    top = factories.a_unit("TU", "city")
    found = {"TU": top, "U": factories.a_unit("U", "branch", top), "L": factories.a_unit("L", "branch", top)}
    found["N"] = factories.a_unit("N", "branch", top, day=dt.date(2024, 7, 1))
    reorganise.leave([reorganise.Leaving("L", dt.date(2022, 7, 1))], actor=None, today=TODAY)
    joining = reorganise.Joining("J", dt.date(2024, 7, 1), "TU", "J", Kind.objects.get(code="branch"))
    (found["J"],) = reorganise.join([joining], actor=None, today=TODAY)
    return found


def _fields(deed, lines, **more):
    """What is refused: field names in order; nothing was written."""
    tables = (Base, DeclaredResult, Quota, QuotaIssue)
    before = [list(table.objects.order_by("pk").values_list()) for table in tables]
    with pytest.raises(Refused) as refusal:
        deed(lines, actor=None, **more)
    assert [list(table.objects.order_by("pk").values_list()) for table in tables] == before
    assert all(problem.message.strip().endswith(".") for problem in refusal.value.problems)
    return [problem.field for problem in refusal.value.problems]


BAD_BASES = {
    "full and probationary do not add up": ([("U", 2024, 10, 7, 2)], ["total"]),
    "full alone is more than the total": ([("U", 2024, 10, 11, None)], ["total"]),
    "more women than members": ([("U", 2024, 10, None, None, 11)], ["female"]),
    "negative": ([("U", 2024, -1)], ["total"]),
    "absurd": ([("U", 2024, 99_999_999)], ["total"]),
    "an absurd year": ([("U", 24, 10)], ["year"]),
    "next year": ([("U", 2025, 10)], ["year"]),
    "twice": ([("U", 2024, 10), ("U", 2024, 10)], ["organisation", "organisation"]),
    "one bad line refuses all": ([("TU", 2024, 10), ("U", 2024, 10, 7, 2)], ["total"]),
    "a unit not founded on 1/1": ([("N", 2024, 10)], ["organisation"]),
    "a unit that had left by 1/1": ([("L", 2023, 10)], ["organisation"]),
    "a unit that joined later than this year": ([("J", 2023, 10)], ["organisation"]),
}


@pytest.mark.parametrize(("lines", "fields"), BAD_BASES.values(), ids=BAD_BASES)
def test_bad_bases(units, lines, fields):
    made = [BaseLine(units[code], *more) for code, *more in lines]
    assert _fields(enter.declare_bases, made, today=TODAY) == fields


def test_a_base_is_entered_once_and_never_moves(units):
    enter.declare_bases([BaseLine(units["U"], 2024, 10, 7, 3, 4)], actor=None, today=TODAY)
    assert _fields(enter.declare_bases, [BaseLine(units["U"], 2024, 11)], today=TODAY) == ["year"]
    enter.declare_bases([BaseLine(units["L"], 2022, 5), BaseLine(units["J"], 2024, 50)], actor=None, today=TODAY)
    assert Base.objects.count() == 3


BAD_RESULTS = {
    "a month not begun": ([("U", 2024, 11, {"admitted": 1})], ["month"]),
    "a year not begun": ([("U", 2025, None, {"admitted": 1})], ["year"]),
    "no such month": ([("U", 2024, 13, {"admitted": 1})], ["month"]),
    "month 0": ([("U", 2024, 0, {"admitted": 1})], ["month"]),
    "negative": ([("U", 2024, 1, {"admitted": -1})], ["admitted"]),
    "absurd": ([("U", 2024, 1, {"resigned": 10**9})], ["resigned"]),
    "twice": ([("U", 2024, 1, {"admitted": 1})] * 2, ["organisation", "organisation"]),
    "before the unit was founded": ([("N", 2024, 6, {"admitted": 1})], ["organisation"]),
    "months above their year": (
        [("U", 2023, None, {"admitted": 2}), ("U", 2023, 1, {"admitted": 3})],
        ["admitted", "admitted"],
    ),
    "twelve months below their year": (
        [("U", 2023, None, {"admitted": 13}), *(("U", 2023, month, {"admitted": 1}) for month in range(1, 13))],
        ["admitted"] * 13,
    ),
}


@pytest.mark.parametrize(("lines", "fields"), BAD_RESULTS.values(), ids=BAD_RESULTS)
def test_bad_results(units, lines, fields):
    made = [ResultLine(units[code], *more) for code, *more in lines]
    assert _fields(enter.declare_results, made, today=TODAY) == fields


def test_what_a_unit_did_outside_may_be_told(units):
    """Whether it counts is for the figures to say (`tests/facts/test_scope.py`)."""
    lines = [ResultLine(units["L"], 2022, 7, {"admitted": 1}), ResultLine(units["J"], 2024, 1, {"admitted": 1})]
    assert len(enter.declare_results(lines, actor=None, today=TODAY)) == 2


def test_months_must_agree_with_a_year_entered_before(units):
    enter.declare_results([ResultLine(units["U"], 2023, None, {"admitted": 2})], actor=None, today=TODAY)
    assert _fields(enter.declare_results, [ResultLine(units["U"], 2023, 1, {"admitted": 3})], today=TODAY) == [
        "admitted"
    ]
    enter.declare_results([ResultLine(units["U"], 2023, 1, {"admitted": 2, "fostered": 9})], actor=None, today=TODAY)


def test_a_second_row_replaces_the_first_and_the_log_keeps_the_old_values(units):
    for admitted in (2, 3):
        values = {"admitted": admitted, "fostered": 1}
        enter.declare_results([ResultLine(units["U"], 2023, None, values)], actor=None, today=TODAY)
    row = DeclaredResult.objects.get()
    assert (row.admitted, row.fostered, row.resigned) == (3, 1, None)
    (value,) = EntryValue.objects.all()
    assert (value.field, value.old, value.new) == ("U /2023 admitted", "2", "3")
    assert Entry.objects.filter(deed="declare_results").count() == 2


BAD_QUOTAS = {
    "negative": ([("U", 2024, -1)], {}, ["admission"]),
    "absurd fostering": ([("U", 2024, 1, 10**8)], {}, ["fostering"]),
    "a decision in the future": ([("U", 2024, 1)], {"decided_on": dt.date(2024, 10, 16)}, ["decided_on"]),
    "twice": ([("U", 2024, 1)] * 2, {}, ["organisation", "organisation"]),
    "a unit that had left": ([("L", 2023, 1)], {}, ["organisation"]),
    "a decision after it left": ([("L", 2022, 1)], {"decided_on": dt.date(2022, 9, 1)}, ["organisation"]),
    "an absurd year": ([("U", 99999, 1)], {}, ["year"]),
}


@pytest.mark.parametrize(("lines", "more", "fields"), BAD_QUOTAS.values(), ids=BAD_QUOTAS)
def test_bad_quotas(units, lines, more, fields):
    made = [take_over.QuotaLine(units[code], *rest, **more) for code, *rest in lines]
    assert _fields(take_over.issue_quotas, made, today=TODAY) == fields


def test_a_quota_is_never_edited_but_gets_a_version(units):
    for admission in (3, 3, 4):
        take_over.issue_quotas(
            [take_over.QuotaLine(units["U"], 2024, admission, reason="điều chỉnh")], actor=None, today=TODAY
        )
    versions = Quota.objects.order_by("issue__number").values_list("issue__number", "admission", "in_force", "original")
    assert list(versions) == [(1, 3, False, True), (2, 4, True, False)]
    assert Quota.objects.in_force().get().admission == 4
    assert Entry.objects.filter(deed="issue_quotas").count() == 2
