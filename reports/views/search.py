"""Search for people and units, diacritics ignored, within the reader's rights.

A POST: what is typed is a name, and names do not belong in addresses or their logs.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.asked_day import AskedDay, asked_day
from cells.log import write
from cells.organisations.access import strangers
from cells.organisations.models import Organisation, Place, Style
from cells.people import rights
from cells.people.heads import heads_of, with_heads
from cells.people.models import Person
from config import clock
from membership.models import Candidacy, Spell, Stage

MOST = 30
SHORTEST = 2


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    words = vietnamese.clean(request.POST.get("q", ""))[:100]
    folded = vietnamese.fold(words)
    day = asked_day(request, clock.today())
    context = day.context() | {"words": words, "too_short": bool(request.POST) and len(folded) < SHORTEST}
    if len(folded) >= SHORTEST:
        context |= _found(request, folded, day)
    return render(request, "reports/search.html", context)


def _found(request: HttpRequest, folded: str, day: AskedDay) -> dict:
    """Units by their names of the day, and who was followed or a member on it, in the reader's units of today."""
    reader, on = request.user, day.on
    seen = rights.organisations(reader, rights.SEE_FIGURES, on=day.today, seen=day.seen)
    units = Style.objects.on(on).filter(seen)
    if day.is_past:
        units = units.filter(organisation__in=Place.objects.on(on).values("organisation"))
    cases = Candidacy.objects.for_user(reader, on=day.today).as_of(on, today=day.today).open().with_person()
    members = Spell.objects.for_user(reader, on=day.today).on(on).with_person()
    for word in folded.split():
        units = units.filter(name_folded__contains=word)
    people = Person.objects.named(folded).values("pk")
    cases, members = cases.filter(person__in=people), members.filter(person__in=people)
    found = {
        "units": list(
            with_heads(units.select_related("organisation", "kind").order_by("name_key"), on, "organisation")[:MOST]
        ),
        "cases": list(cases.sorted()[:MOST]),
        "members": list(members.sorted()[:MOST]),
    }
    shown = len(found["cases"]) + len(found["members"])
    if shown:
        write.read(actor=request.user, subject="search", count=shown)
    strange = strangers(request.user, [row.organisation_id for row in found["units"]], day)
    for row in found["units"]:
        row.heads = None if row.organisation_id in strange else heads_of(row, row.organisation)
    ids = {row.unit_then for row in found["cases"]} | {row.organisation_id for row in found["members"]}
    names = Organisation.objects.styled(on).in_bulk(ids)
    for row in found["cases"]:
        row.unit_name, row.stage_name = names[row.unit_then].name, Stage(row.stage_then).label
    for row in found["members"]:
        row.unit_name = names[row.organisation_id].name
    return found
