"""Progress and pace of a line of work: done, asked, and what is due by today, evenly and as in the last years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from cells import vietnamese
from cells.organisations.models import Place
from reports import states
from reports.figures import pace, sectors
from reports.figures.book import open_book
from reports.figures.counted import COUNTED
from reports.figures.pace import Pace, Usual
from reports.figures.scopes import Both, Scopes
from reports.figures.sectors import SECTORS
from reports.figures.standing import Standing
from reports.figures.values import Resolver, Value
from reports.period import Period
from reports.tables.parts import parts
from reports.tables.table import (
    CHILDREN_OR_BRANCHES,
    OTHER,
    Answer,
    Column,
    Question,
    Row,
    Table,
    Unit,
    rest_row,
    units,
)
from reports.tables.told import name_units
from targets import progress
from targets.models import Target
from targets.quotas.models import Quota

ADMISSION, FOSTERING = Target.Line.ADMISSION, Target.Line.FOSTERING
#: line → key and title of its table, the figure that counts it
LINES = {
    ADMISSION: ("pace", "Tiến độ và nhịp độ kết nạp", "admitted"),
    FOSTERING: ("pace-fostering", "Tiến độ và nhịp độ bồi dưỡng tạo nguồn", "fostered"),
}
_OF_UNITS = (Column("code", "Mã", "text"), Column("name", "Tổ chức", "text"))
_OF_SECTORS = (Column("sector", "Loại hình", "text"), Column("branches", "Số chi bộ"))
_OF_PROGRAMMES = (Column("programme", "Chương trình", "text"), Column("asks", "Đặt ra cho cả năm", "text"))
#: `row_choices`: what each programme asks of the unit itself
PROGRAMMES = "programme"
_FIRST = {SECTORS: _OF_SECTORS, PROGRAMMES: _OF_PROGRAMMES}


class PaceTable(Table):
    """One line of work; a quota of its own or none, never rolled up, but for a sector, which has only its branches'."""

    about = (
        "Nhịp đều: số cần đạt, chia đều cho các ngày của năm. Nhịp mọi năm: phần của cả năm mà các năm đã hết gần đây "
        "làm được đến cùng ngày này. Dấu + là hơn nhịp, dấu − là kém."
    )
    row_choices = CHILDREN_OR_BRANCHES | {SECTORS: "Loại hình chi bộ", PROGRAMMES: "Chương trình"}
    looks_back = True
    has_quotas = True
    part_of = "quota-progress"

    def __init__(self, line: Target.Line) -> None:
        self.line = line
        self.key, self.title, self.figure = LINES[line]
        done = COUNTED[self.figure].title.lower()
        self._columns = (
            Column("quota", f"Chỉ tiêu {line.label}"),
            Column("done", f"Đã {done}", figure=self.figure),
            Column("percent", "% chỉ tiêu", "rate"),
            Column("required", "Cần đạt"),
            Column("remaining", "Còn thiếu"),
            Column("state", "Tình trạng", "text", words=states.STATES),
            Column("ahead_evenly", "Hơn, kém nhịp đều", "exact_difference"),
            Column("ahead_usually", "Hơn, kém nhịp mọi năm", "exact_difference"),
            Column("due_evenly", "Nhịp đều: đến nay", "exact"),
            Column("due_usually", "Nhịp mọi năm: đến nay", "exact"),
            Column("not_reported", "Chưa báo cáo"),
        )
        self.columns = (*_OF_UNITS, *self._columns)
        others = [key for other, (key, _, _) in LINES.items() if other != line]
        self.beside = (*others, "sector-minimums", "missed-years", "no-admission", "no-candidates")

    def columns_of(self, question: Question) -> Sequence[Column]:
        return (*_FIRST.get(question.rows, _OF_UNITS), *self._columns)

    def answer(self, question: Question) -> Answer:
        """Rows of the children (of the branches, of the sectors of the branches), "khác" where they do not add up; or
        of the programmes, which all ask of the same people.

        The pace is that of the whole year, so that the year is counted from its start whatever period is asked.
        """
        question = replace(question, period=_from_new_year(question.period))
        reader = _Reader(self, question)
        columns = self.columns_of(question)
        own, below = reader.parts()
        total = reader.unit(own, root=True)
        if question.rows == PROGRAMMES:
            rows = reader.programmes(own)
            return Answer(rows, total, reader.notes(total, rows), scopes=reader.scopes())
        if question.rows == SECTORS:
            rows = reader.sectors()
            total["branches"] = sum(row["branches"] for row in rows)
        else:
            rows = [reader.unit(unit) for unit in below]
        given, quota = _sum([row["quota"] for row in rows]), total["quota"]
        total["quotas_below"] = given
        total["quota_difference"] = None if given is None or quota is None else given - quota
        rest = rest_row(columns, rows, total, ("done",))
        if rest:
            rows.append(rest | ({"sector": OTHER} if question.rows == SECTORS else {}))
        return Answer(rows, total, reader.notes(total, rows), scopes=reader.scopes())


class _Reader:
    """What the rows are read from: the year asked, and the closed years before it for the usual course."""

    def __init__(self, table: PaceTable, question: Question) -> None:
        self._table, self._question = table, question
        year = question.period.year
        span = question.period.since(dt.date(year - pace.CLOSED_YEARS, 1, 1))
        before = Period(span.start, question.period.start)
        top = Place.objects.on(question.on).filter(organisation=question.organisation, parent=None)
        root, whole = question.organisation.pk, top.exists()
        book = open_book(root, span, scope=question.scope, whole=whole, quotas=question.quotas)
        self._book = book.over(question.period)
        self.standing: Standing = self._book.forest.standing(question.scope, year, question.on)
        self._done: Resolver = self._book.counted(table.figure, self.standing, question.period)
        self._targets = self._book.targets[year]
        self._even = pace.year_gone(question.on)
        self.usual = Usual(book.over(before), table.figure, question.scope, year)
        self._usual = self.usual.share(question.on)

    @cached_property
    def _base(self) -> Resolver:
        return self._book.base(self.standing, self._question.period.year)

    def parts(self) -> tuple[Unit, list[Unit]]:
        """The unit asked, and the units below it that are rows."""
        if self._question.rows in _FIRST:
            root = self._question.organisation.pk
            return units([root], self._question.on)[root], []
        return parts(self._question, self.standing)

    def unit(self, unit: Unit, *, root: bool = False) -> Row:
        quota, done = self._quota(unit.pk), self._done.value(unit.pk)
        asked = self._asked(unit.pk, self._levels_of_root(unit) if root else unit.levels)
        last = self._book.forest.gone_since(unit.pk, self._question.on)
        return unit.row(last_day=last) | self._figures(quota, asked, done)

    def programmes(self, own: Unit) -> list[Row]:
        """A row for each number or rate a year that a programme asks of the unit itself, the one that decides first."""
        levels, done, base = self._levels_of_root(own), self._done.value(own.pk), self._base.value(own.pk)
        found = [one for one in self._targets if progress.deciding([one], levels, self._table.line)]
        rows = []
        for one in found:
            asked = pace.asked(one, base, None)
            row = {"programme": one.programme.title, "asks": _asks(one)} | self._figures(None, asked, done)
            rows.append(row | {"percent": progress.share(done.number, asked)})  # of what it asks: no quota is its own
        return rows

    def sectors(self) -> list[Row]:
        """A row for each sector that a branch is of, with what its branches' quotas and numbers add up to."""
        names = sectors.names()
        below = sectors.branches(self._book, self.standing, self._question.on)
        return [
            {"sector": names[key], "row": key, "branches": len(below[key])} | self._sum(below[key])
            for key in names
            if key in below
        ]

    def _sum(self, branches: Sequence[int]) -> Row:
        done = [self._done.value(unit) for unit in branches]
        known = _sum([value.number for value in done])
        quota = _sum([self._quota(unit) for unit in branches])
        asked = _sum([self._asked(unit, (Target.Where.BRANCH.value,)) for unit in branches])
        return self._figures(quota, asked, Value(known, missing=sum(value.missing for value in done)))

    @cached_property
    def _quotas(self) -> Mapping[tuple[int, int], Quota]:
        root = self._question.organisation.pk
        return self._book.quotas if self._question.rows else self._book.quotas_of([root, *self.standing.below(root)])

    def _levels_of_root(self, own: Unit) -> tuple[str, ...]:
        return (Target.Where.TOP.value,) if self._book.forest.is_top(own.pk) else own.levels

    def _quota(self, unit: int) -> int | None:
        quota = self._quotas.get((unit, self._question.period.year))
        return getattr(quota, self._table.line.value) if quota else None

    def _asked(self, unit: int, levels: Sequence[str]) -> int | None:
        target = progress.deciding(self._targets, levels, self._table.line)
        return pace.asked(target, self._base.value(unit) if target else Value(None), self._quota(unit))

    def _figures(self, quota: int | None, asked: int | None, done: Value) -> Row:
        told = Pace(asked, done.number, done.missing, self._even, self._usual)
        return {
            "quota": quota,
            "done": done.number,
            "percent": progress.share(done.number, quota),
            "required": asked,
            "remaining": told.remaining,
            "due_evenly": told.due_evenly,
            "ahead_evenly": told.ahead_evenly,
            "due_usually": told.due_usually,
            "ahead_usually": told.ahead_usually,
            "not_reported": done.missing,
            "state": states.of(asked, done.number, self._question.on, unsure=bool(done.missing)),
        }

    def scopes(self) -> list[Both]:
        """The rate of admission of the unit in both scopes; beside fostering there is none."""
        if self._table.line != Target.Line.ADMISSION:
            return []
        both = Scopes(self._book, self._question.scope).of_year(self._question.period, self._question.on)
        name_units([both], self._question.on)
        return [both]

    def notes(self, total: Row, rows: Sequence[Row]) -> list[str]:
        found = [usual_told(self.usual, self._question.on)]
        if not self.standing.stands:
            found.append("Tổ chức này không ở trong đảng bộ theo phạm vi được hỏi.")
        if total["not_reported"]:
            late = vietnamese.number(total["not_reported"])
            found.append(f"{late} đơn vị chưa báo cáo đủ cho kỳ này: số đã làm chưa đủ, chưa kết luận là chậm.")
        if self._question.rows == SECTORS:
            found.append("Chỉ tiêu và số cần đạt của một loại hình là cộng chỉ tiêu của các chi bộ thuộc loại hình đó.")
        if self._question.rows == PROGRAMMES and not rows:
            found.append("Năm này không có chương trình nào đặt số hoặc tỷ lệ cho chính đơn vị.")
        if any(row["required"] is None and row.get("code") != OTHER for row in rows):
            found.append("Nơi không có chỉ tiêu thì không có nhịp độ để so.")
        return found


def usual_told(usual: Usual, on: dt.date) -> str:
    """What the usual course is taken from, and how far a year usually is by the day: one sentence."""
    share = usual.share(on)
    if share is None:
        known = f"mới biết ngày của {vietnamese.number(usual.dated)} người" if usual.dated else "chưa biết ngày của ai"
        return f"Chưa biết nhịp mọi năm: {pace.CLOSED_YEARS} năm trước {known}."
    return (
        f"Nhịp mọi năm: các năm {usual.years} của toàn đơn vị, theo {vietnamese.number(usual.dated)} người biết ngày, "
        f"hết ngày {on:%d/%m} đã có {vietnamese.percent(share)} số của cả năm."
    )


def _asks(target: Target) -> str:
    if target.kind == Target.Kind.RATE:
        return f"{vietnamese.percent(target.share)} số đảng viên đầu năm"
    return f"{vietnamese.number(progress.required(target, None) or 0)} người"


def _from_new_year(period: Period) -> Period:
    return replace(period, start=dt.date(period.year, 1, 1))


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
