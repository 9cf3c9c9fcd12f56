"""The forms of the deeds on clocks: a day they need, more time, other rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cells.forms import CountField, DayField, DeedForm, LineField
from membership.deadlines.models import Milestone
from membership.forms.on_behalf import OnBehalfForm


class MilestoneForm(OnBehalfForm):
    """`again`: such a day was recorded before, so that a reason is asked. `version` is that of a case."""

    names = {"what": ""}

    day = DayField()
    number = LineField(label="Số văn bản", max_length=60, required=False)
    reason = LineField(label="Lý do ghi lại")

    def __init__(
        self, *args: Any, what: str, again: bool, on_behalf: bool, version: int | None, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        label = Milestone.What(what).label
        self.fields["day"].label = f"Ngày {label}"
        self.fields["number"].required = on_behalf
        if not again:
            del self.fields["reason"]
        if on_behalf:
            self.ask_paper_day()
        if version is not None:
            self.add_hidden("version", forms.IntegerField(), version)


class ExtensionForm(DeedForm):
    names = {"kind": ""}

    days = CountField(label="Gia hạn thêm (ngày làm việc)")
    day = DayField(label="Ngày của văn bản gia hạn")
    number = LineField(label="Số văn bản gia hạn", max_length=60)
    reason = LineField(label="Lý do")

    def __init__(
        self, *args: Any, most: int, corrects: bool, version: int | None, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["days"].help_text = f"Nhiều nhất {most} ngày làm việc, một lần."
        if corrects:
            self.fields["days"].help_text += " Ghi 0 nếu không gia hạn nữa."
            self.fields["reason"].label = "Lý do sửa"
        if version is not None:
            self.add_hidden("version", forms.IntegerField(), version)


class RulesForm(DeedForm):
    day = DayField(label="Theo quy định của ngày")
    reason = LineField(label="Lý do", help_text="Ghi rõ ai quyết định và văn bản nào.")

    def __init__(self, *args: Any, version: int | None, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        if version is not None:
            self.add_hidden("version", forms.IntegerField(), version)
