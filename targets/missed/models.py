"""Reasons that units gave for a year in which they missed their quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cells.organisations.models import Organisation
from cells.rules.models import MissReason
from targets.rows import FiguresQuerySet


class MissedReasonQuerySet(FiguresQuerySet):
    def in_force(self) -> Self:
        """The last word of each unit and year."""
        return self.filter(in_force=True)

    def in_words(self, years: Iterable[int]) -> dict[tuple[int, int], str]:
        """(unit, year) → the reasons in force of `years`, as a table prints them; one query."""
        found: dict[tuple[int, int], list[MissedReason]] = defaultdict(list)
        rows: Any = self.in_force().filter(year__in=set(years)).select_related("reason")
        for row in rows.order_by("reason__order", "reason__name"):
            found[row.organisation_id, row.year].append(row)
        return {key: said(rows) for key, rows in found.items()}


class MissedReason(models.Model):
    """One of the reasons of a unit and year. A new word takes the place of all rows of the one before, which are kept.

    The note of a word stands in each of its rows.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="missed_reasons", verbose_name="tổ chức"
    )
    year = models.PositiveSmallIntegerField("năm")
    reason = models.ForeignKey(MissReason, on_delete=models.PROTECT, related_name="+", verbose_name="lý do")
    note = models.CharField("nói rõ thêm", max_length=300, blank=True)
    said_on = models.DateField("ngày ghi")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người ghi"
    )
    word = models.PositiveSmallIntegerField("lần", default=1)
    in_force = models.BooleanField("đang dùng", default=True)

    objects = MissedReasonQuerySet.as_manager()

    class Meta:
        verbose_name = "lý do không đạt của đơn vị"
        verbose_name_plural = "lý do không đạt của đơn vị"
        ordering = ("-year", "organisation_id", "-word", "reason__order")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "year", "word", "reason"), name="missed_reason_once_a_word"
            ),
            models.UniqueConstraint(
                fields=("organisation", "year", "reason"),
                condition=Q(in_force=True),
                name="missed_reason_in_force_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.reason}"


def said(rows: Iterable[MissedReason]) -> str:
    """The reasons of one word, and its note."""
    rows = list(rows)
    reasons = "; ".join(row.reason.name for row in rows)
    return f"{reasons} ({rows[0].note})" if rows and rows[0].note else reasons
