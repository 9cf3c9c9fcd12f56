"""The rows of a quota grid: the direct children of a unit, its bodies, what each has; and who may give to them."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.http import HttpRequest

from cells import vietnamese
from cells.asked_day import AskedDay
from cells.bodies.models import Body
from cells.dated import ONE_DAY
from cells.organisations.access import forbid
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import User
from targets.forms import GridRow
from targets.models import BodyQuota, Quota, QuotaIssue, Sources
from targets.quotas.allotment import LINES
from targets.quotas.models import ADJUSTED
from targets.views import year_page

WAITS = "báo hết nguồn, chờ trả lời"
_NO_SOURCES = frozenset({"sources", "sources_reason"})
#: what people wrote themselves, and may name somebody in
_OWN_WORDS = ("sources_reason", "reason")


def gives(reader: User, unit: Organisation, today: dt.date) -> bool:
    """Whether `reader` gives quotas to the unit, or from it to those below."""
    if rights.may(reader, rights.ALLOCATE, unit.pk, on=today):
        return True
    posts = [post for post in reader.posts_on(today) if post.organisation_id == unit.pk]
    return any(rights.Reach.BELOW in rights.reach_of(post, rights.ALLOCATE) for post in posts)


def check_gives(request: HttpRequest, unit: Organisation, day: AskedDay) -> None:
    if not gives(cast(User, request.user), unit, day.today):
        forbid(rights.ALLOCATE)


def check_may_look(request: HttpRequest, unit: Organisation, day: AskedDay) -> bool:
    """Whether the reader gives quotas here, or a refusal; on a past day, where nothing can be entered, who gives any
    anywhere may look as far as the figures are theirs."""
    reader = cast(User, request.user)
    if gives(reader, unit, day.today):
        return True
    if not (day.is_past and rights.anywhere(reader, rights.ALLOCATE, on=day.today)):
        forbid(rights.ALLOCATE)
    return False


def has_above(unit: Organisation, day: AskedDay) -> bool:
    """Whether anybody stands above the unit on the day asked."""
    return Organisation.objects.above(unit.pk, on=day.on).exists()


def rows_of(
    request: HttpRequest, unit: Organisation, year: int, day: AskedDay, draft: QuotaIssue | None
) -> list[GridRow]:
    """The unit itself, then its direct children of the year.

    Without what people wrote themselves for whoever gives nothing here.
    """
    names_people = gives(cast(User, request.user), unit, day.today)
    last = dt.date(year, 12, 31)
    units = year_page.units_of_year(request, unit, year_page.in_year(year), rights.ALLOCATE, named_on=last, day=day)
    chosen = [one.unit for one in units]
    given = Quota.objects.as_given(ADJUSTED, day.seen)
    held = given.filter(year=year, organisation__in=chosen).select_related("issue")
    quotas = {row.organisation_id: row for row in held}
    words = Sources.objects.filter(year=year, organisation__in=chosen)
    accepted = words.accepted_by(day.seen) if day.seen else words.in_force()
    sources = {row.organisation_id: row for row in accepted}
    waiting = set(words.waiting().values_list("organisation_id", flat=True))
    drafted = {line.organisation_id: line for line in draft.lines.all()} if draft and not day.is_past else {}
    rows = []
    for one in units:
        quota, word = quotas.get(one.unit.pk), sources.get(one.unit.pk)
        skip = frozenset() if one.kind and one.kind.is_branch else _NO_SOURCES
        waits = WAITS if one.unit.pk in waiting else ""
        note = ", ".join(filter(None, (year_page.note_of(one, year, day), _paper(quota), waits)))
        gone = one.unit.pk != unit.pk and one.place.to_day is not None and one.place.to_day <= day.today
        stored = _stored(quota, word)
        if not names_people:
            stored = {name: value for name, value in stored.items() if name not in _OWN_WORDS}
        row = GridRow(one.unit, stored, one.editable and not gone, note, skip, gone=gone)
        line = drafted.get(one.unit.pk)
        if line:
            row.proposed = {name: getattr(line, name) for name in LINES}
        row.whys = _whys(line or quota) if names_people else []  # what all of them have together is told there
        rows.append(row)
    return rows


def _whys(line: Quota | None) -> list[str]:
    """Why the numbers that were proposed are what they are: `Kết nạp 5: 120/1.200 đảng viên đầu năm…`."""
    if line is None:
        return []
    return [
        f"{LINES[name].capitalize()} {vietnamese.number(getattr(line, name))}: {why}" for name, why in line.whys.items()
    ]


def body_rows(unit: Organisation, year: int, draft: QuotaIssue | None, day: AskedDay) -> list[GridRow]:
    """The bodies that find people for the unit, as attached on the day, or on the nearest day of the year."""
    start, stop = year_page.days_of(year)
    start = min(max(day.on, start), stop - ONE_DAY)
    stop = start + ONE_DAY
    found = list(Body.objects.attached_to(unit.pk, start=start, stop=stop).nominating())
    held = BodyQuota.objects.as_given(ADJUSTED, day.seen).filter(year=year, body__in=found)
    numbers = dict(held.values_list("body_id", "introductions"))
    drafted = dict(draft.body_lines.values_list("body_id", "introductions")) if draft and not day.is_past else {}
    rows = []
    for body in found:
        stored = {"introductions": numbers[body.pk]} if body.pk in numbers else {}
        proposed = {"introductions": drafted[body.pk]} if body.pk in drafted else {}
        rows.append(GridRow(body, stored, not day.is_past, body.kind.name, proposed=proposed))
    return rows


def _stored(quota: Quota | None, word: Sources | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if quota:
        values |= {"admission": quota.admission, "fostering": quota.fostering}
        values |= {name: getattr(quota.issue, name) for name in ("decision_number", "decided_on", "reason")}
    if word:
        values |= {"sources": "yes" if word.has_sources else "no", "sources_reason": word.reason}
    return values


def sheet_cells(row: GridRow) -> list[Any]:
    held = row.stored | row.proposed
    said = {"yes": "Có", "no": "Không"}.get(held.get("sources", ""), "")
    before = [held.get("admission"), held.get("fostering"), said, held.get("sources_reason")]
    return before + [row.stored.get(name) for name in ("decision_number", "decided_on", "reason")]


def _paper(quota: Quota | None) -> str:
    """What is known of the quota in force: how often adjusted, by which decision."""
    if quota is None:
        return ""
    parts = [quota.issue.title]
    if quota.issue.decision_number:
        parts.append(quota.issue.decision_number)
    if quota.issue.decided_on:
        parts.append(f"ngày {vietnamese.day(quota.issue.decided_on)}")
    return " ".join(parts)
