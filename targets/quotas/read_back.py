"""The numbers of a draft out of a workbook that was filled in elsewhere (sheet `Chi tieu`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from cells.organisations.models import Organisation
from cells.people.models import User
from cells.sheets.container import UnusableFile
from cells.sheets.load import read_sheet
from cells.sheets.session import Session
from cells.sheets.sheet import Row, Sheet
from targets.quotas.allotment import LINES, Given
from targets.quotas.issue import Begun


def read_back(
    path: Path,
    sheet: Sheet,
    year: int,
    children: Collection[Organisation],
    *,
    before: Begun,
    own: Organisation,
    actor: User | None,
    today: dt.date,
) -> tuple[list[Given], list[str]]:
    """What the workbook gives each of `children` for `year`, and what is wrong in it: `sheet!cell: message`.

    Rows of other years and of the giving unit itself (`own`) are left alone. An empty cell and a child without a row
    keep the number that stands (`before`), as the sheet does elsewhere.
    """
    session = Session(actor, today)
    try:
        rows = [row for row in read_sheet(path, sheet, session) if row["year"] == year]
    except UnusableFile as unusable:
        return [], [str(unusable)]
    by_code = {child.code: child for child in children}
    rows = [row for row in session.refuse_doubles(session.place(rows), _code, _CODE) if _code(row) != own.code]
    for row in rows:
        if _code(row) not in by_code:
            session.refuse(row, _CODE, "Không trực thuộc đơn vị giao; bỏ dòng này.")
    numbers = {_code(row): (row["admission"], row["fostering"]) for row in rows}
    if not numbers and not session.refusals:
        return [], [f"Tệp không có dòng nào của năm {year}."]
    given = []
    for code, child in by_code.items():
        told = zip(LINES, numbers.get(code, (None, None)), strict=True)
        found = {line: before.of(child.pk, line) if number is None else number for line, number in told}
        given.append(before.given(child, found, {}))
    return given, [str(refusal) for refusal in sorted(session.refusals)]


_CODE = "organisation_code"


def _code(row: Row) -> str:
    return row[_CODE]
