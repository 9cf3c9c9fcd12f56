"""Workbooks for tests, written by openpyxl (another hand than the product's), and their import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from cells.sheets.load import Report, import_workbook

TODAY = dt.date(2024, 10, 15)

TO_CHUC = (
    "Mã tổ chức",
    "Tên tổ chức",
    "Mã cấp trên",
    "Loại tổ chức",
    "Loại hình",
    "Ngày thành lập",
    "Số quyết định",
    "Lý do",
)
SAP_XEP = (
    "Ngày",
    "Việc",
    "Mã tổ chức",
    "Mã tổ chức liên quan",
    "Tên mới",
    "Loại mới",
    "Loại hình mới",
    "Số quyết định",
    "Lý do",
)
BASES = ("Mã tổ chức", "Năm", "Tổng số đảng viên", "Chính thức", "Dự bị", "Nữ")
QUOTAS = (
    "Mã tổ chức",
    "Năm",
    "Chỉ tiêu kết nạp",
    "Chỉ tiêu bồi dưỡng",
    "Còn nguồn",
    "Lý do hết nguồn",
    "Số quyết định",
    "Ngày",
    "Lý do điều chỉnh",
)
RESULTS = (
    "Mã tổ chức",
    "Năm",
    "Tháng",
    "Kết nạp",
    "Kết nạp lại",
    "Bồi dưỡng",
    "Công nhận chính thức",
    "Chuyển đến",
    "Chuyển đi",
)
MEMBERS = (
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Dân tộc",
    "Tôn giáo",
    "Mã tổ chức",
    "Ngày quyết định kết nạp",
    "Ngày lễ kết nạp",
    "Ngày chính thức",
    "Trạng thái",
    "Ngày thay đổi",
    "Nơi chuyển đến",
)
CANDIDATES = (
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Dân tộc",
    "Tôn giáo",
    "Mã tổ chức",
    "Ngày giới thiệu",
    "Tổ chức giới thiệu",
    "Diện",
    "Trình độ học vấn",
    "Nghề nghiệp",
    "Giai đoạn",
    "Ngày đạt giai đoạn",
    "Số chứng nhận lớp nhận thức",
    "Ngày cấp chứng nhận",
    "Người giúp đỡ",
    "Người giới thiệu 1",
    "Người giới thiệu 2",
)
HEADERS = {
    "To chuc": TO_CHUC, "Sap xep": SAP_XEP, "So lieu dau nam": BASES, "Chi tieu": QUOTAS, "Ket qua": RESULTS,
    "Dang vien": MEMBERS, "Quan chung": CANDIDATES,
}  # fmt: skip

#: A small city: a top, a base committee with two branches, a base branch.
CITY = (
    ("TU", "Đảng bộ thành phố Ví Dụ", None, "đảng bộ thành phố"),
    ("A", "Đảng bộ phường Một", "TU", "đảng bộ cơ sở", "xã, phường"),
    ("A.1", "Chi bộ khu phố 1", "A", "chi bộ", "thôn, khu phố"),
    ("A.2", "Chi bộ khu phố 2", "A", "chi bộ", "thôn, khu phố"),
    ("B", "Chi bộ Tòa án", "TU", "chi bộ cơ sở", "cơ quan"),
)

Rows = Sequence[Sequence[Any]]


def write(path: Path, sheets: Mapping[str, Rows], *, headers: bool = True) -> Path:
    """A workbook with these rows, each sheet under its own header unless `headers` is off."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        if headers:
            page.append(HEADERS[name])
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


class Door:
    """Imports what a test writes, and says what came of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / "import.xlsx"

    def __call__(
        self, sheets: Mapping[str, Rows], *, headers: bool = True, today: dt.date = TODAY, **options: Any
    ) -> Report:
        write(self.path, sheets, headers=headers)
        return import_workbook(self.path, actor=None, today=today, **options)

    def city(self) -> Report:
        report = self({"To chuc": CITY})
        assert not report.refusals, report.refusals
        return report


def said(report: Report) -> list[str]:
    return [str(refusal) for refusal in report.refusals]


def counts(report: Report, sheet: str) -> tuple[int, int, int, int]:
    """New, changed, unchanged and refused rows of a sheet."""
    tally = next(tally for tally in report.tallies if tally.sheet == sheet)
    new, changed, unchanged, refused = (int(part.split()[0].replace(".", "")) for part in str(tally).split(", "))
    return new, changed, unchanged, refused
