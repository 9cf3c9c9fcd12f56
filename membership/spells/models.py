"""Members: who is in, in which unit, with which standing, from when to when.

Django looks for models in `membership/models.py`, which imports this; so it names `Candidacy` as text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse

from cells.dated import Dated, DatedQuerySet, ends_after_start, holds_on
from cells.organisations.models import Organisation, Place
from cells.people.models import Person


class SpellQuerySet(DatedQuerySet):
    def for_user(self, user, *, on: dt.date):
        """Spells in the units whose people `user` may see on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.SEE_PEOPLE, on=on))

    def at_start_of(self, day: dt.date):
        """Members at the turn into `day`: who is in, before anything that happens on `day`.

        Somebody admitted on 1/1 is not in the base of 1/1; who left on 31/12 is not either; a
        recognition or an arrival by transfer that takes effect on 1/1 is the old year's.
        """
        goes_on = Q(from_day=day, started_by__in=Spell.GOING_ON)
        return self.filter(Q(from_day__lt=day) | goes_on).filter(Q(to_day__isnull=True) | Q(to_day__gt=day))

    def out_of_the_party(self, day: dt.date):
        """The last spells of those who had left the Party (not died, not moved) by `day`."""
        return self.filter(is_out_of_the_party(day))

    def started(self, cause: str, start: dt.date, stop: dt.date):
        """Spells that began for `cause` in `[start, stop)`; `from_day` is the counting date.

        A transfer happens on the day before the first day in the new unit.
        """
        if cause in Spell.GOING_ON:
            return self.filter(started_by=cause, from_day__gt=start, from_day__lte=stop)
        return self.filter(started_by=cause, from_day__gte=start, from_day__lt=stop)

    def ended(self, cause: str, start: dt.date, stop: dt.date):
        """Spells that ended for `cause` on a (last) day of `[start, stop)`."""
        return self.filter(ended_by=cause, to_day__gt=start, to_day__lte=stop)

    def started_inside(self, cause: str, moving: Collection[int] | None = None):
        """Only those whose unit stood in the tree when they began for `cause` (nobody counts after leaving).

        `moving`: the units whose place begins or ends meanwhile, where the caller knows them; the others
        stood all the time and need no look.
        """
        first = models.OuterRef("from_day")
        if cause in Spell.GOING_ON:
            lasted = Q(to_day__isnull=True) | Q(to_day__gte=first)
            return self.filter(looked_up(moving, own_places().filter(lasted, from_day__lt=first)))
        return self.filter(looked_up(moving, own_places().filter(holds_on(first))))

    def ended_inside(self, moving: Collection[int] | None = None):
        """Only those whose unit stood in the tree on the last day of the spell."""
        last = models.OuterRef("to_day")
        lasted = Q(to_day__isnull=True) | Q(to_day__gte=last)
        return self.filter(looked_up(moving, own_places().filter(lasted, from_day__lt=last)))

    def of_unit_that(self, opened_or_closed: dict[str, str], start: dt.date, stop: dt.date):
        """Members a unit brought or took along in `(start, stop]`; `turned_on` is the day it took effect.

        `opened_or_closed` is {"opened_as": …} or {"closed_as": …}: the place of their unit began or ended so. With
        them go members who went on from a unit merged, split or dissolved into another: out of the one, into the
        other. A unit that came or went twice brings or takes its members twice: a row for each.
        """
        (turn, how), *_ = opened_or_closed.items()
        day = "from_day" if turn == "opened_as" else "to_day"
        turned = Place.objects.filter(**{turn: how, f"{day}__gt": start, f"{day}__lte": stop}).values("organisation")
        went_on = Q(started_by=Spell.Start.WITH_UNIT) if day == "from_day" else Q(ended_by=Spell.End.WITH_UNIT)
        of_those = self.filter(organisation__in=turned).order_by().values("pk")
        and_these = self.filter(went_on, **{f"{day}__gt": start, f"{day}__lte": stop}).order_by().values("pk")
        went_on &= _held_by_place(day)
        rows = self.filter(pk__in=of_those.union(and_these)).annotate(
            turned_as=F(f"organisation__places__{turn}"),
            # asked of the same joined place: a filter would join all places once more
            went_on=Case(When(went_on, then=True), default=False, output_field=models.BooleanField()),
            turned_on=Case(When(went_on, then=F(day)), default=F(f"organisation__places__{day}")),
        )
        goes_on = Q(from_day=F("turned_on"), started_by__in=Spell.GOING_ON)
        there = (Q(from_day__lt=F("turned_on")) | goes_on) & (Q(to_day__isnull=True) | Q(to_day__gt=F("turned_on")))
        return rows.filter(Q(went_on=True) | Q(turned_as=how) & there, turned_on__gt=start, turned_on__lte=stop)

    def with_person(self):
        return self.select_related("person", "organisation")

    def sorted(self):
        return self.order_by("person__name_key", "pk")


def is_out_of_the_party(day: dt.date) -> Q:
    """Of spells: `SpellQuerySet.out_of_the_party`, to be asked with others in one question."""
    return Q(ended_by__in=Spell.LEFT_THE_PARTY, to_day__lte=day)


def looked_up(moving: Collection[int] | None, places: models.QuerySet) -> Q:
    stood = Q(models.Exists(places))
    return stood if moving is None else ~Q(organisation__in=moving) | stood


def _held_by_place(day: str) -> Q:
    """Of the rows joined to the places of their unit, the one in which the first (or last) day of the spell lies."""
    begins, ends = "organisation__places__from_day", "organisation__places__to_day"
    at, before, after = (F(day), "lte", "gt") if day == "from_day" else (F(day), "lt", "gte")
    return Q(**{f"{begins}__{before}": at}) & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__{after}": at}))


def own_places():
    return Place.objects.filter(organisation=models.OuterRef("organisation"))


class ValidSpells(models.Manager.from_queryset(SpellQuerySet)):
    """Every question starts here: revoked admissions count nowhere."""

    def get_queryset(self):
        return super().get_queryset().filter(void=False)


class Spell(Dated):
    """A member in one unit with one standing. Recognition and transfer end one and begin the next.

    `from_day` of an admission is the counting date (`architecture.md`, "Counting date");
    probation and its clocks run from `ceremony_on`.
    """

    class Standing(models.TextChoices):
        PROBATIONARY = "probationary", "Dự bị"
        FULL = "full", "Chính thức"

    class Start(models.TextChoices):
        ADMITTED = "admitted", "kết nạp"
        READMITTED = "readmitted", "kết nạp lại"
        RECOGNISED = "recognised", "công nhận chính thức"
        TRANSFERRED_IN = "transferred_in", "chuyển đến"
        WITH_UNIT = "with_unit", "tiếp nhận theo tổ chức"

    #: A spell that goes on from another of the same member, the day before.
    GOING_ON = ("recognised", "transferred_in", "with_unit")

    class End(models.TextChoices):
        RECOGNISED = "recognised", "công nhận chính thức"
        TRANSFERRED_OUT = "transferred_out", "chuyển đi"
        WITH_UNIT = "with_unit", "chuyển ra theo tổ chức"
        DECEASED = "deceased", "từ trần"
        STRUCK_OFF = "struck_off", "xóa tên"
        RESIGNED = "resigned", "xin ra"
        EXPELLED = "expelled", "khai trừ"

    #: Out of the Party, not only out of a unit, and not for death.
    LEFT_THE_PARTY = ("struck_off", "resigned", "expelled")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="spells", verbose_name="người")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="spells", verbose_name="chi bộ"
    )
    standing = models.CharField("tư cách", max_length=12, choices=Standing.choices)
    started_by = models.CharField("bắt đầu do", max_length=16, choices=Start.choices)
    ended_by = models.CharField("kết thúc do", max_length=16, choices=End.choices, blank=True)
    candidacy: Any = models.ForeignKey(
        "membership.Candidacy",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="spells",
        verbose_name="hồ sơ",
    )
    decided_on = models.DateField("ngày quyết định kết nạp", null=True, blank=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    ceremony_on = models.DateField("ngày lễ kết nạp", null=True, blank=True)
    elsewhere = models.CharField("nơi chuyển đến, nơi chuyển đi", max_length=200, blank=True)
    exempt_from = models.DateField("miễn sinh hoạt từ", null=True, blank=True)
    void = models.BooleanField("đã hủy", default=False, editable=False)

    objects = ValidSpells()
    with_void = models.Manager.from_queryset(SpellQuerySet)()

    class Meta:
        verbose_name = "thời gian đảng viên ở một chi bộ"
        verbose_name_plural = "đảng viên"
        ordering = ("person_id", "from_day")
        base_manager_name = "with_void"
        constraints = [
            ends_after_start("spell_ends_after_start"),
            models.CheckConstraint(
                condition=Q(to_day__isnull=True, ended_by="") | (Q(to_day__isnull=False) & ~Q(ended_by="")),
                name="spell_end_has_cause",
            ),
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(to_day__isnull=True, void=False),
                name="spell_one_open",
                violation_error_message="Người này đang là đảng viên ở một chi bộ.",
            ),
        ]
        indexes = [
            models.Index(fields=("organisation", "from_day", "to_day"), name="spell_of_unit"),
            models.Index(fields=("started_by", "from_day", "organisation"), name="spell_started"),
            models.Index(fields=("ended_by", "to_day", "organisation"), name="spell_ended"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.pk])
