"""Why a quota was missed: reasons of the list, and a note."""

from __future__ import annotations

from typing import Any

from django import forms

from cells.forms import DeedForm, LineField
from cells.rules.models import MissReason


class MissedForm(DeedForm):
    reasons = forms.ModelMultipleChoiceField(
        label="Lý do không đạt",
        queryset=MissReason.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Chọn ít nhất một lý do.",
            **dict.fromkeys(("invalid_choice", "invalid_pk_value"), "Chọn lý do trong danh sách."),
        },
    )
    note = LineField(label="Nói rõ thêm", max_length=300, required=False, help_text="Cần ghi khi chọn «lý do khác».")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].queryset = MissReason.objects.on(self.today)
