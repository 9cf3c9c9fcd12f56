"""The tree below a unit as a chart with counts: to open level by level, and to print."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.organisations.models import Organisation
from cells.people import rights
from reports.tables import TABLES
from reports.tables.table import Row
from reports.views.asked import Asked, asked

#: up to so many units the whole tree comes with the page; of a larger one what stands deeper comes when it is opened
MOST_UNITS = 1000
#: levels under the first that come with any page: a tree of any depth is drawn without end by opening
MOST_LEVELS = 6

Node = dict[str, Any]


@require_safe
def chart(request: HttpRequest, code: str) -> HttpResponse:
    """The units below on the day asked; `?open=all` with every part open. To htmx only what stands under the unit."""
    page = asked(request, code)
    answer = TABLES["structure"].answer(page.question_on_day)
    rows = page.without_strangers(_seen(page, answer.rows), turned=False)
    levels = MOST_LEVELS if len(rows) <= MOST_UNITS else 1
    nodes = _nested(page, rows, levels, open_all=request.GET.get("open") == "all")
    if request.htmx:
        return render(request, "reports/chart_units.html", page.day.context() | {"nodes": nodes})
    table_url = reverse("table", args=[code, "structure"]) + page.query()
    context = page.context(request.path) | {
        "total": answer.total,
        "nodes": nodes,
        "units": len(rows),
        "whole": len(rows) == len(answer.rows),
        "open_all": request.GET.get("open") == "all",
        "in_parts": levels == 1,
        "table_url": table_url,
        "excel_url": f"{table_url}{'&' if '?' in table_url else '?'}file=xlsx" if page.inside else "",
    }
    return render(request, "reports/chart.html", context)


def _seen(page: Asked, rows: list[Row]) -> list[Row]:
    """All of them for whoever stands at the unit or above it; else those whose figures are the reader's to see."""
    if page.inside:
        return rows
    units = Organisation.objects.filter(pk__in=[row["id"] for row in rows])
    seen = units.for_user(page.reader, rights.SEE_FIGURES, on=page.today, seen=page.day.seen)
    mine = set(seen.values_list("pk", flat=True))
    return [row for row in rows if row["id"] in mine]


def _nested(page: Asked, rows: list[Row], levels: int, *, open_all: bool) -> list[Node]:
    """The rows as a tree, `levels` deep; deeper ones are asked for when they are opened."""
    below: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        below[row["parent"]].append(row)

    def node(row: Row) -> Node:
        children = below[row["id"]]
        here = row["level"] < levels
        return row | {
            "url": page.day.keep(reverse("unit", args=[row["code"]])),
            "children": [node(child) for child in children] if here else [],
            "count": len(children),
            "more_url": page.day.keep(reverse("chart", args=[row["code"]])) if children and not here else "",
            "open": open_all,
        }

    return [node(row) for row in below[page.unit.organisation.pk]]
