"""Words on sources get their story: who said them, who answered, which one holds. And the reasons for missing a quota.

Until now a row was the only word of its unit and year and a new one took its place, said by whoever allocates: those
rows become accepted words in force (the default of the fields while they are added). When they were said is not known,
so that their days stay empty rather than be made up.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0014_miss_reasons"),
        ("targets", "0003_base_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="nói rõ thêm")),
                ("said_on", models.DateField(verbose_name="ngày ghi")),
                ("word", models.PositiveSmallIntegerField(default=1, verbose_name="lần")),
                ("in_force", models.BooleanField(default=True, verbose_name="đang dùng")),
            ],
            options={
                "verbose_name": "lý do không đạt của đơn vị",
                "verbose_name_plural": "lý do không đạt của đơn vị",
                "ordering": ("-year", "organisation_id", "-word", "reason__order"),
            },
        ),
        migrations.AlterModelOptions(
            name="sources",
            options={
                "ordering": ("-year", "organisation_id", "-id"),
                "verbose_name": "nguồn kết nạp",
                "verbose_name_plural": "nguồn kết nạp",
            },
        ),
        migrations.RemoveConstraint(
            model_name="sources",
            name="sources_once_a_year",
        ),
        migrations.AddField(
            model_name="sources",
            name="answer",
            field=models.CharField(blank=True, max_length=300, verbose_name="lý do không chấp nhận"),
        ),
        migrations.AddField(
            model_name="sources",
            name="in_force",
            field=models.BooleanField(default=True, verbose_name="đang dùng"),
        ),
        migrations.AddField(
            model_name="sources",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người báo",
            ),
        ),
        migrations.AddField(
            model_name="sources",
            name="read_on",
            field=models.DateField(null=True, verbose_name="ngày đơn vị đọc trả lời"),
        ),
        migrations.AddField(
            model_name="sources",
            name="said_on",
            field=models.DateField(null=True, verbose_name="ngày báo"),
        ),
        migrations.AddField(
            model_name="sources",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người trả lời",
            ),
        ),
        migrations.AddField(
            model_name="sources",
            name="settled_on",
            field=models.DateField(null=True, verbose_name="ngày trả lời"),
        ),
        migrations.AddField(
            model_name="sources",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "chờ trả lời"),
                    ("accepted", "đã chấp nhận"),
                    ("refused", "không chấp nhận"),
                    ("overtaken", "thay bằng lần báo sau"),
                ],
                default="accepted",
                max_length=9,
                verbose_name="tình trạng",
            ),
        ),
        migrations.AlterField(
            model_name="sources",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "chờ trả lời"),
                    ("accepted", "đã chấp nhận"),
                    ("refused", "không chấp nhận"),
                    ("overtaken", "thay bằng lần báo sau"),
                ],
                default="waiting",
                max_length=9,
                verbose_name="tình trạng",
            ),
        ),
        migrations.AlterField(
            model_name="sources",
            name="in_force",
            field=models.BooleanField(default=False, verbose_name="đang dùng"),
        ),
        migrations.AddIndex(
            model_name="sources",
            index=models.Index(fields=["year", "organisation"], name="sources_of_year"),
        ),
        migrations.AddConstraint(
            model_name="sources",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_force", True)), fields=("organisation", "year"), name="sources_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="sources",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("organisation", "year"),
                name="sources_one_waiting",
                violation_error_message="Đơn vị này đang có một lần báo hết nguồn chờ trả lời.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sources",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_force", False), ("state", "accepted"), _connector="OR"),
                name="sources_in_force_is_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="sources",
            constraint=models.CheckConstraint(
                condition=models.Q(("has_sources", False), ("state", "accepted"), _connector="OR"),
                name="sources_left_need_no_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="sources",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by__isnull", True),
                    ("made_by__isnull", True),
                    models.Q(("settled_by", models.F("made_by")), _negated=True),
                    _connector="OR",
                ),
                name="sources_second_person",
                violation_error_message="Người khác phải duyệt.",
            ),
        ),
        migrations.AddField(
            model_name="missedreason",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người ghi",
            ),
        ),
        migrations.AddField(
            model_name="missedreason",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missed_reasons",
                to="cells.organisation",
                verbose_name="tổ chức",
            ),
        ),
        migrations.AddField(
            model_name="missedreason",
            name="reason",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cells.missreason",
                verbose_name="lý do",
            ),
        ),
        migrations.AddConstraint(
            model_name="missedreason",
            constraint=models.UniqueConstraint(
                fields=("organisation", "year", "word", "reason"), name="missed_reason_once_a_word"
            ),
        ),
        migrations.AddConstraint(
            model_name="missedreason",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_force", True)),
                fields=("organisation", "year", "reason"),
                name="missed_reason_in_force_once",
            ),
        ),
    ]
