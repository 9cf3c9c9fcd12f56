"""The empty workbooks that people fill in: one sheet each, or all in one."""

from __future__ import annotations

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cells.sheets.sheet import Sheet, sheets
from cells.sheets.write import write_template
from config import clock

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL = "tat-ca"

#: Address → title and what the sheet is for.
_SAID = {
    "to-chuc": ("Tổ chức", "Các tổ chức đảng, mỗi tổ chức ghi như lúc thành lập. Làm bảng này trước tiên."),
    "sap-xep": (
        "Sắp xếp",
        "Những thay đổi sau đó: thành lập, đổi tên, chuyển, sáp nhập, chia tách, chuyển ra.",
    ),
    "so-lieu-dau-nam": (
        "Số liệu đầu năm",
        "Số đảng viên ngày 01/01 từng năm của từng tổ chức: mẫu số của tỷ lệ kết nạp.",
    ),
    "chi-tieu": ("Chỉ tiêu", "Chỉ tiêu kết nạp và bồi dưỡng được giao từng năm; còn nguồn hay hết nguồn."),
    "ket-qua": ("Kết quả", "Số liệu khai cho năm cũ hoặc cho nơi chưa ghi từng người."),
    "dang-vien": ("Đảng viên", "Danh sách đảng viên: ngày kết nạp, chính thức, và thay đổi nếu có."),
    "quan-chung": ("Quần chúng", "Người đang được theo dõi để kết nạp, kể cả hồ sơ đang làm dở từ sổ cũ."),
}


@require_safe
def sheet_templates(request: HttpRequest) -> HttpResponse:
    """The page that says what each sheet is for."""
    shown = []
    for sheet in sheets():
        title, what = _said(sheet)
        needed = [column.title for column in sheet.columns if column.required]
        shown.append({"slug": slugify(sheet.name), "title": title, "what": what, "needed": ", ".join(needed)})
    order = list(_SAID)
    shown.sort(key=lambda one: order.index(one["slug"]) if one["slug"] in order else len(order))
    return render(request, "cells/sheet_templates.html", {"sheets": shown, "all": ALL})


@require_safe
def sheet_template(request: HttpRequest, slug: str) -> HttpResponse:
    """One sheet, or all of them, empty, with the lists of values in force today."""
    names = [sheet.name for sheet in sheets() if slug in (ALL, slugify(sheet.name))]
    if not names:
        raise Http404
    stream = io.BytesIO()
    write_template(stream, names, day=clock.today())
    response = HttpResponse(stream.getvalue(), content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="mau-{slug}.xlsx"'
    return response


def _said(sheet: Sheet) -> tuple[str, str]:
    return _SAID.get(slugify(sheet.name), (sheet.name, " ".join(sheet.notes)))
