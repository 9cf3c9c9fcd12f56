"""The organisations: a stable identity each; where they stand and what they are called, dated."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cells import vietnamese
from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.organisations import tree
from cells.rules.models import Kind, Sector


class OrganisationQuerySet(models.QuerySet):
    def below(self, *roots: int, on: dt.date):
        """The organisations `roots` (ids) themselves and all below them on `on`, in one query."""
        return self.filter(pk__in=tree.below(roots, on))

    def above(self, *leaves: int, on: dt.date):
        """The organisations above `leaves` (ids) on `on`, without themselves, in one query."""
        return self.filter(pk__in=tree.above(leaves, on))

    def placed_on(self, day: dt.date):
        """Those that stand in the tree on `day`."""
        return self.filter(models.Exists(Place.objects.on(day).filter(organisation=models.OuterRef("pk"))))

    def top_on(self, day: dt.date):
        """The top organisation of `day` (none or one row)."""
        return self.filter(pk__in=Place.objects.on(day).filter(parent=None).values("organisation_id"))

    def styled(self, day: dt.date):
        """With `name`, `kind_id`, `sector_id` and `name_key` as they are on `day` in the same query.

        A unit not yet styled on `day` takes its first style, one no longer styled its last.
        """
        begun = models.Case(models.When(from_day__lte=day, then="from_day"))
        styles = Style.objects.filter(organisation=models.OuterRef("pk"))
        nearest = styles.order_by(begun.desc(nulls_last=True), "from_day")
        return self.annotate(
            **{
                field: models.Subquery(nearest.values(field)[:1])
                for field in ("name", "name_key", "kind_id", "sector_id")
            }
        )

    def for_user(self, user, capability, *, on: dt.date, seen: dt.date | None = None):
        """Those for which `user` holds `capability` on `on`, looking at `seen` (see `cells.people.rights`)."""
        from cells.people import rights

        return self.filter(rights.organisations(user, capability, on=on, field="pk", seen=seen))


class Organisation(models.Model):
    """A Party organisation: only its identity. All else about it has dates."""

    code = models.CharField("mã tổ chức", max_length=40, unique=True)
    office_phone = models.CharField("điện thoại cơ quan", max_length=30, blank=True)

    objects = OrganisationQuerySet.as_manager()

    name: str  # these are given by `styled`
    kind_id: int
    sector_id: int | None

    class Meta:
        # no default order: with one, SQLite walks all codes to answer a question about seven units
        verbose_name = "tổ chức đảng"
        verbose_name_plural = "tổ chức đảng"

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("unit", args=[self.code])

    def style(self, day: dt.date) -> Style:
        """Name, kind and sector on `day` (the nearest style if none holds)."""
        styles = sorted(self.styles.select_related("kind", "sector").all(), key=lambda style: style.from_day)
        held = [style for style in styles if style.holds_on(day)]
        earlier = [style for style in styles if style.from_day <= day]
        return (held or earlier or styles)[-1] if held or earlier else styles[0]


class OfUnitsQuerySet(DatedQuerySet):
    """Dated rows that each say something of one `organisation`."""

    def by_unit(self, units: Collection[int]) -> dict[int, list[Any]]:
        """Unit's id → its rows, an empty list where it has none; one query."""
        found: dict[int, list[Any]] = defaultdict(list)
        rows: Iterable[Any] = self.filter(organisation__in=units)
        for row in rows:
            found[row.organisation_id].append(row)
        return found


class Place(Dated):
    """Where an organisation stands: under `parent`, or at the top where that is null."""

    class Opened(models.TextChoices):
        FOUNDED = "founded", "thành lập"
        JOINED = "joined", "tiếp nhận"
        MOVED = "moved", "chuyển"

    class Closed(models.TextChoices):
        LEFT = "left", "chuyển ra"
        MOVED = "moved", "chuyển"
        DISSOLVED = "dissolved", "giải thể"
        MERGED = "merged", "sáp nhập"
        SPLIT = "split", "chia tách"

    #: The unit is gone for good: its members and cases went on elsewhere.
    ENDED = (Closed.DISSOLVED, Closed.MERGED, Closed.SPLIT)

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="places", verbose_name="tổ chức"
    )
    parent = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="child_places",
        verbose_name="cấp trên",
    )
    opened_as = models.CharField("bắt đầu do", max_length=10, choices=Opened.choices, default=Opened.FOUNDED)
    closed_as = models.CharField("kết thúc do", max_length=10, choices=Closed.choices, blank=True)

    objects = OfUnitsQuerySet.as_manager()

    class Meta:
        verbose_name = "vị trí trong cây tổ chức"
        verbose_name_plural = "vị trí trong cây tổ chức"
        ordering = ("organisation_id", "from_day")
        constraints = [
            ends_after_start("place_ends_after_start"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("organisation")),
                name="place_not_under_itself",
                violation_error_message="Một tổ chức không thể trực thuộc chính nó.",
            ),
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(to_day__isnull=True),
                name="place_one_open",
                violation_error_message="Tổ chức này đang có một vị trí còn hiệu lực.",
            ),
        ]
        indexes = [
            models.Index(fields=("parent", "from_day", "to_day"), name="place_of_parent"),
            models.Index(fields=("organisation", "from_day", "to_day"), name="place_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} < {self.parent_id} [{self.from_day}, {self.to_day})"


def was_there(places: Iterable[Place], start: dt.date, stop: dt.date) -> bool:
    """Whether a unit with these places was there in `[start, stop)`: in the tree, or outside it before it joined
    or after it left. What it did outside may be told; whether it counts is for the figures to say."""
    return any(
        (place.from_day < stop and (place.to_day is None or place.to_day > start))
        or (place.opened_as == Place.Opened.JOINED and place.from_day >= stop)
        or (place.closed_as == Place.Closed.LEFT and place.to_day is not None and place.to_day <= start)
        for place in places
    )


class Style(Dated):
    """What an organisation is called and what it is, for a span of days."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="styles", verbose_name="tổ chức"
    )
    name = models.CharField("tên tổ chức", max_length=200)
    name_folded = models.CharField(max_length=400, editable=False, db_index=True)
    name_key = models.CharField(max_length=vietnamese.SORT_KEY_LENGTH, editable=False)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, verbose_name="loại tổ chức")
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, null=True, blank=True, verbose_name="loại hình")

    objects = OfUnitsQuerySet.as_manager()

    class Meta:
        verbose_name = "tên và loại của tổ chức"
        verbose_name_plural = "tên và loại của tổ chức"
        ordering = ("organisation_id", "from_day")
        constraints = [
            ends_after_start("style_ends_after_start"),
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(to_day__isnull=True),
                name="style_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ValidOperations(models.Manager):
    """Operations that a correction took back happened nowhere."""

    def get_queryset(self):
        return super().get_queryset().filter(void=False)


class Operation(models.Model):
    """One thing done to the structure, as the decision says it; the register of C13 and of `Sap xep`."""

    class Work(models.TextChoices):
        FOUND = "found", "thành lập"
        RENAME = "rename", "đổi tên"
        CHANGE_KIND = "change_kind", "đổi loại"
        MOVE = "move", "chuyển"
        MERGE = "merge", "sáp nhập"
        SPLIT = "split", "chia tách"
        DISSOLVE = "dissolve", "giải thể"
        JOIN = "join", "tiếp nhận"
        LEAVE = "leave", "chuyển ra"

    day = models.DateField("ngày")
    work = models.CharField("việc", max_length=12, choices=Work.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="operations", verbose_name="tổ chức"
    )
    related = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tổ chức liên quan",
    )
    destination = models.CharField("nơi đến, nơi đi", max_length=200, blank=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    void = models.BooleanField("đã hủy", default=False, editable=False)

    objects = ValidOperations()
    with_void = models.Manager()

    class Meta:
        verbose_name = "việc sắp xếp tổ chức"
        verbose_name_plural = "việc sắp xếp tổ chức"
        ordering = ("day", "id")
        base_manager_name = "with_void"
        constraints = [
            models.UniqueConstraint(
                fields=("day", "work", "organisation"),
                condition=Q(void=False),
                name="operation_once",
                violation_error_message="Việc này của tổ chức đã được ghi ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_work_display()} {self.organisation_id} {self.day}"


class Succession(models.Model):
    """From `day` on `successor` carries on what `predecessor` was, or a part of it.

    A unit dissolved with nobody left in it has the one above it as successor: figures of a time before must count
    somewhere (`docs/decisions/0009-reorganisation.md`).
    """

    predecessor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="successions", verbose_name="tổ chức trước"
    )
    successor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="inheritances", verbose_name="tổ chức kế thừa"
    )
    day = models.DateField("ngày")
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, related_name="successions", verbose_name="việc sắp xếp"
    )

    class Meta:
        verbose_name = "kế thừa tổ chức"
        verbose_name_plural = "kế thừa tổ chức"
        ordering = ("day", "id")
        constraints = [
            models.UniqueConstraint(fields=("operation", "successor"), name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")),
                name="succession_by_another",
                violation_error_message="Một tổ chức không kế thừa chính nó.",
            ),
        ]
        indexes = [models.Index(fields=("day",), name="succession_by_day")]

    def __str__(self) -> str:
        return f"{self.predecessor_id} > {self.successor_id} {self.day}"
