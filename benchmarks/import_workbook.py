"""Import of the 7.894-member workbook, beside reading it and bulk-inserting the very rows it leads to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import python_calamine
from django.db import connection, models, transaction

from benchmarks.measure import Ratio, best
from cells.log.models import Entry
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.people.models import Person
from cells.sheets.load import import_workbook
from membership.models import Background, Candidacy, Spell, StageEvent
from reports import reference_city
from targets.models import Base, DeclaredResult, Quota, Sources

PROMISED = 3.0
#: Those that others point to first.
MODELS: tuple[type[models.Model], ...] = (
    Organisation, Place, Style, Operation, Person, Background, Candidacy, Candidacy.strata.through, StageEvent, Spell,
    Base, Quota, Sources, DeclaredResult, Entry,
)  # fmt: skip
Rows = list[tuple[type[models.Model], list]]


def run(times: int = 4) -> Ratio:
    """Print and return the ratio; the database must be migrated and otherwise empty, and stays so."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.xlsx"
        reference_city.write(path)
        rows: Rows = []
        # in turn, so that a busy moment of the machine falls on both
        pairs = [(_undone(lambda: _import(path), rows), _undone(lambda: _floor(path, rows))) for _ in range(times)]
    ours, floor = min(first for first, _ in pairs), min(second for _, second in pairs)
    count = sum(len(found) for _, found in rows)
    ratio = Ratio(f"import, {connection.vendor}, {count} rows in {len(rows)} tables", ours, floor, PROMISED)
    ratio.tell()
    return ratio


def _undone(work: Callable[[], None], written: Rows | None = None) -> float:
    """Seconds of `work`, whose rows go to `written` and then out of the database again (the log cannot be emptied)."""
    with transaction.atomic():
        seconds = best(work, 1)
        if written is not None:
            written[:] = [(model, list(model._base_manager.all())) for model in MODELS]
        transaction.set_rollback(True)
    return seconds


def _import(path: Path) -> None:
    report = import_workbook(path, actor=None, today=reference_city.TODAY)
    assert report.written, [str(refusal) for refusal in report.refusals[:5]]


def _floor(path: Path, rows: Rows) -> None:
    """The least that any import does: every cell read, every row inserted, all keys known beforehand."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    with transaction.atomic():
        for model, found in rows:
            model._base_manager.bulk_create(found, batch_size=1000)
