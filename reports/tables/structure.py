"""The tree below a unit on a day, each unit with its size and who answers for it: the rows of the chart, its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Min

from cells.dated import ONE_DAY, OPEN_START
from cells.organisations.models import Place, Style
from cells.people.heads import heads_of, with_heads
from reports import period
from reports.figures.book import open_book
from reports.figures.cohort import units_of
from reports.figures.sizes import sizes
from reports.figures.standing import CURRENT, OPENING, Forest, Standing
from reports.tables.table import HEADS, Answer, Column, Question, Row, Table, answering


class Structure(Table):
    """Rows of every unit below, each after the one it stands under; the total is the unit itself.

    `members` are those of the registers of the day, null where a branch below never kept one; `base` is the start of
    the year as in the tables of rates.
    """

    key = "structure"
    title = "Cơ cấu tổ chức"
    one_year = False
    of_day = True
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("kind", "Loại tổ chức", "text"),
        Column("sector", "Loại hình", "text"),
        Column("parent_code", "Mã cấp trên", "text"),
        Column("branches", "Số chi bộ"),
        Column("members", "Đảng viên", opens="members"),
        Column("base", "Đảng viên đầu năm"),
        Column("from", "Trực thuộc từ", "date"),
        Column("founded", "Thành lập, tiếp nhận", "date"),
        *HEADS,
    )

    def answer(self, question: Question) -> Answer:
        root, day = question.organisation.pk, question.on
        standing = Forest(root, day, day + ONE_DAY).standing(CURRENT, day.year, day)
        reader = _Reader(standing, day)
        found = [reader.row(unit, parent, level) for unit, parent, level in reader.in_order()]
        total = next((row for row in found if row["id"] == root), None) or _empty(self.columns, question)
        return Answer([row for row in found if row["id"] != root], total)


class _Reader:
    """What is asked once for all the units of a tree."""

    def __init__(self, standing: Standing, day: dt.date) -> None:
        self._standing = standing
        below = units_of(standing)
        styles = Style.objects.on(day).filter(organisation__in=below).select_related("organisation", "kind", "sector")
        self._styles = {row.organisation_id: row for row in with_heads(styles.order_by(), day, "organisation")}
        self._sizes = sizes(standing, {unit: row.kind for unit, row in self._styles.items()}, day)
        places = Place.objects.filter(organisation__in=below, from_day__lte=day).order_by()
        self._since = dict(places.on(day).values_list("organisation_id", "from_day"))
        first = places.values_list("organisation_id").annotate(first=Min("from_day"))
        self._founded = dict(first)
        self._bases = _bases(standing, day)

    def in_order(self) -> Iterable[tuple[int, int | None, int]]:
        """(unit, the one above, levels below the root), each before what stands below it, by name."""
        waiting: list[tuple[int, int | None, int]] = [(self._standing.root, None, 0)]
        while waiting:
            unit, parent, level = waiting.pop()
            if unit not in self._styles:
                continue
            yield unit, parent, level
            below = [pk for pk in self._standing.below(unit) if pk in self._styles]
            below.sort(key=lambda pk: (self._styles[pk].name_key, pk), reverse=True)
            waiting += [(pk, unit, level + 1) for pk in below]

    def row(self, unit: int, parent: int | None, level: int) -> Row:
        style, size = self._styles[unit], self._sizes[unit]
        return {
            "id": unit,
            "code": style.organisation.code,
            "name": style.name,
            "name_key": style.name_key,
            "kind": style.kind.name,
            "sector": style.sector.name if style.sector else None,
            "parent": parent,
            "parent_code": self._styles[parent].organisation.code if parent is not None else None,
            "level": level,
            "base_organisation": style.kind.level == style.kind.Level.BASE,
            "below": len(self._standing.below(unit)),
            "branches": size.branches,
            "members": size.members,
            "base": self._bases.get(unit),
            "from": _known(self._since.get(unit)),
            "founded": _known(self._founded.get(unit)),
            **answering(heads_of(style, style.organisation)),
        }


def _bases(standing: Standing, day: dt.date) -> dict[int, int | None]:
    """The start of the year of the day, of each unit where it stands on the day."""
    year = period.of_year(day.year, day)
    book = open_book(standing.root, year)
    resolver = book.base(book.forest.standing(OPENING, day.year, day), day.year)
    return {unit: resolver.value(unit).number for unit in units_of(standing)}


def _known(day: dt.date | None) -> dt.date | None:
    return None if day == OPEN_START else day


def _empty(columns: Iterable[Column], question: Question) -> Row:
    """The total of a unit that does not stand on the day."""
    return dict.fromkeys((column.key for column in columns), None) | {"code": question.organisation.code}
