"""Announcing an awareness class, putting it right, calling it off."""

from __future__ import annotations

from cells.forms import DayField, DeedForm, LineField, RowForm
from cells.organisations.models import Organisation
from membership.classes.deeds import Announced


class ClassForm(RowForm):
    names_of_row = ("name", "held_by", "opens_on", "closes_on")

    name = LineField(label="Tên lớp", max_length=120, help_text="Như: Lớp bồi dưỡng nhận thức về Đảng khóa 3 năm 2024.")
    held_by = LineField(label="Nơi mở lớp", max_length=120, help_text="Như: Trung tâm Chính trị thành phố.")
    opens_on = DayField(label="Khai giảng")
    closes_on = DayField(label="Bế giảng", help_text="Ngày cuối của lớp; chứng nhận được cấp ngày này.")

    def announced(self, unit: Organisation) -> Announced:
        """What the deed is given, once the form is valid."""
        values = self.cleaned_data
        return Announced(unit, values["name"], values["held_by"], values["opens_on"], values["closes_on"])


class CorrectClassForm(ClassForm):
    reason = LineField(label="Lý do sửa")


class CallOffForm(DeedForm):
    reason = LineField(label="Lý do hủy lớp")
