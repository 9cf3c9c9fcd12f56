"""The structure of a unit on screen: what stands below it, and its history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.dated import since
from cells.organisations.access import unit_or_404
from cells.organisations.models import Operation, Organisation, Place
from cells.organisations.path import path
from cells.people import rights
from cells.people.heads import headed, of_unit
from cells.people.models import User
from cells.rules.models import Kind, Sector
from config import clock

Work = Operation.Work


@require_safe
def structure(request: HttpRequest, code: str) -> HttpResponse:
    """The units below as far as the reader sees them, and what happened to the unit since ever."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.SEE_FIGURES, today)
    places = list(unit.places.select_related("parent"))
    context = {
        "unit": unit,
        "path": path(unit, today),
        "heads": of_unit(unit, today),
        "facts": _facts(unit, places, today),
        "children": _children(request.user, unit, today),
        "events": _events(request.user, unit, today),
        "styles": unit.styles.select_related("kind", "sector").order_by("-from_day"),
        "places": _named_places(places, today),
        "may_reorganise": rights.may(request.user, rights.REORGANISE, unit.pk, on=today),
    }
    return render(request, "reports/structure.html", context)


def _facts(unit: Organisation, places: list[Place], today: dt.date) -> list[dict[str, Any]]:
    style = unit.style(today)
    now = next((place for place in places if place.holds_on(today)), None)
    return [
        {"name": "Mã tổ chức", "value": unit.code},
        {"name": "Loại tổ chức", "value": style.kind.name},
        {"name": "Loại hình", "value": style.sector.name if style.sector else ""},
        {"name": "Trong đảng bộ", "value": since(now.from_day) if now else "không còn trong đảng bộ"},
    ]


def _children(reader: User, unit: Organisation, today: dt.date) -> list[dict[str, Any]]:
    starts = dict(Place.objects.on(today).filter(parent=unit).values_list("organisation_id", "from_day"))
    rows = Organisation.objects.filter(pk__in=starts).for_user(reader, rights.SEE_FIGURES, on=today)
    kinds = dict(Kind.objects.values_list("pk", "name"))
    sectors = dict(Sector.objects.values_list("pk", "name"))
    return [
        {
            "unit": row,
            "kind": kinds.get(row.kind_id, ""),
            "sector": sectors.get(row.sector_id),
            "since": since(starts[row.pk]),
        }
        for row in headed(rows.styled(today).order_by("name_key", "pk"), today)
    ]


def _events(reader: User, unit: Organisation, today: dt.date) -> list[dict[str, Any]]:
    """The operations of the unit and, where the reader sees them, of the units that stood under it; newest first.

    With them those by which it carries on another: whoever sees the unit may know what it is made of.
    """
    seen = Organisation.objects.for_user(reader, rights.SEE_FIGURES, on=today).values("pk")
    under = Place.objects.filter(parent=unit).values("organisation_id")
    own = Operation.objects.filter(Q(organisation=unit) | Q(successions__successor=unit))
    below = Operation.objects.filter(organisation__in=under)
    if not rights.may(reader, rights.REORGANISE, unit.pk, on=today):
        below = below.filter(organisation__in=seen)  # who reorganises here also sees what left
    rows = list((own | below).distinct().order_by("-day", "-id"))
    ids = {row.organisation_id for row in rows} | {row.related_id for row in rows if row.related_id}
    named = Organisation.objects.styled(today).in_bulk(ids)
    return [{"day": row.day, "title": _told(row, named), "text": _paper(row)} for row in rows]


def _told(row: Operation, named: dict[int, Organisation]) -> str:
    name = named[row.organisation_id].name
    ends = {
        Work.FOUND: f", trực thuộc {named[row.related_id].name}" if row.related_id else "",
        Work.JOIN: f" từ {row.destination}" if row.destination else "",
        Work.LEAVE: f" đến {row.destination}" if row.destination else "",
        Work.MOVE: f" về trực thuộc {named[row.related_id].name}" if row.related_id else "",
        Work.MERGE: f" vào {named[row.related_id].name}" if row.related_id else "",
        Work.DISSOLVE: f", chuyển về {named[row.related_id].name}" if row.related_id else "",
    }
    said = f"{row.get_work_display()} {name}{ends.get(Work(row.work), '')}"
    return said[:1].upper() + said[1:]


def _paper(row: Operation) -> str:
    parts = [f"Quyết định số {row.decision_number}." if row.decision_number else "", row.reason]
    return " ".join(filter(None, parts))


def _named_places(places: list[Place], today: dt.date) -> list[dict[str, Any]]:
    parents = Organisation.objects.styled(today).in_bulk({place.parent_id for place in places if place.parent_id})
    return [
        {
            "parent": parents[place.parent_id].name if place.parent_id else "cấp cao nhất",
            "since": since(place.from_day),
            "until": vietnamese.day(place.last_day) if place.last_day else "nay",
        }
        for place in reversed(places)
    ]
