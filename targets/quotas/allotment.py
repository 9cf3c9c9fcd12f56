"""What a unit gives for a year, and what is wrong with it (C20, C26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Max

from cells import vietnamese
from cells.bodies.models import Body
from cells.dated import ONE_DAY, overlaps
from cells.organisations.models import Organisation, Place
from cells.verdict import YES, Problem, Verdict, no, still_to_come
from targets.enter import absurd, period, twice
from targets.models import Quota, QuotaIssue

#: The field of a problem that is of the whole version, of no line.
WHOLE = "version"
LINES = {"admission": "kết nạp", "fostering": "bồi dưỡng"}

#: (issuer, year, own): what a version is the next one of
Series = tuple[int, int, bool]


@dataclass(frozen=True)
class Given:
    """What a direct child is given; null is nothing. `whys`: of a number that was proposed, the sentence that says why
    (line → sentence)."""

    organisation: Organisation
    admission: int | None = None
    fostering: int | None = None
    whys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GivenToBody:
    """How many people a body is to introduce; null is nothing."""

    body: Body
    introductions: int | None = None


@dataclass(frozen=True)
class Allotment:
    """All that `issuer` gives for `year`. `own`: the number of a top itself, `lines` being of it alone."""

    issuer: Organisation
    year: int
    lines: Sequence[Given]
    bodies: Sequence[GivenToBody] = ()
    own: bool = False

    @property
    def series(self) -> Series:
        return self.issuer.pk, self.year, self.own

    def total(self, line: str) -> int | None:
        """The sum of one of LINES over the children; null where none is given any."""
        numbers = [number for given in self.lines if (number := getattr(given, line)) is not None]
        return sum(numbers) if numbers else None


@dataclass(frozen=True)
class Decision:
    """The paper a version is issued by: `reason` where it adjusts, `explanation` of a difference to what was given."""

    number: str = ""
    day: dt.date | None = None
    reason: str = ""
    explanation: str = ""


def may_issue(issuer: Organisation, year: int, lines: Collection[str] = ()) -> Verdict:
    """Whether the unit has a number itself, of each of these LINES (of any where none is named), which it must have
    before it gives to its own; a top of the year needs none."""
    start, stop = period(year, None)
    if not Place.objects.filter(overlaps(start, stop), organisation=issuer, parent__isnull=False).exists():
        return YES
    own = Quota.objects.in_force().filter(organisation=issuer, year=year).first()
    if own is None or own.is_blank:
        return no(
            f"Cấp trên chưa giao chỉ tiêu năm {year} cho đơn vị này: lưu bản nháp, giao khi đã có số.",
            who_can=_ABOVE,
        )
    lacking = [LINES[line] for line in lines if getattr(own, line) is None]
    if lacking:
        return no(
            f"Cấp trên chưa giao chỉ tiêu {', '.join(lacking)} năm {year} cho đơn vị này: để trống.", who_can=_ABOVE
        )
    return YES


_ABOVE = "cấp ủy cấp trên trực tiếp"


class Numbers(Protocol):
    """The two lines of a unit."""

    @property
    def admission(self) -> int | None: ...

    @property
    def fostering(self) -> int | None: ...


def same(held: Numbers | None, line: Numbers) -> bool:
    """Whether what is in force (null for nothing) already says what `line` does."""
    numbers = (held.admission, held.fostering) if held else (None, None)
    return numbers == (line.admission, line.fostering)


def wrong_lines(allotment: Allotment) -> list[Problem]:
    """Numbers that cannot be, and units and bodies that are not the issuer's in the year."""
    start, stop = period(allotment.year, None)
    children = {line.organisation.pk for line in allotment.lines}
    under = set(
        Place.objects.filter(overlaps(start, stop), organisation__in=children)
        .filter(**{"parent__isnull": True} if allotment.own else {"parent": allotment.issuer})
        .values_list("organisation_id", flat=True)
    )
    problems = []
    for index, line in enumerate(allotment.lines):
        problems += absurd(index, allotment.year, {"admission": line.admission, "fostering": line.fostering})
        if line.organisation.pk not in under:
            problems.append(Problem(index, "organisation", f"Không trực thuộc đơn vị giao trong năm {allotment.year}."))
    attached = set(
        Body.objects.attached_to(allotment.issuer.pk, start=start, stop=stop).values_list("pk", flat=True)
        if allotment.bodies
        else ()
    )
    for index, told in enumerate(allotment.bodies, len(allotment.lines)):
        problems += absurd(index, allotment.year, {"introductions": told.introductions})
        if told.body.pk not in attached:
            problems.append(Problem(index, "body", f"Không trực thuộc đơn vị giao trong năm {allotment.year}."))
    return problems + twice(allotment.lines, lambda line: line.organisation.pk, "chỉ tiêu")


def wrong_version(
    allotment: Allotment, decision: Decision, last: int, held: Mapping[int, Quota], today: dt.date
) -> list[Problem]:
    """What the decision lacks, and what the issuer may not do.

    `last`: the number of the version it adjusts, 0 for none; `held`: unit → its line in force.
    """
    problems = []
    if not decision.number.strip():
        problems.append(Problem(0, "decision_number", "Ghi số quyết định giao chỉ tiêu."))
    if decision.day is None:
        problems.append(Problem(0, "decided_on", "Ghi ngày quyết định."))
    elif decision.day > today:
        problems.append(Problem(0, "decided_on", still_to_come(decision.day)))
    else:
        problems += _wrong_day(allotment, decision.day, held)
    if last and not decision.reason.strip():
        problems.append(Problem(0, "reason", "Ghi lý do vì chỉ tiêu của năm này đã giao."))
    if allotment.own:
        return problems
    allowed = may_issue(allotment.issuer, allotment.year, [line for line in LINES if allotment.total(line) is not None])
    if not allowed:
        problems.append(Problem(0, WHOLE, allowed.reason))
    told = differences(allotment)
    if told and not decision.explanation.strip():
        problems.append(Problem(0, "explanation", f"{told} Ghi giải thích chênh lệch."))
    return problems


def _wrong_day(allotment: Allotment, day: dt.date, held: Mapping[int, Quota]) -> list[Problem]:
    """A decision lies in the year or shortly before it, not before the version it adjusts; who changes stands then."""
    if not allotment.year - 1 <= day.year <= allotment.year:
        return [Problem(0, "decided_on", f"Quyết định giao chỉ tiêu năm {allotment.year} không thể ra ngày này.")]
    before = QuotaIssue.objects.of(*allotment.series).issued().aggregate(last=Max("decided_on"))["last"]
    if before and day < before:
        return [
            Problem(0, "decided_on", f"Lần giao trước ra ngày {vietnamese.day(before)}; lần này không thể sớm hơn.")
        ]
    on, here_then = max(day, dt.date(allotment.year, 1, 1)), children_on(allotment, day)
    attached = Body.objects.attached_to(allotment.issuer.pk, start=on, stop=on + ONE_DAY)
    here = set(attached.values_list("pk", flat=True)) if allotment.bodies else set()
    away = [
        Problem(index, "body", f"Ngày {vietnamese.day(on)} đoàn thể này không trực thuộc đơn vị giao.")
        for index, told in enumerate(allotment.bodies, len(allotment.lines))
        if told.body.pk not in here
    ]
    return away + [
        Problem(index, "organisation", f"Ngày {vietnamese.day(on)} đơn vị này không còn ở đây; giữ số cũ của nó.")
        for index, line in enumerate(allotment.lines)
        if not same(held.get(line.organisation.pk), line) and line.organisation.pk not in here_then
    ]


def children_on(allotment: Allotment, day: dt.date) -> set[int]:
    """The units (ids) of the lines that stand right under the issuer on `day`, or on 1/1 where it lies before."""
    above = None if allotment.own else allotment.issuer.pk
    places = Place.objects.on(max(day, dt.date(allotment.year, 1, 1))).filter(parent=above)
    lines = [line.organisation.pk for line in allotment.lines]
    return set(places.filter(organisation__in=lines).values_list("organisation_id", flat=True))


def differences(allotment: Allotment) -> str:
    """How the sums differ from what the issuer was given, in words; "" where they do not or nothing was given."""
    own = Quota.objects.in_force().filter(organisation=allotment.issuer, year=allotment.year).first()
    told = []
    for line, word in LINES.items():
        asked, total = getattr(own, line, None), allotment.total(line)
        if asked is not None and total is not None and asked != total:
            told.append(
                f"Cộng chỉ tiêu {word} {vietnamese.number(total)}, được giao {vietnamese.number(asked)} "
                f"({vietnamese.signed(total - asked)})."
            )
    return " ".join(told)
