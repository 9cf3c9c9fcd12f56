"""The keys of the dated rules: what each is called and which values it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A whole number of `unit`, one of `options`, or a `share` of `unit` as two whole numbers (`2/3`)."""

    code: str
    title: str
    unit: str = ""
    options: tuple[str, ...] = ()
    share: bool = False


KEYS = {
    key.code: key
    for key in (
        Key("admission_age_min", "Tuổi thấp nhất khi chi bộ xét kết nạp", "tuổi"),
        Key("admission_age_max", "Tuổi cao nhất khi chi bộ xét kết nạp (trên tuổi này phải xin ý kiến)", "tuổi"),
        Key("admission_age_unit", "Tuổi khi chi bộ xét được tính theo", options=("month", "day")),
        Key("probation_months", "Thời gian dự bị", "tháng"),
        Key(
            "admission_counts_on",
            "Kết nạp được tính vào ngày",
            options=("decision", "ceremony"),
        ),
        Key(
            "fostering_counts",
            "Bồi dưỡng tạo nguồn được tính theo",
            options=("sympathiser_list", "certificate"),
        ),
        Key(
            "introducer_count",
            "Số người giới thiệu (Ban Chấp hành Đoàn hoặc Công đoàn tính là một)",
            "người giới thiệu",
        ),
        Key(
            "introducer_months",
            "Người giới thiệu cùng công tác, lao động, học tập hoặc cư trú với người vào Đảng ít nhất",
            "tháng",
        ),
        Key("readmission_months", "Xét kết nạp lại, kể từ khi ra khỏi Đảng, ít nhất", "tháng"),
        Key("vote_minimum", "Số đảng viên chính thức ít nhất để chi bộ biểu quyết được", "đảng viên chính thức"),
        Key(
            "branch_vote_share",
            "Phần phải tán thành khi chi bộ biểu quyết kết nạp, công nhận, xóa tên",
            "tổng số đảng viên chính thức",
            share=True,
        ),
        Key(
            "committee_vote_share",
            "Phần phải tán thành khi đảng ủy cơ sở biểu quyết đề nghị",
            "tổng số cấp ủy viên",
            share=True,
        ),
        Key(
            "recognition_attempts",
            "Số lần chi bộ biểu quyết công nhận không đủ thì báo cáo cấp trên quyết định",
            "lần biểu quyết",
        ),
        Key(
            "recognition_takes_effect",
            "Là đảng viên chính thức từ ngày",
            options=("probation_end", "recognition_decision"),
        ),
        Key("committee_minimum", "Số đảng viên ít nhất của một đảng bộ cơ sở", "đảng viên"),
        Key("group_threshold", "Số đảng viên từ đó chi bộ sinh hoạt theo tổ đảng", "đảng viên"),
        Key("certificate_months", "Chứng nhận lớp nhận thức về Đảng có giá trị trong", "tháng"),
        Key("dossier_months", "Thẩm tra lý lịch, nghị quyết chi bộ có giá trị trong", "tháng"),
        Key("decision_days", "Ra quyết định kết nạp, kể từ nghị quyết chi bộ", "ngày làm việc"),
        Key("decision_extension_days", "Gia hạn ra quyết định kết nạp, nhiều nhất", "ngày làm việc"),
        Key("ceremony_days", "Tổ chức lễ kết nạp", "ngày làm việc"),
        Key("ceremony_counts_from", "Hạn tổ chức lễ kết nạp tính từ ngày", options=("received", "issued")),
        Key("member_file_days", "Hoàn thành lý lịch đảng viên, kể từ lễ kết nạp", "ngày làm việc"),
        Key("recognition_review_days", "Chi bộ xét công nhận chính thức, kể từ khi hết dự bị", "ngày làm việc"),
        Key("recognition_decision_days", "Ra quyết định công nhận, kể từ nghị quyết chi bộ", "ngày làm việc"),
        Key("recognition_extension_days", "Gia hạn ra quyết định công nhận, nhiều nhất", "ngày làm việc"),
    )
}
CHOICES = [(key.code, key.title) for key in KEYS.values()]


def problem(code: str, value: str) -> str:
    """What is wrong with `value` for the rule `code`, in Vietnamese; "" if nothing."""
    key = KEYS.get(code)
    if key is None:
        return "Không có quy định này."
    if key.options:
        return "" if value in key.options else f"Chỉ nhận một trong các giá trị: {', '.join(key.options)}."
    if key.share:
        return "" if _is_share(value) else f"Phải là một phần của {key.unit}, như 2/3."
    return "" if value.isascii() and value.isdigit() else f"Phải là số nguyên ({key.unit})."


def _is_share(value: str) -> bool:
    numbers = value.split("/")
    if len(numbers) != 2 or not all(number.isascii() and number.isdigit() for number in numbers):
        return False
    return 0 < int(numbers[0]) <= int(numbers[1])
