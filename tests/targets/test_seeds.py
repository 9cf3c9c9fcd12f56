"""The programmes that come with the migrations, against parts I.2 and 3.5 of the resolution."""

import importlib
from fractions import Fraction

import pytest
from django.apps import apps

from targets import progress
from targets.models import Programme, Target

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# programme's years, line, kind, value, upper, where, sector, only where sources are left, primary
EXPECTED = {
    (2020, 2025, "admission", "rate", "3.5", None, "top", None, False, True),
    (2024, 2025, "admission", "rate", "3.5", None, "top", None, False, True),
    (2024, 2025, "admission", "minimum_average", "1", None, "sector", "village", False, False),
    (2024, 2025, "fostering", "minimum_average", "1", "2", "sector", "village", False, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "private_economy", False, False),
    (2024, 2025, "fostering", "minimum_each", "1", None, "sector", "private_economy", False, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "agency", True, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "public_service", True, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "school", True, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "health", True, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "military", True, False),
    (2024, 2025, "admission", "minimum_each", "1", None, "sector", "police", True, False),
    (2025, 2030, "admission", "rate", "3", "4", "top", None, False, False),
}


def _plain(value):
    return None if value is None else f"{value.normalize():f}"


def test_every_target():
    targets = Target.objects.select_related("programme", "sector")
    assert {
        (
            target.programme.from_year,
            target.programme.to_year,
            target.line,
            target.kind,
            _plain(target.value),
            _plain(target.upper),
            target.where,
            target.sector and target.sector.code,
            target.with_sources_only,
            target.primary,
        )
        for target in targets
    } == EXPECTED
    assert targets.count() == len(EXPECTED)
    assert {target.span for target in targets} == {"year"}
    assert all(target.text for target in targets)


@pytest.mark.parametrize(
    ("year", "decided_by"),
    [(2019, None), (2020, 2020), (2023, 2020), (2024, 2024), (2025, 2024), (2026, 2025), (2031, None)],
)
def test_which_programme_decides_a_year(year, decided_by):
    decides = progress.deciding(progress.in_years([year])[year], ("top",))
    assert (decides and decides.programme.from_year) == decided_by


def test_the_rate_is_exact():
    assert progress.deciding(progress.in_years([2024])[2024], ("top",)).share == Fraction(7, 200)


def test_only_what_waits_for_confirmation_is_unconfirmed():
    assert list(Programme.objects.filter(confirmed=False).values_list("from_year", "to_year")) == [(2025, 2030)]


def test_a_second_run_adds_nothing():
    importlib.import_module("targets.migrations.0002_programmes").add_programmes(apps, None)
    importlib.import_module("targets.migrations.0010_armed_forces").add_targets(apps, None)
    assert Target.objects.count() == len(EXPECTED)
