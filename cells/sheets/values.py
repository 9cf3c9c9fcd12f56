"""Readers: what a cell may hold, how it becomes a value, and how the empty template offers it.

`read` gets a cell that is not empty and the import's session; it raises `WrongValue` with the offending value quoted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from cells import vietnamese
from cells.vietnamese import WrongValue
from cells.vietnamese.reading import quote

if TYPE_CHECKING:
    from cells.rules.models import Lookup
    from cells.sheets.session import Session

FIRST_YEAR = 1930  # the Party's own; no figure of it is older


class Reader(Protocol):
    """How a column reads its cells. `sort` is "text", "date" or "number": the column's format in a template."""

    sort: str

    def read(self, value: object, session: Session) -> Any: ...

    def options(self, day: dt.date) -> list[str]:
        """What the template's drop-down offers; empty for none."""
        ...


def as_text(value: object) -> str:
    """A cell as text; whole numbers without the fraction that Excel gives them."""
    if isinstance(value, str):
        return vietnamese.clean(value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dt.date, dt.time)):
        raise WrongValue(
            f"{quote(value)}: Excel đã đổi ô này thành ngày giờ; đặt cột ở dạng văn bản (Text) rồi ghi lại."
        )
    return str(value)


class _Plain:
    sort = "text"

    def options(self, day: dt.date) -> list[str]:
        return []


@dataclass(frozen=True)
class Text(_Plain):
    """Words of at most `longest` characters."""

    longest: int

    def read(self, value: object, session: Session) -> str:
        text = as_text(value)
        if len(text) > self.longest:
            raise WrongValue(f"{quote(text)} dài quá {self.longest} ký tự; ghi ngắn lại.")
        return text


@dataclass(frozen=True)
class Code(_Plain):
    """A code, leading zeros kept."""

    longest: int = 40

    def read(self, value: object, session: Session) -> str:
        text = as_text(value)
        if isinstance(value, float) and not value.is_integer():
            raise WrongValue(
                f"{quote(value)}: Excel đã đổi mã này thành số lẻ; đặt cột ở dạng văn bản (Text) rồi ghi lại."
            )
        if len(text) > self.longest:
            raise WrongValue(f"{quote(text)} dài quá {self.longest} ký tự; kiểm tra lại mã.")
        return text


class Count(_Plain):
    """A whole number from 0."""

    sort = "number"

    def read(self, value: object, session: Session) -> int:
        return vietnamese.parse_count(value)


class Year(_Plain):
    sort = "number"

    def read(self, value: object, session: Session) -> int:
        year = vietnamese.parse_count(value)
        last = session.today.year + 10
        if not FIRST_YEAR <= year <= last:
            raise WrongValue(f"{quote(value)} không phải là năm từ {FIRST_YEAR} đến {last}.")
        return year


class Month(_Plain):
    sort = "number"

    def read(self, value: object, session: Session) -> int:
        month = vietnamese.parse_count(value)
        if not 1 <= month <= 12:
            raise WrongValue(f"{quote(value)} không phải là tháng từ 1 đến 12.")
        return month


class Day(_Plain):
    """A whole date."""

    sort = "date"

    def read(self, value: object, session: Session) -> dt.date:
        day, precision = vietnamese.parse_date(value, today=session.today)
        if precision != vietnamese.Precision.DAY:
            raise WrongValue(f"{quote(value)} thiếu ngày; ghi đủ ngày/tháng/năm như 05/02/2026.")
        return day


class FirstDay(_Plain):
    """A date of the past; where only month or year are known, the first day of them, and the import says so."""

    sort = "date"

    def read(self, value: object, session: Session) -> dt.date:
        day, precision = vietnamese.parse_date(value, today=session.today)
        if precision != vietnamese.Precision.DAY:
            session.note(session.reading, "ngày chỉ ghi tháng hoặc năm, lấy ngày đầu của tháng hoặc năm đó")
        return day


class PersonalNumber(_Plain):
    """The personal number of twelve digits: looked at, never kept."""

    def read(self, value: object, session: Session) -> None:
        digits = "".join(as_text(value).split())
        session.note(session.reading, "số định danh cá nhân chỉ được kiểm tra, không lưu")
        if digits.isdigit() and len(digits) in (10, 11):
            raise WrongValue(
                f"{quote(digits)} chỉ có {len(digits)} chữ số: Excel đã bỏ số 0 ở đầu; đặt cột ở dạng văn bản (Text) "
                "rồi ghi lại đủ 12 chữ số."
            )


class PartialDay(_Plain):
    """A date of which perhaps only month and year are known: (first day of what is known, its precision)."""

    sort = "date"

    def read(self, value: object, session: Session) -> tuple[dt.date, str]:
        day, precision = vietnamese.parse_date(value, today=session.today)
        return day, precision.value


class YesNo(_Plain):
    def read(self, value: object, session: Session) -> bool:
        return vietnamese.parse_yes_no(value)

    def options(self, day: dt.date) -> list[str]:
        return ["Có", "Không"]


def _known(reader: Reader, value: object, known: Mapping[str, Any], session: Session) -> Any:
    """What `known` has under the folded words of a cell; each spelling is folded once an import."""
    seen: dict[object, Any] = session.memo((reader, "seen"), dict)
    if value not in seen:
        text = as_text(value)
        folded = vietnamese.fold_header(text)
        if folded not in known:
            raise WrongValue(f"{quote(text)} không có trong danh sách: {' · '.join(reader.options(session.today))}.")
        seen[value] = known[folded]
    return seen[value]


@dataclass(frozen=True, eq=False)
class Choice(_Plain):
    """One of a few words; `choices` is word → value, several words may mean one value."""

    choices: Mapping[str, Any]

    def read(self, value: object, session: Session) -> Any:
        known = session.memo(self, lambda: {vietnamese.fold_header(word): mean for word, mean in self.choices.items()})
        return _known(self, value, known, session)

    def options(self, day: dt.date) -> list[str]:
        offered: dict[Any, str] = {}
        for word, mean in self.choices.items():
            offered.setdefault(mean, word)
        return list(offered.values())


@dataclass(frozen=True, eq=False)
class OneOf(_Plain):
    """A row of a lookup, under any of its spellings; whether it is in force is the session's to say."""

    lookup: Callable[[], type[Lookup]]

    def read(self, value: object, session: Session) -> Lookup:
        return _known(self, value, session.lookup(self.lookup()), session)

    def options(self, day: dt.date) -> list[str]:
        return [row.name for row in self.lookup().objects.on(day)]


@dataclass(frozen=True)
class SomeOf(_Plain):
    """Several rows of a lookup, separated by semicolons."""

    one: OneOf

    def read(self, value: object, session: Session) -> tuple[Lookup, ...]:
        parts = [part for part in as_text(value).split(";") if part.strip()]
        return tuple(dict.fromkeys(self.one.read(part, session) for part in parts))

    def options(self, day: dt.date) -> list[str]:
        return []
