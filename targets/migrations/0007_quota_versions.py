"""What a version says stands with the version alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("targets", "0006_quotas_held")]

    operations = [
        migrations.AlterModelOptions(
            name="quota",
            options={
                "ordering": ("-year", "organisation_id", "id"),
                "verbose_name": "chỉ tiêu được giao",
                "verbose_name_plural": "chỉ tiêu được giao",
            },
        ),
        migrations.RemoveConstraint(model_name="quota", name="quota_version_once"),
        migrations.RemoveConstraint(model_name="quota", name="quota_one_in_force"),
        *(
            migrations.RemoveField(model_name="quota", name=name)
            for name in ("decided_on", "decision_number", "reason", "superseded", "version")
        ),
        migrations.AlterField(
            model_name="quota",
            name="issue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="targets.quotaissue",
                verbose_name="lần giao",
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.UniqueConstraint(fields=("issue", "organisation"), name="quota_once_a_version"),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_force", True)), fields=("organisation", "year"), name="quota_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.UniqueConstraint(
                condition=models.Q(("original", True)), fields=("organisation", "year"), name="quota_one_original"
            ),
        ),
    ]
