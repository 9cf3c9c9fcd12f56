"""Quotas and their versions: what a unit gives its direct children and its bodies for a year (C20, C26)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cells.bodies.models import Body
from cells.organisations.models import Organisation
from targets.rows import FiguresQuerySet

ADJUSTED, ORIGINAL = "adjusted", "original"
#: which number of a unit a report takes
VERSIONS = {ADJUSTED: "chỉ tiêu đang dùng", ORIGINAL: "chỉ tiêu giao lần đầu"}


class QuotaIssueQuerySet(models.QuerySet):
    def of(self, issuer: int, year: int, own: bool = False):
        """The versions of what `issuer` gives for `year`, the draft last."""
        return self.filter(issuer=issuer, year=year, own=own).order_by(F("number").asc(nulls_last=True))

    def issued(self, seen: dt.date | None = None):
        """Without drafts; `seen` a past day: those decided by then, or whose day is not known."""
        issued = self.filter(state=QuotaIssue.State.ISSUED)
        return issued if seen is None else issued.filter(Q(decided_on=None) | Q(decided_on__lte=seen))

    def drafts(self):
        return self.filter(state=QuotaIssue.State.DRAFT)


class QuotaIssue(models.Model):
    """One version of what a unit gives for a year; an adjustment is the next one, and none is ever edited.

    `own`: the number of a top organisation itself, given from outside the tree. A draft has no `number` yet; it may
    be written anew and thrown away. `explanation` says why what is given differs from what the issuer was given.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "bản nháp"
        ISSUED = "issued", "đã giao"

    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="quota_issues", verbose_name="nơi giao"
    )
    year = models.PositiveSmallIntegerField("năm")
    own = models.BooleanField("chỉ tiêu của chính nơi này, cấp trên ngoài hệ thống giao", default=False)
    number = models.PositiveSmallIntegerField("lần", null=True, blank=True)
    state = models.CharField("tình trạng", max_length=6, choices=State.choices, default=State.DRAFT)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày", null=True, blank=True)
    reason = models.CharField("lý do điều chỉnh", max_length=300, blank=True)
    explanation = models.CharField("giải thích chênh lệch", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người ghi"
    )
    made_at = models.DateTimeField("ghi lúc", auto_now=True)

    objects = QuotaIssueQuerySet.as_manager()

    class Meta:
        verbose_name = "lần giao chỉ tiêu"
        verbose_name_plural = "lần giao chỉ tiêu"
        ordering = ("-year", "issuer_id", "number")
        constraints = [
            models.UniqueConstraint(fields=("issuer", "year", "own", "number"), name="quota_issue_once"),
            models.UniqueConstraint(
                fields=("issuer", "year", "own"), condition=Q(state="draft"), name="quota_issue_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True) | Q(state="issued", number__gte=1),
                name="quota_issue_numbered_when_issued",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """`giao lần đầu`, `điều chỉnh lần 1`, `bản nháp`."""
        if self.number is None:
            return "bản nháp"
        return "giao lần đầu" if self.number == 1 else f"điều chỉnh lần {self.number - 1}"


class QuotaQuerySet(FiguresQuerySet):
    def in_force(self):
        """The number that holds for each unit and year: of the last version that names it."""
        return self.filter(in_force=True)

    def as_given(self, version: str, seen: dt.date | None = None):
        """The number of each unit and year: the ORIGINAL one, or as ADJUSTED since; in no order.

        `seen` a past day: of what was decided by then, so that a unit may come several times, and its last row is
        the one that held. What has no day of decision has always held.
        """
        if seen is None:
            return self.filter(original=True).order_by() if version == ORIGINAL else self.in_force().order_by()
        decided = self.filter(issue__in=QuotaIssue.objects.issued(seen))
        if version == ORIGINAL:
            return decided.filter(original=True).order_by()
        return decided.order_by("in_force", F("issue__decided_on").asc(nulls_first=True), "issue__number", "pk")

    def issued(self):
        return self.filter(issue__state=QuotaIssue.State.ISSUED)


class Line(models.Model):
    """One line of a version. `in_force` and `original` say which of the versions of a year a figure takes."""

    year = models.PositiveSmallIntegerField("năm")
    in_force = models.BooleanField("đang dùng", default=False)
    original = models.BooleanField("giao lần đầu", default=False)

    class Meta:
        abstract = True


class Quota(Line):
    """The quota of a unit for a year; null is "not given", 0 asks for nothing. Quotas never roll up.

    Each number may keep the sentence with which the assistant proposed it ("" where somebody typed it).
    """

    issue = models.ForeignKey(QuotaIssue, on_delete=models.CASCADE, related_name="lines", verbose_name="lần giao")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="quotas", verbose_name="tổ chức"
    )
    admission = models.PositiveIntegerField("chỉ tiêu kết nạp", null=True, blank=True)
    fostering = models.PositiveIntegerField("chỉ tiêu bồi dưỡng", null=True, blank=True)
    admission_why = models.TextField("vì sao chỉ tiêu kết nạp", blank=True)
    fostering_why = models.TextField("vì sao chỉ tiêu bồi dưỡng", blank=True)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu được giao"
        verbose_name_plural = "chỉ tiêu được giao"
        ordering = ("-year", "organisation_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("issue", "organisation"), name="quota_once_a_version"),
            models.UniqueConstraint(
                fields=("organisation", "year"), condition=Q(in_force=True), name="quota_one_in_force"
            ),
            models.UniqueConstraint(
                fields=("organisation", "year"), condition=Q(original=True), name="quota_one_original"
            ),
        ]
        indexes = [models.Index(fields=("year", "organisation"), name="quota_of_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.admission}/{self.fostering}"

    @property
    def is_blank(self) -> bool:
        return self.admission is None and self.fostering is None

    @property
    def whys(self) -> dict[str, str]:
        """Line → the sentence its number was proposed with; without those that have none."""
        found = {"admission": self.admission_why, "fostering": self.fostering_why}
        return {line: why for line, why in found.items() if why}

    def whys_of(self, admission: int | None, fostering: int | None) -> dict[str, str]:
        """As `whys`, of those numbers that these leave as they are."""
        now = {"admission": admission, "fostering": fostering}
        return {line: why for line, why in self.whys.items() if now[line] == getattr(self, line)}


class BodyQuota(Line):
    """How many people a body is to find and introduce in a year (C26)."""

    issue = models.ForeignKey(QuotaIssue, on_delete=models.CASCADE, related_name="body_lines", verbose_name="lần giao")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="quotas", verbose_name="đoàn thể")
    introductions = models.PositiveIntegerField("phát hiện, giới thiệu", null=True, blank=True)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu của đoàn thể"
        verbose_name_plural = "chỉ tiêu của đoàn thể"
        ordering = ("-year", "body_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("issue", "body"), name="body_quota_once_a_version"),
            models.UniqueConstraint(
                fields=("body", "year"), condition=Q(in_force=True), name="body_quota_one_in_force"
            ),
            models.UniqueConstraint(
                fields=("body", "year"), condition=Q(original=True), name="body_quota_one_original"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.introductions}"
