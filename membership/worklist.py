"""«Việc cần làm»: whose turn each open case is, by what its next step is and by the reader's posts."""

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

#: the steps that are the branch's own to record
OF_BRANCHES = (Stage.NOMINEE, Stage.SYMPATHISER, Stage.TRAINED, Stage.DOSSIER, Stage.DECIDED)


@dataclass(frozen=True)
class Task:
    """One case that waits: since how many `days`, for which `step`, recorded at `url`."""

    case: Candidacy  # with person
    step: procedure.Step
    unit_name: str
    days: int
    url: str


@dataclass(frozen=True)
class Turns:
    """The units (ids) for which a reader does the branch's work, examines below, decides below."""

    own: frozenset[int]
    examining: frozenset[int]
    deciding: frozenset[int]


def turns(user: User, on: dt.date) -> Turns:
    """Whose turn it is decides, not only who may: the branch's steps for the branch (and base branch) of one's own
    post, the examination for a base committee, the decision for the Organisation Board."""
    own, examining, deciding = set(), set(), set()
    for post in user.posts_on(on):
        if rights.reach_of(post, rights.BRANCH_WORK) & rights.Reach.OWN:
            own.add(post.organisation_id)
        if post.role == Role.COMMITTEE and rights.reach_of(post, rights.EXAMINE):
            examining.add(post.organisation_id)
        if post.role == Role.BOARD:
            deciding.add(post.organisation_id)
    return Turns(frozenset(own), frozenset(examining), frozenset(deciding))


def waiting(user: User, on: dt.date) -> list[Task]:
    """The tasks of `user` on the day, oldest first, in at most two queries.

    Entering on behalf of others starts from their case.
    """
    tasks = []
    for case in with_unit_name(cases_of(user, on), on).select_related("person").order_by("stage_day", "pk"):
        step = procedure.next_step(case.stage, under_committee=not case.at_base, outdated=case.outdated)
        if step is not None:
            url = reverse("case_step", args=[case.pk, step.to])
            tasks.append(Task(case, step, case.unit_name, (on - case.stage_day).days, url))
    return tasks


def cases_of(user: User, on: dt.date) -> QuerySet[Any]:
    """The open cases whose next step is the reader's own to record; with `at_base` and `outdated`.

    A resolution that grew too old is the branch's turn again.
    """
    found = turns(user, on)
    turn = (Q(stage__in=OF_BRANCHES) | Q(outdated=True)) & Q(organisation__in=found.own)
    in_time = Q(outdated=False)
    if found.examining:
        examines = in_time & Q(stage=Stage.BRANCH_RESOLVED, at_base=False)
        turn |= examines & Q(organisation__in=tree.below(found.examining, on))
    if found.deciding:
        turn |= in_time & awaits_decision() & Q(organisation__in=tree.below(found.deciding, on))
    return Candidacy.objects.open().at_base(on).outdated_on(on).filter(turn)


def with_unit_name(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """With `unit_name`, the name of the unit on the day."""
    style = Style.objects.on(on).filter(organisation=OuterRef("organisation_id"))
    name: Subquery = Subquery(style.values("name")[:1], output_field=CharField())
    return rows.annotate(unit_name=name)
