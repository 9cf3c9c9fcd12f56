"""The sentence of a constraint is a format: a rate over 100 % was answered with an error of its own."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("targets", "0007_quota_versions")]

    operations = [
        migrations.AlterConstraint(
            model_name="target",
            name="target_percent_at_most_100",
            constraint=models.CheckConstraint(
                condition=~Q(kind__in=("rate", "coverage")) | Q(value__lte=100),
                name="target_percent_at_most_100",
                violation_error_message="Tỷ lệ không quá 100%%.",
            ),
        ),
    ]
