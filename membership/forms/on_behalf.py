"""What a form asks besides where a higher level enters for a lower one («nhập thay»)."""

from __future__ import annotations

from typing import Any

from cells import vietnamese
from cells.forms import DayField, DeedForm
from cells.verdict import still_to_come


class OnBehalfForm(DeedForm):
    """Asks for the day of the lower level's paper once `ask_paper_day` was called."""

    def ask_paper_day(self) -> None:
        self.fields["paper_day"] = DayField(label="Ngày của văn bản")
        self.fields["paper_day"].today = self.today

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        paper = values.get("paper_day")
        if paper and paper > self.today:
            self.add_error("paper_day", still_to_come(paper))
        return values

    def paper_note(self) -> str:
        """The paper's day as the note of the step; "" where none was asked."""
        paper = self.cleaned_data.get("paper_day")
        return f"văn bản ngày {vietnamese.day(paper)}" if paper else ""
