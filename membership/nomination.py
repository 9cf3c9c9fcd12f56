"""The deed that opens a case, from three fields or taken over from the old book."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.log.write import record_rows
from cells.organisations.models import Organisation, Place, Style, was_there
from cells.people import identity
from cells.people.identity import Identity
from cells.people.models import Person, User
from cells.rules.models import ExitReason, Stratum
from cells.verdict import Problem, Refused, still_to_come
from membership.counting import Admission, make_members
from membership.deadlines.rows import refresh
from membership.models import Background, Candidacy, Spell, Stage, StageEvent

ELSEWHERE = "Người này đã có hồ sơ nơi khác, đảng ủy sẽ trả lời."
HERE = "Chi bộ đã có hồ sơ của người này."
NO_BRANCH = "Chỉ chi bộ giới thiệu người vào Đảng; chọn chi bộ, không chọn đảng bộ hay tổ đảng."
ON_BEHALF = "Nhập thay phải ghi số văn bản của cấp dưới."


@dataclass(frozen=True)
class Nomination:
    """A new case. Three fields are needed: who (name and birth), where, and when the branch met."""

    identity: Identity
    organisation: Organisation
    listed_on: dt.date
    stage: str = Stage.NOMINEE  # later where the case is taken over from the old book
    stage_day: dt.date | None = None
    decision_number: str = ""
    certificate_number: str = ""
    certificate_on: dt.date | None = None
    introduced_by: str = ""
    helper: str = ""
    introducer_1: str = ""
    introducer_2: str = ""
    education: str = ""
    occupation: str = ""
    religion: str = ""
    strata: tuple[Stratum, ...] = ()
    exit_reason: ExitReason | None = None
    on_behalf: bool = False
    number: str = ""  # of the branch's paper, asked when entered on behalf
    note: str = ""
    another_person: bool = False  # same name and birth as somebody known, yet somebody else
    person: Person | None = None  # known already: the reader chose among several
    token: uuid.UUID | None = None


def nominate(items: Sequence[Nomination], *, actor: User | None, today: dt.date) -> list[Candidacy]:
    """Put people on the list. Sending the same form again (same token) gives the case it made.

    Refused (fields `name`, `born`, `organisation`, `listed_on`, `stage_day`, `number`, `exit_reason`):
    impossible dates, a person who has an open case or is a member, a unit that is no branch or stands
    outside the tree on the day, entry on behalf without the number of the branch's paper.
    """
    made = _made_before(items)
    if made:
        return made
    try:
        return _nominate(items, actor, today)
    except IntegrityError:  # the same form a second time while the first was being written
        made = _made_before(items)
        if made:
            return made
        raise


@transaction.atomic
def _nominate(items: Sequence[Nomination], actor: User | None, today: dt.date) -> list[Candidacy]:
    known = identity.find(item.identity for item in items)
    problems = [problem for index, item in enumerate(items) for problem in _nomination_problems(index, item, today)]
    people, doubts = _choose_people(items, known)
    problems += doubts + _unit_problems(items)
    if problems:
        raise Refused(*problems)
    persons = _persons(items, people)
    cases = _write_cases(items, persons)
    _write_first_events(items, cases, actor)
    _write_background(items, persons)
    _write_spells_taken_over(items, cases)
    refresh([case.person_id for case in cases])
    record_rows("nominate", cases, actor=actor, subject="candidacy")
    return cases


def _made_before(items: Sequence[Nomination]) -> list[Candidacy]:
    tokens = [item.token for item in items if item.token]
    return list(Candidacy.objects.filter(token__in=tokens)) if tokens else []


def _nomination_problems(index: int, item: Nomination, today: dt.date) -> list[Problem]:
    problems = []
    if not item.identity.name.strip():
        problems.append(Problem(index, "name", "Ghi họ và tên."))
    if item.identity.born is None:
        problems.append(Problem(index, "born", "Ghi ngày sinh hoặc năm sinh."))
    days = [("listed_on", item.listed_on)]
    days += [("certificate_on", item.certificate_on)] if item.certificate_on else []
    days += [("stage_day", item.stage_day)] if item.stage_day else []
    for name, day in days:
        if day > today:
            problems.append(Problem(index, name, still_to_come(day)))
        if item.identity.born and day <= item.identity.born:
            problems.append(Problem(index, name, f"Ngày {vietnamese.day(day)} không sau ngày sinh."))
    if item.stage_day and item.stage_day < item.listed_on:
        problems.append(Problem(index, "stage_day", f"Ngày {vietnamese.day(item.stage_day)} ở trước ngày giới thiệu."))
    if item.stage == Stage.DROPPED and item.exit_reason is None:
        problems.append(Problem(index, "exit_reason", "Ghi lý do dừng theo dõi."))
    if item.on_behalf and not item.number.strip():
        problems.append(Problem(index, "number", ON_BEHALF))
    return problems


def _choose_people(items: Sequence[Nomination], known: dict) -> tuple[list[Person | None], list[Problem]]:
    """For each item the person it is about (null: somebody new), and what stands against it."""
    candidates = [person.pk for people in known.values() for person in people]
    candidates += [item.person.pk for item in items if item.person]
    # locked, so that two branches cannot open a case of one person at once
    list(Person.objects.select_for_update().filter(pk__in=candidates).values_list("pk"))
    busy = dict(Candidacy.objects.open().filter(person__in=candidates).values_list("person_id", "organisation_id"))
    members = {spell.person_id: spell for spell in Spell.objects.filter(person__in=candidates, to_day__isnull=True)}
    chosen: list[Person | None] = []
    problems: list[Problem] = []
    seen: set = set()
    for index, item in enumerate(items):
        found = [] if item.another_person else known.get(item.identity.key, [])
        person = item.person or (found[0] if len(found) == 1 else None)
        chosen.append(person)
        if item.identity.key in seen and not item.another_person:
            problems.append(Problem(index, "name", "Người này có hai lần trong danh sách."))
        seen.add(item.identity.key)
        if person is None and len(found) > 1:
            problems.append(Problem(index, "name", "Có nhiều người trùng họ tên và ngày sinh; chọn đúng người."))
        if person is None:
            continue
        if item.stage == Stage.DROPPED:
            continue  # a past case stands in nobody's way
        if person.pk in members and not _tells_of(item, members[person.pk]):
            here = members[person.pk].organisation_id == item.organisation.pk
            problems.append(Problem(index, "name", "Người này đang là đảng viên của chi bộ." if here else ELSEWHERE))
        elif person.pk in busy:
            here = busy[person.pk] == item.organisation.pk
            problems.append(Problem(index, "name", HERE if here else ELSEWHERE))
    return chosen, problems


def _tells_of(item: Nomination, spell: Spell) -> bool:
    """Whether a case taken over is the one by which this member came in."""
    if item.stage == Stage.ADMITTED:
        return True
    return item.stage == Stage.DECIDED and spell.decided_on == item.stage_day


def _unit_problems(items: Sequence[Nomination]) -> list[Problem]:
    """People are introduced where members meet and vote: in a branch that stands on the day.

    Those already decided or admitted may be so by a branch that was outside then: it brings its people along.
    """
    units = {item.organisation.pk for item in items}
    places, styles = Place.objects.by_unit(units), Style.objects.select_related("kind").by_unit(units)
    problems = []
    for index, item in enumerate(items):
        day = item.stage_day or item.listed_on
        past = item.stage in (Stage.DECIDED, Stage.ADMITTED)
        outside = past and was_there(places[item.organisation.pk], day, day + ONE_DAY)
        if any(place.closed_as in Place.ENDED for place in places[item.organisation.pk]):
            problems.append(Problem(index, "organisation", "Chi bộ này đã kết thúc; ghi chi bộ tiếp nhận."))
        elif not outside and not any(place.holds_on(day) for place in places[item.organisation.pk]):
            problems.append(Problem(index, "organisation", f"Chi bộ này không hoạt động ngày {vietnamese.day(day)}."))
        elif not any(style.kind.is_branch for style in styles[item.organisation.pk] if outside or style.holds_on(day)):
            problems.append(Problem(index, "organisation", NO_BRANCH))
    return problems


def _persons(items: Sequence[Nomination], chosen: Sequence[Person | None]) -> list[Person]:
    fresh = iter(identity.enter([item.identity for item, person in zip(items, chosen, strict=True) if person is None]))
    return [person or next(fresh) for person in chosen]


def _write_cases(items: Sequence[Nomination], persons: Sequence[Person]) -> list[Candidacy]:
    cases = Candidacy.objects.bulk_create(
        [
            Candidacy(
                person=person,
                organisation=item.organisation,
                stage=item.stage,
                stage_day=item.stage_day or item.listed_on,
                listed_on=item.listed_on,
                taken_over=item.stage != Stage.NOMINEE,
                introduced_by=item.introduced_by,
                certificate_number=item.certificate_number,
                certificate_on=item.certificate_on,
                helper=item.helper,
                introducer_1=item.introducer_1,
                introducer_2=item.introducer_2,
                exit_reason=item.exit_reason,
                token=item.token,
            )
            for item, person in zip(items, persons, strict=True)
        ]
    )
    through = Candidacy.strata.through
    through.objects.bulk_create(
        through(candidacy_id=case.pk, stratum_id=stratum.pk)
        for item, case in zip(items, cases, strict=True)
        for stratum in item.strata
    )
    return cases


def _write_first_events(items: Sequence[Nomination], cases: Sequence[Candidacy], actor: User | None) -> None:
    """The steps known: the listing, the certificate of a case taken over, and the stage reached."""
    events = []
    for item, case in zip(items, cases, strict=True):
        known = [(Stage.NOMINEE, "", item.listed_on, item.number)]
        if item.stage != Stage.NOMINEE:
            known.append((Stage(item.stage), Stage.NOMINEE, case.stage_day, item.decision_number))
        for stage, before, day, number in known:
            events.append(
                StageEvent(
                    candidacy=case,
                    stage=stage,
                    from_stage=before,
                    day=day,
                    organisation=item.organisation,
                    number=number,
                    on_behalf=item.on_behalf,
                    actor=actor,
                    note=vietnamese.clean(item.note) or ("chuyển từ sổ cũ" if stage != Stage.NOMINEE else ""),
                )
            )
    StageEvent.objects.bulk_create(events, batch_size=1000)


def _write_background(items: Sequence[Nomination], persons: Sequence[Person]) -> None:
    told = {
        person.pk: item
        for item, person in zip(items, persons, strict=True)
        if item.education or item.occupation or item.religion
    }
    Background.objects.bulk_create(
        (
            Background(person_id=pk, religion=item.religion, education=item.education, occupation=item.occupation)
            for pk, item in told.items()
        ),
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["religion", "education", "occupation"],
    )


def _write_spells_taken_over(items: Sequence[Nomination], cases: Sequence[Candidacy]) -> None:
    """Cases taken over after the decision make their member here; a member known already is linked."""
    decided = [
        (item, case) for item, case in zip(items, cases, strict=True) if item.stage in (Stage.DECIDED, Stage.ADMITTED)
    ]
    known: dict[int, list[Spell]] = defaultdict(list)
    for spell in Spell.objects.filter(person__in=[case.person_id for _, case in decided]):
        known[spell.person_id].append(spell)
    linked, new = [], []
    for item, case in decided:
        own = _spells_of(case, known[case.person_id])
        for spell in own:
            spell.candidacy = case
        linked += own
        if not own:
            ceremony = case.stage_day if item.stage == Stage.ADMITTED else None
            new.append(Admission(case, case.stage_day, item.decision_number, ceremony))
    Spell.objects.bulk_update(linked, ["candidacy"], batch_size=500)
    make_members(new)


def _spells_of(case: Candidacy, spells: Sequence[Spell]) -> list[Spell]:
    """The spells that a case led to: decided while it was followed, else the one still open."""
    decided = [spell for spell in spells if spell.decided_on and case.listed_on <= spell.decided_on <= case.stage_day]
    return decided or [spell for spell in spells if spell.to_day is None]
