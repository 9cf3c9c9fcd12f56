"""The legal times of admission and recognition under each regulation (`domain.md` §1.1, §1.2, §1.4)."""

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
NOT_FOUND = " Chưa tìm thấy quy định mới về việc này; tạm theo quy định trước."

DECISION = (
    "Trong 60 ngày làm việc kể từ ngày chi bộ ra nghị quyết đề nghị, cấp ủy có thẩm quyền xét, quyết định kết nạp "
    "và thông báo kết quả, kể cả khi không kết nạp."
)
DECISION_MORE = "Trường hợp đặc biệt được gia hạn, nhưng không quá 30 ngày làm việc."
RECEIVED = (
    "Chi bộ tổ chức lễ kết nạp trong 30 ngày làm việc kể từ ngày nhận được quyết định; chậm hơn phải được cấp ủy "
    "cấp trên trực tiếp đồng ý."
)
ISSUED = "Chi bộ tổ chức lễ kết nạp trong 30 ngày làm việc kể từ ngày cấp ủy có thẩm quyền ra quyết định."
MEMBER_FILE = "Trong 30 ngày làm việc kể từ lễ kết nạp, đảng viên mới hoàn thành lý lịch đảng viên."
REVIEW = "Trong 30 ngày làm việc kể từ khi hết 12 tháng dự bị, chi bộ xét đề nghị công nhận đảng viên chính thức."
RECOGNITION = (
    "Trong 30 ngày làm việc kể từ nghị quyết đề nghị của chi bộ, cấp ủy có thẩm quyền xét, quyết định công nhận."
)
CERTIFICATE = (
    "Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng có giá trị 60 tháng; quá thời hạn đó thì phải học lại trước "
    "khi chi bộ xét."
)
DOSSIER = (
    "Thẩm tra lý lịch, nghị quyết của chi bộ quá 12 tháng mà chưa kết nạp thì bổ sung lý lịch, thẩm tra, giới thiệu, "
    "lấy ý kiến và ra nghị quyết lại."
)

# key → (value, words, confidence) under each regulation of CHAIN
CLOCKS = {
    "certificate_months": [("60", CERTIFICATE, mark) for mark in "MRRRM"],
    "dossier_months": [("12", DOSSIER, "M")] * 5,
    "decision_days": [("60", DECISION, mark) for mark in "MPPM"] + [("60", DECISION + NOT_FOUND, "M")],
    "decision_extension_days": [("30", DECISION_MORE, mark) for mark in "MPPM"]
    + [("30", DECISION_MORE + NOT_FOUND, "M")],
    "ceremony_days": [("30", RECEIVED, mark) for mark in "MPPP"] + [("30", ISSUED, "R")],
    "ceremony_counts_from": [("received", RECEIVED, mark) for mark in "MPPP"] + [("issued", ISSUED, "R")],
    "member_file_days": [("30", MEMBER_FILE, mark) for mark in "MRRRM"],
    "recognition_review_days": [("30", REVIEW, mark) for mark in "MPPPM"],
    "recognition_decision_days": [("30", RECOGNITION, mark) for mark in "MPPP"]
    + [("30", RECOGNITION + NOT_FOUND, "M")],
    "recognition_extension_days": [("30", DECISION_MORE, mark) for mark in "MPPP"]
    + [("30", DECISION_MORE + NOT_FOUND, "M")],
}


def add_clocks(apps, schema_editor):
    """Where a key has any row it is left alone: what the Organisation Board edited stays."""
    rule = apps.get_model("cells", "Rule")
    known = set(rule.objects.values_list("key", flat=True))
    ends = [start for start, _ in CHAIN[1:]] + [None]
    for key, versions in CLOCKS.items():
        if key in known:
            continue
        for (start, document), stop, (value, text, confidence) in zip(CHAIN, ends, versions, strict=True):
            rule.objects.create(
                key=key, value=value, document=document, text=text, confidence=confidence, from_day=start, to_day=stop
            )


class Migration(migrations.Migration):
    dependencies = [("cells", "0009_working_calendar")]

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
        migrations.AddField(
            model_name="user",
            name="digest_on",
            field=models.DateField(editable=False, null=True, verbose_name="ngày gửi thư nhắc việc gần nhất"),
        ),
        # Backwards the rows stay, as in 0002.
        migrations.RunPython(add_clocks, migrations.RunPython.noop),
    ]
