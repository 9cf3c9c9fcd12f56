"""Filter and order of the table of units: done on the rows of the answer, so numbers never change."""

from __future__ import annotations

from fractions import Fraction

from django import forms

from cells import vietnamese
from reports import states
from reports.tables.table import Row

SORTS = ("name", "base", "quota", "admitted", "rate", "quota_percent", "left", "state")
_ORDER_OF_STATES = {
    state: place
    for place, state in enumerate((states.BEHIND, states.ON_TRACK, states.MET, states.NOT_ASKED, states.NO_DATA))
}


class UnitFilter(forms.Form):
    name = forms.CharField(label="Tên tổ chức", required=False, max_length=100)
    sector = forms.ChoiceField(label="Loại hình", required=False)
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Tất cả"), *((key, text.capitalize()) for key, text in states.STATES.items())],
    )

    def __init__(self, data=None, *, sectors: list[str]) -> None:
        super().__init__(data)
        self.fields["sector"].choices = [("", "Tất cả"), *((name, name) for name in sectors)]

    def apply(self, rows: list[Row]) -> list[Row]:
        """The rows that match; a value no choice offers is left out of account."""
        if not self.is_bound:
            return rows
        self.is_valid()
        words = vietnamese.fold(self.cleaned_data.get("name", "")).split()
        sector, state = self.cleaned_data.get("sector"), self.cleaned_data.get("state")
        return [
            row
            for row in rows
            if all(word in vietnamese.fold(row["name"]) for word in words)
            and (not sector or row["sector"] == sector)
            and (not state or row["state"] == state)
        ]


def sort(rows: list[Row], by: str) -> list[Row]:
    """By a column of SORTS ("-rate" backwards), missing values last; by name in Vietnamese order otherwise."""
    key = by.removeprefix("-")
    ordered = sorted(rows, key=lambda row: row["name_key"])
    if key not in SORTS or by == "name":
        return ordered
    if key == "name":
        return ordered[::-1]
    known = [row for row in ordered if row[key] is not None]
    known.sort(key=lambda row: _value(key, row), reverse=by.startswith("-"))
    return known + [row for row in ordered if row[key] is None]


def _value(key: str, row: Row) -> int | Fraction:
    return _ORDER_OF_STATES[row[key]] if key == "state" else row[key]
