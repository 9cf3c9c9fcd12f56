"""Figures that committees published (`domain.md` §4.4), as the product must print them.

`whole` is what the admissions are a percentage of: the start-of-year members ("base") or the quota. Where it was not
published it is null, and `implied` is one integer that prints the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    place: str
    year: int
    admitted: int
    of: str  # base, quota
    percent: str  # as printed, its decimals included
    whole: int | None = None
    implied: int | None = None
    months: int = 12
    rounding: str = "half-up"

    def __str__(self) -> str:
        return f"{self.place} {self.year}"


BOTH = (
    Published("Hải Dương", 2022, 1934, "quota", "87,9", whole=2200),
    Published("Hải Dương", 2019, 1855, "quota", "74,2", whole=2500),
    Published("Đắk Lắk, chỉ tiêu", 2024, 2814, "base", "3,22", whole=87258),
)

ONE = (
    Published("Uông Bí", 2016, 255, "base", "4,4", implied=5795),
    Published("Xuân Lộc", 2017, 358, "base", "7,61", implied=4704),
    Published("Đồng Nai đến tháng 9", 2018, 2270, "base", "2,98", implied=76174, months=9),
    Published("Vĩnh Long", 2020, 111, "quota", "123,33", implied=90),
    Published("Long Mỹ 8 tháng", 2023, 100, "quota", "111", implied=90, months=8, rounding="truncate"),
    Published("Ninh Thuận 6 tháng", 2022, 288, "quota", "35,34", implied=815, months=6),
    Published("Ninh Thuận, đơn vị thứ nhất", 2022, 21, "quota", "105", implied=20, months=6),
    Published("Ninh Thuận, đơn vị thứ hai", 2022, 52, "quota", "50,98", implied=102, months=6),
    Published("Ninh Thuận, đơn vị thứ ba", 2022, 5, "quota", "50", implied=10, months=6),
    Published("Ninh Thuận, đơn vị thứ tư", 2022, 4, "quota", "50", implied=8, months=6),
    Published("Ninh Thuận, đơn vị thứ năm", 2022, 13, "quota", "17,33", implied=75, months=6),
    Published("Hòa Thành", 2020, 100, "quota", "100", implied=100),
    Published("Vũng Liêm", 2017, 245, "quota", "122,5", implied=200),
    Published("Bắc Kạn 9 tháng", 2017, 108, "quota", "120", implied=90, months=9),
    Published("Hải Dương quý I", 2014, 68, "quota", "34", implied=200, months=3),
    Published("Kim Thành", 2024, 162, "quota", "108", implied=150),
    Published("Quảng Ninh (Quảng Bình)", 2016, 267, "quota", "100,8", implied=265),
)

#: part, whole, as printed: what was said of those admitted; where only whole and percentage are known, an implied part.
SHARES = (
    ("Quảng Trị quý I/2024, 18–30 tuổi", 213, 333, "64"),
    ("Hải Dương quý I/2014, nữ", 47, 68, "69"),
    ("Hải Dương quý I/2014, cao đẳng trở lên", 57, 68, "83,8"),
    ("Hải Dương quý I/2014, thanh niên", 44, 68, "64,7"),
    ("Kim Thành 2024, đại học", 107, 162, "66"),
    ("Kim Thành 2024, trung học phổ thông", 29, 162, "18"),
)

#: The city of the resolution: members at the end of 2023, admissions, whether 3,5 % is met.
THRESHOLD = (
    (7894, 276, False),
    (7894, 277, True),
    (200, 7, True),  # exactly 3,5 %
    (201, 7, False),
    (200, 6, False),
)
REQUIRED = ((7894, 277), (200, 7), (201, 8), (1, 1), (100, 4))

#: year, start-of-year members, admitted: rates of 2,20 2,30 2,50 2,60, so a mean of 2,40; pooled 858 ÷ 36.000.
YEARS = ((2020, 10000, 220), (2021, 10000, 230), (2022, 8000, 200), (2023, 8000, 208))
MEAN, POOLED = "2,40", "2,38"
