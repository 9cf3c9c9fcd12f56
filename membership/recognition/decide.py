"""The deed of the decision that makes a probationary member a full one (`domain.md` §1.2, step 23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.log.write import record
from cells.people.models import User
from cells.verdict import Problem, Refused, still_to_come
from membership import register
from membership.deadlines.rows import refresh
from membership.models import RecognitionDecision, Spell
from membership.recognition.late import probation_of
from membership.recognition.way import Way, decision_verdict, ways
from membership.register import Change

_WITHOUT = "Nếu vẫn có quyết định thì ghi lý do."


@dataclass(frozen=True)
class Decision:
    """The decision on one open probationary spell.

    `day` is the first day as full member, only where the ceremony is not known: else the rule says it.
    `without_votes` is why it was decided though not everything was voted; it stays visible.
    """

    spell_id: int
    decided_on: dt.date
    number: str
    day: dt.date | None = None
    without_votes: str = ""


@transaction.atomic
def decide(items: Sequence[Decision], *, actor: User | None, today: dt.date) -> list[Spell]:
    """Recognise members by decision; for each the spell open now, as full member, comes back.

    Refused (fields `decided_on`, `number`, `day`, `without_votes`): a decision to come, before the end of the
    probation or before the votes; one without the votes it rests on and without a reason; without a number.
    """
    spells = Spell.objects.select_for_update(of=("self",)).filter(pk__in=[item.spell_id for item in items])
    found = {way.spell.pk: way for way in ways(spells.with_person(), today)}
    told = [found[item.spell_id] for item in items]
    problems = [
        problem
        for index, (item, way) in enumerate(zip(items, told, strict=True))
        for problem in _problems(index, item, way, today)
    ]
    if problems:
        raise Refused(*problems)
    changes = [Change(item.spell_id, _first_day(item, way)) for item, way in zip(items, told, strict=True)]
    now = register.recognise(changes, actor=actor, today=today)
    for item, way in zip(items, told, strict=True):
        _keep(item, way, actor)
    refresh([spell.person_id for spell in now])
    return now


def takes_effect(way: Way, decided_on: dt.date) -> dt.date | None:
    """The first day as full member by the rule in force on the decision's day; null where no ceremony is known."""
    if way.effect(decided_on).value == "recognition_decision":
        return decided_on
    return way.ends_on


def _problems(index: int, item: Decision, way: Way, today: dt.date) -> list[Problem]:
    if way.spell.to_day is not None or way.spell.standing != Spell.Standing.PROBATIONARY:
        return [Problem(index, "", "Người này không còn là đảng viên dự bị ở chi bộ.")]
    problems = []
    if not item.number.strip():
        problems.append(Problem(index, "number", "Ghi số quyết định."))
    if item.decided_on > today:
        problems.append(Problem(index, "decided_on", still_to_come(item.decided_on)))
    elif way.ends_on and item.decided_on < way.ends_on:
        ends = vietnamese.day(way.ends_on)
        problems.append(Problem(index, "decided_on", f"Thời gian dự bị hết ngày {ends}; quyết định từ ngày đó."))
    elif way.votes and item.decided_on < way.votes[-1].day:
        last = vietnamese.day(way.votes[-1].day)
        problems.append(Problem(index, "decided_on", f"Lần biểu quyết cuối là ngày {last}; quyết định từ ngày đó."))
    elif takes_effect(way, item.decided_on) is None and item.day is None:
        problems.append(Problem(index, "day", "Chưa ghi lễ kết nạp; ghi ngày được công nhận chính thức."))
    verdict = decision_verdict(way)
    if not verdict and not item.without_votes.strip():
        problems.append(Problem(index, "without_votes", f"{verdict.reason} {_WITHOUT}"))
    return problems


def _first_day(item: Decision, way: Way) -> dt.date:
    """Of the rule, but not before somebody who came on probation was here."""
    day = takes_effect(way, item.decided_on) or item.day
    assert day is not None  # `_problems` has looked
    came = probation_of(way.spell, day)[0]
    return max(day, came.from_day + ONE_DAY) if came.started_by == Spell.Start.TRANSFERRED_IN else day


def _keep(item: Decision, way: Way, actor: User | None) -> None:
    begun = Spell.objects.filter(person=way.spell.person_id, started_by=Spell.Start.RECOGNISED)
    reason = vietnamese.clean(item.without_votes) if not decision_verdict(way) else ""
    decision = RecognitionDecision.objects.create(
        spell=begun.latest("from_day"),
        decided_on=item.decided_on,
        number=vietnamese.clean(item.number),
        without_votes=reason,
    )
    if reason:
        record(
            "recognise_without_votes",
            actor=actor,
            subject="spell",
            subject_id=decision.spell_id,
            organisation=way.spell.organisation,
            note=reason,
        )
