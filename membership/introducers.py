"""Which kind of organisation introduced a candidate, told from its name as people write it (C23).

«Đoàn phường X», «BCH Chi đoàn 3», «CĐ Công ty Y»: a list of candidates holds the same organisation in many spellings.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cells import vietnamese

OTHER, UNKNOWN = "other", "unknown"

#: kind → what it is called
INTRODUCERS = {
    "trade_union": "Công đoàn",
    "student_union": "Hội Sinh viên, Hội Liên hiệp Thanh niên",
    "youth_union": "Đoàn Thanh niên",
    "front": "Mặt trận Tổ quốc",
    "women": "Hội Liên hiệp Phụ nữ",
    "farmers": "Hội Nông dân",
    "veterans": "Hội Cựu chiến binh",
    "party": "Chi bộ, cấp ủy",
    OTHER: "Tổ chức khác",
    UNKNOWN: "Không rõ",
}

#: kind → its names in the folded text; a «đoàn» that is a unit of the army or a company is none
_NAMES = {
    "trade_union": r"(?:doan vien )?cong doan|nghiep doan|lien doan lao dong|ldld|cdcs|^cd",
    "student_union": r"hoi sinh vien|(?:hoi )?lien hiep thanh nien|(?:hoi )?lhtn",
    "youth_union": r"(?<!lien )(?<!su )(?<!trung )(?<!tieu )(?<!lu )(?<!tap )(?<!binh )doan|tncs|dtn",
    "front": r"(?:uy ban |ub)?(?:mat tran|mttq)",
    "women": r"(?:hoi )?(?:lien hiep |lh)?(?:phu nu|pn)|lhpn",
    "farmers": r"(?:hoi )?nong dan|hnd",
    "veterans": r"(?:hoi )?(?:cuu chien binh|ccb)",
    "party": r"chi bo|chi uy|dang uy|dang bo|cap uy",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{names})\b") for kind, names in _NAMES.items()}


@lru_cache(maxsize=4096)
def kind_of(name: str) -> str:
    """The key of INTRODUCERS for a name as written: the organisation named first; UNKNOWN where there is none."""
    folded = vietnamese.fold(name)
    if not folded:
        return UNKNOWN
    found = {kind: match.start() for kind, pattern in _PATTERNS.items() if (match := pattern.search(folded))}
    return min(found, key=lambda kind: found[kind]) if found else OTHER
