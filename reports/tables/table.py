"""What a table is: columns, a question, and the answer with its rows and total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cells.organisations.models import Organisation, Style
from cells.people.heads import Heads, heads_of, with_heads
from reports.figures.rest import BRANCHES, REST
from reports.figures.scopes import Both
from reports.figures.standing import OPENING
from reports.period import Period
from reports.tables.told import Told
from targets import progress
from targets.quotas.models import ADJUSTED

OTHER, OTHER_TEXT = "khác", "Khác (chưa phân bổ xuống dưới)"
#: `row_choices` of a table that lists units
CHILDREN_OR_BRANCHES = {"": "Đơn vị trực thuộc", BRANCHES: "Từng chi bộ"}
Row = dict[str, Any]
#: the kinds of columns that hold numbers
NUMBERS = ("count", "difference", "exact", "exact_difference", "rate")


@dataclass(frozen=True)
class Question:
    """What is asked: a unit, a period, the day it is seen on (inclusive), the scope.

    `rows`: of a table whose rows may be chosen (`Table.row_choices`), which. `quotas`: of a table with quotas, as they
    were first given or as adjusted since (`targets.quotas.models.VERSIONS`). `alone`: of a table that
    `may_be_alone`, without what stands below the unit.
    """

    organisation: Organisation
    period: Period
    on: dt.date
    scope: str = OPENING
    rows: str = ""
    quotas: str = ADJUSTED
    alone: bool = False


@dataclass(frozen=True)
class Column:
    """`kind`: text, sentence (a text that needs room), count, difference (a count with its sign), exact and
    exact_difference (the same, not always whole), rate (a share of one), yes_no, date, year.

    `figure`: the list its numbers open; `opens`: the page of names ("cases", "members") they open, with `narrowed`
    in its query; `branches`: the line of targets ("admission", "fostering") whose branches they open, `narrowed` like
    that; `table`: the table of the unit they open, narrowed too. `words`: how the values of a text or a yes_no are
    printed. `says`: the page (by unit and year) where who does the unit's work says what stands here; the year is the
    row's `said_year`.
    """

    key: str
    title: str
    kind: str = "count"
    figure: str = ""
    opens: str = ""
    branches: str = ""
    narrowed: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    words: Mapping[Any, str] = field(default_factory=dict)
    says: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Found:
    """What a list finds, as the page of lists tells it: a key of the total, and the rows it asks for.

    `title` where it is not that of the table; `of` what is counted, units where it is empty.
    """

    key: str
    title: str = ""
    rows: str = ""
    of: str = ""


#: who answers for the unit of a row; on screen they stand under its name
HEADS = (
    Column("secretary", "Bí thư", "text"),
    Column("deputy", "Phó bí thư", "text"),
    Column("in_charge", "Cấp ủy viên phụ trách", "text"),
    Column("phone", "Điện thoại cơ quan", "text"),
)


@dataclass
class Answer:
    """Rows of the direct children (of years, of the units a list finds) and the unit itself as `total`.

    A row of a unit has its `id`, and where it stands no more on the day the `last_day` it did. `period`: the days the
    rows are of, where the table goes beyond those asked.
    """

    rows: list[Row]
    total: Row
    notes: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)  # the texts of the dated rules applied
    scopes: list[Both] = field(default_factory=list)  # the rate in both scopes, of each year that has to be told
    told: list[Told] = field(default_factory=list)  # what happened to units and shows in these figures
    period: Period | None = None


class Table:
    """A table with `key`, `title`, `columns`; `answer` is the only way to its numbers."""

    key: str
    title: str
    columns: Sequence[Column]
    about = ""  # of a list: what it finds, in one sentence
    found: Sequence[Found] = ()  # of a list: the numbers of what it finds
    one_year = True  # its figures stand against one start of the year
    of_years = False  # its rows are years of the unit itself, not its parts
    of_day = False  # it knows one day only, no period and no scope
    looks_back = False  # it goes back beyond the period asked, so that only its last day says something
    looks_on = False  # it is seen on the day asked also where that lies after the period
    of_any_span = False  # its period may be any days, chosen by the reader
    may_be_alone = False  # where its rows are chosen it may be asked of the unit without those below
    has_quotas = False  # it may be asked with the quotas as first given
    cut = ""  # by what its rows cut the unit asked, where they are not chosen
    row_choices: Mapping[str, str] = {}  # what its rows may be, the usual first ("")
    part_of = ""  # the table under whose tab it stands, where it has none itself
    beside: Sequence[str] = ()  # the tables that say more of the same

    def columns_of(self, question: Question) -> Sequence[Column]:
        """The columns of the answer; others only where the rows are chosen."""
        return self.columns

    def answer(self, question: Question) -> Answer:
        raise NotImplementedError


@dataclass(frozen=True)
class Unit:
    """How a unit is named in a table, on the day asked."""

    pk: int
    code: str
    name: str
    name_key: str
    sector: str
    sector_id: int | None
    levels: tuple[str, ...]
    heads: Heads

    def row(self, **figures: Any) -> Row:
        """What every row of a unit says of it, and these figures."""
        return {
            "id": self.pk,
            "code": self.code,
            "name": self.name,
            "name_key": self.name_key,
            **answering(self.heads),
            **figures,
        }


def answering(heads: Heads) -> Row:
    """What a row says of who answers for its unit: on screen `heads`, in a file the columns HEADS."""
    return {
        "heads": heads,
        "secretary": heads.secretary or None,
        "deputy": heads.deputy or None,
        "in_charge": heads.charge or None,
        "phone": heads.phone or None,
    }


def units(ids: Iterable[int], on: dt.date) -> dict[int, Unit]:
    """Names, levels and heads of units on `on`, in one query, in the order of their names.

    A unit not yet styled on `on` has its first style, one no longer styled its last.
    """
    styles = (
        Style.objects.filter(organisation__in=list(ids))
        .select_related("organisation", "kind", "sector")
        .order_by("from_day")
    )
    nearest: dict[int, Style] = {}
    for style in with_heads(styles, on, "organisation"):
        if style.organisation_id not in nearest or style.from_day <= on:
            nearest[style.organisation_id] = style
    rows = sorted(nearest.values(), key=lambda row: (row.name_key, row.organisation.code))
    return {
        row.organisation_id: Unit(
            row.organisation_id,
            row.organisation.code,
            row.name,
            row.name_key,
            row.sector.name if row.sector else "",
            row.sector_id,
            levels(row),
            heads_of(row, row.organisation),
        )
        for row in rows
    }


def levels(style: Style) -> tuple[str, ...]:
    """The levels of targets that may apply to a unit below the top."""
    return progress.levels(style.kind)


def rest_row(
    columns: Sequence[Column], rows: list[Row], total: Row, summed: Sequence[str], *, own: bool = False
) -> Row | None:
    """The row "khác": what the total has beyond its rows in the columns `summed`; null if nothing.

    Beyond a total that is not known nothing can be told. `own`: it is what stands at the unit itself, and no other.
    """
    beyond: Row = {}
    for key in summed:
        told = sum(row[key] or 0 for row in rows)
        beyond[key] = None if total[key] is None else total[key] - told
    if not any(beyond.values()):
        return None
    blank: Row = {column.key: None for column in columns}
    return blank | {"code": OTHER, "name": OTHER, "row": REST, "own": own} | beyond
