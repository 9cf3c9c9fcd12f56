"""Search for people and units, diacritics ignored, within the reader's rights.

A POST: what is typed is a name, and names do not belong in addresses or their logs.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.log import write
from cells.organisations.models import Organisation, Style
from cells.people import rights
from cells.people.heads import heads_of, with_heads
from config import clock
from membership.models import Candidacy, Spell

MOST = 30
SHORTEST = 2


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    words = vietnamese.clean(request.POST.get("q", ""))[:100]
    folded = vietnamese.fold(words)
    context = {"words": words, "too_short": bool(request.POST) and len(folded) < SHORTEST}
    if len(folded) >= SHORTEST:
        context |= _found(request, folded)
    return render(request, "reports/search.html", context)


def _found(request: HttpRequest, folded: str) -> dict:
    on = clock.today()
    units = Style.objects.on(on).filter(rights.organisations(request.user, rights.SEE_FIGURES, on=on))
    cases = Candidacy.objects.for_user(request.user, on=on).open().with_person()
    members = Spell.objects.for_user(request.user, on=on).on(on).with_person()
    for word in folded.split():
        units = units.filter(name_folded__contains=word)
        cases = cases.filter(person__name_folded__contains=word)
        members = members.filter(person__name_folded__contains=word)
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
    people = [*found["cases"], *found["members"]]
    for row in found["units"]:
        row.heads = heads_of(row, row.organisation)
    units = Organisation.objects.styled(on).in_bulk({row.organisation_id for row in people})
    for row in people:
        row.unit_name = units[row.organisation_id].name
    return found
