"""What is said of units: who is in charge of several at once, and the telephone of the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.organisations.access import unit_or_404
from cells.organisations.contact import Phone, set_phones
from cells.organisations.models import Organisation, Place
from cells.people import directory, rights
from cells.people.appoint import relieve
from cells.people.forms import EndChargeForm, PhoneForm, SuperviseForm
from cells.people.heads import headed
from cells.people.models import LEADING, Office, Person, Post, Role
from cells.people.supervise import put_in_charge
from cells.people.views.attempt import METHODS, account_note, back, done, page, posted
from config import clock


@require_http_methods(METHODS)
def supervise(request: HttpRequest, code: str) -> HttpResponse:
    """Put a committee member in charge of several of the units directly below."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.APPOINT, today)
    below = _below(request, unit, today)
    form = SuperviseForm(
        posted(request),
        reader=request.user,
        near=unit.pk,
        units=below,
        suggested=_committee(unit, today),
        today=today,
        initial={"from_day": today, "instead": True},
    )

    def deed() -> list[Post]:
        return put_in_charge(
            form.somebody(),
            form.chosen,
            **form.days(),
            instead=form.cleaned_data["instead"],
            actor=request.user,
            today=today,
        )

    given = done(request, form, deed)
    if given:
        said = f"Đã ghi {given[0].person.name} phụ trách {len(given)} đơn vị {given[0].days_text}."
        return back(request, unit, said + account_note(given[0].person))
    columns = ("Bí thư", "Đang phụ trách")
    return page(
        request,
        unit,
        form,
        "cells/supervise.html",
        title="Phân công phụ trách",
        lead=unit.name,
        deed="Ghi phân công",
        picks=True,
        columns=columns,
        field=form["units"],
        rows=_rows(form["units"], columns, ((row.name, row.heads.secretary, row.heads.charge) for row in below)),
        end_url=reverse("supervise_end", args=[code]),
        empty="Chỉ phân công phụ trách các đơn vị trực thuộc.",
    )


@require_http_methods(METHODS)
def supervise_end(request: HttpRequest, code: str) -> HttpResponse:
    """End the charge of several of the units directly below, whoever has it."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.APPOINT, today)
    below = [row.pk for row in _below(request, unit, today)]
    charges = list(
        Post.objects.in_charge(today).filter(organisation__in=below).with_unit(today).select_related("person")
    )
    charges.sort(key=lambda post: (post.person.name_key, post.unit_name))
    form = EndChargeForm(posted(request), charges=charges, today=today, initial={"last_day": today})
    ended = done(request, form, lambda: relieve(form.deeds(), actor=request.user, today=today))
    if ended:
        last = vietnamese.day(ended[0].last_day)
        return back(request, unit, f"Đã ghi thôi phụ trách {len(ended)} đơn vị, đến hết ngày {last}.")
    columns = ("Đang phụ trách", "Từ ngày")
    told = ((post.unit_name, post.person.name, vietnamese.day(post.from_day)) for post in charges)
    return page(
        request,
        unit,
        form,
        "cells/supervise.html",
        title="Thôi phụ trách",
        lead=unit.name,
        deed="Ghi thôi phụ trách",
        columns=columns,
        field=form["posts"],
        rows=_rows(form["posts"], columns, told),
        empty="Các đơn vị trực thuộc chưa có cấp ủy viên phụ trách.",
    )


@require_http_methods(METHODS)
def unit_phone(request: HttpRequest, code: str) -> HttpResponse:
    """Set the telephone of the unit's office."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.KEEP_CONTACT, today)
    form = PhoneForm(posted(request), today=today, initial={"number": unit.office_phone})
    kept = done(request, form, lambda: set_phones([Phone(unit, form.cleaned_data["number"])], actor=request.user))
    if kept:
        number = kept[0].office_phone
        messages.success(request, f"Điện thoại cơ quan: {number}." if number else "Đã bỏ số điện thoại cơ quan.")
        return redirect("posts", unit.code)
    return page(
        request,
        unit,
        form,
        "cells/structure_form.html",
        title="Điện thoại cơ quan",
        lead=unit.name,
        deed="Ghi số điện thoại",
    )


def _below(request: HttpRequest, unit: Organisation, today: dt.date) -> list[Any]:
    """The units directly below that are the reader's to give posts at, with their heads."""
    places = Place.objects.on(today).filter(parent=unit).values("organisation_id")
    units = Organisation.objects.filter(pk__in=places).for_user(request.user, rights.APPOINT, on=today)
    return headed(units.styled(today).order_by("name_key", "pk"), today)


def _committee(unit: Organisation, today: dt.date) -> list[directory.Found]:
    """The committee of the unit: those who are put in charge."""
    posts = Post.objects.on(today).own().filter(organisation=unit, office__in=(*LEADING, Office.MEMBER))
    posts = posts.exclude(role=Role.SUPERVISOR)
    return directory.told(Person.objects.filter(pk__in=posts.order_by().values("person")).sorted(), today)


def _rows(field: BoundField, columns: Sequence[str], told: Iterable[tuple[str, ...]]) -> list[dict[str, Any]]:
    """A row for each box of the field: the unit's name and what is `told` of it under `columns`, in the same order."""
    return [
        {"box": box, "name": name, "cells": list(zip(columns, cells, strict=True))}
        for box, (name, *cells) in zip(field, told, strict=True)
    ]
