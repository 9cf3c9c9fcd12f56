"""What the lists of cases and members have in common: the unit asked for, the order, the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from cells.asked_day import AskedDay
from cells.log import write
from cells.organisations.access import no_such_unit
from cells.organisations.models import Organisation, Style
from cells.people import rights
from membership import units
from membership.forms.filters import BELOW, WITHOUT, ListFilter
from membership.strata import SENSITIVE, of_stratum

ROWS_A_PAGE = 25


def units_to_choose(request: HttpRequest, day: AskedDay) -> list[Organisation]:
    """The units of the filter; a unit asked for outside the reader's rights is 404, logged where it exists."""
    code = request.GET.get("unit", "")
    found = units.visible(request.user, rights.SEE_PEOPLE, day, open_code=code)
    if code and code not in {unit.code for unit in found}:
        no_such_unit(request, code, rights.SEE_PEOPLE, day.today)
    return found


def in_unit(
    rows: QuerySet, form: ListFilter, chosen: list[Organisation], on: dt.date, unit_field: str = "organisation"
) -> QuerySet:
    """Rows of the unit of the filter and, unless it leaves them out, of those below it on the day; all without one."""
    code = form.chosen("unit")
    unit = next((unit for unit in chosen if unit.code == code), None)
    if unit is None:
        return rows
    if form.chosen(BELOW) == WITHOUT:
        return rows.filter(**{unit_field: unit.pk})
    return rows.filter(**{f"{unit_field}__in": Organisation.objects.below(unit.pk, on=on).values("pk")})


def in_stratum(rows: QuerySet, form: ListFilter, *ways: str) -> QuerySet:
    """Rows whose case, by `ways`, is of the stratum chosen; all where none is.

    Of a sensitive one only rows of units where the reader may know.
    """
    code = form.chosen("stratum")
    if code in SENSITIVE:
        rows = rows.filter(rights.organisations(form.reader, rights.SEE_SENSITIVE, on=form.day.today))
    return rows.filter(of_stratum(code, *ways)) if code else rows


def in_order(
    rows: QuerySet, sort: str, orders: dict[str, tuple[str, ...]], on: dt.date, unit_field: str = "organisation_id"
) -> QuerySet:
    """Sorted by the key `sort` ("-key" backwards) of `orders`; the first of them where it is unknown.

    An order by `unit_key` is by the unit's name on the day.
    """
    key = sort.removeprefix("-")
    fields = orders.get(key) or next(iter(orders.values()))
    if "unit_key" in fields:
        name = Style.objects.on(on).filter(organisation=OuterRef(unit_field)).values("name_key")[:1]
        rows = rows.annotate(unit_key=Subquery(name))
    if key in orders and sort.startswith("-"):
        first, *rest = fields
        return rows.order_by(f"-{first}", *rest)
    return rows.order_by(*fields)


def one_page(
    request: HttpRequest,
    rows: QuerySet,
    on: dt.date,
    unit_field: str = "organisation_id",
    among: Collection[int] | None = None,
) -> Page:
    """The page asked for, each row with `unit`, its organisation with a name; the reading is logged.

    `among`: only rows of these ids, which the database cannot tell.
    """
    found = rows if among is None else [pk for pk in rows.values_list("pk", flat=True) if pk in among]
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    if among is not None:
        by_id = rows.in_bulk(page.object_list)
        page.object_list = [by_id[pk] for pk in page.object_list]
    names = Organisation.objects.styled(on).in_bulk({getattr(row, unit_field) for row in page.object_list})
    for row in page.object_list:
        row.unit = names[getattr(row, unit_field)]
    if page.object_list:
        write.read(actor=request.user, subject="list", count=len(page.object_list))
    return page
