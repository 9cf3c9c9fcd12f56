"""The register of members: enrol, recognise, transfer, receive, and the ways out.

A spell is one member in one unit with one standing; each deed ends one and begins the next, so
start + in − out = end by construction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import transaction

from cells import vietnamese
from cells.dated import ONE_DAY, overlaps
from cells.log.write import record, record_rows
from cells.organisations.models import Organisation, Place
from cells.people import identity
from cells.people.identity import Identity
from cells.people.models import Person, User
from cells.verdict import Problem, Refused, still_to_come
from membership import succession
from membership.deadlines.rows import refresh
from membership.models import Background, Candidacy, Spell, Stage
from membership.recognition import late

Start, End, Standing = Spell.Start, Spell.End, Spell.Standing
FULL, PROBATIONARY = Standing.FULL, Standing.PROBATIONARY

_GONE = "Tổ chức này đã kết thúc hoặc đã chia tách trước ngày đó; ghi tổ chức nơi sinh hoạt sau khi sắp xếp."


@dataclass(frozen=True)
class Enrolment:
    """A member as an old book or a sheet tells: admitted, recognised, perhaps gone.

    `end` is "" for who is still a member; `changed_on` is the last day in the unit (inclusive).
    `destination` null and `end` transferred_out: to a unit outside, named in `elsewhere`.
    """

    person: Person
    organisation: Organisation
    decided_on: dt.date
    counting_on: dt.date
    ceremony_on: dt.date | None = None
    recognised_on: dt.date | None = None
    end: str = ""
    changed_on: dt.date | None = None
    destination: Organisation | None = None
    elsewhere: str = ""
    exempt_from: dt.date | None = None
    decision_number: str = ""
    religion: str = ""
    readmitted: bool = False  # was a member before, and had left


@dataclass(frozen=True)
class Change:
    """One deed on one open spell.

    `day` is, for a recognition, the first day as full member; for a transfer or a way out, the last
    day in the unit: who leaves on 31/12 counts on 31/12 and is not in the base of 1/1.
    """

    spell_id: int
    day: dt.date
    cause: str = ""
    destination: Organisation | None = None
    elsewhere: str = ""
    number: str = ""


@dataclass(frozen=True)
class Reception:
    """A member coming from outside the tree with a transfer paper, `day` the first day in the unit.

    An `Identity` is somebody told by name and birth: found among those known, else entered.
    """

    person: Person | Identity
    organisation: Organisation
    day: dt.date
    standing: str
    decided_on: dt.date | None = None
    ceremony_on: dt.date | None = None
    elsewhere: str = ""


@transaction.atomic
def enrol(items: Sequence[Enrolment], *, actor: User | None, today: dt.date) -> int:
    """Write members whose admission is past, with their whole history; how many spells it made.

    Refused (fields `decided_on`, `ceremony_on`, `recognised_on`, `changed_on`, `end`): days in the
    future, before birth, or out of their order; an end without its day; transfers to nowhere; a unit that was gone
    then, or split so that nobody knows where its members went (`organisation`).
    """
    problems = [problem for index, item in enumerate(items) for problem in _enrolment_problems(index, item, today)]
    if problems:
        raise Refused(*problems)
    gone = succession.ends()
    chains = [[succession.carried_on(spell, gone) for spell in _spells(item)] for item in items]
    lost = [index for index, chain in enumerate(chains) if None in chain]
    if lost:
        raise Refused(*(Problem(index, "organisation", _GONE) for index in lost))
    spells = [spell for chain in chains for part in chain for spell in part or ()]
    Spell.objects.bulk_create(spells, batch_size=1000)
    Background.objects.bulk_create(
        (Background(person=item.person, religion=item.religion) for item in items if item.religion),
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["religion"],
        batch_size=1000,
    )
    refresh([spell.person_id for spell in spells if spell.standing == PROBATIONARY and spell.to_day is None])
    record("enrol", actor=actor, subject="spell", count=len(items))
    return len(spells)


@transaction.atomic
def recognise(changes: Sequence[Change], *, actor: User | None, today: dt.date) -> list[Spell]:
    """Probationary members become full members from `day`; the count of members does not change.

    A day before the last move of a probation is one too: the spells since are those of a full member.
    """
    spells = _lock(changes)
    chains = [late.probation_of(spell, change.day) for change, spell in zip(changes, spells, strict=True)]
    problems = _change_problems(changes, spells, today, begun=[chain[0].from_day for chain in chains])
    for index, (spell, chain) in enumerate(zip(spells, chains, strict=True)):
        if spell.standing != PROBATIONARY:
            problems.append(Problem(index, "day", "Người này đã là đảng viên chính thức."))
        elif changes[index].day == chain[0].from_day:
            problems.append(Problem(index, "day", "Ngày công nhận phải sau ngày kết nạp."))
        elif spell.ceremony_on is None and spell.started_by in (Start.ADMITTED, Start.READMITTED):
            problems.append(Problem(index, "day", "Chưa ghi lễ kết nạp; thời gian dự bị tính từ ngày lễ."))
    if problems:
        raise Refused(*problems)
    begun = []
    for change, spell, chain in zip(changes, spells, chains, strict=True):
        if change.day <= spell.from_day:
            begun.append(late.recognise_within(chain, change.day))
            continue
        _end(spell, change.day, End.RECOGNISED)
        unit = spell.organisation_id
        begun.append(_go_on(spell, change.day, Start.RECOGNISED, standing=FULL, organisation_id=unit))
    refresh([spell.person_id for spell in begun])
    record_rows("recognise", begun, actor=actor, subject="spell")
    return begun


@transaction.atomic
def transfer(changes: Sequence[Change], *, actor: User | None, today: dt.date) -> list[Spell]:
    """Members move to `destination` after `day`, or outside (`elsewhere`) where that is null.

    Comes back: for each the spell begun there, or the one ended where nothing follows inside.
    """
    spells = _lock(changes)
    problems = _change_problems(changes, spells, today)
    for index, (change, spell) in enumerate(zip(changes, spells, strict=True)):
        if change.destination is None and not change.elsewhere.strip():
            problems.append(Problem(index, "elsewhere", "Ghi nơi chuyển đến."))
        elif change.destination is not None and change.destination.pk == spell.organisation_id:
            problems.append(Problem(index, "destination", "Nơi chuyển đến phải khác chi bộ hiện nay."))
        elif change.destination is not None and not _placed(change.destination, change.day + ONE_DAY):
            problems.append(Problem(index, "destination", "Chi bộ nhận không hoạt động ngày đó."))
    if problems:
        raise Refused(*problems)
    now = []
    for change, spell in zip(changes, spells, strict=True):
        first = change.day + ONE_DAY
        _end(spell, first, End.TRANSFERRED_OUT, change.elsewhere)
        if change.destination is None:
            now.append(spell)
            continue
        unit = change.destination.pk
        now.append(_go_on(spell, first, Start.TRANSFERRED_IN, standing=spell.standing, organisation_id=unit))
        _take_case_along(spell, unit, first)
    refresh([spell.person_id for spell in now])
    record_rows("transfer", now, actor=actor, subject="spell")
    return now


def _take_case_along(spell: Spell, unit: int, day: dt.date) -> None:
    """The case of a probation goes with its member: papers and helper are the new branch's to keep."""
    if spell.standing == PROBATIONARY and spell.candidacy_id:
        cases = Candidacy.objects.filter(pk=spell.candidacy_id, stage=Stage.ADMITTED)
        succession.move_cases(cases, unit, day, with_unit=False)


@transaction.atomic
def depart(changes: Sequence[Change], *, actor: User | None, today: dt.date) -> list[Spell]:
    """Members die, are struck off, resign or are expelled (`cause`) on `day`, their last."""
    spells = _lock(changes)
    problems = _change_problems(changes, spells, today)
    ways_out = (End.DECEASED, End.STRUCK_OFF, End.RESIGNED, End.EXPELLED)
    for index, (change, spell) in enumerate(zip(changes, spells, strict=True)):
        if change.cause not in ways_out:
            problems.append(Problem(index, "cause", "Chọn lý do ra khỏi danh sách đảng viên."))
        elif change.cause == End.EXPELLED and spell.standing == PROBATIONARY:
            problems.append(Problem(index, "cause", "Đảng viên dự bị không bị khai trừ; chọn xóa tên."))
    if problems:
        raise Refused(*problems)
    for change, spell in zip(changes, spells, strict=True):
        _end(spell, change.day + ONE_DAY, change.cause)
    refresh([spell.person_id for spell in spells])
    record_rows("depart", spells, actor=actor, subject="spell")
    return spells


@transaction.atomic
def receive(items: Sequence[Reception], *, actor: User | None, today: dt.date) -> list[Spell]:
    """Members come from outside the tree.

    Refused (fields `name`, `born`, `day`, `decided_on`, `ceremony_on`): somebody who is a member here on
    that day or later, two of one name and birth, days in the future, before birth or out of order.
    """
    known = identity.find(item.person for item in items if isinstance(item.person, Identity))
    problems = []
    for index, item in enumerate(items):
        problems += _reception_problems(index, item, known, today)
    if problems:
        raise Refused(*problems)
    spells = Spell.objects.bulk_create(
        Spell(
            person=_person_of(item, known),
            organisation=item.organisation,
            standing=item.standing,
            from_day=item.day,
            started_by=Start.TRANSFERRED_IN,
            decided_on=item.decided_on,
            ceremony_on=item.ceremony_on,
            elsewhere=vietnamese.clean(item.elsewhere),
        )
        for item in items
    )
    refresh([spell.person_id for spell in spells])
    record_rows("receive", spells, actor=actor, subject="spell")
    return spells


def _reception_problems(index: int, item: Reception, known: Mapping, today: dt.date) -> list[Problem]:
    told = item.person
    problems = _order_problems(
        index,
        [
            ("born", told.born, "ngày sinh"),
            ("decided_on", item.decided_on, "ngày quyết định kết nạp"),
            ("ceremony_on", item.ceremony_on, "ngày lễ kết nạp"),
            ("day", item.day, "ngày chuyển đến"),
        ],
        today,
    )
    people = known.get(told.key, []) if isinstance(told, Identity) else [told]
    if not told.name.strip():
        problems.append(Problem(index, "name", "Ghi họ và tên."))
    if isinstance(told, Identity) and told.born is None:
        problems.append(Problem(index, "born", "Ghi ngày sinh hoặc năm sinh."))
    if len(people) > 1:
        problems.append(Problem(index, "name", "Có nhiều người trùng họ tên và ngày sinh; chọn đúng người."))
    elif people and Spell.objects.filter(overlaps(item.day, None), person=people[0]).exists():
        problems.append(Problem(index, "name", "Người này đang là đảng viên trong đảng bộ; dùng «Chuyển sinh hoạt»."))
    if not _placed(item.organisation, item.day):
        problems.append(Problem(index, "day", "Chi bộ không hoạt động ngày đó."))
    return problems


def _person_of(item: Reception, known: Mapping) -> Person:
    if isinstance(item.person, Person):
        return item.person
    found = known.get(item.person.key, [])
    return found[0] if found else identity.enter([item.person])[0]


def _placed(organisation: Organisation, day: dt.date) -> bool:
    """The unit stands on `day`, and has not ended for good since: whoever came would be left behind."""
    units = Organisation.objects.filter(pk=organisation.pk).exclude(places__closed_as__in=Place.ENDED)
    return units.placed_on(day).exists()


def _enrolment_problems(index: int, item: Enrolment, today: dt.date) -> list[Problem]:
    named = [
        ("born", item.person.born, "ngày sinh"),
        ("decided_on", item.decided_on, "ngày quyết định kết nạp"),
        ("ceremony_on", item.ceremony_on, "ngày lễ kết nạp"),
        ("recognised_on", item.recognised_on, "ngày chính thức"),
        ("changed_on", item.changed_on, "ngày thay đổi"),
    ]
    problems = _order_problems(index, named, today)
    if item.end and item.changed_on is None:
        problems.append(Problem(index, "changed_on", "Ghi ngày thay đổi."))
    if item.end == End.TRANSFERRED_OUT and item.destination is None and not item.elsewhere:
        problems.append(Problem(index, "elsewhere", "Ghi nơi chuyển đến."))
    if item.end == End.EXPELLED and item.recognised_on is None:
        problems.append(Problem(index, "end", "Đảng viên dự bị không bị khai trừ; ghi xóa tên."))
    return problems


def _order_problems(index: int, named: Sequence[tuple[str, dt.date | None, str]], today: dt.date) -> list[Problem]:
    """Days that lie in the future or before the day named before them; (field, day, title) in their order."""
    problems = []
    given = [(name, day, title) for name, day, title in named if day is not None]
    for name, day, _ in given:
        if day > today:
            problems.append(Problem(index, name, still_to_come(day)))
    for (_, before, title), (name, day, _) in pairwise(given):
        if day < before or (title == "ngày sinh" and day == before):
            problems.append(
                Problem(index, name, f"Ngày {vietnamese.day(day)} ở trước {title} ({vietnamese.day(before)}).")
            )
    return problems


def _spells(item: Enrolment) -> list[Spell]:
    """The chain of spells that an enrolment tells; who was recognised on the counting date had no probation."""
    probation = item.recognised_on is None or item.recognised_on > item.counting_on
    start = Start.READMITTED if item.readmitted else Start.ADMITTED
    steps: list[tuple[dt.date, str, str, Organisation]] = [
        (item.counting_on, PROBATIONARY if probation else FULL, start, item.organisation)
    ]
    ends: list[tuple[dt.date, str]] = []
    if item.recognised_on and probation:
        ends.append((item.recognised_on, End.RECOGNISED))
        steps.append((item.recognised_on, FULL, Start.RECOGNISED, item.organisation))
    if item.end and item.changed_on:
        ends.append((item.changed_on + ONE_DAY, item.end))
        if item.end == End.TRANSFERRED_OUT and item.destination is not None:
            steps.append((item.changed_on + ONE_DAY, steps[-1][1], Start.TRANSFERRED_IN, item.destination))
    return [
        Spell(
            person=item.person,
            organisation=unit,
            standing=standing,
            started_by=cause,
            from_day=day,
            to_day=ends[place][0] if place < len(ends) else None,
            ended_by=ends[place][1] if place < len(ends) else "",
            decided_on=item.decided_on,
            ceremony_on=item.ceremony_on,
            decision_number=item.decision_number,
            exempt_from=item.exempt_from if place == len(steps) - 1 else None,
            elsewhere=item.elsewhere if place < len(ends) and ends[place][1] == End.TRANSFERRED_OUT else "",
        )
        for place, (day, standing, cause, unit) in enumerate(steps)
    ]


def _lock(changes: Sequence[Change]) -> list[Spell]:
    found = {
        spell.pk: spell
        for spell in Spell.objects.select_for_update().filter(pk__in=[change.spell_id for change in changes])
    }
    return [found[change.spell_id] for change in changes]


def _change_problems(
    changes: Sequence[Change], spells: Sequence[Spell], today: dt.date, *, begun: Sequence[dt.date] = ()
) -> list[Problem]:
    """`begun`: since when each may have changed, where that is not the spell's own first day."""
    problems = []
    first_days = begun or [spell.from_day for spell in spells]
    for index, (change, spell, first_day) in enumerate(zip(changes, spells, first_days, strict=True)):
        if spell.to_day is not None:
            problems.append(Problem(index, "", "Biến động này đã được ghi."))
        elif change.day > today:
            problems.append(Problem(index, "day", still_to_come(change.day)))
        elif change.day < first_day:
            before = f"Ngày {vietnamese.day(change.day)} ở trước ngày {vietnamese.day(first_day)}."
            problems.append(Problem(index, "day", before))
        elif spell.ceremony_on and change.day < spell.ceremony_on:
            problems.append(Problem(index, "day", f"Ngày {vietnamese.day(change.day)} ở trước lễ kết nạp."))
    return problems


def _go_on(spell: Spell, from_day: dt.date, cause: str, *, standing: str, organisation_id: int) -> Spell:
    """The spell that follows `spell` inside the tree; it carries on what is known of the admission."""
    return Spell.objects.create(
        person_id=spell.person_id,
        organisation_id=organisation_id,
        standing=standing,
        started_by=cause,
        from_day=from_day,
        candidacy_id=spell.candidacy_id,
        decided_on=spell.decided_on,
        decision_number=spell.decision_number,
        ceremony_on=spell.ceremony_on,
        exempt_from=spell.exempt_from,
    )


def _end(spell: Spell, day: dt.date, cause: str, elsewhere: str = "") -> None:
    spell.to_day, spell.ended_by = day, cause
    spell.elsewhere = vietnamese.clean(elsewhere) or spell.elsewhere
    spell.save(update_fields=["to_day", "ended_by", "elsewhere"])
