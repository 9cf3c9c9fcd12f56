"""The structure of a unit on screen: what stands below it on the day asked, and its history as one timeline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cells.dated import since
from cells.organisations.access import strangers
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.heads import headed
from cells.rules.models import Kind, Sector
from reports.history import Look, history
from reports.views.asked import Asked, asked

EVENTS_A_PAGE = 60


@require_safe
def structure(request: HttpRequest, code: str) -> HttpResponse:
    """The units below as far as the reader sees them, and what happened to the unit up to the day asked."""
    page = asked(request, code)
    look = Look(request.user, page.unit.organisation, page.day, page.inside, page.sees_people)
    context = page.context(request.path) | {
        "unit": page.unit,
        "facts": _facts(page),
        "children": _children(page),
        "events": Paginator(history(look), EVENTS_A_PAGE).get_page(request.GET.get("page")),
        "may_reorganise": page.may(rights.REORGANISE),
    }
    return render(request, "reports/structure.html", context)


def _facts(page: Asked) -> list[dict[str, Any]]:
    unit, style = page.unit.organisation, page.unit.style
    return [
        {"name": "Mã tổ chức", "value": unit.code},
        {"name": "Loại tổ chức", "value": style.kind.name},
        {"name": "Loại hình", "value": style.sector.name if style.sector else ""},
        {"name": "Trong đảng bộ", "value": _in_the_tree(unit, page.on)},
    ]


def _in_the_tree(unit: Organisation, on: dt.date) -> str:
    """Since when it stands in the tree without a break, wherever it moved meanwhile."""
    began: dt.date | None = None
    ended: dt.date | None = None
    for place in unit.places.filter(from_day__lte=on).order_by("from_day"):
        began = began if began and place.from_day == ended else place.from_day
        ended = place.to_day
    return "không còn trong đảng bộ" if began is None or (ended and ended <= on) else since(began)


def _children(page: Asked) -> list[dict[str, Any]]:
    places = Place.objects.on(page.on).filter(parent=page.unit.organisation)
    starts = dict(places.values_list("organisation_id", "from_day"))
    rows = Organisation.objects.filter(pk__in=starts)
    seen = rows.for_user(page.reader, rights.SEE_FIGURES, on=page.today, seen=page.day.seen)
    units = headed(seen.styled(page.on).order_by("name_key", "pk"), page.on)
    strange = strangers(page.reader, starts, page.day)
    for unit in units:
        unit.heads = None if unit.pk in strange else unit.heads
    kinds = dict(Kind.objects.values_list("pk", "name"))
    sectors = dict(Sector.objects.values_list("pk", "name"))
    return [
        {
            "unit": row,
            "kind": kinds.get(row.kind_id, ""),
            "sector": sectors.get(row.sector_id),
            "since": since(starts[row.pk]),
        }
        for row in units
    ]
