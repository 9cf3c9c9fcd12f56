"""The least that the programmes of a year ask of what stands at and below a unit."""

import datetime as dt

import pytest

from cells.models import Sector
from targets.models import Programme, Target
from targets.quotas.floors import Floor, floors
from targets.sources.say import SourcesLine, declare_sources
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
VILLAGE, SCHOOL = "village", "school"


@pytest.fixture
def city():
    """DU1 over a village branch and a school branch; no programme but what a test asks."""
    Programme.objects.all().delete()
    city = factories.a_city()
    for branch, sector in ((city.branch, VILLAGE), (city.sibling, SCHOOL)):
        branch.styles.update(sector=Sector.objects.get(code=sector))
    return city


def asked(*targets):
    programme = Programme.objects.create(title="Thử", document="thử", from_year=2024, to_year=2025)
    for more in targets:
        values = {"line": "admission", "kind": "minimum_each", "where": "branch", "value": 1} | more
        if "sector" in values:
            values |= {"where": "sector", "sector": Sector.objects.get(code=values["sector"])}
        Target.objects.create(programme=programme, **values)


EACH = {
    "every branch": ([{}], (2, 0)),
    "one sector": ([{"sector": VILLAGE}], (1, 0)),
    "an average counts as one for each": ([{"sector": VILLAGE, "kind": "minimum_average", "value": 2}], (2, 0)),
    "part of a person is a whole one": ([{"sector": VILLAGE, "kind": "minimum_average", "value": "1.5"}], (2, 0)),
    "the most of two": ([{}, {"sector": SCHOOL, "value": 3}], (4, 0)),
    "both lines": ([{}, {"line": "fostering", "value": 2}], (2, 4)),
    "of a whole span no year asks": ([{"span": "whole", "value": 5}], (0, 0)),
    "a rate is no minimum": ([{"kind": "rate", "where": "top", "value": 3}], (0, 0)),
    "who has sources only, and all have": ([{"with_sources_only": True}], (2, 0)),
    "the base organisation itself": ([{"where": "base", "value": 5}], (5, 0)),
}


@pytest.mark.parametrize(("targets", "least"), EACH.values(), ids=EACH)
def test_what_is_asked_of_a_committee_is_that_of_its_branches_together(city, targets, least):
    asked(*targets)
    floor = floors([city.committee.pk], 2024, TODAY)[city.committee.pk]
    assert (floor.admission, floor.fostering) == least


def test_a_branch_out_of_sources_is_spared_where_only_others_are_asked(city):
    declare_sources([SourcesLine(city.sibling, 2024, False, "đã hết")], actor=None, today=TODAY)
    asked({"with_sources_only": True, "value": 2}, {"value": 1})
    found = floors([city.branch.pk, city.sibling.pk, city.committee.pk], 2024, TODAY)
    assert [found[unit.pk].admission for unit in (city.branch, city.sibling, city.committee)] == [2, 1, 3]
    assert [found[unit.pk].is_exhausted for unit in (city.branch, city.sibling, city.committee)] == [False, True, False]


def test_words_and_years_that_ask_nothing(city):
    asked({"sector": VILLAGE})
    assert floors([city.committee.pk], 2024, TODAY)[city.committee.pk] == Floor(1, 0, "thôn, khu phố", 2, 0)
    assert floors([city.committee.pk], 2026, TODAY)[city.committee.pk] == Floor(0, 0, "", 2, 0)


def test_four_queries_however_many_units(city, django_assert_num_queries):
    asked({})
    factories.a_unit("DU9", "base_committee", city.top, day=dt.date(2020, 1, 1))
    with django_assert_num_queries(4):
        floors([unit.pk for unit in city.committees], 2024, TODAY)
