"""What a page of figures is asked: the unit with the reader's rights, the day, the year, the scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cells import vietnamese
from cells.asked_day import AskedDay, asked_day
from cells.organisations import tree
from cells.organisations.access import not_there, strangers
from cells.organisations.models import Organisation, Place, Style
from cells.organisations.path import Step, from_the_top, parent_on, steps
from cells.people import rights
from cells.people.heads import Heads, heads_of, with_heads
from cells.people.models import User
from config import clock
from reports import period
from reports.figures.standing import OPENING, SCOPES
from reports.tables import Question
from reports.tables import table as tables
from reports.tables.table import Row, levels

YEARS_SHOWN = 5
FIGURES_ONLY = "Đơn vị này nay không còn thuộc phạm vi của bạn: ngày cũ chỉ xem được số liệu."
#: what a row tells of the people who answer for its unit
HEADS = ("heads", *(column.key for column in tables.HEADS))
#: what a row quotes in somebody's own words
OWN_WORDS = ("reason", "reasons", "answer")
#: tabs under «Thêm», so that the others fit in one line
_RARER = ("Chức vụ", "Sơ đồ", "Nguồn kết nạp", "Số đầu năm", "Khai kết quả", "Giao chỉ tiêu")


@dataclass(frozen=True)
class PathUnit:
    """One unit of the path from the top, as the frame shows it."""

    organisation: Organisation
    style: Style
    heads: Heads

    @property
    def name(self) -> str:
        return self.style.name

    def get_absolute_url(self) -> str:
        return self.organisation.get_absolute_url()


@dataclass(frozen=True)
class Asked:
    """A page of figures: `path` ends at the unit itself."""

    reader: User
    path: list[PathUnit]
    steps: list[Step]  # the path as links
    capabilities: frozenset[str]
    inside: bool  # the reader stands at the unit or above it, today or then, so its parts may be shown
    by_past: bool  # seen only because it then stood under the reader: figures, no name of anybody
    declares: bool  # the reader may open what the unit declares: on a past day only to look
    allocates: bool  # the reader issues quotas to the unit or to its parts
    day: AskedDay
    year: int
    scope: str

    @property
    def on(self) -> dt.date:
        return self.day.on

    @property
    def today(self) -> dt.date:
        return self.day.today

    @property
    def unit(self) -> PathUnit:
        return self.path[-1]

    @property
    def is_top(self) -> bool:
        return len(self.path) == 1

    @property
    def units_below(self) -> Any:
        """Subquery of ids: the unit and all below it on the day; under the top whatever stands, without a walk."""
        if self.is_top:
            return Place.objects.on(self.on).order_by().values("organisation")
        return tree.below([self.unit.organisation.pk], self.on)

    @property
    def question(self) -> Question:
        year = period.of_year(self.year, self.on, today=self.today)
        return Question(self.unit.organisation, year, min(self.on, year.last), self.scope)

    @property
    def question_on_day(self) -> Question:
        """Of what knows one day only: the day asked, whatever year the page is of."""
        return Question(self.unit.organisation, period.of_year(self.on.year, self.on, today=self.today), self.on)

    @property
    def span(self) -> period.Period:
        """The years of the line of rates, to the day asked."""
        return period.between(
            dt.date(self.year - YEARS_SHOWN + 1, 1, 1), dt.date(self.year, 12, 31), self.on, today=self.today
        )

    def question_over(self, span: period.Period) -> Question:
        """The same question over more years."""
        return Question(self.unit.organisation, span, self.on, self.scope)

    @property
    def levels(self) -> tuple[str, ...]:
        return levels(self.unit.style)

    @property
    def is_branch(self) -> bool:
        return self.unit.style.kind.is_branch

    def list_url(self, figure: str, *, year: int | None = None) -> str:
        """The list behind a number of this unit; "" where it is not the reader's to open."""
        if not self.inside:
            return ""
        address = reverse("items", args=[self.unit.organisation.code, figure])
        return address + self.query(year=year)

    def unit_url(self, row: Row) -> str:
        """The page of the unit of a row: on the day asked, or on the last day it stood; "" where it moved away."""
        if row.get("strange"):
            return ""
        url = reverse("unit", args=[row["code"]])
        return self.day.moved(url, row["last_day"]) if row.get("last_day") else url + self.query()

    def cases_url(self, stage: str) -> str:
        """The cases behind a number of this unit; "" where it is not the reader's to open."""
        if not self.sees_people:
            return ""
        return self.day.keep(f"{reverse('cases')}?unit={self.unit.organisation.code}&stage={stage}")

    def named_url(self, page: str, code: str, on: dt.date, **narrowed: str) -> str:
        """The page of names ("cases", "members") of the unit `code` on `on`, the day that the number is of."""
        url = f"{reverse(page)}?{urlencode({'unit': code} | narrowed)}"
        return url if on == self.today else self.day.moved(url, on)

    def may(self, capability: str) -> bool:
        """What the reader may do here: on a past day nothing but look."""
        return capability in self.capabilities

    @property
    def sees_people(self) -> bool:
        return self.may(rights.SEE_PEOPLE)

    def named_units(self, rows: Iterable[Row]) -> set[int]:
        """The units of `rows` whose people the reader sees today; on a past day rows may be of units gone since."""
        ids = [row["id"] for row in rows if row.get("id")]
        if not self.day.is_past:
            return set(ids)
        held = Organisation.objects.filter(pk__in=ids).for_user(self.reader, rights.SEE_PEOPLE, on=self.today)
        return set(held.values_list("pk", flat=True))

    def working_units(self, rows: Iterable[Row]) -> set[int]:
        """The units of `rows` whose work the reader does; none on a past day."""
        if not self.may(rights.BRANCH_WORK):
            return set()
        ids = [row["id"] for row in rows if row.get("id")]
        held = Organisation.objects.filter(pk__in=ids).for_user(self.reader, rights.BRANCH_WORK, on=self.today)
        return set(held.values_list("pk", flat=True))

    def without_strangers(self, rows: list[Row], *, turned: bool = True) -> list[Row]:
        """`rows` with nobody named at units that are not the reader's today: a past day shows figures of those, and
        the opening scope those of units that moved away; of the latter today's pages are none of the reader's.

        `turned`: whether any unit came or went in the year. Today what is gone (`last_day`) keeps its last heads.
        """
        ids = [row["id"] for row in rows if row.get("id") and (self.day.is_past or not row.get("last_day"))]
        strange = strangers(self.reader, ids, self.day, moved=turned and self.scope == OPENING)
        hidden = dict.fromkeys((*HEADS, *OWN_WORDS))
        here = {} if self.day.is_past else {"strange": True}
        return [
            row | {key: None for key in hidden if key in row} | here if row.get("id") in strange else row
            for row in rows
        ]

    def without_own_words(self, row: Row) -> Row:
        """`row` for a reader of figures alone: what people wrote in their own words may name somebody."""
        return row if self.sees_people else row | {key: None for key in OWN_WORDS if key in row}

    def query(self, year: int | None = None) -> str:
        """The choices of this page for the links it makes; "" where all are the usual ones."""
        chosen = []
        year = year or self.year
        if year != self.on.year:
            chosen.append(f"year={year}")
        if self.scope != OPENING:
            chosen.append(f"scope={self.scope}")
        return self.day.keep(f"?{'&'.join(chosen)}") if chosen or self.day.is_past else ""

    def freshness(self) -> str:
        """One sentence under every page with figures."""
        return f"Số liệu tính đến {vietnamese.day(min(self.on, self.question.period.last))}, {SCOPES[self.scope]}."

    def context(self, active: str = "") -> dict:
        """What the frame needs; `active` is the address of the tab that leads here."""
        return self.day.context() | {
            "asked": self,
            "path": self.steps,
            "heads": None if self.by_past else self.unit.heads,
            "office": self.path[0].name,
            "tabs": _tabs(self, active),
        }


def asked(request: HttpRequest, code: str) -> Asked:
    """Read the request. 404, logged, for a unit whose figures are not the reader's to see."""
    day = asked_day(request, clock.today())
    path = _path(code, day.on)
    if not path:
        not_there(request, code, day)
    reader, unit = request.user, path[-1].organisation
    then_above = {step.organisation.pk for step in path[:-1]}
    above = _above(unit, day.today) if day.is_past else then_above
    held = rights.capabilities(reader, unit.pk, on=day.today, above=above)
    then = held | rights.capabilities(reader, unit.pk, on=day.today, above=then_above) if day.is_past else held
    if rights.SEE_FIGURES not in then:
        not_there(request, code, day)
    by_past = rights.SEE_FIGURES not in held
    scope = request.GET.get("scope", OPENING)
    return Asked(
        reader=reader,
        path=path,
        steps=steps(reader, [(step.organisation, step.name) for step in path], day),
        capabilities=held & rights.LOOKING if day.is_past else held,
        inside=bool(reader.units_on(day.today) & (above | then_above | {unit.pk})),
        by_past=by_past,
        declares=rights.DECLARE in then,
        allocates=rights.ALLOCATE in then or _allocates_below(request, path[-1]),
        day=day,
        year=_year(request.GET.get("year"), day.on),
        scope=scope if scope in SCOPES else OPENING,
    )


def _path(code: str, on: dt.date) -> list[PathUnit]:
    """From the top to the unit of `code` as on `on`, with who answers for each; one query."""
    rows = (
        Style.objects.on(on)
        .filter(organisation__in=tree.line(code, on))
        .select_related("organisation", "kind", "sector")
        .order_by()
        .annotate(parent_id=parent_on(on, "organisation"))
    )
    found = {row.organisation_id: row for row in with_heads(rows, on, "organisation")}
    last = next((row for row in found.values() if row.organisation.code == code), None)
    way = from_the_top(found, last) if last else []
    return [PathUnit(row.organisation, row, heads_of(row, row.organisation)) for row in way]


def _above(unit: Organisation, day: dt.date) -> set[int]:
    return set(Organisation.objects.above(unit.pk, on=day).values_list("pk", flat=True))


def _year(text: str | None, on: dt.date) -> int:
    if text and text.isascii() and text.isdigit() and 1990 <= int(text) <= on.year:
        return int(text)
    return on.year


def _allocates_below(request: HttpRequest, step: PathUnit) -> bool:
    """A committee issues quotas to its parts, not to itself: its own page leads there too."""
    if step.style.kind.is_branch:
        return False
    posts = [post for post in request.user.posts_on(clock.today()) if post.organisation_id == step.organisation.pk]
    return any(rights.Reach.BELOW in rights.reach(post.role, rights.ALLOCATE) for post in posts)


def _tabs(page: Asked, active: str) -> list[dict]:
    """The parts of a unit; each keeps what was chosen on this page."""
    code = page.unit.organisation.code
    tabs = [("Tổng quan", reverse("unit", args=[code]))]
    tabs += [
        (title, reverse("table", args=[code, key]))
        for key, title in (
            ("admission-rate", "Tỷ lệ kết nạp"),
            ("quota-progress", "Chỉ tiêu"),
            ("ledger", "Biến động"),
            ("years", "Các năm"),
        )
    ]
    tabs.append(("Danh sách", reverse("lists", args=[code])))
    tabs.append(("Cơ cấu", reverse("structure", args=[code])))
    tabs.append(("Sơ đồ", reverse("chart", args=[code])))
    tabs.append(("Chức vụ", reverse("posts", args=[code])))
    found = [(label, url + page.query(), url == active) for label, url in tabs]
    years = [("Nguồn kết nạp", "sources")] if page.may(rights.BRANCH_WORK) else []
    years += [("Số đầu năm", "bases"), ("Khai kết quả", "results")] if page.declares else []
    years += [("Giao chỉ tiêu", "quotas")] if page.allocates else []
    found += [(label, reverse(name, args=[code, page.year]), False) for label, name in years]
    return [{"label": label, "url": url, "active": here, "more": label in _RARER} for label, url, here in found]
