"""Deeds that enter figures: start-of-year bases and declared results.

Each takes a list and writes all of it or nothing. A base never moves: one that is there is refused, for a correction
is a deed of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from cells import vietnamese
from cells.log.write import Changes, record
from cells.organisations.models import Organisation, Place, was_there
from cells.people.models import User
from cells.verdict import Problem, Refused
from targets.models import RESULTS, Base, DeclaredResult

#: The Party's first year, and a year nobody plans for; more members than the whole country has.
FIRST_YEAR, LAST_YEAR, MOST = 1930, 2100, 10_000_000


@dataclass(frozen=True)
class BaseLine:
    """Members of a unit on 1/1 of `year`."""

    organisation: Organisation
    year: int
    total: int
    full: int | None = None
    probationary: int | None = None
    female: int | None = None


@dataclass(frozen=True)
class ResultLine:
    """Declared figures of a unit for a year, or for one month of it. `values` has keys of RESULTS."""

    organisation: Organisation
    year: int
    month: int | None = None
    values: dict[str, int | None] = field(default_factory=dict)


@transaction.atomic
def declare_bases(lines: Sequence[BaseLine], *, actor: User | None, today: dt.date) -> list[Base]:
    """Enter start-of-year counts. Fields: `organisation`, `year`, `total`, `female`.

    Refused: a base that is there already, a unit that neither stood on 1/1 nor joined in the year,
    parts that do not add up, counts and years that cannot be, a year after `today`'s.
    """
    problems = twice(lines, lambda line: (line.organisation.pk, line.year), "số đầu năm")
    for index, line in enumerate(lines):
        problems += absurd(index, line.year, {"total": line.total, "female": line.female})
    if problems:
        raise Refused(*problems)
    taken = set(Base.objects.filter(organisation__in=_units(lines)).values_list("organisation_id", "year"))
    standing = Place.objects.by_unit(_units(lines))
    for index, line in enumerate(lines):
        problems += _base_problems(index, line, today)
        if (line.organisation.pk, line.year) in taken:
            problems.append(Problem(index, "year", f"Đã có số đầu năm {line.year}; muốn sửa thì dùng «Đính chính»."))
        elif not _has_base(standing[line.organisation.pk], line.year):
            problems.append(
                Problem(
                    index, "organisation", f"Tổ chức này chưa có hoặc không còn ở trong đảng bộ ngày 01/01/{line.year}."
                )
            )
    if problems:
        raise Refused(*problems)
    rows = Base.objects.bulk_create(
        Base(
            organisation=line.organisation,
            year=line.year,
            total=line.total,
            full=line.full,
            probationary=line.probationary,
            female=line.female,
            made_by=actor,
        )
        for line in lines
    )
    _record("declare_bases", lines, actor)
    return rows


@transaction.atomic
def declare_results(lines: Sequence[ResultLine], *, actor: User | None, today: dt.date) -> list[DeclaredResult]:
    """Enter declared figures; a row of the same unit and period is replaced, its old values logged.

    Refused (fields `organisation`, `year`, `month` and the keys of RESULTS): a period not begun, months
    that do not agree with the year's row, counts and periods that cannot be, a unit that was not there in it.
    One that came from outside or left is there before and after: what counts of it is for the figures to say.
    """
    problems = twice(lines, lambda line: (line.organisation.pk, line.year, line.month), "số liệu của kỳ này")
    for index, line in enumerate(lines):
        problems += absurd(index, line.year, line.values, month=line.month)
    if problems:
        raise Refused(*problems)
    problems = _period_problems(lines, today)
    known = {
        (row.organisation_id, row.year, row.month): row
        for row in DeclaredResult.objects.filter(organisation__in=_units(lines)).select_for_update()
    }
    problems += _disagreements(lines, known)
    if problems:
        raise Refused(*problems)
    changes: Changes = {}
    new, replaced = [], []
    for line in lines:
        row = known.get((line.organisation.pk, line.year, line.month))
        if row is None:
            new.append(_result(line))
            continue
        changes |= _replace(row, line)
        replaced.append(row)
    rows = DeclaredResult.objects.bulk_create(new)
    DeclaredResult.objects.bulk_update(replaced, list(RESULTS), batch_size=200)
    _record("declare_results", lines, actor, changes)
    return [*rows, *replaced]


def _units(lines: Sequence) -> list[int]:
    return [line.organisation.pk for line in lines]


def twice(lines: Sequence, key: Callable, what: str) -> list[Problem]:
    times = Counter(key(line) for line in lines)
    return [
        Problem(index, "organisation", f"Có hai dòng {what} cho cùng một tổ chức; giữ lại một dòng.")
        for index, line in enumerate(lines)
        if times[key(line)] > 1
    ]


def stood_in(places: list[Place], start: dt.date, stop: dt.date) -> bool:
    return any(place.from_day < stop and (place.to_day is None or place.to_day > start) for place in places)


def _has_base(places: list[Place], year: int) -> bool:
    """Whether the unit stood on 1/1, or joined in the year and brings the count of its own 1/1 along."""
    return any(
        place.holds_on(dt.date(year, 1, 1)) or (place.opened_as == Place.Opened.JOINED and place.from_day.year == year)
        for place in places
    )


def period(year: int, month: int | None) -> tuple[dt.date, dt.date]:
    """The half-open days of a year or of one month of it."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1)


def absurd(index: int, year: int, counts: dict, *, month: int | None = None) -> list[Problem]:
    """A year, a month or counts that cannot be, whoever typed them."""
    problems = []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        problems.append(Problem(index, "year", f"Năm {year} không hợp lệ."))
    if month is not None and not 1 <= month <= 12:
        problems.append(Problem(index, "month", f"Tháng {month} không hợp lệ; tháng từ 1 đến 12."))
    for name, count in counts.items():
        if count is not None and not 0 <= count <= MOST:
            problems.append(
                Problem(index, name, f"Số {count} không hợp lệ; ghi số từ 0 đến {vietnamese.number(MOST)}.")
            )
    return problems


def _base_problems(index: int, line: BaseLine, today: dt.date) -> list[Problem]:
    problems = []
    if line.year > today.year:
        problems.append(Problem(index, "year", f"Năm {line.year} chưa đến."))
    parts = (line.full, line.probationary)
    if None not in parts and sum(part or 0 for part in parts) != line.total:
        problems.append(
            Problem(
                index,
                "total",
                f"Chính thức {line.full} cộng dự bị {line.probationary} không bằng tổng số {line.total}.",
            )
        )
    if any(part is not None and part > line.total for part in parts):
        problems.append(Problem(index, "total", "Chính thức hoặc dự bị lớn hơn tổng số đảng viên."))
    if line.female is not None and line.female > line.total:
        problems.append(Problem(index, "female", f"Số nữ {line.female} lớn hơn tổng số {line.total}."))
    return problems


def _period_problems(lines: Sequence[ResultLine], today: dt.date) -> list[Problem]:
    """Figures are declared of a period that has begun, by a unit that stood in it."""
    standing = Place.objects.by_unit(_units(lines))
    problems = []
    for index, line in enumerate(lines):
        start, stop = period(line.year, line.month)
        if start > today:
            field = "month" if line.month else "year"
            problems.append(Problem(index, field, "Kỳ này chưa đến; chỉ khai việc đã xảy ra."))
        if not was_there(standing[line.organisation.pk], start, stop):
            problems.append(Problem(index, "organisation", "Tổ chức này chưa lập hoặc không còn trong kỳ đó."))
    return problems


def _replace(row: DeclaredResult, line: ResultLine) -> Changes:
    """Put the line's figures into `row`; what they change, for the log."""
    mark = f"{line.organisation.code} {line.month or ''}/{line.year}"
    changes: Changes = {}
    for name, value in line.values.items():
        if getattr(row, name) != value:
            changes[f"{mark} {name}"[-60:]] = (getattr(row, name), value)
            setattr(row, name, value)
    return changes


def _disagreements(lines: Sequence[ResultLine], known: dict) -> list[Problem]:
    """Months and the year's row of one unit must agree: not above the year, equal once all twelve are there."""
    values = {key: {name: getattr(row, name) for name in RESULTS} for key, row in known.items()}
    for line in lines:
        values.setdefault((line.organisation.pk, line.year, line.month), {}).update(line.values)
    months: dict[tuple[int, int], list[dict]] = defaultdict(list)
    for (pk, year, month), row in values.items():
        if month is not None:
            months[pk, year].append(row)
    problems = []
    for index, line in enumerate(lines):
        whole = values.get((line.organisation.pk, line.year, None))
        parts = months.get((line.organisation.pk, line.year), [])
        if whole is None or not parts:
            continue
        for name, title in RESULTS.items():
            given = [part[name] for part in parts if part.get(name) is not None]
            if whole.get(name) is None or not given:
                continue
            total = sum(given)
            if total > whole[name] or (len(given) == 12 and total != whole[name]):
                problems.append(
                    Problem(
                        index,
                        name,
                        f"{title}: các tháng cộng lại {total}, dòng cả năm ghi {whole[name]}; hai số phải khớp.",
                    )
                )
    return problems


def _result(line: ResultLine) -> DeclaredResult:
    return DeclaredResult(organisation=line.organisation, year=line.year, month=line.month, **line.values)


def _record(deed: str, lines: Sequence, actor: User | None, changes: dict | None = None) -> None:
    one = lines[0].organisation if len(lines) == 1 else None
    record(deed, actor=actor, subject="figures", count=len(lines), organisation=one, changes=changes)
