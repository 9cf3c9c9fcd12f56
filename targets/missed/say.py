"""Saying why a unit missed its quota of a year; what was said before is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation, Place, was_there
from cells.people.models import User
from cells.rules.models import MissReason
from cells.verdict import Problem, Refused
from targets.enter import FIRST_YEAR, period, twice
from targets.missed.models import MissedReason

OTHER = "other"


@dataclass(frozen=True)
class MissedLine:
    """Why a unit missed its quota of `year`: one reason or several, and a note."""

    organisation: Organisation
    year: int
    reasons: Sequence[MissReason]
    note: str = ""


@transaction.atomic
def say_missed(lines: Sequence[MissedLine], *, actor: User | None, today: dt.date) -> list[MissedReason]:
    """Keep the reasons; gives the new rows. The very words in force are left out.

    Refused (fields `organisation`, `year`, `reasons`, `note`): no reason, one no longer in use, "lý do khác" without a
    note, a year not begun, a unit that was not there in it, the same unit and year twice.
    """
    problems = _problems(lines, today)
    if problems:
        raise Refused(*problems)
    held = _held(lines)
    new = [line for line in lines if not _same(held.get(_key(line), []), line)]
    old = [row for line in new for row in held.get(_key(line), [])]
    MissedReason.objects.filter(pk__in=[row.pk for row in old]).update(in_force=False)
    rows = MissedReason.objects.bulk_create(
        MissedReason(
            organisation=line.organisation,
            year=line.year,
            reason=reason,
            note=vietnamese.clean(line.note),
            said_on=today,
            made_by=actor,
            word=max((row.word for row in held.get(_key(line), [])), default=0) + 1,
        )
        for line in new
        for reason in _once(line.reasons)
    )
    if new:
        one = new[0].organisation if len(new) == 1 else None
        record("say_missed", actor=actor, subject="figures", count=len(new), organisation=one)
    return rows


def _key(line: MissedLine) -> tuple[int, int]:
    return line.organisation.pk, line.year


def _once(reasons: Sequence[MissReason]) -> list[MissReason]:
    return list({reason.pk: reason for reason in reasons}.values())


def _held(lines: Sequence[MissedLine]) -> dict[tuple[int, int], list[MissedReason]]:
    """The rows in force of each unit and year; the units are locked, since two may say the first word at once."""
    units = {line.organisation.pk for line in lines}
    list(Organisation.objects.filter(pk__in=units).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    rows = MissedReason.objects.in_force().filter(organisation__in=units, year__in={line.year for line in lines})
    found: dict[tuple[int, int], list[MissedReason]] = {}
    for row in rows.order_by("pk"):
        found.setdefault((row.organisation_id, row.year), []).append(row)
    return found


def _same(rows: Sequence[MissedReason], line: MissedLine) -> bool:
    reasons = {row.reason_id for row in rows} == {reason.pk for reason in line.reasons}
    return reasons and all(row.note == vietnamese.clean(line.note) for row in rows)


def _problems(lines: Sequence[MissedLine], today: dt.date) -> list[Problem]:
    standing = Place.objects.by_unit([line.organisation.pk for line in lines])
    problems = twice(lines, _key, "lý do")
    for index, line in enumerate(lines):
        if not line.reasons:
            problems.append(Problem(index, "reasons", "Chọn ít nhất một lý do."))
        old = [reason.name for reason in line.reasons if not reason.holds_on(today)]
        if old:
            problems.append(Problem(index, "reasons", f"Lý do «{old[0]}» không còn dùng; chọn lý do khác."))
        if any(reason.code == OTHER for reason in line.reasons) and not vietnamese.clean(line.note):
            problems.append(Problem(index, "note", "Chọn «lý do khác» thì nói rõ lý do gì."))
        if not FIRST_YEAR <= line.year <= today.year:
            problems.append(Problem(index, "year", f"Năm {line.year} không hợp lệ; chỉ ghi lý do của năm đã bắt đầu."))
        elif not was_there(standing[line.organisation.pk], *period(line.year, None)):
            problems.append(
                Problem(index, "organisation", f"Tổ chức này chưa lập hoặc không còn trong năm {line.year}.")
            )
    return problems
