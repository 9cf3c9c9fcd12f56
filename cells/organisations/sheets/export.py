"""What the sheets `To chuc` and `Sap xep` say of the units there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cells.dated import OPEN_START
from cells.organisations.models import Operation, Place, Style
from cells.organisations.reorganise.ground import handed_over
from cells.organisations.reorganise.models import WaitingOperation
from cells.organisations.reorganise.works import Item, decode, spelled_out, work_of
from cells.rules.models import Kind, Sector

Work = Operation.Work

#: the fields of the items that the column «Mã tổ chức liên quan» may mean
RELATED = ("parent_code", "into_code", "receiver_code", "destination", "origin")


def export_foundings() -> Iterator[Sequence[Any]]:
    """Each unit founded here, as at its founding, those above first."""
    founded_by = Operation.objects.filter(work=Work.FOUND).values_list("organisation_id", "decision_number", "reason")
    papers = {unit: paper for unit, *paper in founded_by}
    styles = first_of_each(Style.objects.select_related("kind", "sector").order_by("from_day"))
    places = first_of_each(Place.objects.select_related("organisation", "parent").order_by("from_day"))
    founded = [place for place in places.values() if place.opened_as == Place.Opened.FOUNDED]
    for place in _downwards(founded):
        style = styles[place.organisation_id]
        yield (
            place.organisation.code,
            style.name,
            place.parent.code if place.parent else "",
            style.kind.name,
            style.sector.name if style.sector else "",
            None if place.from_day == OPEN_START else place.from_day,
            *papers.get(place.organisation_id, ("", "")),
        )


def export_operations() -> Iterator[Sequence[Any]]:
    """Every operation but foundings, in order of date, then what waits for its day."""
    yield from _done()
    yield from _waiting()


def _done() -> Iterator[Sequence[Any]]:
    """With what a unit is called where it came or changed that; units that a split shared out as moves."""
    styles: dict[int, list[Style]] = defaultdict(list)
    for style in Style.objects.select_related("kind", "sector").order_by("from_day"):
        styles[style.organisation_id].append(style)
    operations = Operation.objects.exclude(work=Work.FOUND).select_related("organisation", "related")
    for operation in operations.order_by("day", "id"):
        if operation.work == Work.SPLIT:
            yield from _shared_out(operation)
        name, kind, sector = _restyled(operation, styles[operation.organisation_id])
        yield (
            operation.day,
            operation.get_work_display(),
            operation.organisation.code,
            related_codes(operation),
            name,
            kind.name if kind else "",
            sector.name if sector else "",
            operation.decision_number,
            operation.reason,
        )


def _shared_out(split: Operation) -> Iterator[Sequence[Any]]:
    gone = handed_over(split.organisation, split.day)
    now = Place.objects.filter(organisation__in=gone, from_day=split.day).select_related("parent")
    parents = {place.organisation_id: place.parent.code for place in now if place.parent}
    paper = split.decision_number, split.reason
    for unit, place in gone.items():
        yield split.day, Work.MOVE.label, place.organisation.code, parents[unit], "", "", "", *paper


def _waiting() -> Iterator[Sequence[Any]]:
    """What waits for its day, in the same columns; which members go where in a split is not in a sheet."""
    for row in WaitingOperation.objects.waiting():
        yield from (_told(item) for item in spelled_out(decode(row.work, row.item)))


def _told(item: Item) -> Sequence[Any]:
    related = getattr(item, "into", ()) or [named for name in RELATED if (named := getattr(item, name, ""))]
    kind, sector = getattr(item, "kind", None), getattr(item, "sector", None)
    return (
        item.day,
        work_of(item).label,
        item.code,
        "; ".join(related),
        getattr(item, "name", ""),
        kind.name if kind else "",
        sector.name if sector else "",
        item.decision_number,
        item.reason,
    )


def _restyled(operation: Operation, styles: Sequence[Style]) -> tuple[str, Kind | None, Sector | None]:
    """Name, kind and sector as the operation gave them; empty what it left alone."""
    new = next((style for style in styles if style.from_day == operation.day), None)
    if new is None or operation.work not in (Work.JOIN, Work.RENAME, Work.CHANGE_KIND):
        return "", None, None
    if operation.work == Work.JOIN:
        return (new.name, new.kind, new.sector) if new is styles[0] else ("", None, None)
    if operation.work == Work.RENAME:
        return new.name, None, None
    return new.name, new.kind, new.sector


def related_codes(operation: Operation) -> str:
    """The units that the column «Mã tổ chức liên quan» names; a unit that was split and stands on is among them."""
    if operation.work != Work.SPLIT:
        return operation.related.code if operation.related else operation.destination
    ended = Place.objects.filter(
        organisation=operation.organisation_id, to_day=operation.day, closed_as=Place.Closed.SPLIT
    )
    own = [] if ended.exists() else [operation.organisation.code]
    return "; ".join([*own, *operation.successions.values_list("successor__code", flat=True)])


def first_of_each(rows: Iterable[Any]) -> dict[int, Any]:
    """Organisation → its first row in the order given."""
    first: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.organisation_id, row)
    return first


def _downwards(places: Sequence[Place]) -> Iterator[Place]:
    """The places in order of code, each after the one of its parent where that is among them."""
    children: dict[int | None, list[Place]] = defaultdict(list)
    inside = {place.organisation_id for place in places}
    for place in sorted(places, key=lambda place: place.organisation.code):
        children[place.parent_id if place.parent_id in inside else None].append(place)
    waiting = list(reversed(children[None]))
    while waiting:
        place = waiting.pop()
        yield place
        waiting += reversed(children[place.organisation_id])
