"""The papers of a dossier, as they come with the product (`domain.md` §1.2, §1.3, §1.4).

Rows are added where their code has none and never changed: what the Organisation Board edited stays.
"""

import datetime as dt

from django.db import migrations

ALWAYS = dt.date(1, 1, 1)

# The guidance that names the forms, each from its first day until the next; confidence of the names under each.
GUIDANCE = (
    (ALWAYS, "Hướng dẫn số 01-HD/TW ngày 20/9/2016; Hướng dẫn số 09-HD/BTCTW ngày 05/6/2017"),
    (dt.date(2021, 9, 28), "Hướng dẫn số 01-HD/TW ngày 28/9/2021; Hướng dẫn số 12-HD/BTCTW ngày 17/5/2022"),
    (dt.date(2025, 7, 1), "Hướng dẫn số 06-HD/TW, thi hành Quy định số 294-QĐ/TW"),
    (dt.date(2026, 7, 26), "Hướng dẫn số 01-HD/TW ngày 19/5/2026, thi hành Quy định số 208-QĐ/TW"),
)

# code, name, form, stage it must be there for, condition, months it holds, confidence under each guidance, words
PAPERS = (
    (
        "certificate",
        "Giấy chứng nhận học lớp bồi dưỡng nhận thức về Đảng",
        "CN-NTVĐ",
        "dossier",
        "always",
        60,
        "PPRM",
        "Có giá trị 60 tháng kể từ ngày cấp; quá thời hạn đó thì học lại trước khi chi bộ xét.",
    ),
    (
        "application",
        "Đơn xin vào Đảng",
        "1-KNĐ",
        "branch_resolved",
        "always",
        None,
        "PPPM",
        "Người vào Đảng tự viết tay, trước khi khai lý lịch.",
    ),
    (
        "life_history",
        "Lý lịch của người xin vào Đảng",
        "2-KNĐ",
        "branch_resolved",
        "always",
        None,
        "PPPM",
        "Người vào Đảng tự khai, chịu trách nhiệm về nội dung đã khai.",
    ),
    (
        "verification",
        "Kết luận thẩm tra lý lịch của cấp ủy",
        "",
        "branch_resolved",
        "always",
        12,
        "PPRM",
        "Thẩm tra người vào Đảng và người thân; cha, mẹ, anh chị em ruột, con đẻ là đảng viên đã khai đủ thì không phải "
        "thẩm tra. Quá 12 tháng mà chưa kết nạp thì thẩm tra bổ sung.",
    ),
    (
        "introduction",
        "Giấy giới thiệu của đảng viên chính thức",
        "3-KNĐ",
        "branch_resolved",
        "always",
        12,
        "PPPM",
        "Hai đảng viên chính thức; nơi có tổ chức Đoàn hoặc Công đoàn giới thiệu thì một đảng viên chính thức.",
    ),
    (
        "youth_union_resolution",
        "Nghị quyết giới thiệu đoàn viên ưu tú vào Đảng",
        "4-KNĐ",
        "branch_resolved",
        "youth_union",
        12,
        "PPPM",
        "Ban chấp hành Đoàn cơ sở giới thiệu đoàn viên trong tuổi thanh niên.",
    ),
    (
        "trade_union_resolution",
        "Nghị quyết giới thiệu đoàn viên công đoàn vào Đảng",
        "4A-KNĐ",
        "branch_resolved",
        "trade_union",
        12,
        "PPPM",
        "Ban chấp hành Công đoàn cơ sở giới thiệu; người đã có Đoàn giới thiệu thì không cần.",
    ),
    (
        "opinions",
        "Tổng hợp ý kiến nhận xét của tổ chức chính trị - xã hội và chi ủy nơi cư trú",
        "5-KNĐ",
        "branch_resolved",
        "always",
        12,
        "PPPM",
        "Chi ủy lấy ý kiến tổ chức chính trị - xã hội mà người vào Đảng là thành viên và chi ủy nơi cư trú, rồi tổng hợp.",
    ),
    (
        "transcript",
        "Bảng điểm, kết quả học tập gần nhất",
        "",
        "branch_resolved",
        "student",
        None,
        "MMMM",
        "Học sinh, sinh viên nộp kết quả học tập gần nhất.",
    ),
    (
        "education",
        "Bản sao bằng tốt nghiệp trung học cơ sở trở lên",
        "",
        "branch_resolved",
        "always",
        None,
        "PPPR",
        "Có bằng tốt nghiệp trung học cơ sở trở lên; trường hợp ngoại lệ (miền núi, hải đảo, dân tộc thiểu số…) thì cấp "
        "ủy có thẩm quyền cho qua, ghi lý do.",
    ),
    (
        "section_report",
        "Báo cáo thẩm định của đảng ủy bộ phận",
        "7-KNĐ",
        "examined",
        "section_committee",
        None,
        "MMMM",
        "Nơi có đảng ủy bộ phận thì đảng ủy bộ phận thẩm định trước khi đảng ủy cơ sở xét.",
    ),
)


def seed(apps, schema_editor):
    rule = apps.get_model("membership", "PaperRule")
    known = set(rule.objects.values_list("code", flat=True))
    last = len(GUIDANCE) - 1
    rule.objects.bulk_create(
        rule(
            code=code,
            name=name,
            form=form,
            stage=stage,
            condition=condition,
            valid_months=months,
            order=order,
            document=document,
            text=text,
            confidence=confidence[place],
            from_day=from_day,
            to_day=None if place == last else GUIDANCE[place + 1][0],
        )
        for order, (code, name, form, stage, condition, months, confidence, text) in enumerate(PAPERS)
        if code not in known
        for place, (from_day, document) in enumerate(GUIDANCE)
    )


class Migration(migrations.Migration):
    dependencies = [("membership", "0016_papers")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
