"""Exceptions of schooling as papers of their own; a resolution that grew too old is made anew, with clocks of its own.

The paper on schooling is asked of whoever comes by the general rule, where the Board has not said otherwise; the two
exceptions ask for theirs (`domain.md` §1.1).
"""

import datetime as dt

from django.db import migrations, models

ALWAYS = dt.date(1, 1, 1)
#: the first day and the document of each guidance; before the last, and the last
GUIDANCE = (
    (ALWAYS, dt.date(2026, 7, 26), "Quy định số 29-QĐ/TW ngày 25/7/2016; Hướng dẫn số 01-HD/TW", "P"),
    (dt.date(2026, 7, 26), None, "Quy định số 208-QĐ/TW ngày 26/7/2026", "M"),
)
PRIMARY = (
    "education_primary",
    "Xác nhận hoàn thành chương trình tiểu học trở lên",
    "branch_resolved",
    "primary",
    "Người ở miền núi, biên giới, hải đảo, vùng dân tộc thiểu số, vùng có điều kiện kinh tế - xã hội đặc biệt khó khăn và "
    "ngư dân làm nghề trên biển: tối thiểu hoàn thành chương trình bậc tiểu học.",
)
#: paper, name, stage, condition, words; and its one document and confidence where it is not that of GUIDANCE
SPECIAL = (
    (
        "clearance",
        "Văn bản của cấp có thẩm quyền về tiêu chuẩn chính trị",
        "decided",
        "clearance",
        "Người có vấn đề cần xem xét về tiêu chuẩn chính trị: cấp ủy có thẩm quyền xem xét, kết luận bằng văn bản trước khi "
        "ra quyết định.",
        dt.date(2022, 2, 8),
        None,
        "Quy định số 58-QĐ/TW ngày 08/2/2022",
        "R",
    ),
    (
        "entrepreneur_opinion",
        "Ý kiến của cấp ủy có thẩm quyền về chủ doanh nghiệp tư nhân",
        "decided",
        "entrepreneur",
        "Kết nạp người là chủ doanh nghiệp tư nhân đủ tiêu chuẩn theo hướng dẫn riêng của Ban Tổ chức Trung ương.",
        dt.date(2021, 9, 27),
        None,
        "Hướng dẫn số 08-HD/BTCTW ngày 27/9/2021",
        "M",
    ),
)
LITERATE = (
    "education_literate",
    "Văn bản đồng ý của ban thường vụ cấp ủy trực thuộc Trung ương về học vấn",
    "decided",
    "literate",
    "Già làng, trưởng bản, người có uy tín ở nơi đặc biệt khó khăn: biết đọc, biết viết chữ quốc ngữ và được ban thường "
    "vụ cấp ủy trực thuộc Trung ương đồng ý bằng văn bản.",
)


#: how a consent above the age stood in the note of the branch's vote until now
CONSENT = "văn bản đồng ý "
#: what the general rule said of exceptions that are rules of their own now
WAS, NOW = (
    "; trường hợp ngoại lệ (miền núi, hải đảo, dân tộc thiểu số…) thì cấp ủy có thẩm quyền cho qua, ghi lý do.",
    "; trường hợp ngoại lệ ghi ở «Học vấn theo quy định» của hồ sơ.",
)


def keep_consents(apps, schema_editor):
    """A consent that a note tells of is a paper now."""
    paper, event = (apps.get_model("membership", name) for name in ("Paper", "StageEvent"))
    noted = event.objects.filter(void=False, note__contains=CONSENT).order_by("candidacy_id", "pk")
    numbers = {step.candidacy_id: step.note.partition(CONSENT)[2].partition(" · ")[0][:60] for step in noted}
    entered = set(paper.objects.filter(code="age_consent", void=False).values_list("candidacy_id", flat=True))
    paper.objects.bulk_create(
        paper(candidacy_id=case, code="age_consent", number=number)
        for case, number in numbers.items()
        if case not in entered
    )


def seed(apps, schema_editor):
    rule = apps.get_model("membership", "PaperRule")
    general = rule.objects.filter(code="education", condition="always")
    for row in general:
        row.condition, row.text = "schooling", row.text.replace(WAS, NOW)
        row.save()
    # the base committee looks at it first: one that grew too old is not examined
    rule.objects.filter(code="branch_resolution", stage="decided").update(stage="examined")
    order = rule.objects.filter(code="education").values_list("order", flat=True).first() or 0
    known = set(rule.objects.values_list("code", flat=True))
    names = ("code", "name", "stage", "condition", "text", "from_day", "to_day", "document", "confidence")
    rows = [(*paper, *guidance) for paper in (PRIMARY, LITERATE) for guidance in GUIDANCE] + list(SPECIAL)
    rule.objects.bulk_create(
        rule(order=order, **dict(zip(names, row, strict=True))) for row in rows if row[0] not in known
    )


class Migration(migrations.Migration):
    dependencies = [("membership", "0009_paper_rules")]
    operations = [
        migrations.AddField(
            model_name="candidacy",
            name="schooling",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "tốt nghiệp trung học cơ sở trở lên"),
                    (
                        "primary",
                        "miền núi, biên giới, hải đảo, dân tộc thiểu số, nơi đặc biệt khó khăn, ngư dân: bậc tiểu học",
                    ),
                    ("literate", "già làng, trưởng bản, người có uy tín: biết đọc, viết chữ quốc ngữ"),
                ],
                default="",
                max_length=8,
                verbose_name="học vấn theo quy định",
            ),
        ),
        migrations.AddField(
            model_name="candidacy",
            name="asks_clearance",
            field=models.BooleanField(default=False, verbose_name="phải xin ý kiến về tiêu chuẩn chính trị"),
        ),
        migrations.AlterField(
            model_name="paperrule",
            name="condition",
            field=models.CharField(
                choices=[
                    ("always", "mọi người"),
                    ("youth_union", "đoàn viên thanh niên"),
                    ("trade_union", "đoàn viên công đoàn, không phải đoàn viên thanh niên"),
                    ("student", "học sinh, sinh viên"),
                    ("entrepreneur", "chủ doanh nghiệp tư nhân"),
                    ("religious", "người theo tôn giáo"),
                    ("over_age", "trên tuổi quy định"),
                    ("relatives", "có gửi thẩm tra"),
                    ("lives_elsewhere", "cư trú ở nơi khác"),
                    ("section_committee", "chi bộ thuộc đảng bộ bộ phận"),
                    ("base_committee", "chi bộ thuộc đảng bộ cơ sở"),
                    ("schooling", "theo quy định chung về học vấn"),
                    ("primary", "ngoại lệ về học vấn: bậc tiểu học"),
                    ("literate", "ngoại lệ về học vấn: biết chữ"),
                    ("clearance", "phải xin ý kiến về tiêu chuẩn chính trị"),
                    ("never", "không ai (thôi yêu cầu)"),
                ],
                default="always",
                max_length=20,
                verbose_name="của ai",
            ),
        ),
        migrations.AlterField(
            model_name="introducer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("member", "đảng viên chính thức"),
                    ("neighbour", "đảng viên chính thức chi bộ khác cùng đảng bộ cơ sở"),
                    ("youth_union", "Ban Chấp hành Đoàn"),
                    ("trade_union", "Ban Chấp hành Công đoàn"),
                ],
                default="member",
                max_length=12,
                verbose_name="ai giới thiệu",
            ),
        ),
        migrations.RemoveConstraint(model_name="extension", name="extension_once_a_case"),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(fields=("candidacy", "kind", "day"), name="extension_once_a_resolution"),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(keep_consents, migrations.RunPython.noop),
    ]
