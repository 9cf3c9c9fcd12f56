"""Votes, who is away for a while, and the decision that recognises; on PostgreSQL nobody is away twice on one day."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


def keep_apart(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE membership_temporarytransfer ADD CONSTRAINT temporary_transfer_no_overlap EXCLUDE USING gist "
            "(person_id WITH =, daterange(from_day, to_day) WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
        )


def let_overlap(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE membership_temporarytransfer DROP CONSTRAINT temporary_transfer_no_overlap")


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0008_vote_rules"),
        ("membership", "0003_with_unit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecognitionDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decided_on", models.DateField(verbose_name="ngày quyết định công nhận")),
                ("number", models.CharField(max_length=60, verbose_name="số quyết định công nhận")),
                (
                    "without_votes",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="lý do quyết định khi chưa đủ biểu quyết"
                    ),
                ),
                (
                    "spell",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognition",
                        to="membership.spell",
                        verbose_name="đảng viên chính thức",
                    ),
                ),
            ],
            options={
                "verbose_name": "quyết định công nhận",
                "verbose_name_plural": "quyết định công nhận",
            },
        ),
        migrations.CreateModel(
            name="TemporaryTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_day", models.DateField(default=datetime.date(1, 1, 1), verbose_name="từ ngày")),
                ("to_day", models.DateField(blank=True, null=True, verbose_name="trước ngày")),
                ("place", models.CharField(max_length=200, verbose_name="nơi sinh hoạt tạm thời")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="số giấy giới thiệu")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="temporary_transfers",
                        to="cells.person",
                        verbose_name="người",
                    ),
                ),
            ],
            options={
                "verbose_name": "sinh hoạt tạm thời",
                "verbose_name_plural": "sinh hoạt tạm thời",
                "ordering": ("person_id", "from_day"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_day__isnull", True), ("to_day__gt", models.F("from_day")), _connector="OR"
                        ),
                        name="temporary_transfer_ends_after_start",
                        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_day__isnull", True)),
                        fields=("person",),
                        name="temporary_transfer_one_open",
                        violation_error_message="Người này đang sinh hoạt tạm thời ở một nơi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("branch_admission", "chi bộ đề nghị kết nạp"),
                            ("committee_admission", "đảng ủy đề nghị kết nạp"),
                            ("branch_recognition", "chi bộ đề nghị công nhận chính thức"),
                            ("branch_removal", "chi bộ đề nghị xóa tên"),
                            ("committee_recognition", "đảng ủy đề nghị công nhận chính thức"),
                        ],
                        max_length=24,
                        verbose_name="nội dung",
                    ),
                ),
                ("day", models.DateField(verbose_name="ngày họp")),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="lần biểu quyết")),
                (
                    "form",
                    models.CharField(
                        choices=[("secret", "bỏ phiếu kín"), ("show", "giơ thẻ")],
                        default="secret",
                        max_length=6,
                        verbose_name="hình thức",
                    ),
                ),
                ("base", models.PositiveIntegerField(verbose_name="tổng số được biểu quyết")),
                (
                    "base_source",
                    models.CharField(
                        choices=[("register", "theo sổ"), ("typed", "ghi tay")],
                        max_length=8,
                        verbose_name="tổng số lấy từ",
                    ),
                ),
                ("base_told", models.CharField(blank=True, max_length=200, verbose_name="tổng số gồm")),
                ("base_reason", models.CharField(blank=True, max_length=300, verbose_name="lý do khác sổ")),
                ("exempt_present", models.PositiveIntegerField(default=0, verbose_name="người được miễn có dự")),
                ("needed", models.PositiveIntegerField(verbose_name="số phiếu cần")),
                ("present", models.PositiveIntegerField(verbose_name="có mặt")),
                ("yes", models.PositiveIntegerField(verbose_name="tán thành")),
                ("no", models.PositiveIntegerField(verbose_name="không tán thành")),
                ("blank", models.PositiveIntegerField(verbose_name="trắng, không hợp lệ")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="số nghị quyết")),
                ("on_behalf", models.BooleanField(default=False, verbose_name="nhập thay")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                ("void", models.BooleanField(default=False, verbose_name="đã hủy")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "candidacy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="membership.candidacy",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cells.organisation",
                        verbose_name="tổ chức biểu quyết",
                    ),
                ),
                (
                    "spell",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="membership.spell",
                        verbose_name="đảng viên dự bị",
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vote",
                        to="membership.stageevent",
                        verbose_name="bước của hồ sơ",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần biểu quyết",
                "verbose_name_plural": "lần biểu quyết",
                "ordering": ("day", "id"),
                "indexes": [models.Index(fields=["organisation", "day"], name="vote_of_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("candidacy__isnull", False),
                                ("spell__isnull", True),
                                ("subject__in", ("branch_admission", "committee_admission")),
                            ),
                            models.Q(
                                models.Q(("subject__in", ("branch_admission", "committee_admission")), _negated=True),
                                ("candidacy__isnull", True),
                                ("spell__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="vote_on_case_or_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "present",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("yes"), "+", models.F("no")
                                    ),
                                    "+",
                                    models.F("blank"),
                                ),
                            )
                        ),
                        name="vote_counts_everybody_present",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("base__gt", 0), ("present__lte", models.F("base"))),
                        name="vote_present_within_base",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("void", False)),
                        fields=("candidacy", "subject", "day"),
                        name="vote_one_a_day_on_a_case",
                        violation_error_message="Ngày đó đã ghi một lần biểu quyết về người này.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("void", False)),
                        fields=("spell", "subject", "day"),
                        name="vote_one_a_day_on_a_member",
                        violation_error_message="Ngày đó đã ghi một lần biểu quyết về người này.",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_apart, let_overlap),
    ]
