"""Whether somebody may help or introduce: a full member of the candidate's branch on the day, by the register."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from cells import vietnamese
from cells.people.models import Person
from membership.models import Candidacy, Spell


def full_members(branch: int, day: dt.date) -> list[Spell]:
    """The full members of the branch (id) on `day`, by name; nobody where no register is kept."""
    return list(Spell.objects.on(day).filter(organisation=branch, standing=Spell.Standing.FULL).with_person().sorted())


def spells_of(persons: Collection[int] | QuerySet) -> dict[int, list[Spell]]:
    """Person's id → all their spells, oldest first; one query."""
    found: dict[int, list[Spell]] = defaultdict(list)
    for spell in Spell.objects.filter(person__in=persons).order_by("from_day", "pk"):
        found[spell.person_id].append(spell)
    return found


def member_problem(person: Person, case: Candidacy, branch: int, day: dt.date, spells: Sequence[Spell]) -> str:
    """Why `person`, with these `spells`, may not help or introduce the candidate on `day`; "" where they may.

    `branch` (id) is the one where the case stood then.
    """
    met = vietnamese.day(day)
    if person.pk == case.person_id:
        return f"{person.name} là chính người đang được xét; chọn đảng viên khác."
    spell = next((spell for spell in spells if spell.holds_on(day)), None)
    if spell is None:
        return f"{person.name} {_gone(spells, day)}; chọn đảng viên chính thức của chi bộ."
    if spell.standing != Spell.Standing.FULL:
        return f"{person.name} còn là đảng viên dự bị ngày {met}; chọn đảng viên chính thức."
    if spell.organisation_id != branch:
        return f"{person.name} sinh hoạt ở chi bộ khác ngày {met}; chọn đảng viên của chi bộ."
    return ""


def stay_begun(case: Candidacy, day: dt.date, spells: Sequence[Spell]) -> dt.date | None:
    """Since when the member, with these `spells`, has been in the candidate's branch without leaving it.

    Who came with a unit that was merged or split into it was with its people before.
    """
    begun, unit = None, case.organisation_id
    for spell in reversed([spell for spell in spells if spell.from_day <= day]):
        if spell.organisation_id != unit or (begun is not None and spell.to_day != begun):
            break
        begun = spell.from_day
        if spell.started_by == Spell.Start.WITH_UNIT:
            before = next((one for one in spells if one.to_day == begun and one.ended_by == Spell.End.WITH_UNIT), None)
            unit = before.organisation_id if before else unit
    return begun


def _gone(spells: Sequence[Spell], day: dt.date) -> str:
    last = next((spell for spell in reversed(spells) if spell.last_day is not None and spell.last_day < day), None)
    if last is None or last.last_day is None:
        return f"không phải là đảng viên theo sổ ngày {vietnamese.day(day)}"
    return f"không còn sinh hoạt đảng ở đây từ ngày {vietnamese.day(last.last_day)} ({last.get_ended_by_display()})"
