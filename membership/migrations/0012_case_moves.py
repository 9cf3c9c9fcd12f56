import django.db.models.deletion
from django.db import migrations, models


def write_what_is_known(apps, schema_editor):
    """A case that stands elsewhere than at its last step went when that unit was carried on: until now that was told
    from the steps each time."""
    models_of = {name: apps.get_model("membership", name) for name in ("Candidacy", "CaseMove", "StageEvent")}
    succession = apps.get_model("cells", "Succession")
    days = {}
    for unit, day in succession.objects.order_by("-day").values_list("predecessor_id", "day"):
        days.setdefault(unit, []).append(day)
    last = {}
    steps = models_of["StageEvent"].objects.filter(void=False, organisation__in=days).order_by("day", "id")
    for case, unit, day in steps.values_list("candidacy_id", "organisation_id", "day"):
        last[case] = (unit, day)
    moves = []
    for case, now in models_of["Candidacy"].objects.filter(pk__in=last).values_list("pk", "organisation_id"):
        unit, step_day = last[case]
        gone = [day for day in days[unit] if day > step_day]
        if gone and now != unit:
            move = models_of["CaseMove"](candidacy_id=case, day=gone[-1], origin_id=unit, destination_id=now)
            moves.append(move)
    models_of["CaseMove"].objects.bulk_create(moves, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0016_posts_answering"),
        ("membership", "0011_awareness_classes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="ngày")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "candidacy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="membership.candidacy",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "destination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cells.organisation",
                        verbose_name="chi bộ sau",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cells.organisation",
                        verbose_name="chi bộ trước",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần chuyển chi bộ của hồ sơ",
                "verbose_name_plural": "lần chuyển chi bộ của hồ sơ",
                "ordering": ("candidacy_id", "day"),
                "indexes": [models.Index(fields=["origin", "day"], name="case_move_of_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("candidacy", "day"), name="case_move_one_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("origin", models.F("destination")), _negated=True),
                        name="case_move_elsewhere",
                    ),
                ],
            },
        ),
        migrations.RunPython(write_what_is_known, migrations.RunPython.noop),
    ]
