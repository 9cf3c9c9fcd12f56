"""The units to choose from on the screens of membership: branches to enter for, units to filter by."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from cells.asked_day import AskedDay
from cells.organisations.models import Organisation, OrganisationQuerySet, Place
from cells.organisations.path import parent_on
from cells.people.models import User
from cells.rules.models import Kind

#: (id, name) or, in groups, (name of the unit above, [(id, name), …]), as a select takes them
Choices = list[tuple[int | str, str | list[tuple[int, str]]]]


def branches(on: dt.date) -> OrganisationQuerySet:
    """The units where members meet and vote, standing in the tree on `on`, with `name` and `parent_id`."""
    kinds = [kind.pk for kind in Kind.objects.all() if kind.is_branch]
    found = Organisation.objects.placed_on(on).styled(on).filter(kind_id__in=kinds)
    return found.annotate(parent_id=parent_on(on)).order_by("name_key", "pk")


def branches_of(user: User, capability: str, on: dt.date) -> OrganisationQuerySet:
    """The branches for which `user` holds `capability` on `on`."""
    return branches(on).for_user(user, capability, on=on)


def as_choices(units: Iterable[Any], on: dt.date) -> Choices:
    """`units` (with `name` and `parent_id`) for a select, in groups by the unit above where there are several."""
    groups: dict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for unit in units:
        groups[unit.parent_id].append((unit.pk, unit.name))
    if len(groups) < 2:
        return [choice for rows in groups.values() for choice in rows]
    above = Organisation.objects.styled(on).in_bulk(pk for pk in groups if pk is not None)
    ordered = sorted(groups, key=lambda pk: above[pk].name_key if pk in above else "")
    return [(above[pk].name if pk in above else "Trực tiếp", groups[pk]) for pk in ordered]


def visible(user: User, capability: str, day: AskedDay, *, open_code: str = "") -> list[Organisation]:
    """The units to filter by, with `name`: those of the reader's posts, those directly below, and below `open_code`.

    As they stood on the day, as far as today's posts reach today. Never the whole tree: a reader goes down level by
    level, so that the list stays short in a large city.
    """
    own = user.units_on(day.today)
    below = Place.objects.on(day.on).filter(parent__in=own).values("organisation_id")
    units = Organisation.objects.filter(pk__in=own) | Organisation.objects.filter(pk__in=below)
    if open_code:
        inside = Place.objects.on(day.on).filter(parent__code=open_code).values("organisation_id")
        units = units | Organisation.objects.filter(code=open_code) | Organisation.objects.filter(pk__in=inside)
    seen = units.for_user(user, capability, on=day.today)
    return list(seen.styled(day.on).order_by("name_key", "pk"))
