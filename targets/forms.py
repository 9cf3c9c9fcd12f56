"""Year grids: one form in which the figures of a unit and of its children are typed like in a sheet.

A grid knows what stood in each row when it was opened (`seen`). Only rows whose cells the reader changed are
written; where somebody else changed the same row meanwhile, the row says so and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cells import vietnamese
from cells.forms import CountField, DayField, DeedForm, LineField, digest
from cells.verdict import Refused
from targets.models import RESULTS
from targets.quotas.allotment import WHOLE

_FASTER = "Người khác vừa ghi {now}; xem lại số vừa gõ rồi ghi lần nữa nếu vẫn đúng."


@dataclass(frozen=True)
class Column:
    """A column of a grid; `make` builds the field of one cell."""

    name: str
    title: str
    make: Callable[[], forms.Field] = lambda: CountField(required=False)
    number: bool = True


@dataclass
class GridRow:
    """One unit (or body) of the year. `stored` is what stands now (empty where nothing does); `skip`, columns it has
    not; `proposed`, what a form not yet sent offers instead; `gone`, that the unit is no longer here; `whys`, sentences
    that say where its numbers come from.

    `correct_url` leads to where a closed row is put right.
    """

    unit: Any
    stored: dict[str, Any]
    editable: bool = True
    note: str = ""
    skip: frozenset[str] = frozenset()
    correct_url: str = ""
    proposed: dict[str, Any] = field(default_factory=dict)
    gone: bool = False
    whys: Sequence[str] = ()
    typed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    title: str
    number: bool
    text: Any = None
    bound: BoundField | None = None


class YearGrid(DeedForm):
    """The form over `rows`; `columns` may be given for the grid or stand in the class."""

    columns: tuple[Column, ...] = ()

    def __init__(self, *args: Any, rows: Sequence[GridRow], columns: Sequence[Column] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        self.columns = tuple(columns) or self.columns
        for row in self.rows:
            if row.editable:
                self._add_row(row)

    def _add_row(self, row: GridRow) -> None:
        for column in self._columns_of(row):
            cell = column.make()
            cell.label = f"{row.unit.name}, {column.title}"
            cell.widget.attrs |= {"aria-label": cell.label, "class": "cell-input"}
            self.fields[_key(row, column.name)] = cell
            self.initial[_key(row, column.name)] = (row.stored | row.proposed).get(column.name)
        self.add_hidden(_key(row, "seen"), forms.CharField(required=False), self._digest(row, row.stored))

    def _columns_of(self, row: GridRow) -> list[Column]:
        return [column for column in self.columns if column.name not in row.skip]

    def _digest(self, row: GridRow, values: dict[str, Any]) -> str:
        """A short mark of a row's values: equal marks, equal values."""
        return digest({column.name: _plain(values.get(column.name)) for column in self._columns_of(row)})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in self.rows:
            if not row.editable:
                continue
            row.typed = {column.name: cleaned.get(_key(row, column.name)) for column in self._columns_of(row)}
            if not any(_key(row, column.name) in self.errors for column in self._columns_of(row)):
                self._clean_row(row, cleaned.get(_key(row, "seen"), ""))
        return cleaned

    def _clean_row(self, row: GridRow, seen: str) -> None:
        if self._digest(row, row.typed) in (seen, self._digest(row, row.stored)):
            row.typed = dict(row.stored)  # untouched here, or somebody entered the very same
        elif seen != self._digest(row, row.stored):
            now = ", ".join(f"{column.title} {_said(row.stored.get(column.name))}" for column in self._columns_of(row))
            self.stale = True
            self.add_error(_key(row, self._columns_of(row)[0].name), _FASTER.format(now=now))
            self.data = self.data.copy()
            self.data[self.add_prefix(_key(row, "seen"))] = self._digest(row, row.stored)
        else:
            self.check_row(row)

    def check_row(self, row: GridRow) -> None:
        """What else must hold in a row that was changed; errors go to its cells by `at`."""

    def at(self, row: GridRow, column: str, message: str) -> None:
        self.add_error(_key(row, column), message)

    def changed(self) -> list[GridRow]:
        """The rows to write, of a valid form."""
        return [
            row for row in self.rows if row.editable and self._digest(row, row.typed) != self._digest(row, row.stored)
        ]

    def value(self, row: GridRow, column: str) -> Any:
        """What the grid shows in a cell: the typed value where the form is bound, else the stored one."""
        if row.editable and self.is_bound:
            return row.typed.get(column)
        return (row.stored | row.proposed).get(column)

    def show(self, refused: Refused, rows: Sequence[GridRow]) -> None:
        """Put what a deed refused, given the list made of `rows`, at the cells."""
        for problem in refused.problems:
            row = rows[problem.index]
            own = _key(row, problem.field)
            if problem.field == WHOLE:
                self.add_error(None, problem.message)
                continue
            if own in self.fields:
                self.add_error(own, problem.message)
            elif problem.field in self.fields:
                self.add_error(problem.field, problem.message)
            else:
                self.at(row, self._columns_of(row)[0].name, problem.message)

    def head(self) -> list[BoundField]:
        """The fields above the grid."""
        cells = {_key(row, column.name) for row in self.rows for column in self.columns}
        return [bound for bound in self if bound.name not in cells and not bound.is_hidden]

    def marks(self) -> list[BoundField]:
        """The hidden fields of the form itself; those of a row stand in the row."""
        seen = {_key(row, "seen") for row in self.rows}
        return [bound for bound in self.hidden_fields() if bound.name not in seen]

    def grid(self) -> Iterator[tuple[GridRow, BoundField | None, list[Cell]]]:
        """Each row with its hidden field and its cells."""
        for row in self.rows:
            seen = self[_key(row, "seen")] if row.editable else None
            yield row, seen, [self._cell(row, column) for column in self.columns]

    def _cell(self, row: GridRow, column: Column) -> Cell:
        if column.name in row.skip:
            return Cell(column.title, column.number)
        if row.editable:
            return Cell(column.title, column.number, bound=self[_key(row, column.name)])
        return Cell(column.title, column.number, text=_said(row.stored.get(column.name)))


class BasesForm(YearGrid):
    """Members at the start of the year. A row that is there is closed and never moves."""

    columns = (
        Column("total", "Tổng số"),
        Column("full", "Chính thức"),
        Column("probationary", "Dự bị"),
        Column("female", "Nữ"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for row in self.rows:
            if row.stored:
                self._check_closed(row)
        return cleaned

    def check_row(self, row: GridRow) -> None:
        if row.typed["total"] is None:
            self.at(row, "total", "Ghi tổng số đảng viên.")

    def _check_closed(self, row: GridRow) -> None:
        """Somebody closed the row while this form was open: the same figures are no quarrel, others are told."""
        typed = {column.name: self.data.get(self.add_prefix(_key(row, column.name)), "") for column in self.columns}
        said = {name: vietnamese.clean(str(text)) for name, text in typed.items()}
        given = {name: text for name, text in said.items() if text}
        if any(text.replace(".", "") != str(row.stored.get(name)) for name, text in given.items()):
            words = ", ".join(f"{column.title} {given[column.name]}" for column in self.columns if column.name in given)
            self.add_error(
                None,
                f"{row.unit.name}: số đầu năm vừa được người khác chốt ({_said(row.stored['total'])}); "
                f"số vừa gõ ({words}) không được ghi.",
            )


class CorrectBaseForm(DeedForm):
    """The right number of a base that is there, and why; `seen` is the number used when the form was opened."""

    total = CountField(label="Số đúng", help_text="Tổng số đảng viên ngày 01/01, kể cả dự bị.")
    reason = LineField(label="Lý do đính chính", max_length=300)

    def __init__(self, *args: Any, used: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._used = str(used)
        self.add_hidden("seen", forms.CharField(), self._used)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen", self._used) != self._used:
            self.add_error("total", f"Số đang dùng vừa đổi thành {self._used}; xem lại rồi gửi lần nữa.")
            self.data = self.data.copy()
            self.data["seen"] = self._used
        return cleaned


def _source_choice() -> forms.Field:
    choices = [("", "chưa báo"), ("yes", "còn nguồn"), ("no", "hết nguồn")]
    return forms.ChoiceField(choices=choices, required=False)


class QuotasForm(YearGrid):
    """What a unit gives for a year, with the word on sources; kept as a draft, or issued under a decision.

    `seen` is the number of the last version, `draft` the mark of the draft, when the form was made.
    """

    decision_number = LineField(label="Số quyết định giao chỉ tiêu", max_length=60, required=False)
    decided_on = DayField(label="Ngày quyết định", required=False)
    reason = LineField(
        label="Lý do điều chỉnh",
        max_length=300,
        required=False,
        help_text="Chỉ cần khi chỉ tiêu của năm đã giao; lần giao trước vẫn được giữ lại.",
    )
    explanation = LineField(
        label="Giải thích chênh lệch",
        max_length=300,
        required=False,
        help_text="Cần ghi khi tổng giao xuống khác số được cấp trên giao.",
    )

    columns = (
        Column("admission", "Kết nạp"),
        Column("fostering", "Bồi dưỡng"),
        Column("sources", "Nguồn", _source_choice, number=False),
        Column("sources_reason", "Lý do hết nguồn", lambda: LineField(max_length=300, required=False), number=False),
    )

    def __init__(self, *args: Any, seen: int, draft: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_hidden("seen", forms.IntegerField(), seen)
        self.add_hidden("draft_seen", forms.CharField(required=False), draft)

    def check_row(self, row: GridRow) -> None:
        if "sources" not in row.skip:
            self._check_sources(row)

    def with_sources(self) -> list[GridRow]:
        """The changed rows in which the word on sources changed."""
        return [
            row
            for row in self.changed()
            if row.typed.get("sources")
            and any(
                _plain(row.typed.get(name)) != _plain(row.stored.get(name)) for name in ("sources", "sources_reason")
            )
        ]

    def _check_sources(self, row: GridRow) -> None:
        said, reason = row.typed.get("sources"), row.typed.get("sources_reason")
        if said == "no" and not reason:
            self.at(row, "sources_reason", "Ghi lý do hết nguồn.")
        elif said != "no" and reason:
            self.at(row, "sources", "Đã ghi lý do thì chọn «hết nguồn», hoặc xóa lý do.")
        elif not said and row.stored.get("sources"):
            self.at(row, "sources", "Đã báo rồi thì chọn «còn nguồn» hoặc «hết nguồn».")


class BodiesForm(YearGrid):
    """How many people each body is to find and introduce, in the same version."""

    columns = (Column("introductions", "Phát hiện, giới thiệu"),)


class WorkbookForm(DeedForm):
    """A workbook that was filled in elsewhere; `draft_seen` is the mark of the draft it would replace."""

    workbook = forms.FileField(
        label="Tệp Excel đã điền",
        help_text="Bảng «Chi tieu» tải từ trang này, điền rồi gửi lại. Các số vào bản nháp, chưa giao.",
        error_messages={"required": "Chọn tệp Excel.", "empty": "Tệp trống.", "invalid": "Chọn tệp Excel."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm"}),
    )

    def __init__(self, *args: Any, draft: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_hidden("draft_seen", forms.CharField(required=False), draft)


class ReceivedForm(DeedForm):
    """The number a top organisation itself was given from outside; `seen` is the last version when it was opened."""

    admission = CountField(label="Chỉ tiêu kết nạp", required=False)
    fostering = CountField(label="Chỉ tiêu bồi dưỡng tạo nguồn", required=False)
    decision_number = LineField(label="Số quyết định", max_length=60, required=False)
    decided_on = DayField(label="Ngày quyết định", required=False)
    reason = LineField(
        label="Lý do điều chỉnh", max_length=300, required=False, help_text="Chỉ cần khi năm này đã có số được giao."
    )

    def __init__(self, *args: Any, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_hidden("seen", forms.IntegerField(), seen)


#: The declared figures in groups that fit a screen.
RESULT_GROUPS = {
    "admissions": ("Kết nạp, bồi dưỡng", ("admitted", "readmitted", "fostered", "recognised")),
    "transfers": ("Chuyển đến, chuyển đi", ("transferred_in", "transferred_out", "joined", "left")),
    "departures": ("Giảm khác", ("deceased", "struck_off", "resigned", "expelled")),
}


class ResultsForm(YearGrid):
    """Declared figures of one month or of the whole year."""


def result_columns(group: str) -> list[Column]:
    return [Column(name, RESULTS[name]) for name in RESULT_GROUPS[group][1]]


def _key(row: GridRow, name: str) -> str:
    return f"u{row.unit.pk}-{name}"


def _plain(value: Any) -> Any:
    """Empty text and nothing are one."""
    return None if value == "" else value


def _said(value: Any) -> str:
    if value in (None, ""):
        return vietnamese.NOTHING
    if isinstance(value, int):
        return vietnamese.number(value)
    return {"yes": "còn nguồn", "no": "hết nguồn"}.get(value, value)
