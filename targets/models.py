"""What was promised, and the figures that come as declared: bases, results, quotas."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from cells.organisations.models import Organisation
from cells.rules.models import Sector
from cells.second_person import Proposed, by_another
from membership.models import Spell
from targets.missed.models import MissedReason
from targets.quotas.models import BodyQuota, Quota, QuotaIssue
from targets.rows import FiguresQuerySet
from targets.sources.models import Sources

#: The counts a unit may declare, headed as in the sheet `Ket qua`.
RESULTS = {
    "admitted": "Kết nạp",
    "readmitted": "Kết nạp lại",
    "fostered": "Bồi dưỡng",
    "recognised": "Công nhận chính thức",
    "transferred_in": "Chuyển đến",
    "transferred_out": "Chuyển đi",
    "deceased": "Từ trần",
    "struck_off": "Xóa tên",
    "resigned": "Xin ra",
    "expelled": "Khai trừ",
    "joined": "Tiếp nhận theo tổ chức",
    "left": "Chuyển ra theo tổ chức",
}


class Programme(models.Model):
    """A document that sets targets for a span of years (C12)."""

    title = models.CharField("tên chương trình", max_length=200)
    document = models.CharField("văn bản", max_length=200)
    from_year = models.PositiveSmallIntegerField("từ năm")
    to_year = models.PositiveSmallIntegerField("đến hết năm")
    confirmed = models.BooleanField("đã xác nhận", default=True)

    class Meta:
        verbose_name = "chương trình chỉ tiêu"
        verbose_name_plural = "chương trình chỉ tiêu"
        ordering = ("from_year", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_year__gte=F("from_year")),
                name="programme_years_in_order",
                violation_error_message="Năm kết thúc phải không trước năm bắt đầu.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Target(models.Model):
    """One figure that a programme asks for."""

    class Line(models.TextChoices):
        ADMISSION = "admission", "kết nạp"
        FOSTERING = "fostering", "bồi dưỡng tạo nguồn"

    class Kind(models.TextChoices):
        NUMBER = "number", "số lượng"
        RATE = "rate", "tỷ lệ so với đảng viên đầu năm"
        MINIMUM_EACH = "minimum_each", "ít nhất, mỗi đơn vị"
        MINIMUM_AVERAGE = "minimum_average", "ít nhất, bình quân"
        COVERAGE = "coverage", "tỷ lệ đơn vị đạt"

    #: the kinds whose value is per cent
    IN_PERCENT = (Kind.RATE, Kind.COVERAGE)

    class Span(models.TextChoices):
        YEAR = "year", "mỗi năm"
        WHOLE = "whole", "cả giai đoạn"

    class Where(models.TextChoices):
        TOP = "top", "toàn đảng bộ"
        BASE = "base", "tổ chức cơ sở đảng"
        BRANCH = "branch", "chi bộ"
        SECTOR = "sector", "chi bộ thuộc loại hình"

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="targets", verbose_name="chương trình"
    )
    line = models.CharField("công việc", max_length=10, choices=Line.choices)
    kind = models.CharField("dạng chỉ tiêu", max_length=16, choices=Kind.choices)
    value = models.DecimalField("giá trị (số, hoặc %)", max_digits=12, decimal_places=4)
    upper = models.DecimalField("đến (nếu là khoảng)", max_digits=12, decimal_places=4, null=True, blank=True)
    span = models.CharField("tính", max_length=6, choices=Span.choices, default=Span.YEAR)
    where = models.CharField("áp dụng cho", max_length=8, choices=Where.choices)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, null=True, blank=True, verbose_name="loại hình")
    with_sources_only = models.BooleanField("chỉ nơi còn nguồn", default=False)
    primary = models.BooleanField("chỉ tiêu chính", default=False)
    text = models.TextField("nguyên văn", blank=True)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ("programme", "id")
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
            models.CheckConstraint(
                condition=~Q(kind__in=("rate", "coverage")) | Q(value__lte=100),
                name="target_percent_at_most_100",
                violation_error_message="Tỷ lệ không quá 100%%.",  # the message is a format
            ),
            models.CheckConstraint(
                condition=~Q(where="sector") | Q(sector__isnull=False),
                name="target_sector_named",
                violation_error_message="Chọn loại hình mà chỉ tiêu áp dụng.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_line_display()} {self.value}"

    @property
    def share(self) -> Fraction:
        """The value of a rate as an exact share of one (3.5 → 7/200)."""
        return Fraction(self.value) / 100


class BaseQuerySet(FiguresQuerySet):
    def corrected(self):
        """With `used`, the number every figure takes: the total as entered and its approved corrections."""
        approved = (
            BaseCorrection.objects.filter(base=OuterRef("pk"), state=BaseCorrection.State.APPROVED)
            .order_by()
            .values("base")
            .annotate(all=Sum("difference"))
        )
        return self.annotate(used=F("total") + Coalesce(Subquery(approved.values("all")), 0))

    def parts(self):
        """(unit, year, number), of which those of a unit and year add up to `used`: for many at once."""
        approved = BaseCorrection.objects.filter(state=BaseCorrection.State.APPROVED, base__in=self.order_by())
        corrections = approved.order_by().values_list("base__organisation", "base__year", "difference")
        return self.order_by().values_list("organisation_id", "year", "total").union(corrections, all=True)

    def beside_register(self, year: int):
        """Those of `year` with `used`, `registered` (who the register has at the turn into 1/1 now) and `residual`."""
        members = (
            Spell.objects.at_start_of(dt.date(year, 1, 1))
            .filter(organisation=OuterRef("organisation"))
            .order_by()
            .values("organisation")
            .annotate(all=Count("pk"))
        )
        counted = self.filter(year=year).corrected().annotate(registered=Coalesce(Subquery(members.values("all")), 0))
        return counted.annotate(residual=F("registered") - F("used"))


class Base(models.Model):
    """Members of a unit at the start of a year (1/1); never moves (`architecture.md`, "Base").

    What was wrong in it is put right by a `BaseCorrection`, never by another `total`. `made_at` is null in rows
    from before who and when were kept; `made_by` null beside it is the system.
    """

    class Origin(models.TextChoices):
        DECLARED = "declared", "khai báo"
        FROZEN = "frozen", "chốt từ sổ"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="bases", verbose_name="tổ chức"
    )
    year = models.PositiveSmallIntegerField("năm")
    total = models.PositiveIntegerField("tổng số đảng viên")
    full = models.PositiveIntegerField("chính thức", null=True, blank=True)
    probationary = models.PositiveIntegerField("dự bị", null=True, blank=True)
    female = models.PositiveIntegerField("nữ", null=True, blank=True)
    origin = models.CharField("nguồn", max_length=8, choices=Origin.choices, default=Origin.DECLARED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người chốt"
    )
    made_at = models.DateTimeField("chốt lúc", null=True, auto_now_add=True)

    objects = BaseQuerySet.as_manager()

    class Meta:
        verbose_name = "số đảng viên đầu năm"
        verbose_name_plural = "số đảng viên đầu năm"
        ordering = ("-year", "organisation_id")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "year"),
                name="base_once_a_year",
                violation_error_message="Tổ chức này đã có số đầu năm của năm đó.",
            ),
            models.CheckConstraint(
                condition=Q(full__isnull=True) | Q(probationary__isnull=True) | Q(total=F("full") + F("probationary")),
                name="base_parts_add_up",
                violation_error_message="Chính thức cộng dự bị phải bằng tổng số đảng viên.",
            ),
            models.CheckConstraint(
                condition=Q(female__isnull=True) | Q(female__lte=F("total")),
                name="base_women_within_total",
                violation_error_message="Số nữ không thể lớn hơn tổng số đảng viên.",
            ),
        ]
        indexes = [models.Index(fields=("year", "organisation"), name="base_of_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.total}"

    def made_in_words(self, *, named: bool = True) -> str:
        """When it was made and, if `named`, by whom: `lúc 08:15 02/01/2024 (Lê Văn Đầu)`; "" where that is unknown."""
        if self.made_at is None:
            return ""
        said = f"lúc {timezone.localtime(self.made_at):%H:%M %d/%m/%Y}"
        who = self.made_by.get_full_name() if self.made_by else "hệ thống"
        return f"{said} ({who})" if named else said


class BaseCorrection(Proposed):
    """A signed difference to a base, with its reason; it counts once a second person has approved it."""

    base = models.ForeignKey(
        Base, on_delete=models.PROTECT, related_name="corrections", verbose_name="số đảng viên đầu năm"
    )
    difference = models.IntegerField("chênh lệch")

    class Meta:
        verbose_name = "đính chính số đầu năm"
        verbose_name_plural = "đính chính số đầu năm"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(difference=0), name="base_correction_says_something"),
            by_another("base_correction_second_person"),
            models.UniqueConstraint(
                fields=("base",),
                condition=Q(state="waiting"),
                name="base_correction_one_waiting",
                violation_error_message="Số đầu năm này đang có một đính chính chờ duyệt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.difference:+d}"


class DeclaredResult(models.Model):
    """Figures a unit declares for a year or a month; a value here replaces the register's."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="declared_results", verbose_name="tổ chức"
    )
    year = models.PositiveSmallIntegerField("năm")
    month = models.PositiveSmallIntegerField("tháng", null=True, blank=True)
    admitted = models.PositiveIntegerField("kết nạp", null=True, blank=True)
    readmitted = models.PositiveIntegerField("kết nạp lại", null=True, blank=True)
    fostered = models.PositiveIntegerField("bồi dưỡng", null=True, blank=True)
    recognised = models.PositiveIntegerField("công nhận chính thức", null=True, blank=True)
    transferred_in = models.PositiveIntegerField("chuyển đến", null=True, blank=True)
    transferred_out = models.PositiveIntegerField("chuyển đi", null=True, blank=True)
    deceased = models.PositiveIntegerField("từ trần", null=True, blank=True)
    struck_off = models.PositiveIntegerField("xóa tên", null=True, blank=True)
    resigned = models.PositiveIntegerField("xin ra", null=True, blank=True)
    expelled = models.PositiveIntegerField("khai trừ", null=True, blank=True)
    joined = models.PositiveIntegerField("tiếp nhận theo tổ chức", null=True, blank=True)
    left = models.PositiveIntegerField("chuyển ra theo tổ chức", null=True, blank=True)

    objects = FiguresQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả khai báo"
        verbose_name_plural = "kết quả khai báo"
        ordering = ("-year", "month", "organisation_id")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "year", "month"),
                name="declared_once_a_month",
                violation_error_message="Tổ chức này đã có số liệu của tháng đó.",
            ),
            models.UniqueConstraint(
                fields=("organisation", "year"),
                condition=Q(month__isnull=True),
                name="declared_once_a_year",
                violation_error_message="Tổ chức này đã có số liệu của năm đó.",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)),
                name="declared_month_1_to_12",
                violation_error_message="Tháng từ 1 đến 12.",
            ),
        ]
        indexes = [models.Index(fields=("year", "organisation"), name="declared_of_year")]

    def __str__(self) -> str:
        return f"{self.month or ''}/{self.year}"


__all__ = [
    "RESULTS",
    "Base",
    "BaseCorrection",
    "BodyQuota",
    "DeclaredResult",
    "MissedReason",
    "Programme",
    "Quota",
    "QuotaIssue",
    "Sources",
    "Target",
]
