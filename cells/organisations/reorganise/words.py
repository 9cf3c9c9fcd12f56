"""An operation in one Vietnamese sentence, done or to be done."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from cells.organisations.models import Operation, Organisation, Style, Succession
from cells.organisations.reorganise.works import Item, Work, units_named, work_of


def told(work: str, name: str, *, related: str = "", to: str = "") -> str:
    """«Sáp nhập A vào B»: `name` of the unit, `related` of the other one, `to` a place outside or a new name."""
    ends = {
        Work.FOUND: f", trực thuộc {related}" if related else "",
        Work.JOIN: f" từ {to}" if to else "",
        Work.LEAVE: f" đến {to}" if to else "",
        Work.RENAME: f" thành {to}" if to else "",
        Work.CHANGE_KIND: f" thành {to}" if to else "",
        Work.MOVE: f" về trực thuộc {related}" if related else "",
        Work.MERGE: f" vào {related}" if related else "",
        Work.DISSOLVE: f", chuyển về {related}" if related else "",
        Work.SPLIT: f" thành {related}" if related else "",
    }
    said = f"{Work(work).label} {name}{ends[Work(work)]}"
    return said[:1].upper() + said[1:]


def told_all(operations: Sequence[Operation], day: dt.date) -> list[str]:
    """Each recorded operation in words, units by their name on `day` (a renamed one by that before); three queries."""
    after: dict[int, list[int]] = defaultdict(list)
    parts = Succession.objects.filter(operation__in=[row.pk for row in operations if row.work == Work.SPLIT])
    for row, successor in parts.order_by("pk").values_list("operation_id", "successor_id"):
        after[row].append(successor)
    ids = {row.organisation_id for row in operations} | {row.related_id for row in operations if row.related_id}
    named = Organisation.objects.styled(day).in_bulk(ids | {pk for pks in after.values() for pk in pks})
    restyled = [row for row in operations if row.work in (Work.RENAME, Work.CHANGE_KIND)]
    styles = Style.objects.filter(organisation__in=[row.organisation_id for row in restyled]).select_related("kind")
    begun = {(style.organisation_id, style.from_day): style for style in styles} if restyled else {}
    ended = {(style.organisation_id, style.to_day): style for style in styles} if restyled else {}
    keys = [(row.organisation_id, row.day) for row in operations]
    return [
        _told_one(row, named, after[row.pk], begun.get(key), ended.get(key))
        for row, key in zip(operations, keys, strict=True)
    ]


def _told_one(
    row: Operation, named: Mapping[int, Organisation], after: Sequence[int], style: Style | None, before: Style | None
) -> str:
    related = [row.related_id] if row.related_id else after
    to, name = row.destination, named[row.organisation_id].name
    if style and row.work == Work.RENAME:
        to, name = style.name, before.name if before else name
    if style and row.work == Work.CHANGE_KIND:
        to = style.kind.name
    names = ", ".join(named[pk].name for pk in related)
    return told(row.work, name, related=names, to=to)


def sentences(items: Sequence[Item], day: dt.date) -> list[str]:
    """Each item in words, units by their name on `day`; a code nobody has is told as it is. One query."""
    codes = {code for item in items for code in _codes(item)}
    units = Organisation.objects.filter(code__in=codes).styled(day)
    names = {unit.code: unit.name for unit in units}
    return [_sentence(item, names) for item in items]


def _codes(item: Item) -> list[str]:
    return [item.code, *units_named(item)]


def _sentence(item: Item, names: Mapping[str, str]) -> str:
    new = {founding.code: founding.name for founding in getattr(item, "new", ())}
    known = new | dict(names)
    work = work_of(item)
    own = getattr(item, "name", "") if work in (Work.FOUND, Work.JOIN) else ""
    related = ", ".join(known.get(code, code) for code in units_named(item))
    kind = getattr(item, "kind", None)
    to = {
        Work.RENAME: getattr(item, "name", ""),
        Work.CHANGE_KIND: kind.name if kind else "",
        Work.LEAVE: getattr(item, "destination", ""),
        Work.JOIN: getattr(item, "origin", ""),
    }.get(work, "")
    return told(work, own or known.get(item.code, item.code), related=related, to=to)
