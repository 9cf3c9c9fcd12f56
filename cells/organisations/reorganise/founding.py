"""Units that begin, come in and go out: found, join, leave."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from cells import vietnamese
from cells.dated import OPEN_START
from cells.log.write import record
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.organisations.reorganise.ground import (
    by_code,
    future_problems,
    lock_tree,
    parent_problem,
    places_below,
    standing_intervals,
    took_over_problem,
)
from cells.people.models import User
from cells.rules.models import Kind, Sector
from cells.verdict import Problem, Refused

Found = Operation.Work.FOUND


@dataclass(frozen=True)
class Founding:
    """A unit to be: `parent_code` "" makes it the top; `day` OPEN_START is "since ever"."""

    code: str
    name: str
    kind: Kind
    sector: Sector | None = None
    parent_code: str = ""
    day: dt.date = OPEN_START
    decision_number: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Joining:
    """A unit that comes in with its members; name and kind are needed if its code is new."""

    code: str
    day: dt.date
    parent_code: str
    name: str = ""
    kind: Kind | None = None
    sector: Sector | None = None
    decision_number: str = ""
    origin: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Leaving:
    """A unit that goes out with all below it; `day` is its first day outside."""

    code: str
    day: dt.date
    decision_number: str = ""
    destination: str = ""
    reason: str = ""


@transaction.atomic
def found(foundings: Sequence[Founding], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Found the units, parents before or after children in the list.

    Refused (fields `code`, `parent_code`, `day`): a code used twice, an unknown parent or one that does
    not stand on the day, a cycle of parents, a second top, a day after `today`.
    """
    lock_tree()
    problems = _code_problems(foundings) + _parent_problems(foundings) + future_problems(foundings, today)
    if problems:
        raise Refused(*problems)
    units = Organisation.objects.bulk_create(Organisation(code=item.code) for item in foundings)
    _write_places(foundings, Place.Opened.FOUNDED)
    _write_styles(foundings)
    known = {unit.code: unit for unit in units}
    dated = [item for item in foundings if item.day != OPEN_START]
    _write_operations(Found, dated, known)
    record(
        "found",
        actor=actor,
        subject="organisation",
        count=len(units),
        organisation=units[0] if len(units) == 1 else None,
    )
    return units


@transaction.atomic
def join(joinings: Sequence[Joining], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Receive units from outside, with the members already on their register.

    Refused: an unknown parent, a unit that stands in the tree on the day or later, a new code without
    name or kind, a day after `today`.
    """
    lock_tree()
    problems = _joining_problems(joinings) + _parent_problems(joinings) + future_problems(joinings, today)
    if problems:
        raise Refused(*problems)
    known = by_code(item.code for item in joinings)
    fresh = [item for item in joinings if item.code not in known]
    Organisation.objects.bulk_create(Organisation(code=item.code) for item in fresh)
    _write_styles(fresh)
    _write_places(joinings, Place.Opened.JOINED)
    known = by_code(item.code for item in joinings)
    _write_operations(Operation.Work.JOIN, joinings, known)
    record("join", actor=actor, subject="organisation", count=len(joinings))
    return [known[item.code] for item in joinings]


@transaction.atomic
def leave(leavings: Sequence[Leaving], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Let units go out, each with everything below it: their places end on the day.

    Refused: a unit that does not stand in the tree on the day, the top, a unit with a later
    operation, a day after `today`.
    """
    lock_tree()
    known = by_code(item.code for item in leavings)
    problems = future_problems(leavings, today)
    for index, item in sorted(enumerate(leavings), key=lambda pair: pair[1].day):
        problem = _leaving_problem(index, item, known.get(item.code))
        if problem:
            problems.append(problem)
        else:
            places_below(known[item.code], item.day).update(to_day=item.day, closed_as=Place.Closed.LEFT)
    if problems:
        raise Refused(*problems)
    _write_operations(Operation.Work.LEAVE, leavings, known)
    record("leave", actor=actor, subject="organisation", count=len(leavings))
    return [known[item.code] for item in leavings]


def _code_problems(items: Sequence[Founding]) -> list[Problem]:
    times = Counter(item.code for item in items)
    taken = set(Organisation.objects.filter(code__in=times).values_list("code", flat=True))
    problems = []
    for index, item in enumerate(items):
        if times[item.code] > 1:
            problems.append(Problem(index, "code", f"Mã «{item.code}» có {times[item.code]} lần; mỗi tổ chức một mã."))
        elif item.code in taken:
            problems.append(Problem(index, "code", f"Mã «{item.code}» đã có tổ chức khác dùng."))
    return problems


def _parent_problems(items: Sequence[Founding | Joining]) -> list[Problem]:
    starts = {item.code: item.day for item in items}
    parents = {item.code: item.parent_code for item in items}
    standing = standing_intervals({item.parent_code for item in items if item.parent_code} - set(starts))
    tops = [item.day for item in items if not item.parent_code]
    problems: list[Problem | None] = []
    for index, item in enumerate(items):
        if not item.parent_code:
            if len(tops) > 1 or _has_top_from(item.day):
                problems.append(
                    Problem(index, "parent_code", "Chỉ có một tổ chức cao nhất trong một ngày; ghi mã cấp trên.")
                )
        elif item.parent_code in parents:
            if _in_cycle(item.code, parents):
                problems.append(
                    Problem(
                        index,
                        "parent_code",
                        f"Mã cấp trên «{item.parent_code}» tạo thành vòng: tổ chức này lại là cấp trên của nó.",
                    )
                )
            else:
                problems.append(parent_problem(index, item.parent_code, item.day, [(starts[item.parent_code], None)]))
        else:
            problems.append(parent_problem(index, item.parent_code, item.day, standing.get(item.parent_code)))
    return [problem for problem in problems if problem]


def _has_top_from(day: dt.date) -> bool:
    return Place.objects.filter(Q(to_day__isnull=True) | Q(to_day__gt=day), parent=None).exists()


def _in_cycle(code: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    above = parents[code]
    while above in parents and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents[above]
    return False


def _joining_problems(items: Sequence[Joining]) -> list[Problem]:
    known = by_code(item.code for item in items)
    last_days = defaultdict(list)
    for unit, day in Place.objects.filter(organisation__in=known.values()).values_list("organisation_id", "to_day"):
        last_days[unit].append(day)
    ended = Place.objects.filter(organisation__in=known.values(), closed_as__in=Place.ENDED)
    gone = set(ended.values_list("organisation_id", flat=True))
    times = Counter(item.code for item in items)
    problems = []
    for index, item in enumerate(items):
        if times[item.code] > 1:
            problems.append(Problem(index, "code", f"Mã «{item.code}» có {times[item.code]} lần trong danh sách."))
        elif item.code in known and any(day is None or day > item.day for day in last_days[known[item.code].pk]):
            problems.append(Problem(index, "code", f"Tổ chức «{item.code}» đang ở trong đảng bộ ngày đó hoặc sau đó."))
        elif item.code in known and known[item.code].pk in gone:
            problems.append(Problem(index, "code", f"Tổ chức «{item.code}» đã kết thúc; tiếp nhận với mã mới."))
        elif item.code not in known and not (item.name and item.kind):
            problems.append(Problem(index, "name", f"Tổ chức «{item.code}» chưa có: ghi tên và loại tổ chức."))
        elif not item.parent_code:
            problems.append(Problem(index, "parent_code", "Ghi mã tổ chức cấp trên tiếp nhận."))
    return problems


def _leaving_problem(index: int, item: Leaving, unit: Organisation | None) -> Problem | None:
    """Why `unit` cannot leave on the day, as the tree stands now; nobody may be left under what is gone."""
    if unit is None:
        return Problem(index, "code", f"Không có tổ chức mã «{item.code}».")
    places = places_below(unit, item.day)
    own = places.filter(organisation=unit).first()
    if own is None:
        return Problem(index, "day", f"Tổ chức «{item.code}» không ở trong đảng bộ ngày {vietnamese.day(item.day)}.")
    if own.parent_id is None:
        return Problem(index, "code", "Tổ chức cao nhất không thể chuyển ra.")
    if own.to_day is not None or own.from_day == item.day:
        return Problem(index, "day", f"Tổ chức «{item.code}» có việc sắp xếp khác cùng ngày hoặc sau đó.")
    below = places.values("organisation")
    later = Place.objects.filter(Q(organisation__in=below) | Q(parent__in=below), from_day__gte=item.day)
    if later.exists() or places.filter(to_day__isnull=False).exists():
        return Problem(index, "day", "Có tổ chức bên dưới có việc sắp xếp từ ngày đó trở đi; xử lý việc đó trước.")
    return took_over_problem(index, below, item.day)


def _write_places(items: Sequence[Founding] | Sequence[Joining], opened_as: str) -> None:
    ids = {
        unit.code: unit.pk
        for unit in by_code({item.code for item in items} | {item.parent_code for item in items}).values()
    }
    Place.objects.bulk_create(
        Place(
            organisation_id=ids[item.code],
            parent_id=ids[item.parent_code] if item.parent_code else None,
            from_day=item.day,
            opened_as=opened_as,
        )
        for item in items
    )


def _write_styles(items: Sequence[Founding] | Sequence[Joining]) -> None:
    ids = {unit.code: unit.pk for unit in by_code(item.code for item in items).values()}
    Style.objects.bulk_create(
        Style(
            organisation_id=ids[item.code],
            name=name,
            name_folded=vietnamese.fold(name),
            name_key=vietnamese.text_sort_key(name),
            kind=item.kind,
            sector=item.sector,
            from_day=item.day,
        )
        for item in items
        for name in [vietnamese.clean(item.name)]
    )


def _write_operations(work: str, items: Sequence, known: dict[str, Organisation]) -> None:
    parents = by_code(getattr(item, "parent_code", "") for item in items)
    Operation.objects.bulk_create(
        Operation(
            day=item.day,
            work=work,
            organisation=known[item.code],
            related=parents.get(getattr(item, "parent_code", "")),
            destination=getattr(item, "destination", "") or getattr(item, "origin", ""),
            decision_number=item.decision_number,
            reason=item.reason,
        )
        for item in items
    )
