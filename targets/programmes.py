"""Deeds on the programmes that set targets: entering, changing and taking away a programme or one of its targets.

A programme binds no organisation: it is set by whoever may do so at the top of the tree (`may_set`). What it said
before stays in the log, with old and new values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cells import vietnamese
from cells.log.write import Changes, record
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import User
from cells.rules.models import Sector
from cells.verdict import Problem, Refused, Stale
from targets import closed
from targets.enter import FIRST_YEAR, LAST_YEAR, MOST
from targets.models import Programme, Target
from targets.progress import may_decide
from targets.words import in_words, where_of

#: asked of several units together: of the one at the top they would say nothing
OF_MANY = (Target.Kind.MINIMUM_EACH, Target.Kind.MINIMUM_AVERAGE, Target.Kind.COVERAGE)
ENDED = "Chương trình đã hết năm {year}: không thêm, không sửa chỉ tiêu; muốn thế thì kéo dài chương trình trước."
_SECTOR_UNASKED = "Loại hình chỉ chọn khi áp dụng cho «chi bộ thuộc loại hình»; bỏ chọn, hoặc đổi nơi áp dụng."
_NOT_AT_THE_TOP = "Dạng chỉ tiêu này tính trên nhiều đơn vị: chọn tổ chức cơ sở đảng, chi bộ hoặc loại hình."
#: people come whole where a single unit is asked for them
_WHOLE = (Target.Kind.NUMBER, Target.Kind.MINIMUM_EACH)

Found = tuple[str, str]  # a field, and what is wrong with it


@dataclass(frozen=True)
class ProgrammeLine:
    """What a programme says of itself; both years inclusive. `programme`: the one it changes, null for a new one."""

    title: str
    document: str
    from_year: int
    to_year: int
    confirmed: bool = True
    programme: Programme | None = None

    def written(self) -> Programme:
        """The row as it would stand; not saved."""
        return Programme(
            pk=self.programme.pk if self.programme else None,
            **{name: _clean(getattr(self, name)) for name in PROGRAMME_FIELDS},
        )


@dataclass(frozen=True)
class TargetLine:
    """One target of `programme`. `value` and `upper` are people or per cent; `target`: the one it changes."""

    programme: Programme
    line: str
    kind: str
    value: Decimal | None
    where: str
    span: str = Target.Span.YEAR
    upper: Decimal | None = None
    sector: Sector | None = None
    with_sources_only: bool = False
    primary: bool = False
    text: str = ""
    target: Target | None = None

    def written(self) -> Target:
        """The row as it would stand; not saved."""
        values = {name: getattr(self, name) for name in TARGET_FIELDS}
        return Target(pk=self.target.pk if self.target else None, programme=self.programme, **values)


PROGRAMME_FIELDS = ("title", "document", "from_year", "to_year", "confirmed")
TARGET_FIELDS = tuple(one.name for one in fields(TargetLine) if one.name not in ("programme", "target"))


def may_set(user: User, *, on: dt.date) -> bool:
    """Whether `user` may set the targets of programmes on `on`: held at the top, since they bind every unit."""
    return Organisation.objects.top_on(on).for_user(user, rights.SET_TARGETS, on=on).exists()


@transaction.atomic
def enter_programmes(
    lines: Sequence[ProgrammeLine], *, actor: User | None, today: dt.date, reason: str = ""
) -> list[Programme]:
    """Enter programmes, or change those that are there; one log entry with what they said before.

    Refused (fields `title`, `document`, `from_year`, `to_year`, `reason`): nothing written, years that cannot be or
    are not in order, a title that another programme of the same first year has, no reason where the results of years
    that are over change (`targets.closed`); and (field "") years in which a primary target would decide what one of
    another programme decides already. `Stale`: somebody else changed one meanwhile, or took it away.
    """
    held = _lock()
    problems = []
    for index, line in enumerate(lines):
        if line.programme:
            _as_read(line.programme, held.get(line.programme.pk), PROGRAMME_FIELDS, index)
        found = programme_problems(line)
        if line.programme and not found:
            targets = list(line.programme.targets.all())
            found = _reasoned(reason, closed.asks_why_moved(line.programme, line.written(), targets, today))
        problems += [Problem(index, *one) for one in found]
    if problems:
        raise Refused(*problems)
    rows: list[Any] = []
    changes: Changes = {}
    for line in lines:
        row = line.programme or Programme()
        changes |= _put(row, {name: _clean(getattr(line, name)) for name in PROGRAMME_FIELDS}, len(lines) > 1)
        rows.append(row)
    _record("enter_programmes", "programme", rows, actor, changes, reason)
    return rows


@transaction.atomic
def enter_targets(lines: Sequence[TargetLine], *, actor: User | None, today: dt.date, reason: str = "") -> list[Target]:
    """Enter targets, or change those that are there; one log entry with what they said before.

    Refused (with the names of TARGET_FIELDS, and `reason`): see `target_problems`, and no reason where the results of
    years that are over change (`targets.closed`). `Stale`: somebody else changed one or its programme meanwhile, or
    took it away.
    """
    held = _lock()
    standing = {row.pk: row for row in Target.objects.select_related("programme", "sector")}
    changed = {line.target.pk for line in lines if line.target}
    beside = [row for row in standing.values() if row.pk not in changed]
    problems = []
    for index, line in enumerate(lines):
        _as_read(line.programme, held.get(line.programme.pk), PROGRAMME_FIELDS, index)
        if line.target:
            _as_read(line.target, standing.get(line.target.pk), TARGET_FIELDS, index)
        found = target_problems(line, beside, today)
        found = found or _reasoned(reason, closed.asks_why_set(line.target, line.written(), today))
        problems += [Problem(index, *one) for one in found]
        beside.append(line.written())
    if problems:
        raise Refused(*problems)
    rows: list[Any] = []
    changes: Changes = {}
    for line in lines:
        row = line.target or Target(programme=line.programme)
        changes |= _put(row, {name: _clean(getattr(line, name)) for name in TARGET_FIELDS}, len(lines) > 1)
        rows.append(row)
    _record("enter_targets", "target", rows, actor, changes, reason)
    return rows


@transaction.atomic
def remove_programmes(rows: Sequence[Programme], *, actor: User | None, today: dt.date, reason: str = "") -> int:
    """Take programmes away with their targets; the log keeps all they said. Out: how many went.

    Refused (field `reason`): no reason where their targets were told of years that are over.
    """
    _lock()
    targets = [list(row.targets.select_related("sector")) for row in rows]
    _refuse_unreasoned(
        reason, [closed.asks_why_gone(row, today) if of else "" for row, of in zip(rows, targets, strict=True)]
    )
    changes: Changes = {}
    for row, of in zip(rows, targets, strict=True):
        changes |= {_name(target, "target"): (in_words(target), "") for target in of}
        changes |= _gone(row, PROGRAMME_FIELDS, len(rows) > 1)
    _record("remove_programmes", "programme", rows, actor, changes, reason)
    Programme.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def remove_targets(rows: Sequence[Target], *, actor: User | None, today: dt.date, reason: str = "") -> int:
    """Take targets away; the log keeps all they said. Out: how many went.

    Refused (field `reason`): no reason where they were told of years that are over.
    """
    _lock()
    _refuse_unreasoned(reason, [closed.asks_why_gone(row.programme, today) for row in rows])
    changes: Changes = {}
    for row in rows:
        changes |= _gone(row, TARGET_FIELDS, len(rows) > 1)
    _record("remove_targets", "target", rows, actor, changes, reason)
    Target.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


# --- what is refused ------------------------------------------------------------------------------


def programme_problems(line: ProgrammeLine) -> list[Found]:
    """What is wrong with a programme."""
    found = [
        (name, said)
        for name, said in (("title", "Ghi tên chương trình."), ("document", "Ghi văn bản đặt ra chương trình."))
        if not vietnamese.clean(getattr(line, name))
    ]
    years = [(name, getattr(line, name)) for name in ("from_year", "to_year")]
    absurd = [name for name, year in years if not FIRST_YEAR <= year <= LAST_YEAR]
    found += [(name, f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.") for name in absurd]
    if not absurd and line.to_year < line.from_year:
        found.append(("to_year", f"Năm kết thúc {line.to_year} ở trước năm bắt đầu {line.from_year}."))
    same = Programme.objects.filter(title=vietnamese.clean(line.title), from_year=line.from_year)
    if line.programme is not None:
        same = same.exclude(pk=line.programme.pk)
    if not found and same.exists():
        found.append(("title", f"Đã có chương trình tên này từ năm {line.from_year}; sửa chương trình đó."))
    return found or _overlapping(line)


def _overlapping(line: ProgrammeLine) -> list[Found]:
    """The primary targets of the programme that would, in its new years, decide what another one decides."""
    if line.programme is None:
        return []
    others = list(_primaries().exclude(programme=line.programme))
    moved = line.written()
    found = []
    for target in _primaries().filter(programme=line.programme):
        target.programme = moved
        found += [("", _both_decide(target, other)) for other in others if decide_the_same(target, other)]
    return found


def target_problems(line: TargetLine, others: Sequence[Target], today: dt.date) -> list[Found]:
    """What is wrong with a target, beside the `others` there are (each with its programme and sector).

    A programme that has ended, no value or one that cannot be, an upper end below it, a place that does not go with
    the kind, a sector where none is asked or none where one is, a primary target that decides nothing or what another
    decides in the same years, and the same target twice in a programme.
    """
    if line.programme.to_year < today.year:
        return [("", ENDED.format(year=line.programme.to_year))]
    found = _value_problems(line) + _where_problems(line)
    if line.primary and not may_decide(line.written()):
        said = "Chỉ số lượng hoặc tỷ lệ, tính mỗi năm, mới quyết định «đạt»; bỏ đánh dấu chỉ tiêu chính."
        found.append(("primary", said))
    return found or _beside(line, others)


def _reasoned(reason: str, question: str) -> list[Found]:
    """The `question` why (empty: nothing is asked), where no reason answers it."""
    return [("reason", question)] if question and not vietnamese.clean(reason) else []


def _refuse_unreasoned(reason: str, questions: Iterable[str]) -> None:
    found = [Problem(index, *one) for index, asked in enumerate(questions) for one in _reasoned(reason, asked)]
    if found:
        raise Refused(*found)


def _as_read(row: Any, now: Any, names: Iterable[str], index: int) -> None:
    """Refuses where the row, as the caller read it, is no longer what stands (null: it is gone)."""
    if now is None:
        raise Stale(Problem(index, "", "Người khác vừa xóa mục này; không ghi được nữa."))
    if any(getattr(row, name) != getattr(now, name) for name in names):
        raise Stale(Problem(index, "", "Người khác vừa sửa mục này; xem lại rồi ghi lần nữa."))


def _value_problems(line: TargetLine) -> list[Found]:
    percent = line.kind in Target.IN_PERCENT
    if line.value is None:
        return [("value", "Ghi giá trị của chỉ tiêu.")]
    found = []
    for name, value in (("value", line.value), ("upper", line.upper)):
        if value is None:
            continue
        if value < 0:
            found.append((name, "Giá trị không được nhỏ hơn 0."))
        elif percent and value > 100:
            found.append((name, f"{vietnamese.amount(value)}% không được: tỷ lệ không quá 100%."))
        elif value > MOST:
            found.append((name, f"Số quá lớn; nhiều nhất là {vietnamese.number(MOST)}."))
        elif line.kind in _WHOLE and value != int(value):
            found.append((name, f"{vietnamese.amount(value)} người không được: ghi số nguyên."))
    if not found and line.value == 0:
        found.append(("value", "Giá trị 0 không đòi hỏi gì; ghi số lớn hơn 0."))
    if not found and line.upper is not None and line.upper < line.value:
        found.append(("upper", f"Số cuối khoảng phải từ {vietnamese.amount(line.value)} trở lên."))
    return found


def _where_problems(line: TargetLine) -> list[Found]:
    of_sector = line.where == Target.Where.SECTOR
    found = []
    if of_sector and line.sector is None:
        found.append(("sector", "Chọn loại hình mà chỉ tiêu áp dụng."))
    if not of_sector and line.sector is not None:
        found.append(("sector", _SECTOR_UNASKED))
    if line.where == Target.Where.TOP and line.kind in OF_MANY:
        found.append(("where", _NOT_AT_THE_TOP))
    if line.where == Target.Where.TOP and line.with_sources_only:
        found.append(("with_sources_only", "Toàn đảng bộ không có «hết nguồn»; bỏ đánh dấu."))
    return found


def _beside(line: TargetLine, others: Sequence[Target]) -> list[Found]:
    new = line.written()
    for other in others:
        if other.programme_id == line.programme.pk and _level(other) == _level(new) and _asks(other) == _asks(new):
            return [("", f"Chương trình này đã có chỉ tiêu như thế: «{in_words(other)}» Sửa chỉ tiêu đó.")]
        if decide_the_same(new, other):
            return [("primary", _both_decide(new, other))]
    return []


def decide_the_same(one: Target, other: Target) -> bool:
    """Whether two primary targets decide "met" on one line, at one level, in the same years.

    Of two programmes the one that began later decides (`progress.in_years`): only those of one first year quarrel.
    """
    if not (one.primary and other.primary and may_decide(one) and may_decide(other)):
        return False
    first, second = one.programme, other.programme
    return (one.line, *_level(one)) == (other.line, *_level(other)) and first.from_year == second.from_year


def _both_decide(one: Target, other: Target) -> str:
    return (
        f"«{in_words(other)}» của chương trình «{other.programme.title}» đã là chỉ tiêu chính về"
        f" {one.get_line_display()} của {where_of(one)} từ năm {other.programme.from_year};"
        " chỉ một chỉ tiêu quyết định «đạt»."
    )


def _level(target: Target) -> tuple[str, int | None]:
    return target.where, target.sector_id


def _asks(target: Target) -> tuple[str, str, str, bool]:
    return target.line, target.kind, target.span, target.with_sources_only


def _primaries() -> QuerySet[Target]:
    return Target.objects.filter(primary=True).select_related("programme", "sector")


# --- what is written ------------------------------------------------------------------------------


def _lock() -> dict[int, Programme]:
    """All programmes as they stand: one is changed at a time, since what it may say depends on the others."""
    return {row.pk: row for row in Programme.objects.order_by("pk").select_for_update()}


def _clean(value: Any) -> Any:
    return vietnamese.clean(value) if isinstance(value, str) else value


def _put(row: Programme | Target, values: dict[str, Any], several: bool) -> Changes:
    """Save `values` and tell what they replace; nothing where nothing differs."""
    new = row.pk is None
    before = {name: "" if new else getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    if new or any(before[name] != value for name, value in values.items()):
        row.save()
    return {
        _name(row, name) if several else name: (_said(row, name, before[name]), _said(row, name, value))
        for name, value in values.items()
        if before[name] != value and (before[name] or value)
    }


def _gone(row: Programme | Target, names: Iterable[str], several: bool) -> Changes:
    return {_name(row, name) if several else name: (_said(row, name, getattr(row, name)), "") for name in names}


def _name(row: Programme | Target, field: str) -> str:
    return f"{row.pk} {field}"


def _said(row: Programme | Target, name: str, value: Any) -> str:
    """The value of a field as the pages show it."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, Decimal):
        return vietnamese.amount(value)
    words = dict(getattr(row._meta.get_field(name), "flatchoices", ()))
    return "" if value is None else str(words.get(value, value))


def _record(deed: str, subject: str, rows: Sequence[Any], actor: User | None, changes: Changes, reason: str) -> None:
    """One entry, of the only row or of how many, with the reason given; none where nothing changed."""
    if not changes:
        return
    one = rows[0].pk if len(rows) == 1 else None
    note = vietnamese.clean(reason)
    record(deed, actor=actor, subject=subject, subject_id=one, count=len(rows), note=note, changes=changes)
