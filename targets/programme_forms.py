"""Forms in front of the deeds on programmes and their targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms

from cells.forms import AmountField, CountField, DeedForm, LineField, RowForm, SeenForm, digest
from cells.rules.models import Sector
from targets.closed import asks_why_gone, closed_years, years_text
from targets.models import Programme, Target
from targets.programmes import PROGRAMME_FIELDS, TARGET_FIELDS, ProgrammeLine, TargetLine


class YearField(CountField):
    """A year as four digits; never with a dot between thousands."""

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class _Reasoned(DeedForm):
    """A form that asks why where it may change what was told of years that are over; the deed says whether it does."""

    @property
    def reason(self) -> str:
        """For the deed, of a valid form."""
        return self.cleaned_data.get("reason", "")

    def ask_why(self, label: str, help_text: str = "") -> None:
        self.fields["reason"] = LineField(label=label, max_length=300, required=False, help_text=help_text)


class _Known(_Reasoned, RowForm):
    """A form on a programme or a target, or on a new one."""

    def shown(self, name: str) -> str:
        value = self.stored[name]
        return value.name if isinstance(value, Sector) else super().shown(name)


class ProgrammeForm(_Known):
    """What a programme says of itself."""

    names_of_row = PROGRAMME_FIELDS

    title = LineField(label="Tên chương trình")
    document = LineField(label="Văn bản", help_text="Số, ngày và cơ quan ban hành; có thể ghi cả phần, mục.")
    from_year = YearField(label="Từ năm")
    to_year = YearField(label="Đến hết năm")
    confirmed = forms.BooleanField(
        label="Đã xác nhận với văn bản",
        required=False,
        initial=True,
        help_text="Bỏ trống thì trang ghi «chờ xác nhận».",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row:
            self.ask_why("Lý do sửa", "Cần ghi nếu đổi năm làm thay đổi kết quả của những năm đã hết.")

    def line(self) -> ProgrammeLine:
        """For the deed, of a valid form."""
        return ProgrammeLine(programme=self.row, **{name: self.cleaned_data[name] for name in PROGRAMME_FIELDS})


def _choices(choices: Any) -> list[tuple[str, str]]:
    return [("", "Chọn…"), *((value, f"{label[:1].upper()}{label[1:]}") for value, label in choices)]


class TargetForm(_Known):
    """One target of a programme."""

    names_of_row = TARGET_FIELDS

    line = forms.ChoiceField(label="Công việc", choices=_choices(Target.Line.choices))
    kind = forms.ChoiceField(label="Dạng chỉ tiêu", choices=_choices(Target.Kind.choices))
    value = AmountField(label="Giá trị", help_text="Số người, hoặc số phần trăm như 3,5.")
    upper = AmountField(label="Đến (nếu là khoảng)", required=False, help_text="Như «từ 1 đến 2 người»: ghi 2.")
    span = forms.ChoiceField(label="Tính cho", choices=_choices(Target.Span.choices), initial=Target.Span.YEAR)
    where = forms.ChoiceField(label="Áp dụng cho", choices=_choices(Target.Where.choices))
    sector = forms.ModelChoiceField(
        label="Loại hình", queryset=Sector.objects.none(), required=False, empty_label="Không theo loại hình"
    )
    with_sources_only = forms.BooleanField(label="Chỉ nơi còn nguồn", required=False)
    primary = forms.BooleanField(
        label="Chỉ tiêu chính",
        required=False,
        help_text="Quyết định «đạt» hay chưa ở mọi bảng, nếu là số lượng hoặc tỷ lệ mỗi năm.",
    )
    text = LineField(
        label="Nguyên văn trong văn bản", max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, programme: Programme | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        closed = closed_years(programme, self.today) if programme else ()
        if closed:
            why = f"Cần ghi nếu làm thay đổi kết quả {years_text(closed)}, đã tính xong."
            self.ask_why("Lý do sửa" if self.row else "Lý do thêm", why)
        kept = [self.row.sector_id] if self.row else []
        sector = cast(forms.ModelChoiceField, self.fields["sector"])
        sector.queryset = Sector.objects.on(self.today) | Sector.objects.filter(pk__in=kept)
        for name in ("line", "kind", "span", "where"):
            self.fields[name].error_messages["required"] = "Chọn một mục."

    def target_line(self, programme: Programme) -> TargetLine:
        """For the deed, of a valid form."""
        values = {name: self.cleaned_data[name] for name in TARGET_FIELDS}
        return TargetLine(programme=programme, target=self.row, **values)


class RemovalForm(_Reasoned, SeenForm):
    """The last look at what goes (`gone`, sentences), and why where it was told of years that are over."""

    def __init__(self, data: Any = None, *, programme: Programme, gone: Sequence[str], today: dt.date) -> None:
        super().__init__(data, today=today)
        self.watch(digest({str(place): said for place, said in enumerate(gone)}))
        asked = asks_why_gone(programme, today) if gone else ""
        if asked:
            self.ask_why("Lý do xóa")
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = asked

    def faster(self) -> str:
        return "Người khác vừa sửa: những gì sẽ mất nay như dưới đây. Xem lại rồi xóa lần nữa nếu vẫn đúng."
