"""A second branch's wish to follow somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cells.organisations import tree
from cells.organisations.models import Organisation
from cells.people.models import Person, User


def answering(user: User, on: dt.date) -> list[int]:
    """The units (ids) for which the user examines on `on`."""
    from cells.people import rights

    return [post.organisation_id for post in user.posts_on(on) if rights.reach_of(post, rights.EXAMINE)]


def asking(user: User, on: dt.date) -> list[int]:
    """The branches (ids) whose work is the user's own on `on`."""
    from cells.people import rights

    posts = user.posts_on(on)
    return [post.organisation_id for post in posts if rights.reach_of(post, rights.BRANCH_WORK) & rights.Reach.OWN]


class SecondClaimQuerySet(models.QuerySet):
    """A unit that is gone asks and answers through those that carry it on (`Succession`); nothing is rewritten."""

    def to_answer(self, user: User, *, on: dt.date) -> Self:
        """Those that wait for the committee or board of which `user` is."""
        return self.put_to(answering(user, on), on=on).filter(answered_on__isnull=True)

    def asked_by(self, user: User, *, on: dt.date) -> Self:
        """Those of the branches whose work is the user's own, that are not read yet."""
        return self.of(asking(user, on), on=on).filter(read_on__isnull=True)

    def put_to(self, units: Iterable[int], *, on: dt.date) -> Self:
        """Those that `units` (ids), standing on `on`, are to answer."""
        return self.filter(superior__in=tree.carried_on(units, on))

    def of(self, units: Iterable[int], *, on: dt.date) -> Self:
        """Those that `units` (ids), standing on `on`, asked."""
        return self.filter(organisation__in=tree.carried_on(units, on))


class SecondClaim(models.Model):
    """`organisation` would follow `person`, who is followed or a member in `elsewhere`; `superior` stands over both.

    The branch is told nothing but the answer (`architecture.md`, "Person in two places").
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="second_claims", verbose_name="người")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="second_claims", verbose_name="chi bộ đề nghị"
    )
    elsewhere = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="chi bộ đang theo dõi"
    )
    superior = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="claims_to_answer", verbose_name="cấp ủy trả lời"
    )
    asked_on = models.DateField("ngày đề nghị")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField("trả lời", max_length=300, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    read_on = models.DateField("ngày chi bộ đọc", null=True, blank=True)

    objects: Any = SecondClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị theo dõi trùng"
        verbose_name_plural = "đề nghị theo dõi trùng"
        ordering = ("asked_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("person", "organisation"), condition=Q(answered_on__isnull=True), name="second_claim_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"đề nghị {self.pk}"
