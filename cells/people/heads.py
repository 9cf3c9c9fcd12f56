"""Who answers for a unit on a day: secretary, deputies, the committee member in charge, and the office telephone.

They stand beside every figure of a unit (C7 of `requirements.md`). They are read within the question that reads the
units, so that a page of many units asks nothing more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Case, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Concat

from cells import vietnamese
from cells.organisations.models import Organisation
from cells.people.models import ANSWERING, Office, Post, Role


@dataclass(frozen=True)
class Heads:
    """Names in Vietnamese order; empty where nobody is entered."""

    secretary: str = ""
    deputies: tuple[str, ...] = ()
    in_charge: tuple[str, ...] = ()
    phone: str = ""

    @property
    def lines(self) -> list[dict[str, str]]:
        """Title and name of each, as a heading shows them; a missing deputy is not missed."""
        shown = [{"post": Office.SECRETARY.label, "name": self.secretary}]
        if self.deputies:
            shown.append({"post": Office.DEPUTY.label, "name": self.deputy})
        return [*shown, {"post": Role.SUPERVISOR.label, "name": self.charge}]

    @property
    def deputy(self) -> str:
        return ", ".join(self.deputies)

    @property
    def charge(self) -> str:
        """Whoever is in charge, as one text."""
        return ", ".join(self.in_charge)


class _Lines(Aggregate):
    """Several texts as one, a line each; in no order."""

    output_field = TextField()
    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, CHAR(10))"

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "%(function)s(%(expressions)s, CHR(10))"
        return self.as_sql(compiler, connection, function="STRING_AGG", template=template, **more)


#: a post that answers for a unit, as the sign before the name
SECRETARY, DEPUTY, IN_CHARGE = "1", "2", "3"


def with_heads(rows: Any, on: dt.date, unit: str = "pk") -> Any:
    """The queryset `rows`, whose field `unit` is a unit, with what `heads_of` reads: one look at its posts a unit."""
    sign = Case(
        When(office=Office.SECRETARY, then=Value(SECRETARY)),
        When(office=Office.DEPUTY, then=Value(DEPUTY)),
        When(role=Role.SUPERVISOR, then=Value(IN_CHARGE)),
    )
    posts = Post.objects.on(on).own().filter(ANSWERING, organisation=OuterRef(unit)).order_by()
    signed = posts.values("organisation").annotate(lines=_Lines(Concat(sign, "person__name")))
    return rows.annotate(head_lines=Subquery(signed.values("lines")))


def heads_of(row: Any, unit: Organisation) -> Heads:
    """The heads of `unit` as its `row` of `with_heads` says."""
    names: dict[str, list[str]] = {SECRETARY: [], DEPUTY: [], IN_CHARGE: []}
    for line in row.head_lines.split("\n") if row.head_lines else ():
        names[line[0]].append(line[1:])
    secretaries, deputies, in_charge = (tuple(sorted(those, key=vietnamese.name_sort_key)) for those in names.values())
    return Heads(", ".join(secretaries), deputies, in_charge, unit.office_phone)


def headed(rows: QuerySet[Organisation], on: dt.date) -> list[Any]:
    """The units of the queryset, each with its `heads`."""
    units = list(with_heads(rows, on))
    for unit in units:
        unit.heads = heads_of(unit, unit)
    return units


def of_unit(unit: Organisation, on: dt.date) -> Heads:
    """The heads of one unit; one query."""
    return heads_of(with_heads(Organisation.objects.filter(pk=unit.pk), on).get(), unit)
