"""Members may be chosen for posts: by whoever may see their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from cells.organisations.models import Style
from cells.people.directory import Source, register
from membership.models import Spell


def _branches(persons: Collection[int], on: dt.date) -> dict[int, str]:
    style = Style.objects.on(on).filter(organisation=OuterRef("organisation"))
    rows = Spell.objects.on(on).filter(person__in=persons).annotate(unit=Subquery(style.values("name")[:1]))
    return {person: f"đảng viên {unit}" for person, unit in rows.order_by().values_list("person", "unit")}


register(Source(lambda on: Spell.objects.on(on), _branches))
