"""Quotas entered before versions belonged to who gives: they move in whole, under their papers."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from targets.models import Quota, QuotaIssue
from tests import factories

pytestmark = [pytest.mark.everywhere, pytest.mark.both_databases]


@pytest.mark.django_db(transaction=True)
def test_quotas_held_move_into_versions():
    def migrate(*targets):
        executor = MigrationExecutor(connection)
        return executor.migrate(targets or executor.loader.graph.leaf_nodes())

    # other tests that commit leave nothing behind, not even the seeds
    importlib.import_module("cells.migrations.0002_lookups_and_rules").add_lookups(apps, None)
    city = factories.a_city()
    try:
        before = migrate(("targets", "0004_sources")).apps.get_model("targets", "Quota")
        rows = [
            (city.top, 1, True, 280, "01-QĐ"),
            (city.top, 2, False, 277, "20-QĐ"),
            (city.committee, 1, True, 7, "12-QĐ"),
            (city.committee, 2, False, 6, "40-QĐ"),
            (city.committees[1], 1, False, 4, "12-QĐ"),
            (city.branch, 1, False, 1, ""),
        ]
        before.objects.bulk_create(
            before(organisation_id=unit.pk, year=2024, version=version, superseded=superseded, admission=number,
                   decision_number=paper, decided_on=dt.date(2024, 1, version))
            for unit, version, superseded, number, paper in rows
        )  # fmt: skip
    finally:
        migrate()
    issues = QuotaIssue.objects.order_by("issuer__code", "own", "number")
    found = [(row.issuer.code, row.own, row.number, row.decision_number, row.lines.count()) for row in issues]
    assert found == [
        ("DU1", False, 1, "", 1),
        ("TU", False, 1, "12-QĐ", 2),
        ("TU", False, 2, "40-QĐ", 1),
        ("TU", True, 1, "01-QĐ", 1),
        ("TU", True, 2, "20-QĐ", 1),
    ]
    held = Quota.objects.in_force().order_by("organisation__code").values_list("organisation__code", "admission")
    assert list(held) == [("DU1", 6), ("DU1-01", 1), ("DU2", 4), ("TU", 277)]
    assert Quota.objects.filter(original=True).count() == 4
