"""What a unit says of its sources in a year and is answered; what waits for the level above, with its two answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells import vietnamese
from cells.organisations import tree
from cells.organisations.access import forbid, unit_or_404
from cells.organisations.models import Organisation
from cells.organisations.path import path
from cells.people import rights
from cells.people.heads import headed
from cells.people.models import User
from cells.people.rights import Reach
from cells.verdict import Refused
from config import clock
from targets.models import Sources
from targets.sources.forms import SayForm
from targets.sources.models import word
from targets.sources.say import (
    OWN_WORD,
    SETTLED,
    SourcesLine,
    accept_sources,
    declare_sources,
    read_answer,
    refuse_sources,
    voices,
)
from targets.views import year_page

State = Sources.State
#: answered words that the page of the level above shows
_ANSWERED = 20


@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The word of the unit for the year: what holds, what waits, what was answered; and a form to say another."""
    today = clock.today()
    year_page.check_year(year, today)
    unit = unit_or_404(request, code, rights.BRANCH_WORK, today)
    actor = cast(User, request.user)
    words = list(_words(Sources.objects.filter(organisation=unit, year=year)))
    if "read" in request.POST:
        _read(request, unit, words, today)
        return redirect("sources", code, year)
    form = SayForm(request.POST or None, year=year, today=today)
    if request.method == "POST" and form.is_valid() and _say(request, form, unit, year):
        return redirect("sources", code, year)
    now = next((row for row in words if row.in_force), None)
    context = {
        "unit": unit,
        "year": year,
        "path": path(unit, today),
        "form": form,
        "now": _told_now(now, year),
        "waiting": next((row for row in words if row.state == State.WAITING), None),
        "refused": words[0] if words and words[0].state == State.REFUSED else None,
        "above": unit.pk in voices(actor, {unit.pk}, today).above,
        "events": [_event(row) for row in words],
        "years": year_page.years_beside("sources", code, year, today.year + 1),
        "cancel_url": unit.get_absolute_url(),
    }
    return render(request, "targets/sources.html", context)


def _words(rows: QuerySet[Sources]) -> QuerySet[Sources]:
    """With who said and answered them, the last first."""
    return rows.select_related("made_by__person", "settled_by__person").order_by("-pk")


def _read(request: HttpRequest, unit: Organisation, words: list[Sources], today: dt.date) -> None:
    """Whoever speaks for the unit has read it; its superior has not."""
    above = unit.pk in voices(cast(User, request.user), {unit.pk}, today).above
    if words and words[0].state == State.REFUSED and not above:
        read_answer(words[0], actor=cast(User, request.user), today=today)
        messages.success(request, "Đã ghi là đơn vị đã đọc trả lời.")


def _say(request: HttpRequest, form: SayForm, unit: Organisation, year: int) -> bool:
    actor = cast(User, request.user)
    line = SourcesLine(unit, year, form.has_sources, form.reason_said)
    rows = year_page.attempt(form, lambda: declare_sources([line], actor=actor, today=form.today))
    if rows is None:
        return False
    if not rows:
        messages.info(request, year_page.NOTHING_CHANGED)
    elif rows[0].state == State.WAITING:
        messages.success(
            request, f"Đã báo hết nguồn năm {year}; cấp trên trả lời xong mới được miễn, đến lúc đó vẫn tính như trước."
        )
    else:
        messages.success(request, f"Đã ghi {word(line.has_sources)} năm {year}.")
    return True


def _told_now(row: Sources | None, year: int) -> str:
    """The word that holds, in one sentence."""
    if row is None:
        return f"Chưa báo gì cho năm {year}: tính như còn nguồn."
    said = f"Năm {year} đang tính là {word(row.has_sources)}"
    return f"{said}: {row.reason}." if row.reason else f"{said}."


def _event(row: Sources) -> dict[str, Any]:
    """A word and its answer as a line of the timeline."""
    title = f"Báo {word(row.has_sources)}: {row.get_state_display()}"
    if row.has_sources or (row.settled_by_id is None and row.state == State.ACCEPTED):
        title = f"{'Báo' if row.has_sources else 'Cấp trên ghi'} {word(row.has_sources)}"
    who = [f"{_name(row.made_by)} báo"]
    if row.settled_by:
        who.append(f"{_name(row.settled_by)} trả lời {vietnamese.day(row.settled_on)}")
    answer = f"Trả lời: {row.answer}" if row.answer else ""
    reason = f"Lý do: {row.reason}." if row.reason else ""
    return {
        "day": row.said_on,
        "title": title + (" (đang dùng)" if row.in_force else ""),
        "text": " ".join(filter(None, (reason, answer))),
        "who": "; ".join(who),
    }


def _name(user: User | None) -> str:
    return user.get_full_name() if user else "hệ thống"


@require_http_methods(["GET", "POST"])
def sources_waiting(request: HttpRequest, code: str) -> HttpResponse:
    """The words at and below the unit that wait, each with its two buttons for whoever speaks from above."""
    today = clock.today()
    unit = unit_or_404(request, code, rights.SEE_FIGURES, today)
    reader = cast(User, request.user)
    _check_rights(reader, unit, today)
    below = tree.below([unit.pk], today)
    mine = rights.organisations(reader, rights.ALLOCATE, on=today)
    rows = Sources.objects.filter(mine, organisation__in=below)
    if request.method == "POST":
        _answer(request, rows, today)
        return redirect("sources_waiting", code)
    answered = rows.filter(state__in=(State.ACCEPTED, State.REFUSED), settled_by__isnull=False)
    context = {
        "unit": unit,
        "path": path(unit, today),
        "waiting": _lines(_words(rows.waiting()).order_by("year", "pk"), reader, today),
        "answered": _lines(_words(answered).order_by("-settled_on", "-pk")[:_ANSWERED], reader, today),
        "own_word": OWN_WORD,
        "table_url": reverse("table", args=[code, "sources"]),
    }
    return render(request, "targets/sources_waiting.html", context)


def _check_rights(reader: User, unit: Organisation, today: dt.date) -> None:
    """Who allocates to the unit, or from it to those below."""
    if rights.may(reader, rights.ALLOCATE, unit.pk, on=today):
        return
    posts = [post for post in reader.posts_on(today) if post.organisation_id == unit.pk]
    if not any(Reach.BELOW in rights.reach_of(post, rights.ALLOCATE) for post in posts):
        forbid(rights.ALLOCATE)


def _answer(request: HttpRequest, rows: QuerySet[Sources], today: dt.date) -> None:
    """Do what the button said; the answer stands on the page that follows."""
    actor, chosen = cast(User, request.user), request.POST.get("row", "")
    row = rows.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    if row is None:
        messages.error(request, SETTLED)
        return
    try:
        if request.POST.get("deed") == "approve":
            accept_sources([row.pk], actor=actor, today=today)
            messages.success(
                request, f"Đã chấp nhận; đơn vị được miễn ở mọi bảng chỉ tính nơi còn nguồn năm {row.year}."
            )
        else:
            refuse_sources([row.pk], actor=actor, answer=request.POST.get("answer", "")[:300], today=today)
            messages.success(request, "Đã ghi không chấp nhận; đơn vị sẽ đọc câu trả lời.")
    except Refused as refused:
        messages.error(request, refused.problems[0].message)


def _lines(rows: Iterable[Sources], reader: User, today: dt.date) -> list[dict[str, Any]]:
    found = list(rows)
    units = {row.organisation_id for row in found}
    named = {one.pk: one for one in headed(Organisation.objects.filter(pk__in=units).styled(today), today)}
    above = voices(reader, units, today).above
    return [
        {
            "row": row,
            "unit": named[row.organisation_id],
            "by": _name(row.made_by),
            "settled_by": _name(row.settled_by),
            "may_answer": row.organisation_id in above and row.made_by_id != reader.pk,
            "url": reverse("sources", args=[named[row.organisation_id].code, row.year]),
        }
        for row in found
    ]
