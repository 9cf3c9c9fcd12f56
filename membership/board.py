"""Open cases by stage, those longest in it first: on the first page and beside the list of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from cells import vietnamese
from membership.models import STAGES


def columns(found: Any, most: int, on: dt.date) -> list[dict[str, Any]]:
    """Of cases annotated by `as_of`: for each stage its name, how many, and at most so many people with their days
    in it; two queries."""
    found = found.in_stage(*STAGES)
    counts = dict(found.order_by().values_list("stage_then").annotate(Count("pk")))
    place = Window(RowNumber(), partition_by=F("stage_then"), order_by=("day_then", "pk"))
    people: dict[str, list[dict[str, Any]]] = {stage: [] for stage in STAGES}
    first = found.annotate(place=place).filter(place__lte=most)
    for case in first.select_related("person").order_by("day_then", "pk"):
        days = vietnamese.number((on - case.day_then).days)
        note = f"{days} ngày, từ {vietnamese.day(case.day_then)}"
        people[case.stage_then].append({"name": case.person.name, "url": case.get_absolute_url(), "note": note})
    return [
        {"stage": stage, "name": stage.label, "count": counts.get(stage, 0), "people": people[stage]}
        for stage in STAGES
    ]
