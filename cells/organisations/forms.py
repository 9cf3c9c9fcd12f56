"""Forms in front of the deeds on the structure, one a work. Fields are called as in the deed's item."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from cells import vietnamese
from cells.forms import DayField, DeedForm, LineField
from cells.organisations.models import Organisation, Style
from cells.organisations.reorganise import (
    Dissolving,
    Founding,
    Joining,
    KindChange,
    Leaving,
    Merging,
    Moving,
    Renaming,
    Splitting,
)
from cells.organisations.reorganise.works import Item, Work
from cells.people import rights
from cells.people.models import User
from cells.rules.models import Kind, Lookup, Sector

#: more units than this are found by typing, not in the list that drops down
_OFFERED = 1000
_NEW_UNITS = 4


class _Chosen(forms.ModelChoiceField):
    """A row of a lookup in force today."""

    def __init__(self, lookup: type[Lookup], **kwargs: Any) -> None:
        self.lookup = lookup
        super().__init__(lookup.objects.none(), **{"error_messages": {"required": "Chọn một mục."}} | kwargs)


class UnitField(LineField):
    """A unit by its code, or by words of its name where they fit one unit; gives the code.

    A code that no unit has is given as typed: a unit may still be about to be founded, and the deed says if not.
    `units` (set by the form) are those among which a name is looked for.
    """

    units: Any = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Gõ mã, hoặc vài chữ trong tên rồi chọn.")
        super().__init__(max_length=200, **kwargs)
        self.widget.attrs |= {"list": "units", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = super().clean(value).partition(" · ")[0].strip()
        if not text or self.units is None or self.units.filter(code=text).exists():
            return text
        words = vietnamese.fold(text).split()
        found = self.units
        for word in words:
            found = found.filter(
                pk__in=Style.objects.on(self.day).filter(name_folded__contains=word).values("organisation")
            )
        fitting = list(found.styled(self.day).order_by("name_key", "pk")[:6])
        if len(fitting) > 1:
            named = "; ".join(f"{unit.name} (mã {unit.code})" for unit in fitting[:5])
            raise ValidationError(f"«{text}» khớp với nhiều tổ chức: {named}. Ghi mã của một tổ chức.")
        return fitting[0].code if fitting else text

    day: dt.date


class OperationForm(DeedForm):
    """What every work has. `unit` is the page's: the unit itself, or the one above a unit to be."""

    work: ClassVar[Work]
    #: fields of the item that the form asks for
    day = DayField(
        label="Ngày có hiệu lực", help_text="Ngày đầu tiên của tình trạng mới; ngày sắp tới thì việc chờ đến ngày đó."
    )
    decision_number = LineField(label="Số quyết định", max_length=60, required=False)
    reason = LineField(label="Lý do", max_length=300, required=False)

    def __init__(self, *args: Any, unit: Organisation, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        seen = Organisation.objects.placed_on(self.today).for_user(reader, rights.REORGANISE, on=self.today)
        self.offers = any(isinstance(field, UnitField) for field in self.fields.values())
        self._units = seen
        for field in self.fields.values():
            if isinstance(field, _Chosen):
                field.queryset = field.lookup.objects.on(self.today)
            if isinstance(field, UnitField):
                field.units, field.day = seen, self.today

    def offered(self) -> list[Organisation]:
        """The units that drop down under a field for a unit; none where they are too many."""
        if not self.offers:
            return []
        rows = list(self._units.exclude(pk=self.unit.pk).styled(self.today).order_by("code")[: _OFFERED + 1])
        return rows if len(rows) <= _OFFERED else []

    def item(self) -> Item:
        """The deed's item of a valid form."""
        raise NotImplementedError

    def _known(self, *names: str) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("day", "decision_number", *names)}


class FoundForm(OperationForm):
    """A new unit under the page's."""

    work = Work.FOUND
    code = LineField(label="Mã tổ chức", max_length=40, help_text="Mỗi tổ chức một mã, dùng mãi về sau.")
    name = LineField(label="Tên tổ chức", max_length=200)
    kind = _Chosen(Kind, label="Loại tổ chức")
    sector = _Chosen(Sector, label="Loại hình", required=False)
    field_order = ("code", "name", "kind", "sector", "day", "decision_number", "reason")

    def item(self) -> Founding:
        return Founding(**self._known("code", "name", "kind", "sector", "reason"), parent_code=self.unit.code)


class JoinForm(OperationForm):
    """A unit from outside that comes under the page's with its members."""

    work = Work.JOIN
    code = LineField(label="Mã tổ chức", max_length=40, help_text="Tổ chức đã từng ở trong đảng bộ thì ghi đúng mã cũ.")
    name = LineField(label="Tên tổ chức", max_length=200, required=False, help_text="Bỏ trống nếu ghi mã cũ.")
    kind = _Chosen(Kind, label="Loại tổ chức", required=False)
    sector = _Chosen(Sector, label="Loại hình", required=False)
    origin = LineField(label="Chuyển đến từ", max_length=200, required=False)
    field_order = ("code", "name", "kind", "sector", "day", "origin", "decision_number", "reason")

    def item(self) -> Joining:
        return Joining(**self._known("code", "name", "kind", "sector", "origin", "reason"), parent_code=self.unit.code)


class RenameForm(OperationForm):
    work = Work.RENAME
    name = LineField(label="Tên mới", max_length=200)
    field_order = ("name", "day", "decision_number", "reason")

    def item(self) -> Renaming:
        return Renaming(self.unit.code, **self._known("name", "reason"))


class KindForm(OperationForm):
    """Another kind or sector: a base branch becomes a base committee, say."""

    work = Work.CHANGE_KIND
    kind = _Chosen(Kind, label="Loại tổ chức")
    sector = _Chosen(Sector, label="Loại hình", required=False)
    name = LineField(label="Tên mới", max_length=200, required=False, help_text="Bỏ trống nếu tên không đổi.")
    field_order = ("kind", "sector", "name", "day", "decision_number", "reason")

    def item(self) -> KindChange:
        return KindChange(self.unit.code, **self._known("kind", "sector", "name", "reason"))


class MoveForm(OperationForm):
    work = Work.MOVE
    parent_code = UnitField(label="Cấp trên mới")
    field_order = ("parent_code", "day", "decision_number", "reason")

    def item(self) -> Moving:
        return Moving(self.unit.code, **self._known("parent_code", "reason"))


class MergeForm(OperationForm):
    work = Work.MERGE
    into_code = UnitField(label="Sáp nhập vào")
    field_order = ("into_code", "day", "decision_number", "reason")

    def item(self) -> Merging:
        return Merging(self.unit.code, **self._known("into_code", "reason"))


class DissolveForm(OperationForm):
    work = Work.DISSOLVE
    receiver_code = UnitField(
        label="Đảng viên, hồ sơ còn lại chuyển về", required=False, help_text="Bỏ trống nếu không còn ai."
    )
    field_order = ("receiver_code", "day", "decision_number", "reason")

    def item(self) -> Dissolving:
        return Dissolving(self.unit.code, **self._known("receiver_code", "reason"))


class LeaveForm(OperationForm):
    """A unit that goes out with all below it."""

    work = Work.LEAVE
    destination = LineField(label="Chuyển đến", max_length=200, required=False, help_text="Đảng bộ tiếp nhận.")
    field_order = ("day", "destination", "decision_number", "reason")

    def item(self) -> Leaving:
        return Leaving(self.unit.code, **self._known("destination", "reason"))


class SplitForm(OperationForm):
    """A unit into several: new ones beside it, and those that stand already."""

    work = Work.SPLIT
    stands_on = forms.BooleanField(
        label="Tổ chức cũ vẫn còn, chỉ tách một phần",
        required=False,
        initial=True,
        help_text="Bỏ dấu nếu tổ chức cũ kết thúc.",
    )
    kind = _Chosen(Kind, label="Loại của tổ chức mới")
    sector = _Chosen(Sector, label="Loại hình của tổ chức mới", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, _NEW_UNITS + 1):
            self.fields[f"code_{number}"] = LineField(
                label=f"Mã tổ chức thứ {number}", max_length=40, required=number == 1
            )
            self.fields[f"name_{number}"] = LineField(
                label=f"Tên tổ chức thứ {number}",
                required=False,
                help_text="Tổ chức mới thì ghi tên; tổ chức đã có thì bỏ trống.",
            )
        parts = [f"{what}_{number}" for number in range(1, _NEW_UNITS + 1) for what in ("code", "name")]
        self.order_fields(["day", "stands_on", *parts, "kind", "sector", "decision_number", "reason"])

    def item(self) -> Splitting:
        typed = self.cleaned_data
        named = [(typed[f"code_{number}"], typed[f"name_{number}"]) for number in range(1, _NEW_UNITS + 1)]
        parts = [(code, name) for code, name in named if code]
        parent = self.unit.places.filter(to_day=None).values_list("parent__code", flat=True).first() or ""
        new = tuple(
            Founding(code, name, typed["kind"], typed["sector"], parent, **self._known("reason"))
            for code, name in parts
            if name
        )
        own = (self.unit.code,) if typed["stands_on"] else ()
        return Splitting(self.unit.code, **self._known("reason"), into=(*own, *(code for code, _ in parts)), new=new)


FORMS: dict[Work, type[OperationForm]] = {
    form.work: form
    for form in (
        FoundForm,
        JoinForm,
        RenameForm,
        KindForm,
        MoveForm,
        SplitForm,
        MergeForm,
        DissolveForm,
        LeaveForm,
    )
}


# ---- the same, for what was recorded wrongly ----------------------------------------------------------


class _Again(OperationForm):
    """A recorded operation of `unit`, to be put right; why it was wrong stands beside it."""

    correction_reason = LineField(label="Vì sao đính chính", max_length=300)

    @classmethod
    def fields_of(cls, item: Item) -> dict[str, Any]:
        """What stands in the form at first: the operation as it was recorded."""
        return {name: getattr(item, name) for name in cls.base_fields if hasattr(item, name)}


class FoundAgainForm(_Again, FoundForm):
    code = None
    parent_code = UnitField(label="Cấp trên", required=False)
    field_order = ("name", "kind", "sector", "parent_code", "day", "decision_number", "reason", "correction_reason")

    def item(self) -> Founding:
        return Founding(self.unit.code, **self._known("name", "kind", "sector", "parent_code", "reason"))


class JoinAgainForm(_Again, JoinForm):
    code = None
    parent_code = UnitField(label="Cấp trên")
    field_order = (
        "name",
        "kind",
        "sector",
        "parent_code",
        "day",
        "origin",
        "decision_number",
        "reason",
        "correction_reason",
    )

    def item(self) -> Joining:
        return Joining(self.unit.code, **self._known("name", "kind", "sector", "parent_code", "origin", "reason"))


class RenameAgainForm(_Again, RenameForm):
    field_order = (*RenameForm.field_order, "correction_reason")


class KindAgainForm(_Again, KindForm):
    name = None
    field_order = (*KindForm.field_order, "correction_reason")

    def item(self) -> KindChange:
        return KindChange(self.unit.code, **self._known("kind", "sector", "reason"))


class MoveAgainForm(_Again, MoveForm):
    field_order = (*MoveForm.field_order, "correction_reason")


class MergeAgainForm(_Again, MergeForm):
    field_order = (*MergeForm.field_order, "correction_reason")


class DissolveAgainForm(_Again, DissolveForm):
    field_order = (*DissolveForm.field_order, "correction_reason")


class LeaveAgainForm(_Again, LeaveForm):
    field_order = (*LeaveForm.field_order, "correction_reason")


class SplitAgainForm(_Again):
    """Its day and papers: who went where stays, single people are transferred."""

    work = Work.SPLIT
    field_order = ("day", "decision_number", "reason", "correction_reason")

    @classmethod
    def fields_of(cls, item: Item) -> dict[str, Any]:
        return super().fields_of(item) | {"into": item.into}

    def item(self) -> Splitting:
        return Splitting(self.unit.code, **self._known("reason"), into=self.initial["into"])


AGAIN: dict[Work, type[_Again]] = {
    form.work: form
    for form in (
        FoundAgainForm,
        JoinAgainForm,
        RenameAgainForm,
        KindAgainForm,
        MoveAgainForm,
        SplitAgainForm,
        MergeAgainForm,
        DissolveAgainForm,
        LeaveAgainForm,
    )
}
