"""What the clocks stand on besides steps and spells, and their derived rows (`docs/decisions/0010-clocks.md`)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cells.organisations import tree
from cells.organisations.models import Organisation
from cells.rules.models import Rule


class Kind(models.TextChoices):
    """The clocks in the order in which they begin; the labels complete «Hạn …»."""

    CERTIFICATE = "certificate", "chứng nhận lớp nhận thức còn giá trị"
    DECISION = "decision", "cấp có thẩm quyền quyết định"
    DOSSIER = "dossier", "nghị quyết chi bộ, thẩm tra lý lịch còn giá trị"
    CEREMONY = "ceremony", "tổ chức lễ kết nạp"
    MEMBER_FILE = "member_file", "hoàn thành lý lịch đảng viên"
    PROBATION = "probation", "hết thời gian dự bị"
    REVIEW = "review", "chi bộ xét công nhận chính thức"
    RECOGNITION = "recognition", "quyết định công nhận chính thức"


#: somebody must act in time
DUTIES = (Kind.DECISION, Kind.CEREMONY, Kind.MEMBER_FILE, Kind.REVIEW, Kind.RECOGNITION)
#: a paper loses its worth
VALIDITIES = (Kind.CERTIFICATE, Kind.DOSSIER)
#: days before the end at which a clock speaks up
MARKS = (90, 60, 30, 15, 7, 0)
#: «sắp đến hạn»: due within so many days
SOON = 30
#: clocks that a deciding committee may extend
EXTENDABLE = (Kind.DECISION, Kind.RECOGNITION)


class Outcome(models.TextChoices):
    MET = "met", "đã làm"
    STOPPED = "stopped", "không còn phải làm"


class OfOneWay(models.Model):
    """Something of a case, or of an admission, told by its first spell: a member received here has no case."""

    candidacy = models.ForeignKey(
        "membership.Candidacy", on_delete=models.PROTECT, null=True, related_name="%(class)ss", verbose_name="hồ sơ"
    )
    admission = models.ForeignKey(
        "membership.Spell", on_delete=models.PROTECT, null=True, related_name="%(class)ss", verbose_name="lần kết nạp"
    )
    reason = models.CharField("lý do", max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


def of_one(name: str, *, other: str = "admission") -> models.CheckConstraint:
    """Exactly one of `candidacy` and `other` is there."""
    absent = Q(**{f"{other}__isnull": True})
    return models.CheckConstraint(
        condition=Q(candidacy__isnull=False) & absent | Q(candidacy__isnull=True) & ~absent, name=name
    )


class Milestone(OfOneWay):
    """A day that clocks need and no step holds. The last one recorded of a sort counts."""

    class What(models.TextChoices):
        CERTIFICATE = "certificate", "cấp chứng nhận lớp nhận thức mới"
        RECEIVED = "received", "chi bộ nhận quyết định kết nạp"
        MEMBER_FILE = "member_file", "hoàn thành lý lịch đảng viên"

    what = models.CharField("việc", max_length=12, choices=What.choices)
    day = models.DateField("ngày")
    number = models.CharField("số văn bản", max_length=60, blank=True)
    on_behalf = models.BooleanField("nhập thay", default=False)

    class Meta:
        verbose_name = "mốc thời gian"
        verbose_name_plural = "mốc thời gian"
        ordering = ("id",)
        constraints = [of_one("milestone_of_one")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.day}"


class Extension(OfOneWay):
    """A clock given more working days, once, by the paper of the deciding committee; a dossier begun anew has clocks of
    its own."""

    kind = models.CharField("thời hạn", max_length=12, choices=Kind.choices)
    days = models.PositiveSmallIntegerField("số ngày làm việc gia hạn")
    day = models.DateField("ngày của văn bản")
    number = models.CharField("số văn bản", max_length=60)

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        ordering = ("id",)
        constraints = [
            of_one("extension_of_one"),
            models.UniqueConstraint(fields=("candidacy", "kind", "day"), name="extension_once_a_resolution"),
            models.UniqueConstraint(fields=("admission", "kind"), name="extension_once_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} +{self.days}"


class RulesMove(OfOneWay):
    """From `day` on, the running clocks go by the rules in force on `rules_of`."""

    day = models.DateField("ngày")
    rules_of = models.DateField("theo quy định của ngày")

    class Meta:
        verbose_name = "chuyển sang quy định khác"
        verbose_name_plural = "chuyển sang quy định khác"
        ordering = ("id",)
        constraints = [of_one("rules_move_of_one")]

    def __str__(self) -> str:
        return f"{self.day} > {self.rules_of}"


def is_overdue(day: dt.date) -> Q:
    """Of deadlines open on `day`: `DeadlineQuerySet.overdue`, to be counted with others in one question."""
    return Q(kind__in=DUTIES, due__lt=day)


def is_expired(day: dt.date) -> Q:
    return Q(kind__in=VALIDITIES, due__lt=day)


def runs_out(day: dt.date, days: int) -> Q:
    return Q(due__gte=day, due__lte=day + dt.timedelta(days=days))


class DeadlineQuerySet(models.QuerySet):
    def for_user(self, user: Any, *, on: dt.date) -> Self:
        """Deadlines of people whom `user` may see on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.SEE_PEOPLE, on=on))

    def below(self, unit: int, *, on: dt.date) -> Self:
        """Those of a unit (id) and of all below it on `on`."""
        return self.filter(organisation__in=tree.below([unit], on))

    def open_on(self, day: dt.date) -> Self:
        """Those that have begun and are not over at the end of `day`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), start__lte=day)

    def duties(self) -> Self:
        return self.filter(kind__in=DUTIES)

    def overdue(self, day: dt.date) -> Self:
        """What somebody had to do before `day` and has not done at its end."""
        return self.open_on(day).filter(is_overdue(day))

    def expired(self, day: dt.date) -> Self:
        """Papers still needed that have lost their worth on `day`."""
        return self.open_on(day).filter(is_expired(day))

    def outdated(self, day: dt.date) -> Self:
        """The resolutions of branches that grew too old on `day` while a decision was waited for."""
        return self.expired(day).filter(kind=Kind.DOSSIER)

    def due_within(self, day: dt.date, days: int) -> Self:
        """Those of all kinds that run out from `day` to `days` days later, both inclusive."""
        return self.open_on(day).filter(runs_out(day, days))

    def with_person(self) -> Self:
        return self.select_related("candidacy__person", "spell__person", "organisation", "rule")


class Deadline(models.Model):
    """One clock of a case, or of a member in the spell that holds now. Derived: `rows.refresh` writes it.

    `due` is the last day in time (inclusive); `ended_on` the day on which it was over, null while that is not known.
    Nothing here depends on the day it is looked at.
    """

    candidacy = models.ForeignKey(
        "membership.Candidacy", on_delete=models.CASCADE, null=True, related_name="deadlines", verbose_name="hồ sơ"
    )
    spell = models.ForeignKey(
        "membership.Spell", on_delete=models.CASCADE, null=True, related_name="deadlines", verbose_name="đảng viên"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="deadlines", verbose_name="chi bộ"
    )
    kind = models.CharField("thời hạn", max_length=12, choices=Kind.choices)
    start = models.DateField("tính từ ngày")
    due = models.DateField("hạn")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", verbose_name="quy định")
    extended = models.PositiveSmallIntegerField("gia hạn thêm", default=0)
    assumed = models.BooleanField("ngày bắt đầu tạm tính", default=False)
    provisional = models.BooleanField("lịch nghỉ chưa công bố", default=False)
    ended_on = models.DateField("xong ngày", null=True)
    outcome = models.CharField("kết quả", max_length=8, choices=Outcome.choices, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = "thời hạn"
        verbose_name_plural = "thời hạn"
        ordering = ("due", "id")
        constraints = [
            of_one("deadline_of_one", other="spell"),
            models.UniqueConstraint(fields=("candidacy", "kind"), name="deadline_once_a_case"),
            models.UniqueConstraint(fields=("spell", "kind"), name="deadline_once_a_member"),
        ]
        indexes = [
            models.Index(fields=("organisation", "ended_on", "due"), name="deadline_of_unit"),
            models.Index(fields=("ended_on", "due"), name="deadline_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due}"

    @property
    def subject(self) -> Any:
        """The case, or the spell of the member."""
        return self.candidacy or self.spell

    def get_absolute_url(self) -> str:
        return self.subject.get_absolute_url()
