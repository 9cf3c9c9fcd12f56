"""Decision on 28/12, ceremony on 10/1: the old year's admission (`architecture.md`, "Counting date")."""

import datetime as dt

import pytest

from cells.rules.models import Rule
from membership import admission
from membership.models import Spell, Stage
from reports import period
from reports.tables import TABLES, Question
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DECIDED, CEREMONY = dt.date(2023, 12, 28), dt.date(2024, 1, 10)
NEW_YEAR = dt.date(2024, 1, 1)


@pytest.fixture
def branch():
    return factories.a_city(committees=1, branches=1, base_branches=0).branch


def _admit(branch):
    case = factories.a_case(branch, stage=Stage.EXAMINED, listed_on=dt.date(2023, 6, 1))
    for to, day, number in ((Stage.DECIDED, DECIDED, "12-QĐ/TU"), (Stage.ADMITTED, CEREMONY, "")):
        move = admission.Move(case.pk, to, day, number=number)
        admission.advance([move], actor=None, today=factories.TODAY)


def _total(key, unit, year):
    asked = period.of_year(year, factories.TODAY)
    return TABLES[key].answer(Question(unit, asked, asked.last)).total


def _count_on_ceremony(from_day):
    rule = Rule.objects.of("admission_counts_on", from_day)
    Rule.objects.filter(pk=rule.pk).update(to_day=from_day)
    Rule.objects.create(key=rule.key, value="ceremony", document="thử", text="thử", from_day=from_day)


# the rule in force on the day of the decision, admitted in 2023 and 2024, in the base of 1/1/2024
CASES = [
    pytest.param(None, 1, 0, 1, id="decision"),
    pytest.param(dt.date(2023, 12, 1), 0, 1, 0, id="ceremony, since before the decision"),
    pytest.param(dt.date(2024, 1, 1), 1, 0, 1, id="ceremony, but only since after the decision"),
]


@pytest.mark.parametrize(("ceremony_rule_from", "old_year", "new_year", "in_base"), CASES)
def test_the_year_an_admission_counts_in(branch, ceremony_rule_from, old_year, new_year, in_base):
    if ceremony_rule_from:
        _count_on_ceremony(ceremony_rule_from)
    _admit(branch)
    assert _total("admission-rate", branch, 2023)["admitted"] == old_year
    assert _total("admission-rate", branch, 2024)["admitted"] == new_year
    assert Spell.objects.at_start_of(NEW_YEAR).count() == in_base
    assert _total("ledger", branch, 2023)["closing"] == in_base
    assert _total("ledger", branch, 2024)["opening"] == in_base
    assert Spell.objects.get().ceremony_on == CEREMONY


def test_between_decision_and_ceremony_the_member_counts_already(branch):
    case = factories.a_case(branch, stage=Stage.EXAMINED, listed_on=dt.date(2023, 6, 1))
    move = admission.Move(case.pk, Stage.DECIDED, DECIDED, number="12-QĐ/TU")
    admission.advance([move], actor=None, today=factories.TODAY)
    assert _total("admission-rate", branch, 2023)["admitted"] == 1
    assert Spell.objects.at_start_of(NEW_YEAR).get().ceremony_on is None
