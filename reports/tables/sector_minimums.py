"""The branches of each sector that a programme of the year names: who reaches its minimum, the average (C9 to C11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cells import vietnamese
from cells.rules.models import Sector
from reports.figures.book import Book, open_book
from reports.figures.targets import REACHED, WITH_SOURCES, Evaluation, Judged, average, count, each_minimum
from reports.tables.table import Answer, Column, Question, Row, Table, units
from targets.models import Target

LINES = (Target.Line.ADMISSION.value, Target.Line.FOSTERING.value)
_COUNTS = (
    "branches",
    "branches_with_sources",
    *(f"{line}_{what}" for line in LINES for what in ("met_each", "met_each_with_sources")),
)


def _columns(line: str, done: str) -> Iterator[Column]:
    """Of one line; `done` is what is done in it, in words."""
    reached = {"state": REACHED}
    yield Column(f"{line}_met_each", f"Chi bộ đạt mức {done}", branches=line, narrowed=reached)
    yield Column(
        f"{line}_met_each_with_sources",
        f"Đạt mức {done}, trong số còn nguồn",
        branches=line,
        narrowed={"state": REACHED, "sources": "yes"},
    )
    yield Column(f"{line}_average", f"{done.capitalize()} bình quân", "exact", branches=line)
    yield Column(
        f"{line}_average_with_sources",
        f"{done.capitalize()} bình quân, nơi còn nguồn",
        "exact",
        branches=line,
        narrowed={"state": WITH_SOURCES},
    )


class SectorMinimums(Table):
    """A branch counts in the sector it has on the day, also where its programme asks an average alone.

    `*_met_each` count the branches that reach what is asked of each, 1 where nothing is; a branch out of sources is in
    the first number and not in `*_with_sources`. One that has not reported is among the branches and reaches nothing.
    """

    key = "sector-minimums"
    title = "Chi bộ đạt mức tối thiểu, theo loại hình"
    about = "Mỗi loại hình có bao nhiêu chi bộ đạt mức kết nạp, bồi dưỡng của chương trình, bình quân bao nhiêu."
    columns = (
        Column("sector", "Loại hình", "text"),
        Column("branches", "Chi bộ", branches=LINES[0]),
        Column("branches_with_sources", "Còn nguồn", branches=LINES[0], narrowed={"state": WITH_SOURCES}),
        *_columns(LINES[0], "kết nạp"),
        *_columns(LINES[1], "bồi dưỡng"),
        Column("not_reported", "Chưa báo cáo"),
    )

    def answer(self, question: Question) -> Answer:
        """A row for each sector named, as listed; the total is of all their branches."""
        book = open_book(question.organisation.pk, question.period, scope=question.scope)
        found = Minimums(question, book)
        rows = [found.row(sector) for sector in found.sectors]
        total = units([question.organisation.pk], question.on)[question.organisation.pk].row(
            last_day=book.forest.gone_since(question.organisation.pk, question.on), **found.figures(found.sectors)
        )
        return Answer(rows, total, found.notes(total))


def open_minimums(question: Question) -> Minimums:
    """The branches behind the numbers of the table."""
    return Minimums(question, open_book(question.organisation.pk, question.period, scope=question.scope))


class Minimums:
    """The branches of the sectors named by programmes of the year, judged by what is asked of each on both lines."""

    def __init__(self, question: Question, book: Book) -> None:
        self._targets = book.targets[question.period.year]
        self._evaluation = Evaluation(book, question.scope, question.period, question.on)
        self.sectors = _named(self._targets)
        self.forest = book.forest
        self._known: dict[tuple[str, int], Sequence[Judged]] = {}

    def judged(self, line: str, sectors: Sequence[Sector]) -> list[Judged]:
        """The branches of these sectors on `line`; what is behind every number of the table."""
        return [one for sector in sectors for one in self._of_sector(line, sector.pk)]

    def _of_sector(self, line: str, sector: int) -> Sequence[Judged]:
        if (line, sector) not in self._known:
            asked, _ = each_minimum(self._targets, line, sector)
            self._known[line, sector] = self._evaluation.of(asked).applies
        return self._known[line, sector]

    def row(self, sector: Sector) -> Row:
        return {"sector": sector.name, "row": sector.code} | self.figures([sector])

    def figures(self, sectors: Sequence[Sector]) -> Row:
        found: Row = {}
        silent: set[int] = set()
        for line in LINES:
            branches = self.judged(line, sectors)
            with_sources = [one for one in branches if not one.exempt]
            silent |= {one.unit for one in branches if one.missing or one.done is None}
            found |= {
                "branches": len(branches),
                "branches_with_sources": len(with_sources),
                f"{line}_met_each": count(branches, REACHED),
                f"{line}_met_each_with_sources": count(with_sources, REACHED),
                f"{line}_average": average(branches),
                f"{line}_average_with_sources": average(with_sources),
            }
        return found | {"not_reported": len(silent)}

    def notes(self, total: Row) -> list[str]:
        found = []
        if not self.sectors:
            found.append("Không chương trình nào của năm này đặt chỉ tiêu cho một loại hình.")
        for line in LINES:
            unasked = [one.name for one in self.sectors if not each_minimum(self._targets, line, one.pk)[1]]
            if unasked:
                work = Target.Line(line).label
                found.append(f"Không có chỉ tiêu {work} cho: {', '.join(unasked)}; ở đó đếm chi bộ có từ 1 người.")
        if total["not_reported"]:
            number = vietnamese.number(total["not_reported"])
            found.append(f"{number} chi bộ chưa báo cáo đủ cho kỳ này; chưa tính là đạt.")
        return found


def _named(targets: Sequence[Target]) -> list[Sector]:
    """The sectors that these targets name, in the order of the lookup."""
    found = {target.sector.pk: target.sector for target in targets if target.sector is not None}
    return sorted(found.values(), key=lambda sector: (sector.order, sector.name))
