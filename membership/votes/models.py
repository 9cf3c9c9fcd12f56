"""What a branch or committee voted on one person, and which members are away and not convened.

Django looks for models in `membership/models.py`, which imports these; so they name the others as text.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.organisations.models import Organisation
from cells.people.models import Person


class Subject(models.TextChoices):
    """What is voted on, and at which level (`domain.md` §1.2, steps 10, 12, 21, 22 and 24)."""

    BRANCH_ADMISSION = "branch_admission", "chi bộ đề nghị kết nạp"
    COMMITTEE_ADMISSION = "committee_admission", "đảng ủy đề nghị kết nạp"
    BRANCH_RECOGNITION = "branch_recognition", "chi bộ đề nghị công nhận chính thức"
    BRANCH_REMOVAL = "branch_removal", "chi bộ đề nghị xóa tên"
    COMMITTEE_RECOGNITION = "committee_recognition", "đảng ủy đề nghị công nhận chính thức"


#: about a case; the others are about a probationary member
ADMISSIONS = (Subject.BRANCH_ADMISSION, Subject.COMMITTEE_ADMISSION)
#: of a base committee; the others are of a branch
OF_COMMITTEE = (Subject.COMMITTEE_ADMISSION, Subject.COMMITTEE_RECOGNITION)
#: what a branch votes on at the end of a probation
END_OF_PROBATION = (Subject.BRANCH_RECOGNITION, Subject.BRANCH_REMOVAL)


class VoteQuerySet(models.QuerySet):
    def for_user(self, user, *, on: dt.date):
        """Votes on people in the units whose people `user` may see on `on`."""
        from cells.people import rights

        cases, members = (
            rights.organisations(user, rights.SEE_PEOPLE, on=on, field=f"{whom}__organisation")
            for whom in ("candidacy", "spell")
        )
        return self.filter(cases | members)

    def valid(self):
        """Without those taken back."""
        return self.filter(void=False)

    def passed(self):
        """Those with enough votes."""
        return self.filter(yes__gte=F("needed"))

    def with_person(self):
        return self.select_related("candidacy__person", "spell__person")


class Vote(models.Model):
    """One vote on one person at one meeting. Those that failed are kept: their result is reported too.

    `base` is how many could vote, present or not; `present` of them were there, and each is in `yes`, `no` or
    `blank`. `needed` is the least `yes` that is enough, by the rule in force on `day`.
    """

    class Form(models.TextChoices):
        SECRET = "secret", "bỏ phiếu kín"
        SHOW = "show", "giơ thẻ"

    class Source(models.TextChoices):
        REGISTER = "register", "theo sổ"
        TYPED = "typed", "ghi tay"

    subject = models.CharField("nội dung", max_length=24, choices=Subject.choices)
    candidacy: Any = models.ForeignKey(
        "membership.Candidacy", on_delete=models.PROTECT, null=True, related_name="votes", verbose_name="hồ sơ"
    )
    spell: Any = models.ForeignKey(
        "membership.Spell", on_delete=models.PROTECT, null=True, related_name="votes", verbose_name="đảng viên dự bị"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="tổ chức biểu quyết"
    )
    day = models.DateField("ngày họp")
    attempt = models.PositiveSmallIntegerField("lần biểu quyết", default=1)
    form = models.CharField("hình thức", max_length=6, choices=Form.choices, default=Form.SECRET)
    base = models.PositiveIntegerField("tổng số được biểu quyết")
    base_source = models.CharField("tổng số lấy từ", max_length=8, choices=Source.choices)
    base_told = models.CharField("tổng số gồm", max_length=200, blank=True)
    base_reason = models.CharField("lý do khác sổ", max_length=300, blank=True)
    exempt_present = models.PositiveIntegerField("người được miễn có dự", default=0)
    needed = models.PositiveIntegerField("số phiếu cần")
    present = models.PositiveIntegerField("có mặt")
    yes = models.PositiveIntegerField("tán thành")
    no = models.PositiveIntegerField("không tán thành")
    blank = models.PositiveIntegerField("trắng, không hợp lệ")
    number = models.CharField("số nghị quyết", max_length=60, blank=True)
    on_behalf = models.BooleanField("nhập thay", default=False)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    override = models.CharField("lý do cho qua khi còn thiếu", max_length=300, blank=True)
    void = models.BooleanField("đã hủy", default=False)
    step: Any = models.OneToOneField(
        "membership.StageEvent",
        on_delete=models.PROTECT,
        null=True,
        related_name="vote",
        verbose_name="bước của hồ sơ",
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = "lần biểu quyết"
        verbose_name_plural = "lần biểu quyết"
        ordering = ("day", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=ADMISSIONS, candidacy__isnull=False, spell__isnull=True)
                | (~Q(subject__in=ADMISSIONS) & Q(candidacy__isnull=True, spell__isnull=False)),
                name="vote_on_case_or_member",
            ),
            models.CheckConstraint(
                condition=Q(present=F("yes") + F("no") + F("blank")), name="vote_counts_everybody_present"
            ),
            models.CheckConstraint(condition=Q(present__lte=F("base"), base__gt=0), name="vote_present_within_base"),
            models.UniqueConstraint(
                fields=("candidacy", "subject", "day"),
                condition=Q(void=False),
                name="vote_one_a_day_on_a_case",
                violation_error_message="Ngày đó đã ghi một lần biểu quyết về người này.",
            ),
            models.UniqueConstraint(
                fields=("spell", "subject", "day"),
                condition=Q(void=False),
                name="vote_one_a_day_on_a_member",
                violation_error_message="Ngày đó đã ghi một lần biểu quyết về người này.",
            ),
        ]
        indexes = [models.Index(fields=("organisation", "day"), name="vote_of_unit")]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.day}"

    @property
    def passed(self) -> bool:
        return self.yes >= self.needed

    @property
    def about(self) -> Any:
        """The case or the spell that was voted on."""
        return self.candidacy or self.spell

    @property
    def person(self) -> Person:
        return self.about.person

    @property
    def numbers(self) -> str:
        """The numbers in words: `14/20 tán thành (cần 14), 2 không, 1 trắng; có mặt 17; bỏ phiếu kín`."""
        parts = [f"{self.yes}/{self.base} tán thành (cần {self.needed}), {self.no} không, {self.blank} trắng"]
        parts += [f"có mặt {self.present}", self.get_form_display()]
        return "; ".join(parts)


class TemporaryTransferQuerySet(DatedQuerySet):
    def in_force(self, day: dt.date):
        """Those of `day`: each ends at the latest when the member comes to another unit for good, or in anew."""
        from membership.models import Spell  # imports this module

        arrived = Spell.objects.filter(
            person=models.OuterRef("person"),
            started_by__in=(Spell.Start.TRANSFERRED_IN, Spell.Start.ADMITTED, Spell.Start.READMITTED),
            from_day__gt=models.OuterRef("from_day"),
            from_day__lte=day,
        )
        return self.on(day).exclude(models.Exists(arrived))

    def away(self, day: dt.date):
        """For a query of spells: of the same `person`, in force on `day`."""
        return self.in_force(day).filter(person=models.OuterRef("person"))


class TemporaryTransfer(Dated):
    """A member takes part in meetings elsewhere for a while (chuyển sinh hoạt tạm thời).

    The member stays in the own unit for every count; only the base of a vote there leaves them out.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="temporary_transfers", verbose_name="người"
    )
    place = models.CharField("nơi sinh hoạt tạm thời", max_length=200)
    number = models.CharField("số giấy giới thiệu", max_length=60, blank=True)

    objects = TemporaryTransferQuerySet.as_manager()

    class Meta:
        verbose_name = "sinh hoạt tạm thời"
        verbose_name_plural = "sinh hoạt tạm thời"
        ordering = ("person_id", "from_day")
        constraints = [
            ends_after_start("temporary_transfer_ends_after_start"),
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(to_day__isnull=True),
                name="temporary_transfer_one_open",
                violation_error_message="Người này đang sinh hoạt tạm thời ở một nơi.",
            ),
        ]

    def __str__(self) -> str:
        return f"sinh hoạt tạm thời {self.pk}"
