"""Part 3.5 of the resolution: the armed forces meet what is asked of them while they have sources (C34)."""

from decimal import Decimal

from django.db import migrations

TEXT = "Thực hiện đảm bảo chỉ tiêu phát triển đảng viên khi còn nguồn"
SECTORS = ("military", "police")


def add_targets(apps, schema_editor):
    """To the programme that the migrations brought, where it still is; once."""
    programmes = apps.get_model("targets", "Programme").objects.filter(from_year=2024, to_year=2025)
    target_model = apps.get_model("targets", "Target")
    agencies = target_model.objects.filter(programme__in=programmes, sector__code="agency", with_sources_only=True)
    asked = {"line": "admission", "kind": "minimum_each", "where": "sector", "with_sources_only": True}
    for programme in programmes.filter(pk__in=agencies.values("programme")):
        for sector in apps.get_model("cells", "Sector").objects.filter(code__in=SECTORS):
            new = {"value": Decimal(1), "text": TEXT}
            target_model.objects.get_or_create(programme=programme, sector=sector, **asked, defaults=new)


class Migration(migrations.Migration):
    dependencies = [("targets", "0009_quota_whys")]

    # Backwards the rows stay, as those of the lookups do.
    operations = [migrations.RunPython(add_targets, migrations.RunPython.noop)]
