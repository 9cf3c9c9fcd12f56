"""The quotas held move into versions: one for each giving unit, year and decision, numbered in their order."""

import datetime as dt
from collections import defaultdict

from django.db import migrations
from django.db.models import Q


def move_in(apps, schema_editor):
    """Who gave a quota: the unit above the receiving one in that year, by its last place; none above, "own"."""
    quota, issue = apps.get_model("targets", "Quota"), apps.get_model("targets", "QuotaIssue")
    place = apps.get_model("cells", "Place")
    above = {}
    for year in quota.objects.order_by().values_list("year", flat=True).distinct():
        start, stop = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
        held = place.objects.filter(Q(to_day__isnull=True) | Q(to_day__gt=start), from_day__lt=stop)
        for unit, parent in held.order_by("from_day").values_list("organisation_id", "parent_id"):
            above[unit, year] = parent
    series = defaultdict(lambda: defaultdict(list))
    for row in quota.objects.order_by("version", "pk"):
        parent = above.get((row.organisation_id, row.year))
        key = (parent or row.organisation_id, row.year, parent is None)
        paper = (row.version, row.decided_on or dt.date.min, row.decision_number, row.reason)
        series[key][paper].append(row)
    for (issuer, year, own), papers in series.items():
        for number, paper in enumerate(sorted(papers), 1):
            rows = papers[paper]
            made = issue.objects.create(
                issuer_id=issuer,
                year=year,
                own=own,
                number=number,
                state="issued",
                decision_number=rows[0].decision_number,
                decided_on=rows[0].decided_on,
                reason=rows[0].reason,
            )
            for row in rows:
                row.issue, row.in_force, row.original = made, not row.superseded, row.version == 1
            quota.objects.bulk_update(rows, ["issue", "in_force", "original"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("targets", "0005_quota_issues")]

    operations = [migrations.RunPython(move_in, migrations.RunPython.noop)]
