"""The sizes from which a branch votes, becomes a committee, meets in groups (`domain.md` §3.1)."""

import datetime as dt

from django.db import migrations, models

ALWAYS = dt.date(1, 1, 1)  # open at the start
HD_03 = dt.date(2022, 12, 27)
STATUTE = "Điều lệ Đảng, Điều 21"

# key, value, from, to, document, confidence, words
THRESHOLDS = (
    (
        "vote_minimum",
        "3",
        ALWAYS,
        None,
        STATUTE,
        "P",
        "Nơi có từ 3 đảng viên chính thức trở lên được lập tổ chức đảng; chưa đủ 3 thì cấp ủy cấp trên giới thiệu "
        "đảng viên đến sinh hoạt ở tổ chức đảng thích hợp.",
    ),
    (
        "committee_minimum",
        "30",
        ALWAYS,
        None,
        STATUTE,
        "P",
        "Dưới 30 đảng viên lập chi bộ cơ sở; từ 30 đảng viên trở lên lập đảng bộ cơ sở, có các chi bộ trực thuộc. "
        "Nơi làm khác phải được cấp ủy cấp trên đồng ý bằng văn bản.",
    ),
    (
        "group_threshold",
        "50",
        ALWAYS,
        HD_03,
        "Điều lệ Đảng và hướng dẫn thi hành trước 27/12/2022",
        "M",
        "Chi bộ đông chia thành các tổ đảng; chi bộ trên 50 đảng viên phải được cấp ủy cấp trên đồng ý.",
    ),
    (
        "group_threshold",
        "50",
        HD_03,
        None,
        "Hướng dẫn số 03-HD/TW ngày 27/12/2022",
        "R",
        "Chi bộ có từ 50 đảng viên trở lên và có tổ đảng được sinh hoạt theo tổ đảng thay sinh hoạt chi bộ, "
        "mỗi năm không quá 3 lần.",
    ),
)


def add_thresholds(apps, schema_editor):
    """Where a key has any row it is left alone: what the Organisation Board edited stays."""
    rule = apps.get_model("cells", "Rule")
    known = set(rule.objects.values_list("key", flat=True))
    for key, value, start, stop, document, confidence, text in THRESHOLDS:
        if key not in known:
            rule.objects.create(
                key=key, value=value, document=document, text=text, confidence=confidence, from_day=start, to_day=stop
            )


class Migration(migrations.Migration):
    dependencies = [("cells", "0003_guards")]

    operations = [
        migrations.AlterField(
            model_name="rule",
            name="key",
            field=models.CharField(
                choices=[
                    ("admission_age_min", "Tuổi thấp nhất khi chi bộ xét kết nạp"),
                    ("admission_age_max", "Tuổi cao nhất khi chi bộ xét kết nạp (trên tuổi này phải xin ý kiến)"),
                    ("admission_age_unit", "Tuổi khi chi bộ xét được tính theo"),
                    ("probation_months", "Thời gian dự bị"),
                    ("admission_counts_on", "Kết nạp được tính vào ngày"),
                    ("fostering_counts", "Bồi dưỡng tạo nguồn được tính theo"),
                    ("vote_minimum", "Số đảng viên chính thức ít nhất để chi bộ biểu quyết được"),
                    ("committee_minimum", "Số đảng viên ít nhất của một đảng bộ cơ sở"),
                    ("group_threshold", "Số đảng viên từ đó chi bộ sinh hoạt theo tổ đảng"),
                ],
                max_length=60,
                verbose_name="quy định",
            ),
        ),
        # Backwards the rows stay, as in 0002.
        migrations.RunPython(add_thresholds, migrations.RunPython.noop),
    ]
