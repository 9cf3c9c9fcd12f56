"""What a target of a programme asks, as a sentence."""

from __future__ import annotations

from cells import vietnamese
from targets.models import Target


def in_words(target: Target) -> str:
    """The target as a sentence: `Mỗi năm, toàn đảng bộ kết nạp ít nhất 3,5% so với đảng viên đầu năm.`"""
    start = "Mỗi năm" if target.span == Target.Span.YEAR else "Cả giai đoạn"
    line = target.get_line_display()
    amount = amount_of(target)
    where = where_of(target)
    if target.kind == Target.Kind.RATE:
        since = "đầu năm" if target.span == Target.Span.YEAR else "đầu giai đoạn"
        said = f"{start}, {where} {line} {amount} so với đảng viên {since}"
    elif target.kind == Target.Kind.COVERAGE:
        said = f"{start}, {amount} {where} có {line}"
    elif target.kind == Target.Kind.MINIMUM_EACH:
        said = f"{start}, mỗi {where} {line} {amount}"
    elif target.kind == Target.Kind.MINIMUM_AVERAGE:
        said = f"{start}, bình quân mỗi {where} {line} {amount}"
    else:
        said = f"{start}, {where} {line} {amount}"
    return f"{said}{' (nơi còn nguồn)' if target.with_sources_only else ''}."


def where_of(target: Target) -> str:
    """Which units a target is asked of: `chi bộ thuộc loại hình trường học`."""
    return f"chi bộ thuộc loại hình {target.sector.name}" if target.sector else target.get_where_display()


def amount_of(target: Target) -> str:
    """How much is asked: `ít nhất 3,5%`, `từ 1 đến 2 người`."""
    unit = "%" if target.kind in Target.IN_PERCENT else " người"
    if target.upper is not None:
        return f"từ {vietnamese.amount(target.value)} đến {vietnamese.amount(target.upper)}{unit}"
    return f"ít nhất {vietnamese.amount(target.value)}{unit}"
