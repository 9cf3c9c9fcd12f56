"""Who and what goes where when a unit ends or is split, chosen on screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from cells.forms import DeedForm
from cells.organisations.models import Organisation, Place
from cells.organisations.registry import residents
from cells.organisations.reorganise import Dissolving, Merging, Splitting
from cells.organisations.reorganise.posts import that_end
from cells.organisations.reorganise.works import Item
from cells.people.models import OFFICES, Post, Role

_OPEN = ("", "— chọn —")
_END = ("end", "thôi giữ chức vụ")


class SharesForm(DeedForm):
    """Who and what goes where when a unit ends or is split: a choice for each person, unit below and post.

    `parts` are the units (code, name) among which people and units are shared; none where all goes to one.
    """

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str, str]] = (),
        units: Sequence[Organisation] = (),
        posts: Sequence[Any] = (),
        parts: Sequence[tuple[str, str]] = (),
        receivers: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [_OPEN, *parts]
        if parts and people:
            self.fields["rest"] = forms.ChoiceField(
                label="Những người chưa chọn",
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        for person, name, what in people if parts else ():
            self._add(f"person_{person}", name, what, choices)
        for unit in units if parts else ():
            self._add(f"unit_{unit.code}", unit.name, "tổ chức trực thuộc", choices)
        for post in posts:
            offices = [
                (f"{code}:{office}", f"{office.label}, {name}")
                for code, name in receivers
                for office in OFFICES[Role(post.role)]
            ]
            choices = [_OPEN, _END, *offices]
            self._add(f"post_{post.pk}", post.person.name, post.get_office_display().lower(), choices)

    def _add(self, key: str, label: str, what: str, choices: Sequence[tuple[str, str]]) -> None:
        field = forms.ChoiceField(label=label, choices=choices, required=False, help_text=what)
        field.widget.attrs["class"] = "form-select"
        self.fields[key] = field

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for key in self.fields:
            if key == "rest" or typed.get(key):
                continue
            if key.startswith("person_") and typed.get("rest"):
                typed[key] = typed["rest"]
            elif key not in self.errors:
                self.add_error(key, "Chọn một mục.")
        return typed

    def shares(self) -> dict[str, dict[Any, str]]:
        """`people`, `units` and `posts` as the items take them."""
        found: dict[str, dict[Any, str]] = {"people": {}, "units": {}, "posts": {}}
        for key, value in self.cleaned_data.items():
            what, _, which = key.partition("_")
            if what == "person":
                found["people"][int(which)] = value
            elif what == "unit":
                found["units"][which] = value
            elif what == "post":
                found["posts"][int(which)] = "" if value == _END[0] else value
        return found

    def rows(self, what: str) -> list[forms.BoundField]:
        return [self[key] for key in self.fields if key.startswith(what)]


def shares_form(item: Item, unit: Organisation, data: QueryDict | None, *, today: dt.date) -> SharesForm | None:
    """The choices that this item asks for; null where there is nothing to choose."""
    if isinstance(item, Splitting):
        form = _of_split(item, unit, data, today)
    elif isinstance(item, Merging | Dissolving):
        code = item.into_code if isinstance(item, Merging) else item.receiver_code
        form = SharesForm(data, posts=_posts(unit, item.day), receivers=_named([code], (), today), today=today)
    else:
        return None
    return form if form.fields else None


def provisional(item: Item) -> Item:
    """A split with all in one part: to try whether it can be at all, before the shares are known."""
    if not isinstance(item, Splitting):
        return item
    part = next((code for code in item.into if code != item.code), "")
    below = Place.objects.on(item.day).filter(parent__code=item.code).values_list("organisation__code", flat=True)
    unit = Organisation.objects.filter(code=item.code).values_list("pk", flat=True).first()
    people = {resident.person: part for resident in residents(unit, item.day)} if unit else {}
    return replace(item, people=people, units=dict.fromkeys(below, part))


def _of_split(item: Splitting, unit: Organisation, data: QueryDict | None, today: dt.date) -> SharesForm:
    parts = _named(item.into, item.new, today)
    ends = item.code not in item.into
    below = Organisation.objects.filter(pk__in=Place.objects.on(item.day).filter(parent=unit).values("organisation"))
    own = {"rest": item.code} if not ends else {}
    stays = {} if ends else {f"unit_{one.code}": item.code for one in below}
    return SharesForm(
        data,
        people=_people(unit, item.day),
        units=list(below.styled(today).order_by("name_key", "pk")),
        posts=_posts(unit, item.day) if ends else (),
        parts=parts,
        receivers=parts,
        initial=own | stays,
        today=today,
    )


def _people(unit: Organisation, day: dt.date) -> list[tuple[int, str, str]]:
    """Each person once, with all that the unit holds of them."""
    found: dict[int, tuple[str, list[str]]] = {}
    for resident in residents(unit.pk, day):
        found.setdefault(resident.person, (resident.name, []))[1].append(resident.what)
    return [(person, name, ", ".join(whats)) for person, (name, whats) in found.items()]


def _posts(unit: Organisation, day: dt.date) -> list[Post]:
    return list(that_end(unit, day).select_related("person").order_by("person__name_key", "pk"))


def _named(codes: Sequence[str], new: Sequence[Any], today: dt.date) -> list[tuple[str, str]]:
    """(code, name) of these units, those about to be founded too, in that order."""
    names = {founding.code: founding.name for founding in new}
    units = Organisation.objects.filter(code__in=codes).styled(today)
    names |= {unit.code: unit.name for unit in units}
    return [(code, names.get(code, code)) for code in codes if code]
