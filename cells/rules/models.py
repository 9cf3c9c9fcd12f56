"""Dated rules and lookups: what the Organisation Board may change without code."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.rules import catalogue


class Confidence(models.TextChoices):
    PUBLIC = "P", "văn bản công khai"
    REPORTED = "R", "nguồn thứ cấp"
    MEMORY = "M", "cần xác nhận"


class RuleQuerySet(DatedQuerySet["Rule"]):
    def of(self, key: str, day: dt.date) -> Rule:
        """The version of rule `key` in force on `day`; `Rule.DoesNotExist` if none is."""
        return self.on(day).get(key=key)


class Rule(Dated):
    """One version of one rule: its value, words and source (`domain.md` §1.1)."""

    key = models.CharField("quy định", max_length=60, choices=catalogue.CHOICES)
    value = models.CharField("giá trị", max_length=60)
    document = models.CharField("văn bản", max_length=200)
    text = models.TextField("nội dung")
    confidence = models.CharField("độ tin cậy", max_length=1, choices=Confidence.choices, default=Confidence.MEMORY)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = "quy định"
        verbose_name_plural = "quy định"
        ordering = ("key", "from_day")
        constraints = [
            ends_after_start("rule_ends_after_start"),
            models.UniqueConstraint(
                fields=("key", "from_day"),
                name="rule_one_version_a_day",
                violation_error_message="Quy định này đã có một phiên bản từ ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.value} ({self.document})"

    @property
    def number(self) -> int:
        """The value of a rule that is a whole number; ValueError if it is none."""
        return int(self.value)

    @property
    def share(self) -> Fraction:
        """The value of a rule that is a share, exact; ValueError if it is none."""
        return Fraction(self.value)

    def clean(self) -> None:
        error = catalogue.problem(self.key, self.value)
        if error:
            raise ValidationError({"value": error})
        others = Rule.objects.filter(key=self.key).exclude(pk=self.pk)
        if self.from_day and others.during(self.from_day, self.to_day).exists():
            raise ValidationError({"from_day": "Quy định này đã có phiên bản khác trong thời gian đó."})


class CalendarYear(models.Model):
    """A year whose days off were announced; a deadline that runs into a later year is provisional."""

    year = models.PositiveSmallIntegerField("năm", unique=True, validators=[MinValueValidator(1990)])
    document = models.CharField("văn bản công bố", max_length=300)
    confidence = models.CharField("độ tin cậy", max_length=1, choices=Confidence.choices, default=Confidence.MEMORY)

    class Meta:
        verbose_name = "lịch nghỉ của năm"
        verbose_name_plural = "lịch nghỉ"
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"lịch nghỉ năm {self.year}"


class CalendarDay(models.Model):
    """A day that an official notice makes a working day, or a day off; it goes before weekends and holidays."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days", verbose_name="năm")
    day = models.DateField("ngày", unique=True)
    worked = models.BooleanField("đi làm", default=False, help_text="Để trống là ngày nghỉ.")
    reason = models.CharField("lý do", max_length=120)
    document = models.CharField("văn bản", max_length=300)
    confidence = models.CharField("độ tin cậy", max_length=1, choices=Confidence.choices, default=Confidence.MEMORY)

    class Meta:
        verbose_name = "ngày khác lịch thường"
        verbose_name_plural = "ngày khác lịch thường"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {'đi làm' if self.worked else 'nghỉ'}"


class Lookup(Dated):
    """A row of a list of values, with the days on which it may be chosen."""

    code = models.SlugField("mã", max_length=60, unique=True)
    name = models.CharField("tên", max_length=120)
    aliases = models.CharField("cách viết khác", max_length=300, blank=True, help_text="Cách nhau bằng dấu ;")
    order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        abstract = True
        ordering = ("order", "name")

    def __str__(self) -> str:
        return self.name

    def spellings(self) -> list[str]:
        """Every way a sheet may write it."""
        return [self.name, *(part.strip() for part in self.aliases.split(";") if part.strip())]


class Kind(Lookup):
    """Kind of an organisation (loại tổ chức, `workbooks.md`)."""

    class Level(models.TextChoices):
        TOP = "top", "cấp trên cơ sở"
        BASE = "base", "tổ chức cơ sở đảng"
        INNER = "inner", "trực thuộc cơ sở"
        BRANCH = "branch", "chi bộ"
        GROUP = "group", "tổ đảng"

    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    has_committee = models.BooleanField("là đảng bộ", default=False)

    class Meta(Lookup.Meta):
        verbose_name = "loại tổ chức"
        verbose_name_plural = "loại tổ chức"

    @property
    def is_branch(self) -> bool:
        """True where members meet and vote: branches and base branches."""
        return self.level == self.Level.BRANCH or (self.level == self.Level.BASE and not self.has_committee)


class Sector(Lookup):
    """Sector of an organisation (loại hình)."""

    class Meta(Lookup.Meta):
        verbose_name = "loại hình"
        verbose_name_plural = "loại hình"


class Stratum(Lookup):
    """Stratum of the people (diện), several to a person."""

    class Meta(Lookup.Meta):
        verbose_name = "diện"
        verbose_name_plural = "diện"


class ExitReason(Lookup):
    """Why a candidate leaves the list (dừng theo dõi)."""

    class Meta(Lookup.Meta):
        verbose_name = "lý do dừng theo dõi"
        verbose_name_plural = "lý do dừng theo dõi"


class MissReason(Lookup):
    """Why a unit did not reach its quota (lý do không đạt, `domain.md` §5)."""

    also_sources = models.BooleanField("cũng là lý do hết nguồn", default=False)

    class Meta(Lookup.Meta):
        verbose_name = "lý do không đạt chỉ tiêu"
        verbose_name_plural = "lý do không đạt chỉ tiêu"
