"""Which papers the rules ask for, and those a case has.

Django looks for models in `membership/models.py`, which imports these; so they name the others as text.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.rules.models import Confidence
from membership.papers.conditions import CONDITIONS
from membership.stages import Stage

#: after all stages of the case: the branch's vote at the end of the probation
RECOGNITION = "recognition"
NEEDED_FOR = [*Stage.choices, (RECOGNITION, "Chi bộ xét công nhận chính thức")]


class PaperRule(Dated):
    """One paper that a stage cannot be reached without, under one version of the guidance (`domain.md` §1.2, §1.3).

    Names and numbers of the forms differ by guidance, so each version is a row of its own.
    """

    code = models.SlugField("mã", max_length=40)
    name = models.CharField("tên giấy tờ", max_length=200)
    form = models.CharField("mẫu", max_length=20, blank=True)
    stage = models.CharField("cần trước khi đến giai đoạn", max_length=16, choices=NEEDED_FOR)
    condition = models.CharField(
        "của ai", max_length=20, choices=[(code, one.label) for code, one in CONDITIONS.items()], default="always"
    )
    until = models.CharField("phải còn giá trị đến khi", max_length=16, choices=NEEDED_FOR, default=Stage.DECIDED)
    valid_months = models.PositiveSmallIntegerField("có giá trị (tháng)", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    document = models.CharField("văn bản", max_length=200)
    text = models.TextField("nội dung", blank=True)
    confidence = models.CharField("độ tin cậy", max_length=1, choices=Confidence.choices, default=Confidence.MEMORY)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy tờ phải có"
        verbose_name_plural = "giấy tờ phải có"
        ordering = ("order", "code", "from_day")
        constraints = [
            ends_after_start("paper_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=("code", "from_day"),
                name="paper_rule_one_version_a_day",
                violation_error_message="Giấy tờ này đã có một phiên bản từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.form})" if self.form else self.name


class PaperQuerySet(models.QuerySet):
    def valid(self):
        """Without those taken back by a correction."""
        return self.filter(void=False)


class Paper(models.Model):
    """A paper that a case has; a newer one of the same code takes its place, and both stay."""

    candidacy: Any = models.ForeignKey(
        "membership.Candidacy", on_delete=models.PROTECT, related_name="papers", verbose_name="hồ sơ"
    )
    code = models.SlugField("giấy tờ", max_length=40)
    number = models.CharField("số", max_length=60, blank=True)
    issued_on = models.DateField("ngày", null=True, blank=True)
    issuer = models.CharField("nơi cấp, người lập", max_length=200, blank=True)
    kept_at = models.CharField("nơi lưu", max_length=200, blank=True)
    expires_on = models.DateField("hết giá trị từ ngày", null=True, blank=True)
    void = models.BooleanField("đã hủy", default=False, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy tờ của hồ sơ"
        verbose_name_plural = "giấy tờ của hồ sơ"
        ordering = ("candidacy_id", "code", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(expires_on__gt=models.F("issued_on")),
                name="paper_expires_after_issue",
                violation_error_message="Ngày hết giá trị phải sau ngày cấp.",
            )
        ]
        indexes = [models.Index(fields=("candidacy", "code"), name="paper_of_case")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    def is_dated_by(self, day: dt.date) -> bool:
        """Whether it was there on `day`, as far as its own day tells."""
        return self.issued_on is None or self.issued_on <= day

    def holds_on(self, day: dt.date) -> bool:
        """Whether it may be used on `day`; the day it expires it may not."""
        return self.expires_on is None or day < self.expires_on
