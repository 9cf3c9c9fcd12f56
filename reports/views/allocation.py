"""The allocation assistant: a proposal for every child with its sentence of why, kept as a draft to be edited."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cells.asked_day import AskedDay
from cells.forms import CountField, DeedForm, PercentField, show_problems
from cells.organisations.models import Organisation
from cells.people import rights
from cells.verdict import Refused
from membership.forms.filters import NEXT
from reports.allocation import Proposal, Wish, propose
from reports.figures.standing import CURRENT
from targets.models import Quota
from targets.quotas.allocate import Weights
from targets.quotas.allotment import LINES, Allotment
from targets.quotas.issue import begun, draft_of, mark
from targets.views import year_page
from targets.views.quota_grid import check_gives, rows_of

_COUNTS = [("0", "không tính"), ("1", "tính một phần"), ("2", "tính gấp đôi"), ("3", "tính gấp ba")]
_WEIGHTS = ("base", "results", "ready")


class WishForm(DeedForm):
    """How to share. The whole of the admissions is a number, or what a rate asks of the members."""

    admission = CountField(label="Tổng chỉ tiêu kết nạp", required=False)
    rate = PercentField(
        label="Hoặc theo tỷ lệ, %", required=False, help_text="Trên số đảng viên đầu năm; lấy tròn lên."
    )
    fostering = CountField(label="Tổng chỉ tiêu bồi dưỡng", required=False)
    base = forms.ChoiceField(label="Đảng viên đầu năm", choices=_COUNTS, initial="1", required=False)
    results = forms.ChoiceField(label="Kết quả các năm trước", choices=_COUNTS, initial="0", required=False)
    ready = forms.ChoiceField(label="Người có thể kết nạp", choices=_COUNTS, initial="0", required=False)
    with_floors = forms.BooleanField(label="Giữ mức ít nhất của chương trình cho từng chi bộ", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("admission") is not None and cleaned.get("rate") is not None:
            self.add_error("rate", "Ghi tổng số, hoặc ghi tỷ lệ; không ghi cả hai.")
        if all(cleaned.get(name) is None for name in ("admission", "rate", "fostering")) and not self.errors:
            self.add_error("admission", "Ghi tổng số cần chia.")
        if not any(int(cleaned.get(name) or 0) for name in _WEIGHTS) and not self.errors:
            self.add_error("base", "Chọn ít nhất một căn cứ để chia.")
        return cleaned

    @property
    def weights(self) -> Weights:
        return Weights(*(int(self.cleaned_data[name] or 0) for name in _WEIGHTS))


@require_http_methods(["GET", "POST"])
@year_page.of_the_day(rights.SEE_FIGURES)
def allocation(request: HttpRequest, unit: Organisation, year: int, day: AskedDay) -> HttpResponse:
    check_gives(request, unit, day)
    rows = rows_of(request, unit, year, day, None)
    children = [row.unit for row in rows if row.unit.pk != unit.pk and not row.gone]
    draft = draft_of(unit.pk, year)
    form = WishForm(request.POST or None, initial=_initial(unit, year), today=day.today)
    form.add_hidden("draft_seen", forms.CharField(required=False), mark(draft))
    proposal = _proposal(form, unit, children, year, day) if children and form.is_bound and form.is_valid() else None
    if proposal and "keep" in request.POST and _keep(request, form, unit, year, proposal):
        return redirect("quotas", unit.code, year)
    context = year_page.frame(request, unit, year, "quotas", day) | {
        "heading": f"Gợi ý phân bổ chỉ tiêu {year}",
        "form": form,
        "proposal": proposal,
        "lines": _lines(proposal) if proposal else [],
        "sums": _sums(proposal) if proposal else [],
        "draft": draft,
        "children": children,
        "back_url": reverse("quotas", args=[unit.code, year]),
    }
    return render(request, "reports/allocation.html", context)


def _initial(unit: Organisation, year: int) -> dict[str, Any]:
    own = Quota.objects.in_force().filter(organisation=unit, year=year).first()
    return {"with_floors": True} | {name: getattr(own, name, None) for name in LINES}


def _proposal(
    form: WishForm, unit: Organisation, children: list[Organisation], year: int, day: AskedDay
) -> Proposal | None:
    """The proposal; what cannot be shared stands at the form."""
    typed = form.cleaned_data
    wish = Wish(typed["admission"], typed["fostering"], form.weights, typed["with_floors"], typed["rate"])
    try:
        return propose(unit, children, year, wish, on=day.on)
    except Refused as refused:
        form.names = {"admission": "rate"} if typed["rate"] is not None else {}
        show_problems(form, refused)
        return None


def _keep(request: HttpRequest, form: WishForm, unit: Organisation, year: int, proposal: Proposal) -> bool:
    """The proposal as a draft; a line that was not shared keeps its numbers, and bodies and the explanation stay."""
    before = begun(unit.pk, year, [child.unit.pk for child in proposal.children])
    given = []
    for child in proposal.children:
        shared = {line: share.number for line, share in child.shares.items()}
        numbers = {line: before.of(child.unit.pk, line) for line in LINES} | shared
        given.append(before.given(child.unit, numbers, {line: share.why for line, share in child.shares.items()}))
    allotment = Allotment(unit, year, given, before.bodies)
    if not year_page.keep_draft(form, allotment, before.explanation, request.user):
        return False
    messages.success(request, "Đã đưa gợi ý vào bản nháp: sửa từng ô nếu cần, rồi giao.")
    return True


def _lines(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {
            "unit": child.unit,
            "claim": child.claims["admission"],
            "base": child.base,
            "urls": _urls(child.unit.code, proposal.base_year),
            "shares": [child.shares.get(line) for line in LINES],
            "partly": f"{child.exhausted}/{child.branches}" if 0 < child.exhausted < child.branches else "",
        }
        for child in proposal.children
    ]


def _urls(code: str, year: int) -> dict[str, str]:
    """Behind each number of a unit: its members on 1/1, its years one by one, the cases that may be next."""
    query = f"?scope={CURRENT}&year={year}"
    return {
        "base": reverse("items", args=[code, "base"]) + query,
        "results": reverse("table", args=[code, "years"]) + query,
        "ready": f"{reverse('cases')}?{urlencode({'unit': code, 'stage': NEXT})}",
    }


def _sums(proposal: Proposal) -> list[int | None]:
    """The whole of each line shared; null for one that is not."""
    return [
        sum(child.shares[line].number for child in proposal.children) if line in proposal.children[0].shares else None
        for line in LINES
    ]
