"""Versions of what a unit gives for a year: the tables. What is held already moves into them in 0006."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0015_bodies"),
        ("targets", "0004_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuotaIssue",
            fields=[
                ID,
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                (
                    "own",
                    models.BooleanField(
                        default=False, verbose_name="chỉ tiêu của chính nơi này, cấp trên ngoài hệ thống giao"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lần")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "bản nháp"), ("issued", "đã giao")],
                        default="draft",
                        max_length=6,
                        verbose_name="tình trạng",
                    ),
                ),
                ("decision_number", models.CharField(blank=True, max_length=60, verbose_name="số quyết định")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="ngày")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="lý do điều chỉnh")),
                ("explanation", models.CharField(blank=True, max_length=300, verbose_name="giải thích chênh lệch")),
                ("made_at", models.DateTimeField(auto_now=True, verbose_name="ghi lúc")),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota_issues",
                        to="cells.organisation",
                        verbose_name="nơi giao",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần giao chỉ tiêu",
                "verbose_name_plural": "lần giao chỉ tiêu",
                "ordering": ("-year", "issuer_id", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "year", "own", "number"), name="quota_issue_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("issuer", "year", "own"),
                        name="quota_issue_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", True), ("state", "draft")),
                            models.Q(("number__gte", 1), ("state", "issued")),
                            _connector="OR",
                        ),
                        name="quota_issue_numbered_when_issued",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyQuota",
            fields=[
                ID,
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                ("in_force", models.BooleanField(default=False, verbose_name="đang dùng")),
                ("original", models.BooleanField(default=False, verbose_name="giao lần đầu")),
                (
                    "introductions",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="phát hiện, giới thiệu"),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotas",
                        to="cells.body",
                        verbose_name="đoàn thể",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="body_lines",
                        to="targets.quotaissue",
                        verbose_name="lần giao",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ tiêu của đoàn thể",
                "verbose_name_plural": "chỉ tiêu của đoàn thể",
                "ordering": ("-year", "body_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("issue", "body"), name="body_quota_once_a_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)), fields=("body", "year"), name="body_quota_one_in_force"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("original", True)), fields=("body", "year"), name="body_quota_one_original"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="quota",
            name="in_force",
            field=models.BooleanField(default=False, verbose_name="đang dùng"),
        ),
        migrations.AddField(
            model_name="quota",
            name="original",
            field=models.BooleanField(default=False, verbose_name="giao lần đầu"),
        ),
        migrations.AddField(
            model_name="quota",
            name="issue",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="targets.quotaissue",
                verbose_name="lần giao",
            ),
        ),
    ]
