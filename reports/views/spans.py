"""The days a reader chooses for a table: the usual years, quarters and months, or any from one to another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest

from cells.dated import ONE_DAY
from cells.forms import DayField
from reports import period
from reports.figures.standing import OPENING
from reports.period import NoPeriod, Period
from reports.views.asked import YEARS_SHOWN, Asked

FROM, TO = "from", "to"


class SpanForm(forms.Form):
    """Two inclusive days; the fields are named as in the address."""

    def __init__(self, *args, today, **kwargs) -> None:
        super().__init__(*args, auto_id="span_%s", label_suffix="", **kwargs)
        for name, label in ((FROM, "Từ ngày"), (TO, "Đến hết ngày")):
            self.fields[name] = DayField(label=label)
            self.fields[name].today = today

    def period(self, page: Asked) -> Period:
        """The days typed, cut at the day of the page; `NoPeriod` where they are none."""
        if not self.is_valid():
            problem = next(problem for problems in self.errors.values() for problem in problems)
            raise NoPeriod(problem)
        return period.between(self.cleaned_data[FROM], self.cleaned_data[TO], page.on, today=page.today)


@dataclass(frozen=True)
class Span:
    """What was chosen: `period` (null where nothing was, or what was is no period), `form` to choose, `problem`."""

    period: Period | None
    form: SpanForm
    problem: str = ""


def chosen(request: HttpRequest, page: Asked) -> Span:
    if not (request.GET.get(FROM) or request.GET.get(TO)):
        return Span(None, SpanForm(today=page.today))
    form = SpanForm(request.GET, today=page.today)
    try:
        return Span(form.period(page), form)
    except NoPeriod as problem:
        return Span(None, form, str(problem))


def link(page: Asked, url: str, span: Period | None, last_day: dt.date | None = None, **more: str) -> str:
    """`url` with the choices of the page, the days among them; seen from `last_day` where the unit stood no longer."""
    days = {} if span is None else {FROM: span.start.isoformat(), TO: span.last.isoformat()}
    if last_day:
        scope = {} if page.scope == OPENING else {"scope": page.scope}
        return page.day.moved(f"{url}?{urlencode(scope | days | more)}", last_day)
    joined, kept = urlencode(days | more), page.query()
    return url + (f"{kept}&{joined}" if kept and joined else kept or (f"?{joined}" if joined else ""))


@dataclass(frozen=True)
class Choice:
    """A usual period: what it is called in its row, what it is called alone, where it leads, whether it is shown."""

    text: str
    title: str
    url: str
    active: bool


def usual(page: Asked, shown: Period) -> list[tuple[str, list[Choice]]]:
    """The years to the day of the page, and the quarters and months of the year shown, in rows."""
    year = shown.last.year
    years = sorted({*range(page.on.year - YEARS_SHOWN + 1, page.on.year + 1), year})
    quarters = ("I", "II", "III", "IV")
    return [
        ("Năm", _links(page, shown, [(str(each), f"Năm {each}", each, 1, 12) for each in years])),
        (
            f"Quý năm {year}",
            _links(page, shown, [(q, f"Quý {q} năm {year}", year, 3 * n + 1, 3) for n, q in enumerate(quarters)]),
        ),
        (
            f"Tháng năm {year}",
            _links(page, shown, [(str(m), f"Tháng {m} năm {year}", year, m, 1) for m in range(1, 13)]),
        ),
    ]


def _links(page: Asked, shown: Period, choices: list[tuple[str, str, int, int, int]]) -> list[Choice]:
    """Of (text, title, year, first month, months) those that have begun, cut at the day of the page."""
    found = []
    for text, title, year, month, months in choices:
        first = dt.date(year, month, 1)
        if first <= page.on:
            last = dt.date(year + (month + months > 12), (month + months - 1) % 12 + 1, 1) - ONE_DAY
            span = period.between(first, last, page.on, today=page.today)
            found.append(Choice(text, title, link(page, "", span) or "?", span == shown))
    return found
