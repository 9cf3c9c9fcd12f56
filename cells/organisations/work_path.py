"""The works on the structure as words in an address."""

from __future__ import annotations

from cells.organisations.models import Operation

Work = Operation.Work

SLUGS = {
    Work.FOUND: "thanh-lap",
    Work.JOIN: "tiep-nhan",
    Work.RENAME: "doi-ten",
    Work.CHANGE_KIND: "doi-loai",
    Work.MOVE: "chuyen",
    Work.SPLIT: "chia-tach",
    Work.MERGE: "sap-nhap",
    Work.DISSOLVE: "giai-the",
    Work.LEAVE: "chuyen-ra",
}
_WORKS = {slug: work for work, slug in SLUGS.items()}


class WorkPath:
    """URL converter: `sap-nhap` in the address is `Operation.Work.MERGE` in the view."""

    regex = "|".join(sorted(SLUGS.values(), key=len, reverse=True))

    def to_python(self, value: str) -> Operation.Work:
        return _WORKS[value]

    def to_url(self, value: str) -> str:
        return SLUGS[Work(value)]
