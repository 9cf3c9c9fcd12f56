"""The form that opens a case: three fields, and more where it is taken over from the old book."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms

from cells.forms import DayField, DeedForm, LineField, PartialDayField
from cells.organisations.models import Organisation
from cells.people.identity import Identity
from cells.rules.models import Stratum
from membership.admission import Nomination
from membership.forms.on_behalf import OnBehalfForm
from membership.models import STAGES, Stage
from membership.papers.conditions import Schooling
from membership.units import Choices

#: what a case taken over may have reached
REACHED = [(stage.value, stage.label) for stage in (*STAGES, Stage.ADMITTED)]


class NominationForm(OnBehalfForm):
    """Name, birth, day of the meeting, and the branch where the reader has several.

    `on_behalf` asks for the paper of the lower level; `same_person` offers, to whom may answer it, that
    two people of one name and birth are two people.
    """

    names = {"born_precision": "born"}

    name = LineField(label="Họ và tên", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    born = PartialDayField(label="Ngày sinh", help_text="Như 05/02/1998; không rõ ngày thì chỉ ghi năm: 1998.")
    listed_on = DayField(label="Ngày chi bộ họp giới thiệu")

    def __init__(
        self, *args: Any, branches: Choices, on_behalf: bool, same_person: bool = False, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.on_behalf = on_behalf
        branch = forms.TypedChoiceField(label="Chi bộ", choices=[("", "Chọn chi bộ"), *branches], coerce=int)
        branch.error_messages |= {"required": "Chọn chi bộ.", "invalid_choice": "Chọn một chi bộ trong danh sách."}
        alone = len(branches) == 1 and not isinstance(branches[0][1], list)
        if alone:
            self.add_hidden("organisation", branch, branches[0][0])
        else:
            self.fields["organisation"] = branch
            self.order_fields(["organisation"])
        if on_behalf:
            self.fields["number"] = LineField(
                label="Số văn bản của chi bộ", max_length=60, help_text="Nhập thay: ghi theo nghị quyết chi bộ gửi lên."
            )
            self.ask_paper_day()
        if same_person:
            self.fields["another_person"] = forms.BooleanField(
                label="Tôi đã kiểm tra: đây là người khác, chỉ trùng họ tên và ngày sinh", required=False
            )
        self.add_hidden("token", forms.UUIDField(), uuid.uuid4())

    def nomination(self, organisation: Organisation) -> Nomination:
        """What the deed takes, once the form is valid."""
        values = self.cleaned_data
        born = values["born"]
        return Nomination(
            identity=Identity(values["name"], born.day, born.precision),
            organisation=organisation,
            listed_on=values["listed_on"],
            on_behalf=self.on_behalf,
            number=values.get("number", ""),
            note=self.paper_note(),
            another_person=values.get("another_person", False),
            token=values["token"],
        )


class TakeOverForm(NominationForm):
    """A case already under way in the old book: how far it came, on which day, and what is known of it."""

    stage = forms.ChoiceField(label="Đã đến giai đoạn", choices=REACHED[1:])
    stage_day = DayField(label="Ngày đạt giai đoạn đó")
    decision_number = LineField(label="Số nghị quyết, quyết định của bước đó", max_length=60, required=False)
    certificate_number = LineField(label="Số chứng nhận lớp nhận thức", max_length=60, required=False)
    certificate_on = DayField(label="Ngày cấp chứng nhận", required=False)
    introduced_by = LineField(label="Tổ chức giới thiệu", required=False)
    helper = LineField(label="Người giúp đỡ", max_length=120, required=False)
    introducer_1 = LineField(label="Người giới thiệu thứ nhất", max_length=120, required=False)
    introducer_2 = LineField(label="Người giới thiệu thứ hai", max_length=120, required=False)

    field_order = ("organisation", "name", "born", "listed_on", "stage", "stage_day")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("stage") in (Stage.DECIDED, Stage.ADMITTED) and not values.get("decision_number"):
            self.add_error("decision_number", "Ghi số quyết định kết nạp.")
        return values

    def nomination(self, organisation: Organisation) -> Nomination:
        values = self.cleaned_data
        told = (
            "stage",
            "stage_day",
            "decision_number",
            "certificate_number",
            "certificate_on",
            "introduced_by",
            "helper",
            "introducer_1",
            "introducer_2",
        )
        return Nomination(**vars(super().nomination(organisation)) | {name: values[name] for name in told})


class ParticularsForm(DeedForm):
    """What is known of a case besides its steps. A reason is asked only where a value is replaced."""

    introduced_by = LineField(label="Tổ chức giới thiệu", required=False)
    helper = LineField(label="Người giúp đỡ, theo sổ cũ", max_length=120, required=False)
    introducer_1 = LineField(label="Người giới thiệu thứ nhất, theo sổ cũ", max_length=120, required=False)
    introducer_2 = LineField(label="Người giới thiệu thứ hai, theo sổ cũ", max_length=120, required=False)
    schooling = forms.ChoiceField(
        label="Học vấn theo quy định",
        choices=[(value, label[:1].upper() + label[1:]) for value, label in Schooling.choices],
        required=False,
        help_text="Trường hợp ngoại lệ cần giấy tờ khác; xem «Còn thiếu» của hồ sơ.",
        error_messages={"invalid_choice": "Chọn trong danh sách."},
    )
    lives_elsewhere = forms.BooleanField(
        label="Cư trú ngoài địa bàn chi bộ", required=False, help_text="Khi đó cần ý kiến của chi ủy nơi cư trú."
    )
    asks_clearance = forms.BooleanField(
        label="Phải xin ý kiến cấp có thẩm quyền về tiêu chuẩn chính trị",
        required=False,
        help_text="Theo Quy định số 58-QĐ/TW; khi đó cần văn bản ý kiến trước khi ra quyết định.",
    )
    education = LineField(label="Trình độ học vấn", max_length=120, required=False)
    occupation = LineField(label="Nghề nghiệp", max_length=120, required=False)
    religion = LineField(label="Tôn giáo", max_length=60, required=False)
    strata = forms.ModelMultipleChoiceField(
        label="Diện",
        queryset=Stratum.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), "Chọn diện trong danh sách."),
    )
    reason = LineField(label="Lý do sửa", required=False, help_text="Chỉ cần ghi khi thay một nội dung đã có.")

    CASE = ("introduced_by", "helper", "introducer_1", "introducer_2", "schooling", "asks_clearance", "lives_elsewhere")
    BACKGROUND = ("education", "occupation", "religion")

    def __init__(self, *args: Any, version: int, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["strata"].queryset = Stratum.objects.on(today)
        self.version = version
        self.add_hidden("version", forms.IntegerField(), version)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("version") != self.version:
            return values  # the deed will say that somebody was faster; what is replaced is not known yet
        replaced = [
            name
            for name in (*self.CASE, *self.BACKGROUND)
            if self.initial.get(name) and name in values and values[name] != self.initial[name]
        ]
        if replaced and not values.get("reason"):
            self.add_error(
                "reason", f"Ghi lý do sửa: {', '.join(self.fields[name].label.lower() for name in replaced)}."
            )
        return values

    def values(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}
