"""The programmes that set targets, every target in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cells import vietnamese
from config import clock
from targets.models import Programme, Target

_PERCENT = (Target.Kind.RATE, Target.Kind.COVERAGE)


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """For everybody signed in: targets are public within the Party; the administrator edits them."""
    year = clock.today().year
    shown = [
        {
            "programme": programme,
            "now": programme.from_year <= year <= programme.to_year,
            "targets": [_shown(target) for target in programme.targets.all()],
        }
        for programme in Programme.objects.prefetch_related("targets__sector").order_by("-from_year", "id")
    ]
    return render(request, "targets/programmes.html", {"programmes": shown})


def _shown(target: Target) -> dict[str, Any]:
    return {"words": in_words(target), "text": target.text, "primary": target.primary}


def in_words(target: Target) -> str:
    """The target as a sentence: `Mỗi năm, toàn đảng bộ kết nạp ít nhất 3,5% so với đảng viên đầu năm.`"""
    start = "Mỗi năm" if target.span == Target.Span.YEAR else "Cả giai đoạn"
    line = target.get_line_display()
    amount = _amount(target)
    where = f"chi bộ thuộc loại hình {target.sector.name}" if target.sector else target.get_where_display()
    if target.kind == Target.Kind.RATE:
        said = f"{start}, {where} {line} {amount} so với đảng viên đầu năm"
    elif target.kind == Target.Kind.COVERAGE:
        said = f"{start}, {amount} {where} có {line}"
    elif target.kind == Target.Kind.MINIMUM_EACH:
        said = f"{start}, mỗi {where} {line} {amount}"
    elif target.kind == Target.Kind.MINIMUM_AVERAGE:
        said = f"{start}, bình quân mỗi {where} {line} {amount}"
    else:
        said = f"{start}, {where} {line} {amount}"
    return f"{said}{' (nơi còn nguồn)' if target.with_sources_only else ''}."


def _amount(target: Target) -> str:
    unit = "%" if target.kind in _PERCENT else " người"
    if target.upper is not None:
        return f"từ {_number(target.value)} đến {_number(target.upper)}{unit}"
    return f"ít nhất {_number(target.value)}{unit}"


def _number(value: Decimal) -> str:
    """Without the zeros that the column keeps: `3,5`, `1`."""
    text = vietnamese.decimal_text(value, 4)
    return text.rstrip("0").rstrip(",")
