from itertools import pairwise

import django.db.models.deletion
from django.db import migrations, models


def write_what_is_known(apps, schema_editor):
    """Where a step is of another unit than the one before it, and that one was carried on meanwhile, the case went
    with it: until now that was told from the steps each time."""
    case_move = apps.get_model("membership", "CaseMove")
    days = {}
    for unit, day in apps.get_model("cells", "Succession").objects.order_by("day").values_list("predecessor_id", "day"):
        days.setdefault(unit, []).append(day)
    way = {}
    steps = apps.get_model("membership", "StageEvent").objects.filter(void=False).order_by("day", "id")
    of_gone = steps.filter(organisation__in=days).values("candidacy_id")
    for case, unit, day in steps.filter(candidacy__in=of_gone).values_list("candidacy_id", "organisation_id", "day"):
        way.setdefault(case, []).append((unit, day))
    cases = apps.get_model("membership", "Candidacy").objects.filter(pk__in=list(way))
    moves = []
    for case, now in cases.values_list("pk", "organisation_id"):
        stops = [*way[case], (now, None)]
        for (unit, left), (following, came) in pairwise(stops):
            turns = [day for day in days.get(unit, ()) if day > left and (came is None or day <= came)]
            if turns and following != unit:
                moves.append(
                    case_move(candidacy_id=case, day=turns[0], origin_id=unit, destination_id=following, with_unit=True)
                )
    case_move.objects.bulk_create(moves, batch_size=500)


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
                ("with_unit", models.BooleanField(verbose_name="chuyển theo tổ chức")),
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
