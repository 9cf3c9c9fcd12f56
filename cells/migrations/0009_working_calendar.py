"""The days on which offices work, where the official notices say so or the library of holidays lacks them.

Looked up on 25/11/2026 in public pages. No notice about 2027 was found, so that year is not among those announced.
"""

import datetime as dt

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

TET_2024 = "Thông báo số 5015/TB-LĐTBXH ngày 22/11/2023"
SWAP_2024 = "Văn bản số 2450/VPCP-KGVX ngày 12/4/2024"
TET_2025 = "Thông báo số 6150/TB-BLĐTBXH ngày 03/12/2024"
TET_2026 = "Thông báo của Bộ Nội vụ tháng 10/2025 về nghỉ Tết Nguyên đán và Quốc khánh năm 2026"
SWAP_2026 = "Văn bản số 12729/VPCP-KGVX ngày 25/12/2025"
CULTURE = "Nghị quyết số 80-NQ/TW ngày 07/01/2026; chưa tìm thấy văn bản luật hóa"

YEARS = ((2024, TET_2024, "P"), (2025, TET_2025, "P"), (2026, TET_2026, "P"))

# day, worked, reason, document, confidence
DAYS = (
    (dt.date(2024, 4, 29), False, "hoán đổi sang thứ Bảy 04/5/2024", SWAP_2024, "P"),
    (dt.date(2024, 5, 4), True, "làm bù ngày 29/4/2024", SWAP_2024, "P"),
    (dt.date(2025, 4, 26), True, "làm bù ngày 02/5/2025", TET_2025, "P"),
    (dt.date(2025, 5, 2), False, "hoán đổi sang thứ Bảy 26/4/2025", TET_2025, "P"),
    (dt.date(2026, 1, 2), False, "hoán đổi sang thứ Bảy 10/01/2026", SWAP_2026, "P"),
    (dt.date(2026, 1, 10), True, "làm bù ngày 02/01/2026", SWAP_2026, "P"),
    (dt.date(2026, 8, 22), True, "làm bù ngày 31/8/2026", TET_2026, "R"),
    (dt.date(2026, 8, 31), False, "hoán đổi sang thứ Bảy 22/8/2026", TET_2026, "R"),
    (dt.date(2026, 11, 24), False, "Ngày Văn hóa Việt Nam", CULTURE, "M"),
)

CONFIDENCE = models.CharField(
    choices=[("P", "văn bản công khai"), ("R", "nguồn thứ cấp"), ("M", "cần xác nhận")],
    default="M",
    max_length=1,
    verbose_name="độ tin cậy",
)


def add_calendar(apps, schema_editor):
    """What is there already is left alone: somebody may have edited it."""
    years, days = apps.get_model("cells", "CalendarYear"), apps.get_model("cells", "CalendarDay")
    for year, document, confidence in YEARS:
        years.objects.get_or_create(year=year, defaults={"document": document, "confidence": confidence})
    for day, worked, reason, document, confidence in DAYS:
        values = {"worked": worked, "reason": reason, "document": document, "confidence": confidence}
        days.objects.get_or_create(day=day, defaults=values | {"year": years.objects.get(year=day.year)})


class Migration(migrations.Migration):
    dependencies = [("cells", "0008_vote_rules")]

    operations = [
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        unique=True, validators=[django.core.validators.MinValueValidator(1990)], verbose_name="năm"
                    ),
                ),
                ("document", models.CharField(max_length=300, verbose_name="văn bản công bố")),
                ("confidence", CONFIDENCE.clone()),
            ],
            options={
                "verbose_name": "lịch nghỉ của năm",
                "verbose_name_plural": "lịch nghỉ",
                "ordering": ("-year",),
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="ngày")),
                (
                    "worked",
                    models.BooleanField(default=False, help_text="Để trống là ngày nghỉ.", verbose_name="đi làm"),
                ),
                ("reason", models.CharField(max_length=120, verbose_name="lý do")),
                ("document", models.CharField(max_length=300, verbose_name="văn bản")),
                ("confidence", CONFIDENCE.clone()),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="cells.calendaryear",
                        verbose_name="năm",
                    ),
                ),
            ],
            options={
                "verbose_name": "ngày khác lịch thường",
                "verbose_name_plural": "ngày khác lịch thường",
                "ordering": ("day",),
            },
        ),
        # Backwards the tables go, and with them their rows.
        migrations.RunPython(add_calendar, migrations.RunPython.noop),
    ]
