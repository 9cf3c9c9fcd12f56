"""Fetching a unit or a row for a page: rights first, refusals logged, and a reason that says who can."""

from __future__ import annotations

import datetime as dt
from typing import Any, NoReturn, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from cells.log import write
from cells.organisations.models import Organisation
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
        no_such_unit(request, code, rights.SEE_FIGURES, on)
    if capability != rights.SEE_FIGURES and not rights.may(reader, capability, unit.pk, on=on):
        forbid(capability)
    return unit


def row_or_404(request: HttpRequest, seen: QuerySet, pk: int) -> Any:
    """The row `pk` of those `seen`, which the reader may see; a 404 otherwise, logged where the row exists."""
    row = seen.filter(pk=pk).first()
    if row is not None:
        return row
    if seen.model._default_manager.filter(pk=pk).exists():
        hide(request, str(seen.model._meta.model_name), pk)
    raise Http404


def no_such_unit(request: HttpRequest, code: str, capability: str, on: dt.date) -> NoReturn:
    """The 404 of a unit asked for by its code; logged where it exists and the reader has no `capability` there.

    A code nobody has is a slip of the keyboard; one that exists was asked for by somebody outside.
    """
    pk = Organisation.objects.filter(code=code).values_list("pk", flat=True).first()
    if pk is not None and not rights.may(cast(User, request.user), capability, pk, on=on):
        hide(request, "organisation", pk)
    raise Http404


def hide(request: HttpRequest, subject: str, pk: int) -> NoReturn:
    """The 404 of what exists and is not the reader's to see; that it was asked for is logged."""
    write.denied(actor=cast(User, request.user), subject=subject, subject_id=pk)
    raise Http404


def forbid(capability: str) -> NoReturn:
    """Raise the 403 of a reader without `capability`, with the roles that hold it."""
    raise PermissionDenied(f"Bạn không có quyền {rights.CAPABILITIES[capability]} ở đơn vị này. {who_can(capability)}")


def who_can(capability: str) -> str:
    """The roles that hold `capability` somewhere, and on which condition, as sentences."""
    roles = [Role(role).label for role in rights.TABLE if rights.reach(role, capability)]
    return " ".join(filter(None, (f"Người có quyền: {'; '.join(roles)}.", rights.CONDITIONS.get(capability, ""))))
