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
        None,  # how long it is good is a rule of its own
        "PPRM",
        "Có giá trị theo quy định về chứng nhận (60 tháng kể từ ngày cấp); quá thời hạn đó thì học lại trước khi chi bộ xét.",
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
        "introducers",
        "Người giới thiệu",
        "",
        "branch_resolved",
        "always",
        None,
        "PPRM",
        "Hai đảng viên chính thức cùng công tác, lao động, học tập hoặc cư trú với người vào Đảng ít nhất 12 tháng; nơi "
        "có Ban Chấp hành Đoàn hoặc Công đoàn giới thiệu thì một đảng viên chính thức. Người giới thiệu chuyển đi, bị kỷ "
        "luật thì chi bộ phân công đảng viên chính thức khác, không tính 12 tháng.",
    ),
    (
        "verification_replies",
        "Trả lời thẩm tra",
        "",
        "branch_resolved",
        "relatives",
        None,
        "PPRM",
        "Nơi được hỏi về người vào Đảng và người thân đã trả lời, nội dung chưa rõ đã được làm rõ.",
    ),
    (
        "residence_opinion",
        "Ý kiến nhận xét của chi ủy nơi cư trú",
        "",
        "branch_resolved",
        "lives_elsewhere",
        12,
        "PPPM",
        "Người cư trú ngoài địa bàn chi bộ thì chi ủy lấy ý kiến nhận xét của chi ủy (chi bộ) nơi cư trú.",
    ),
    (
        "branch_resolution",
        "Nghị quyết đề nghị kết nạp của chi bộ",
        "6-KNĐ",
        "decided",
        "always",
        12,
        "RRRM",
        "Quá 12 tháng mà chưa kết nạp thì chi bộ ra nghị quyết lại: bổ sung lý lịch, thẩm tra, giới thiệu, nhận xét.",
    ),
    (
        "committee_resolution",
        "Nghị quyết đề nghị kết nạp của đảng ủy cơ sở",
        "8-KNĐ",
        "decided",
        "base_committee",
        12,
        "RRRM",
        "Quá 12 tháng mà chưa kết nạp thì đảng ủy cơ sở ra nghị quyết lại sau chi bộ.",
    ),
    (
        "age_consent",
        "Văn bản đồng ý của ban thường vụ cấp ủy trực thuộc Trung ương",
        "",
        "decided",
        "over_age",
        None,
        "PPPM",
        "Người trên tuổi quy định có sức khỏe, uy tín, ở nơi chưa có tổ chức đảng, chưa có đảng viên hoặc do yêu cầu đặc "
        "biệt; phải được đồng ý bằng văn bản trước khi ra quyết định.",
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
    (
        "new_member_certificate",
        "Giấy chứng nhận học lớp bồi dưỡng đảng viên mới",
        "",
        "recognition",
        "always",
        None,
        "PPPM",
        "Đảng viên dự bị học lớp bồi dưỡng đảng viên mới trước khi được xét công nhận chính thức.",
    ),
    (
        "self_review",
        "Bản tự kiểm điểm của đảng viên dự bị",
        "10-KNĐ",
        "recognition",
        "always",
        None,
        "PPPM",
        "Sau 12 tháng dự bị, đảng viên dự bị viết bản tự kiểm điểm.",
    ),
    (
        "helper_review",
        "Bản nhận xét đảng viên dự bị của người giúp đỡ",
        "11-KNĐ",
        "recognition",
        "always",
        None,
        "PPPM",
        "Đảng viên được phân công giúp đỡ nhận xét đảng viên dự bị.",
    ),
    (
        "probation_opinions",
        "Tổng hợp ý kiến nhận xét đối với đảng viên dự bị",
        "12-KNĐ",
        "recognition",
        "always",
        None,
        "PPPM",
        "Chi ủy lấy ý kiến đoàn thể nơi làm việc và chi ủy nơi cư trú, rồi tổng hợp.",
    ),
)


#: until when a paper must hold, where it is not the decision
UNTIL = dict.fromkeys(("certificate", "introducers", "verification_replies"), "branch_resolved") | {
    code: "recognition" for code, _, _, stage, *_ in PAPERS if stage == "recognition"
}

# What another guidance says otherwise: (code, place in GUIDANCE) → values.
DIFFERS = {
    ("education", 3): {
        "name": "Xác nhận hoàn thành chương trình giáo dục trung học cơ sở trở lên",
        "text": "Hoàn thành chương trình giáo dục bậc trung học cơ sở trở lên; trường hợp ngoại lệ (miền núi, hải đảo, dân "
        "tộc thiểu số…) thì cấp ủy có thẩm quyền cho qua, ghi lý do.",
    },
}


def seed(apps, schema_editor):
    rule = apps.get_model("membership", "PaperRule")
    known = set(rule.objects.values_list("code", flat=True))
    last = len(GUIDANCE) - 1
    rule.objects.bulk_create(
        rule(
            **{
                "code": code,
                "name": name,
                "form": form,
                "stage": stage,
                "condition": condition,
                "until": UNTIL.get(code, "decided"),
                "valid_months": months,
                "order": order,
                "document": document,
                "text": text,
                "confidence": confidence[place],
                "from_day": from_day,
                "to_day": None if place == last else GUIDANCE[place + 1][0],
            }
            | DIFFERS.get((code, place), {})
        )
        for order, (code, name, form, stage, condition, months, confidence, text) in enumerate(PAPERS)
        if code not in known
        for place, (from_day, document) in enumerate(GUIDANCE)
    )


class Migration(migrations.Migration):
    dependencies = [("membership", "0008_around")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
