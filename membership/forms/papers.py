"""The form of the papers of a case: one row a paper, ticked or with its number and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cells.forms import DayField, DeedForm, LineField
from membership.models import STAGES, Candidacy
from membership.papers.checklist import STATES, Line
from membership.papers.deeds import Entry
from membership.papers.supplied import FROM_AROUND, FROM_STEPS, FROM_VOTES

_PARTS = ("has", "number", "issued_on", "issuer", "kept_at")


@dataclass(frozen=True)
class Row:
    """A line of the checklist with the fields in which a paper, or a newer one, is entered."""

    line: Line
    fields: list[BoundField]

    @property
    def state(self) -> str:
        return STATES[self.line.state] if self.line.is_there else self.line.lacking

    @property
    def by(self) -> str:
        """Where it is recorded, if not here."""
        return (
            "ghi ở mục người giới thiệu, thẩm tra" if self.line.rule.code in FROM_AROUND else "ghi cùng bước của hồ sơ"
        )


class PapersForm(DeedForm):
    """Papers of `case` by its checklist; only rows in which something was entered are written."""

    names = {"code": ""}

    def __init__(self, *args: Any, case: Candidacy, lines: Sequence[Line], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.case, self.lines = case, list(lines)
        self.add_hidden("version", forms.IntegerField(), case.version)
        for line in self._open():
            code, name = line.rule.code, line.rule.name
            fields = {
                "has": forms.BooleanField(label=f"Đã có: {name}", required=False),
                "number": LineField(label="Số", max_length=60, required=False),
                "issued_on": DayField(label="Ngày", required=False),
                "issuer": LineField(label="Nơi cấp", required=False),
                "kept_at": LineField(label="Nơi lưu", required=False),
            }
            for part, field in fields.items():
                if isinstance(field, DayField):
                    field.today = today
                if part == "has":
                    field.widget.attrs["aria-label"] = field.label
                else:
                    field.widget.attrs |= {"aria-label": f"{name}: {field.label.lower()}", "class": "cell-input"}
                self.fields[f"{part}_{code}"] = field

    def _open(self) -> list[Line]:
        return [line for line in self.lines if not self._comes_by_itself(line)]

    def _comes_by_itself(self, line: Line) -> bool:
        """A step will record it or has done, or it follows from the people around the case."""
        step = FROM_STEPS.get(line.rule.code)
        if step is None:
            return line.rule.code in FROM_AROUND
        if line.rule.code in FROM_VOTES and not self.case.taken_over:
            return True
        reached = self.case.stage not in STAGES or STAGES.index(self.case.stage) >= STAGES.index(step)
        return not reached or (line.is_there and line.paper is not None and line.paper.pk is None)

    def rows(self) -> list[Row]:
        return [
            Row(
                line, [self[f"{part}_{line.rule.code}"] for part in _PARTS if f"{part}_{line.rule.code}" in self.fields]
            )
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors and not self._entered(typed):
            self.add_error(None, "Chưa đánh dấu giấy tờ nào.")
        return typed

    def entries(self) -> list[Entry]:
        """The papers of a valid form."""
        return [
            Entry(self.case, code, *(self.cleaned_data[f"{part}_{code}"] for part in _PARTS[1:]))
            for code in self._entered(self.cleaned_data)
        ]

    def _entered(self, typed: dict[str, Any]) -> list[str]:
        """A row counts where it is ticked, or where anything is written in it."""
        return [
            line.rule.code for line in self._open() if any(typed.get(f"{part}_{line.rule.code}") for part in _PARTS)
        ]

    def place(self, index: int, field: str) -> str:
        """The name here of `field` of the deed's item `index`."""
        return f"{field}_{self._entered(self.cleaned_data)[index]}"
