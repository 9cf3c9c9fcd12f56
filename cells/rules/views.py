"""The dated rules in words for a chosen day, the announced days off, and the glossary."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cells import vietnamese
from cells.asked_day import asked_day
from cells.dated import OPEN_START
from cells.rules.catalogue import KEYS
from cells.rules.models import CalendarYear, Confidence, Rule
from config import clock

_VALUES = {
    "month": "tròn tháng",
    "day": "đúng ngày",
    "decision": "ngày quyết định kết nạp",
    "ceremony": "ngày lễ kết nạp",
    "sympathiser_list": "người vào danh sách cảm tình Đảng trong năm",
    "probation_end": "hết thời gian dự bị, kể cả khi quyết định công nhận chậm",
    "recognition_decision": "ngày quyết định công nhận",
    "certificate": "người được cấp chứng nhận lớp nhận thức về Đảng trong năm",
    "received": "chi bộ nhận được quyết định",
    "issued": "cấp ủy ký quyết định",
}


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in force on the day asked, which may be still to come; open to all."""
    asked = asked_day(request, clock.today(), ahead=True)
    day = asked.on
    versions = list(Rule.objects.filter(key__in=KEYS).order_by("from_day"))
    held = {rule.key: rule for rule in versions if rule.holds_on(day)}
    coming = {rule.key: rule for rule in reversed(versions) if rule.from_day > day}
    context = asked.context() | {
        "shown": [_shown(held[key], coming.get(key)) for key in KEYS if key in held],
        "missing": [KEYS[key].title for key in KEYS if key not in held],
        "calendar": CalendarYear.objects.prefetch_related("days"),
    }
    return render(request, "cells/rules.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "cells/glossary.html")


def _shown(rule: Rule, following: Rule | None) -> dict[str, Any]:
    return {
        "rule": rule,
        "value": in_words(rule),
        "since": "từ trước" if rule.from_day == OPEN_START else f"từ {vietnamese.day(rule.from_day)}",
        "unsure": rule.confidence != Confidence.PUBLIC,
        "following": following and {"day": following.from_day, "value": in_words(following), "rule": following},
    }


def in_words(rule: Rule) -> str:
    """The value as people say it: `12 tháng`, `ngày quyết định kết nạp`."""
    key = KEYS[rule.key]
    return _VALUES.get(rule.value, rule.value) if key.options else f"{rule.value} {key.unit}".strip()
