"""The programmes that set targets: every target in words, where it applies, and how it stands at a unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.asked_day import asked_day
from cells.organisations.models import Organisation, Place
from cells.people import rights
from config import clock
from reports import period
from reports.figures.book import Book, open_book
from reports.figures.scopes import Scopes
from reports.figures.targets import (
    EXEMPT,
    FIGURE_OF,
    MISSED,
    REACHED,
    SILENT,
    WITH_SOURCES,
    Evaluation,
    Result,
    average,
    count,
)
from reports.tables.told import name_units
from reports.views.asked import Asked, asked
from targets import progress
from targets.models import Programme, Target
from targets.programmes import may_set
from targets.words import in_words, where_of

Kind = Target.Kind


class Chooser(forms.Form):
    """Which unit, and in which year; a wrong value leaves the usual one."""

    unit = forms.ChoiceField(label="Đơn vị", required=False)
    year = forms.ChoiceField(label="Năm", required=False)

    def __init__(self, page: Asked, years: list[int]) -> None:
        super().__init__(
            initial={"unit": page.unit.organisation.code, "year": str(page.year)}, auto_id="filter_%s", label_suffix=""
        )
        self.fields["unit"].choices = _units(page)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """For everybody signed in: targets are public within the Party. Who holds no post reads the words alone."""
    rows = list(Programme.objects.prefetch_related("targets__sector").order_by("-from_year", "id"))
    page = _page(request)
    if page is None:
        year, found, context = clock.today().year, {}, {}
    else:
        year, (found, scopes) = page.year, _results(page, rows)
        years = sorted({*_years(rows, page.on.year), year}, reverse=True)
        context = page.context() | {"chooser": Chooser(page, years), "heading": _heading(page), "scopes": scopes}
    return render(
        request,
        "reports/programmes.html",
        context
        | {
            "year": year,
            "programmes": sorted((_shown(one, year, found) for one in rows), key=lambda shown: not shown["now"]),
            "may_set": (page is None or page.day.is_today) and may_set(request.user, on=clock.today()),
        },
    )


def _page(request: HttpRequest) -> Asked | None:
    """The page of the unit asked, by default of the top of the tree; null where the reader sees no figures."""
    code = request.GET.get("unit") or _top(request)
    return asked(request, code) if code else None


def _top(request: HttpRequest) -> str:
    day = asked_day(request, clock.today())
    top = Organisation.objects.top_on(day.on)
    seen = top.for_user(request.user, rights.SEE_FIGURES, on=day.today, seen=day.seen)
    return seen.values_list("code", flat=True).first() or ""


def _years(rows: list[Programme], last: int) -> set[int]:
    return {year for row in rows for year in range(row.from_year, row.to_year + 1) if year <= last}


def _units(page: Asked) -> list[tuple[str, str]]:
    """The way down to the unit as far as the reader may look at it, the units right below, and those of the reader."""
    above = [
        (one.organisation.code, one.name)
        for one, step in zip(page.path, page.steps, strict=True)
        if step.get_absolute_url
    ]
    below = Organisation.objects.filter(places__in=_below(page)).styled(page.on)
    seen = below.for_user(page.reader, rights.SEE_FIGURES, on=page.today, seen=page.day.seen)
    found = dict([*above, *((unit.code, f"· {unit.name}") for unit in seen.order_by("name_key", "pk"))])
    mine = page.reader.posts_on(page.today) if page.day.is_today else []
    return list(({post.organisation.code: post.unit_name for post in mine} | found).items())


def _below(page: Asked) -> QuerySet[Place]:
    return page.unit.organisation.child_places.on(page.on)


def _heading(page: Asked) -> str:
    return f"{page.unit.name}, năm {page.year}, tính đến {vietnamese.day(page.question.on)}"


# --- how a target stands --------------------------------------------------------------------------


def _results(page: Asked, rows: list[Programme]) -> tuple[dict[int, dict[str, Any]], str]:
    """Target → how it stands, of the programmes that cover the year; and the unit's rate in both scopes. One book."""
    covering = [row for row in rows if row.from_year <= page.year <= row.to_year]
    for row in covering:
        for target in row.targets.all():
            target.programme = row
    targets = [target for row in covering for target in row.targets.all()]
    if not targets:
        return {}, ""
    book = open_for(page, targets)
    question = page.question
    evaluation = Evaluation(book, page.scope, question.period, question.on)
    both = Scopes(book.over(question.period), page.scope).of_year(question.period, question.on)
    name_units([both], question.on)
    return {target.pk: _line(page, evaluation.of(target), book) for target in targets}, both.text(inside=page.inside)


def open_for(page: Asked, targets: list[Target]) -> Book:
    """The book of the year, begun earlier where a target is asked of its whole span."""
    year = page.question.period
    whole = [target.programme.from_year for target in targets if target.span == Target.Span.WHOLE]
    first = dt.date(min([page.year, *whole]), 1, 1)
    span = period.between(first, dt.date(page.year, 12, 31), page.on, today=page.today) if whole else year
    return open_book(page.unit.organisation.pk, span, scope=page.scope, whole=page.is_top)


def _line(page: Asked, result: Result, book: Book) -> dict[str, Any]:
    target = result.target
    return {
        "state": result.state,
        "number": _number(result),
        "number_url": _number_url(page, result),
        "compared": _compared(result),
        "sentence": _sentence(result),
        "applies": _applies(page, result),
        "groups": _groups(page, result),
        "decides": _decides(target, book.targets[page.year], page.year),
        "elsewhere": not result.applies and target.where == Target.Where.TOP,
    }


def _number(result: Result) -> str:
    """What is compared, beside what it is compared with."""
    target, single = result.target, result.single
    if result.achieved is None:
        return vietnamese.NOTHING
    if target.kind == Kind.MINIMUM_AVERAGE:
        average = result.average
        return vietnamese.NOTHING if average is None else vietnamese.decimal_text(average)
    if target.kind == Kind.COVERAGE:
        return vietnamese.percent(progress.share(result.achieved, len(result.asked)) or 0)
    if single and target.kind == Kind.RATE:
        rate = progress.share(single.done, single.base)
        return vietnamese.NOTHING if rate is None else vietnamese.percent(rate)
    of = single.needed if single else len(result.asked)
    return f"{vietnamese.number(result.achieved)}/{vietnamese.NOTHING if of is None else vietnamese.number(of)}"


def _number_url(page: Asked, result: Result) -> str:
    """The people behind the number of the unit asked, else the units behind it."""
    target, single = result.target, result.single
    itself = single is not None and single.unit == page.unit.organisation.pk and target.span == Target.Span.YEAR
    if not itself:
        return _list_url(page, target)
    return page.list_url(FIGURE_OF[target.line]) if page.sees_people else ""


def _compared(result: Result) -> str:
    """What `_number` is measured by, in words: `của 3,5%`, `đơn vị đạt`."""
    target, asked = result.target, vietnamese.amount(result.target.value)
    if target.kind == Kind.MINIMUM_AVERAGE:
        return f"người, bình quân; cần {asked}"
    if target.kind == Kind.COVERAGE or (result.single and target.kind == Kind.RATE):
        return f"của {asked}%"
    return "người" if result.single else "đơn vị đạt"


def _sentence(result: Result) -> str:
    """From which numbers it comes, how much is needed and how much is still lacking."""
    target, needed, left = result.target, result.needed, result.remaining
    together = result.single or target.kind == Kind.MINIMUM_AVERAGE
    done = vietnamese.NOTHING if result.done is None else vietnamese.number(result.done)
    told = ""
    if result.single and target.kind == Kind.RATE:
        base = result.single.base
        told = f"{done} người trên {vietnamese.NOTHING if base is None else vietnamese.number(base)} đảng viên; "
    elif target.kind == Kind.MINIMUM_AVERAGE:
        told = f"{done} người ở {vietnamese.number(len(result.asked))} đơn vị; "
    elif target.kind == Kind.COVERAGE:
        told = f"{vietnamese.number(result.count(REACHED))} trên {vietnamese.number(len(result.asked))} đơn vị; "
    if needed is None or left is None:
        return f"{told}chưa đủ số liệu để kết luận"
    of = "người" if together else "đơn vị"
    lack = f"còn thiếu {vietnamese.number(left)} {of}" if left else "đã đủ"
    return f"{told}cần {vietnamese.number(needed)} {of}, {lack}"


def _applies(page: Asked, result: Result) -> dict[str, Any] | None:
    """How many units the target is asked of, with the list of them; null where it is the unit itself."""
    if not result.applies or result.target.where == Target.Where.TOP:
        return None
    return {"number": len(result.applies), "of": where_of(result.target), "url": _list_url(page, result.target)}


def _groups(page: Asked, result: Result) -> list[dict[str, Any]]:
    """What the units did, each number with its list; beside those with sources where some have none."""
    target = result.target
    if not result.applies or target.where == Target.Where.TOP:
        return []
    each = target.kind in (Kind.MINIMUM_AVERAGE, Kind.COVERAGE)
    words = {
        REACHED: "có từ 1 người" if each else "đạt",
        MISSED: "chưa có ai" if each else "chưa đạt",
        SILENT: "chưa đủ số liệu",
    }
    found = [
        {"words": said, "number": result.count(outcome), "url": _list_url(page, target, outcome)}
        for outcome, said in words.items()
        if outcome != SILENT or result.count(outcome)
    ]
    out = len(result.applies) - len(result.with_sources)
    if out:
        found.append({"words": "hết nguồn", "number": out, "url": _list_url(page, target, EXEMPT)})
        found += _other_denominator(page, result)
    return found


def _other_denominator(page: Asked, result: Result) -> list[dict[str, Any]]:
    """The same by the units the target does not count by, of an average the average: both denominators are told."""
    other = result.applies if result.target.with_sources_only else result.with_sources
    url = _list_url(page, result.target, "" if result.target.with_sources_only else WITH_SOURCES)
    words = "tính cả nơi hết nguồn" if result.target.with_sources_only else "chỉ tính nơi còn nguồn"
    if result.target.kind == Kind.MINIMUM_AVERAGE:
        mean = average(other)
        said = vietnamese.NOTHING if mean is None else vietnamese.decimal_text(mean)
        return [{"words": f"bình quân {words}", "number": said, "url": url}]
    reached = vietnamese.number(count(other, REACHED))
    return [{"words": words, "number": f"{reached}/{vietnamese.number(len(other))}", "url": url}]


def _list_url(page: Asked, target: Target, state: str = "") -> str:
    if not page.inside:
        return ""
    query = page.query()
    url = reverse("target_units", args=[page.unit.organisation.code, target.pk]) + query
    return f"{url}{'&' if query else '?'}state={state}" if state else url


def _decides(target: Target, targets: list[Target], year: int) -> str:
    """Which target decides "met" at the level of this one, where it is of those that might."""
    if not progress.may_decide(target) or target.where == Target.Where.SECTOR:
        return ""
    decides = progress.deciding(targets, (target.where,), target.line)
    if decides is None:
        return ""
    if decides.pk == target.pk:
        return f"Chỉ tiêu này quyết định «đạt» năm {year}."
    return f"«Đạt» năm {year} do chương trình «{decides.programme.title}» quyết định."


def _shown(programme: Programme, year: int, found: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "programme": programme,
        "now": programme.from_year <= year <= programme.to_year,
        "targets": [
            {"target": target, "words": in_words(target), "line": found.get(target.pk)}
            for target in programme.targets.all()
        ],
    }
