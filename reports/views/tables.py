"""Any table of the registry on screen, and as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports import output
from reports.figures.standing import SCOPES
from reports.tables import LISTS, TABLES, Answer, Column, Question, Table
from reports.tables.structure import Structure
from reports.tables.table import HEADS, OTHER, Row
from reports.tables.told import without_names
from reports.views.asked import Asked, asked

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_HIDDEN = ("code", "base_missing", "not_reported", "source", *(column.key for column in HEADS))
_BY_BRANCH = "branches"
_OTHER_TEXT = "Khác (chưa phân bổ xuống dưới)"


@require_safe
def table(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The table `key` of a unit; `?file=xlsx` gives the same as a file, `?rows=branches` every branch below."""
    found = TABLES.get(key)
    if found is None:
        raise Http404
    page = asked(request, code)
    question = _question(page, found)
    by_branch = found.by_branch and request.GET.get("rows") == _BY_BRANCH
    question = replace(question, branches=by_branch)
    answer = found.answer(question)
    if not page.inside and not found.of_years:
        answer.rows = []
    answer.rows = page.without_strangers(answer.rows)
    form = request.GET.get("file")
    if form in FILES:
        return _file(page, found, question, answer, form)
    columns = [column for column in found.columns if column.key not in _HIDDEN]
    opens = any(column.opens for column in columns)
    names = _Names(page.named_units(answer.rows) if opens else frozenset(), question.on)
    active = reverse("lists", args=[code]) if key in LISTS else request.path
    active = reverse("chart", args=[code]) if key == Structure.key else active
    context = page.context(active) | {
        "table": found,
        "columns": [_head(column) for column in columns],
        "lines": [_line(page, columns, row, names) for row in answer.rows],
        "total": _line(page, columns, answer.total, names, total=True),
        "extras": _extras(answer),
        "notes": answer.notes,
        "scope_lines": [one.text(inside=page.inside) for one in answer.scopes],
        "told": answer.told if page.inside else without_names(answer.told),
        "rules": answer.rules,
        "note_level": "info" if key in LISTS else "warning",
        "heading": output.heading(found, question),
        "scopes": [] if found.of_day else [(scope, title, scope == page.scope) for scope, title in SCOPES.items()],
        "rows_to_choose": _rows_to_choose(page, found, by_branch),
        "files": [(form, f"?{_with(request, form)}") for form in FILES],
    }
    return render(request, "reports/table.html", context)


def _question(page: Asked, table: Table) -> Question:
    if table.of_years:
        return page.question_over(page.span)
    return page.question_on_day if table.of_day else page.question


def _file(page: Asked, table: Table, question: Question, answer: Answer, form: str) -> HttpResponse:
    if not page.inside:
        raise PermissionDenied("Chỉ đơn vị này và cấp trên được tải bảng của đơn vị.")
    response = HttpResponse(output.write(table, question, answer, form=form), content_type=FILES[form])
    name = f"{table.key}-{question.organisation.code}-{question.on.isoformat()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows_to_choose(page: Asked, table: Table, by_branch: bool) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of what the rows of a list may be; nothing where there is one way only."""
    if not table.by_branch or not page.inside or page.is_branch:
        return []
    return [("", "Đơn vị trực thuộc", not by_branch), (_BY_BRANCH, "Từng chi bộ", by_branch)]


def _with(request: HttpRequest, form: str) -> str:
    query = request.GET.copy()
    query["file"] = form
    return query.urlencode()


def _head(column: Column) -> dict:
    return {"label": column.title, "number": column.kind in ("count", "rate")}


@dataclass(frozen=True)
class _Names:
    """The units whose people the reader may look up by name, and the day on which."""

    units: Collection[int]
    on: dt.date


def _line(page: Asked, columns: list[Column], row: Row, names: _Names, *, total: bool = False) -> dict:
    """The cells of a row as printed; numbers link to their list, the name to the unit with its heads below."""
    cells = [_cell(page, column, row, names, total=total) for column in columns]
    if total and any(column.kind == "year" for column in columns):
        cells = [cell | {"url": ""} for cell in cells]  # no list counts several years at once
    return {"cells": cells, "other": row.get("code") == OTHER, "heads": None if total else row.get("heads")}


def _cell(page: Asked, column: Column, row: Row, names: _Names, *, total: bool) -> dict:
    value = row.get(column.key)
    text = output.text(column, value) if column.kind != "year" else str(value or "Cả kỳ")
    url = ""
    if row.get("code") == OTHER:
        text = _OTHER_TEXT if column.key == "name" else text
    elif column.key == "name" and not total:
        url = page.unit_url(row)
    elif row.get("last_day"):
        pass  # a unit that is gone has no list on the day asked
    elif column.figure and value is not None and page.sees_people:
        code = row.get("code") or page.unit.organisation.code
        url = reverse("items", args=[code, column.figure]) + page.query(year=row.get("year"))
    elif column.opens and value is not None and page.sees_people and (total or row.get("id") in names.units):
        url = page.named_url(column.opens, row["code"], names.on)
    return {
        "text": text,
        "url": url,
        "label": column.title,
        "number": column.kind in ("count", "rate"),
        "kind": column.kind,
        "value": value,
    }


def _extras(answer: Answer) -> list[dict]:
    columns = {"mean_rate": "rate", "pooled_rate": "rate"}
    return [
        {"name": name, "value": output.text(Column(key, name, columns.get(key, "count")), answer.total[key])}
        for key, name in output.NAMES_OF_TOTALS.items()
        if answer.total.get(key) is not None
    ]
