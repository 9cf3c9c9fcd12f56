"""Invented people: names by sex with the frequencies one meets, and a birth date; never the same pair twice."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from cells import vietnamese


class _Table(NamedTuple):
    words: tuple[str, ...]
    cumulated: tuple[int, ...]


def _table(*weighted: tuple[str, int]) -> _Table:
    """Words with how often each is met, ready for drawing."""
    return _Table(tuple(word for word, _ in weighted), tuple(accumulate(weight for _, weight in weighted)))


def _words(text: str) -> list[str]:
    return text.split()


_SURNAMES = _table(
    ("Nguyễn", 36), ("Trần", 11), ("Lê", 9), ("Phạm", 7), ("Hoàng", 5), ("Vũ", 5), ("Đỗ", 4), ("Bùi", 4), ("Đặng", 3),
    ("Ngô", 2), ("Dương", 2), ("Đinh", 2), ("Phan", 2), ("Đào", 2), ("Đoàn", 2), ("Lương", 1), ("Trịnh", 1), ("Mai", 1),
    ("Hà", 1), ("Tạ", 1), ("Cao", 1), ("Chu", 1), ("Lưu", 1), ("Tô", 1), ("Nghiêm", 1), ("Vương", 1), ("Khổng", 1),
)  # fmt: skip
_MINORITY_SURNAMES = {
    "Tày": ("Nông", "Hoàng", "Vi", "Lý", "Ma", "Hứa"),
    "Dao": ("Triệu", "Bàn", "Tằng", "Chìu", "Đặng", "Phùn"),
    "Sán Dìu": ("Trương", "Từ", "Lục", "Ninh", "Trần"),
    "Hoa": ("Lâm", "Trương", "Quách", "Vòng"),
    "Mường": ("Bùi", "Quách", "Hà", "Đinh"),
}
_MINORITIES = _table(("Tày", 34), ("Dao", 28), ("Sán Dìu", 20), ("Hoa", 10), ("Mường", 8))
_MIDDLE = {
    "Nam": _table(
        ("Văn", 26), ("Đức", 8), ("Quang", 7), ("Minh", 6), ("Xuân", 6), ("Mạnh", 5), ("Công", 5), ("Đình", 5),
        ("Hữu", 5), ("Ngọc", 4), ("Tuấn", 4), ("Thanh", 4), ("Duy", 3), ("Trọng", 3), ("Bá", 2), ("Viết", 2), ("", 2),
    ),
    "Nữ": _table(
        ("Thị", 30), ("Thị Thu", 6), ("Thị Thanh", 6), ("Thị Ngọc", 5), ("Thị Minh", 4), ("Thu", 4), ("Thanh", 4),
        ("Ngọc", 4), ("Thị Kim", 3), ("Phương", 3), ("Thị Hồng", 4), ("Khánh", 2), ("Thùy", 3), ("Bích", 2),
        ("Quỳnh", 2),
    ),
}  # fmt: skip
_GIVEN = {
    "Nam": _words("""
        Hùng Dũng Cường Tuấn Thắng Hải Sơn Long Minh Quân Nam Phong Hiếu Trung Đức Thành Tùng Huy
        Khánh Kiên Việt Tiến Toàn Quang Vinh Bình Chiến Hòa Phúc Lâm Lực Mạnh Nghĩa Nhân Quý Sang
        Tài Tân Thái Thịnh Thọ Thuận Tú Tường Vượng An Bảo Chính Cương Định Đông Giang Hà Hưng Khải
        Kỳ Lợi Luân Nhật Ninh Phú Phương Quyết Trường Ước Viên
    """),
    "Nữ": _words("""
        Hương Lan Hoa Mai Hằng Hạnh Hà Thảo Trang Linh Nga Ngọc Nhung Oanh Phương Phượng Quỳnh Tâm
        Thanh Thu Thủy Thúy Tuyết Vân Yến Anh Ánh Bích Chi Châm Cúc Dung Duyên Đào Giang Hiền Hiếu
        Hoài Hồng Huệ Huyền Khuyên Lệ Liên Loan Lương Ly Mến My Ngân Nguyệt Nhàn Nhài Như Sen Thoa
        Thơm Tình Trâm Trinh Tươi Uyên Xuân
    """),
}
#: People of the Central Highlands who came with their families.
_HIGHLANDERS = (("H'Linh Niê", "Nữ"), ("Y Thuân Mlô", "Nam"), ("H'Duyên Byă", "Nữ"))
_RELIGIONS = _table(("", 960), ("Phật giáo", 24), ("Công giáo", 14), ("Cao Đài", 2))


@dataclass(frozen=True)
class Name:
    text: str
    sex: str
    ethnicity: str
    religion: str


class People:
    """Draws people and remembers them, so that folded name and birth date stay a key."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._seen: set[tuple[str, dt.date]] = set()
        self._highlanders = list(_HIGHLANDERS)
        self._folded: dict[str, str] = {}

    def draw(self, born: dt.date, *, women: float, minority: float) -> Name:
        """Somebody born on `born`; `women` and `minority` are shares of one."""
        while True:
            name = self._name(women, minority)
            key = (self._fold(name.text), born)
            if key not in self._seen:
                self._seen.add(key)
                return name

    def _name(self, women: float, minority: float) -> Name:
        rng = self._rng
        religion = _pick(rng, _RELIGIONS)
        if self._highlanders and rng.random() < 0.001:
            text, sex = self._highlanders.pop()
            return Name(text, sex, "Ê-đê", religion)
        sex = "Nữ" if rng.random() < women else "Nam"
        ethnicity = _pick(rng, _MINORITIES) if rng.random() < minority else "Kinh"
        own = _MINORITY_SURNAMES.get(ethnicity)
        surname = rng.choice(own) if own else _pick(rng, _SURNAMES)
        middle, given = _pick(rng, _MIDDLE[sex]), rng.choice(_GIVEN[sex])
        if middle.endswith(given):
            middle = middle.removesuffix(given).rstrip()  # nobody is called Thanh Thanh
        words = (surname, middle, given)
        return Name(" ".join(word for word in words if word), sex, ethnicity, religion)

    def _fold(self, text: str) -> str:
        if text not in self._folded:
            self._folded[text] = vietnamese.fold(text)
        return self._folded[text]


def _pick(rng: random.Random, table: _Table) -> str:
    return rng.choices(table.words, cum_weights=table.cumulated)[0]
