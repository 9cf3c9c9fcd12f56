"""An operation that was done, told as the item its deed was given: to show, to correct and to do again."""

from __future__ import annotations

from typing import Any

from cells.organisations.models import Operation, Place, Style, Succession
from cells.organisations.reorganise.works import WORKS, Item, Work


def item_of(operation: Operation) -> Item:
    """What was asked for. Of a split without its shares: those follow what the records say (`undo`)."""
    code = operation.organisation.code
    paper = {"decision_number": operation.decision_number, "reason": operation.reason}
    work = Work(operation.work)
    return WORKS[work][0](code=code, day=operation.day, **paper, **_OF_WORK[work](operation))


def _began(operation: Operation) -> Style | None:
    """The name and kind that the operation gave."""
    styles = Style.objects.filter(organisation=operation.organisation_id, from_day=operation.day)
    return styles.select_related("kind", "sector").first()


def _parent(operation: Operation) -> str:
    return operation.related.code if operation.related else ""


def _founding(operation: Operation) -> dict[str, Any]:
    style = _began(operation)
    named = {"name": style.name, "kind": style.kind, "sector": style.sector} if style else {}
    return named | {"parent_code": _parent(operation)}


def _joining(operation: Operation) -> dict[str, Any]:
    """A unit that came back kept its name: it was not given one."""
    first = operation.organisation.places.order_by("from_day").values_list("from_day", flat=True).first()
    named = _founding(operation) if first == operation.day else {"parent_code": _parent(operation)}
    return named | {"origin": operation.destination}


def _renaming(operation: Operation) -> dict[str, Any]:
    style = _began(operation)
    return {"name": style.name if style else ""}


def _kind_change(operation: Operation) -> dict[str, Any]:
    style = _began(operation)
    return {"kind": style.kind, "sector": style.sector} if style else {}


def _splitting(operation: Operation) -> dict[str, Any]:
    after = Succession.objects.filter(operation=operation).order_by("pk").values_list("successor__code", flat=True)
    own = [] if ended(operation) else [operation.organisation.code]
    return {"into": (*own, *after)}


def ended(operation: Operation) -> bool:
    """Whether the unit was no more from the operation's day on."""
    closed = Place.objects.filter(organisation=operation.organisation_id, to_day=operation.day)
    return closed.filter(closed_as__in=Place.ENDED).exists()


_OF_WORK = {
    Work.FOUND: _founding,
    Work.JOIN: _joining,
    Work.MOVE: lambda operation: {"parent_code": _parent(operation)},
    Work.RENAME: _renaming,
    Work.CHANGE_KIND: _kind_change,
    Work.SPLIT: _splitting,
    Work.MERGE: lambda operation: {"into_code": _parent(operation)},
    Work.DISSOLVE: lambda operation: {"receiver_code": _parent(operation)},
    Work.LEAVE: lambda operation: {"destination": operation.destination},
}
