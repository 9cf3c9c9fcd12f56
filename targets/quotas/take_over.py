"""Quotas decided on paper, unit by unit, as a workbook has them (`workbooks.md`, sheet `Chi tieu`)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from cells import vietnamese
from cells.organisations.models import Organisation, Place
from cells.people.models import User
from cells.verdict import Problem, Refused, still_to_come
from targets.enter import absurd, period, stood_in, twice
from targets.models import Quota, QuotaIssue
from targets.quotas.allotment import Decision, Series, same
from targets.quotas.issue import held_lines, issue_row, put_in_force, quota_row, record_quotas


@dataclass(frozen=True)
class QuotaLine:
    """The quota of a unit for a year; `reason` says why it adjusts an issued one."""

    organisation: Organisation
    year: int
    admission: int | None = None
    fostering: int | None = None
    decision_number: str = ""
    decided_on: dt.date | None = None
    reason: str = ""


@transaction.atomic
def issue_quotas(lines: Sequence[QuotaLine], *, actor: User | None, today: dt.date) -> list[Quota]:
    """Take over quotas decided on paper: for each giving unit a version a decision, naming the units that change.

    A unit whose numbers are in force already stays as it is.
    Refused (fields `organisation`, `year`, `admission`, `fostering`, `decided_on`): a unit that does not
    stand in the year, or no more on the day of the decision, counts and years that cannot be, a decision day after
    `today`, or before that of the decision whose numbers are in force.
    """
    problems = twice(lines, lambda line: (line.organisation.pk, line.year), "chỉ tiêu")
    for index, line in enumerate(lines):
        problems += absurd(index, line.year, {"admission": line.admission, "fostering": line.fostering})
    if problems:
        raise Refused(*problems)
    standing = Place.objects.by_unit([line.organisation.pk for line in lines])
    for index, line in enumerate(lines):
        if line.decided_on and line.decided_on > today:
            problems.append(Problem(index, "decided_on", still_to_come(line.decided_on)))
        if not stood_in(standing[line.organisation.pk], *period(line.year, None)):
            problems.append(Problem(index, "organisation", f"Tổ chức này không ở trong đảng bộ năm {line.year}."))
    if problems:
        raise Refused(*problems)
    held = held_lines({line.organisation.pk for line in lines}, {line.year for line in lines})
    problems = _older(lines, held) + _gone(lines, held, standing)
    if problems:
        raise Refused(*problems)
    changed = [line for line in lines if not same(held.get((line.organisation.pk, line.year)), line)]
    rows = put_in_force(_versions(changed, standing, held, actor))
    if changed:
        one = changed[0].organisation if len(changed) == 1 else None
        record_quotas("issue_quotas", one, len(changed), actor)
    return rows


def _older(lines: Sequence[QuotaLine], held: Mapping[tuple[int, int], Quota]) -> list[Problem]:
    """Those that would put an older decision over a newer one."""
    days = dict(QuotaIssue.objects.filter(lines__in=[row.pk for row in held.values()]).values_list("pk", "decided_on"))
    problems = []
    for index, line in enumerate(lines):
        row = held.get((line.organisation.pk, line.year))
        day = days.get(row.issue_id) if row else None
        if row and day and line.decided_on and line.decided_on < day and not same(row, line):
            said = f"Chỉ tiêu đang dùng theo quyết định ngày {vietnamese.day(day)}, sau ngày này; bỏ dòng cũ."
            problems.append(Problem(index, "decided_on", said))
    return problems


def _gone(
    lines: Sequence[QuotaLine], held: Mapping[tuple[int, int], Quota], standing: Mapping[int, list[Place]]
) -> list[Problem]:
    """Those that would give another number by a decision of a day on which the unit stood no more."""
    problems = []
    for index, line in enumerate(lines):
        if line.decided_on is None or same(held.get((line.organisation.pk, line.year)), line):
            continue
        day = max(line.decided_on, dt.date(line.year, 1, 1))
        if all(place.to_day and place.to_day <= day for place in standing[line.organisation.pk]):
            said = f"Ngày {vietnamese.day(day)} tổ chức này không còn ở trong đảng bộ; bỏ dòng này."
            problems.append(Problem(index, "organisation", said))
    return problems


def _versions(
    lines: Sequence[QuotaLine],
    standing: dict[int, list[Place]],
    held: Mapping[tuple[int, int], Quota],
    actor: User | None,
) -> list[Quota]:
    """The lines under their versions, which are written: one a decision, in the order of their days.

    A number that stays as it is held keeps the sentence it came with.
    """
    by_series: dict[Series, dict[Decision, list[QuotaLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        decision = Decision(line.decision_number, line.decided_on, line.reason)
        by_series[_series(line, standing[line.organisation.pk])][decision].append(line)
    last = _last_numbers(by_series)
    issues, named = [], []
    for series, decisions in by_series.items():
        ordered = sorted(decisions, key=lambda one: (one.day or dt.date.min, one.number))
        for number, decision in enumerate(ordered, last[series] + 1):
            issues.append(issue_row(series, number, decision, actor))
            named.append(decisions[decision])
    QuotaIssue.objects.bulk_create(issues, batch_size=1000)
    return [
        _quota(row, line, held.get((line.organisation.pk, line.year)))
        for row, under in zip(issues, named, strict=True)
        for line in under
    ]


def _quota(issue: QuotaIssue, line: QuotaLine, held: Quota | None) -> Quota:
    pair = line.admission, line.fostering
    return quota_row(issue, line.organisation, pair, held.whys_of(*pair) if held else {})


def _series(line: QuotaLine, places: Sequence[Place]) -> Series:
    """Who gave it: the unit it stood under on the day of the decision, else where it stood last in the year."""
    start, stop = period(line.year, None)
    inside = [place for place in places if stood_in([place], start, stop)]
    there = [place for place in inside if line.decided_on and place.holds_on(line.decided_on)]
    parent = (there or inside)[-1].parent_id
    return (line.organisation.pk, line.year, True) if parent is None else (parent, line.year, False)


def _last_numbers(series: Iterable[Series]) -> dict[Series, int]:
    wanted = list(series)
    rows = (
        QuotaIssue.objects.issued()
        .filter(issuer__in={issuer for issuer, _, _ in wanted}, year__in={year for _, year, _ in wanted})
        .order_by()
        .values_list("issuer", "year", "own")
        .annotate(last=Max("number"))
    )
    return dict.fromkeys(wanted, 0) | {(issuer, year, own): last for issuer, year, own, last in rows}
