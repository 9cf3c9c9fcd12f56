"""Forms in front of the deeds on the structure. The unit above is the page's, never typed."""

from __future__ import annotations

from typing import Any

from django import forms

from cells.forms import DayField, DeedForm, LineField
from cells.organisations.reorganise import Founding, Joining, Leaving
from cells.rules.models import Kind, Lookup, Sector


class _Chosen(forms.ModelChoiceField):
    """A row of a lookup in force today."""

    def __init__(self, lookup: type[Lookup], **kwargs: Any) -> None:
        self.lookup = lookup
        super().__init__(lookup.objects.none(), **{"error_messages": {"required": "Chọn một mục."}} | kwargs)


class _StructureForm(DeedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, _Chosen):
                field.queryset = field.lookup.objects.on(self.today)


class FoundForm(_StructureForm):
    """A new unit under `parent_code`."""

    code = LineField(label="Mã tổ chức", max_length=40, help_text="Mỗi tổ chức một mã, dùng mãi về sau.")
    name = LineField(label="Tên tổ chức", max_length=200)
    kind = _Chosen(Kind, label="Loại tổ chức")
    sector = _Chosen(Sector, label="Loại hình", required=False)
    day = DayField(label="Ngày thành lập")
    decision_number = LineField(label="Số quyết định", max_length=60, required=False)

    def deed(self, parent_code: str) -> Founding:
        return Founding(**self.cleaned_data, parent_code=parent_code)


class JoinForm(_StructureForm):
    """A unit from outside that comes under `parent_code` with its members."""

    code = LineField(label="Mã tổ chức", max_length=40, help_text="Tổ chức đã từng ở trong đảng bộ thì ghi đúng mã cũ.")
    name = LineField(label="Tên tổ chức", max_length=200, required=False, help_text="Bỏ trống nếu ghi mã cũ.")
    kind = _Chosen(Kind, label="Loại tổ chức", required=False)
    sector = _Chosen(Sector, label="Loại hình", required=False)
    day = DayField(label="Ngày tiếp nhận", help_text="Ngày đầu tiên tổ chức thuộc đảng bộ.")
    decision_number = LineField(label="Số quyết định", max_length=60, required=False)
    origin = LineField(label="Chuyển đến từ", max_length=200, required=False)

    def deed(self, parent_code: str) -> Joining:
        return Joining(**self.cleaned_data, parent_code=parent_code)


class LeaveForm(_StructureForm):
    """A unit that goes out with all below it."""

    day = DayField(label="Ngày chuyển ra", help_text="Ngày có hiệu lực: từ ngày này tổ chức không còn được tính.")
    destination = LineField(label="Chuyển đến", max_length=200, required=False, help_text="Đảng bộ tiếp nhận.")
    decision_number = LineField(label="Số quyết định", max_length=60, required=False)
    reason = LineField(label="Lý do", max_length=300, required=False)

    def deed(self, code: str) -> Leaving:
        return Leaving(**self.cleaned_data, code=code)
