"""Sheets `To chuc` (each unit as at its founding) and `Sap xep` (what happened since), loaded as one history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from cells import vietnamese
from cells.dated import OPEN_START
from cells.organisations import reorganise
from cells.organisations.export import RELATED, export_foundings, export_operations, first_of_each, related_codes
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.organisations.reorganise import Founding, Joining, found, join
from cells.organisations.reorganise.models import WaitingOperation
from cells.organisations.reorganise.waiting import Postponement, postpone
from cells.organisations.reorganise.works import WORKS, decode, encode, spelled_out, work_of
from cells.people.models import Post
from cells.rules.models import Kind, Sector
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Column, Row, Sheet, State, register
from cells.sheets.values import Choice, Code, Day, FirstDay, OneOf, Text
from cells.verdict import still_to_come

Work = Operation.Work
_ORDER = list(WORKS)
#: what may end a unit
_ENDING = (Work.SPLIT, Work.MERGE, Work.DISSOLVE)
_KIND = OneOf(lambda: Kind)
_SECTOR = OneOf(lambda: Sector)
_UNIT_ALIASES = ("Mã đơn vị", "Mã TCĐ")

TO_CHUC = "To chuc"
SAP_XEP = "Sap xep"


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
        Column("reason", "Lý do", Text(300)),
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
            deed_fields=(*RELATED, "into", "units", "people"),
            note="Thành lập, chuyển, tiếp nhận: mã cấp trên mới. Sáp nhập, giải thể: mã tổ chức tiếp nhận. "
            "Chia tách: mã các tổ chức sau khi chia, cách nhau bằng dấu ;; tổ chức trực thuộc sang nơi mới thì "
            "thêm dòng «chuyển» cùng ngày. Chuyển ra: nơi chuyển đến (nếu có).",
        ),
        Column("name", "Tên mới", Text(200)),
        Column("kind", "Loại mới", _KIND),
        Column("sector", "Loại hình mới", _SECTOR),
        Column("decision_number", "Số quyết định", Text(60), aliases=("Số QĐ",)),
        Column("reason", "Lý do", Text(300)),
    ),
    export_operations,
    (
        "Mỗi việc một dòng; thứ tự dòng không quan trọng, chương trình xếp theo ngày.",
        "Việc của ngày sắp tới thì chờ, đến ngày mới có hiệu lực.",
    ),
    gives="code",
)


def load(session: Session, rows: dict[str, list[Row]]) -> None:
    """Bring foundings and operations in, day by day: a unit may be founded under one that came the year before."""
    foundings = session.refuse_doubles(rows[TO_CHUC], lambda row: row["code"], "code")
    operations = [row for row in rows[SAP_XEP] if _is_whole(session, row)]
    operations = session.refuse_doubles(operations, lambda row: (row["day"], row["work"], row["code"]), "code")
    todo = [*_new_foundings(session, foundings), *_new_operations(session, operations)]
    _refuse_early(session, todo)
    days: dict[dt.date, list[Row]] = defaultdict(list)
    for row in todo:
        if row.table.sheet is FOUNDINGS and row["day"] and row["day"] > session.today:
            session.refuse(row, "day", f"{still_to_come(row['day'])} Việc sắp tới thì ghi ở bảng «Sap xep».")
        if row.state is State.REFUSED:
            continue
        row.state = State.NEW
        days[row["day"] or OPEN_START].append(row)
    for day in sorted(days):
        if day <= session.today:
            _load_day(session, days[day])
    _postpone(session, [row for day in sorted(days) if day > session.today for row in _by_turns(days[day])])


def _by_turns(rows: Sequence[Row]) -> list[Row]:
    """Rows of one day in the order in which they are done; a unit is founded after the one above it."""
    founded, above = [row for row in rows if _is_founding(row)], {row["code"]: row["parent_code"] for row in rows}

    def depth(row: Row) -> int:
        code, seen = row["parent_code"], {row["code"]}
        while code in above and code not in seen:
            seen.add(code)
            code = above[code]
        return len(seen)

    return [*sorted(founded, key=depth), *_in_turn([row for row in rows if not _is_founding(row)])]


def _in_turn(rows: Sequence[Row]) -> list[Row]:
    """What happens on one day in the order in which it is done.

    A unit below one that is split then is merged before. What goes from below it to a part of it by the same decision
    is shared out by the split (`row["units"]`) and no work of its own: so such a split went out (`export`).
    """
    splits = {row["code"]: row for row in rows if row["work"] == Work.SPLIT}
    if not splits:
        return sorted(rows, key=lambda row: _ORDER.index(row["work"]))
    standing = Place.objects.on(rows[0]["day"]).filter(parent__code__in=splits)
    over = {code: splits[parent] for code, parent in standing.values_list("organisation__code", "parent__code")}
    for split in splits.values():
        split["units"] = {}
    kept = [row for row in rows if not _is_shared_out(row, over.get(row["code"]))]

    def turn(row: Row) -> tuple[int, bool]:
        early = row["code"] in over and row["work"] in (Work.MERGE, Work.DISSOLVE)
        return _ORDER.index(Work.SPLIT if early else row["work"]), not early

    return sorted(kept, key=turn)


def _is_shared_out(row: Row, split: Row | None) -> bool:
    """Whether the row only tells what `split` does with the unit; then that says so."""
    if row["work"] != Work.MOVE or split is None:
        return False
    if row["related"] not in _codes(split["related"]) or _on_paper(row) != _on_paper(split):
        return False
    split["units"][row["code"]] = row["related"]
    return True


def _postpone(session: Session, rows: Sequence[Row]) -> None:
    """What is for a day to come waits for it; on the page of the unit, or of the nearest above that stands."""
    units = session.find_units(code for row in rows for code in (row["code"], row["parent_code"], row["related"]))
    top = Organisation.objects.top_on(session.today).first()
    pairs = []
    for row in rows:
        item = _founding(row) if _is_founding(row) else _item_of(row)
        under = units.get(row["code"]) or units.get(_parent_of(item)) or top
        if under is None:
            session.refuse(row, "day", "Chưa có tổ chức nào hoạt động hôm nay; việc này chưa chờ được.")
        else:
            pairs.append((row, Postponement(item, under)))
    session.perform(postpone, pairs)
    ending = sum(row["work"] in _ENDING for row, _ in pairs)
    if ending:
        session.note(
            SAP_XEP, "việc chờ đến ngày mà chức vụ sẽ kết thúc cùng tổ chức; bổ nhiệm lại khi đến ngày", ending
        )


def _parent_of(item: Any) -> str:
    """The code of the unit above that an item names, "" where it names none."""
    return getattr(item, "parent_code", "")


def _item_of(row: Row) -> Any:
    return _joining(row) if row["work"] == Work.JOIN else DEEDS[row["work"]][1](row)


def _refuse_early(session: Session, rows: Sequence[Row]) -> None:
    """Units founded before the one above them begins, both being new: the day is wrong, not the code."""
    begins = {row["code"]: row["day"] or OPEN_START for row in rows if _is_founding(row) or row["work"] == Work.JOIN}
    for row in rows:
        parent = row["parent_code"]
        if _is_founding(row) and parent in begins and begins[parent] > begins[row["code"]]:
            first = vietnamese.day(begins[parent])
            asked = f"Ngày {vietnamese.day(row['day'])} quá sớm" if row["day"] else "Ghi ngày thành lập"
            session.refuse(row, "day", f"{asked}: cấp trên «{parent}» chỉ có từ ngày {first}.")


def _load_day(session: Session, rows: Sequence[Row]) -> None:
    """What happens on one day: foundings, receptions (and what is founded under those), then the rest in order."""
    founded = [row for row in rows if _is_founding(row)]
    joined = [row for row in rows if row["work"] == Work.JOIN]
    later = _under({row["code"] for row in joined}, founded)
    session.perform(found, [(row, _founding(row)) for row in founded if row["code"] not in later])
    session.perform(join, [(row, _joining(row)) for row in joined])
    session.perform(found, [(row, _founding(row)) for row in founded if row["code"] in later])
    others = [row for row in rows if row["work"] in DEEDS]
    for work, some in groupby(_in_turn(others), key=lambda row: row["work"]):
        deed, item = DEEDS[work]
        session.perform(deed, [(row, item(row)) for row in some])
    _tell_of_posts(session, [row for row in rows if row["work"] in _ENDING])


def _tell_of_posts(session: Session, rows: Sequence[Row]) -> None:
    """A sheet does not say where those go on whose posts ended with their unit: it is told that somebody must."""
    codes, days = {row["code"] for row in rows}, {row["day"] for row in rows}
    if ended := Post.objects.own().filter(organisation__code__in=codes, to_day__in=days).count():
        session.note(SAP_XEP, "chức vụ kết thúc cùng tổ chức; bổ nhiệm lại ở trang «Chức vụ» của tổ chức mới", ended)


def _is_founding(row: Row) -> bool:
    return row.table.sheet is FOUNDINGS or row["work"] == Work.FOUND


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
        **_on_paper(row),
    )


def _joining(row: Row) -> Joining:
    return Joining(
        row["code"],
        row["day"],
        row["related"] or "",
        row["name"] or "",
        row["kind"],
        row["sector"],
        **_on_paper(row),
    )


def _on_paper(row: Row) -> dict[str, Any]:
    """What the decision says of itself."""
    return {"decision_number": row["decision_number"] or "", "reason": row["reason"] or ""}


def _item(make: Callable[..., Any], related: str = "", *names: str) -> Callable[[Row], Any]:
    """How a row becomes an item of a deed: its field `related` from the column of that name, `names` as they are."""

    def item(row: Row) -> Any:
        more = {name: row[name] if name in ("kind", "sector") else row[name] or "" for name in names}
        more |= {related: row["related"] or ""} if related else {}
        return make(code=row["code"], day=row["day"], **_on_paper(row), **more)

    return item


def _splitting(row: Row) -> reorganise.Splitting:
    units = row["units"] or {}
    return reorganise.Splitting(row["code"], row["day"], _codes(row["related"]), units=units, **_on_paper(row))


#: After foundings and receptions, in the order in which they are done within a day.
DEEDS: dict[Work, tuple[Callable[..., Any], Callable[[Row], Any]]] = {
    Work.MOVE: (reorganise.move, _item(reorganise.Moving, "parent_code")),
    Work.RENAME: (reorganise.rename, _item(reorganise.Renaming, "", "name")),
    Work.CHANGE_KIND: (reorganise.change_kind, _item(reorganise.KindChange, "", "name", "kind", "sector")),
    Work.SPLIT: (reorganise.split, _splitting),
    Work.MERGE: (reorganise.merge, _item(reorganise.Merging, "into_code")),
    Work.DISSOLVE: (reorganise.dissolve, _item(reorganise.Dissolving, "receiver_code")),
    Work.LEAVE: (reorganise.leave, _item(reorganise.Leaving, "destination")),
}


def _codes(text: str | None) -> list[str]:
    return [code for part in (text or "").split(";") if (code := vietnamese.clean(part))]


def _is_whole(session: Session, row: Row) -> bool:
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
    for name in ("kind", "sector"):
        if row[name] and not restyles:
            session.refuse(row, name, "Việc này không đổi loại; thêm một dòng «đổi loại».")
    return row.state is not State.REFUSED


# --- what is there already ----------------------------------------------------------------------------


def _new_foundings(session: Session, rows: Sequence[Row]) -> list[Row]:
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


def _new_operations(session: Session, rows: Sequence[Row]) -> list[Row]:
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
    said = encode(_founding(row) if _is_founding(row) else _item_of(row))
    if any(value and value != held.get(name) for name, value in said.items() if name != "new"):
        session.refuse(row, "work", "Việc này đang chờ và ghi khác; thôi việc đó ở trang «Sắp xếp tổ chức» trước.")


def _compare_operation(session: Session, row: Row, operation: Operation, style: Style | None) -> None:
    row.state = State.UNCHANGED
    told = [
        ("related", set(_codes(row["related"])), related_codes(operation)),
        ("decision_number", {row["decision_number"]} - {None}, operation.decision_number),
        ("reason", {row["reason"]} - {None}, operation.reason),
    ]
    if style and operation.work in (Work.FOUND, Work.RENAME, Work.CHANGE_KIND):
        told += [("name", {row["name"]} - {None}, style.name)]
    for name, given, held in told:
        if given and given != (set(_codes(held)) if name == "related" else {held}):
            session.refuse(row, name, f"Việc này đã ghi khác: «{held or 'để trống'}»; dùng chức năng đính chính.")


register(load, FOUNDINGS, OPERATIONS)
