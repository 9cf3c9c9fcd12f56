"""Bodies: mass organisations, training centres and boards, and the unit each is attached to."""

import django.db.models.deletion
from django.db import migrations, models

from cells.dated import OPEN_START

# code, name, other spellings, finds and introduces people
KINDS = (
    ("fatherland_front", "Ủy ban Mặt trận Tổ quốc", "MTTQ; Mặt trận Tổ quốc; Mặt trận", True),
    ("youth_union", "Đoàn Thanh niên", "Đoàn; Đoàn TNCS Hồ Chí Minh; Thành đoàn", True),
    ("trade_union", "Công đoàn", "Liên đoàn Lao động; LĐLĐ", True),
    ("women_union", "Hội Liên hiệp Phụ nữ", "Hội Phụ nữ; Hội LHPN", True),
    ("farmers_union", "Hội Nông dân", "", True),
    ("veterans", "Hội Cựu chiến binh", "Hội CCB", True),
    ("other_body", "đoàn thể khác", "", True),
    ("training_centre", "Trung tâm Chính trị", "Trung tâm Bồi dưỡng chính trị", False),
    ("propaganda_board", "Ban Tuyên giáo", "Ban Tuyên giáo và Dân vận", False),
)


def add_kinds(apps, schema_editor):
    """A kind that is there already is left as it is."""
    kind = apps.get_model("cells", "BodyKind")
    known = set(kind.objects.values_list("code", flat=True))
    kind.objects.bulk_create(
        kind(code=code, name=name, aliases=aliases, nominates=nominates, order=order)
        for order, (code, name, aliases, nominates) in enumerate(KINDS)
        if code not in known
    )


def keep_apart(apps, schema_editor):
    """A body belongs to one unit on any day; on SQLite `BodyPlace.clean` alone sees to it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE cells_bodyplace ADD CONSTRAINT body_place_no_overlap EXCLUDE USING gist "
            "(body_id WITH =, daterange(from_day, to_day) WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
        )


ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
SPAN = (
    ("from_day", models.DateField(default=OPEN_START, verbose_name="từ ngày")),
    ("to_day", models.DateField(blank=True, null=True, verbose_name="trước ngày")),
)


class Migration(migrations.Migration):
    dependencies = [("cells", "0014_miss_reasons")]

    operations = [
        migrations.CreateModel(
            name="BodyKind",
            fields=[
                ID,
                *SPAN,
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=120, verbose_name="tên")),
                (
                    "aliases",
                    models.CharField(
                        blank=True, help_text="Cách nhau bằng dấu ;", max_length=300, verbose_name="cách viết khác"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("nominates", models.BooleanField(default=True, verbose_name="phát hiện, giới thiệu quần chúng")),
            ],
            options={
                "verbose_name": "loại đoàn thể, cơ quan",
                "verbose_name_plural": "loại đoàn thể, cơ quan",
                "ordering": ("order", "name"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ID,
                ("code", models.CharField(max_length=40, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="cells.bodykind", verbose_name="loại"
                    ),
                ),
            ],
            options={
                "verbose_name": "đoàn thể, cơ quan",
                "verbose_name_plural": "đoàn thể, cơ quan",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="BodyPlace",
            fields=[
                ID,
                *SPAN,
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="cells.body",
                        verbose_name="đoàn thể",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_places",
                        to="cells.organisation",
                        verbose_name="trực thuộc tổ chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "nơi trực thuộc",
                "verbose_name_plural": "nơi trực thuộc",
                "ordering": ("from_day", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_day__isnull", True), ("to_day__gt", models.F("from_day")), _connector="OR"
                        ),
                        name="body_place_ends_after_start",
                        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_day__isnull", True)),
                        fields=("body",),
                        name="body_place_one_open",
                        violation_error_message="Đoàn thể này còn trực thuộc một tổ chức; ghi ngày kết thúc trước.",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_kinds, migrations.RunPython.noop),
        migrations.RunPython(keep_apart, migrations.RunPython.noop),  # gone with its table
    ]
