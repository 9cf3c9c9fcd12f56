"""Saying whether a unit has sources left, and answering it. Nothing said before is overwritten.

"Còn nguồn" holds at once. "Hết nguồn" exempts once the level above has accepted it, until then the former word stands;
said by the level above itself (or the system) it is accepted with that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from cells import vietnamese
from cells.log.write import Changes, record, record_rows
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.models import Post, User
from cells.verdict import Problem, Refused, refuse
from targets.enter import FIRST_YEAR, period, stood_in, twice
from targets.sources.models import Sources, word

State = Sources.State
Key = tuple[int, int]

WAITS = "Đang có một lần báo hết nguồn chờ cấp trên trả lời; chờ trả lời, hoặc báo «còn nguồn» để rút lại."
OWN_WORD = "Bạn có chức vụ ở đơn vị này; người khác ở cấp trên trả lời."
SETTLED = "Lần báo này không còn chờ trả lời; xem lại danh sách."


@dataclass(frozen=True)
class SourcesLine:
    """Whether a unit has sources left in a year; without, `reason` says why."""

    organisation: Organisation
    year: int
    has_sources: bool
    reason: str = ""

    @property
    def key(self) -> Key:
        return self.organisation.pk, self.year


@dataclass
class _Held:
    """The word in force and the one that waits, of a unit and year."""

    in_force: Sources | None = None
    waiting: Sources | None = None


@dataclass(frozen=True)
class Voices:
    """As whom somebody speaks: at the units `above` as their superior, elsewhere for the unit; `gone` stand no more."""

    above: Collection[int] = field(default_factory=set)
    gone: Collection[int] = field(default_factory=set)


def voices(actor: User | None, units: Collection[int], today: dt.date) -> Voices:
    """Null speaks as the superior of all. Who allocates to a unit does, but not who has a post of that unit too.

    A unit that is gone belongs to whoever answers for the one it stood under: the caller looked after that.
    """
    if actor is None:
        return Voices(set(units))
    rows = Organisation.objects.filter(pk__in=units)
    standing = set(rows.placed_on(today).values_list("pk", flat=True))
    allocated = set(rows.for_user(actor, rights.ALLOCATE, on=today).values_list("pk", flat=True))
    own = {post.organisation_id for post in actor.posts_on(today) if _is_of_the_unit(post)}
    gone = set(units) - standing
    return Voices((allocated | gone) - own, gone)


def _is_of_the_unit(post: Post) -> bool:
    """A post that does the unit's work and does not allocate to it."""
    does = rights.Reach.OWN in rights.reach_of(post, rights.BRANCH_WORK)
    return does and rights.Reach.OWN not in rights.reach_of(post, rights.ALLOCATE)


@transaction.atomic
def declare_sources(lines: Sequence[SourcesLine], *, actor: User | None, today: dt.date) -> list[Sources]:
    """Say whether units have sources left in a year; gives the new rows. What holds already is left out.

    A word of the unit itself that none are left waits for the level above. A later word overtakes one that waits.
    Refused (fields `organisation`, `year`, `reason`, ""): none left without a reason, the same unit and year twice, a
    year before the Party's first or after the next one, a unit that did not stand in the year or that speaks for itself
    and stands no more, a second word of the unit while one waits.
    """
    problems = _bad_lines(lines, today)
    if problems:
        raise Refused(*problems)
    spoken = voices(actor, {line.organisation.pk for line in lines}, today)
    held = _held(lines)
    problems = _unit_problems(lines, held, spoken)
    if problems:
        raise Refused(*problems)
    new = [line for line in lines if not _holds(held[line.key], line, spoken)]
    rows = [_row(line, line.has_sources or line.organisation.pk in spoken.above, actor, today) for line in new]
    _make_room(rows, held, actor, today)
    rows = Sources.objects.bulk_create(rows, batch_size=1000)
    if rows:
        _record(rows, held, actor)
    return rows


@transaction.atomic
def accept_sources(ids: Sequence[int], *, actor: User, today: dt.date) -> list[Sources]:
    """From now on these units are exempt in their year.

    Refused (field ""): a word that waits no longer, the actor's own, and those of units not below the actor.
    """
    rows = _waiting(ids, actor, today)
    keys = Q()
    for row in rows:
        keys |= Q(organisation=row.organisation_id, year=row.year)
    if rows:
        Sources.objects.in_force().filter(keys).update(in_force=False)
    _settle(rows, State.ACCEPTED, actor, today, in_force=True)
    if rows:
        record_rows("accept_sources", rows, actor=actor, subject="sources")
    return rows


@transaction.atomic
def refuse_sources(ids: Sequence[int], *, actor: User, answer: str, today: dt.date) -> list[Sources]:
    """The former word stands; the unit reads `answer`. Refused as an acceptance, and without an answer (`answer`)."""
    said = vietnamese.clean(answer)
    if not said:
        raise refuse("Ghi lý do không chấp nhận; đơn vị sẽ đọc câu này.", field="answer")
    rows = _waiting(ids, actor, today)
    _settle(rows, State.REFUSED, actor, today, answer=said)
    if rows:
        record_rows("refuse_sources", rows, actor=actor, subject="sources")
    return rows


@transaction.atomic
def read_answer(row: Sources, *, actor: User, today: dt.date) -> Sources:
    """The unit has read why its word was refused; of any other word there is nothing to read (field "")."""
    held = Sources.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=row.pk)
    if held.state != State.REFUSED:
        raise refuse("Lần báo này không có câu trả lời nào phải đọc.")
    if held.read_on is None:
        held.read_on = today
        held.save(update_fields=["read_on"])
        record_rows("read_sources_answer", [held], actor=actor, subject="sources")
    return held


def _bad_lines(lines: Sequence[SourcesLine], today: dt.date) -> list[Problem]:
    """What is wrong whoever says it; the places of the units are asked once."""
    standing = Place.objects.by_unit([line.organisation.pk for line in lines])
    problems = twice(lines, lambda line: line.key, "nguồn")
    for index, line in enumerate(lines):
        if not line.has_sources and not vietnamese.clean(line.reason):
            problems.append(Problem(index, "reason", "Ghi lý do hết nguồn."))
        if not FIRST_YEAR <= line.year <= today.year + 1:
            problems.append(Problem(index, "year", f"Năm {line.year} không hợp lệ; ghi đến năm {today.year + 1}."))
        elif not stood_in(standing[line.organisation.pk], *period(line.year, None)):
            problems.append(Problem(index, "organisation", f"Tổ chức này không ở trong đảng bộ năm {line.year}."))
    return problems


def _unit_problems(lines: Sequence[SourcesLine], held: dict[Key, _Held], spoken: Voices) -> list[Problem]:
    """What a unit may not say by itself."""
    problems = []
    for index, line in enumerate(lines):
        if line.organisation.pk in spoken.above:
            continue
        if line.organisation.pk in spoken.gone:
            problems.append(Problem(index, "organisation", "Tổ chức này không còn trong đảng bộ."))
        elif held[line.key].waiting and not line.has_sources:
            problems.append(Problem(index, "", WAITS))
    return problems


def _held(lines: Sequence[SourcesLine]) -> dict[Key, _Held]:
    """What stands of each line's unit and year, locked."""
    found = {line.key: _Held() for line in lines}
    rows = Sources.objects.filter(
        Q(in_force=True) | Q(state=State.WAITING),
        organisation__in={unit for unit, _ in found},
        year__in={year for _, year in found},
    )
    for row in rows.order_by("pk").select_for_update():
        held = found.get((row.organisation_id, row.year))
        if held is not None and row.in_force:
            held.in_force = row
        elif held is not None:
            held.waiting = row
    return found


def _holds(held: _Held, line: SourcesLine, spoken: Voices) -> bool:
    """Whether this very word is in force; said by the unit itself while another waits it takes that one back."""
    row = held.in_force
    same = row is not None and (row.has_sources, row.reason) == (line.has_sources, vietnamese.clean(line.reason))
    return same and (held.waiting is None or line.organisation.pk in spoken.above)


def _row(line: SourcesLine, accepted: bool, actor: User | None, today: dt.date) -> Sources:
    return Sources(
        organisation=line.organisation,
        year=line.year,
        has_sources=line.has_sources,
        reason=vietnamese.clean(line.reason),
        said_on=today,
        made_by=actor,
        state=State.ACCEPTED if accepted else State.WAITING,
        settled_on=today if accepted else None,
        in_force=accepted,
    )


def _make_room(rows: Sequence[Sources], held: dict[Key, _Held], actor: User | None, today: dt.date) -> None:
    """End what the new words take the place of: the word in force where theirs holds at once, and what waits."""
    before = [(row, held[row.organisation_id, row.year]) for row in rows]
    replaced = [old.in_force.pk for row, old in before if old.in_force and row.in_force]
    overtaken = [old.waiting for _, old in before if old.waiting]
    Sources.objects.filter(pk__in=replaced).update(in_force=False)
    by_others = [row.pk for row in overtaken if actor is not None and row.made_by_id != actor.pk]
    waited = Sources.objects.filter(pk__in=[row.pk for row in overtaken])
    waited.filter(pk__in=by_others).update(settled_by=actor)
    waited.update(state=State.OVERTAKEN, settled_on=today)


def _waiting(ids: Sequence[int], actor: User, today: dt.date) -> list[Sources]:
    """The rows of `ids`, locked, in that order."""
    found = Sources.objects.filter(pk__in=ids).select_related("organisation").select_for_update(of=("self",))
    by_id = {row.pk: row for row in found}
    spoken = voices(actor, {row.organisation_id for row in by_id.values()}, today)
    problems = []
    for index, pk in enumerate(ids):
        row = by_id.get(pk)
        if row is None or row.state != State.WAITING:
            problems.append(Problem(index, "", SETTLED))
        elif row.made_by_id == actor.pk or row.organisation_id not in spoken.above:
            problems.append(Problem(index, "", OWN_WORD))
    if problems:
        raise Refused(*problems)
    return [by_id[pk] for pk in ids]


def _settle(
    rows: Sequence[Sources], state: str, actor: User, today: dt.date, *, answer: str = "", in_force: bool = False
) -> None:
    values = {"state": state, "settled_by": actor, "settled_on": today, "answer": answer, "in_force": in_force}
    Sources.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)


def _record(rows: Sequence[Sources], held: dict[Key, _Held], actor: User | None) -> None:
    """One entry; with the word before where it was another."""
    changes: Changes = {}
    for row in rows:
        old = held[row.organisation_id, row.year].in_force
        if row.in_force and old and old.has_sources != row.has_sources:
            changes[f"{row.organisation.code} {row.year}"] = (word(old.has_sources), word(row.has_sources))
    one = rows[0].organisation if len(rows) == 1 else None
    record("declare_sources", actor=actor, subject="figures", count=len(rows), organisation=one, changes=changes)
