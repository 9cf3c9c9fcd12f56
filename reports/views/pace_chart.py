"""The pace of the year on the dashboard: admissions added up since 1/1, beside the even line and the usual course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from cells import vietnamese
from cells.charts import LineChart, Point, Series, line_chart
from cells.dated import ONE_DAY
from reports import states
from reports.figures.book import Book
from reports.figures.pace import Courses, Pace, Usual, year_gone
from reports.period import next_month
from reports.tables.table import Row
from reports.views.asked import Asked

FIGURE = "admitted"
_MONTHS = tuple(str(month) for month in range(1, 13))


@dataclass(frozen=True)
class PaceChart:
    """The drawing, what it says in a sentence, and where the same is told of each unit below."""

    chart: LineChart
    title: str
    sentence: str
    url: str


def pace_chart(page: Asked, book: Book, total: Row) -> PaceChart | None:
    """Of the year of the page, cut at its day; null where nobody knows what was done. `total`: of `admission-rate`.

    The book reads the admissions by the day, so that this costs no query.
    """
    on, done = page.question.on, total["admitted"]
    if done is None:
        return None
    usual = Usual(book, FIGURE, page.scope, on.year)
    pace = Pace(_asked(total), done, total["not_reported"], year_gone(on), usual.share(on))
    days = _days(on)
    lines = [_line("Nhịp đều", "even", days, [_part(pace.asked, year_gone(day)) for day in days])]
    if pace.usual is not None:
        name = _name_of(usual)
        lines.append(_line(name, "usual", days, [_part(pace.asked, usual.share(day)) for day in days]))
    chart = line_chart(
        [_this_year(page, book, days, done), *(lines if pace.asked else [])],
        target=pace.asked or None,
        target_text=f"cần đạt {vietnamese.number(pace.asked)}" if pace.asked else "",
        whole=True,
        axis=_MONTHS,
    )
    title = f"Kết nạp năm {on.year} cộng dồn theo tháng"
    url = reverse("table", args=[page.unit.organisation.code, "pace"]) + page.query()
    return PaceChart(chart, title, _sentence(pace, usual, on), url)


def _asked(total: Row) -> int | None:
    """Null where the target that applies asks a share of members of whom some are not known."""
    if total["required"] is None and total["target"] is not None and total["base_missing"]:
        return None
    return states.asked_of(total)


def _days(on: dt.date) -> list[dt.date]:
    """The last day of each month of the year, and the day asked."""
    firsts = [dt.date(on.year, month, 1) for month in range(1, 13)]
    return sorted({on, *(next_month(first) - ONE_DAY for first in firsts)})


def _this_year(page: Asked, book: Book, days: Sequence[dt.date], done: int) -> Series:
    """What was done by each day that is over; only the day asked, where the days before it do not add up to that."""
    on = page.question.on
    course = Courses(book, FIGURE, page.scope).of(on.year, on)
    whole = course.by(on.month, 31) == done
    known = {day: course.by(day.month, day.day) for day in days if day < on} if whole else {}
    numbers = [Fraction(done) if day == on else known.get(day) for day in days]
    texts = ["" if number is None else vietnamese.number(int(number)) for number in numbers]
    urls = [page.list_url(FIGURE) if day == on else "" for day in days]
    points = [_point(*one) for one in zip(days, numbers, texts, urls, strict=True)]
    start = Fraction(0) if whole else None
    return Series(f"Năm {on.year}", [_start(start), *points], with_text=False)


def _line(name: str, style: str, days: Sequence[dt.date], numbers: Sequence[Fraction]) -> Series:
    points = [_point(day, number, vietnamese.decimal_text(number)) for day, number in zip(days, numbers, strict=True)]
    return Series(name, [_start(Fraction(0)), *points], style)


def _start(number: Fraction | None) -> Point:
    """Before the first day nothing is done."""
    return Point("Đầu năm", number, "" if number is None else "0", at=Fraction(0))


def _point(day: dt.date, number: Fraction | None, text: str, url: str = "") -> Point:
    return Point(f"{day:%d/%m}", number, text, url, at=year_gone(day))


def _part(asked: int | None, share: Fraction | None) -> Fraction:
    return (asked or 0) * (share or Fraction(0))


def _name_of(usual: Usual) -> str:
    return f"Nhịp các năm {usual.years}"


def _sentence(pace: Pace, usual: Usual, on: dt.date) -> str:
    done = f"Đến hết {vietnamese.day(on)} đã kết nạp {vietnamese.number(pace.done or 0)}"
    if not pace.asked:
        why = "không giao chỉ tiêu" if pace.asked == 0 else "chưa có số phải đạt"
        return f"{done}; {why} nên không có nhịp để so."
    told = [_told("Nhịp đều", pace.due_evenly, pace.ahead_evenly)]
    if pace.usual is not None:
        told.append(_told(_name_of(usual), pace.due_usually, pace.ahead_usually))
    return f"{done}, cần đạt {vietnamese.number(pace.asked)}. {' '.join(told)}"


def _told(name: str, due: Fraction | None, ahead: Fraction | None) -> str:
    """`Nhịp đều là 218,72, hơn 28,28.`"""
    if due is None:
        return ""
    if ahead is None:
        verdict = "còn đơn vị chưa báo cáo, chưa kết luận"
    elif ahead:
        verdict = f"{'hơn' if ahead > 0 else 'kém'} {vietnamese.decimal_text(abs(ahead))}"
    else:
        verdict = "đúng nhịp"
    return f"{name} là {vietnamese.decimal_text(due)}, {verdict}."
