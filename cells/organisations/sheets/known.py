"""What the rows of the two sheets say that is there already: it changes nothing, or is refused where it differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cells import vietnamese
from cells.dated import OPEN_START
from cells.organisations.models import Operation, Place, Style
from cells.organisations.reorganise.models import WaitingOperation
from cells.organisations.reorganise.works import decode, encode, spelled_out, work_of
from cells.organisations.sheets.export import first_of_each, related_codes
from cells.organisations.sheets.items import codes, item_of
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Row, State

Work = Operation.Work


def new_foundings(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Rows of units that are not there yet; the others must say what is known of the unit's founding."""
    units = session.find_units(row["code"] for row in rows)
    known = [units[row["code"]].pk for row in rows if row["code"] in units]
    styles: dict[int, Style] = {}
    places: dict[int, Place] = {}
    papers: dict[int, Operation] = {}
    for some in batches(known):
        styles |= first_of_each(Style.objects.filter(organisation__in=some).order_by("from_day"))
        places |= first_of_each(
            Place.objects.filter(organisation__in=some).select_related("parent").order_by("from_day")
        )
        founded = Operation.objects.filter(organisation__in=some, work=Work.FOUND)
        papers |= {operation.organisation_id: operation for operation in founded}
    new = []
    for row in rows:
        unit = units.get(row["code"])
        if unit is None:
            new.append(row)
        elif unit.pk not in places:
            session.refuse(
                row, "code", f"Tổ chức «{unit.code}» đã có ngoài cây tổ chức; dùng sheet Sắp xếp để tiếp nhận."
            )
        else:
            _compare_founding(session, row, styles[unit.pk], places[unit.pk], papers.get(unit.pk))
    return new


def _compare_founding(session: Session, row: Row, style: Style, place: Place, paper: Operation | None) -> None:
    parent = place.parent.code if place.parent else ""
    known = "" if place.from_day == OPEN_START else vietnamese.day(place.from_day)
    number, reason = (paper.decision_number, paper.reason) if paper else ("", "")
    differences = (
        ("name", row["name"].casefold() != style.name.casefold(), style.name),
        ("parent_code", (row["parent_code"] or "") != parent, parent),
        ("kind", row["kind"].pk != style.kind_id, style.kind.name),
        (
            "sector",
            bool(row["sector"]) and row["sector"].pk != style.sector_id,
            style.sector.name if style.sector else "",
        ),
        ("day", (row["day"] or OPEN_START) != place.from_day, known),
        ("decision_number", _is_another(row["decision_number"], number), number),
        ("reason", _is_another(row["reason"], reason), reason),
    )
    row.state = State.UNCHANGED
    for name, differs, value in differences:
        if differs:
            session.refuse(
                row,
                name,
                f"Tổ chức «{row['code']}» đã có và lúc thành lập ghi khác: «{value or 'để trống'}»; "
                "nếu có thay đổi thì dùng sheet Sắp xếp, không sửa dòng này.",
            )


def _is_another(said: str | None, held: str) -> bool:
    """Whether a row says something else than what is known; who says nothing contradicts nothing."""
    return bool(said and held) and said != held


def new_operations(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Rows of operations that are not recorded yet; the others must say what is recorded."""
    recorded: dict[tuple[dt.date, str, str], Operation] = {}
    styles: dict[tuple[int, dt.date], Style] = {}
    for some in batches(row["code"] for row in rows):
        found = Operation.objects.filter(organisation__code__in=some).select_related("organisation", "related")
        recorded |= {(operation.day, operation.work, operation.organisation.code): operation for operation in found}
        begun = Style.objects.filter(organisation__code__in=some)
        styles |= {(style.organisation_id, style.from_day): style for style in begun}
    waiting, shared = _waiting_items(rows), _shared_out(rows)
    new = []
    for row in rows:
        key = (row["day"], row["work"], row["code"])
        operation = recorded.get(key)
        if operation is None and key in waiting:
            _compare_waiting(session, row, waiting[key])
        elif operation is None and row["work"] == Work.MOVE and (row["day"], row["code"], row["related"]) in shared:
            row.state = State.UNCHANGED
        elif operation is None:
            new.append(row)
        else:
            _compare_operation(session, row, operation, styles.get((operation.organisation_id, operation.day)))
    return new


def _waiting_items(rows: Sequence[Row]) -> dict[tuple[dt.date, str, str], dict[str, Any]]:
    """What waits for the days of the rows, as they would tell it."""
    found = {}
    for held in WaitingOperation.objects.waiting().filter(day__in={row["day"] for row in rows}):
        found[held.day, held.work, held.item["code"]] = held.item
        for item in spelled_out(decode(held.work, held.item)) if held.work == Work.SPLIT else ():
            found[item.day, work_of(item), item.code] = encode(item)
    return found


def _shared_out(rows: Sequence[Row]) -> set[tuple[dt.date, str, str]]:
    """Units that went under another with a work of the one above: (day, code, code of the new one above)."""
    moves = [row["code"] for row in rows if row["work"] == Work.MOVE]
    moved = Place.objects.filter(opened_as=Place.Opened.MOVED)
    told = ("from_day", "organisation__code", "parent__code")
    return {place for some in batches(moves) for place in moved.filter(organisation__code__in=some).values_list(*told)}


def _compare_waiting(session: Session, row: Row, held: dict[str, Any]) -> None:
    """A row of what waits already says the same, or what waits is called off first; shares are chosen on screen."""
    row.state = State.UNCHANGED
    said = encode(item_of(row))
    if any(value and value != held.get(name) for name, value in said.items() if name != "new"):
        session.refuse(row, "work", "Việc này đang chờ và ghi khác; thôi việc đó ở trang «Sắp xếp tổ chức» trước.")


def _compare_operation(session: Session, row: Row, operation: Operation, style: Style | None) -> None:
    row.state = State.UNCHANGED
    told = [
        ("related", set(codes(row["related"])), related_codes(operation)),
        ("decision_number", {row["decision_number"]} - {None}, operation.decision_number),
        ("reason", {row["reason"]} - {None}, operation.reason),
    ]
    if style and operation.work in (Work.FOUND, Work.RENAME, Work.CHANGE_KIND):
        told += [("name", {row["name"]} - {None}, style.name)]
    for name, given, held in told:
        if given and given != (set(codes(held)) if name == "related" else {held}):
            session.refuse(row, name, f"Việc này đã ghi khác: «{held or 'để trống'}»; dùng chức năng đính chính.")
