"""The forms of the steps of a case: forward, off the list, back on it, and their correction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cells import vietnamese
from cells.forms import DayField, DeedForm, LineField, PartialDay, PartialDayField
from cells.people.models import Person
from cells.rules.models import ExitReason
from membership.admission import Move
from membership.forms.on_behalf import OnBehalfForm
from membership.models import Candidacy, Stage
from membership.procedure import Step


class StepForm(OnBehalfForm):
    """Day and number of one step."""

    names = {"to": ""}

    day = DayField()
    number = LineField(max_length=60, required=False)
    received_on = DayField(
        label="Ngày chi bộ nhận quyết định",
        required=False,
        help_text="Hạn tổ chức lễ tính từ ngày này; để trống thì tạm tính từ ngày quyết định.",
    )

    override = LineField(
        label="Lý do cho qua khi còn thiếu",
        max_length=300,
        required=False,
        help_text="Ghi lý do thì bước vẫn được ghi; lý do và giấy tờ còn thiếu hiện ở diễn biến của hồ sơ.",
    )

    def __init__(
        self,
        *args: Any,
        step: Step,
        case: Candidacy,
        on_behalf: bool,
        receipt_asked: bool,
        may_override: bool,
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.step, self.case, self.on_behalf = step, case, on_behalf
        self.fields["day"].label = step.day_label
        self._set_number(step, on_behalf)
        if not receipt_asked:
            del self.fields["received_on"]
        if not may_override:
            del self.fields["override"]
        if on_behalf:
            self.ask_paper_day()
        self.add_hidden("version", forms.IntegerField(), case.version)

    def _set_number(self, step: Step, on_behalf: bool) -> None:
        number = self.fields["number"]
        number.required = step.number_needed or on_behalf
        number.label = step.number_label or "Số văn bản của cấp dưới"
        if not step.number_label and not on_behalf:
            del self.fields["number"]

    def move(self) -> Move:
        values = self.cleaned_data
        return Move(
            candidacy_id=self.case.pk,
            to=self.step.to,
            day=values["day"],
            number=values.get("number", ""),
            override=values.get("override", ""),
            note=self.paper_note(),
            on_behalf=self.on_behalf,
            version=values["version"],
            received_on=values.get("received_on"),
        )


class TakeBackPaperForm(DeedForm):
    """Why a paper of a case was entered wrongly."""

    reason = LineField(label="Lý do hủy", max_length=300)


class LeaveListForm(DeedForm):
    """Off the list, or (without `reasons`) back on it."""

    names = {"to": ""}

    day = DayField()
    number = LineField(label="Số nghị quyết", max_length=60, required=False)
    exit_reason = forms.ModelChoiceField(
        label="Lý do dừng",
        queryset=ExitReason.objects.none(),
        empty_label="Chọn lý do",
        error_messages={"required": "Chọn lý do dừng theo dõi.", "invalid_choice": "Chọn lý do trong danh sách."},
    )
    note = LineField(label="Ghi chú", required=False)

    def __init__(self, *args: Any, case: Candidacy, back: bool, on_behalf: bool, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.case, self.on_behalf = case, on_behalf
        self.fields["day"].label = "Ngày chi bộ họp"
        self.fields["exit_reason"].queryset = ExitReason.objects.on(today)
        self.fields["number"].required = on_behalf
        if back:
            del self.fields["exit_reason"]
        self.add_hidden("version", forms.IntegerField(), case.version)

    def move(self) -> Move:
        values = self.cleaned_data
        return Move(
            candidacy_id=self.case.pk,
            to=Stage.DROPPED,
            day=values["day"],
            number=values["number"],
            note=values["note"],
            on_behalf=self.on_behalf,
            version=values["version"],
            exit_reason=values.get("exit_reason"),
        )


class CorrectStepForm(DeedForm):
    day = DayField(label="Ngày đúng")
    number = LineField(label="Số văn bản đúng", max_length=60, required=False)
    reason = LineField(label="Lý do sửa")

    def __init__(self, *args: Any, version: int, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.add_hidden("version", forms.IntegerField(), version)


class RevokeForm(DeedForm):
    number = LineField(label="Số quyết định hủy", max_length=60)
    reason = LineField(label="Lý do hủy")

    def __init__(self, *args: Any, version: int, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.add_hidden("version", forms.IntegerField(), version)


class IdentityForm(DeedForm):
    """Who somebody is, corrected with a reason."""

    name = LineField(label="Họ và tên", max_length=120)
    born = PartialDayField(label="Ngày sinh", help_text="Không rõ ngày thì chỉ ghi năm.")
    sex = forms.ChoiceField(
        label="Giới tính",
        choices=[("", "Chưa ghi"), *Person.Sex.choices],
        required=False,
        error_messages={"invalid_choice": "Chọn giới tính trong danh sách."},
    )
    ethnicity = LineField(label="Dân tộc", max_length=40, required=False)
    reason = LineField(label="Lý do sửa")

    def __init__(self, *args: Any, shown: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.add_hidden("shown", forms.CharField(), shown)

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        born = PartialDay(person.born, person.born_precision) if person.born else None
        return {"name": person.name, "born": born, "sex": person.sex, "ethnicity": person.ethnicity}

    def values(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "name": vietnamese.readable_name(values["name"]),
            "born": values["born"].day,
            "born_precision": str(values["born"].precision),
            "sex": values["sex"],
            "ethnicity": values["ethnicity"],
        }
