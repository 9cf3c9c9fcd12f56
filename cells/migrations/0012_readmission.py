"""When somebody who left the Party may be admitted again (`domain.md` §1.1, readmission)."""

import datetime as dt

from django.db import migrations, models

ALWAYS = dt.date(1, 1, 1)  # open at the start

# The regulations on implementing the Party Statute, each from its first day until the next (as in 0002).
CHAIN = (
    (ALWAYS, "Quy định số 29-QĐ/TW ngày 25/7/2016"),
    (dt.date(2021, 7, 30), "Quy định số 24-QĐ/TW ngày 30/7/2021"),
    (dt.date(2025, 1, 20), "Quy định số 232-QĐ/TW ngày 20/01/2025"),
    (dt.date(2025, 7, 1), "Quy định số 294-QĐ/TW ngày 26/5/2025, hiệu lực 01/7/2025"),
    (dt.date(2026, 7, 26), "Quy định số 208-QĐ/TW ngày 26/7/2026"),
)

# key, value, confidence under each regulation of CHAIN, words
RULES = (
    (
        "readmission_months",
        "36",
        "PPPRR",
        "Người được xét kết nạp lại phải có thời gian ít nhất là 36 tháng kể từ khi ra khỏi Đảng (người bị án hình sự về "
        "tội ít nghiêm trọng: 60 tháng kể từ khi được xóa án tích), làm đơn xin kết nạp lại và được ban thường vụ cấp ủy "
        "có thẩm quyền đồng ý. Không xét kết nạp lại người tự bỏ sinh hoạt đảng, làm đơn xin ra khỏi Đảng (trừ vì hoàn "
        "cảnh gia đình đặc biệt khó khăn), gây mất đoàn kết nội bộ nghiêm trọng, bị án về tội tham nhũng, tội nghiêm "
        "trọng trở lên.",
    ),
)


def add_rules(apps, schema_editor):
    """Where a key has any row it is left alone: what the Organisation Board edited stays."""
    rule = apps.get_model("cells", "Rule")
    known = set(rule.objects.values_list("key", flat=True))
    ends = [start for start, _ in CHAIN[1:]] + [None]
    for key, value, confidences, text in RULES:
        if key in known:
            continue
        for (start, document), stop, confidence in zip(CHAIN, ends, confidences, strict=True):
            rule.objects.create(
                key=key, value=value, document=document, text=text, confidence=confidence, from_day=start, to_day=stop
            )


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0011_introducer_rules"),
    ]

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
                    ("introducer_count", "Số người giới thiệu (Ban Chấp hành Đoàn hoặc Công đoàn tính là một)"),
                    (
                        "introducer_months",
                        "Người giới thiệu cùng công tác, lao động, học tập hoặc cư trú với người vào Đảng ít nhất",
                    ),
                    ("readmission_months", "Xét kết nạp lại, kể từ khi ra khỏi Đảng, ít nhất"),
                    ("vote_minimum", "Số đảng viên chính thức ít nhất để chi bộ biểu quyết được"),
                    ("branch_vote_share", "Phần phải tán thành khi chi bộ biểu quyết kết nạp, công nhận, xóa tên"),
                    ("committee_vote_share", "Phần phải tán thành khi đảng ủy cơ sở biểu quyết đề nghị"),
                    (
                        "recognition_attempts",
                        "Số lần chi bộ biểu quyết công nhận không đủ thì báo cáo cấp trên quyết định",
                    ),
                    ("recognition_takes_effect", "Là đảng viên chính thức từ ngày"),
                    ("committee_minimum", "Số đảng viên ít nhất của một đảng bộ cơ sở"),
                    ("group_threshold", "Số đảng viên từ đó chi bộ sinh hoạt theo tổ đảng"),
                    ("certificate_months", "Chứng nhận lớp nhận thức về Đảng có giá trị trong"),
                    ("dossier_months", "Thẩm tra lý lịch, nghị quyết chi bộ có giá trị trong"),
                    ("decision_days", "Ra quyết định kết nạp, kể từ nghị quyết chi bộ"),
                    ("decision_extension_days", "Gia hạn ra quyết định kết nạp, nhiều nhất"),
                    ("ceremony_days", "Tổ chức lễ kết nạp"),
                    ("ceremony_counts_from", "Hạn tổ chức lễ kết nạp tính từ ngày"),
                    ("member_file_days", "Hoàn thành lý lịch đảng viên, kể từ lễ kết nạp"),
                    ("recognition_review_days", "Chi bộ xét công nhận chính thức, kể từ khi hết dự bị"),
                    ("recognition_decision_days", "Ra quyết định công nhận, kể từ nghị quyết chi bộ"),
                    ("recognition_extension_days", "Gia hạn ra quyết định công nhận, nhiều nhất"),
                ],
                max_length=60,
                verbose_name="quy định",
            ),
        ),
        # Backwards the rows stay, as in 0002.
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
