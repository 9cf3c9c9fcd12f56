"""How clocks are called on screen, and the words of the addresses of milestones."""

from __future__ import annotations

from membership.deadlines.models import DUTIES, VALIDITIES, Kind, Milestone

SLUGS = {
    Milestone.What.CERTIFICATE: "chung-nhan-moi",
    Milestone.What.RECEIVED: "nhan-quyet-dinh",
    Milestone.What.MEMBER_FILE: "ly-lich",
}
#: what is extended, where «Gia hạn» goes before it
EXTENDED = {Kind.DECISION: "quyết định kết nạp", Kind.RECOGNITION: "quyết định công nhận chính thức"}


def title(kind: str) -> str:
    """«Hạn tổ chức lễ kết nạp», «Chứng nhận lớp nhận thức còn giá trị đến hết»."""
    label = Kind(kind).label
    if kind in DUTIES:
        return f"Hạn {label}"
    upper = f"{label[:1].upper()}{label[1:]}"
    return f"{upper} đến hết" if kind in VALIDITIES else upper
