"""Awareness classes (lớp bồi dưỡng nhận thức về Đảng) as they are announced.

Django looks for models in `membership/models.py`, which imports this.
"""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from cells import vietnamese
from cells.organisations.models import Organisation


class AwarenessClassQuerySet(models.QuerySet):
    def valid(self) -> Self:
        """Without those called off."""
        return self.filter(void=False)

    def not_over(self, day: dt.date) -> Self:
        """Those whose last day is `day` or later, the first to end first."""
        return self.valid().filter(closes_on__gte=day).order_by("closes_on", "opens_on", "pk")


class AwarenessClass(models.Model):
    """One class for people of `organisation` and of all units below it; the certificate is given on its last day.

    `opens_on` and `closes_on` are both inclusive.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="awareness_classes", verbose_name="mở cho đơn vị"
    )
    name = models.CharField("tên lớp", max_length=120)
    held_by = models.CharField("nơi mở lớp", max_length=120)
    opens_on = models.DateField("khai giảng")
    closes_on = models.DateField("bế giảng")
    void = models.BooleanField("đã hủy", default=False, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = AwarenessClassQuerySet.as_manager()

    class Meta:
        verbose_name = "lớp nhận thức về Đảng"
        verbose_name_plural = "lớp nhận thức về Đảng"
        ordering = ("-opens_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="awareness_class_closes_after_opening",
                violation_error_message="Ngày bế giảng không thể ở trước ngày khai giảng.",
            ),
            models.UniqueConstraint(
                fields=("organisation", "name", "opens_on"),
                condition=Q(void=False),
                name="awareness_class_once",
                violation_error_message="Lớp này đã báo rồi.",
            ),
        ]
        indexes = [models.Index(fields=("closes_on",), name="awareness_class_by_end")]

    def __str__(self) -> str:
        return f"{self.name} ({vietnamese.day(self.opens_on)})"
