"""Members and open cases of a unit that is merged, split or dissolved: they go on where it goes on.

No transfer of a person: nobody decided about them one by one, and no total within the tree changes
(`docs/decisions/0009-reorganisation.md`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cells import vietnamese
from cells.organisations.models import Operation, Place, Succession
from cells.organisations.registry import Following, Returned, Returning
from membership.models import ENDS, Candidacy, CaseMove, Spell, Stage, StageEvent


def take_members(following: Following) -> list[str]:
    """End the open spells on the day and begin each again in the receiving unit; the reasons why that cannot be."""
    held = Q(to_day__isnull=True) | Q(to_day__gt=following.day)
    spells = list(Spell.objects.select_for_update().filter(held, organisation=following.unit))
    goes = [spell for spell in spells if following.receiver_of(spell.person_id) != following.unit]
    if any(spell.from_day >= following.day or spell.to_day is not None for spell in goes):
        day = vietnamese.day(following.day)
        return [f"Có biến động đảng viên của tổ chức này từ ngày {day} trở đi; ghi ngày sau đó, hoặc đính chính trước."]
    lost = [spell for spell in goes if following.receiver_of(spell.person_id) is None]
    if lost:
        return [
            f"{vietnamese.number(len(lost))} đảng viên chưa có tổ chức mới; ghi tổ chức tiếp nhận hoặc chuyển trước."
        ]
    for spell in goes:
        spell.to_day, spell.ended_by = following.day, Spell.End.WITH_UNIT
    Spell.objects.bulk_update(goes, ["to_day", "ended_by"], batch_size=500)
    going = [(spell, following.receiver_of(spell.person_id)) for spell in goes]
    spells = [_continued(spell, following.day, unit) for spell, unit in going if unit is not None]
    Spell.objects.bulk_create(spells, batch_size=1000)
    return []


def take_cases(following: Following) -> list[str]:
    """Put the cases into the receiving unit, those dropped too: they may be resumed. Events stay as they are."""
    cases = Candidacy.objects.filter(_still_worked_on(), organisation=following.unit)
    rows = list(cases.values_list("pk", "person_id", "stage"))
    receivers = {pk: following.receiver_of(person) for pk, person, _ in rows}
    goes = [pk for pk, _, stage in rows if stage not in ENDS and receivers[pk] != following.unit]
    late = StageEvent.objects.valid().filter(candidacy__in=goes, organisation=following.unit, day__gte=following.day)
    moving = [pk for pk, receiver in receivers.items() if receiver not in (None, following.unit)]
    came = CaseMove.objects.filter(candidacy__in=moving, day__gte=following.day)
    if late.exists() or came.exists():
        day = vietnamese.day(following.day)
        return [f"Có bước hồ sơ ghi ở tổ chức này từ ngày {day} trở đi; ghi ngày sau đó, hoặc đính chính trước."]
    lost = [pk for pk in goes if receivers[pk] is None]
    if lost:
        return [f"{vietnamese.number(len(lost))} hồ sơ chưa có tổ chức mới; ghi tổ chức tiếp nhận."]
    for unit in {unit for unit in receivers.values() if unit is not None} - {following.unit}:
        there = [pk for pk in moving if receivers[pk] == unit]
        move_cases(Candidacy.objects.filter(pk__in=there), unit, following.day, with_unit=True)
    return []


def move_cases(cases: QuerySet[Candidacy], unit: int, day: dt.date, *, with_unit: bool) -> None:
    """Put these cases into `unit` (id) from `day` on, with their own unit or with their member."""
    held = list(cases.exclude(organisation=unit).values_list("pk", "organisation_id"))
    moves = [
        CaseMove(candidacy_id=pk, day=day, origin_id=origin, destination_id=unit, with_unit=with_unit)
        for pk, origin in held
    ]
    CaseMove.objects.bulk_create(moves, batch_size=1000)
    Candidacy.objects.filter(pk__in=[pk for pk, _ in held]).update(organisation=unit, version=F("version") + 1)


def _still_worked_on() -> Q:
    """All but those whose member is recognised or gone: papers and helper of a probation are kept with its case."""
    on_probation = Spell.objects.filter(
        candidacy=OuterRef("pk"), to_day__isnull=True, standing=Spell.Standing.PROBATIONARY
    )
    return ~Q(stage=Stage.ADMITTED) | Q(Exists(on_probation))


def return_members(returning: Returning) -> Returned:
    """The spells that began elsewhere with the unit are void, those they went on from open again."""
    here = Spell.objects.filter(organisation=returning.unit, to_day=returning.day, ended_by=Spell.End.WITH_UNIT)
    begun = {"from_day": returning.day, "started_by": Spell.Start.WITH_UNIT}
    there = Spell.objects.filter(organisation__in=returning.receivers, person__in=here.values("person"), **begun)
    went = list(there.select_for_update())
    later = sum(spell.to_day is not None for spell in went)
    if later:
        return Returned(
            [f"{vietnamese.number(later)} đảng viên đã có biến động ở tổ chức tiếp nhận; đính chính các việc đó trước."]
        )
    back = {spell.person_id: spell for spell in here.filter(person__in=[spell.person_id for spell in went])}
    Spell.objects.filter(pk__in=[spell.pk for spell in went]).update(void=True)
    for spell in went:
        before = back[spell.person_id]
        before.to_day, before.ended_by, before.exempt_from = None, "", spell.exempt_from
    Spell.objects.bulk_update(back.values(), ["to_day", "ended_by", "exempt_from"], batch_size=500)
    return Returned(went={spell.person_id: spell.organisation_id for spell in went})


def return_cases(returning: Returning) -> Returned:
    """The cases that went with the unit stand in it again, and no others: what came another way stays."""
    gone = CaseMove.objects.filter(
        origin=returning.unit, day=returning.day, destination__in=returning.receivers, with_unit=True
    )
    own = {"candidacy": OuterRef("candidacy")}
    if gone.filter(Exists(StageEvent.objects.valid().filter(**own, recorded_at__gt=OuterRef("recorded_at")))).exists():
        return Returned(["Có hồ sơ đã ghi bước mới ở tổ chức tiếp nhận; đính chính các bước đó trước."])
    if gone.filter(Exists(CaseMove.objects.filter(**own, day__gt=OuterRef("day")))).exists():
        return Returned(["Có hồ sơ đã chuyển tiếp sang tổ chức khác; đính chính việc đó trước."])
    moves = {move.candidacy_id: move for move in gone.select_related("candidacy")}
    Candidacy.objects.filter(pk__in=moves).update(organisation=returning.unit, version=F("version") + 1)
    CaseMove.objects.filter(pk__in=[move.pk for move in moves.values()]).delete()
    return Returned(went={move.candidacy.person_id: move.destination_id for move in moves.values()})


#: Unit's id → the day it ended and the units that carry it on.
Ends = dict[int, tuple[dt.date, list[int]]]


def ends() -> Ends:
    """The units that are gone for good; two queries. Where nobody received what was left, nobody carries them on."""
    closed = Place.objects.filter(closed_as__in=Place.ENDED).order_by()
    days = {unit: day for unit, day in closed.values_list("organisation_id", "to_day") if day is not None}
    heirs: dict[int, list[int]] = defaultdict(list)
    received = Succession.objects.exclude(operation__work=Operation.Work.DISSOLVE, operation__related=None)
    for before, after, day in received.values_list("predecessor_id", "successor_id", "day") if days else ():
        if days.get(before) == day:
            heirs[before].append(after)
    return {unit: (day, heirs[unit]) for unit, day in days.items()}


def carried_on(spell: Spell, gone: Ends) -> list[Spell] | None:
    """An unsaved spell of an old book, cut where its unit ended; null where it is not known where it went on.

    So a row may name the unit of the time, and the member is today in the one that carries it on.
    """
    chain = [spell]
    while chain[-1].organisation_id in gone:
        last = chain[-1]
        day, heirs = gone[last.organisation_id]
        if last.to_day is not None and last.to_day <= day:
            break
        if len(heirs) != 1 or last.from_day >= day:
            return None
        following = _continued(last, day, heirs[0])
        following.to_day, following.ended_by, following.elsewhere = last.to_day, last.ended_by, last.elsewhere
        last.to_day, last.ended_by, last.elsewhere = day, Spell.End.WITH_UNIT, ""
        chain.append(following)
    return chain


def gone_along(spell: Spell, moves: Iterable[CaseMove]) -> list[Spell]:
    """An unsaved spell cut where its case went to another branch since it began; `moves` in order of day."""
    chain = [spell]
    for move in moves:
        if move.day <= spell.from_day:
            continue
        last = chain[-1]
        last.organisation_id, last.to_day, last.ended_by = move.origin_id, move.day, Spell.End.WITH_UNIT
        chain.append(_continued(last, move.day, move.destination_id))
    return chain


def _continued(spell: Spell, day: dt.date, unit: int) -> Spell:
    return Spell(
        person_id=spell.person_id,
        organisation_id=unit,
        standing=spell.standing,
        started_by=Spell.Start.WITH_UNIT,
        from_day=day,
        candidacy_id=spell.candidacy_id,
        decided_on=spell.decided_on,
        decision_number=spell.decision_number,
        ceremony_on=spell.ceremony_on,
        exempt_from=spell.exempt_from,
    )
