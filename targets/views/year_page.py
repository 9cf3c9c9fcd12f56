"""What the year grids share: the units of a year, rights on each row, the frame of the page."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify

from cells.asked_day import AskedDay, asked_day
from cells.dated import ONE_DAY, OPEN_START, holds_on, overlaps
from cells.forms import DeedForm, show_problems
from cells.organisations.access import strangers, unit_then_or_404
from cells.organisations.models import Organisation, Place
from cells.organisations.path import path, steps
from cells.people import rights
from cells.people.heads import headed, of_unit
from cells.people.models import User
from cells.rules.models import Kind
from cells.sheets.views import EXCEL
from cells.sheets.write import write_workbook
from cells.verdict import Refused
from config import clock
from targets.enter import FIRST_YEAR
from targets.forms import GridRow, YearGrid
from targets.quotas.allotment import Allotment
from targets.quotas.issue import draft_of, mark, save_draft

NOTHING_CHANGED = "Không có gì thay đổi để ghi."
_TABS = (("bases", "Đầu năm"), ("quotas", "Chỉ tiêu"), ("results", "Kết quả"))
_HEADINGS = {"bases": "Số đảng viên đầu năm", "quotas": "Chỉ tiêu năm", "results": "Số liệu khai báo năm"}
_SHEETS = {"bases": "So lieu dau nam", "quotas": "Chi tieu", "results": "Ket qua"}


@dataclass
class YearUnit:
    """A unit of the year: `place` is its latest there; `editable` if the reader may enter for it, `named` if people
    may be named there."""

    unit: Organisation
    place: Place
    kind: Kind | None
    editable: bool
    named: bool


YearView = Callable[[HttpRequest, Organisation, int, AskedDay], HttpResponse]


def of_the_day(capability: str) -> Callable[[YearView], Callable[[HttpRequest, str, int], HttpResponse]]:
    """A page of a unit and year for whoever holds `capability`, as on the day asked: which units stood, and how called.

    Quotas and words on sources are those of the day, other figures those in use today. A past day is only looked at,
    and leads from a year it did not know to its own.
    """

    def decorate(view: YearView) -> Callable[[HttpRequest, str, int], HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, code: str, year: int) -> HttpResponse:
            day = asked_day(request, clock.today())
            check_year(year, day.today)
            if day.is_past and request.method not in ("GET", "HEAD"):
                raise PermissionDenied("Đang xem một ngày đã qua: chỉ xem, không ghi. Về hôm nay rồi ghi.")
            if year > day.on.year + 1:
                return redirect(day.keep(reverse(request.resolver_match.view_name, args=[code, day.on.year])))
            return view(request, unit_then_or_404(request, code, capability, day), year, day)

        return page

    return decorate


def check_year(year: int, today: dt.date) -> None:
    """404 for a year no figure can be of; the year to come may be planned."""
    if not FIRST_YEAR <= year <= today.year + 1:
        raise Http404


def days_of(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)


def in_year(year: int) -> Q:
    """Places that stood on some day of the year."""
    return overlaps(*days_of(year))


def at_start(year: int) -> Q:
    """Places that have a base: those of 1/1, and those that joined in the year with their own count."""
    start, stop = days_of(year)
    return holds_on(start) | Q(opened_as=Place.Opened.JOINED, from_day__gte=start, from_day__lt=stop)


def units_of_year(
    request: HttpRequest, unit: Organisation, places: Q, capability: str, *, named_on: dt.date, day: AskedDay
) -> list[YearUnit]:
    """`unit` itself, then its direct children of the year by name, as far as the reader sees their figures.

    Of the year to the day asked, `editable` today only. A unit that stands nowhere today belongs to whoever answers
    for the one it stood under.
    """
    begun = Place.objects.filter(places, Q(organisation=unit) | Q(parent=unit), from_day__lte=day.on)
    found = {place.organisation_id: place for place in begun.order_by("from_day")}
    rows = Organisation.objects.filter(pk__in=found)
    standing = set(rows.placed_on(day.today).values_list("pk", flat=True))
    visible = rows.for_user(request.user, rights.SEE_FIGURES, on=day.today, seen=day.seen)
    seen = set(visible.values_list("pk", flat=True))
    held = set(rows.for_user(request.user, capability, on=day.today).values_list("pk", flat=True))
    mine = {pk for pk in found if pk in held or pk not in standing} if day.is_today else set()
    strange = strangers(cast(User, request.user), found, day)
    kinds = {kind.pk: kind for kind in Kind.objects.all()}
    units = [
        YearUnit(row, found[row.pk], kinds.get(row.kind_id), row.pk in mine, row.pk not in strange)
        for row in headed(rows.styled(min(named_on, day.on)), day.on)
        if row.pk in seen or row.pk not in standing
    ]
    for one in units:
        one.unit.heads = one.unit.heads if one.named else None
    return sorted(units, key=lambda one: (one.unit.pk != unit.pk, one.unit.name_key, one.unit.pk))


def note_of(one: YearUnit, year: int, day: AskedDay) -> str:
    """What a reader must know of the unit in that year, as far as the day asked knows: it came or went."""
    start, stop = days_of(year)
    stop = min(stop, day.on + ONE_DAY) if day.is_past else stop
    notes = []
    if one.place.from_day >= start and one.place.from_day != OPEN_START:
        notes.append(f"{one.place.get_opened_as_display()} {one.place.from_day:%d/%m/%Y}")
    if one.place.to_day and one.place.to_day <= stop:
        gone = one.place.closed_as == Place.Closed.LEFT
        how = "không còn trong đảng bộ" if gone else one.place.get_closed_as_display()
        notes.append(f"hết ngày {one.place.last_day:%d/%m/%Y} {how}")
    return ", ".join(notes)


def write(form: YearGrid, *deeds: tuple[Callable[[], Any], list[GridRow]]) -> bool:
    """Do the deeds, each given by the rows it was made of, all or none; problems go to the cells."""
    rows: list[GridRow] = []
    try:
        with transaction.atomic():
            for deed, rows in deeds:
                if rows:
                    deed()
    except Refused as refused:
        form.show(refused, rows)
        return False
    except IntegrityError:
        form.add_error(None, "Người khác vừa ghi cùng lúc; xem lại các số rồi ghi lần nữa.")
        return False
    return True


def sums(
    form: YearGrid, own: Mapping[str, Any], rows: Sequence[GridRow], columns: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """For each column: the sum over `rows` beside the unit's own value, and how many of them have one."""
    lines = []
    for name, title in columns:
        given = [form.value(row, name) for row in rows]
        known = [value for value in given if value is not None]
        total = sum(known) if known else None
        mine = own.get(name)
        lines.append(
            {
                "title": title,
                "own": mine,
                "children": total,
                "given": len(known),
                "of": len(given),
                "difference": None if mine is None or total is None else total - mine,
            }
        )
    return lines


def grid_sums(form: YearGrid, unit: Organisation, columns: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The same of a grid that has the unit's own row among the others."""
    columns = list(columns)
    rows = [row for row in form.rows if row.unit.pk != unit.pk]
    mine = next((row for row in form.rows if row.unit.pk == unit.pk), None)
    own = {name: form.value(mine, name) for name, _ in columns} if mine else {}
    return sums(form, own, rows, columns)


def frame(
    request: HttpRequest, unit: Organisation, year: int, active: str, day: AskedDay, query: str = ""
) -> dict[str, Any]:
    """The context every year page shares: path, tabs, the years beside."""
    last = day.on.year if active != "quotas" else day.on.year + 1
    years = range(max(FIRST_YEAR, year - 2), min(last, year + 2) + 1)
    way = path(unit, day.on)
    return day.context() | {
        "unit": unit,
        "year": year,
        "heading": f"{_HEADINGS[active]} {year}",
        "above": way,
        "path": steps(cast(User, request.user), [(one, one.name) for one in way], day),
        "heads": None if strangers(cast(User, request.user), [unit.pk], day) else of_unit(unit, day.on),
        "tabs": [
            {"label": label, "url": reverse(name, args=[unit.code, year]), "active": name == active}
            for name, label in _TABS
        ],
        "years": [
            {"year": one, "url": reverse(active, args=[unit.code, one]) + query, "active": one == year} for one in years
        ],
        "cancel_url": unit.get_absolute_url(),
        "structure_url": reverse("structure", args=[unit.code]),
        "sheet_url": day.keep(reverse(f"{active}_sheet", args=[unit.code, year])),
    }


def sheet(page: str, unit: Organisation, year: int, lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """The grid as a workbook to fill in elsewhere: a line for each unit, in the layout that comes back in."""
    stream = io.BytesIO()
    write_workbook(stream, {_SHEETS[page]: lines})
    response = HttpResponse(stream.getvalue(), content_type=EXCEL)
    name = slugify(f"{_SHEETS[page]} {unit.code} {year}")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def say(request: HttpRequest, count: int, sentence: str) -> None:
    """The sentence after the deed, or that nothing was to be done."""
    if count:
        messages.success(request, sentence)
    else:
        messages.info(request, NOTHING_CHANGED)


def attempt(form: DeedForm, deed: Callable[[], Any]) -> Any:
    """What the deed gives; null with its problems in the form, or that somebody was faster."""
    try:
        with transaction.atomic():
            return deed()
    except Refused as refused:
        show_problems(form, refused)
    except IntegrityError:
        form.add_error(None, "Người khác vừa ghi cùng lúc; mở lại trang để xem.")
    return None


def keep_draft(form: DeedForm, allotment: Allotment, explanation: str, actor: User) -> bool:
    """Save the draft of a form with the mark `draft_seen`; somebody faster is told of, and may be overwritten then."""
    seen = form.cleaned_data["draft_seen"]
    done = attempt(form, lambda: save_draft(allotment, explanation=explanation, seen=seen, actor=actor))
    if form.stale:
        form.refresh(draft_seen=mark(draft_of(*allotment.series)))
    return done is not None


def years_beside(name: str, code: str, year: int, last: int) -> list[dict[str, Any]]:
    """The years around `year`, to `last`, of the page `name` of a unit."""
    around = range(max(FIRST_YEAR, year - 2), min(last, year + 2) + 1)
    return [{"year": one, "url": reverse(name, args=[code, one]), "active": one == year} for one in around]
