"""Operations that are not done yet: those that wait for their day, and corrections that wait for a second person."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from cells.organisations.models import Operation, Organisation
from cells.second_person import Proposed, by_another


class WaitingQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=WaitingOperation.State.WAITING).order_by("day", "pk")

    def due(self, today: dt.date):
        """Those whose day has come, in the order in which they are done."""
        return self.waiting().filter(day__lte=today).select_related("organisation", "made_by")


class WaitingOperation(models.Model):
    """An operation decided today that takes effect on a day to come; `item` is what its deed will be given."""

    class State(models.TextChoices):
        WAITING = "waiting", "chờ đến ngày"
        DONE = "done", "đã thực hiện"
        CALLED_OFF = "called_off", "đã thôi"

    day = models.DateField("ngày có hiệu lực")
    work = models.CharField("việc", max_length=12, choices=Operation.Work.choices)
    #: the unit on whose page it was entered: the unit itself, or the one above a unit to be
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="waiting_operations", verbose_name="tổ chức"
    )
    item = models.JSONField("nội dung")
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.WAITING)
    problem = models.CharField("vì sao chưa làm được", max_length=500, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người ghi"
    )
    made_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    settled_at = models.DateTimeField("xong lúc", null=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = "việc sắp xếp chờ đến ngày"
        verbose_name_plural = "việc sắp xếp chờ đến ngày"
        ordering = ("day", "id")
        indexes = [models.Index(fields=("state", "day"), name="waiting_operation_by_day")]

    def __str__(self) -> str:
        return f"{self.get_work_display()} {self.day}"


class OperationCorrection(Proposed):
    """That an operation was recorded wrongly: done anew with `item`, or taken back where that is null."""

    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, related_name="corrections", verbose_name="việc sắp xếp"
    )
    item = models.JSONField("nội dung đúng", null=True)

    class Meta:
        verbose_name = "đính chính việc sắp xếp"
        verbose_name_plural = "đính chính việc sắp xếp"
        ordering = ("-id",)
        constraints = [
            by_another("operation_correction_second_person"),
            models.UniqueConstraint(
                fields=("operation",),
                condition=Q(state="waiting"),
                name="operation_correction_one_waiting",
                violation_error_message="Việc này đang có một đính chính chờ duyệt.",
            ),
        ]

    def __str__(self) -> str:
        return f"đính chính {self.operation_id}"
