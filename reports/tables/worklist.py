"""The legal deadlines of the people of each unit: how many are overdue, soon due, running (C24)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Min, Q

from cells.dated import ONE_DAY
from membership.deadlines.models import DUTIES, SOON, is_expired, is_overdue, runs_out
from membership.models import Deadline
from reports.figures.cohort import units_of
from reports.figures.standing import CURRENT, Forest
from reports.tables.parts import parts
from reports.tables.table import (
    BRANCHES,
    CHILDREN_OR_BRANCHES,
    HEADS,
    Answer,
    Column,
    Found,
    Question,
    Row,
    Table,
    Unit,
    rest_row,
)

_COUNTS = ("overdue", "soon", "running", "expired")


class WorkList(Table):
    """Of the clocks kept for cases and probationary members, as they stand at the end of the day."""

    key = "worklist"
    title = "Thời hạn của hồ sơ và đảng viên dự bị"
    about = f"Đơn vị có bao nhiêu việc quá hạn, sắp đến hạn trong {SOON} ngày, đang chạy; bấm số để xem tên."
    one_year = False
    of_day = True
    row_choices = CHILDREN_OR_BRANCHES
    found = (Found("overdue", "Quá hạn", of="việc"), Found("soon", f"Đến hạn trong {SOON} ngày", of="thời hạn"))
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("overdue", "Quá hạn", opens="deadlines"),
        Column("oldest", "Hạn quá lâu nhất", "date"),
        Column("soon", f"Đến hạn trong {SOON} ngày", opens="deadlines", narrowed={"state": "coming"}),
        Column("running", "Đang chạy", opens="deadlines", narrowed={"state": "open"}),
        Column("expired", "Giấy tờ hết giá trị", opens="deadlines", narrowed={"state": "expired"}),
        Column("next", "Hạn gần nhất", "date"),
        *HEADS,
    )

    def answer(self, question: Question) -> Answer:
        """Rows of the direct children (or of the branches), the most overdue first."""
        root, day = question.organisation.pk, question.on
        standing = Forest(root, day, day + ONE_DAY).standing(CURRENT, day.year, day)
        counted = _counted(root, day)
        own, below = parts(question, standing)
        rows = [_row(unit, [counted[pk] for pk in units_of(standing, unit.pk) if pk in counted]) for unit in below]
        rows.sort(key=lambda row: (-row["overdue"], row["oldest"] or dt.date.max, row["next"] or dt.date.max))
        total = _row(own, list(counted.values()))
        rest = None if question.rows == BRANCHES else rest_row(self.columns, rows, total, _COUNTS, own=True)
        return Answer([*rows, *([rest] if rest else [])], total)


def _counted(root: int, day: dt.date) -> dict[int, dict[str, Any]]:
    """Unit's id → its own numbers, for the unit and all below it; one query."""
    found = Deadline.objects.below(root, on=day).open_on(day).order_by().values("organisation_id")
    rows = found.annotate(
        overdue=Count("pk", filter=is_overdue(day)),
        oldest=Min("due", filter=is_overdue(day)),
        soon=Count("pk", filter=runs_out(day, SOON)),
        running=Count("pk"),
        expired=Count("pk", filter=is_expired(day)),
        next=Min("due", filter=Q(kind__in=DUTIES, due__gte=day)),
    )
    return {row["organisation_id"]: dict(row) for row in rows}


def _row(unit: Unit, counted: list[dict[str, Any]]) -> Row:
    first = {key: [row[key] for row in counted if row[key]] for key in ("oldest", "next")}
    return unit.row(
        **{key: sum(row[key] for row in counted) for key in _COUNTS},
        **{key: min(days, default=None) for key, days in first.items()},
    )
