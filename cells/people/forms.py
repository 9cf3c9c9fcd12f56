"""Forms in front of the deeds on posts. Whoever is meant is found by name in a POST, or named anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from cells import vietnamese
from cells.dated import ONE_DAY
from cells.forms import DayField, DeedForm, LineField, PartialDayField
from cells.organisations.models import Organisation
from cells.people import directory, identity
from cells.people.appoint import Appointment, Relief
from cells.people.delegate import Delegation
from cells.people.directory import Found
from cells.people.models import APPOINTED, Person, Role, User

#: the button that finds, and writes nothing
FIND = "find"
_SEVERAL = "Có nhiều người cùng họ tên và ngày sinh; tìm và chọn đúng người ở trên."
_NOBODY = "Bấm «Tìm người» rồi chọn một người, hoặc ghi họ và tên người mới."
_TO_COME = "Để trống nếu chưa biết; ngày này vẫn còn giữ chức vụ."


class PersonForm(DeedForm):
    """`reader` chooses among people they may see (`directory`), those at the unit `near` first; `suggested` stand there
    before anything is typed."""

    #: the fields that say who is meant
    WHO = ("words", "person", "name", "born")

    words = LineField(label="Tìm người đã có trong sổ", max_length=100, required=False)
    person = forms.TypedChoiceField(
        label="Chọn người", coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    name = LineField(label="Hoặc họ và tên người mới", max_length=120, required=False)
    born = PartialDayField(label="Ngày sinh của người mới", required=False, help_text="Không rõ ngày thì chỉ ghi năm.")

    def __init__(
        self, data: Any, *, reader: User, near: int, today: dt.date, suggested: Sequence[Found] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, today=today, **kwargs)
        for name in ("words", "name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        words, chosen = (str(self.data.get(field, "")) if self.is_bound else "" for field in ("words", "person"))
        self.searched = bool(words.strip()) and not vietnamese.has_control_characters(words)
        hits = directory.search(reader, words[:100], near, today) if self.searched else []
        self.hits, self.more = hits[: directory.MOST], len(hits) > directory.MOST
        self.found = [*self.hits, *suggested]
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
            self.found += directory.told(directory.people(reader, today).filter(pk=int(chosen)), today)
        elif len(self.hits) == 1 and FIND in self.data:
            self.data = self.data.copy()
            self.data["person"] = str(self.hits[0].person)
        choices = {one.person: f"{one.name} · {one.words}" if one.words else one.name for one in self.found}
        self.fields["person"].choices = list(choices.items())
        self.fields["person"].error_messages["invalid_choice"] = "Chọn một người trong danh sách."

    @property
    def others(self) -> list[forms.BoundField]:
        """What is asked besides who is meant."""
        return [field for field in self if field.name not in self.WHO and not field.is_hidden]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors.keys() & {"person", "name", "born"}:
            return values
        if bool(values.get("person")) == bool(values.get("name")):
            self.add_error("person" if self.found else "words", _NOBODY)
        elif values.get("name") and not values.get("born"):
            self.add_error("born", "Ghi ngày sinh để không nhầm người.")
        elif values.get("name") and len(identity.find([self._identity()])[self._identity().key]) > 1:
            self.add_error("name", _SEVERAL)
        return values

    def somebody(self) -> Person:
        """Who is meant; entered now where nobody of this name and birth is known. Call it in the deed's transaction."""
        if self.cleaned_data["person"]:
            return Person.objects.get(pk=self.cleaned_data["person"])
        named = self._identity()
        known = identity.find([named])[named.key]
        return known[0] if known else identity.enter([named])[0]

    def _identity(self) -> identity.Identity:
        born = self.cleaned_data["born"]
        return identity.Identity(self.cleaned_data["name"], born.day, str(born.precision))


class AppointForm(PersonForm):
    """A post at the page's unit; `roles` are those the reader may give."""

    names = {"to_day": "last_day"}

    office = forms.ChoiceField(
        label="Chức vụ",
        error_messages={"required": "Chọn chức vụ.", "invalid_choice": "Chọn chức vụ trong danh sách."},
    )
    role = forms.ChoiceField(
        label="Vai trò",
        help_text="Vai trò quyết định được xem gì, ghi gì ở đơn vị này và bên dưới.",
        error_messages={"required": "Chọn vai trò.", "invalid_choice": "Chọn vai trò đồng chí được ghi ở đơn vị này."},
    )
    from_day = DayField(label="Từ ngày")
    last_day = DayField(label="Ngày cuối giữ chức vụ", required=False, help_text=_TO_COME)

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", "Chọn chức vụ"), *APPOINTED]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    def deed(self, unit: Organisation) -> Appointment:
        values = self.cleaned_data
        return Appointment(
            self.somebody(), unit, values["role"], values["office"], values["from_day"], _after(values["last_day"])
        )


class DelegateForm(PersonForm):
    names = {"to_day": "last_day"}

    from_day = DayField(label="Ủy quyền từ ngày")
    last_day = DayField(label="Đến hết ngày", help_text="Hết ngày này quyền tự hết; chức vụ thôi trước thì hết theo.")

    def deed(self, post_id: int) -> Delegation:
        values = self.cleaned_data
        return Delegation(post_id, self.somebody(), values["from_day"], values["last_day"] + ONE_DAY)


class SuperviseForm(PersonForm):
    """Somebody in charge of several units below the page's; `units` are those that may be chosen, with names."""

    names = {"to_day": "last_day"}

    units = forms.TypedMultipleChoiceField(
        label="Các đơn vị",
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "Chọn ít nhất một đơn vị.", "invalid_choice": "Chọn đơn vị trong danh sách."},
    )
    from_day = DayField(label="Phụ trách từ ngày")
    last_day = DayField(label="Ngày cuối phụ trách", required=False, help_text="Để trống nếu chưa biết.")
    instead = forms.BooleanField(label="Thay người đang phụ trách các đơn vị này", required=False)

    def __init__(self, *args: Any, units: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.pk: unit for unit in units}
        self.fields["units"].choices = [(unit.pk, unit.name) for unit in units]

    @property
    def chosen(self) -> list[Any]:
        return [self.units[pk] for pk in self.cleaned_data["units"]]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in super().others if field.name != "units"]

    def days(self) -> dict[str, dt.date | None]:
        return {"from_day": self.cleaned_data["from_day"], "to_day": _after(self.cleaned_data["last_day"])}


class RelieveForm(DeedForm):
    names = {"day": "last_day"}

    last_day = DayField(label="Ngày cuối giữ chức vụ", help_text="Hết ngày này thì hết quyền.")

    def deed(self, post_id: int) -> Relief:
        return Relief(post_id, self.cleaned_data["last_day"] + ONE_DAY)


class EndChargeForm(RelieveForm):
    """The end of several posts in charge at once; `charges` are those that may be chosen."""

    posts = forms.TypedMultipleChoiceField(
        label="Các đơn vị",
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "Chọn ít nhất một đơn vị.", "invalid_choice": "Chọn đơn vị trong danh sách."},
    )

    def __init__(self, *args: Any, charges: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].label = "Ngày cuối phụ trách"
        self.fields["posts"].choices = [(post.pk, post.unit_name) for post in charges]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self["last_day"]]

    def deeds(self) -> list[Relief]:
        return [self.deed(pk) for pk in self.cleaned_data["posts"]]


class WithdrawForm(DeedForm):
    reason = LineField(label="Lý do", max_length=200, help_text="Ghi nhầm người, nhầm đơn vị…")


class PhoneForm(DeedForm):
    number = LineField(
        label="Điện thoại cơ quan",
        max_length=30,
        required=False,
        help_text="Số của cơ quan, không ghi số riêng của ai. Để trống là bỏ số cũ.",
    )

    def clean_number(self) -> str:
        """An empty line takes the number away; a form without the line does not."""
        if self.add_prefix("number") not in self.data:
            raise forms.ValidationError("Ghi số điện thoại, hoặc để trống để bỏ số cũ.")
        return self.cleaned_data["number"]


def _after(last: dt.date | None) -> dt.date | None:
    return None if last is None else last + ONE_DAY
