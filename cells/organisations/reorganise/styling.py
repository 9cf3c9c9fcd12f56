"""What a unit is called and what it is, from a day on: rename, change_kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation, Place, Style
from cells.organisations.reorganise.ground import Work, by_code, future_problems, in_order, lock_tree, write_operation
from cells.organisations.reorganise.posts import turn_posts
from cells.people.models import User
from cells.rules.models import Kind, Sector
from cells.verdict import Problem, Refused


@dataclass(frozen=True)
class Renaming:
    """`day` is the first with the new `name`."""

    code: str
    day: dt.date
    name: str
    decision_number: str = ""
    reason: str = ""


@dataclass(frozen=True)
class KindChange:
    """`day` is the first as another kind or sector; null keeps what it is, "" as `name` the name.

    So a base branch becomes a base committee; its members stay on its register until they are moved to branches, and
    who leads it works as a committee from that day on.
    """

    code: str
    day: dt.date
    kind: Kind | None = None
    sector: Sector | None = None
    name: str = ""
    decision_number: str = ""
    reason: str = ""


@transaction.atomic
def rename(renamings: Sequence[Renaming], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Give units other names. Refused: a unit not there, no name or the same, a later change, a day to come."""
    return _restyle(Work.RENAME, renamings, _name_problem, actor, today)


@transaction.atomic
def change_kind(changes: Sequence[KindChange], *, actor: User | None, today: dt.date) -> list[Organisation]:
    """Make units another kind or sector.

    Refused: a unit not there on the day, nothing that changes, a branch with units below it, a later change,
    a day to come.
    """
    return _restyle(Work.CHANGE_KIND, changes, _kind_problem, actor, today)


def _restyle(
    work: str, items: Sequence[Any], check: Callable, actor: User | None, today: dt.date
) -> list[Organisation]:
    lock_tree()
    known = by_code(item.code for item in items)
    problems = future_problems(items, today)
    for index, item in in_order(items):
        unit = known.get(item.code)
        styles = Style.objects.on(item.day).filter(organisation__code=item.code)
        style = styles.select_related("kind", "sector").first()
        problem = _style_problem(index, item, unit, style, work) or check(index, item, style)
        if problem:
            problems.append(problem)
        elif unit and style:
            _write(style, item)
            write_operation(work, unit, item)
            turn_posts(unit, item.day)
    if problems:
        raise Refused(*problems)
    units = [known[item.code] for item in items]
    record(
        work, actor=actor, subject="organisation", count=len(units), organisation=units[0] if len(units) == 1 else None
    )
    return units


def _style_problem(index: int, item: Any, unit: Organisation | None, style: Style | None, work: str) -> Problem | None:
    if unit is None:
        return Problem(index, "code", f"Không có tổ chức mã «{item.code}».")
    if style is None or not Place.objects.on(item.day).filter(organisation=unit).exists():
        return Problem(index, "day", f"Tổ chức «{item.code}» không ở trong đảng bộ ngày {vietnamese.day(item.day)}.")
    if unit.operations.filter(day=item.day, work=work).exists():
        return Problem(index, "day", f"Tổ chức «{item.code}» đã có việc này ngày đó.")
    if style.to_day is not None:
        return Problem(index, "day", f"Tổ chức «{item.code}» đã đổi tên hoặc đổi loại sau ngày đó.")
    if style.from_day == item.day and not unit.styles.filter(to_day=item.day).exists():
        return Problem(index, "day", f"Tổ chức «{item.code}» mới có từ chính ngày đó; ghi tên và loại lúc lập.")
    return None


def _name_problem(index: int, item: Renaming, style: Style) -> Problem | None:
    name = vietnamese.clean(item.name)
    if not name:
        return Problem(index, "name", "Ghi tên mới.")
    if name == style.name:
        return Problem(index, "name", "Tên mới trùng với tên hiện nay.")
    return None


def _kind_problem(index: int, item: KindChange, style: Style) -> Problem | None:
    if not (item.kind or item.sector):
        return Problem(index, "kind", "Ghi loại mới hoặc loại hình mới.")
    kind, sector = item.kind or style.kind, item.sector or style.sector
    if (kind, sector) == (style.kind, style.sector):
        return Problem(index, "kind", "Loại và loại hình mới trùng với hiện nay.")
    under = Place.objects.during(item.day, None).filter(parent=style.organisation_id)
    if kind.is_branch and under.exclude(organisation__styles__kind__level=Kind.Level.GROUP).exists():
        return Problem(index, "kind", f"Còn tổ chức trực thuộc; {kind.name} chỉ có tổ đảng trực thuộc.")
    return None


def _write(style: Style, item: Any) -> None:
    """The new style from the day on; a change of another sort that very day is one with it."""
    name = vietnamese.clean(item.name) or style.name
    new = {
        "name": name,
        "name_folded": vietnamese.fold(name),
        "name_key": vietnamese.text_sort_key(name),
        "kind": getattr(item, "kind", None) or style.kind,
        "sector": getattr(item, "sector", None) or style.sector,
    }
    if style.from_day == item.day:
        Style.objects.filter(pk=style.pk).update(**new)
        return
    Style.objects.filter(pk=style.pk).update(to_day=item.day)
    Style.objects.create(organisation_id=style.organisation_id, from_day=item.day, **new)
