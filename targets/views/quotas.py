"""What a unit gives its direct children and its bodies for a year: prepared, issued under a decision, adjusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells import vietnamese
from cells.asked_day import AskedDay
from cells.organisations.models import Organisation
from cells.people import rights
from cells.verdict import Problem, Refused, Stale
from targets.forms import BodiesForm, GridRow, QuotasForm
from targets.models import Quota, QuotaIssue
from targets.quotas.allotment import LINES, Allotment, Decision, GivenToBody, may_issue
from targets.quotas.floors import Floor, floors
from targets.quotas.issue import begun, draft_of, drop_draft, issue, last_number, mark, save_draft
from targets.quotas.models import ADJUSTED
from targets.sources.say import SourcesLine, declare_sources
from targets.views import year_page
from targets.views.quota_grid import WAITS, body_rows, check_may_look, has_above, rows_of, sheet_cells

_NUMBERS = [("admission", "Chỉ tiêu kết nạp"), ("fostering", "Chỉ tiêu bồi dưỡng")]


@dataclass
class Standing:
    """What stands for the unit and year when the page is asked: its own number, the draft, the last version."""

    own: Quota | None
    draft: QuotaIssue | None
    last: QuotaIssue | None

    @property
    def number(self) -> int:
        return self.last.number or 0 if self.last else 0


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.SEE_FIGURES)
def quotas(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    gives_here = check_may_look(request, unit, day)
    standing = _standing(unit, year, day)
    rows = rows_of(request, unit, year, day, standing.draft)
    if "drop" in request.POST:
        _drop(request, unit, year)
        return redirect("quotas", unit.code, year)
    children = [row for row in rows if row.unit.pk != unit.pk]
    form = _form(request, children, standing, day)
    bodies = BodiesForm(
        request.POST or None, rows=body_rows(unit, year, standing.draft, day), prefix="body", today=day.today
    )
    tried = request.method == "POST" and form.is_valid() & bodies.is_valid()
    if tried and "check" not in request.POST and _write(request, unit, year, form, bodies):
        return redirect("quotas", unit.code, year)
    context = year_page.frame(request, unit, year, "quotas", day)
    context |= _told(request, unit, year, day, standing, form)
    context |= {} if gives_here else {"sums": [], "under_floors": [], "versions_url": ""}  # of parts, no total
    context |= {
        "giver": _giver(standing.own, context["above"]),
        "form": form,
        "bodies": bodies if bodies.rows and gives_here else None,
        "tried": tried and "check" in request.POST,
        "editable": any(row.editable for row in (*form.rows, *bodies.rows)),
        "words_wait": day.is_today and any(WAITS in row.note for row in rows),
    }
    return render(request, "targets/quotas.html", context)


@require_safe
@year_page.of_the_day(rights.SEE_FIGURES)
def quotas_sheet(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    """The grid, with the numbers of the draft where there is one."""
    check_may_look(request, unit, day)
    rows = rows_of(request, unit, year, day, None if day.is_past else draft_of(unit.pk, year))
    return year_page.sheet("quotas", unit, year, [(row.unit.code, year, *sheet_cells(row)) for row in rows])


def _standing(unit: Organisation, year: int, day: AskedDay) -> Standing:
    issued = QuotaIssue.objects.of(unit.pk, year).issued(day.seen)
    given = Quota.objects.as_given(ADJUSTED, day.seen).filter(organisation=unit, year=year)
    return Standing(given.select_related("issue__issuer").last(), draft_of(unit.pk, year), issued.last())


def _form(request: HttpRequest, rows: Sequence[GridRow], standing: Standing, day: AskedDay) -> QuotasForm:
    initial = {"explanation": standing.draft.explanation} if standing.draft else {}
    return QuotasForm(
        request.POST or None,
        rows=rows,
        today=day.today,
        seen=standing.number,
        draft=mark(standing.draft),
        initial=initial,
    )


def _drop(request: HttpRequest, unit: Organisation, year: int) -> None:
    try:
        drop_draft(unit, year, seen=request.POST.get("draft_seen", ""), actor=request.user)
        messages.success(request, "Đã bỏ bản nháp; chỉ tiêu đã giao giữ nguyên.")
    except Refused as refused:
        messages.error(request, refused.problems[0].message)


def _told(
    request: HttpRequest, unit: Organisation, year: int, day: AskedDay, standing: Standing, form: QuotasForm
) -> dict[str, Any]:
    """What stands around the grid: the own number, the sums, who falls under a floor, what may be done."""
    here = [row for row in form.rows if not row.gone]
    own = standing.own
    under = _under_floors(form, here, year, day)
    is_top = not has_above(unit, day)
    return {
        "own": own,
        "own_url": reverse("received_quota", args=[unit.code, year])
        if is_top and not day.is_past and rights.may(request.user, rights.ALLOCATE, unit.pk, on=day.today)
        else "",
        "last": standing.last,
        "draft": standing.draft,
        "allowed": may_issue(unit, year),
        "sums": year_page.sums(form, {name: getattr(own, name, None) for name in LINES}, here, _NUMBERS),
        "under_floors": under,
        "versions_url": reverse("quota_versions", args=[unit.code, year]) if standing.last or (is_top and own) else "",
        "workbook_url": reverse("quota_workbook", args=[unit.code, year]) if here and not day.is_past else "",
        "allocation_url": reverse("allocation", args=[unit.code, year]) if here and not day.is_past else "",
    }


def _giver(own: Quota | None, above: Sequence[Organisation]) -> str:
    """Who gave the unit its number."""
    if own is None:
        return ""
    issuer = own.issue.issuer
    return "cấp trên" if own.issue.own else next((one.name for one in above if one.pk == issuer.pk), issuer.code)


def _under_floors(form: QuotasForm, rows: Sequence[GridRow], year: int, day: AskedDay) -> list[str]:
    """A sentence for each number below what the programmes ask of the branches there."""
    if not any(form.value(row, name) is not None for row in rows for name in LINES):
        return []
    least = floors([row.unit.pk for row in rows], year, day.on)
    return [
        f"{row.unit.name}: {word} {vietnamese.number(number)}, ít nhất {vietnamese.number(getattr(floor, name))} "
        f"({floor.of})."
        for row in rows
        for name, word in LINES.items()
        if (number := form.value(row, name)) is not None
        and number < getattr(floor := least.get(row.unit.pk, Floor()), name)
    ]


def _write(request: HttpRequest, unit: Organisation, year: int, form: QuotasForm, bodies: BodiesForm) -> bool:
    """Save the draft or issue, and the word on sources with it; what is refused stands at its cell."""
    rows = [row for row in form.rows if row.editable and not row.gone]
    before = begun(unit.pk, year, [row.unit.pk for row in rows])
    given = [before.given(row.unit, {line: row.typed.get(line) for line in LINES}, {}) for row in rows]
    told = [GivenToBody(row.unit, row.typed.get("introductions")) for row in bodies.rows if row.editable]
    allotment = Allotment(unit, year, given, told)
    try:
        with transaction.atomic():
            said = _say_sources(request, year, form, rows)
            done = _save(request, allotment, form) if "draft" in request.POST else _issue(request, allotment, form)
    except Refused as refused:
        _show(form, bodies, rows, refused)
        if isinstance(refused, Stale):
            form.refresh(seen=last_number(unit.pk, year), draft_seen=mark(draft_of(unit.pk, year)))
        return False
    except IntegrityError:
        form.add_error(None, "Người khác vừa ghi cùng lúc; xem lại các số rồi ghi lần nữa.")
        return False
    year_page.say(request, len(done) + len(said), f"Đã {' và '.join([*done, *said])}.")
    return True


def _say_sources(request: HttpRequest, year: int, form: QuotasForm, rows: Sequence[GridRow]) -> list[str]:
    """What is refused is told at its place among all `rows`."""
    said = form.with_sources()
    lines = [
        SourcesLine(row.unit, year, row.typed["sources"] == "yes", row.typed["sources_reason"] or "") for row in said
    ]
    try:
        declare_sources(lines, actor=request.user, today=form.today)
    except Refused as refused:
        raise Refused(
            *(Problem(rows.index(said[one.index]), "sources", one.message) for one in refused.problems)
        ) from None
    return [f"ghi nguồn của {len(said)} chi bộ"] * bool(said)


def _save(request: HttpRequest, allotment: Allotment, form: QuotasForm) -> list[str]:
    typed = form.cleaned_data
    save_draft(allotment, explanation=typed["explanation"], seen=typed["draft_seen"], actor=request.user)
    return [f"lưu bản nháp chỉ tiêu năm {allotment.year}; chưa giao"]


def _issue(request: HttpRequest, allotment: Allotment, form: QuotasForm) -> list[str]:
    typed = form.cleaned_data
    decision = Decision(typed["decision_number"], typed["decided_on"], typed["reason"], typed["explanation"])
    done = issue(
        allotment,
        decision=decision,
        seen=typed["seen"],
        draft_seen=typed["draft_seen"],
        actor=request.user,
        today=form.today,
    )
    if done is None:
        return []
    count = vietnamese.number(len(allotment.lines))
    return [f"giao chỉ tiêu năm {allotment.year} cho {count} đơn vị, quyết định {done.decision_number} ({done.title})"]


def _show(form: QuotasForm, bodies: BodiesForm, rows: Sequence[GridRow], refused: Refused) -> None:
    """What the deed refused, at the rows of the two grids: those of bodies are counted after those of units."""
    for problem in refused.problems:
        if problem.index < len(rows) or not bodies.rows:
            form.show(Refused(problem), rows)
        else:
            bodies.show(
                Refused(type(problem)(problem.index - len(rows), problem.field, problem.message)),
                [row for row in bodies.rows if row.editable],
            )
