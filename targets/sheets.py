"""Sheets `So lieu dau nam`, `Chi tieu` and `Ket qua`: figures of units, keyed by code and year (month)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from cells.organisations.models import Organisation
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Column, Row, Sheet, State, register
from cells.sheets.values import Code, Count, Day, Month, Text, Year, YesNo
from targets.enter import (
    BaseLine,
    ResultLine,
    declare_bases,
    declare_results,
)
from targets.models import RESULTS, Base, DeclaredResult, Quota, QuotaIssue, Sources
from targets.quotas.take_over import QuotaLine, issue_quotas
from targets.sources.say import SourcesLine, declare_sources

STRUCTURE = ("To chuc", "Sap xep")
_CODE = Column(
    "organisation_code",
    "Mã tổ chức",
    Code(),
    required=True,
    aliases=("Mã đơn vị", "Mã TCĐ"),
    deed_fields=("organisation",),
    example="TU.01",
)
_YEAR = Column("year", "Năm", Year(), required=True, example=2024)


def export_bases() -> Iterator[Sequence[Any]]:
    for row in Base.objects.select_related("organisation").order_by("year", "organisation__code"):
        yield row.organisation.code, row.year, row.total, row.full, row.probationary, row.female


def export_quotas() -> Iterator[Sequence[Any]]:
    """Quotas and words on sources in force, one row for a unit and year."""
    quotas = {(row.organisation_id, row.year): row for row in Quota.objects.in_force().select_related("issue")}
    sources = {(row.organisation_id, row.year): row for row in Sources.objects.in_force()}
    codes = dict(Organisation.objects.values_list("pk", "code"))
    nothing = Quota(issue=QuotaIssue())
    for pk, year in sorted(quotas.keys() | sources.keys(), key=lambda key: (key[1], codes[key[0]])):
        quota, told = quotas.get((pk, year), nothing), sources.get((pk, year))
        yield (
            codes[pk],
            year,
            quota.admission,
            quota.fostering,
            None if told is None else "Có" if told.has_sources else "Không",
            told.reason if told else "",
            quota.issue.decision_number,
            quota.issue.decided_on,
            quota.issue.reason,
        )


def export_results() -> Iterator[Sequence[Any]]:
    for row in DeclaredResult.objects.select_related("organisation").order_by("year", "month", "organisation__code"):
        yield row.organisation.code, row.year, row.month, *(getattr(row, name) for name in RESULTS)


BASES = Sheet(
    "So lieu dau nam",
    (
        _CODE,
        _YEAR,
        Column(
            "total",
            "Tổng số đảng viên",
            Count(),
            required=True,
            aliases=("Tổng số", "Tổng số đảng viên đầu năm"),
            example=120,
        ),
        Column("full", "Chính thức", Count(), example=115),
        Column("probationary", "Dự bị", Count(), example=5),
        Column("female", "Nữ", Count(), example=48),
    ),
    export_bases,
    ("Số đảng viên ngày 01/01 của năm. Số đã nhập không đổi được bằng tệp; dùng chức năng đính chính.",),
)

QUOTAS = Sheet(
    "Chi tieu",
    (
        _CODE,
        _YEAR,
        Column("admission", "Chỉ tiêu kết nạp", Count(), example=4),
        Column("fostering", "Chỉ tiêu bồi dưỡng", Count(), example=6),
        Column("has_sources", "Còn nguồn", YesNo(), example="Có"),
        Column("no_sources_reason", "Lý do hết nguồn", Text(300), note="Cần ghi khi «Còn nguồn» là Không."),
        Column("decision_number", "Số quyết định", Text(60), aliases=("Số QĐ",)),
        Column("decided_on", "Ngày", Day(), aliases=("Ngày quyết định",)),
        Column("reason", "Lý do điều chỉnh", Text(300)),
    ),
    export_quotas,
    ("Nhập lên chỉ tiêu đã giao thì thành lần điều chỉnh mới; lần cũ vẫn được giữ.",),
)

RESULT = Sheet(
    "Ket qua",
    (
        _CODE,
        _YEAR,
        Column("month", "Tháng", Month(), note="Để trống: số của cả năm.", example=3),
        *(Column(name, title, Count(), example=1 if name == "admitted" else "") for name, title in RESULTS.items()),
    ),
    export_results,
    ("Số khai báo thay cho số trong sổ của tổ chức và kỳ đó. Ô trống là chưa báo cáo, không phải số 0.",),
)


# --- bases --------------------------------------------------------------------------------------------


def load_bases(session: Session, rows: dict[str, list[Row]]) -> None:
    """Enter bases; one that is there already must say the same."""
    placed = _placed(session, rows[BASES.name])
    known = _known(Base.objects.all(), placed)
    pairs = []
    for row in placed:
        held = known.get((row["organisation"].pk, row["year"]))
        if held is None:
            row.state = State.NEW
            pairs.append(
                (
                    row,
                    BaseLine(
                        row["organisation"], row["year"], row["total"], row["full"], row["probationary"], row["female"]
                    ),
                )
            )
        else:
            row.state = State.UNCHANGED
            _compare(session, row, held, ("total", "full", "probationary", "female"), "Số đầu năm đã chốt")
    session.perform(declare_bases, pairs)


def _compare(session: Session, row: Row, held: Any, names: Sequence[str], what: str) -> None:
    """Refuse where a cell that is not empty says something else than is held."""
    for name in names:
        value = getattr(held, name)
        if row[name] is not None and row[name] != value:
            shown = "để trống" if value in (None, "") else value
            session.refuse(row, name, f"{what}: «{shown}»; dùng chức năng đính chính.")


# --- quotas and sources -------------------------------------------------------------------------------


def load_quotas(session: Session, rows: dict[str, list[Row]]) -> None:
    """Issue or adjust quotas, and note which units have sources left."""
    placed = _placed(session, rows[QUOTAS.name])
    quotas = _known(Quota.objects.in_force().select_related("issue"), placed)
    sources = _known(Sources.objects.in_force(), placed)
    papers = _papers(placed)
    issued, declared = [], []
    for row in placed:
        row.state = State.UNCHANGED
        key = (row["organisation"].pk, row["year"])
        line = _quota_line(session, row, quotas.get(key), papers[key])
        if line:
            issued.append((row, line))
        told = _sources_line(session, row, sources.get(key))
        if told:
            declared.append((row, told))
    session.perform(issue_quotas, issued)
    session.perform(declare_sources, declared, reason="no_sources_reason")


def _papers(rows: Sequence[Row]) -> dict[tuple[int, int], list[tuple]]:
    """(unit, year) → number, day, admission and fostering of every decision that named the unit."""
    found = defaultdict(list)
    for some in batches(row["organisation"].pk for row in rows):
        lines = Quota.objects.issued().filter(organisation__in=some).order_by()
        told = lines.values_list(
            "organisation_id", "year", "issue__decision_number", "issue__decided_on", "admission", "fostering"
        )
        for unit, year, *paper in told:
            found[unit, year].append(tuple(paper))
    return found


def _quota_line(session: Session, row: Row, held: Quota | None, papers: Collection[tuple]) -> QuotaLine | None:
    """The quota to issue; null where the row says nothing of it or what is in force. An empty cell keeps its number.

    A row with the numbers in force may name any decision that named the unit: a later one may have left them alone.
    """
    if row["admission"] is None and row["fostering"] is None:
        if row["has_sources"] is None:
            session.refuse(row, "admission", "Dòng không ghi gì: ghi chỉ tiêu hoặc «Còn nguồn».")
        return None
    admission, fostering = row["admission"], row["fostering"]
    if held is not None:
        admission = held.admission if admission is None else admission
        fostering = held.fostering if fostering is None else fostering
        if (admission, fostering) == (held.admission, held.fostering):
            if not any(_names(row, *paper[:2]) for paper in papers):
                _compare(session, row, held.issue, ("decision_number", "decided_on"), "Chỉ tiêu này đã giao, ghi khác")
            return None
    if row["decision_number"] and any(
        _names(row, *paper[:2]) and paper[2:] == (admission, fostering) for paper in papers
    ):
        return None  # a decision that was adjusted since
    row.state = State.NEW if held is None else State.CHANGED
    return QuotaLine(
        row["organisation"],
        row["year"],
        admission,
        fostering,
        row["decision_number"] or "",
        row["decided_on"],
        row["reason"] or "",
    )


def _names(row: Row, number: str, day: dt.date | None) -> bool:
    """Whether what the row says of the decision, if anything, is this."""
    return row["decision_number"] in (None, number) and row["decided_on"] in (None, day)


def _sources_line(session: Session, row: Row, held: Sources | None) -> SourcesLine | None:
    if row["has_sources"] is None:
        if row["no_sources_reason"]:
            session.refuse(row, "no_sources_reason", "Có lý do hết nguồn mà «Còn nguồn» để trống; ghi Có hoặc Không.")
        return None
    reason = row["no_sources_reason"] or ""
    if not row["has_sources"] and not reason:
        session.refuse(row, "no_sources_reason", "Hết nguồn thì ghi lý do hết nguồn.")
        return None
    if held is not None and (held.has_sources, held.reason) == (row["has_sources"], reason):
        return None
    if row.state is State.UNCHANGED:
        row.state = State.NEW if held is None else State.CHANGED
    return SourcesLine(row["organisation"], row["year"], row["has_sources"], reason)


# --- declared results ---------------------------------------------------------------------------------


def load_results(session: Session, rows: dict[str, list[Row]]) -> None:
    """Declare results; a row over one that is there replaces it, in the columns that the file has."""
    placed = _placed(session, rows[RESULT.name], month=True)
    known: dict[tuple[int, int, int | None], DeclaredResult] = {}
    for some in batches(row["organisation"].pk for row in placed):
        found = DeclaredResult.objects.filter(organisation__in=some)
        known |= {(result.organisation_id, result.year, result.month): result for result in found}
    pairs = []
    for row in placed:
        held: DeclaredResult | None = known.get((row["organisation"].pk, row["year"], row["month"]))
        values = {name: row[name] for name in RESULTS if name in row.table.positions}
        if held is None and all(value is None for value in values.values()):
            session.refuse(row, "organisation_code", "Dòng không có số nào; bỏ dòng này, hoặc ghi 0 nếu không có ai.")
        elif held is not None and all(getattr(held, name) == value for name, value in values.items()):
            row.state = State.UNCHANGED
        else:
            row.state = State.NEW if held is None else State.CHANGED
            pairs.append((row, ResultLine(row["organisation"], row["year"], row["month"], values)))
    session.perform(declare_results, pairs)


# --- shared -------------------------------------------------------------------------------------------


def _placed(session: Session, rows: Sequence[Row], *, month: bool = False) -> list[Row]:
    """The rows with their units, one for each unit and year (and month)."""
    placed = session.place(rows)
    return session.refuse_doubles(
        placed,
        lambda row: (row["organisation_code"], row["year"], row["month"] if month else None),
        "organisation_code",
    )


def _known(held_rows: QuerySet, rows: Sequence[Row]) -> dict[tuple[int, int], Any]:
    known = {}
    for some in batches(row["organisation"].pk for row in rows):
        for held in held_rows.filter(organisation__in=some):
            known[held.organisation_id, held.year] = held
    return known


register(load_bases, BASES, after=STRUCTURE)
register(load_quotas, QUOTAS, after=STRUCTURE)
register(load_results, RESULT, after=STRUCTURE)
