"""The form of a meeting that voted: the meeting itself, of how many it counts, and a row for each person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cells import vietnamese
from cells.forms import CountField, DayField, DeedForm, LineField
from cells.organisations.models import Organisation
from cells.rules.models import Rule
from cells.verdict import Refused, Stale
from membership.forms.on_behalf import OnBehalfForm
from membership.models import Vote
from membership.votes.base import Meeting, Roll, needed
from membership.votes.hold import Ballot
from membership.votes.models import ADMISSIONS, Subject

_COUNTS = (("yes", "Tán thành"), ("no", "Không tán thành"), ("blank", "Trắng, không hợp lệ"))
#: the words over a field of a row, and the field
Titled = tuple[str, BoundField]
_NOBODY = "Ghi kết quả của ít nhất một người; ai không xét thì để trống."


@dataclass(frozen=True)
class BallotRow:
    """Somebody the meeting may vote on. `barred` says why not yet; `told` what somebody else recorded last."""

    subject: str
    pk: int  # of the case or of the spell
    name: str
    url: str
    about: str
    seen: int
    notice: str = ""  # what a rule asks of the person later on
    missing: tuple[str, ...] = ()  # the papers that are lacking
    papers_url: str = ""
    barred: str = ""
    told: str = ""

    @property
    def is_case(self) -> bool:
        return self.subject in ADMISSIONS

    @property
    def key(self) -> str:
        return f"{'c' if self.is_case else 'm'}{self.pk}"


@dataclass(frozen=True)
class Place:
    """Where and by whom the meeting is recorded; `roll_on` gives the register's count of a branch on a day."""

    unit: Organisation
    committee: bool
    on_behalf: bool
    share: Rule
    roll_on: Callable[[dt.date], Roll]


class MeetingForm(OnBehalfForm):
    """`seen` of each row, and the roll the page showed, come back with the form: what changed meanwhile is told."""

    day = DayField(label="Ngày họp")
    form = forms.ChoiceField(
        label="Hình thức biểu quyết",
        choices=[(form.value, form.label.capitalize()) for form in Vote.Form],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một hình thức.", "invalid_choice": "Chọn một hình thức."},
    )
    number = LineField(label="Số nghị quyết", max_length=60, required=False)
    exempt_present = CountField(label="Đảng viên được miễn sinh hoạt mà có dự", required=False)
    present = CountField(label="Số có mặt")
    base = CountField(label="Tổng số đảng viên chính thức", required=False)
    base_reason = LineField(label="Lý do", max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        place: Place,
        rows: Sequence[BallotRow],
        today: dt.date,
        correcting: bool = False,
        may_override: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.place, self.correcting, self.may_override = place, correcting, may_override
        self.rows = [row for row in rows if not row.barred]
        self.barred = [row for row in rows if row.barred]
        self._titles: dict[str, str] = {}
        self.initial.setdefault("form", Vote.Form.SECRET)
        self.roll = None if place.committee else place.roll_on(self.initial.get("day") or today)
        self._label()
        if place.on_behalf and not correcting:
            self.ask_paper_day()
        if correcting:
            self.fields["reason"] = LineField(label="Lý do sửa", max_length=300)
        for row in self.rows:
            self._add_row(row)
        if self.roll:
            self.add_hidden("shown", forms.CharField(required=False), self.roll.mark)

    # ---- what is asked ---------------------------------------------------------------------------
    def _label(self) -> None:
        of = "cấp ủy viên" if self.place.committee else "đảng viên chính thức"
        self.fields["present"].label = f"Số {of} có mặt"
        if self.place.on_behalf:
            self.fields["number"].required = True
        if self.place.committee:
            self.fields["base"].label = "Tổng số cấp ủy viên"
            self.fields["base"].required = True
            del self.fields["base_reason"], self.fields["exempt_present"]
        elif not self._keeps_register:
            self.fields["base"].required = self.fields["base_reason"].required = True
            self.fields["base"].help_text = "Trừ người sinh hoạt tạm thời nơi khác và người được miễn mà vắng mặt."
            self.fields["base_reason"].help_text = "Như: chi bộ chưa lập sổ đảng viên trong máy."
            del self.fields["exempt_present"]
        else:
            self.fields["present"].help_text = "Không tính đảng viên dự bị."

    @property
    def _keeps_register(self) -> bool:
        return bool(self.roll and self.roll.full)

    def _add_row(self, row: BallotRow) -> None:
        for name, title in _COUNTS:
            self._add(row, name, title, CountField(required=False))
        if row.subject == Subject.BRANCH_RECOGNITION and not self.correcting:
            about = forms.ChoiceField(
                choices=[
                    (Subject.BRANCH_RECOGNITION.value, "công nhận chính thức"),
                    (Subject.BRANCH_REMOVAL.value, "xóa tên"),
                ],
                required=False,
                error_messages={"invalid_choice": "Chọn trong danh sách."},
            )
            self._add(row, "about", "Biểu quyết về", about)
        if len(self.rows) > 1:
            self._add(row, "number", "Số nghị quyết riêng", LineField(max_length=60, required=False))
        if row.missing and self.may_override:
            self._add(row, "override", "Lý do cho qua khi còn thiếu", LineField(max_length=300, required=False))
        self.add_hidden(f"{row.key}-seen", forms.IntegerField(), row.seen)

    def _add(self, row: BallotRow, name: str, title: str, field: forms.Field) -> None:
        field.label = f"{row.name}, {title[0].lower()}{title[1:]}"
        field.widget.attrs["class"] = "cell-input"
        self._titles[f"{row.key}-{name}"] = title
        self.fields[f"{row.key}-{name}"] = field

    # ---- what was typed --------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.roll is not None and values.get("day"):
            self._check_roll(values)
        if not any(self._is_filled(row) for row in self.rows):
            only = f"{self.rows[0].key}-yes" if len(self.rows) == 1 else None
            self.add_error(only, "Ghi số phiếu." if only else _NOBODY)
        return values

    def _check_roll(self, values: dict[str, Any]) -> None:
        """The base is that of the meeting's day; where it is not the one the page showed, the reader looks again."""
        assert self.roll is not None
        self.roll = self.place.roll_on(values["day"])
        if self.roll.mark == values.get("shown") or values.get("base") is not None:
            return
        self.data = self.data.copy()
        self.data["shown"] = self.roll.mark
        held = f"Sổ ngày {vietnamese.day(self.roll.day)} có {self.roll.told()}"
        self.add_error("day", f"{held}, khác số hiện lúc mở trang. Xem lại cách tính rồi bấm ghi lần nữa.")

    def _is_filled(self, row: BallotRow) -> bool:
        names = [f"{row.key}-{name}" for name, _ in _COUNTS]
        return any(self.cleaned_data.get(name) is not None or name in self.errors for name in names)

    def filled(self) -> list[BallotRow]:
        """The people voted on; the others were not considered."""
        return [row for row in self.rows if self._is_filled(row)]

    def meeting(self) -> Meeting:
        values = self.cleaned_data
        return Meeting(
            self.place.unit,
            values["day"],
            values["present"],
            form=values["form"],
            committee=self.place.committee,
            base=values["base"],
            base_reason=values.get("base_reason", ""),
            exempt_present=values.get("exempt_present") or 0,
            number=values["number"],
            on_behalf=self.place.on_behalf,
            note=self.paper_note(),
        )

    def meeting_of(self, vote: Vote) -> Meeting:
        """As `meeting`, for the correction of a vote: by whom and by which paper it was recorded stays."""
        return replace(self.meeting(), organisation=vote.organisation, on_behalf=vote.on_behalf, note=vote.note)

    def ballots(self) -> list[Ballot]:
        return [self._ballot(row) for row in self.filled()]

    def _ballot(self, row: BallotRow) -> Ballot:
        values = {name: self.cleaned_data.get(f"{row.key}-{name}") for name in ("yes", "no", "blank")}
        return Ballot(
            self.cleaned_data.get(f"{row.key}-about") or row.subject,
            **{name: value or 0 for name, value in values.items()},
            candidacy_id=row.pk if row.is_case else None,
            spell_id=None if row.is_case else row.pk,
            number=self.cleaned_data.get(f"{row.key}-number") or "",
            override=self.cleaned_data.get(f"{row.key}-override") or "",
            seen=self.cleaned_data[f"{row.key}-seen"],
        )

    # ---- what is shown ---------------------------------------------------------------------------
    def show(self, refused: Refused) -> None:
        """Put what the deed refused at its field; where somebody was faster, what they recorded."""
        filled = self.filled()
        self.stale = isinstance(refused, Stale)
        for problem in refused.problems:
            row = filled[problem.index] if problem.index < len(filled) else None
            own = row and f"{row.key}-{problem.field}"
            if row and self.stale:
                self.add_error(f"{row.key}-yes", row.told or problem.message)
                self.data = self.data.copy()
                self.data[f"{row.key}-seen"] = str(row.seen)
            elif problem.field in self.fields:
                self.add_error(problem.field, problem.message)
            elif own in self.fields:
                self.add_error(own, problem.message)
            else:
                self.add_error(
                    f"{row.key}-yes" if row and problem.field in ("person", "override") else None, problem.message
                )

    def of_meeting(self) -> list[BoundField]:
        return [self[name] for name in ("day", "form", "number", "paper_day") if name in self.fields]

    def of_base(self) -> list[BoundField]:
        names = ["exempt_present"] if self.roll and self.roll.exempt else []
        if not self._keeps_register:
            names = ["base", "base_reason"]
        return [self[name] for name in (*names, "present") if name in self.fields]

    def of_other_base(self) -> list[BoundField]:
        """What is asked only where the register is wrong; folded until somebody needs it."""
        return [self["base"], self["base_reason"]] if self._keeps_register else []

    @property
    def other_base_open(self) -> bool:
        return any(bound.errors or bound.value() not in (None, "") for bound in self.of_other_base())

    @property
    def least(self) -> int | None:
        """How many must agree by the register; null where the number is typed."""
        return needed(self.roll.base(), self.place.share.share) if self.roll and self.roll.full else None

    def people(self) -> Iterator[tuple[BallotRow, list[Titled], list[Titled]]]:
        """Each person with the three counts, and what else is asked of them."""
        for row in self.rows:
            more = (f"{row.key}-{name}" for name in ("about", "number", "override"))
            counts = [self._titled(f"{row.key}-{name}") for name, _ in _COUNTS]
            yield row, counts, [self._titled(name) for name in more if name in self.fields]

    def _titled(self, name: str) -> Titled:
        return self._titles[name], self[name]


class TakeBackForm(DeedForm):
    """The vote was not on this person at all."""

    names = {"yes": "reason"}

    reason = LineField(label="Lý do hủy", max_length=300)

    def __init__(self, *args: Any, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, prefix="void", **kwargs)
        self.add_hidden("seen", forms.IntegerField(), seen)
