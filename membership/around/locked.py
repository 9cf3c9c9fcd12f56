"""What every deed around a case begins and ends with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cells import vietnamese
from cells.log.write import record
from cells.people.models import User
from cells.verdict import Problem, Stale, refuse, still_to_come
from membership.correct import CHANGED
from membership.models import Candidacy, Spell, Stage

CLOSED = "Hồ sơ đã kết thúc; không ghi thêm được nữa."


def lock(case: Candidacy, version: int | None, *, on_probation: bool = False) -> Candidacy:
    """The case, locked. Refused once closed (`on_probation`: not of a probationary member); `Stale` if changed."""
    held = Candidacy.objects.select_for_update(of=("self",)).select_related("person", "organisation").get(pk=case.pk)
    if version is not None and held.version != version:
        raise Stale(Problem(0, "", CHANGED))
    goes_on = on_probation and held.stage == Stage.ADMITTED and _is_probationary(held)
    if not held.is_open and not goes_on:
        raise refuse(CLOSED)
    return held


def finish(
    deed: str, case: Candidacy, actor: User | None, changes: dict[str, Any] | None = None, note: str = ""
) -> None:
    """Let the case show that something happened, and write the log."""
    case.version += 1
    case.save(update_fields=["version"])
    told = {name: ("", value) for name, value in (changes or {}).items() if value not in (None, "")}
    record(
        deed,
        actor=actor,
        subject="candidacy",
        subject_id=case.pk,
        organisation=case.organisation,
        note=note,
        changes=told,
    )


def day_problems(case: Candidacy, today: dt.date, **days: dt.date | None) -> list[Problem]:
    """What is wrong with days that have happened: to come, or not after the candidate's birth."""
    problems = []
    for field, day in days.items():
        if day is not None and day > today:
            problems.append(Problem(0, field, still_to_come(day)))
        elif day is not None and case.person.born and day <= case.person.born:
            problems.append(Problem(0, field, f"Ngày {vietnamese.day(day)} không sau ngày sinh của người này."))
    return problems


def _is_probationary(case: Candidacy) -> bool:
    open_spells = Spell.objects.filter(person=case.person_id, to_day=None)
    return open_spells.filter(standing=Spell.Standing.PROBATIONARY).exists()
