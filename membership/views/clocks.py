"""The clocks of a case or a member as the page shows them, and the sentence about the next one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse

from cells import vietnamese
from cells.people import rights
from cells.rules.models import Confidence
from membership import workdays
from membership.deadlines.clocks import WORKDAYS, Clock, Clockwork, State
from membership.deadlines.extend import changed_by_rules_of
from membership.deadlines.known import Way, ways_of
from membership.deadlines.models import DUTIES, EXTENDABLE, MARKS, VALIDITIES, Deadline, Kind, Milestone
from membership.deadlines.rows import clocks_of, clockwork
from membership.deadlines.words import SLUGS, title
from membership.models import Candidacy, Spell
from membership.views.access import Access

What = Milestone.What
#: the day by which a running clock is met or made exact, and the words of its button
DEEDS = {
    Kind.CERTIFICATE: (What.CERTIFICATE, "Ghi chứng nhận mới"),
    Kind.CEREMONY: (What.RECEIVED, "Ghi ngày nhận quyết định"),
    Kind.MEMBER_FILE: (What.MEMBER_FILE, "Ghi đã hoàn thành lý lịch"),
}
#: where the days of milestones stand among what is known
_KNOWN = {
    What.CERTIFICATE: "certificate_on",
    What.RECEIVED: "received_on",
    What.MEMBER_FILE: "filed_on",
}
_OVER = (State.MET, State.LATE, State.STOPPED)
#: state → (words, state of `components/state.html` it looks like)
_STATES = {
    State.COMING: ("chưa bắt đầu", "no-data"),
    State.RUNNING: ("đang chạy", "on-track"),
    State.EXTENDED: ("đã gia hạn", "on-track"),
    State.OVERDUE: ("quá hạn", "behind"),
    State.MET: ("xong trong hạn", "met"),
    State.LATE: ("xong, quá hạn", "behind"),
    State.STOPPED: ("không còn tính", "no-data"),
}
_PAPER_STATES = {
    State.RUNNING: ("còn giá trị", "on-track"),
    State.OVERDUE: ("hết giá trị", "behind"),
    State.MET: ("đã dùng khi còn giá trị", "met"),
    State.LATE: ("đã dùng khi hết giá trị", "behind"),
}


def panel(access: Access, spell: Spell | None = None) -> dict[str, Any]:
    """The clocks on the day asked: those that run or will, the nearest first, and those that are over.

    Of a case with those of its member, where the reader sees a `spell` of it. On a past day only what had begun.
    """
    rows = [row for row in (access.case, access.spell or spell) if row is not None]
    found, work = ways_of(rows), clockwork()
    every = ((clock, way) for way in found for clock in clocks_of(way, work))
    told = [(clock, way) for clock, way in every if not access.day.is_past or clock.start <= access.on]
    shown = [_shown(clock, way, work, access) for clock, way in sorted(told, key=lambda pair: pair[0].due)]
    running = [clock for clock, _ in told if clock.provisional and clock.ended_on is None]
    years = {year for clock in running for year in work.calendar.not_announced(access.on, clock.due)}
    newer = [] if access.day.is_past else [one for way in found if (one := _newer(way, work, access))]
    return {
        "now": [one for one in shown if not one["over"]],
        "over": [one for one in shown if one["over"]],
        "warning": workdays.warning(sorted(years)),
        "newer": newer,
    }


def next_due(row: Candidacy | Spell, today: dt.date) -> str:
    """The end of the sentence after a deed: what is due next, and when; "" where no clock runs."""
    of_it = Q(candidacy=row) | Q(spell__candidacy=row) if isinstance(row, Candidacy) else Q(spell=row)
    found = list(Deadline.objects.filter(of_it).open_on(today).order_by("due", "pk"))
    duties = [deadline for deadline in found if deadline.kind in DUTIES]
    nearest = next(iter([*duties, *found]), None)
    if nearest is None:
        return ""
    told = " (tạm tính)" if nearest.provisional or nearest.assumed else ""
    return f"{title(nearest.kind)}: {vietnamese.day(nearest.due)}{told}."


def _shown(clock: Clock, way: Way, work: Clockwork, access: Access) -> dict[str, Any]:
    day = access.on
    state = clock.state(day)
    words, looks = (_PAPER_STATES if clock.kind in VALIDITIES else {}).get(state, _STATES[state])
    used, total = _measure(clock, work, day)
    unit = "ngày làm việc" if clock.kind in WORKDAYS else "ngày"
    return {
        "title": title(clock.kind),
        "due": clock.due,
        "start": clock.start,
        "state": words,
        "looks": looks,
        "over": state in _OVER,
        "ended_on": clock.ended_on if state in _OVER else None,
        "used": min(max(used, 0), total),
        "total": total,
        "length": f"{vietnamese.number(total)} {unit}" if clock.kind in WORKDAYS else f"{clock.rule.number} tháng",
        "left": _left(state, used, total, unit),
        "unit": unit,
        "rule": clock.rule,
        "unsure": clock.rule.confidence != Confidence.PUBLIC,
        "notes": _notes(clock),
        "links": _links(clock, state, way, access),
    }


def _measure(clock: Clock, work: Clockwork, day: dt.date) -> tuple[int, int]:
    """How much of the clock is used on `day`, and how much it has: in working days, or in days."""
    if clock.kind in WORKDAYS:
        return work.calendar.workdays_between(clock.start, day), clock.rule.number + clock.extended
    return (day - clock.start).days, (clock.due - clock.start).days


def _left(state: State, used: int, total: int, unit: str) -> str:
    if state == State.COMING:
        return f"bắt đầu sau {vietnamese.number(-used)} {unit}" if used < 0 else "bắt đầu vào ngày tới"
    if state == State.OVERDUE:
        return f"{vietnamese.number(used - total)} {unit}" if used > total else ""
    if state in _OVER:
        return ""
    return f"còn {vietnamese.number(total - used)} {unit}" if used < total else "hết hạn hôm nay"


def _notes(clock: Clock) -> list[str]:
    notes = []
    if clock.assumed:
        notes.append("Chưa biết ngày chi bộ nhận quyết định; tạm tính từ ngày quyết định.")
    if clock.extended:
        notes.append(f"Đã gia hạn thêm {clock.extended} ngày làm việc.")
    return notes


def _links(clock: Clock, state: State, way: Way, access: Access) -> list[dict[str, str]]:
    """What the reader may record of a clock, or put right of one that is over; elsewhere it is the other unit's."""
    links: list[dict[str, str]] = []
    if way.row.organisation_id != access.unit.pk:
        return links
    words = _milestone_words(clock, state, way, access.today)
    if words and access.may(rights.BRANCH_WORK):
        links.append({"label": words, "url": _url(way, "milestone", SLUGS[DEEDS[clock.kind][0]])})
    if clock.kind in EXTENDABLE and state not in (*_OVER, State.COMING) and access.may(rights.DECIDE):
        words = "Sửa gia hạn" if clock.kind in way.days.extensions else "Gia hạn"
        links.append({"label": words, "url": _url(way, "extend")})
    return links


def _milestone_words(clock: Clock, state: State, way: Way, today: dt.date) -> str:
    """The words of the link to the day that goes with a clock; "" where there is nothing to record."""
    what, words = DEEDS.get(clock.kind, ("", ""))
    if not what or state == State.COMING:
        return ""
    if getattr(way.days, _KNOWN[what]) is not None and what != What.CERTIFICATE:
        return "Sửa ngày đã ghi" if clock.kind != Kind.CEREMONY or clock.start == way.days.received_on else ""
    if clock.kind == Kind.CEREMONY:
        return words if clock.assumed else ""
    if clock.kind == Kind.CERTIFICATE:
        return words if state not in _OVER and clock.due <= today + dt.timedelta(days=MARKS[0]) else ""
    return words if state not in _OVER else ""


def _url(way: Way, deed: str, *more: str) -> str:
    return reverse(f"{'member' if way.chain else 'case'}_{deed}", args=[way.row.pk, *more])


def _newer(way: Way, work: Clockwork, access: Access) -> dict[str, Any] | None:
    """What the rules of today would change in the running clocks, where they differ from those applied."""
    pairs = changed_by_rules_of(way, access.today, access.today, work)
    if not pairs:
        return None
    may = access.may(rights.DECIDE) and way.row.organisation_id == access.unit.pk
    return {
        "titles": ", ".join(title(now.kind).lower() for _, now in pairs),
        "document": pairs[0][1].rule.document,
        "url": _url(way, "rules") if may else "",
    }
