"""What the lists of cases and members may be filtered by; a wrong value filters nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cells.asked_day import AskedDay
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import User
from cells.rules.models import Stratum
from membership.deadlines.models import SOON, Kind
from membership.in_time.told import VERDICTS
from membership.models import Spell, Stage
from membership.strata import NO_STRATUM, NOT_KNOWN, SENSITIVE

#: whether a list has who stands below the unit chosen, as it usually does
BELOW, WITHOUT = "below", "no"
OPEN = "open"
#: who is not sure to be in time, whatever they wait for
WAITING = "waiting"
AWAITING = "awaiting_decision"
NEXT = "next"
_STAGES = [
    (OPEN, "Đang theo dõi"),
    *Stage.choices,
    (NEXT, "Đã học lớp, chưa kết nạp"),
    (AWAITING, "Chờ quyết định"),
    ("all", "Tất cả"),
]
_DEADLINE_STATES = [
    ("overdue", "Quá hạn"),
    ("coming", f"Sắp đến hạn ({SOON} ngày)"),
    ("open", "Đang chạy"),
    ("expired", "Giấy tờ hết giá trị"),
    ("all", "Tất cả"),
]
_IN_TIME = [("", "Tất cả"), *VERDICTS.items(), (WAITING, "Chưa chắc kịp")]
_KINDS = [(kind.value, f"{kind.label[:1].upper()}{kind.label[1:]}") for kind in Kind]


class ListFilter(forms.Form):
    """The unit and the stratum, common to the lists, told by their codes; of a unit asked for, with or without those
    below it.

    No name: a GET form would put it into addresses and their logs; the search at the top is a POST.
    """

    unit = forms.ChoiceField(label="Đơn vị", required=False)
    below = forms.ChoiceField(
        label="Bên dưới", choices=[("", "Kể cả đơn vị bên dưới"), (WITHOUT, "Chỉ ở ngay đơn vị")], required=False
    )
    stratum = forms.ChoiceField(label="Diện", required=False)
    field_order = ("unit", BELOW, "stage", "in_time", "standing", "state", "kind")

    def __init__(self, *args: Any, units: list[Organisation], reader: User, day: AskedDay, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", label_suffix="", **kwargs)
        self.reader, self.day = reader, day
        may_know = rights.anywhere(reader, rights.SEE_SENSITIVE, on=day.today)
        hidden = frozenset() if may_know else SENSITIVE
        strata = [found for found in _strata(day.on, self.data.get("stratum")) if found[0] not in hidden]
        self.fields["stratum"].choices = [("", "Tất cả"), *strata]
        if len(units) < 2 or not self.data.get("unit"):
            del self.fields[BELOW]
        if len(units) < 2:
            del self.fields["unit"]
            return
        self.fields["unit"].choices = [("", "Tất cả"), *((unit.code, unit.name) for unit in units)]

    def chosen(self, name: str, default: Any = "") -> Any:
        """The value of a field, or `default` where it is empty or wrong."""
        self.is_valid()
        return self.cleaned_data.get(name) or default


class CaseFilter(ListFilter):
    stage = forms.ChoiceField(label="Giai đoạn", choices=_STAGES, required=False)
    in_time = forms.ChoiceField(label="Trước 31/12", choices=_IN_TIME, required=False)

    def __init__(self, *args: Any, by_stage: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_stage:
            del self.fields["stage"], self.fields["in_time"]


class DeadlineFilter(ListFilter):
    state = forms.ChoiceField(label="Tình trạng", choices=_DEADLINE_STATES, required=False)
    kind = forms.ChoiceField(label="Thời hạn", choices=[("", "Tất cả"), *_KINDS], required=False)


class MemberFilter(ListFilter):
    standing = forms.ChoiceField(label="Tư cách", choices=[("", "Tất cả"), *Spell.Standing.choices], required=False)


def _strata(on: dt.date, asked: str | None) -> list[tuple[str, str]]:
    """Those that may be chosen on the day, the one `asked` for also where its time is over, and nobody's."""
    found = [(row.code, row.name) for row in Stratum.objects.all() if row.holds_on(on) or row.code == asked]
    return [*found, (NO_STRATUM, NOT_KNOWN)]
