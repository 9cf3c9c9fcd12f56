"""People on the way in: their cases and the steps of them. The models of the other modules stand here for Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from cells.dated import holds_on
from cells.organisations.models import Organisation, Style
from cells.people.models import Person
from cells.rules.models import ExitReason, Stratum
from membership.around.models import Helper, Introducer, Opinion, Verification
from membership.claims.models import SecondClaim
from membership.classes.models import AwarenessClass
from membership.deadlines.models import Deadline, Extension, Milestone, RulesMove
from membership.papers.conditions import Schooling
from membership.papers.models import Paper, PaperRule
from membership.recognition.models import RecognitionDecision
from membership.spells.models import Spell, looked_up, own_places
from membership.stages import ENDS, STAGES, Stage, awaits_decision
from membership.votes.models import TemporaryTransfer, Vote


class Background(models.Model):
    """What is needed of a person's circumstances, apart from identity; religion behind a right."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="background")
    religion = models.CharField("tôn giáo", max_length=60, blank=True)
    education = models.CharField("trình độ học vấn", max_length=120, blank=True)
    occupation = models.CharField("nghề nghiệp", max_length=120, blank=True)

    class Meta:
        verbose_name = "hoàn cảnh"
        verbose_name_plural = "hoàn cảnh"

    def __str__(self) -> str:
        return f"hoàn cảnh {self.pk}"


class CandidacyQuerySet(models.QuerySet):
    def for_user(self, user, *, on: dt.date):
        """Cases in the units whose people `user` may see on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.SEE_PEOPLE, on=on))

    def open(self):
        """Cases still followed; of `as_of` those that were."""
        return self.exclude(**{f"{self._stage}__in": ENDS})

    def as_of(self, day: dt.date, *, today: dt.date):
        """Cases listed by `day`, with `stage_then`, `day_then` and `unit_then` as at its end.

        Today they are the case's own; for a past day its valid steps and its moves tell them.
        """
        if day == today:
            return self.annotate(stage_then=F("stage"), day_then=F("stage_day"), unit_then=F("organisation"))
        steps = StageEvent.objects.valid().filter(candidacy=models.OuterRef("pk"), day__lte=day)
        last = steps.order_by("-day", "-pk")
        left = CaseMove.objects.filter(candidacy=models.OuterRef("pk"), day__gt=day).order_by("day")
        return self.filter(listed_on__lte=day).annotate(
            stage_then=Coalesce(models.Subquery(last.values("stage")[:1]), models.Value(Stage.NOMINEE.value)),
            day_then=Coalesce(models.Subquery(last.values("day")[:1]), F("listed_on")),
            unit_then=Coalesce(
                models.Subquery(left.values("origin")[:1]), F("organisation"), output_field=models.BigIntegerField()
            ),
        )

    def begun(self):
        """With `first_unit` (id), where the case was listed: it may have gone to others since."""
        moves = CaseMove.objects.filter(candidacy=models.OuterRef("pk")).order_by("day")
        first = models.Subquery(moves.values("origin")[:1])
        return self.annotate(first_unit=Coalesce(first, F("organisation"), output_field=models.BigIntegerField()))

    def followed_on(self, day: dt.date):
        """Cases listed by `day` and not ended at its end, as their valid steps tell it."""
        return self.as_of(day, today=dt.date.max).open()

    def in_stage(self, *stages: str):
        return self.filter(**{f"{self._stage}__in": stages})

    def at_base(self, on: dt.date):
        """With `at_base`: the unit is a base branch on `on`, so that no base committee examines there."""
        bases = Style.objects.on(on).filter(kind__level="base")
        if "unit_then" not in self.query.annotations:
            return self.annotate(at_base=models.Exists(bases.filter(organisation=models.OuterRef("organisation"))))
        here = Q(unit_then__in=bases.order_by().values("organisation"))
        return self.annotate(at_base=models.ExpressionWrapper(here, output_field=models.BooleanField()))

    def outdated_on(self, on: dt.date):
        """With `outdated`: the branch's resolution grew too old on `on`; the dossier is to be done anew.

        Not where it was let pass since, or (in a case out of the old book) entered again as a paper.
        """
        of_case = {"candidacy": models.OuterRef("candidacy")}
        let_pass = StageEvent.objects.valid().filter(
            **of_case, day__gt=models.OuterRef("due"), let_pass__contains="branch_resolution"
        )
        renewed = Paper.objects.valid().filter(**of_case, code="branch_resolution", expires_on__gt=on)
        old = Deadline.objects.outdated(on).filter(candidacy=models.OuterRef("pk"))
        return self.annotate(outdated=models.Exists(old.exclude(models.Exists(let_pass) | models.Exists(renewed))))

    def awaiting_decision(self, on: dt.date):
        """Cases whose next step is the decision: examined, or resolved by a base branch."""
        return self.at_base(on).filter(awaits_decision(self._stage))

    @property
    def _stage(self) -> str:
        return "stage_then" if "stage_then" in self.query.annotations else "stage"

    def with_person(self):
        return self.select_related("person", "organisation")

    def sorted(self):
        return self.order_by("person__name_key", "pk")


class Candidacy(models.Model):
    """One person's way towards admission, in one branch."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="candidacies", verbose_name="người")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="candidacies", verbose_name="chi bộ"
    )
    stage = models.CharField("giai đoạn", max_length=16, choices=Stage.choices, default=Stage.NOMINEE)
    stage_day = models.DateField("ngày đạt giai đoạn")
    listed_on = models.DateField("ngày chi bộ họp giới thiệu")
    taken_over = models.BooleanField("chuyển từ sổ cũ", default=False)
    introduced_by = models.CharField("tổ chức giới thiệu", max_length=200, blank=True)
    strata = models.ManyToManyField(Stratum, blank=True, related_name="candidacies", verbose_name="diện")
    certificate_number = models.CharField("số chứng nhận lớp nhận thức", max_length=60, blank=True)
    certificate_on = models.DateField("ngày cấp chứng nhận", null=True, blank=True)
    helper = models.CharField("người giúp đỡ", max_length=120, blank=True)
    introducer_1 = models.CharField("người giới thiệu 1", max_length=120, blank=True)
    introducer_2 = models.CharField("người giới thiệu 2", max_length=120, blank=True)
    schooling = models.CharField(
        "học vấn theo quy định", max_length=8, choices=Schooling.choices, blank=True, default=Schooling.GENERAL
    )
    asks_clearance = models.BooleanField("phải xin ý kiến về tiêu chuẩn chính trị", default=False)
    lives_elsewhere = models.BooleanField("cư trú ngoài địa bàn chi bộ", default=False)
    exit_reason = models.ForeignKey(
        ExitReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lý do dừng"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    token = models.UUIDField(null=True, unique=True, editable=False)

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ theo dõi"
        verbose_name_plural = "hồ sơ theo dõi"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("person",),
                condition=~Q(stage__in=ENDS),
                name="candidacy_one_open",
                violation_error_message="Người này đã có một hồ sơ đang theo dõi.",
            ),
            models.CheckConstraint(condition=Q(stage_day__gte=F("listed_on")), name="candidacy_stage_after_listing"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="candidacy_known_stage"),
        ]
        indexes = [models.Index(fields=("organisation", "stage"), name="candidacy_of_unit")]

    def __str__(self) -> str:
        return f"hồ sơ {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.stage not in ENDS

    def unit_on(self, day: dt.date) -> Organisation:
        """The branch where the case stood at the end of `day`."""
        left = sorted((move for move in self.moves.all() if move.day > day), key=lambda move: move.day)
        return left[0].origin if left else self.organisation


class CaseMove(models.Model):
    """A case went from one branch to another, `with_unit` or with its member; `day` is the first there."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="moves", verbose_name="hồ sơ")
    day = models.DateField("ngày")
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="chi bộ trước")
    destination = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="chi bộ sau")
    with_unit = models.BooleanField("chuyển theo tổ chức")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "lần chuyển chi bộ của hồ sơ"
        verbose_name_plural = "lần chuyển chi bộ của hồ sơ"
        ordering = ("candidacy_id", "day")
        constraints = [
            models.UniqueConstraint(fields=("candidacy", "day"), name="case_move_one_a_day"),
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="case_move_elsewhere"),
        ]
        indexes = [models.Index(fields=("origin", "day"), name="case_move_of_unit")]

    def __str__(self) -> str:
        return f"{self.candidacy_id}: {self.origin_id} > {self.destination_id} {self.day}"


class StageEventQuerySet(models.QuerySet):
    def for_user(self, user, *, on: dt.date):
        """Events in the units whose people `user` may see on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.SEE_PEOPLE, on=on))

    def valid(self):
        """Without those whose deed was revoked."""
        return self.filter(void=False)

    def reached(self, stage: str, start: dt.date, stop: dt.date):
        """Valid events by which a case reached `stage` in `[start, stop)`."""
        return self.valid().filter(stage=stage, day__gte=start, day__lt=stop)

    def inside(self, moving: Collection[int] | None = None):
        """Only those whose unit stood in the tree on the day; of `moving` see `Spell.objects.started_inside`."""
        return self.filter(looked_up(moving, own_places().filter(holds_on(models.OuterRef("day")))))


class StageEvent(models.Model):
    """One step of a case: on which day, by which unit, by which paper, entered by whom."""

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, related_name="events", verbose_name="hồ sơ")
    stage = models.CharField("đến giai đoạn", max_length=16, choices=Stage.choices)
    from_stage = models.CharField("từ giai đoạn", max_length=16, choices=Stage.choices, blank=True)
    day = models.DateField("ngày")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="chi bộ lúc đó"
    )
    number = models.CharField("số văn bản", max_length=60, blank=True)
    on_behalf = models.BooleanField("nhập thay", default=False)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    override = models.CharField("cho qua khi còn thiếu", max_length=1200, blank=True)
    let_pass = models.CharField("mã giấy tờ đã cho qua", max_length=600, blank=True)
    void = models.BooleanField("đã hủy", default=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = StageEventQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của hồ sơ"
        verbose_name_plural = "bước của hồ sơ"
        ordering = ("candidacy_id", "day", "id")
        indexes = [models.Index(fields=("stage", "day"), name="stage_event_by_day")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.day}"


__all__ = [
    "ENDS",
    "STAGES",
    "AwarenessClass",
    "Background",
    "Candidacy",
    "CaseMove",
    "Deadline",
    "Extension",
    "Helper",
    "Introducer",
    "Milestone",
    "Opinion",
    "Paper",
    "PaperRule",
    "RecognitionDecision",
    "RulesMove",
    "SecondClaim",
    "Spell",
    "Stage",
    "StageEvent",
    "TemporaryTransfer",
    "Verification",
    "Vote",
    "awaits_decision",
]
