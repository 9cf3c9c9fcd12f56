"""Why a quota was missed, the list of reasons (`domain.md` §5); rows that are there are left alone."""

import datetime as dt

from django.db import migrations, models

ALWAYS = dt.date(1, 1, 1)  # open at the start

# code, name, other spellings, whether a unit may also be out of sources for it
REASONS = (
    ("out_of_sources", "hết nguồn", "", False),
    ("all_are_members", "người đủ tiêu chuẩn đều đã là đảng viên", "", True),
    ("owner_not_member", "chủ doanh nghiệp chưa phải đảng viên", "chủ DN chưa phải đảng viên", True),
    ("verification_far", "thẩm tra ở xa, chậm", "thẩm tra chậm; thẩm tra lý lịch ở xa", False),
    ("migrant_work", "người đi làm ăn xa, di cư", "đi làm ăn xa; di cư", True),
    ("limited_recruitment", "tuyển dụng hạn chế", "không tuyển dụng; không được giao thêm biên chế", True),
    ("unit_moved_out", "tổ chức chuyển ra khỏi đảng bộ", "tổ chức chuyển đi", False),
    ("inattentive_committee", "cấp ủy chưa quan tâm", "thiếu quan tâm của cấp ủy", False),
    ("unqualified_people", "quần chúng không đủ tiêu chuẩn", "quần chúng chưa đủ tiêu chuẩn", True),
    ("other", "lý do khác", "khác", False),
)


def add_reasons(apps, schema_editor):
    for order, (code, name, aliases, also_sources) in enumerate(REASONS, 1):
        values = {"name": name, "aliases": aliases, "order": order, "also_sources": also_sources, "from_day": ALWAYS}
        apps.get_model("cells", "MissReason").objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0013_name_trigrams"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_day", models.DateField(default=dt.date(1, 1, 1), verbose_name="từ ngày")),
                ("to_day", models.DateField(blank=True, null=True, verbose_name="trước ngày")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=120, verbose_name="tên")),
                (
                    "aliases",
                    models.CharField(
                        blank=True, help_text="Cách nhau bằng dấu ;", max_length=300, verbose_name="cách viết khác"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("also_sources", models.BooleanField(default=False, verbose_name="cũng là lý do hết nguồn")),
            ],
            options={
                "verbose_name": "lý do không đạt chỉ tiêu",
                "verbose_name_plural": "lý do không đạt chỉ tiêu",
                "ordering": ("order", "name"),
                "abstract": False,
            },
        ),
        # Backwards the table goes with its rows.
        migrations.RunPython(add_reasons, migrations.RunPython.noop),
    ]
