"""Corrections that count only once a second person has approved them: what each row has, and how it is settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cells import vietnamese
from cells.people.models import User
from cells.verdict import Problem, Refused, refuse

SECOND_PERSON = "Bạn là người đề nghị đính chính này; người khác phải duyệt."
_SETTLED = "Đính chính này không còn chờ duyệt; xem lại danh sách."

Row = TypeVar("Row", bound="Proposed")


class ProposedQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Proposed.State.WAITING)


class Proposed(models.Model):
    """A change asked for by one person, with its reason; approved or refused by another."""

    class State(models.TextChoices):
        WAITING = "waiting", "chờ duyệt"
        APPROVED = "approved", "đã duyệt"
        REFUSED = "refused", "không duyệt"

    reason = models.CharField("lý do", max_length=300)
    state = models.CharField("tình trạng", max_length=8, choices=State.choices, default=State.WAITING)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người đề nghị"
    )
    made_at = models.DateTimeField("đề nghị lúc", auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người duyệt"
    )
    settled_at = models.DateTimeField("duyệt lúc", null=True)
    answer = models.CharField("lý do không duyệt", max_length=300, blank=True)

    objects = ProposedQuerySet.as_manager()

    class Meta:
        abstract = True


def by_another(name: str) -> models.CheckConstraint:
    """The constraint every such table carries."""
    return models.CheckConstraint(
        condition=Q(settled_by__isnull=True) | Q(made_by__isnull=True) | ~Q(settled_by=F("made_by")),
        name=name,
        violation_error_message="Người khác phải duyệt.",
    )


def locked(rows: models.QuerySet[Row], ids: Sequence[int], actor: User) -> list[Row]:
    """The rows of `ids`, locked, in that order; refuses those that wait no longer and those that `actor` proposed."""
    by_id = {row.pk: row for row in rows.filter(pk__in=ids).select_for_update(of=("self",))}
    problems = []
    for index, pk in enumerate(ids):
        row = by_id.get(pk)
        if row is None or row.state != Proposed.State.WAITING:
            problems.append(Problem(index, "", _SETTLED))
        elif row.made_by_id == actor.pk:
            problems.append(Problem(index, "", SECOND_PERSON))
    if problems:
        raise Refused(*problems)
    return [by_id[pk] for pk in ids]


def settle(rows: Sequence[Any], state: str, actor: User, answer: str = "") -> None:
    """Mark locked rows; `answer` says why a proposal is not approved and may not be empty then."""
    said = vietnamese.clean(answer)
    if state == Proposed.State.REFUSED and not said:
        raise refuse("Ghi lý do không duyệt.", field="answer")
    if not rows:
        return
    table = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    table.update(state=state, settled_by=actor, settled_at=Now(), answer=said)
    for row in rows:
        row.state = state
