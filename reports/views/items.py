"""The list behind a number: the people it counts, and the numbers declared without names."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cells.dated import ONE_DAY
from cells.log import write
from cells.organisations.models import Organisation, Style
from cells.people.heads import heads_of, with_heads
from membership.models import Spell, StageEvent
from reports.figures import FIGURES, Figure, Items, Scope
from reports.views.asked import Asked, asked

PAGE_SIZE = 50


@dataclass(frozen=True)
class Named:
    """One person of a list, with the day it happened and where."""

    name: str
    born: str
    unit: str
    day: object
    url: str


@require_safe
def items(request: HttpRequest, code: str, figure: str) -> HttpResponse:
    """The list of a figure for a unit. Names need the right to them; what was declared has none."""
    found = FIGURES.get(figure)
    if found is None:
        raise Http404
    page = asked(request, code)
    if not page.inside:
        raise PermissionDenied("Danh sách chỉ mở cho đơn vị này và cấp trên của đơn vị.")
    on = page.on if found.looks_back else page.question.on
    listed = found.items(Scope(page.unit.organisation, on, page.scope), page.question.period)
    names = _names(request, page, found, listed)
    context = page.context() | {
        "figure": found,
        "number": len(listed),
        "page_of_names": names,
        "declared": _declared(page, listed),
        "missing": listed.missing,
        "sees_people": page.sees_people,
        "period": page.question.period,
    }
    return render(request, "reports/items.html", context)


def _names(request: HttpRequest, page: Asked, figure: Figure, listed: Items):
    """A page of the people, only of units whose people the reader may see."""
    if listed.events is None or not page.sees_people:
        return None
    person = "candidacy__person" if listed.events.model is StageEvent else "person"
    events = (
        listed.events.for_user(request.user, on=page.today)
        .select_related(person, "organisation")
        .order_by(f"{person}__name_key", "pk")
    )
    names = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    units = Organisation.objects.styled(page.on).in_bulk({event.organisation_id for event in names})
    names.object_list = [_named(event, figure.day, figure.after, units) for event in names]
    write.read(
        actor=request.user,
        subject="list",
        organisation=page.unit.organisation,
        count=len(names.object_list),
    )
    return names


def _named(event: Spell | StageEvent, day: str, after: bool, units: dict[int, Organisation]) -> Named:
    happened = getattr(event, day)
    if isinstance(event, StageEvent):
        person, url = event.candidacy.person, event.candidacy.get_absolute_url()
    else:
        person, url = event.person, event.get_absolute_url()
    return Named(
        person.name,
        person.born_text,
        units[event.organisation_id].name,
        happened - ONE_DAY if after else happened,
        url,
    )


def _declared(page: Asked, listed: Items) -> list[dict]:
    units = Style.objects.on(page.on).filter(organisation__in=listed.declared).select_related("organisation")
    return [
        {
            "name": row.name,
            "url": row.organisation.get_absolute_url(),
            "heads": heads_of(row, row.organisation),
            "number": listed.declared[row.organisation_id],
        }
        for row in with_heads(units.order_by("name_key"), page.on, "organisation")
    ]
