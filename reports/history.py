"""The history of one unit, read as one timeline: the structure, who heads it, its bases, its quotas and its sources.

Figures are for whoever sees the unit; names of heads only for whoever sees its people; what happened to the units
below for whoever stands at the unit or above it, and else as far as those units are seen.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cells import vietnamese
from cells.asked_day import AskedDay
from cells.dated import ONE_DAY, OPEN_START
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.organisations.reorganise.words import told_all
from cells.people import rights
from cells.people.models import Office, Post, User
from cells.templatetags.words import signed
from reports import period
from reports.figures.book import open_book
from reports.figures.standing import OPENING
from reports.figures.values import SOURCES
from targets.models import Base, BaseCorrection, Quota, Sources
from targets.sources.models import word

Work = Operation.Work
_RESTYLED = (Work.RENAME, Work.CHANGE_KIND)
#: what is told first of one day
_STRUCTURE, _HEAD, _BASE, _QUOTA = range(4)
_GONE = (Work.MERGE, Work.SPLIT, Work.DISSOLVE, Work.LEAVE)


@dataclass(frozen=True)
class Event:
    """One thing that happened; `day` null: it has always been so. `url` leads to where more is to be seen."""

    day: dt.date | None
    title: str
    text: str = ""
    order: int = _STRUCTURE
    link: str = ""
    url: str = ""


@dataclass(frozen=True)
class Look:
    """Who looks at which unit on which day, and what is theirs to see (`reports.views.asked`)."""

    reader: User
    unit: Organisation
    day: AskedDay
    inside: bool
    sees_people: bool


def history(look: Look) -> list[Event]:
    """What is known on the day asked, newest first; a fixed number of queries."""
    found = [*_structure(look), *_heads(look), *_bases(look), *_corrections(look), *_quotas(look), *_sources(look)]
    known = [event for event in found if not look.day.is_past or event.day is None or event.day <= look.day.on]
    return sorted(known, key=lambda event: (event.day or dt.date.min, -event.order), reverse=True)


# ---- the structure -------------------------------------------------------------------------------
def _structure(look: Look) -> Iterator[Event]:
    operations = list(_operations(look))
    own = {(row.day, row.work): row for row in operations if row.organisation_id == look.unit.pk}
    others = [row for row in operations if not (row.organisation_id == look.unit.pk and row.work in _RESTYLED)]
    for row, title in zip(others, told_all(others, look.day.on), strict=True):
        yield Event(row.day, title, _paper(row), _STRUCTURE, *_there(look, row))
    yield from _styles(look, own)
    yield from _places(look, {row.day for row in operations if row.organisation_id == look.unit.pk})


def _operations(look: Look) -> QuerySet[Operation]:
    """Of the unit itself, those by which it carries on another, and of units while they stood under it."""
    under = Place.objects.filter(parent=look.unit, organisation=OuterRef("organisation"), from_day__lte=OuterRef("day"))
    still = Q(to_day__isnull=True) | Q(to_day__gte=OuterRef("day"))
    own = Operation.objects.filter(Q(organisation=look.unit) | Q(successions__successor=look.unit))
    below = Operation.objects.filter(Exists(under.filter(still)))
    if not look.inside:
        seen = rights.organisations(look.reader, rights.SEE_FIGURES, on=look.day.today, seen=look.day.seen)
        below = below.filter(seen)
    return (own | below).filter(day__lte=look.day.on).distinct().select_related("organisation").order_by("day", "pk")


def _paper(row: Operation) -> str:
    parts = [f"Quyết định số {row.decision_number}." if row.decision_number else "", row.reason]
    return " ".join(filter(None, parts))


def _there(look: Look, row: Operation) -> tuple[str, str]:
    """A unit that is gone is shown as it was on its last day."""
    if row.work not in _GONE or row.organisation_id == look.unit.pk:
        return "", ""
    last = row.day - ONE_DAY
    return f"Xem ngày {vietnamese.day(last)}", look.day.moved(row.organisation.get_absolute_url(), last)


def _styles(look: Look, own: dict[tuple[dt.date, str], Operation]) -> Iterator[Event]:
    """Each change of name, kind and sector, told from what it was to what it became."""
    styles = list(look.unit.styles.select_related("kind", "sector").order_by("from_day"))
    for before, style in pairwise(styles):
        papers = [_paper(own[style.from_day, work]) for work in _RESTYLED if (style.from_day, work) in own]
        yield Event(style.from_day, _restyled(before, style), " ".join(papers))


def _restyled(before: Style, after: Style) -> str:
    parts = []
    if before.name != after.name:
        parts.append(f"Đổi tên: «{before.name}» thành «{after.name}»")
    if before.kind_id != after.kind_id:
        parts.append(f"Đổi loại: {before.kind.name} thành {after.kind.name}")
    if before.sector_id != after.sector_id:
        were, are = (style.sector.name if style.sector else "không ghi" for style in (before, after))
        parts.append(f"Đổi loại hình: {were} thành {are}")
    return "; ".join(parts) or f"Ghi lại tên «{after.name}»"


def _places(look: Look, told: set[dt.date]) -> Iterator[Event]:
    """Where it stood, as far as no operation of its own tells it: since ever, or along with the unit above."""
    places = list(look.unit.places.order_by("from_day"))
    parents = Organisation.objects.styled(look.day.on).in_bulk({row.parent_id for row in places if row.parent_id})
    for place in places:
        under = f"trực thuộc {parents[place.parent_id].name}" if place.parent_id else "là tổ chức cao nhất"
        if place.from_day == OPEN_START:
            yield Event(None, f"Có từ trước, {under}")
        elif place.from_day not in told:
            yield Event(place.from_day, f"Về {under}", "Cùng việc sắp xếp của tổ chức cấp trên.")
        if place.closed_as == Place.Closed.LEFT and place.to_day and place.to_day not in told:
            yield Event(place.to_day, "Chuyển ra khỏi đảng bộ", "Cùng tổ chức cấp trên.")


# ---- who heads it --------------------------------------------------------------------------------
def _heads(look: Look) -> Iterator[Event]:
    posts = Post.objects.filter(organisation=look.unit, office=Office.SECRETARY, from_day__lte=look.day.on)
    for post in posts.select_related("person").order_by("from_day"):
        ended = post.to_day is not None and post.to_day <= look.day.on
        text = f"Đến hết ngày {vietnamese.day(post.last_day)}." if ended and post.last_day else ""
        title = f"Bí thư: {post.person.name}" if look.sees_people else "Có bí thư mới"
        yield Event(None if post.from_day == OPEN_START else post.from_day, title, text, _HEAD)


# ---- its figures ---------------------------------------------------------------------------------
def _bases(look: Look) -> Iterator[Event]:
    """The start of each year, as entered; where it is added up from below, as it adds up."""
    own = {row.year: row for row in look.unit.bases.select_related("made_by__person")}
    years = Base.objects.filter(year__lte=look.day.on.year).order_by("year").values_list("year", flat=True)
    first = years.first()
    if first is None:
        return
    span = period.between(dt.date(first, 1, 1), dt.date(look.day.on.year, 12, 31), look.day.on, today=look.day.today)
    book = open_book(look.unit.pk, span)
    for year in span.years:
        value = book.base(book.forest.standing(OPENING, year, span.of_year(year).last), year).value(look.unit.pk)
        row = own.get(year)
        number = row.total if row else value.number
        if number is None:
            continue
        origin = _origin(look, row) if row else SOURCES[value.source]
        title = f"Số đảng viên đầu năm {year}: {vietnamese.number(number)}"
        yield Event(dt.date(year, 1, 1), title, f"{origin[:1].upper()}{origin[1:]}.", _BASE)


def _origin(look: Look, row: Base) -> str:
    """Frozen or declared; of today also when, and by whom for those who see people."""
    made = "" if look.day.is_past else row.made_in_words(named=look.sees_people)
    return f"{row.get_origin_display()} {made}".rstrip()


def _corrections(look: Look) -> Iterator[Event]:
    """Those that count; why, in somebody's own words, for whoever sees the people of the unit."""
    approved = BaseCorrection.objects.filter(base__organisation=look.unit, state=BaseCorrection.State.APPROVED)
    for row in approved.select_related("base").order_by("settled_at", "pk"):
        title = f"Đính chính số đầu năm {row.base.year}: {signed(row.difference)}"
        day = (row.settled_at or row.made_at).astimezone(timezone.get_current_timezone()).date()
        yield Event(day, title, row.reason if look.sees_people else "", _BASE)


def _quotas(look: Look) -> Iterator[Event]:
    """Each version in which the numbers of the unit changed."""
    rows = Quota.objects.issued().filter(organisation=look.unit).select_related("issue").order_by("year", "pk")
    told: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
    for row in rows:
        now = (row.admission, row.fostering)
        if told[row.year][-1:] == [now] or (row.is_blank and not told[row.year]):
            continue
        times = len(told[row.year])
        told[row.year].append(now)
        lines = zip(("kết nạp", "bồi dưỡng"), now, strict=True)
        numbers = ", ".join(f"{line} {vietnamese.number(number)}" for line, number in lines if number is not None)
        deed = f"Điều chỉnh lần {times} chỉ tiêu" if times else "Giao chỉ tiêu"
        numbers = numbers or "không giao nữa"
        issue = row.issue
        paper = f"Quyết định số {issue.decision_number}." if issue.decision_number else ""
        undated = "" if issue.decided_on else "Không ghi ngày quyết định."
        text = " ".join(part for part in (paper, undated, issue.reason) if part)
        yield Event(issue.decided_on or dt.date(row.year, 1, 1), f"{deed} năm {row.year}: {numbers}", text, _QUOTA)


# ---- sources -------------------------------------------------------------------------------------
def _sources(look: Look) -> Iterator[Event]:
    """Each word on sources with what became of it; why, in somebody's own words, for whoever sees the people."""
    for row in Sources.objects.filter(organisation=look.unit).order_by("year", "pk"):
        state = "" if row.has_sources else f", {row.get_state_display()}"
        answer = f"Trả lời {vietnamese.day(row.settled_on)}: {row.answer}" if row.answer and row.settled_on else ""
        text = " ".join(filter(None, (f"{row.reason}." if row.reason else "", answer)))
        title = f"Báo {word(row.has_sources)} năm {row.year}{state}"
        yield Event(row.said_on, title, text if look.sees_people else "", _QUOTA)
