"""Fields and helps that every form of the product shares: lines of text, days, and what a deed refused.

A day is one plain text input in Vietnamese order. Forms take the day of today as an argument, like the deeds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from cells import vietnamese
from cells.verdict import Refused, Stale
from cells.vietnamese import Precision, WrongValue

REQUIRED = "Ghi mục này."
CONTROL_CHARACTERS = "Có ký tự không đọc được (ký tự điều khiển); xóa đi rồi gõ lại."

# The number keys of many phones have no slash: 15102024 is 15/10/2024, 102024 is 10/2024.
_ALL_DIGITS = re.compile(r"(\d{2})?(\d{2})((?:19|20)\d{2})", re.ASCII)


class PartialDay(NamedTuple):
    """A date and how much of it is known; `day` is the first of the known month or year."""

    day: dt.date
    precision: str


class LineField(forms.CharField):
    """One line of text in its stored form (`vietnamese.clean`); control characters are refused."""

    default_error_messages = {"required": REQUIRED}

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        # Django's own refusal of NUL comes too late and in other words
        self.validators = [check for check in self.validators if "ProhibitNull" not in type(check).__name__]

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        if vietnamese.has_control_characters(text):
            raise ValidationError(CONTROL_CHARACTERS, code="control")
        return vietnamese.clean(text)


class DayField(forms.Field):
    """A whole date from text as `05/02/2024`; never the American order, never two digits of a year.

    `today` is set by `DeedForm`: it bounds the years that are believed. Gives a `date`, or None where empty.
    """

    default_error_messages = {"required": "Ghi ngày, như 05/02/2024."}
    today: dt.date

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        found = self._read(value)
        if found is not None and found.precision != Precision.DAY:
            raise ValidationError(
                f"«{vietnamese.clean(str(value))}» chưa đủ ngày: hãy ghi ngày/tháng/năm như 05/02/2024."
            )
        return None if found is None else found.day

    def prepare_value(self, value: Any) -> Any:
        return vietnamese.day(value) if isinstance(value, dt.date) else value

    def _read(self, value: Any) -> PartialDay | None:
        text = "" if value is None else str(value)
        if vietnamese.has_control_characters(text):
            raise ValidationError(CONTROL_CHARACTERS, code="control")
        text = vietnamese.clean(text)
        if not text:
            return None
        if match := _ALL_DIGITS.fullmatch(text):
            text = "/".join(part for part in match.groups() if part)
        elif text.isdigit() and len(text) != 4:  # a workbook's day number is no date anybody types
            raise ValidationError(f"«{text[:20]}» không phải là ngày: hãy ghi ngày/tháng/năm như 05/02/2024.")
        try:
            return PartialDay(*vietnamese.parse_date(text, today=self.today))
        except WrongValue as wrong:
            raise ValidationError(str(wrong)) from None


class PartialDayField(DayField):
    """A date of which perhaps only the month or year is known; gives a `PartialDay`, or None where empty."""

    default_error_messages = {"required": "Ghi ngày sinh, hoặc chỉ năm sinh."}

    def to_python(self, value: Any) -> PartialDay | None:
        return self._read(value)

    def prepare_value(self, value: Any) -> Any:
        return vietnamese.partial_day(*value) if isinstance(value, tuple) else value


class CountField(forms.Field):
    """A count as people type it (`7.894`); gives an int, or None where empty: missing is not zero."""

    default_error_messages = {"required": "Ghi một số."}
    keys = "numeric"  # of a phone

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": self.keys, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = "" if value is None else str(value)
        if vietnamese.has_control_characters(text):
            raise ValidationError(CONTROL_CHARACTERS, code="control")
        if not vietnamese.clean(text):
            return None
        try:
            return self.read(text)
        except WrongValue as wrong:
            raise ValidationError(str(wrong)) from None

    def read(self, text: str) -> int | Decimal | Fraction:
        """The number a text means; `WrongValue` where it means none."""
        return vietnamese.parse_count(text)

    def prepare_value(self, value: Any) -> Any:
        return vietnamese.number(value) if isinstance(value, int) else value


class AmountField(CountField):
    """A number that may have decimals, as people type it (`3,5`); gives an exact Decimal, or None where empty."""

    keys = "decimal"

    def read(self, text: str) -> Decimal:
        return vietnamese.parse_amount(text)

    def prepare_value(self, value: Any) -> Any:
        return vietnamese.amount(value) if isinstance(value, Decimal) else value


class PercentField(AmountField):
    """A percentage as people type it (`3,5` or `3,5%`); gives the exact share of one, or None where empty.

    Refuses more than 100.
    """

    default_error_messages = {"required": "Ghi một tỷ lệ."}

    def read(self, text: str) -> Fraction:
        share = Fraction(vietnamese.parse_amount(text)) / 100
        if share > 1:
            raise WrongValue("Tỷ lệ không quá 100%.")
        return share


class DeedForm(forms.Form):
    """A form in front of a deed. `today` reaches its days; a hidden `version` says what it was made from."""

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.today = today
        self.stale = False
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.today = today

    def refresh(self, **marks: Any) -> None:
        """Let what was typed be sent once more over what somebody else wrote meanwhile."""
        self.data = self.data.copy()
        for name, value in marks.items():
            self.data[self.add_prefix(name)] = str(value)

    def add_hidden(self, name: str, field: forms.Field, value: Any) -> None:
        """A field the reader does not see; what it holds comes back with the form."""
        field.widget = forms.HiddenInput()
        field.error_messages["required"] = field.error_messages["invalid"] = "Trang này đã cũ; mở lại rồi ghi lại."
        self.fields[name] = field
        self.initial.setdefault(name, value)


class SeenForm(DeedForm):
    """A form that shows what stood when it was opened: what has changed since is told once, not overwritten unseen.

    `mark` is of what stands now, `faster` what the second is told.
    """

    def watch(self, mark: str) -> None:
        self._mark = mark
        self.add_hidden("seen", forms.CharField(required=False), mark)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen", "") != self._mark:
            self.stale = True
            self.add_error(None, self.faster())
            self.refresh(seen=self._mark)
        return cleaned

    def faster(self) -> str:
        raise NotImplementedError


class RowForm(SeenForm):
    """A form on a row, or (without `row`) on a new one; `names_of_row` are fields of the form and of the row."""

    names_of_row: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, row: Any = None, today: dt.date) -> None:
        self.row = row
        self.stored = {name: getattr(row, name) for name in self.names_of_row} if row else {}
        super().__init__(data, initial=dict(self.stored), today=today)
        if row:
            self.watch(digest(self.stored))

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.row else self.cleaned_data

    def faster(self) -> str:
        now = ", ".join(f"{self.fields[name].label} {self.shown(name)}" for name in self.names_of_row)
        return f"Người khác vừa sửa mục này; nội dung đang ghi là: {now}. Xem lại rồi ghi lần nữa nếu vẫn đúng."

    def shown(self, name: str) -> str:
        """What the row has now in a field, as a page says it."""
        value = self.stored[name]
        if isinstance(value, bool):
            return "có" if value else "không"
        words = dict(getattr(self.fields[name], "choices", ()))
        return str(words.get(value, self.fields[name].prepare_value(value)) if value is not None else "–")


def digest(values: Mapping[str, Any]) -> str:
    """A short mark of a row's values: equal marks, equal values."""
    text = json.dumps({name: str(getattr(value, "pk", value)) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def show_problems(form: forms.Form, refused: Refused) -> None:
    """Put what a deed refused at the fields of the same name, and on top of the form what has no field there.

    A form with another name for a field says so in its attribute `names` (deed's name → the form's).
    """
    names = getattr(form, "names", {})
    for problem in refused.problems:
        field = names.get(problem.field, problem.field)
        form.add_error(
            field if field in form.fields and not form.fields[field].widget.is_hidden else None, problem.message
        )
    if isinstance(form, DeedForm):
        form.stale = isinstance(refused, Stale)
