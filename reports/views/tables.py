"""Any table of the registry on screen, and as a file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from membership.forms.filters import BELOW, WITHOUT
from reports import output
from reports.figures import FIGURES
from reports.figures.cohort import UNITS
from reports.figures.sectors import SECTORS
from reports.figures.standing import SCOPES
from reports.period import Period
from reports.tables import LISTS, TABLES, Answer, Column, Question, Table
from reports.tables.structure import Structure
from reports.tables.table import BRANCHES, HEADS, OTHER, OTHER_TEXT, Row
from reports.tables.told import without_names
from reports.views import spans
from reports.views.asked import Asked, asked
from targets.quotas.models import ADJUSTED, VERSIONS

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_HIDDEN = ("code", "base_missing", "not_reported", "source", "lacking", *(column.key for column in HEADS))
#: rows that a branch, with nothing below it, is not asked about
_BELOW = (BRANCHES, UNITS, SECTORS)
_TO_SAY = "Ghi lý do"


@require_safe
def table(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The table `key` of a unit; `?file=xlsx` gives the same as a file, `?rows=` other rows where there is a choice.

    `?from=` and `?to=` choose the days of a table of any span.
    """
    found = TABLES.get(key)
    if found is None:
        raise Http404
    page = asked(request, code)
    span = spans.chosen(request, page) if found.of_any_span else None
    question = _question(request, page, found, span)
    answer = found.answer(question)
    if not page.inside and (question.rows or not found.of_years):
        answer.rows = []
    turned = not answer.scopes or any(one.turned for one in answer.scopes)
    shown = page.without_strangers([*answer.rows, answer.total], turned=turned)
    *answer.rows, answer.total = map(page.without_own_words, shown)
    form = request.GET.get("file")
    if form in FILES:
        return _file(page, found, question, answer, form)
    columns = [column for column in found.columns_of(question) if column.key not in _HIDDEN]
    opens, says = any(column.opens for column in columns), any(column.says for column in columns)
    links = _Links(
        page,
        question,
        found.cut or question.rows,
        span.period if span else None,
        answer.period or question.period,
        page.named_units(answer.rows) if opens else frozenset(),
        page.working_units([*answer.rows, answer.total]) if says else frozenset(),
    )
    context = page.context(_tab_of(found, code)) | {
        "table": found,
        "columns": [{"label": column.title, "number": column.is_number} for column in columns],
        "lines": [_line(links, columns, row) for row in answer.rows],
        "total": _line(links, columns, answer.total, total=True),
        "extras": _extras(answer),
        "notes": answer.notes,
        "scope_lines": [one.text(inside=page.inside) for one in answer.scopes],
        "told": answer.told if page.inside else without_names(answer.told),
        "rules": answer.rules,
        "note_level": "info" if key in LISTS or found.looks_back else "warning",
        "heading": output.heading(found, question),
        "scopes": [] if found.of_day else [(scope, title, scope == page.scope) for scope, title in SCOPES.items()],
        "versions": [(key, title, key == question.quotas) for key, title in VERSIONS.items()]
        if found.has_quotas
        else [],
        "rows_to_choose": _rows_to_choose(page, found, question),
        "beside": [(TABLES[other].title, _beside(page, question, other)) for other in found.beside],
        "span": span,
        "usual_spans": spans.usual(page, question.period) if span else [],
        "files": [(form, f"?{_with(request, form)}") for form in FILES],
    }
    return render(request, "reports/table.html", context)


def _file(page: Asked, table: Table, question: Question, answer: Answer, form: str) -> HttpResponse:
    if not page.inside:
        raise PermissionDenied("Chỉ đơn vị này và cấp trên được tải bảng của đơn vị.")
    response = HttpResponse(output.write(table, question, answer, form=form), content_type=FILES[form])
    name = f"{table.key}-{question.organisation.code}-{question.on.isoformat()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _question(request: HttpRequest, page: Asked, table: Table, span: spans.Span | None) -> Question:
    """The question of the page with what its address chooses for this table."""
    rows = request.GET.get("rows", "")
    rows = rows if rows in table.row_choices else ""
    if span and span.period:
        question = page.question_over(span.period)
    elif table.of_years:
        question = page.question_over(page.span)
    else:
        question = page.question_on_day if table.of_day else page.question
    on = question.on if table.of_years else min(question.on, question.period.last)
    version = request.GET.get("quotas", ADJUSTED)
    alone = bool(rows) and table.may_be_alone and request.GET.get(BELOW) == WITHOUT
    return replace(question, rows=rows, alone=alone, on=on, quotas=version if version in VERSIONS else ADJUSTED)


def _rows_to_choose(page: Asked, table: Table, question: Question) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of what the rows of a table may be; nothing where there is one way only."""
    if not page.inside:
        return []
    choices = {rows: words for rows, words in table.row_choices.items() if not (page.is_branch and rows in _BELOW)}
    return [(rows, words, rows == question.rows) for rows, words in choices.items()] if len(choices) > 1 else []


def _beside(page: Asked, question: Question, key: str) -> str:
    return spans.link(page, _address(page.unit.organisation.code, key), None, **_version_kept(question, TABLES[key]))


def _version_kept(question: Question, table: Table) -> dict[str, str]:
    """What an address needs so that the table counts by the same quotas as the page it is opened from."""
    return {"quotas": question.quotas} if table.has_quotas and question.quotas != ADJUSTED else {}


def _address(code: str, key: str) -> str:
    return reverse("table", args=[code, key])


def _tab_of(table: Table, code: str) -> str:
    """The address of the tab under which the table stands."""
    if table.key in LISTS:
        return reverse("lists", args=[code])
    return reverse("chart", args=[code]) if table.key == Structure.key else _address(code, table.part_of or table.key)


def _with(request: HttpRequest, form: str) -> str:
    query = request.GET.copy()
    query["file"] = form
    return query.urlencode()


@dataclass(frozen=True)
class _Links:
    """Where the cells of a table lead.

    `cut` is by what rows cut the unit asked; `span` the period chosen, null where it is the year of the page;
    `period` the days the table is of; `named` the units whose people the reader may look up by name; `saying` those
    whose work the reader does.
    """

    page: Asked
    question: Question
    cut: str
    span: Period | None
    period: Period
    named: Collection[int]
    saying: Collection[int]

    def of(self, column: Column, row: Row, *, total: bool) -> str:
        """The unit behind a name, the list behind a number; "" where there is none or not for this reader."""
        page, value = self.page, row.get(column.key)
        if column.says:
            says = row.get("said_year") and row["id"] in self.saying
            return reverse(column.says, args=[row["code"], row["said_year"]]) if says else ""
        if value is None:
            return ""
        if row.get("code") == OTHER:
            return self._rest(column, row) if page.sees_people else ""
        if column.key == "name":
            return "" if total else page.unit_url(row)
        if column.branches:
            more = dict(column.narrowed) | ({"row": row["row"]} if "row" in row else {})
            address = reverse("sector_branches", args=[page.unit.organisation.code, column.branches])
            return spans.link(page, address, None, **more) if page.inside else ""
        if column.figure:
            return self._list(column.figure, row) if page.sees_people and not row.get("strange") else ""
        if row.get("last_day") or row.get("strange"):
            return ""  # a unit that is gone has no list on the day asked
        if column.table:
            more = {**column.narrowed, **_version_kept(self.question, TABLES[column.table])}
            return spans.link(page, _address(row["code"], column.table), None, **more)
        if column.opens and page.sees_people and (total or "row" in row or row.get("id") in self.named):
            code = row.get("code") or page.unit.organisation.code
            narrowed = {**column.narrowed, **({self.cut: row["row"]} if "row" in row else {})}
            return page.named_url(column.opens, code, self.question.on, **narrowed)
        return ""

    def _rest(self, column: Column, row: Row) -> str:
        """What is behind a number of the line «khác»: its own list, or what stands at the unit itself."""
        code = self.page.unit.organisation.code
        if column.figure:
            return self._list(column.figure, row)
        alone = {**column.narrowed, BELOW: WITHOUT} if row["own"] else {}
        if column.table and alone:
            return spans.link(self.page, _address(code, column.table), None, **alone)
        return self.page.named_url(column.opens, code, self.question.on, **alone) if column.opens and alone else ""

    def _list(self, figure: str, row: Row) -> str:
        page, year, over_years = self.page, row.get("year"), FIGURES[figure].over_years
        asked = page.unit.organisation.code
        if "row" in row:  # only a list of the unit asked can tell it apart
            more = {"rows": self.cut or UNITS, "row": str(row["row"])}
            days = self.period if over_years else None
            return spans.link(page, reverse("items", args=[asked, figure]), days, **more)
        address = reverse("items", args=[row.get("code") or asked, figure])
        if row.get("last_day"):
            return spans.link(page, address, self.period, row["last_day"]) if over_years else ""
        if over_years and ("year" in row or self.question.rows):
            return spans.link(page, address, self.period.of_year(year) if year else self.period)
        if "year" in row:
            return address + page.query(year=year) if year else ""
        return spans.link(page, address, self.span)


def _line(links: _Links, columns: list[Column], row: Row, *, total: bool = False) -> dict:
    """The cells of a row as printed; numbers link to their list, the name to the unit with its heads below."""
    other = row.get("code") == OTHER
    urls = [links.of(column, row, total=total) for column in columns]
    cells = [
        {
            "text": OTHER_TEXT if other and column.key == "name" else _text(column, row.get(column.key), url),
            "url": url,
            "label": column.title,
            "number": column.is_number,
            "kind": column.kind,
            "value": row.get(column.key),
        }
        for column, url in zip(columns, urls, strict=True)
    ]
    return {"cells": cells, "other": other, "heads": None if total else row.get("heads")}


def _text(column: Column, value: Any, url: str = "") -> str:
    if column.says and url and value is None:
        return _TO_SAY
    return str(value or "Cả kỳ") if column.kind == "year" else output.text(column, value)


def _extras(answer: Answer) -> list[dict]:
    columns = {"mean_rate": "rate", "pooled_rate": "rate"}
    return [
        {"name": name, "value": output.text(Column(key, name, columns.get(key, "count")), answer.total[key])}
        for key, name in output.NAMES_OF_TOTALS.items()
        if answer.total.get(key) is not None
    ]
