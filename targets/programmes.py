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
from cells.verdict import Problem, Refused
from targets.enter import FIRST_YEAR, LAST_YEAR, MOST
from targets.models import Programme, Target
from targets.progress import may_decide
from targets.words import in_words, where_of

#: asked of several units together: of the one at the top they would say nothing
OF_MANY = (Target.Kind.MINIMUM_EACH, Target.Kind.MINIMUM_AVERAGE, Target.Kind.COVERAGE)
ENDED = "Chương trình đã hết năm {year}: không thêm, không sửa chỉ tiêu; muốn thế thì kéo dài chương trình trước."
_SECTOR_UNASKED = "Loại hình chỉ chọn khi áp dụng cho «chi bộ thuộc loại hình»; bỏ chọn, hoặc đổi nơi áp dụng."
_NOT_AT_THE_TOP = "Dạng chỉ tiêu này tính trên nhiều đơn vị: chọn tổ chức cơ sở đảng, chi bộ hoặc loại hình."
_WHY = (
    "{what} đã dùng để tính {years}: ghi lý do sửa. Văn bản mới đổi chỉ tiêu từ năm {next} thì không sửa ở đây:"
    " cho chương trình này hết năm {last}, rồi lập chương trình mới."
)
#: people come whole where a single unit is asked for them
_WHOLE = (Target.Kind.NUMBER, Target.Kind.MINIMUM_EACH)

Found = tuple[str, str]  # a field, and what is wrong with it


@dataclass(frozen=True)
class ProgrammeLine:
    """What a programme says of itself; both years inclusive. `programme`: the one it changes, null for a new one.

    `reason` of a change that shows in years that are over; the log keeps it.
    """

    title: str
    document: str
    from_year: int
    to_year: int
    confirmed: bool = True
    programme: Programme | None = None
    reason: str = ""


@dataclass(frozen=True)
class TargetLine:
    """One target of `programme`. `value` and `upper` are people or per cent; `target`: the one it changes.

    `reason` of a change that shows in years that are over; the log keeps it.
    """

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
    reason: str = ""

    def written(self) -> Target:
        """The row as it would stand; not saved."""
        values = {name: getattr(self, name) for name in TARGET_FIELDS}
        return Target(pk=self.target.pk if self.target else None, programme=self.programme, **values)


PROGRAMME_FIELDS = ("title", "document", "from_year", "to_year", "confirmed")
TARGET_FIELDS = tuple(one.name for one in fields(TargetLine) if one.name not in ("programme", "target", "reason"))


def may_set(user: User, *, on: dt.date) -> bool:
    """Whether `user` may set the targets of programmes on `on`: held at the top, since they bind every unit."""
    return Organisation.objects.top_on(on).for_user(user, rights.SET_TARGETS, on=on).exists()


def closed_years(programme: Programme, today: dt.date) -> range:
    """The years of the programme that are over on `today`: what was told of them stands."""
    return range(programme.from_year, min(programme.to_year + 1, today.year))


def years_text(years: range) -> str:
    """ "năm 2024", "các năm 2020 - 2023"; empty of none."""
    if not years:
        return ""
    return f"năm {years[0]}" if len(years) == 1 else f"các năm {years[0]} - {years[-1]}"


@transaction.atomic
def enter_programmes(lines: Sequence[ProgrammeLine], *, actor: User | None, today: dt.date) -> list[Programme]:
    """Enter programmes, or change those that are there; one log entry with what they said before.

    Refused (fields `title`, `document`, `from_year`, `to_year`, `reason`): nothing written, years that cannot be or
    are not in order, a title that another programme of the same first year has, other years that are over without a
    reason; and (field "") years in which a primary target would decide what one of another programme decides already.
    """
    _lock()
    problems = []
    for index, line in enumerate(lines):
        problems += [Problem(index, *found) for found in programme_problems(line, today)]
    if problems:
        raise Refused(*problems)
    rows: list[Any] = []
    changes: Changes = {}
    for line in lines:
        row = line.programme or Programme()
        changes |= _put(row, {name: _clean(getattr(line, name)) for name in PROGRAMME_FIELDS}, len(lines) > 1)
        rows.append(row)
    _record("enter_programmes", "programme", rows, actor, changes, [line.reason for line in lines])
    return rows


@transaction.atomic
def enter_targets(lines: Sequence[TargetLine], *, actor: User | None, today: dt.date) -> list[Target]:
    """Enter targets, or change those that are there; one log entry with what they said before.

    Refused (with the names of TARGET_FIELDS): see `target_problems`.
    """
    _lock()
    changed = [line.target.pk for line in lines if line.target]
    beside = list(Target.objects.select_related("programme", "sector").exclude(pk__in=changed))
    problems = []
    for index, line in enumerate(lines):
        problems += [Problem(index, *found) for found in target_problems(line, beside, today)]
        beside.append(line.written())
    if problems:
        raise Refused(*problems)
    rows: list[Any] = []
    changes: Changes = {}
    for line in lines:
        row = line.target or Target(programme=line.programme)
        changes |= _put(row, {name: _clean(getattr(line, name)) for name in TARGET_FIELDS}, len(lines) > 1)
        rows.append(row)
    _record("enter_targets", "target", rows, actor, changes, [line.reason for line in lines])
    return rows


@transaction.atomic
def remove_programmes(rows: Sequence[Programme], *, actor: User | None, today: dt.date, reason: str = "") -> int:
    """Take programmes away with their targets; the log keeps all they said. Out: how many went.

    Refused (field `reason`): without a reason where targets were told of years that are over.
    """
    _lock()
    _need_reason([(row, "Chương trình này") for row in rows if row.targets.exists()], reason, today)
    changes: Changes = {}
    for row in rows:
        for target in row.targets.select_related("sector"):
            changes[_name(target, "target")] = (in_words(target), "")
        changes |= _gone(row, PROGRAMME_FIELDS, len(rows) > 1)
    _record("remove_programmes", "programme", rows, actor, changes, [reason])
    Programme.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@transaction.atomic
def remove_targets(rows: Sequence[Target], *, actor: User | None, today: dt.date, reason: str = "") -> int:
    """Take targets away; the log keeps all they said. Out: how many went.

    Refused (field `reason`): without a reason where they were told of years that are over.
    """
    _lock()
    _need_reason([(row.programme, "Chỉ tiêu này") for row in rows], reason, today)
    changes: Changes = {}
    for row in rows:
        changes |= _gone(row, TARGET_FIELDS, len(rows) > 1)
    _record("remove_targets", "target", rows, actor, changes, [reason])
    Target.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


# --- what is refused ------------------------------------------------------------------------------


def programme_problems(line: ProgrammeLine, today: dt.date) -> list[Found]:
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
    return found or _other_past(line, today) or _overlapping(line)


def _other_past(line: ProgrammeLine, today: dt.date) -> list[Found]:
    """A reason that lacks where the targets would be told of other years that are over than they were."""
    if line.programme is None or vietnamese.clean(line.reason) or not line.programme.targets.exists():
        return []
    moved = Programme(from_year=line.from_year, to_year=line.to_year)
    before, after = closed_years(line.programme, today), closed_years(moved, today)
    return [] if before == after else [_why(before or after, "Chương trình này")]


def _overlapping(line: ProgrammeLine) -> list[Found]:
    """The primary targets of the programme that would, in its new years, decide what another one decides."""
    if line.programme is None:
        return []
    others = list(_primaries().exclude(programme=line.programme))
    moved = Programme(pk=line.programme.pk, from_year=line.from_year, to_year=line.to_year)
    found = []
    for target in _primaries().filter(programme=line.programme):
        target.programme = moved
        found += [("", _both_decide(target, other)) for other in others if decide_the_same(target, other)]
    return found


def target_problems(line: TargetLine, others: Sequence[Target], today: dt.date) -> list[Found]:
    """What is wrong with a target, beside the `others` there are (each with its programme and sector).

    A programme that has ended, no value or one that cannot be, an upper end below it, a place that does not go with
    the kind, a sector where none is asked or none where one is, a primary target that decides nothing or what another
    decides in the same years, the same target twice in a programme, and no reason where another figure would be told
    of years that are over.
    """
    if line.programme.to_year < today.year:
        return [("", ENDED.format(year=line.programme.to_year))]
    found = _value_problems(line) + _where_problems(line) + _other_figure(line, today)
    if line.primary and not may_decide(line.written()):
        said = "Chỉ số lượng hoặc tỷ lệ, tính mỗi năm, mới quyết định «đạt»; bỏ đánh dấu chỉ tiêu chính."
        found.append(("primary", said))
    return found or _beside(line, others)


def _other_figure(line: TargetLine, today: dt.date) -> list[Found]:
    """A reason that lacks where a target asks something else than it did in years that are over."""
    closed = closed_years(line.programme, today)
    if line.target is None or not closed or vietnamese.clean(line.reason):
        return []
    asked = [name for name in TARGET_FIELDS if name != "text"]  # the words of the document ask nothing
    same = all(getattr(line, name) == getattr(line.target, name) for name in asked)
    return [] if same else [_why(closed, "Chỉ tiêu này")]


def _need_reason(told: Iterable[tuple[Programme, str]], reason: str, today: dt.date) -> None:
    """Refuses what goes without a `reason` where it (of a programme, named so) was told of years that are over."""
    found = [(closed_years(programme, today), what) for programme, what in told]
    if not vietnamese.clean(reason) and any(closed for closed, _ in found):
        raise Refused(*(Problem(index, *_why(*one)) for index, one in enumerate(found) if one[0]))


def _why(closed: range, what: str) -> Found:
    return "reason", _WHY.format(what=what, years=years_text(closed), next=closed[-1] + 1, last=closed[-1])


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


def _lock() -> None:
    """One programme is changed at a time: what it may say depends on the others."""
    list(Programme.objects.order_by("pk").select_for_update().values_list("pk"))


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


def _record(
    deed: str, subject: str, rows: Sequence[Any], actor: User | None, changes: Changes, reasons: Iterable[str]
) -> None:
    """One entry, of the only row or of how many, with the reasons given; none where nothing changed."""
    if not changes:
        return
    one = rows[0].pk if len(rows) == 1 else None
    said = dict.fromkeys(vietnamese.clean(reason) for reason in reasons)
    note = "; ".join(reason for reason in said if reason)
    record(deed, actor=actor, subject=subject, subject_id=one, count=len(rows), note=note, changes=changes)
