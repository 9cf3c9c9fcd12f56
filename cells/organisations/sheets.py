"""Sheets `To chuc` (each unit as at its founding) and `Sap xep` (what happened since), loaded as one history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cells import vietnamese
from cells.dated import OPEN_START
from cells.organisations.models import Operation, Place, Style
from cells.organisations.reorganise import Founding, Joining, Leaving, found, join, leave
from cells.rules.models import Kind, Sector
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Column, Row, Sheet, State, register
from cells.sheets.values import Choice, Code, Day, FirstDay, OneOf, Text

Work = Operation.Work
SUPPORTED = (Work.JOIN, Work.LEAVE)
_KIND = OneOf(lambda: Kind)
_SECTOR = OneOf(lambda: Sector)
_UNIT_ALIASES = ("Mã đơn vị", "Mã TCĐ")

TO_CHUC = "To chuc"
SAP_XEP = "Sap xep"


def export_foundings() -> Iterator[Sequence[Any]]:
    """Each unit founded here, as at its founding, those above first."""
    numbers = dict(Operation.objects.filter(work=Work.FOUND).values_list("organisation_id", "decision_number"))
    styles = _first(Style.objects.select_related("kind", "sector").order_by("from_day"))
    places = _first(Place.objects.select_related("organisation", "parent").order_by("from_day"))
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
            numbers.get(place.organisation_id, ""),
        )


def export_operations() -> Iterator[Sequence[Any]]:
    """Every operation but foundings, in order of date; a unit new by its reception with what it is called."""
    styles = _first(Style.objects.select_related("kind", "sector").order_by("from_day"))
    places = _first(Place.objects.order_by("from_day"))
    operations = Operation.objects.exclude(work=Work.FOUND).select_related("organisation", "related")
    for operation in operations.order_by("day", "id"):
        unit = operation.organisation_id
        came = operation.work == Work.JOIN and unit in places and places[unit].from_day == operation.day
        style = styles[unit] if came else None
        yield (
            operation.day,
            operation.get_work_display(),
            operation.organisation.code,
            operation.related.code if operation.related else operation.destination,
            style.name if style else "",
            style.kind.name if style else "",
            style.sector.name if style and style.sector else "",
            operation.decision_number,
        )


FOUNDINGS = Sheet(
    TO_CHUC,
    (
        Column("code", "Mã tổ chức", Code(), required=True, aliases=_UNIT_ALIASES, example="TU.01"),
        Column("name", "Tên tổ chức", Text(200), required=True, example="Đảng bộ phường Một"),
        Column(
            "parent_code",
            "Mã cấp trên",
            Code(),
            aliases=("Mã tổ chức cấp trên",),
            example="TU",
            note="Để trống: tổ chức cao nhất.",
        ),
        Column("kind", "Loại tổ chức", _KIND, required=True, example="đảng bộ cơ sở"),
        Column("sector", "Loại hình", _SECTOR, example="xã, phường"),
        Column("day", "Ngày thành lập", FirstDay(), note="Để trống: đã có từ trước, không rõ ngày."),
        Column("decision_number", "Số quyết định", Text(60), aliases=("Số QĐ",)),
    ),
    export_foundings,
    ("Mỗi tổ chức một dòng, ghi như lúc thành lập. Việc xảy ra sau đó ghi ở bảng «Sap xep».",),
    gives="code",
)

OPERATIONS = Sheet(
    SAP_XEP,
    (
        Column(
            "day",
            "Ngày",
            Day(),
            required=True,
            aliases=("Ngày hiệu lực",),
            example=dt.date(2022, 7, 1),
            note="Ngày đầu tiên có hiệu lực.",
        ),
        Column("work", "Việc", Choice({work.label: work for work in Work}), required=True, example="chuyển ra"),
        Column("code", "Mã tổ chức", Code(), required=True, aliases=_UNIT_ALIASES, example="TU.05"),
        Column(
            "related",
            "Mã tổ chức liên quan",
            Text(200),
            deed_fields=("parent_code", "destination"),
            note="Tiếp nhận: mã cấp trên mới. Chuyển ra: nơi chuyển đến (nếu có).",
        ),
        Column("name", "Tên mới", Text(200)),
        Column("kind", "Loại mới", _KIND),
        Column("sector", "Loại hình mới", _SECTOR),
        Column("decision_number", "Số quyết định", Text(60), aliases=("Số QĐ",)),
    ),
    export_operations,
    ("Mỗi việc một dòng; thứ tự dòng không quan trọng, chương trình xếp theo ngày.",),
    gives="code",
)


def load(session: Session, rows: dict[str, list[Row]]) -> None:
    """Bring foundings and operations in, day by day: a unit may be founded under one that came the year before."""
    foundings = session.refuse_doubles(rows[TO_CHUC], lambda row: row["code"], "code")
    operations = [row for row in rows[SAP_XEP] if _is_supported(session, row)]
    operations = session.refuse_doubles(operations, lambda row: (row["day"], row["work"], row["code"]), "code")
    todo = [*_new_foundings(session, foundings), *_new_operations(session, operations)]
    _refuse_early(session, todo)
    days: dict[dt.date, list[Row]] = defaultdict(list)
    for row in todo:
        if row.state is State.REFUSED:
            continue
        row.state = State.NEW
        days[row["day"] or OPEN_START].append(row)
    for day in sorted(days):
        _load_day(session, days[day])


def _refuse_early(session: Session, rows: Sequence[Row]) -> None:
    """Units founded before the one above them begins, both being new: the day is wrong, not the code."""
    begins = {row["code"]: row["day"] or OPEN_START for row in rows if row["work"] != Work.LEAVE}
    for row in rows:
        parent = row["parent_code"]
        if row.table.sheet is FOUNDINGS and parent in begins and begins[parent] > begins[row["code"]]:
            first = vietnamese.day(begins[parent])
            asked = f"Ngày {vietnamese.day(row['day'])} quá sớm" if row["day"] else "Ghi ngày thành lập"
            session.refuse(row, "day", f"{asked}: cấp trên «{parent}» chỉ có từ ngày {first}.")


def _load_day(session: Session, rows: Sequence[Row]) -> None:
    """What begins on one day: foundings, receptions (and what is founded under those), then departures."""
    founded = [row for row in rows if row.table.sheet is FOUNDINGS]
    joined = [row for row in rows if row["work"] == Work.JOIN]
    left = [row for row in rows if row["work"] == Work.LEAVE]
    later = _under({row["code"] for row in joined}, founded)
    session.perform(found, [(row, _founding(row)) for row in founded if row["code"] not in later])
    session.perform(join, [(row, _joining(row)) for row in joined])
    session.perform(found, [(row, _founding(row)) for row in founded if row["code"] in later])
    session.perform(leave, [(row, _leaving(row)) for row in left])


def _under(codes: set[str], founded: Sequence[Row]) -> set[str]:
    """Codes of the founded units that stand, directly or not, under `codes`."""
    under: set[str] = set()
    while more := {row["code"] for row in founded if row["parent_code"] in codes | under} - under:
        under |= more
    return under


def _founding(row: Row) -> Founding:
    return Founding(
        row["code"],
        row["name"],
        row["kind"],
        row["sector"],
        row["parent_code"] or "",
        row["day"] or OPEN_START,
        row["decision_number"] or "",
    )


def _joining(row: Row) -> Joining:
    return Joining(
        row["code"],
        row["day"],
        row["related"] or "",
        row["name"] or "",
        row["kind"],
        row["sector"],
        row["decision_number"] or "",
    )


def _leaving(row: Row) -> Leaving:
    return Leaving(row["code"], row["day"], row["decision_number"] or "", row["related"] or "")


def _is_supported(session: Session, row: Row) -> bool:
    if row["work"] in SUPPORTED:
        return True
    session.refuse(row, "work", f"Việc «{row['work'].label}» chưa hỗ trợ ở bản này; hiện có: tiếp nhận, chuyển ra.")
    return False


# --- what is there already ----------------------------------------------------------------------------


def _new_foundings(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Rows of units that are not there yet; the others must say what is known of the unit's founding."""
    units = session.find_units(row["code"] for row in rows)
    known = [units[row["code"]].pk for row in rows if row["code"] in units]
    styles: dict[int, Style] = {}
    places: dict[int, Place] = {}
    numbers: dict[int, str] = {}
    for some in batches(known):
        styles |= _first(Style.objects.filter(organisation__in=some).order_by("from_day"))
        places |= _first(Place.objects.filter(organisation__in=some).select_related("parent").order_by("from_day"))
        numbers |= dict(
            Operation.objects.filter(organisation__in=some, work=Work.FOUND).values_list(
                "organisation_id", "decision_number"
            )
        )
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
            _compare_founding(session, row, styles[unit.pk], places[unit.pk], numbers.get(unit.pk))
    return new


def _compare_founding(session: Session, row: Row, style: Style, place: Place, number: str | None) -> None:
    parent = place.parent.code if place.parent else ""
    known = "" if place.from_day == OPEN_START else vietnamese.day(place.from_day)
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
        ("decision_number", bool(row["decision_number"] and number) and row["decision_number"] != number, number),
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


def _new_operations(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Rows of operations that are not recorded yet; the others must say what is recorded."""
    recorded: dict[tuple[dt.date, str, str], Operation] = {}
    for some in batches(row["code"] for row in rows):
        found = Operation.objects.filter(organisation__code__in=some).select_related("organisation", "related")
        recorded |= {(operation.day, operation.work, operation.organisation.code): operation for operation in found}
    new = []
    for row in rows:
        operation = recorded.get((row["day"], row["work"], row["code"]))
        if operation is None:
            new.append(row)
            continue
        row.state = State.UNCHANGED
        known = operation.related.code if operation.related else operation.destination
        for name, given, held in (
            ("related", row["related"], known),
            ("decision_number", row["decision_number"], operation.decision_number),
        ):
            if given and given != held:
                session.refuse(row, name, f"Việc này đã ghi khác: «{held or 'để trống'}»; dùng chức năng đính chính.")
    return new


def _first(rows: Iterable[Any]) -> dict[int, Any]:
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


register(load, FOUNDINGS, OPERATIONS)
