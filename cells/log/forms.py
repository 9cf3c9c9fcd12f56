"""The filter above the log. People are chosen by number, so that no name stands in an address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells.forms import DayField, DeedForm, LineField
from cells.log.models import Entry
from cells.organisations.models import Organisation

SYSTEM = "system"


class LogFilter(DeedForm):
    kind = forms.ChoiceField(label="Loại", choices=[("", "Tất cả"), *Entry.Sort.choices], required=False)
    actor = forms.ChoiceField(label="Ai", required=False)
    unit = LineField(label="Mã đơn vị (gồm cả bên dưới)", max_length=40, required=False)
    day = DayField(label="Ngày", required=False)

    def __init__(self, *args: Any, actors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].choices = [("", "Tất cả"), (SYSTEM, "hệ thống"), *actors]

    def clean_unit(self) -> Organisation | None:
        code = self.cleaned_data["unit"]
        if not code:
            return None
        unit = Organisation.objects.filter(code=code).first()
        if unit is None:
            raise ValidationError(f"Không có đơn vị mã «{code}».")
        return unit

    def apply(self, entries):
        """The entries that meet what was asked; none where the question cannot be read."""
        if not self.is_valid():
            return entries if not self.is_bound else entries.none()
        asked = self.cleaned_data
        if asked["kind"]:
            entries = entries.filter(sort=asked["kind"])
        if asked["actor"]:
            entries = entries.filter(actor=None if asked["actor"] == SYSTEM else int(asked["actor"]))
        if asked["unit"]:
            entries = entries.filter(organisation__in=Organisation.objects.below(asked["unit"].pk, on=self.today))
        if asked["day"]:
            start = timezone.make_aware(dt.datetime.combine(asked["day"], dt.time()))  # the office's midnight
            entries = entries.filter(at__gte=start, at__lt=start + dt.timedelta(days=1))
        return entries
