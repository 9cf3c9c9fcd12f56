"""The form of the papers of a case: one row a paper, ticked or with its number and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cells.forms import DayField, DeedForm, LineField
from membership.models import Candidacy
from membership.papers.checklist import STATES, Line
from membership.papers.deeds import Entry

_PARTS = ("has", "number", "issued_on", "issuer", "kept_at")
#: these are recorded by a step of the case, not here
FROM_STEPS = frozenset({"certificate", "application"})


@dataclass(frozen=True)
class Row:
    """A line of the checklist with the fields in which a paper, or a newer one, is entered."""

    line: Line
    fields: list[BoundField]

    @property
    def state(self) -> str:
        return STATES[self.line.state]


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
                if part != "has":
                    field.widget.attrs |= {"aria-label": f"{name}: {field.label.lower()}", "class": "cell-input"}
                self.fields[f"{part}_{code}"] = field

    def _open(self) -> list[Line]:
        return [line for line in self.lines if line.rule.code not in FROM_STEPS]

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
