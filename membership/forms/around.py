"""The short forms of the people around a case: who helps, who introduces, what was asked and what came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from cells.forms import DayField, DeedForm, LineField
from cells.people.models import Person
from membership.around.asking import Question
from membership.around.helpers import Assignment
from membership.around.introducers import Introduction
from membership.around.models import Introducer, Opinion, Verification
from membership.models import Candidacy, Spell

_ONE_OF_THE_LIST = {"required": "Chọn trong danh sách.", "invalid_choice": "Chọn trong danh sách."}
_NO_REGISTER = "Chi bộ chưa có sổ đảng viên trong máy nên ghi tên; có sổ thì chọn trong danh sách."


def _choice(label: str, choices: Sequence[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages=_ONE_OF_THE_LIST, **kwargs)


class AroundForm(DeedForm):
    """One deed on `case`; its version comes back with the form."""

    def __init__(self, *args: Any, case: Candidacy, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.case = case
        self.add_hidden("version", forms.IntegerField(), case.version)


class MemberForm(AroundForm):
    """Asks for one of `members` (who help as many people as `load` says), or for a name where there are none."""

    person = forms.TypedChoiceField(label="Đảng viên", coerce=int, empty_value=None, error_messages=_ONE_OF_THE_LIST)
    name = LineField(label="Họ và tên đảng viên", max_length=120, help_text=_NO_REGISTER)

    def __init__(self, *args: Any, members: Sequence[Spell], load: Mapping[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = {spell.person_id: spell.person for spell in members}
        if not members:
            del self.fields["person"]
            return
        del self.fields["name"]
        told = [(pk, _with_load(person, load.get(pk, 0))) for pk, person in self.persons.items()]
        self.fields["person"].choices = [("", "Chọn đảng viên"), *told]

    @property
    def chosen(self) -> Person | None:
        return self.persons.get(self.cleaned_data.get("person") or 0)


class HelperForm(MemberForm):
    day = DayField(label="Ngày phân công")
    number = LineField(label="Số nghị quyết", max_length=60, required=False)

    def item(self) -> Assignment:
        values = self.cleaned_data
        return Assignment(self.case, values["day"], self.chosen, values.get("name", ""), values["number"])


class EndHelperForm(AroundForm):
    day = DayField(label="Ngày cuối cùng giúp đỡ")


class IntroducerForm(MemberForm):
    """Who introduces; the committee of a union is told by its name."""

    kind = _choice("Ai giới thiệu", Introducer.Kind.choices, widget=forms.RadioSelect, initial=Introducer.Kind.MEMBER)
    body = LineField(
        label="Tên đảng viên chi bộ khác, hoặc tên tổ chức Đoàn, Công đoàn",
        required=False,
        help_text="Như: Nguyễn Văn A, Chi bộ khu phố 2; Ban Chấp hành Đoàn phường 1.",
    )
    day = DayField(label="Nhận giới thiệu từ ngày")
    together_since = DayField(
        label="Cùng công tác, lao động, học tập hoặc cư trú từ ngày",
        required=False,
        help_text="Để trống thì tính từ ngày cả hai cùng có tên ở chi bộ.",
    )
    number = LineField(label="Số giấy giới thiệu, nghị quyết", max_length=60, required=False)
    written_on = DayField(label="Ngày giấy giới thiệu, nghị quyết", required=False)

    field_order = ("kind", "person", "name", "body", "day", "together_since", "written_on", "number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._who = "person" if "person" in self.fields else "name"
        self.fields[self._who].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") in (None, Introducer.Kind.MEMBER):
            if not values.get(self._who) and self._who not in self.errors:
                self.add_error(self._who, "Chọn đảng viên." if self._who == "person" else "Ghi họ và tên.")
        elif not values.get("body") and "body" not in self.errors:
            neighbour = values["kind"] == Introducer.Kind.NEIGHBOUR
            self.add_error("body", "Ghi họ và tên." if neighbour else "Ghi tên tổ chức giới thiệu.")
        return values

    def item(self) -> Introduction:
        values = self.cleaned_data
        is_member = values["kind"] == Introducer.Kind.MEMBER
        is_union = values["kind"] in (Introducer.Kind.YOUTH_UNION, Introducer.Kind.TRADE_UNION)
        return Introduction(
            self.case,
            values["day"],
            values["kind"],
            self.chosen if is_member else None,
            values.get("name", "") if is_member else values["body"],
            None if is_union else values["together_since"],
            values["number"],
            values["written_on"],
        )

    @property
    def names(self) -> dict[str, str]:
        """A deed's problem with a name is told where that was typed."""
        of_branch = self.cleaned_data.get("kind") == Introducer.Kind.MEMBER
        return {"name": self._who if of_branch else "body"}


class ReplaceForm(MemberForm):
    """Another member instead of one who introduced."""

    cause = _choice("Thay vì người trước", [("", "Chọn lý do"), *Introducer.Cause.choices])
    day = DayField(label="Giới thiệu từ ngày")
    number = LineField(label="Số giấy giới thiệu", max_length=60, required=False)
    written_on = DayField(label="Ngày giấy giới thiệu", required=False)

    field_order = ("cause", "person", "name", "day", "written_on", "number")

    def item(self) -> Introduction:
        values = self.cleaned_data
        return Introduction(
            self.case,
            values["day"],
            person=self.chosen,
            name=values.get("name", ""),
            number=values["number"],
            written_on=values["written_on"],
        )


class VerificationForm(AroundForm):
    relation = _choice("Thẩm tra về", [("", "Chọn quan hệ"), *Verification.Relation.choices])
    exempt = forms.BooleanField(
        label="Là đảng viên đã khai đủ, không phải thẩm tra",
        required=False,
        help_text="Chỉ với cha, mẹ đẻ, anh chị em ruột, con đẻ. Không ghi tên người thân.",
    )
    place = LineField(label="Nơi hỏi", required=False, help_text="Như: đảng ủy xã nơi cư trú.")
    asked_on = DayField(label="Ngày gửi", required=False)
    number = LineField(label="Số công văn", max_length=60, required=False)

    def item(self) -> Question:
        return Question(self.case, **{name: self.cleaned_data[name] for name in self.fields if name != "version"})


class AnswerForm(AroundForm):
    """The answer to a verification; `again`: what was unclear is cleared up."""

    day = DayField(label="Ngày trả lời")
    result = _choice("Kết quả", [("", "Chọn kết quả"), *Verification.Result.choices])

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if again:
            self.fields["day"].label = "Ngày đã làm rõ"
            del self.fields["result"]

    @property
    def told(self) -> str:
        return self.cleaned_data.get("result", Verification.Result.CLEAR)


class OpinionForm(AroundForm):
    source = _choice("Lấy ý kiến của", [("", "Chọn nơi"), *Opinion.Source.choices])
    asked_of = LineField(label="Tên tổ chức", help_text="Như: Công đoàn cơ sở Công ty A, chi ủy chi bộ khu phố 3.")
    asked_on = DayField(label="Ngày gửi")


class ReceiveOpinionForm(AroundForm):
    day = DayField(label="Ngày nhận")
    number = LineField(label="Số văn bản", max_length=60, required=False)


class TakeBackRowForm(AroundForm):
    reason = LineField(label="Lý do hủy", max_length=240)


def _with_load(person: Person, load: int) -> str:
    return f"{person.name} (đang giúp {load} người)" if load else person.name
