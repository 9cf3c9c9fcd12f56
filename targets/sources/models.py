"""What units said of their sources, each word as it was said and answered."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from cells.organisations import tree
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.models import Role, User
from cells.people.rights import Reach
from cells.second_person import by_another
from targets.rows import FiguresQuerySet


class SourcesQuerySet(FiguresQuerySet):
    def in_force(self) -> Self:
        """The word that holds of each unit and year."""
        return self.filter(in_force=True)

    def exhausted(self, year: int) -> Self:
        """Those by which a unit has nobody left to admit in `year`: exempt where a minimum asks only who has sources.

        Accepted words only. Each is of one unit: that of a committee exempts none of its branches.
        """
        return self.in_force().filter(year=year, has_sources=False)

    def accepted_by(self, day: dt.date) -> Self:
        """The accepted words that held by a past `day`, or whose day is not known; the last of a unit is the one."""
        known = Q(settled_on=None) | Q(settled_on__lte=day)
        rows = self.filter(known, state=Sources.State.ACCEPTED)
        return rows.order_by("in_force", F("settled_on").asc(nulls_first=True), "pk")

    def waiting(self) -> Self:
        return self.filter(state=Sources.State.WAITING)

    def unread(self) -> Self:
        """Refusals that the unit has not read, and said nothing since."""
        same = Sources.objects.filter(organisation=OuterRef("organisation"), year=OuterRef("year"))
        last = same.order_by("-pk").values("pk")[:1]
        return self.filter(state=Sources.State.REFUSED, read_on=None, pk=Subquery(last))

    def to_answer(self, user: User, *, on: dt.date) -> Self:
        """Those that wait where it is the turn of `user`: a committee's for all below it, else for the next level.

        None of `user`'s own, nor of a unit of which `user` has a post.
        """
        posts = user.posts_on(on)
        allocating = [post for post in posts if Reach.BELOW in rights.reach_of(post, rights.ALLOCATE)]
        committees = [post.organisation_id for post in allocating if post.role == Role.COMMITTEE]
        next_below = Place.objects.on(on).filter(parent__in=[post.organisation_id for post in allocating])
        turn = Q(organisation__in=next_below.values("organisation"))
        if committees:
            turn |= Q(organisation__in=tree.under(committees, on))
        own = [post.organisation_id for post in posts]
        return self.waiting().filter(turn).exclude(organisation__in=own).exclude(made_by=user)

    def answered_to(self, user: User, *, on: dt.date) -> Self:
        """Refusals to be read by `user`, at the units whose work is the user's own."""
        posts = user.posts_on(on)
        own = [post.organisation_id for post in posts if Reach.OWN in rights.reach_of(post, rights.BRANCH_WORK)]
        return self.unread().filter(organisation__in=own)


class Sources(models.Model):
    """A word on whether a unit has people to admit in a year. A new word is a new row; none is ever edited.

    `said_on` and `settled_on` are null of words from before days were kept. `settled_by` is null where nobody had to
    answer: sources are left, or the level above said so itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "chờ trả lời"
        ACCEPTED = "accepted", "đã chấp nhận"
        REFUSED = "refused", "không chấp nhận"
        OVERTAKEN = "overtaken", "thay bằng lần báo sau"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="sources", verbose_name="tổ chức"
    )
    year = models.PositiveSmallIntegerField("năm")
    has_sources = models.BooleanField("còn nguồn")
    reason = models.CharField("lý do hết nguồn", max_length=300, blank=True)
    said_on = models.DateField("ngày báo", null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người báo"
    )
    state = models.CharField("tình trạng", max_length=9, choices=State.choices, default=State.WAITING)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người trả lời"
    )
    settled_on = models.DateField("ngày trả lời", null=True)
    answer = models.CharField("lý do không chấp nhận", max_length=300, blank=True)
    read_on = models.DateField("ngày đơn vị đọc trả lời", null=True)
    in_force = models.BooleanField("đang dùng", default=False)

    objects = SourcesQuerySet.as_manager()

    class Meta:
        verbose_name = "nguồn kết nạp"
        verbose_name_plural = "nguồn kết nạp"
        ordering = ("-year", "organisation_id", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "year"), condition=Q(in_force=True), name="sources_one_in_force"
            ),
            models.UniqueConstraint(
                fields=("organisation", "year"),
                condition=Q(state="waiting"),
                name="sources_one_waiting",
                violation_error_message="Đơn vị này đang có một lần báo hết nguồn chờ trả lời.",
            ),
            models.CheckConstraint(
                condition=Q(in_force=False) | Q(state="accepted"), name="sources_in_force_is_accepted"
            ),
            models.CheckConstraint(
                condition=Q(has_sources=False) | Q(state="accepted"), name="sources_left_need_no_answer"
            ),
            by_another("sources_second_person"),
        ]
        indexes = [models.Index(fields=("year", "organisation"), name="sources_of_year")]

    def __str__(self) -> str:
        return f"{self.year}: {word(self.has_sources)}"


def word(has_sources: bool) -> str:
    return "còn nguồn" if has_sources else "hết nguồn"
