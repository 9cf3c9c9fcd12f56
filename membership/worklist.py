"""«Việc cần làm»: the open cases whose next step is the reader's own to record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from cells.organisations import tree
from cells.organisations.models import Style
from cells.people import rights
from cells.people.models import Role, User
from membership import procedure
from membership.models import Candidacy, Stage, awaits_decision


@dataclass(frozen=True)
class Task:
    """One case that waits: since how many `days`, for which `step`, recorded at `url`."""

    case: Candidacy  # with person
    step: procedure.Step
    unit_name: str
    days: int
    url: str


def waiting(user: User, on: dt.date) -> list[Task]:
    """The tasks of `user` on the day, oldest first, in at most two queries.

    Whose turn it is decides, not only who may: the branch's steps for the branch (and base branch) of
    one's own post, the examination for a base committee, the decision for the Organisation Board.
    Entering on behalf of others starts from their case.
    """
    tasks = []
    for case in _cases(user, on):
        step = procedure.next_step(case.stage, under_committee=not case.at_base)
        if step is not None:
            url = reverse("case_step", args=[case.pk, step.to])
            tasks.append(Task(case, step, case.unit_name, (on - case.stage_day).days, url))
    return tasks


def _cases(user: User, on: dt.date) -> QuerySet[Any]:
    style = Style.objects.on(on).filter(organisation=OuterRef("organisation_id"))
    name: Subquery = Subquery(style.values("name")[:1], output_field=CharField())
    return (
        Candidacy.objects.open()
        .at_base(on)
        .annotate(unit_name=name)
        .filter(_turn(user, on))
        .select_related("person")
        .order_by("stage_day", "pk")
    )


def _turn(user: User, on: dt.date) -> Q:
    """The condition that the next step of a case (annotated with `at_base`) is the reader's."""
    own: set[int] = set()
    examining: set[int] = set()
    deciding: set[int] = set()
    for post in user.posts_on(on):
        if rights.reach_of(post, rights.BRANCH_WORK) & rights.Reach.OWN:
            own.add(post.organisation_id)
        if post.role == Role.COMMITTEE:
            examining.add(post.organisation_id)
        if post.role == Role.BOARD:
            deciding.add(post.organisation_id)
    before_vote = Q(stage__in=(Stage.NOMINEE, Stage.SYMPATHISER, Stage.TRAINED, Stage.DOSSIER, Stage.DECIDED))
    turn = before_vote & Q(organisation__in=own)
    if examining:
        turn |= Q(stage=Stage.BRANCH_RESOLVED, at_base=False) & Q(organisation__in=tree.below(examining, on))
    if deciding:
        turn |= awaits_decision() & Q(organisation__in=tree.below(deciding, on))
    return turn
