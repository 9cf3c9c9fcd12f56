"""The nine works as data: the deed of each, its item, and the item as it is kept while it waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from cells.organisations.models import Operation, Organisation
from cells.organisations.reorganise.ending import Dissolving, Merging, Splitting, dissolve, merge, split
from cells.organisations.reorganise.founding import Founding, Joining, Leaving, found, join, leave
from cells.organisations.reorganise.moving import Moving, move
from cells.organisations.reorganise.styling import KindChange, Renaming, change_kind, rename
from cells.people import rights
from cells.people.models import User
from cells.rules.models import Kind, Sector
from cells.verdict import refuse

Work = Operation.Work
Item = Founding | Joining | Leaving | Moving | Renaming | KindChange | Merging | Dissolving | Splitting

#: Work → its item and the deed that takes a list of them; within a day they are done in this order.
WORKS: dict[Work, tuple[type, Callable[..., list[Organisation]]]] = {
    Work.FOUND: (Founding, found),
    Work.JOIN: (Joining, join),
    Work.MOVE: (Moving, move),
    Work.RENAME: (Renaming, rename),
    Work.CHANGE_KIND: (KindChange, change_kind),
    Work.SPLIT: (Splitting, split),
    Work.MERGE: (Merging, merge),
    Work.DISSOLVE: (Dissolving, dissolve),
    Work.LEAVE: (Leaving, leave),
}
_OF = {kind: work for work, (kind, _) in WORKS.items()}


def work_of(item: Item) -> Work:
    return _OF[type(item)]


def perform(item: Item, *, actor: User | None, today: dt.date) -> Organisation:
    """Do the deed of this one item; refused as the deed says, or where `actor` does not reorganise all it names."""
    _check_reach(item, actor, today)
    deed = WORKS[work_of(item)][1]
    return deed([item], actor=actor, today=today)[0]


def units_named(item: Item) -> list[str]:
    """The codes of the other units an item is about."""
    into = [code for code in getattr(item, "into", ()) if code != item.code]
    single = (getattr(item, name, "") for name in ("parent_code", "into_code", "receiver_code"))
    return [*filter(None, single), *into]


def _check_reach(item: Item, actor: User | None, today: dt.date) -> None:
    """Of the units that stand today; those that are gone, or to be founded, are nobody's to give."""
    if actor is None or actor.is_superuser:
        return
    named = Organisation.objects.placed_on(today).filter(code__in=[item.code, *units_named(item)])
    if named.exclude(rights.organisations(actor, rights.REORGANISE, on=today, field="pk")).exists():
        raise refuse("Đồng chí không có quyền sắp xếp ở một trong các tổ chức này; đề nghị cấp trên của cả hai ghi.")


def spelled_out(item: Item) -> list[Item]:
    """The item as a sheet tells it: of a split the new units and the units below that go as works of their own."""
    if not isinstance(item, Splitting):
        return [item]
    paper = {"decision_number": item.decision_number, "reason": item.reason}
    goes = {code: part for code, part in item.units.items() if part != item.code}
    moves = [Moving(code, item.day, part, **paper) for code, part in goes.items()]
    return [*item.new, *moves, replace(item, new=(), units={})]


def encode(item: Item) -> dict[str, Any]:
    """The item as JSON; lookups by their code."""
    return {field.name: _plain(getattr(item, field.name)) for field in fields(item)}


def decode(work: str, stored: Mapping[str, Any]) -> Item:
    """The item that `encode` wrote."""
    return WORKS[Work(work)][0](**{name: _read(name, value) for name, value in stored.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Kind | Sector):
        return value.code
    if isinstance(value, Founding):
        return encode(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


def _read(name: str, value: Any) -> Any:
    if name == "day":
        return dt.date.fromisoformat(value)
    if name in ("kind", "sector"):
        lookup = Kind if name == "kind" else Sector
        return lookup.objects.get(code=value) if value else None
    if name == "new":
        return tuple(decode(Work.FOUND, one) for one in value)
    if name in ("people", "posts") and value is not None:
        return {int(key): one for key, one in value.items()}
    return tuple(value) if isinstance(value, list) else value
