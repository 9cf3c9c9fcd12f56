"""Rows that hold for a span of days: `[from_day, to_day)`, `to_day` null while it lasts."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from cells import vietnamese

#: The start of what has always been so: "để trống = không rõ ngày bắt đầu".
OPEN_START = dt.date(1, 1, 1)
ONE_DAY = dt.timedelta(days=1)

Row = TypeVar("Row", bound=models.Model)


def holds_on(day: dt.date | models.OuterRef, prefix: str = "") -> Q:
    """The rows (of the relation `prefix`) whose interval contains `day`."""
    lasts = Q(**{f"{prefix}to_day__isnull": True}) | Q(**{f"{prefix}to_day__gt": day})
    return lasts & Q(**{f"{prefix}from_day__lte": day})


def overlaps(start: dt.date, stop: dt.date | None, prefix: str = "") -> Q:
    """The rows whose interval shares a day with `[start, stop)`; `stop` null is open."""
    begins = Q() if stop is None else Q(**{f"{prefix}from_day__lt": stop})
    lasts = Q(**{f"{prefix}to_day__isnull": True}) | Q(**{f"{prefix}to_day__gt": start})
    return begins & lasts


def since(day: dt.date) -> str:
    """The first day in words: "từ 01/07/2022", or "từ trước" where it is not known."""
    return "từ trước" if day == OPEN_START else f"từ {vietnamese.day(day)}"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day `months` later (≥ 0), the last of a month that lacks it: 29/02/2024 + 12 is 28/02/2025.

    So the Civil Code of 2015 (article 148) ends a term of months; ages are completed otherwise (`vietnamese.age_on`).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


class DatedQuerySet(models.QuerySet[Row]):
    def on(self, day: dt.date) -> Self:
        """Rows in force on `day`."""
        return self.filter(holds_on(day))

    def during(self, start: dt.date, stop: dt.date | None) -> Self:
        """Rows in force on at least one day of `[start, stop)`."""
        return self.filter(overlaps(start, stop))


class Dated(models.Model):
    from_day = models.DateField("từ ngày", default=OPEN_START)
    to_day = models.DateField("trước ngày", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def last_day(self) -> dt.date | None:
        """The inclusive last day, as screens and documents say it."""
        return self.to_day - ONE_DAY if self.to_day else None

    @property
    def days_text(self) -> str:
        """First and last day in words; without the last while it lasts."""
        until = f" đến hết ngày {vietnamese.day(self.last_day)}" if self.last_day else ""
        return f"{since(self.from_day)}{until}"

    def holds_on(self, day: dt.date) -> bool:
        return self.from_day <= day and (self.to_day is None or day < self.to_day)


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint every dated table carries: an interval is never empty."""
    return models.CheckConstraint(
        condition=Q(to_day__isnull=True) | Q(to_day__gt=F("from_day")),
        name=name,
        violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
    )
