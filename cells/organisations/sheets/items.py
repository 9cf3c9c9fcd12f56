"""What a row of the two sheets asks for: the item that its deed is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cells import vietnamese
from cells.dated import OPEN_START
from cells.organisations.models import Operation
from cells.organisations.reorganise.works import WORKS, Item
from cells.organisations.sheets.columns import FOUNDINGS
from cells.sheets.session import Session
from cells.sheets.sheet import Row, State

Work = Operation.Work
_LOOKUPS = ("kind", "sector")


def is_whole(session: Session, row: Row) -> bool:
    """Whether the row has what its work needs, and nothing that belongs to another."""
    work = row["work"]
    if work == Work.FOUND:
        row["parent_code"] = row["related"]
        for name, word in (("name", "tên tổ chức"), ("kind", "loại tổ chức")):
            if not row[name]:
                session.refuse(row, name, f"Thành lập thì ghi {word}.")
    restyles = work in (Work.FOUND, Work.JOIN, Work.CHANGE_KIND, Work.LEAVE)
    if row["name"] and not restyles and work != Work.RENAME:
        session.refuse(row, "name", "Việc này không đổi tên; thêm một dòng «đổi tên».")
    for name in _LOOKUPS:
        if row[name] and not restyles:
            session.refuse(row, name, "Việc này không đổi loại; thêm một dòng «đổi loại».")
    return row.state is not State.REFUSED


def is_founding(row: Row) -> bool:
    return row.table.sheet is FOUNDINGS or row["work"] == Work.FOUND


def item_of(row: Row) -> Item:
    """What the deed of the row's work is given."""
    work = Work.FOUND if is_founding(row) else row["work"]
    day = row["day"] or OPEN_START  # only a founding may leave it out
    return WORKS[work][0](code=row["code"], day=day, **on_paper(row), **_OF_WORK[work](row))


def on_paper(row: Row) -> dict[str, Any]:
    """What the decision says of itself."""
    return {"decision_number": row["decision_number"] or "", "reason": row["reason"] or ""}


def codes(text: str | None) -> list[str]:
    """The codes in a cell of several."""
    return [code for part in (text or "").split(";") if (code := vietnamese.clean(part))]


def _told(related: str = "", *names: str) -> Callable[[Row], dict[str, Any]]:
    """How a row tells the fields of an item: `related` from the column of that name, `names` as they are."""

    def told(row: Row) -> dict[str, Any]:
        more = {name: row[name] if name in _LOOKUPS else row[name] or "" for name in names}
        return more | ({related: row["related"] or ""} if related else {})

    return told


def _founding(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("name", *_LOOKUPS)} | {"parent_code": row["parent_code"] or ""}


def _splitting(row: Row) -> dict[str, Any]:
    return {"into": codes(row["related"]), "units": row["units"] or {}}


_OF_WORK: dict[Work, Callable[[Row], dict[str, Any]]] = {
    Work.FOUND: _founding,
    Work.JOIN: _told("parent_code", "name", "kind", "sector"),
    Work.MOVE: _told("parent_code"),
    Work.RENAME: _told("", "name"),
    Work.CHANGE_KIND: _told("", "name", "kind", "sector"),
    Work.SPLIT: _splitting,
    Work.MERGE: _told("into_code"),
    Work.DISSOLVE: _told("receiver_code"),
    Work.LEAVE: _told("destination"),
}
