"""The columns of `To chuc` (each unit as at its founding) and `Sap xep` (what happened since)."""

from __future__ import annotations

import datetime as dt

from cells.organisations.models import Operation
from cells.organisations.sheets.export import RELATED, export_foundings, export_operations
from cells.rules.models import Kind, Sector
from cells.sheets.sheet import Column, Sheet
from cells.sheets.values import Choice, Code, Day, FirstDay, OneOf, Text

TO_CHUC = "To chuc"
SAP_XEP = "Sap xep"

_KIND = OneOf(lambda: Kind)
_SECTOR = OneOf(lambda: Sector)
_UNIT_ALIASES = ("Mã đơn vị", "Mã TCĐ")

FOUNDINGS = Sheet(
    TO_CHUC,
    (
        Column("code", "Mã tổ chức", Code(), required=True, aliases=_UNIT_ALIASES, example="TU.01"),
        Column("name", "Tên tổ chức", Text(200), required=True, example="Đảng bộ phường Một"),
        Column(
            "parent_code",
            "Mã cấp trên",
            Code(),
            aliases=("Mã tổ chức cấp trên",),
            example="TU",
            note="Để trống: tổ chức cao nhất.",
        ),
        Column("kind", "Loại tổ chức", _KIND, required=True, example="đảng bộ cơ sở"),
        Column("sector", "Loại hình", _SECTOR, example="xã, phường"),
        Column("day", "Ngày thành lập", FirstDay(), note="Để trống: đã có từ trước, không rõ ngày."),
        Column("decision_number", "Số quyết định", Text(60), aliases=("Số QĐ",)),
        Column("reason", "Lý do", Text(300)),
    ),
    export_foundings,
    ("Mỗi tổ chức một dòng, ghi như lúc thành lập. Việc xảy ra sau đó ghi ở bảng «Sap xep».",),
    gives="code",
)

OPERATIONS = Sheet(
    SAP_XEP,
    (
        Column(
            "day",
            "Ngày",
            Day(),
            required=True,
            aliases=("Ngày hiệu lực",),
            example=dt.date(2022, 7, 1),
            note="Ngày đầu tiên có hiệu lực.",
        ),
        Column(
            "work", "Việc", Choice({work.label: work for work in Operation.Work}), required=True, example="chuyển ra"
        ),
        Column("code", "Mã tổ chức", Code(), required=True, aliases=_UNIT_ALIASES, example="TU.05"),
        Column(
            "related",
            "Mã tổ chức liên quan",
            Text(200),
            deed_fields=(*RELATED, "into", "units", "people"),
            note="Thành lập, chuyển, tiếp nhận: mã cấp trên mới. Sáp nhập, giải thể: mã tổ chức tiếp nhận. "
            "Chia tách: mã các tổ chức sau khi chia, cách nhau bằng dấu ;; tổ chức trực thuộc sang nơi mới thì "
            "thêm dòng «chuyển» cùng ngày. Chuyển ra: nơi chuyển đến (nếu có).",
        ),
        Column("name", "Tên mới", Text(200)),
        Column("kind", "Loại mới", _KIND),
        Column("sector", "Loại hình mới", _SECTOR),
        Column("decision_number", "Số quyết định", Text(60), aliases=("Số QĐ",)),
        Column("reason", "Lý do", Text(300)),
    ),
    export_operations,
    (
        "Mỗi việc một dòng; thứ tự dòng không quan trọng, chương trình xếp theo ngày.",
        "Việc của ngày sắp tới thì chờ, đến ngày mới có hiệu lực.",
    ),
    gives="code",
)
