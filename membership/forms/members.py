"""The forms of the register: recognise, transfer, depart, receive."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cells.forms import DayField, DeedForm, LineField, PartialDayField
from cells.organisations.models import Organisation
from cells.people.identity import Identity
from membership.models import Spell
from membership.register import Reception
from membership.units import Choices

_ONE_OF_THE_LIST = {"required": "Chọn một chi bộ.", "invalid_choice": "Chọn một chi bộ trong danh sách."}


class RecogniseForm(DeedForm):
    day = DayField(label="Ngày công nhận chính thức", help_text="Ngày ghi trong quyết định công nhận.")
    decided_on = DayField(
        label="Ngày ký quyết định công nhận", required=False, help_text="Ghi khi khác ngày công nhận."
    )
    number = LineField(label="Số quyết định công nhận", max_length=60, required=False)


class TransferForm(DeedForm):
    """To a branch of the list, or else outside, to a place that is named."""

    day = DayField(label="Ngày sinh hoạt cuối cùng ở chi bộ này", help_text="Từ hôm sau tính ở nơi chuyển đến.")
    destination = forms.TypedChoiceField(label="Chi bộ chuyển đến", coerce=int, empty_value=None, required=False)
    elsewhere = LineField(
        label="Nơi chuyển đến ngoài đảng bộ", required=False, help_text="Chỉ ghi khi không có trong danh sách trên."
    )

    def __init__(self, *args: Any, branches: Choices, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        destination = self.fields["destination"]
        destination.choices = [("", "Ra ngoài đảng bộ"), *branches]
        destination.error_messages |= _ONE_OF_THE_LIST

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("destination") and values.get("elsewhere"):
            self.add_error("elsewhere", "Đã chọn chi bộ chuyển đến; để trống ô này.")
        return values


class DepartForm(DeedForm):
    CAUSES = (Spell.End.DECEASED, Spell.End.STRUCK_OFF, Spell.End.RESIGNED, Spell.End.EXPELLED)

    cause = forms.ChoiceField(
        label="Lý do",
        choices=[("", "Chọn lý do"), *((cause.value, cause.label) for cause in CAUSES)],
        error_messages={"required": "Chọn lý do.", "invalid_choice": "Chọn lý do trong danh sách."},
    )
    day = DayField(label="Ngày từ trần, hoặc ngày quyết định", help_text="Ngày này vẫn tính là đảng viên.")


class ReceiveForm(DeedForm):
    """A member who comes from outside the tree with a transfer paper."""

    names = {"person": "name"}

    organisation = forms.TypedChoiceField(label="Chi bộ tiếp nhận", coerce=int, error_messages=_ONE_OF_THE_LIST)
    name = LineField(label="Họ và tên", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    born = PartialDayField(label="Ngày sinh", help_text="Không rõ ngày thì chỉ ghi năm.")
    standing = forms.ChoiceField(
        label="Là đảng viên",
        choices=Spell.Standing.choices[::-1],
        error_messages={"invalid_choice": "Chọn dự bị hoặc chính thức."},
    )
    day = DayField(label="Ngày đầu tiên sinh hoạt ở chi bộ này")
    elsewhere = LineField(label="Chuyển đến từ", help_text="Tổ chức đảng nơi chuyển đi.")
    decided_on = DayField(label="Ngày quyết định kết nạp", required=False)
    ceremony_on = DayField(
        label="Ngày lễ kết nạp",
        required=False,
        help_text="Phải ghi với đảng viên dự bị: thời gian dự bị tính từ ngày này.",
    )

    def __init__(self, *args: Any, branches: Choices, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["organisation"].choices = [("", "Chọn chi bộ"), *branches]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        told = values.get("ceremony_on") or "ceremony_on" in self.errors
        if values.get("standing") == Spell.Standing.PROBATIONARY and not told:
            self.add_error("ceremony_on", "Ghi ngày lễ kết nạp của đảng viên dự bị.")
        return values

    def reception(self, organisation: Organisation) -> Reception:
        values = self.cleaned_data
        return Reception(
            person=Identity(values["name"], values["born"].day, str(values["born"].precision)),
            organisation=organisation,
            day=values["day"],
            standing=values["standing"],
            decided_on=values["decided_on"],
            ceremony_on=values["ceremony_on"],
            elsewhere=values["elsewhere"],
        )
