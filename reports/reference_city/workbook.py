"""The city as the seven sheets a committee would send (`workbooks.md`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from reports.reference_city.records import TODAY, City

Row = Sequence[Any]

_UNIT = ("Mã tổ chức", "Tên tổ chức", "Mã cấp trên", "Loại tổ chức", "Loại hình", "Ngày thành lập", "Số quyết định")
_OPERATION = (
    "Ngày",
    "Việc",
    "Mã tổ chức",
    "Mã tổ chức liên quan",
    "Tên mới",
    "Loại mới",
    "Loại hình mới",
    "Số quyết định",
)
_START = ("Mã tổ chức", "Năm", "Tổng số đảng viên", "Chính thức", "Dự bị", "Nữ")
_QUOTA = (
    "Mã tổ chức", "Năm", "Chỉ tiêu kết nạp", "Chỉ tiêu bồi dưỡng", "Còn nguồn", "Lý do hết nguồn", "Số quyết định",
    "Ngày", "Lý do điều chỉnh",
)  # fmt: skip
_FLOW = (
    "Mã tổ chức", "Năm", "Tháng", "Kết nạp", "Kết nạp lại", "Bồi dưỡng", "Công nhận chính thức", "Chuyển đến",
    "Chuyển đi", "Từ trần", "Xóa tên", "Xin ra", "Khai trừ", "Tiếp nhận theo tổ chức", "Chuyển ra theo tổ chức",
)  # fmt: skip
_MEMBER = (
    "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Tôn giáo", "Mã tổ chức", "Ngày quyết định kết nạp",
    "Ngày lễ kết nạp", "Ngày chính thức", "Trạng thái", "Ngày thay đổi", "Nơi chuyển đến",
)  # fmt: skip
_CANDIDATE = (
    "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Tôn giáo", "Mã tổ chức", "Ngày giới thiệu", "Tổ chức giới thiệu",
    "Diện", "Trình độ học vấn", "Nghề nghiệp", "Giai đoạn", "Ngày đạt giai đoạn", "Số chứng nhận lớp nhận thức",
    "Ngày cấp chứng nhận", "Người giúp đỡ", "Người giới thiệu 1", "Người giới thiệu 2",
)  # fmt: skip
_WIDTHS = {
    "Họ và tên": 26,
    "Tên tổ chức": 44,
    "Lý do hết nguồn": 40,
    "Tổ chức giới thiệu": 36,
    "Diện": 40,
    "Nghề nghiệp": 24,
}


def sheets(city: City) -> Iterator[tuple[str, tuple[str, ...], Iterable[Row]]]:
    """Name, header and rows of every sheet; an empty cell is None or ""."""
    yield "Tổ chức", _UNIT, ((u.code, u.name, u.parent, u.kind, u.sector, u.founded, u.decision) for u in city.units)
    yield "Sắp xếp", _OPERATION, map(_operation, city.operations)
    yield (
        "Số liệu đầu năm",
        _START,
        ((row.code, row.year, row.total, row.full, row.probationary, row.female) for row in city.start_counts),
    )
    yield "Chỉ tiêu", _QUOTA, map(_quota, city.quotas)
    yield "Kết quả", _FLOW, map(_flow, city.flows)
    yield "Đảng viên", _MEMBER, map(_member, city.members)
    yield "Quần chúng", _CANDIDATE, map(_candidate, city.candidates)


def write_city(city: City, target: str | Path | BinaryIO) -> None:
    """Write the workbook to a path or an open binary stream; the same city gives the same bytes."""
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        book.set_properties(
            {"title": city.units[0].name, "comments": "Dữ liệu mẫu, người và nơi đều không có thật.",
             "created": dt.datetime.combine(TODAY, dt.time())}
        )  # fmt: skip
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f6f5f2"})
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, header, rows in sheets(city):
            sheet = book.add_worksheet(title)
            for column, name in enumerate(header):
                sheet.set_column(column, column, _WIDTHS.get(name, 15))
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, header, head)
            for number, row in enumerate(rows, 1):
                _write_row(sheet, number, row, date)


def _write_row(sheet: Any, number: int, row: Row, date: Any) -> None:
    for column, value in enumerate(row):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            sheet.write_string(number, column, value)
        elif isinstance(value, dt.date):
            sheet.write_datetime(number, column, value, date)
        else:
            sheet.write_number(number, column, value)


def _operation(row) -> Row:
    unit = row.unit
    new = (unit.name, unit.kind, unit.sector) if row.work == "tiếp nhận" else ("", "", "")
    return (row.day, row.work, unit.code, row.related, *new, row.decision)


def _quota(row) -> Row:
    sources = {None: "", True: "Có", False: "Không"}[row.has_sources]
    return (row.code, row.year, row.admission, row.fostering, sources, row.reason, row.decision, row.decided, "")


def _flow(row) -> Row:
    return (
        row.code, row.year, None, row.admitted, 0, row.fostered, row.recognised, row.transferred_in,
        row.transferred_out, row.deceased, row.struck_off, row.resigned, row.expelled, row.joined, row.left,
    )  # fmt: skip


def _member(row) -> Row:
    born = str(row.born.year) if row.year_only else row.born
    return (
        row.name, born, row.sex, row.ethnicity, row.religion, row.unit, row.decided, row.ceremony, row.recognised,
        row.state, row.changed, row.destination,
    )  # fmt: skip


def _candidate(row) -> Row:
    first, second = (*row.introducers, "", "")[:2]
    return (
        row.name, row.born, row.sex, row.ethnicity, row.religion, row.unit, row.introduced, row.body,
        "; ".join(row.strata), row.education, row.occupation, row.stage, row.reached, row.certificate, row.certified,
        row.helper, first, second,
    )  # fmt: skip
