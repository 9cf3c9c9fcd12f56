"""The unit's word on its sources: two choices, the usual reasons, and its own words."""

from __future__ import annotations

from typing import Any

from django import forms

from cells.forms import DeedForm, LineField
from cells.rules.models import MissReason

LEFT, OUT = "yes", "no"
_LONGEST = 300


class SayForm(DeedForm):
    """Gives `has_sources` and, where none are left, `reason`: the usual ones chosen and what was typed, in one line."""

    sources = forms.ChoiceField(
        label="Năm nay đơn vị",
        choices=[
            (LEFT, "Còn nguồn: còn người để bồi dưỡng, kết nạp"),
            (OUT, "Hết nguồn: không còn ai để kết nạp"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn «còn nguồn» hoặc «hết nguồn».", "invalid_choice": "Chọn một trong hai."},
    )
    usual = forms.ModelMultipleChoiceField(
        label="Lý do hết nguồn thường gặp",
        queryset=MissReason.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), "Chọn lý do trong danh sách."),
    )
    reason = LineField(
        label="Nói rõ lý do hết nguồn",
        max_length=_LONGEST,
        required=False,
        help_text="Như: 18/18 giáo viên đã là đảng viên, năm nay không tuyển mới. Còn nguồn thì để trống.",
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].label = f"Năm {year} đơn vị"
        self.fields["usual"].queryset = MissReason.objects.on(self.today).filter(also_sources=True)

    @property
    def has_sources(self) -> bool:
        return self.cleaned_data["sources"] == LEFT

    @property
    def reason_said(self) -> str:
        usual = [row.name for row in self.cleaned_data.get("usual", ())]
        return "; ".join(filter(None, (*usual, self.cleaned_data.get("reason"))))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "sources" not in values or "reason" in self.errors:
            return values
        if self.has_sources and self.reason_said:
            self.add_error("sources", "Đã ghi lý do thì chọn «hết nguồn», hoặc xóa lý do.")
        elif not self.has_sources and not self.reason_said:
            self.add_error("reason", "Chọn hoặc ghi lý do hết nguồn.")
        elif len(self.reason_said) > _LONGEST:
            self.add_error("reason", f"Lý do cộng lại dài quá {_LONGEST} chữ; ghi gọn lại.")
        return values
