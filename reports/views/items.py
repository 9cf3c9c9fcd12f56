"""The list behind a number: the people it counts, and the numbers declared without names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells.dated import ONE_DAY
from cells.log import write
from cells.organisations.access import strangers
from cells.organisations.models import Organisation, Place, Style
from cells.people import rights
from cells.people.heads import heads_of, with_heads
from membership.models import Spell, StageEvent
from membership.strata import SENSITIVE
from reports.figures import FIGURES, REST, Figure, Items, Scope
from reports.figures.cohort import STRATA, UNITS
from reports.figures.standing import OPENING
from reports.period import Period
from reports.tables.cohort import names_of
from reports.tables.table import OTHER_TEXT
from reports.views import spans
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
    """The list of a figure for a unit, or for a row of a table of it: `?rows=` says by what that cuts, `?row=` which.

    Names need the right to them; what was declared has none.
    """
    found = FIGURES.get(figure)
    if found is None:
        raise Http404
    page = asked(request, code)
    if not page.inside:
        raise PermissionDenied("Danh sách chỉ mở cho đơn vị này và cấp trên của đơn vị.")
    span = spans.chosen(request, page).period if found.over_years else None
    period = span or page.question.period
    on = page.on if found.looks_back else page.question.on
    cut, row, of_row = _row(request, page, found)
    scope = Scope(page.unit.organisation, on, page.scope, cut, row)
    listed = found.rest(scope, period) if row == REST else found.items(scope, period)
    silent = set(listed.silent)
    told = _units(page, found, {*listed.declared, *silent}, span)
    names = _names(request, page, found, listed, sensitive=cut == STRATA and row in SENSITIVE)
    context = page.context(reverse("unit", args=[code])) | {
        "figure": found,
        "of_row": of_row,
        "is_rest": row == REST,
        "number": listed.number,
        "when": found.when(period),
        "page_of_names": names,
        "unnamed": listed.named.count() - names.paginator.count if names is not None else 0,
        "declared": [unit | {"number": listed.declared[unit["id"]]} for unit in told if unit["id"] in listed.declared],
        "silent": [unit for unit in told if unit["id"] in silent],
        "sees_people": page.sees_people,
    }
    return render(request, "reports/items.html", context)


def _row(request: HttpRequest, page: Asked, figure: Figure) -> tuple[str, str, str]:
    """The cut of the figure, its row and what that is called; nothing where the address names none there is."""
    cut, row = request.GET.get("rows", ""), request.GET.get("row", "")
    if row == REST:
        return (cut, row, OTHER_TEXT) if cut in figure.rests else ("", "", "")
    if cut not in figure.cuts:
        return ("", "", "")
    if cut == UNITS and row.isascii() and row.isdigit() and len(row) < 19:
        below = Organisation.objects.filter(places__parent=page.unit.organisation, pk=int(row))
        unit = below.styled(page.on).first()
        return (cut, row, unit.name) if unit else ("", "", "")
    names = {} if cut == UNITS else names_of(cut)
    return (cut, row, names[row]) if row in names else ("", "", "")


def _names(request: HttpRequest, page: Asked, figure: Figure, listed: Items, *, sensitive: bool):
    """A page of the people, only of units whose people the reader may see; of a `sensitive` row where they may know.

    Beside declared numbers those whom the register has there.
    """
    named = listed.named
    if not page.sees_people or (listed.events is None and listed.register is None):
        return None
    person = "candidacy__person" if named.model is StageEvent else "person"
    events = (
        named.for_user(request.user, on=page.today)
        .filter(rights.organisations(request.user, rights.SEE_SENSITIVE, on=page.today) if sensitive else Q())
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


def _units(page: Asked, figure: Figure, units: Collection[int], span: Period | None) -> list[dict]:
    """These units by name, each with its heads; one that stands no more is shown on its last day.

    They lead to the unit, or to the table where it is looked into; a unit that moved away leads nowhere.
    """
    begun = Place.objects.filter(organisation=OuterRef("organisation"), from_day__lte=page.on).order_by("-from_day")
    named = Style.objects.on(page.on).filter(organisation__in=set(units)).select_related("organisation")
    rows = named.annotate(until=Subquery(begun.values("to_day")[:1])).order_by("name_key")
    found = list(with_heads(rows, page.on, "organisation"))
    gone = {row.organisation_id: _last_day(row.until, page.on) for row in found}
    asked_of = units if page.day.is_past else [pk for pk, last_day in gone.items() if not last_day]
    strange = strangers(page.reader, asked_of, page.day, moved=page.scope == OPENING)

    def url(unit: int, code: str) -> str:
        last_day = gone[unit]
        if unit in strange and not page.day.is_past:
            return ""
        if figure.unit_table:
            return spans.link(page, reverse("table", args=[code, figure.unit_table]), span, last_day)
        return page.unit_url({"code": code, "last_day": last_day})

    return [
        {
            "id": row.organisation_id,
            "name": row.name,
            "url": url(row.organisation_id, row.organisation.code),
            "heads": None if row.organisation_id in strange else heads_of(row, row.organisation),
        }
        for row in found
    ]


def _last_day(until: dt.date | None, on: dt.date) -> dt.date | None:
    return until - ONE_DAY if until and until <= on else None
