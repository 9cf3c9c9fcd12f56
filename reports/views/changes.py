"""What happened at a unit and below it in the last days: the list behind the numbers of a first page."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.log import write
from cells.organisations.access import strangers
from cells.organisations.models import Organisation
from reports import changes as changed
from reports.views.asked import Asked, asked

PAGE_SIZE = 50
#: of each kind, the latest
MOST = 300


@dataclass(frozen=True)
class Line:
    """One change; `name` and `url` are empty where the reader may not see whom it is about."""

    day: object
    unit: int
    words: str
    name: str = ""
    url: str = ""


@require_safe
def changes(request: HttpRequest, code: str) -> HttpResponse:
    page = asked(request, code)
    if not page.inside:
        raise PermissionDenied("Chỉ đơn vị này và cấp trên của đơn vị xem được trang này.")
    units = Organisation.objects.below(page.unit.organisation.pk, on=page.on).values("pk")
    strange = strangers(page.reader, set(units.values_list("pk", flat=True)), page.day) if page.day.is_past else set()
    lines: list[Line] = []
    cut = False
    for kind in changed.KINDS:
        rows = list(kind.happened(units, page.on).order_by(f"-{kind.day}", "-pk")[: MOST + 1])
        cut |= len(rows) > MOST
        lines += [_line(page, kind, row, strange) for row in rows[:MOST]]
    lines.sort(key=lambda line: line.day, reverse=True)
    shown = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    _log(request, page, shown.object_list)
    context = page.context(reverse("lists", args=[code])) | {
        "page_of_lines": shown,
        "units": Organisation.objects.styled(page.on).in_bulk({line.unit for line in shown.object_list}),
        "days": changed.DAYS,
        "most": MOST if cut else 0,
    }
    context["rows"] = [(line, context["units"][line.unit]) for line in shown.object_list]
    return render(request, "reports/changes.html", context)


def _line(page: Asked, kind: changed.Kind, row, strange: set[int]) -> Line:
    """`strange`: the units of a past day in which nobody is named."""
    told = Line(kind.day_of(row), row.organisation_id, kind.words(row))
    if kind.person is None or row.organisation_id in strange or not (kind.official or page.sees_people):
        return told
    person, url = kind.person(row)
    return Line(told.day, told.unit, told.words, person.name, url)


def _log(request: HttpRequest, page: Asked, lines: list[Line]) -> None:
    named = sum(bool(line.url) for line in lines)
    if named:
        write.read(actor=request.user, subject="list", organisation=page.unit.organisation, count=named)
