"""Fetching a unit for a page: rights first, refusals logged, and a reason that says who can."""

from __future__ import annotations

import datetime as dt
from typing import NoReturn, cast

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest

from cells.log import write
from cells.organisations.models import Organisation, Place
from cells.people import rights
from cells.people.models import Role, User


def unit_or_404(request: HttpRequest, code: str, capability: str, on: dt.date) -> Organisation:
    """The unit `code`, with its `name`, `kind_id` and `sector_id` on `on`.

    A unit whose figures the reader may not see on `on` is a 404 like one that does not exist, and the attempt
    is logged. A unit that is seen, but without `capability`, is a 403 that says who holds it.
    """
    reader = cast(User, request.user)  # every page asks for a login
    units = Organisation.objects.filter(code=code).styled(on)
    unit = units.for_user(reader, rights.SEE_FIGURES, on=on).first()
    if unit is None:
        _log_denied(reader, code, request.path)
        raise Http404
    if capability != rights.SEE_FIGURES and not rights.may(reader, capability, unit.pk, on=on):
        forbid(capability)
    return unit


def forbid(capability: str) -> NoReturn:
    """Raise the 403 of a reader without `capability`, with the roles that hold it."""
    raise PermissionDenied(
        f"Bạn không có quyền {rights.CAPABILITIES[capability]} ở đơn vị này. Người có quyền: {who_can(capability)}."
    )


def who_can(capability: str) -> str:
    """The roles that hold `capability` somewhere, in words."""
    return ", ".join(
        Role(role).label for role in rights.TABLE if rights.reach(role, capability) is not rights.Reach.NOWHERE
    )


def way_to(unit: Organisation, on: dt.date) -> list[Organisation]:
    """The path of a page: from the top down to `unit` itself on `on`, with names; one query."""
    parent = Place.objects.on(on).filter(organisation=OuterRef("pk")).values("parent_id")[:1]
    units = Organisation.objects.above(unit.pk, on=on) | Organisation.objects.filter(pk=unit.pk)
    rows = {row.pk: row for row in units.styled(on).annotate(parent_id=Subquery(parent))}
    way = [rows[unit.pk]]
    while way[-1].parent_id in rows:
        way.append(rows[way[-1].parent_id])
    return way[::-1]


def _log_denied(reader: User, code: str, path: str) -> None:
    """A code nobody has is a slip of the keyboard; one that exists was asked for by somebody outside."""
    pk = Organisation.objects.filter(code=code).values_list("pk", flat=True).first()
    if pk is not None:
        write.denied(actor=reader, subject="organisation", subject_id=pk, note=path[:300])
