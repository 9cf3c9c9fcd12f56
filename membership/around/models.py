"""Who helps and introduces somebody, and what was asked of others about them.

Django looks for models in `membership/models.py`, which imports these; so they name the others as text.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.people.models import Person


class RowQuerySet(DatedQuerySet):
    def valid(self):
        """Without those entered wrongly and taken back."""
        return self.filter(void=False)


class AboutCase(models.Model):
    candidacy: Any = models.ForeignKey(
        "membership.Candidacy", on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="hồ sơ"
    )
    number = models.CharField("số văn bản", max_length=60, blank=True)
    void = models.BooleanField("đã hủy", default=False, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True


class Named(models.Model):
    """A member of the register, or a name where the branch keeps none yet."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đảng viên"
    )
    name = models.CharField("họ và tên ghi tay", max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def called(self) -> str:
        return self.person.name if self.person else self.name


def _somebody(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")), name=name
    )


def _once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=("candidacy", "person"),
        condition=Q(to_day__isnull=True, void=False),
        name=name,
        violation_error_message="Người này đang được ghi rồi.",
    )


class Helper(AboutCase, Named, Dated):
    """A full member whom the branch told to help somebody (đảng viên giúp đỡ), from a day on."""

    class Meta:
        verbose_name = "người giúp đỡ"
        verbose_name_plural = "người giúp đỡ"
        ordering = ("candidacy_id", "from_day", "id")
        constraints = [
            ends_after_start("helper_ends_after_start"),
            _somebody("helper_is_somebody"),
            _once("helper_once"),
        ]

    def __str__(self) -> str:
        return f"người giúp đỡ {self.pk}"


class Introducer(AboutCase, Named, Dated):
    """Who introduces somebody into the Party: a full member, or the committee of the youth or trade union.

    A member of another branch of the same base organisation is told by name; its register is not the branch's to read.
    `replaces`: the one who moved away, was disciplined…; who comes instead need not have been together for long.
    `written_on` is the day of the introduction or resolution (forms 3, 4 and 4A), `number` its number.
    """

    class Kind(models.TextChoices):
        MEMBER = "member", "đảng viên chính thức"
        NEIGHBOUR = "neighbour", "đảng viên chính thức chi bộ khác cùng đảng bộ cơ sở"
        YOUTH_UNION = "youth_union", "Ban Chấp hành Đoàn"
        TRADE_UNION = "trade_union", "Ban Chấp hành Công đoàn"

    class Cause(models.TextChoices):
        MOVED = "moved", "chuyển đi nơi khác"
        DISCIPLINED = "disciplined", "bị kỷ luật"
        OTHER = "other", "lý do khác"

    kind = models.CharField("ai giới thiệu", max_length=12, choices=Kind.choices, default=Kind.MEMBER)
    together_since = models.DateField("cùng công tác, lao động, học tập hoặc cư trú từ", null=True, blank=True)
    written_on = models.DateField("ngày giấy giới thiệu", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="thay cho"
    )
    ended_because = models.CharField("thôi giới thiệu vì", max_length=12, choices=Cause.choices, blank=True)

    class Meta:
        verbose_name = "người giới thiệu"
        verbose_name_plural = "người giới thiệu"
        ordering = ("candidacy_id", "from_day", "id")
        constraints = [
            ends_after_start("introducer_ends_after_start"),
            _somebody("introducer_is_somebody"),
            _once("introducer_once"),
        ]

    def __str__(self) -> str:
        return f"người giới thiệu {self.pk}"

    @property
    def is_member(self) -> bool:
        return self.kind in (self.Kind.MEMBER, self.Kind.NEIGHBOUR)


class Verification(AboutCase):
    """What was asked about the person or a relative (thẩm tra lý lịch), or that a relative need not be asked about."""

    class Relation(models.TextChoices):
        SELF = "self", "bản thân"
        FATHER = "father", "cha đẻ"
        MOTHER = "mother", "mẹ đẻ"
        RAISER = "raiser", "người nuôi dưỡng"
        SPOUSE = "spouse", "vợ hoặc chồng"
        SPOUSE_FATHER = "spouse_father", "cha vợ hoặc cha chồng"
        SPOUSE_MOTHER = "spouse_mother", "mẹ vợ hoặc mẹ chồng"
        SIBLING = "sibling", "anh, chị, em ruột"
        CHILD = "child", "con đẻ"

    class Result(models.TextChoices):
        CLEAR = "clear", "đạt"
        UNCLEAR = "unclear", "cần làm rõ"

    relation = models.CharField("quan hệ", max_length=16, choices=Relation.choices)
    exempt = models.BooleanField("là đảng viên, không phải thẩm tra", default=False)
    place = models.CharField("nơi hỏi", max_length=200, blank=True)
    asked_on = models.DateField("ngày gửi", null=True, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    result = models.CharField("kết quả", max_length=8, choices=Result.choices, blank=True)
    cleared_on = models.DateField("ngày làm rõ", null=True, blank=True)

    class Meta:
        verbose_name = "thẩm tra lý lịch"
        verbose_name_plural = "thẩm tra lý lịch"
        ordering = ("candidacy_id", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(exempt=True, asked_on__isnull=True) | Q(exempt=False, asked_on__isnull=False),
                name="verification_asked_or_exempt",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, result="") | (Q(answered_on__gte=F("asked_on")) & ~Q(result="")),
                name="verification_answered_after_asked",
            ),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | Q(cleared_on__gte=F("answered_on")),
                name="verification_cleared_after_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"thẩm tra {self.pk}"

    @property
    def is_settled(self) -> bool:
        """Nothing more is to be asked."""
        return self.exempt or self.result == self.Result.CLEAR or self.cleared_on is not None


class Opinion(AboutCase):
    """What an organisation at work, or the branch committee where the person lives, thinks of the person."""

    class Source(models.TextChoices):
        WORK = "work", "tổ chức chính trị - xã hội nơi làm việc, học tập"
        RESIDENCE = "residence", "chi ủy (chi bộ) nơi cư trú"

    source = models.CharField("lấy ý kiến của", max_length=10, choices=Source.choices)
    asked_of = models.CharField("tên tổ chức", max_length=200)
    asked_on = models.DateField("ngày gửi")
    received_on = models.DateField("ngày nhận", null=True, blank=True)

    class Meta:
        verbose_name = "ý kiến nhận xét"
        verbose_name_plural = "ý kiến nhận xét"
        ordering = ("candidacy_id", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("asked_on")),
                name="opinion_received_after_asked",
            )
        ]

    def __str__(self) -> str:
        return f"ý kiến nhận xét {self.pk}"
