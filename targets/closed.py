"""What was told of years that are over, by programmes: which changes show there, and the sentences that ask why.

A committee has signed those figures. A new document that asks something else is a programme of its own; a mistake in
what was entered is put right with a reason, which the log keeps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from targets.models import Programme, Target
from targets.progress import may_decide

_CHANGED = (
    "Chỉ tiêu này đã dùng để tính {years}: ghi lý do sửa. Nếu văn bản mới đổi chỉ tiêu từ năm {next} thì thôi, mở"
    " «Sửa chương trình» cho chương trình này hết năm {last}, rồi lập chương trình mới."
)
_ADDED = "Chỉ tiêu này sẽ quyết định cả kết quả {years}, đã tính xong: ghi lý do thêm."
_MOVED = "Đổi năm như thế thì kết quả {years}, đã tính xong, cũng đổi: ghi lý do sửa."
_REMOVED = "Mục này đã dùng để tính {years}: ghi lý do xóa."
#: what a document says of a target asks nothing of anybody
_WORDS_ALONE = ("id", "programme", "text")


def closed_years(programme: Programme, today: dt.date) -> range:
    """The years of the programme that are over on `today`."""
    return range(programme.from_year, min(programme.to_year + 1, today.year))


def years_text(years: range) -> str:
    """`năm 2024`, `các năm 2020 - 2023`; empty of none."""
    if not years:
        return ""
    return f"năm {years[0]}" if len(years) == 1 else f"các năm {years[0]} - {years[-1]}"


def asks_why_moved(before: Programme, after: Programme, targets: Sequence[Target], today: dt.date) -> str:
    """Why a programme with these targets gets other years: asked where other years that are over are told by them.

    Of a target of the whole span every year is told by how long it is.
    """
    old, new = closed_years(before, today), closed_years(after, today)
    spans = before.from_year, before.to_year
    by_length = any(target.span == Target.Span.WHOLE for target in targets) and spans != (
        after.from_year,
        after.to_year,
    )
    if not targets or (old == new and not (old and by_length)):
        return ""
    ends = [*old, *new]
    return _MOVED.format(years=years_text(range(min(ends), max(ends) + 1)))


def asks_why_set(before: Target | None, after: Target, today: dt.date) -> str:
    """Why a target is entered (`before` null) or asks something else: asked where years that are over would tell it."""
    closed = closed_years(after.programme, today)
    if not closed:
        return ""
    if before is None:
        return _ADDED.format(years=years_text(closed)) if _judges(after) else ""
    names = [field.attname for field in Target._meta.concrete_fields if field.name not in _WORDS_ALONE]
    if all(getattr(before, name) == getattr(after, name) for name in names):
        return ""
    return _CHANGED.format(years=years_text(closed), next=closed[-1] + 1, last=closed[-1])


def asks_why_gone(programme: Programme, today: dt.date) -> str:
    """Why a target of the programme, or the programme with its targets, goes."""
    closed = closed_years(programme, today)
    return _REMOVED.format(years=years_text(closed)) if closed else ""


def _judges(target: Target) -> bool:
    """Whether other tables than its own line take their verdict from the target."""
    each = target.kind == Target.Kind.MINIMUM_EACH and target.span == Target.Span.YEAR
    return may_decide(target) or each
