"""Kinds, sectors, strata, reasons and rules, as they come with the product (`workbooks.md`, `domain.md` §1.1).

Rows are added where their code is missing and never changed: what the Organisation Board edited stays.
"""

import datetime as dt

from django.db import migrations

ALWAYS = dt.date(1, 1, 1)  # open at the start

# code, name, other spellings, level, is a committee (đảng bộ). A ward stands at the top since 1/7/2025.
KINDS = (
    ("province", "đảng bộ tỉnh", "", "top", True),
    ("city", "đảng bộ thành phố", "đảng bộ thành phố trực thuộc tỉnh", "top", True),
    ("commune", "đảng bộ xã/phường/đặc khu", "đảng bộ xã; đảng bộ phường; đảng bộ đặc khu", "top", True),
    ("base_committee", "đảng bộ cơ sở", "", "base", True),
    ("subordinate_committee", "đảng bộ trực thuộc cơ sở", "đảng bộ trực thuộc đảng ủy cơ sở", "inner", True),
    ("base_branch", "chi bộ cơ sở", "", "base", False),
    ("section_committee", "đảng bộ bộ phận", "", "inner", True),
    ("branch", "chi bộ", "chi bộ trực thuộc; chi bộ trực thuộc đảng ủy cơ sở", "branch", False),
    ("group", "tổ đảng", "", "group", False),
)

SECTORS = (
    ("village", "thôn, khu phố", "thôn; khu phố; thôn/khu phố; khu dân cư; tổ dân phố"),
    ("ward", "xã, phường", "xã; phường; xã/phường; thị trấn"),
    ("private_economy", "đơn vị kinh tế tư nhân", "kinh tế tư nhân; doanh nghiệp tư nhân"),
    ("state_enterprise", "doanh nghiệp nhà nước", "DNNN"),
    ("foreign_enterprise", "doanh nghiệp có vốn nước ngoài", "doanh nghiệp có vốn đầu tư nước ngoài; FDI"),
    ("cooperative", "hợp tác xã", "HTX"),
    ("agency", "cơ quan", "cơ quan hành chính"),
    ("public_service", "đơn vị sự nghiệp", "sự nghiệp; đơn vị sự nghiệp công lập"),
    ("school", "trường học", "trường"),
    ("health", "y tế", "cơ sở y tế; trạm y tế; bệnh viện"),
    ("military", "quân sự", "chi bộ quân sự"),
    ("police", "công an", "chi bộ công an"),
)

STRATA = (
    ("intellectual", "trí thức", ""),
    ("entrepreneur", "doanh nhân, chủ doanh nghiệp tư nhân", "doanh nhân; chủ doanh nghiệp tư nhân; chủ doanh nghiệp"),
    ("industrial_worker", "công nhân", ""),
    ("private_sector_worker", "người lao động khu vực tư nhân", "lao động khu vực tư nhân"),
    ("education_staff", "viên chức giáo dục", "giáo viên"),
    ("health_staff", "viên chức y tế", ""),
    ("civil_servant", "cán bộ, công chức", "cán bộ; công chức; cán bộ công chức"),
    ("armed_forces", "lực lượng vũ trang", "LLVT"),
    ("discharged_soldier", "quân nhân xuất ngũ", "bộ đội xuất ngũ"),
    ("reservist", "dự bị động viên", "DBĐV"),
    ("militia", "dân quân tự vệ", "DQTV; dân quân"),
    ("religious", "người theo tôn giáo", "người có đạo"),
    ("ethnic_minority", "dân tộc thiểu số", "DTTS; người dân tộc thiểu số"),
    ("student", "sinh viên", ""),
    ("pupil", "học sinh", ""),
    ("youth_union_member", "đoàn viên", "đoàn viên thanh niên; đoàn viên TNCS HCM"),
    ("trade_union_member", "đoàn viên công đoàn", "công đoàn viên"),
    ("resident", "cư dân thôn, khu phố", "cư dân; cư dân thôn; cư dân khu phố"),
)

EXIT_REASONS = (
    ("unqualified", "không còn đủ tiêu chuẩn", "không đủ tiêu chuẩn"),
    ("withdrew", "tự nguyện thôi", "xin thôi; tự xin thôi"),
    ("moved_away", "chuyển đi nơi khác", "chuyển đi; chuyển nơi cư trú; chuyển công tác"),
    ("over_age", "quá tuổi", ""),
    ("political_standard", "không đạt tiêu chuẩn chính trị", ""),
    ("deceased", "mất", "từ trần; qua đời"),
    ("other", "lý do khác", "khác"),
    ("unknown", "không rõ", "không ghi lý do; chưa rõ"),
)

# The regulations on implementing the Party Statute, each from its first day until the next.
CHAIN = (
    (ALWAYS, "Quy định số 29-QĐ/TW ngày 25/7/2016"),
    (dt.date(2021, 7, 30), "Quy định số 24-QĐ/TW ngày 30/7/2021"),
    (dt.date(2025, 1, 20), "Quy định số 232-QĐ/TW ngày 20/01/2025"),
    (dt.date(2025, 7, 1), "Quy định số 294-QĐ/TW ngày 26/5/2025, hiệu lực 01/7/2025"),
    (dt.date(2026, 7, 26), "Quy định số 208-QĐ/TW ngày 26/7/2026"),
)

# key, value, confidence under each regulation of CHAIN, words
RESTATED = (
    (
        "admission_age_min",
        "18",
        "MPPPR",
        "Tại thời điểm chi bộ xét kết nạp, người vào Đảng phải đủ 18 tuổi.",
    ),
    (
        "admission_age_max",
        "60",
        "MPPPR",
        "Tại thời điểm chi bộ xét kết nạp, người vào Đảng từ 18 đến đủ 60 tuổi. Trên 60 tuổi do cấp ủy trực thuộc "
        "Trung ương xem xét, ban thường vụ đồng ý bằng văn bản trước khi ra quyết định.",
    ),
    (
        "admission_age_unit",
        "month",
        "MPPPR",
        "Tuổi khi chi bộ xét kết nạp được tính theo tháng.",
    ),
    (
        "probation_months",
        "12",
        "PPPPM",
        "Người được kết nạp trải qua thời gian dự bị 12 tháng, tính từ ngày chi bộ tổ chức lễ kết nạp (Điều lệ Đảng, Điều 5).",
    ),
)

# Where no document was found: our reading, to be confirmed.
OUR_READING = (
    (
        "admission_counts_on",
        "decision",
        "Chưa tìm thấy văn bản quy định; cách tính đề xuất",
        "Người được kết nạp tính vào số kết nạp, sổ đảng viên và số đầu năm từ ngày ký quyết định kết nạp; "
        "thời gian dự bị vẫn tính từ ngày lễ kết nạp.",
    ),
    (
        "fostering_counts",
        "sympathiser_list",
        "Chưa tìm thấy văn bản quy định; cách tính đề xuất",
        "Bồi dưỡng tạo nguồn trong năm là số người được chi bộ ra nghị quyết đưa vào danh sách cảm tình Đảng trong năm; "
        "mỗi người tính một lần trong một năm.",
    ),
)


def add_lookups(apps, schema_editor):
    for order, (code, name, aliases, level, has_committee) in enumerate(KINDS, 1):
        values = {"name": name, "aliases": aliases, "order": order, "from_day": ALWAYS}
        apps.get_model("cells", "Kind").objects.get_or_create(
            code=code, defaults=values | {"level": level, "has_committee": has_committee}
        )
    for model, rows in (("Sector", SECTORS), ("Stratum", STRATA), ("ExitReason", EXIT_REASONS)):
        lookup = apps.get_model("cells", model)
        for order, (code, name, aliases) in enumerate(rows, 1):
            values = {"name": name, "aliases": aliases, "order": order, "from_day": ALWAYS}
            lookup.objects.get_or_create(code=code, defaults=values)


def add_rules(apps, schema_editor):
    """Versions of a key are one chain: where the key has any row it is left alone."""
    rule = apps.get_model("cells", "Rule")
    known = set(rule.objects.values_list("key", flat=True))
    ends = [start for start, _ in CHAIN[1:]] + [None]
    for key, value, confidences, text in RESTATED:
        if key in known:
            continue
        for (start, document), stop, confidence in zip(CHAIN, ends, confidences, strict=True):
            rule.objects.create(
                key=key, value=value, document=document, text=text, confidence=confidence, from_day=start, to_day=stop
            )
    for key, value, document, text in OUR_READING:
        if key not in known:
            rule.objects.create(key=key, value=value, document=document, text=text, confidence="M", from_day=ALWAYS)


class Migration(migrations.Migration):
    dependencies = [("cells", "0001_initial")]

    operations = [
        # Backwards the rows stay: others point to them, and a second way forward finds them there.
        migrations.RunPython(add_lookups, migrations.RunPython.noop),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
