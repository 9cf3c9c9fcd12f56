"""The dashboard of a unit: rate, quota, the years, and the units below with their state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from django.db.models import CharField, Count, Min, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.charts import Bar, Point, Series, bar_chart, line_chart
from cells.people import rights
from cells.rules.models import Kind
from membership.models import STAGES, Candidacy, Deadline, Stage
from reports import states
from reports.figures import REST
from reports.figures.book import Book, open_book
from reports.figures.cohort import UNITS
from reports.figures.turns import Turn
from reports.tables import TABLES
from reports.tables.table import OTHER, Answer, Row, Unit, units
from reports.tables.told import tell, turns_of, without_names
from reports.tables.years import Years
from reports.views import spans
from reports.views.asked import Asked, asked
from reports.views.filters import UnitFilter, sort
from reports.views.pace_chart import pace_chart
from targets.models import Sources
from targets.sources.models import word

DASH = vietnamese.NOTHING

#: (stage, at a base branch) → how many open cases, and since when the oldest
Pipeline = dict[tuple[str, bool], tuple[int, dt.date]]
#: beside the stages: the deadlines that are over, and the day the oldest was due
OVERDUE = ("overdue", False)
#: and the words on sources that the reader may answer, and when the oldest was said
UNANSWERED = ("unanswered", False)
#: the groups that `Candidacy.objects.awaiting_decision` lists
AWAITING_DECISION = ((Stage.EXAMINED, False), (Stage.EXAMINED, True), (Stage.BRANCH_RESOLVED, True))


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    page = asked(request, code)
    root = page.unit.organisation.pk
    book = open_book(root, page.span, scope=page.scope, whole=page.is_top, daily=("admitted",))
    turns = turns_of(book)
    known = _known(page, book, turns)
    answer = TABLES["admission-rate"].from_book(page.question, book, known)
    years = Years().from_book(page.question_over(page.span), book, page.levels)
    told = tell(book, turns, known)
    pipeline = _pipeline(page)
    context = page.context(reverse("unit", args=[code])) | {
        "total": answer.total,
        "notes": answer.notes,
        "tiles": _tiles(page, answer.total, pipeline),
        "scopes": [one.text(inside=page.inside) for one in answer.scopes],
        "years": _years_chart(page, years.rows, {one.year for one in told}),
        "told": told if page.inside else without_names(told),
        "years_summary": _years_summary(years.rows),
        "pace": pace_chart(page, book, answer.total),
        "funnel": _funnel(page, pipeline),
        "may_enter": page.may(rights.ENTER) and page.is_branch,
        "meeting_url": _meeting_url(page),
        "sources": _sources(page, pipeline),
    }
    if page.inside:
        context |= _children(request, page, answer)
    return render(request, "reports/unit.html", context)


def _known(page: Asked, book: Book, turns: Sequence[Turn]) -> dict[int, Unit]:
    """Every unit the page names, in one query: the unit itself, its parts, and those that came or went."""
    question = page.question
    standing = book.forest.standing(question.scope, question.period.year, question.on)
    turned = {pk for turn in turns for pk in turn.units}
    return units({page.unit.organisation.pk, *standing.below(page.unit.organisation.pk), *turned}, question.on)


def _meeting_url(page: Asked) -> str:
    """Where a branch or a base committee records what it voted; "" for other units and readers."""
    kind, code = page.unit.style.kind, page.unit.organisation.code
    if page.is_branch and page.may(rights.BRANCH_WORK):
        return reverse("branch_meeting", args=[code])
    examines = kind.level == Kind.Level.BASE and kind.has_committee and page.may(rights.EXAMINE)
    return reverse("committee_meeting", args=[code]) if examines else ""


def _sources(page: Asked, pipeline: Pipeline) -> dict | None:
    """Of a branch what holds of its sources in the year; of other units how many words wait for who allocates there."""
    code = page.unit.organisation.code
    if page.is_branch:
        return _sources_of_branch(page, code) if page.inside and not page.by_past else None
    waiting, _ = pipeline.get(UNANSWERED, (0, page.on))
    if not waiting:
        return None
    text = f"{vietnamese.number(waiting)} đơn vị báo hết nguồn, đang chờ trả lời."
    return {"text": text, "url": reverse("sources_waiting", args=[code]), "link": "Trả lời"}


def _sources_of_branch(page: Asked, code: str) -> dict:
    words = Sources.objects.filter(organisation=page.unit.organisation, year=page.year)
    found = {row.in_force: row for row in words.filter(Q(in_force=True) | Q(state=Sources.State.WAITING))}
    says = word(found[True].has_sources) if True in found else "chưa báo, tính như còn nguồn"
    waits = "; báo hết nguồn đang chờ trả lời" if False in found else ""
    url = reverse("sources", args=[code, page.year]) if page.may(rights.BRANCH_WORK) else ""
    return {"text": f"Nguồn kết nạp năm {page.year}: {says}{waits}.", "url": url, "link": "Báo, xem trả lời"}


def _children(request: HttpRequest, page: Asked, answer: Answer) -> dict:
    """The table of the units below: filtered and sorted, the row "khác" always last."""
    rows, total, turned = answer.rows, answer.total, any(one.turned for one in answer.scopes)
    units = page.without_strangers([row for row in rows if row["code"] != OTHER], turned=turned)
    last = page.question.period.last
    lines = [
        row
        | {"state": states.of_row(row, last), "left": states.left_of(row), "url": page.unit_url(row)}
        | _list_urls(page, row)
        for row in units
    ]
    form = UnitFilter(request.GET or None, sectors=sorted({row["sector"] for row in lines if row["sector"]}))
    return {
        "filter": form,
        "lines": sort(form.apply(lines), request.GET.get("sort", "")),
        "other": next((row | _rest_urls(page) for row in rows if row["code"] == OTHER), None),
        "total": total | _list_urls(page, total),
        "columns": _COLUMNS,
        "left_in_all": states.left_of(total),
        "has_children": bool(lines),
    }


def _list_urls(page: Asked, row: Row) -> dict[str, str]:
    """The lists behind the numbers of a row; none of a unit that is gone on the day asked, or moved away."""
    if row["last_day"] or row.get("strange") or not page.sees_people:
        return {}
    return {f"{key}_url": reverse("items", args=[row["code"], key]) + page.query() for key in _LISTED}


def _rest_urls(page: Asked) -> dict[str, str]:
    """The lists behind the numbers of the line «khác»."""
    if not page.sees_people:
        return {}
    lists = {key: reverse("items", args=[page.unit.organisation.code, key]) for key in _LISTED}
    return {f"{key}_url": spans.link(page, url, None, rows=UNITS, row=REST) for key, url in lists.items()}


#: the figures of a row that open their list
_LISTED = ("base", "admitted")

_COLUMNS = [
    {"label": "Tổ chức", "sort": "name"},
    {"label": "Đầu năm", "sort": "base", "number": True},
    {"label": "Chỉ tiêu", "sort": "quota", "number": True},
    {"label": "Đã kết nạp", "sort": "admitted", "number": True},
    {"label": "Tỷ lệ", "sort": "rate", "number": True},
    {"label": "% chỉ tiêu", "sort": "quota_percent", "number": True},
    {"label": "Còn thiếu", "sort": "left", "number": True},
    {"label": "Tình trạng", "sort": "state"},
]


def _tiles(page: Asked, total: Row, pipeline: Pipeline) -> list[dict]:
    return [
        _rate_tile(page, total),
        _quota_tile(page, total),
        _waiting_tile(page, pipeline),
        _overdue_tile(page, pipeline),
    ]


def _rate_tile(page: Asked, total: Row) -> dict:
    target = total["target"]
    rate, remaining = total["rate"], total["remaining"]
    state = None
    if target is not None:
        state = states.of_row(total, page.question.period.last)
    return {
        "label": "Tỷ lệ kết nạp",
        "value": DASH if rate is None else vietnamese.percent(rate),
        "url": page.list_url("admitted"),
        "target": f"của {vietnamese.percent(target.share)}" if target is not None and target.kind == "rate" else None,
        "sentence": f"{_of_base(total)}; {_remaining_text(remaining, total['required'])}".rstrip("; "),
        "state": state,
    }


def _of_base(total: Row) -> str:
    """`247 trên 7.894 đảng viên đầu năm`."""
    return f"{_count(total['admitted'])} trên {_count(total['base'])} đảng viên đầu năm"


def _remaining_text(remaining: int | None, required: int | None) -> str:
    if remaining is None or required is None:
        return ""
    if not remaining:
        return f"đã đủ {vietnamese.number(required)} người phải kết nạp"
    return f"cần {vietnamese.number(required)}, còn thiếu {vietnamese.number(remaining)} người"


def _quota_tile(page: Asked, total: Row) -> dict:
    asked_for, done, percent = total["quota"], total["admitted"], total["quota_percent"]
    return {
        "label": "Chỉ tiêu kết nạp",
        "value": f"{_count(done)}/{_count(asked_for)}",
        "url": page.list_url("admitted"),
        "target": None if percent is None else f"= {vietnamese.percent(percent)}",
        "sentence": _left_text(asked_for, done),
        "state": None if not asked_for else states.of_row(total | {"required": None}, page.question.period.last),
    }


def _left_text(asked_for: int | None, done: int | None) -> str | None:
    if not asked_for:
        return "không giao chỉ tiêu" if asked_for == 0 else "chưa được giao chỉ tiêu"
    return None if done is None or done >= asked_for else f"còn thiếu {vietnamese.number(asked_for - done)} người"


def _waiting_tile(page: Asked, pipeline: Pipeline) -> dict:
    waiting = [pipeline[key] for key in AWAITING_DECISION if key in pipeline]
    count = sum(number for number, _ in waiting)
    days = (page.on - min(oldest for _, oldest in waiting)).days if waiting else 0
    return {
        "label": "Hồ sơ chờ quyết định",
        "value": vietnamese.number(count),
        "url": page.cases_url("awaiting_decision"),
        "target": None,
        "sentence": f"lâu nhất {vietnamese.number(days)} ngày" if count else "không có hồ sơ nào chờ",
        "state": None,
    }


def _overdue_tile(page: Asked, pipeline: Pipeline) -> dict:
    """What stands behind `/thoi-han/`, counted for the unit and all below it."""
    count, oldest = pipeline.get(OVERDUE, (0, page.on))
    code = page.unit.organisation.code
    return {
        "label": "Quá hạn",
        "value": vietnamese.number(count),
        "url": page.named_url("deadlines", code, page.on) if page.sees_people else "",
        "target": None,
        "sentence": f"lâu nhất {vietnamese.number((page.on - oldest).days)} ngày"
        if count
        else "không có việc nào quá hạn",
        "state": None,
    }


def _pipeline(page: Asked) -> Pipeline:
    """The cases of the unit and below that are open on the day: how many, and since when the oldest.

    With them, as `OVERDUE`, the deadlines that are over: how many, and the day the oldest was due; and as `UNANSWERED`
    the words on sources. All one question.
    """
    late = Deadline.objects.filter(organisation__in=page.units_below).overdue(page.on).order_by()
    stage, at_base = Value(OVERDUE[0], output_field=CharField()), Value(OVERDUE[1])
    overdue = late.values_list(stage, at_base).annotate(number=Count("pk"), oldest=Min("due"))
    rows = (
        Candidacy.objects.as_of(page.on, today=page.today)
        .open()
        .filter(unit_then__in=page.units_below)
        .at_base(page.on)
        .order_by()
        .values_list("stage_then", "at_base")
        .annotate(number=Count("pk"), oldest=Min("day_then"))
    )
    found = rows.union(overdue, *_unanswered(page), all=True)
    return {(stage, bool(at_base)): (number, oldest) for stage, at_base, number, oldest in found}


def _unanswered(page: Asked) -> Iterator[QuerySet]:
    """The words that the page `sources_waiting` lists, where the reader may open it."""
    if page.is_branch or not page.allocates or page.day.is_past:
        return
    mine = rights.organisations(page.reader, rights.ALLOCATE, on=page.today)
    waiting = Sources.objects.waiting().filter(mine, organisation__in=page.units_below)
    stage, at_base = Value(UNANSWERED[0], output_field=CharField()), Value(UNANSWERED[1])
    yield waiting.order_by().values_list(stage, at_base).annotate(number=Count("pk"), oldest=Min("said_on"))


def _funnel(page: Asked, pipeline: Pipeline):
    numbers = {stage: sum(found[0] for key, found in pipeline.items() if key[0] == stage) for stage in STAGES}
    return bar_chart(
        [
            Bar(stage.label, number, vietnamese.number(number), page.cases_url(stage))
            for stage, number in numbers.items()
        ]
    )


def _years_chart(page: Asked, rows: list[Row], told: Collection[int]):
    """The line of rates; a star at the years of which something is told under it."""
    points = [
        Point(
            f"{row['year']}*" if row["year"] in told else str(row["year"]),
            None if row["rate"] is None else row["rate"] * 100,
            "" if row["rate"] is None else vietnamese.percent(row["rate"]),
            page.list_url("admitted", year=row["year"]),
        )
        for row in rows
    ]
    target = next((row["target"] for row in reversed(rows) if row["target"] is not None), None)
    if target is None or target.kind != "rate":
        return line_chart([Series("Tỷ lệ kết nạp", points)], unit="%")
    return line_chart(
        [Series("Tỷ lệ kết nạp", points)],
        target=target.share * 100,
        target_text=f"mục tiêu {vietnamese.percent(target.share)}",
        unit="%",
    )


def _years_summary(rows: list[Row]) -> str:
    told = [f"{row['year']}: {vietnamese.percent(row['rate'])}" for row in rows if row["rate"] is not None]
    return f"Tỷ lệ kết nạp từng năm. {'; '.join(told)}." if told else "Chưa có số liệu các năm."


def _count(value: int | None) -> str:
    return DASH if value is None else vietnamese.number(value)
