"""Bodies (Đoàn, Công đoàn, MTTQ, Hội, Trung tâm Chính trị, Ban Tuyên giáo) and the unit each is attached to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef

from cells.dated import Dated, DatedQuerySet, ends_after_start, overlaps
from cells.organisations.models import Organisation
from cells.rules.models import Lookup


class BodyKind(Lookup):
    """Kind of a body. `nominates`: it finds and introduces people, and may be given a quota of it (C26)."""

    nominates = models.BooleanField("phát hiện, giới thiệu quần chúng", default=True)

    class Meta(Lookup.Meta):
        verbose_name = "loại đoàn thể, cơ quan"
        verbose_name_plural = "loại đoàn thể, cơ quan"


class BodyQuerySet(models.QuerySet):
    def attached_to(self, organisation: int, *, start: dt.date, stop: dt.date | None):
        """Those attached to the unit on at least one day of `[start, stop)`, in the order of their kinds."""
        there = BodyPlace.objects.filter(overlaps(start, stop), body=OuterRef("pk"), organisation=organisation)
        return self.filter(Exists(there)).select_related("kind").order_by("kind__order", "name", "pk")

    def nominating(self):
        return self.filter(kind__nominates=True)


class Body(models.Model):
    """One body; where it belongs is a `BodyPlace`."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, verbose_name="loại")

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = "đoàn thể, cơ quan"
        verbose_name_plural = "đoàn thể, cơ quan"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class BodyPlace(Dated):
    """The unit a body is attached to, from a day on."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="places", verbose_name="đoàn thể")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="body_places", verbose_name="trực thuộc tổ chức"
    )

    objects: DatedQuerySet = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "nơi trực thuộc"
        verbose_name_plural = "nơi trực thuộc"
        ordering = ("from_day", "id")
        constraints = [
            ends_after_start("body_place_ends_after_start"),
            models.UniqueConstraint(
                fields=("body",),
                condition=models.Q(to_day__isnull=True),
                name="body_place_one_open",
                violation_error_message="Đoàn thể này còn trực thuộc một tổ chức; ghi ngày kết thúc trước.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.days_text}"

    def clean(self) -> None:
        others = BodyPlace.objects.filter(body=self.body_id).exclude(pk=self.pk)
        if self.from_day and others.during(self.from_day, self.to_day).exists():
            raise ValidationError({"from_day": "Đoàn thể này trực thuộc tổ chức khác trong thời gian đó."})


def held_by(organisations: Collection[int], day: dt.date) -> int:
    """How many bodies are attached to these units on `day`."""
    return BodyPlace.objects.on(day).filter(organisation__in=organisations).count()
