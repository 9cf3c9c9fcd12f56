"""The keys of the dated rules: what each is called and which values it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    code: str
    title: str
    unit: str = ""
    options: tuple[str, ...] = ()


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
        Key("vote_minimum", "Số đảng viên chính thức ít nhất để chi bộ biểu quyết được", "đảng viên chính thức"),
        Key("committee_minimum", "Số đảng viên ít nhất của một đảng bộ cơ sở", "đảng viên"),
        Key("group_threshold", "Số đảng viên từ đó chi bộ sinh hoạt theo tổ đảng", "đảng viên"),
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
    return "" if value.isascii() and value.isdigit() else f"Phải là số nguyên ({key.unit})."
