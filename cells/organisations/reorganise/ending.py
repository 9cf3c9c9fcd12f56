"""Units that are merged, split or dissolved, and who carries on what they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation, Place, Succession
from cells.organisations.registry import Following, follow
from cells.organisations.reorganise.founding import Founding, found
from cells.organisations.reorganise.ground import (
    Work,
    by_code,
    future_problems,
    hand_over,
    has_later,
    in_order,
    is_under,
    lock_tree,
    parent_problem,
    standing_intervals,
    took_over_problem,
    turn_problem,
    write_operation,
)
from cells.organisations.reorganise.posts import go_on, unasked_problem
from cells.people import power
from cells.people.models import Post, User
from cells.verdict import Problem, Refused

_LATER_BELOW = "Có tổ chức bên dưới có việc sắp xếp từ ngày đó trở đi; xử lý việc đó trước."


@dataclass(frozen=True)
class Merging:
    """A unit that becomes part of `into_code`, with its members, cases and the units below it.

    `day` is the first on which it is no more. Its posts end; `posts` says of single ones (id) where the holder goes
    on, as "code:office", or that it only ends ("") (`cells.organisations.reorganise.posts`). Null: nobody was asked,
    as in a sheet; all end.
    """

    code: str
    day: dt.date
    into_code: str
    decision_number: str = ""
    reason: str = ""
    posts: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Dissolving:
    """A unit that ends; who and what is left in it goes to `receiver_code` ("" where nothing is left).

    `posts` as in `Merging`.
    """

    code: str
    day: dt.date
    receiver_code: str = ""
    decision_number: str = ""
    reason: str = ""
    posts: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Splitting:
    """A unit that becomes several: `into`, codes of units that stand or are founded by `new` that very day.

    Where its own code is among them it stands on and keeps everybody and everything not named; else it ends.
    `people` says for each person (id), `units` for each unit directly below (code) the code of the unit; `posts` as
    in `Merging`.
    """

    code: str
    day: dt.date
    into: Sequence[str]
    new: Sequence[Founding] = ()
    people: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[int, str] | None = None
    decision_number: str = ""
    reason: str = ""


@transaction.atomic
def merge(mergings: Sequence[Merging], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Make units part of others.

    Refused (fields `code`, `into_code`, `day`): what `turn_problem` says; a receiver that is not there from that day
    on, is the unit itself or stands below it; anything that happened in the unit that day or later; a day to come.
    """
    return _end_all(Work.MERGE, mergings, _merge, actor, today)


@transaction.atomic
def dissolve(dissolvings: Sequence[Dissolving], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Dissolve units. Refused as `merge`, and where members, open cases or units are left without a receiver."""
    return _end_all(Work.DISSOLVE, dissolvings, _dissolve, actor, today)


@transaction.atomic
def split(splittings: Sequence[Splitting], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Split units.

    Refused as `merge` (field `into`), and: fewer than two units, people or units named for another unit, somebody or
    some unit below left without one (fields `people`, `units`).
    """
    problems = future_problems(splittings, today)
    if problems:
        raise Refused(*problems)
    for index, item in enumerate(splittings):
        try:
            found(item.new, actor=actor, today=today) if item.new else None
        except Refused as refused:
            raise Refused(*(Problem(index, "into", problem.message) for problem in refused.problems)) from None
    return _end_all(Work.SPLIT, splittings, _split, actor, today)


def _end_all(
    work: str, items: Sequence[Any], deed: Callable[..., Problem | None], actor: User | None, today: dt.date
) -> list[Organisation]:
    lock_tree()
    known = by_code(item.code for item in items)
    problems = future_problems(items, today)
    for index, item in in_order(items):
        unit = known.get(item.code)
        problem = turn_problem(index, item.code, item.day, unit)
        problem = problem or _power_problem(index, item, unit, actor, today) or unasked_problem(index, item, unit)
        problem = problem or deed(index, item, unit)
        if problem:
            problems.append(problem)
    if problems:
        raise Refused(*problems)
    go_on(items, actor=actor, today=today)
    units = [known[item.code] for item in items]
    record(
        work, actor=actor, subject="organisation", count=len(units), organisation=units[0] if len(units) == 1 else None
    )
    return units


def _power_problem(
    index: int, item: Any, unit: Organisation | None, actor: User | None, today: dt.date
) -> Problem | None:
    """The posts of a unit end with it: nobody ends their own last power so."""
    if item.code in getattr(item, "into", ()):
        return None
    ending = Post.objects.filter(organisation=unit).during(item.day, None)
    kept = power.keeps_power(actor, list(ending), today=today)
    return None if kept else Problem(index, "code", kept.reason)


def _merge(index: int, item: Merging, unit: Organisation) -> Problem | None:
    if not item.into_code:
        return Problem(index, "into_code", "Ghi mã tổ chức tiếp nhận.")
    into = by_code([item.into_code]).get(item.into_code)
    problem = _receiver_problem(index, item, unit, into, item.into_code, "into_code")
    if problem or into is None:
        return problem
    return _end(index, item, unit, into, Place.Closed.MERGED, Work.MERGE)


def _dissolve(index: int, item: Dissolving, unit: Organisation) -> Problem | None:
    if not item.receiver_code:
        return _end(index, item, unit, None, Place.Closed.DISSOLVED, Work.DISSOLVE)
    receiver = by_code([item.receiver_code]).get(item.receiver_code)
    problem = _receiver_problem(index, item, unit, receiver, item.receiver_code, "receiver_code")
    if problem or receiver is None:
        return problem
    return _end(index, item, unit, receiver, Place.Closed.DISSOLVED, Work.DISSOLVE)


def _end(
    index: int, item: Any, unit: Organisation, receiver: Organisation | None, closed_as: str, work: str
) -> Problem | None:
    """The unit ends; people, cases and the units below go to the receiver; nobody may be left without one."""
    problem = _children_problem(index, item, unit, movable=receiver is not None)
    problem = problem or took_over_problem(index, [unit.pk], item.day)
    if problem:
        return problem
    following = Following(unit.pk, item.day, receiver.pk if receiver else None)
    messages = follow(following)
    if messages:
        return Problem(index, "day" if receiver else "receiver_code", messages[0])
    place = Place.objects.on(item.day).get(organisation=unit)
    if receiver:
        hand_over(Place.objects.on(item.day).filter(parent=unit), receiver, item.day)
    Place.objects.filter(pk=place.pk).update(to_day=item.day, closed_as=closed_as)
    operation = write_operation(work, unit, item, related=receiver)
    heir = receiver.pk if receiver else place.parent_id
    if heir is not None:  # the top does not end
        Succession.objects.create(predecessor=unit, successor_id=heir, day=item.day, operation=operation)
    return None


def _split(index: int, item: Splitting, unit: Organisation) -> Problem | None:
    codes = list(dict.fromkeys(item.into))
    parts = by_code(codes)
    others = [code for code in codes if code != item.code]
    stays = item.code in codes
    if len(codes) < 2:
        return Problem(index, "into", "Ghi ít nhất hai tổ chức sau khi chia tách.")
    for name, shared in (("people", item.people), ("units", item.units)):
        if strange := sorted(set(shared.values()) - set(codes)):
            return Problem(index, name, f"«{strange[0]}» không nằm trong các tổ chức sau khi chia tách.")
    for code in others:
        problem = _receiver_problem(index, item, unit, parts.get(code), code, "into", stays=stays)
        if problem:
            return problem
    if not stays and has_later([unit.pk], item.day):
        return Problem(index, "day", _LATER_BELOW)
    problem = _share_units(index, item, unit, parts, stays=stays)
    if problem is None and not stays:
        problem = took_over_problem(index, [unit.pk], item.day)
    if problem:
        return problem
    people = {person: parts[code].pk for person, code in item.people.items()}
    messages = follow(Following(unit.pk, item.day, unit.pk if stays else None, people, ends=not stays))
    if messages:
        return Problem(index, "people", messages[0])
    if not stays:
        closed = {"to_day": item.day, "closed_as": Place.Closed.SPLIT}
        Place.objects.on(item.day).filter(organisation=unit).update(**closed)
    operation = write_operation(Work.SPLIT, unit, item)
    Succession.objects.bulk_create(
        Succession(predecessor=unit, successor=parts[code], day=item.day, operation=operation) for code in others
    )
    return None


def _share_units(
    index: int, item: Splitting, unit: Organisation, parts: Mapping[str, Organisation], *, stays: bool
) -> Problem | None:
    """Put the units below under the parts they are named for; one may be left only where the unit stands on."""
    below = {
        place.organisation.code: place
        for place in Place.objects.on(item.day).filter(parent=unit).select_related("organisation")
    }
    if strange := sorted(set(item.units) - set(below)):
        return Problem(index, "units", f"«{strange[0]}» không trực thuộc «{item.code}» ngày đó.")
    left = len(below.keys() - item.units.keys())
    if left and not stays:
        count = vietnamese.number(left)
        return Problem(index, "units", f"Còn {count} tổ chức trực thuộc chưa có cấp trên mới; ghi cho từng tổ chức.")
    goes = {code: part for code, part in item.units.items() if part != item.code}
    for code in goes:
        place = below[code]
        later = place.organisation.places.filter(from_day__gte=item.day)
        if place.to_day is not None or later.exists():
            return Problem(index, "day", f"«{code}» có việc sắp xếp từ ngày đó trở đi; xử lý việc đó trước.")
    for part in set(goes.values()):
        hand_over([below[code] for code in goes if goes[code] == part], parts[part], item.day)
    return None


def _receiver_problem(
    index: int, item: Any, unit: Organisation, receiver: Organisation | None, code: str, name: str, stays: bool = False
) -> Problem | None:
    if receiver == unit:
        return Problem(index, name, "Tổ chức không thể sáp nhập, chuyển vào chính nó.")
    problem = parent_problem(index, code, item.day, standing_intervals({code}).get(code), name)
    if problem or receiver is None:
        return problem
    if not stays and is_under(receiver, unit, item.day):
        return Problem(index, name, f"«{code}» ở dưới «{item.code}»; chuyển ra trước hoặc ghi tổ chức khác.")
    if receiver.places.filter(from_day=item.day, opened_as=Place.Opened.JOINED).exists():
        return Problem(index, name, f"«{code}» được tiếp nhận chính ngày đó; ghi ngày sau đó.")
    return None


def _children_problem(index: int, item: Any, unit: Organisation, *, movable: bool) -> Problem | None:
    """Units below must be able to move along, or be gone before."""
    below = list(Place.objects.on(item.day).filter(parent=unit).values_list("organisation_id", flat=True))
    if below and not movable:
        count = vietnamese.number(len(below))
        return Problem(index, "code", f"Còn {count} tổ chức trực thuộc; chuyển các tổ chức đó đi trước.")
    ended = Place.objects.on(item.day).filter(organisation__in=below, to_day__isnull=False)
    later = Place.objects.filter(organisation__in=below, from_day__gte=item.day)
    if has_later([unit.pk], item.day) or ended.exists() or later.exists():
        return Problem(index, "day", _LATER_BELOW)
    return None
