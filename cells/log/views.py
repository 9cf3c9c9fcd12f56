"""The log for those who may read it: newest first, page by page by number, values on a page of their own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cells.log import words, write
from cells.log.forms import LogFilter
from cells.log.models import Entry
from cells.organisations.access import row_or_404, who_can
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import User
from config import clock

PAGE = 50


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Entries within the reader's right; `?before=` is the number of the last entry of the page before."""
    today = clock.today()
    _check_reader(request.user, today)
    entries = _readable(request.user, today)
    form = LogFilter(request.GET or None, today=today, actors=_actors(entries))
    found = form.apply(entries.select_related("actor__person", "organisation"))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    context = {
        "filter_form": form,
        "lines": _lines(rows[:PAGE], today),
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "paged": bool(before),
    }
    return render(request, "cells/log.html", context)


@require_safe
def log_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its old and new values; looking at values is itself logged."""
    today = clock.today()
    _check_reader(request.user, today)
    entry = row_or_404(request, _readable(request.user, today).select_related("actor__person", "organisation"), pk)
    may_see = _may_see_values(request.user, entry, today)
    values = list(entry.values.order_by("pk")) if may_see else []
    if may_see and not _may_see_values(request.user, entry, today, rights.SEE_SENSITIVE):
        values = [value for value in values if not words.is_sensitive(value.field)]
        entry.note = "" if words.is_sensitive(entry.note) else entry.note
    if values or (may_see and entry.note):
        write.read(actor=request.user, subject="entry", subject_id=pk, organisation=entry.organisation)
    context = {
        "line": _lines([entry], today)[0],
        "may_see": may_see,
        "values": [{"field": words.field(value.field), "old": value.old, "new": value.new} for value in values],
    }
    return render(request, "cells/log_entry.html", context)


def _check_reader(reader: User, today: dt.date) -> None:
    if not rights.anywhere(reader, rights.READ_LOG, on=today):
        raise PermissionDenied(f"Bạn không có quyền xem nhật ký. {who_can(rights.READ_LOG)}")


def _covers_top(reader: User, capability: str, today: dt.date) -> bool:
    return Organisation.objects.top_on(today).for_user(reader, capability, on=today).exists()


def _readable(reader: User, today: dt.date):
    """Whoever reads the log of the top reads all of it: work on many units at once has no unit of its own."""
    if _covers_top(reader, rights.READ_LOG, today):
        return Entry.objects.all()
    return Entry.objects.for_user(reader, on=today)


def _may_see_values(reader: User, entry: Entry, today: dt.date, capability: str = rights.SEE_PEOPLE) -> bool:
    """Values and notes may speak of people, so they need the right to see the people of the unit; some of them more."""
    if _covers_top(reader, capability, today):
        return True
    return entry.organisation_id is not None and rights.may(reader, capability, entry.organisation_id, on=today)


def _actors(entries) -> list[tuple[str, str]]:
    """Who did something in these entries, by name; one query."""
    did = entries.order_by().filter(actor=OuterRef("pk"))
    users = User.objects.filter(Exists(did)).select_related("person").order_by("person__name_key", "username")
    return [(str(user.pk), user.get_full_name()) for user in users]


def _lines(entries: list[Entry], today: dt.date) -> list[dict[str, Any]]:
    """Entries in words; a refusal about a unit names that unit."""
    about = {entry.subject_id for entry in entries if entry.subject == "organisation" and entry.subject_id}
    ids = about | {entry.organisation_id for entry in entries if entry.organisation_id}
    units = Organisation.objects.styled(today).in_bulk(ids)
    return [
        {
            "entry": entry,
            "who": entry.actor.get_full_name() if entry.actor else "hệ thống",
            "deed": words.deed(entry.deed),
            "subject": words.subject(entry.subject),
            "unit": units.get(entry.organisation_id or (entry.subject_id if entry.subject_id in about else None)),
        }
        for entry in entries
    ]
