"""Who made a base, and when; the rows that are there already know neither."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("targets", "0010_armed_forces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # added without `auto_now_add`, which would give the old rows the hour of the migration
        migrations.AddField("base", "made_at", models.DateTimeField(null=True, verbose_name="chốt lúc")),
        migrations.AlterField(
            "base", "made_at", models.DateTimeField(auto_now_add=True, null=True, verbose_name="chốt lúc")
        ),
        migrations.AddField(
            "base",
            "made_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người chốt",
            ),
        ),
    ]
