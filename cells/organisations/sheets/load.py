"""Bringing the two sheets in as one history, day by day; what is for a day to come waits for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from cells import vietnamese
from cells.dated import OPEN_START
from cells.organisations.models import Operation, Organisation
from cells.organisations.reorganise import found, join
from cells.organisations.reorganise.waiting import Postponement, postpone
from cells.organisations.reorganise.works import WORKS
from cells.organisations.sheets.columns import FOUNDINGS, SAP_XEP, TO_CHUC
from cells.organisations.sheets.items import is_founding, is_whole, item_of
from cells.organisations.sheets.known import new_foundings, new_operations
from cells.organisations.sheets.turns import by_turns, founded_under, in_turn
from cells.people.models import Post
from cells.sheets.session import Session
from cells.sheets.sheet import Row, State
from cells.verdict import still_to_come

Work = Operation.Work
#: what may end a unit
_ENDING = (Work.SPLIT, Work.MERGE, Work.DISSOLVE)


def load(session: Session, rows: dict[str, list[Row]]) -> None:
    """Bring foundings and operations in, day by day: a unit may be founded under one that came the year before."""
    foundings = session.refuse_doubles(rows[TO_CHUC], lambda row: row["code"], "code")
    operations = [row for row in rows[SAP_XEP] if is_whole(session, row)]
    operations = session.refuse_doubles(operations, lambda row: (row["day"], row["work"], row["code"]), "code")
    todo = [*new_foundings(session, foundings), *new_operations(session, operations)]
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
    _postpone(session, [row for day in sorted(days) if day > session.today for row in by_turns(days[day])])


def _refuse_early(session: Session, rows: Sequence[Row]) -> None:
    """Units founded before the one above them begins, both being new: the day is wrong, not the code."""
    begins = {row["code"]: row["day"] or OPEN_START for row in rows if is_founding(row) or row["work"] == Work.JOIN}
    for row in rows:
        parent = row["parent_code"]
        if is_founding(row) and parent in begins and begins[parent] > begins[row["code"]]:
            first = vietnamese.day(begins[parent])
            asked = f"Ngày {vietnamese.day(row['day'])} quá sớm" if row["day"] else "Ghi ngày thành lập"
            session.refuse(row, "day", f"{asked}: cấp trên «{parent}» chỉ có từ ngày {first}.")


def _load_day(session: Session, rows: Sequence[Row]) -> None:
    """What happens on one day: foundings, receptions (and what is founded under those), then the rest in order."""
    founded = [row for row in rows if is_founding(row)]
    joined = [row for row in rows if row["work"] == Work.JOIN]
    later = founded_under({row["code"] for row in joined}, founded)
    others = [row for row in rows if not is_founding(row) and row["work"] != Work.JOIN]
    session.perform(found, [(row, item_of(row)) for row in founded if row["code"] not in later])
    session.perform(join, [(row, item_of(row)) for row in joined])
    session.perform(found, [(row, item_of(row)) for row in founded if row["code"] in later])
    for work, some in groupby(in_turn(others), key=lambda row: row["work"]):
        session.perform(WORKS[work][1], [(row, item_of(row)) for row in some])
    _tell_of_posts(session, [row for row in rows if row["work"] in _ENDING])


def _tell_of_posts(session: Session, rows: Sequence[Row]) -> None:
    """A sheet does not say where those go on whose posts ended with their unit: it is told that somebody must."""
    codes, days = {row["code"] for row in rows}, {row["day"] for row in rows}
    if ended := Post.objects.own().filter(organisation__code__in=codes, to_day__in=days).count():
        session.note(SAP_XEP, "chức vụ kết thúc cùng tổ chức; bổ nhiệm lại ở trang «Chức vụ» của tổ chức mới", ended)


def _postpone(session: Session, rows: Sequence[Row]) -> None:
    """What is for a day to come waits for it; on the page of the unit, or of the nearest above that stands."""
    units = session.find_units(code for row in rows for code in (row["code"], row["parent_code"], row["related"]))
    top = Organisation.objects.top_on(session.today).first()
    pairs = []
    for row in rows:
        item = item_of(row)
        page = units.get(row["code"]) or units.get(getattr(item, "parent_code", "")) or top
        if page is None:
            session.refuse(row, "day", "Chưa có tổ chức nào hoạt động hôm nay; việc này chưa chờ được.")
        else:
            pairs.append((row, Postponement(item, page)))
    session.perform(postpone, pairs)
    ending = sum(row["work"] in _ENDING for row, _ in pairs)
    if ending:
        session.note(
            SAP_XEP, "việc chờ đến ngày mà chức vụ sẽ kết thúc cùng tổ chức; bổ nhiệm lại khi đến ngày", ending
        )
