"""What a page of figures is asked: the unit with the reader's rights, the day, the year, the scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from cells import vietnamese
from cells.organisations import tree
from cells.organisations.access import hide
from cells.organisations.models import Organisation, Style
from cells.organisations.path import from_the_top, parent_on
from cells.people import rights
from cells.people.heads import Heads, heads_of, with_heads
from config import clock
from reports import period
from reports.figures.standing import OPENING, SCOPES
from reports.tables import Question
from reports.tables.table import levels

YEARS_SHOWN = 5


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

    path: list[PathUnit]
    capabilities: frozenset[str]
    inside: bool  # the reader stands at the unit or above it, so its parts may be shown
    allocates: bool  # the reader issues quotas to the unit or to its parts
    on: dt.date
    year: int
    scope: str
    today: dt.date

    @property
    def unit(self) -> PathUnit:
        return self.path[-1]

    @property
    def question(self) -> Question:
        year = period.of_year(self.year, self.on, today=self.today)
        return Question(self.unit.organisation, year, min(self.on, year.last), self.scope)

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

    def cases_url(self, stage: str) -> str:
        """The cases behind a number of this unit; "" where it is not the reader's to open."""
        if not self.sees_people:
            return ""
        return f"{reverse('cases')}?unit={self.unit.organisation.code}&stage={stage}"

    def may(self, capability: str) -> bool:
        return capability in self.capabilities

    @property
    def sees_people(self) -> bool:
        return self.may(rights.SEE_PEOPLE)

    def query(self, year: int | None = None) -> str:
        """The choices of this page for the links it makes; "" where all are the usual ones."""
        chosen = []
        year = year or self.year
        if year != self.on.year:
            chosen.append(f"year={year}")
        if self.on != self.today:
            chosen.append(f"on={self.on.isoformat()}")
        if self.scope != OPENING:
            chosen.append(f"scope={self.scope}")
        return f"?{'&'.join(chosen)}" if chosen else ""

    def freshness(self) -> str:
        """One sentence under every page with figures."""
        return f"Số liệu tính đến {vietnamese.day(min(self.on, self.question.period.last))}, {SCOPES[self.scope]}."

    def context(self) -> dict:
        return {
            "asked": self,
            "path": self.path,
            "heads": self.unit.heads,
            "office": self.path[0].name,
            "today": self.on,
            "can_choose_day": True,
            "tabs": _tabs(self),
        }


def asked(request: HttpRequest, code: str) -> Asked:
    """Read the request. 404, logged, for a unit whose figures are not the reader's to see."""
    today = clock.today()
    on = _day(request.GET.get("on"), today)
    path = _path(code, on)
    if not path:
        raise Http404("Không có tổ chức này ngày đó.")
    unit = path[-1].organisation
    above = {step.organisation.pk for step in path[:-1]}
    capabilities = rights.capabilities(request.user, unit.pk, on=today, above=above if on == today else None)
    inside = bool(request.user.units_on(today) & (above | {unit.pk}))
    if rights.SEE_FIGURES not in capabilities and not (on < today and inside):
        hide(request, "organisation", unit.pk)
    scope = request.GET.get("scope", OPENING)
    return Asked(
        path,
        capabilities | {rights.SEE_FIGURES},
        inside,
        rights.ALLOCATE in capabilities or _allocates_below(request, path[-1]),
        on,
        _year(request.GET.get("year"), on),
        scope if scope in SCOPES else OPENING,
        today,
    )


def marked(page: Asked, active: str) -> dict:
    """The page's context, the tab that leads to the address `active` marked."""
    context = page.context()
    for tab in context["tabs"]:
        tab["active"] = tab["url"].partition("?")[0] == active
    return context


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


def _day(text: str | None, today: dt.date) -> dt.date:
    """The day asked; today for nonsense and for days to come."""
    try:
        return min(dt.date.fromisoformat(text or ""), today)
    except ValueError:
        return today


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


def _tabs(page: Asked) -> list[dict]:
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
    tabs.append(("Chức vụ", reverse("posts", args=[code]) + page.query()))
    if page.may(rights.DECLARE):
        tabs.append(("Số đầu năm", reverse("bases", args=[code, page.year])))
        tabs.append(("Khai kết quả", reverse("results", args=[code, page.year])))
    if page.allocates:
        tabs.append(("Giao chỉ tiêu", reverse("quotas", args=[code, page.year])))
    return [{"label": label, "url": url, "active": False} for label, url in tabs]
