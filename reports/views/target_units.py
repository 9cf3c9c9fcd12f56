"""The units behind the numbers of a target: who reaches what is asked, who does not, who told too little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.rules.models import Sector
from reports.figures.standing import Forest
from reports.figures.targets import (
    EXEMPT,
    FIGURE_OF,
    MISSED,
    NOT_ASKED,
    REACHED,
    SILENT,
    WITH_SOURCES,
    Evaluation,
    Judged,
)
from reports.tables.sector_minimums import open_minimums
from reports.tables.table import Row, units
from reports.views.asked import Asked, asked
from reports.views.programmes import open_for
from targets.models import Target
from targets.words import in_words

PAGE_SIZE = 50
OUTCOMES = {REACHED: "đạt", MISSED: "chưa đạt", SILENT: "chưa đủ số liệu", NOT_ASKED: "không phải đạt"}
#: `?state=` → words of the choice
STATES = {
    "": "Tất cả",
    REACHED: "Đạt",
    MISSED: "Chưa đạt",
    SILENT: "Chưa đủ số liệu",
    EXEMPT: "Hết nguồn",
    WITH_SOURCES: "Còn nguồn",
}


@dataclass(frozen=True)
class Listed:
    """What a page lists: `judged` are all the units, of which the reader chooses; `sources_only` leaves some out.

    `of_year`: what they did was done in the year asked, so that its people can be listed. `by_sector`: they are of
    several sectors, and stand sector by sector.
    """

    title: str
    line: str
    judged: Sequence[Judged]
    forest: Forest
    sources_only: bool = False
    with_base: bool = False
    of_year: bool = True
    by_sector: bool = False


@require_safe
def target_units(request: HttpRequest, code: str, target: int) -> HttpResponse:
    """The units of a target at and below the unit, in a year that its programme covers."""
    page = _inside(request, code)
    row = get_object_or_404(Target.objects.select_related("programme", "sector"), pk=target)
    if not row.programme.from_year <= page.year <= row.programme.to_year:
        raise Http404
    book = open_for(page, [row])
    listed = Listed(
        title=in_words(row),
        line=row.line,
        judged=Evaluation(book, page.scope, page.question.period, page.question.on).of(row).applies,
        forest=book.forest,
        sources_only=row.with_sources_only,
        with_base=row.kind == Target.Kind.RATE,
        of_year=row.span == Target.Span.YEAR,
    )
    return _answer(request, page, listed)


@require_safe
def sector_branches(request: HttpRequest, code: str, line: str) -> HttpResponse:
    """The branches behind the table of sectors, `?row=` of one sector; `?sources=yes` leaves out those without any."""
    page = _inside(request, code)
    if line not in FIGURE_OF:
        raise Http404
    found = open_minimums(page.question)
    wanted = request.GET.get("row", "")
    sectors = [one for one in found.sectors if one.code == wanted] if wanted else found.sectors
    if wanted and not sectors:
        raise Http404
    title = f"Mức {Target.Line(line).label} tối thiểu của chi bộ: {_names(sectors)}"
    listed = Listed(
        title=title,
        line=line,
        judged=found.judged(line, sectors),
        forest=found.forest,
        sources_only=request.GET.get("sources") == "yes",
        by_sector=len(sectors) > 1,
    )
    return _answer(request, page, listed, reverse("lists", args=[code]))


def _names(sectors: Sequence[Sector]) -> str:
    return ", ".join(sector.name for sector in sectors) or "không có loại hình nào"


def _inside(request: HttpRequest, code: str) -> Asked:
    page = asked(request, code)
    if not page.inside:
        raise PermissionDenied("Danh sách chỉ mở cho đơn vị này và cấp trên của đơn vị.")
    return page


def _answer(request: HttpRequest, page: Asked, listed: Listed, active: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    groups = {choice: _chosen(listed, choice) for choice in STATES}
    shown = Paginator(_rows(page, listed, groups[state]), PAGE_SIZE).get_page(request.GET.get("page"))
    named = page.without_strangers(list(shown))
    mine = page.named_units(named) if listed.of_year else frozenset()
    shown.object_list = [_line(page, row, FIGURE_OF[listed.line] if row["id"] in mine else "") for row in named]
    context = page.context(active or reverse("unit", args=[page.unit.organisation.code])) | {
        "listed": listed,
        "choices": [
            (choice, words, len(groups[choice]), choice == state)
            for choice, words in STATES.items()
            if choice in ("", state) or (groups[choice] and (choice != WITH_SOURCES or groups[EXEMPT]))
        ],
        "page_of_units": shown,
        "work": Target.Line(listed.line).label,
    }
    return render(request, "reports/target_units.html", context)


def _chosen(listed: Listed, state: str) -> list[Judged]:
    """The units of one choice; the same that the number counted."""
    if state in (EXEMPT, WITH_SOURCES):
        return [one for one in listed.judged if one.exempt is (state == EXEMPT)]
    if not state:
        return list(listed.judged)
    return [one for one in listed.judged if one.outcome == state and not (listed.sources_only and one.exempt)]


def _rows(page: Asked, listed: Listed, judged: Sequence[Judged]) -> list[Row]:
    """The units by name; where they are of several sectors one sector after the other, as they come."""
    on = page.question.on
    known = units([one.unit for one in judged], on)
    by_name = {pk: place for place, pk in enumerate(known)}
    by_sector = dict.fromkeys(known[one.unit].sector for one in judged) if listed.by_sector else {}
    turn = {sector: place for place, sector in enumerate(by_sector)}
    ordered = sorted(judged, key=lambda one: (turn.get(known[one.unit].sector, 0), by_name[one.unit]))
    return [
        known[one.unit].row(judged=one, sector=known[one.unit].sector, last_day=listed.forest.gone_since(one.unit, on))
        for one in ordered
    ]


def _line(page: Asked, row: Row, figure: str) -> dict[str, Any]:
    """A row as the page shows it. A unit that is gone is shown on its last day and has no list on the day asked; one
    that moved away leads nowhere.
    """
    judged: Judged = row["judged"]
    listable = figure and page.sees_people and not (row["last_day"] or row.get("strange"))
    url = reverse("items", args=[row["code"], figure]) + page.query() if listable else ""
    return {
        "name": row["name"],
        "sector": row["sector"],
        "heads": row["heads"],
        "url": page.unit_url(row),
        "judged": judged,
        "done_url": url if judged.done is not None else "",
        "outcome": OUTCOMES[judged.outcome],
    }
