"""The deed that fills in what was left empty about people; it never replaces what is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.people.models import Person, User
from membership.models import Background


@dataclass(frozen=True)
class Details:
    """What a paper tells of a known person; "" where it tells nothing."""

    person: Person
    sex: str = ""
    ethnicity: str = ""
    religion: str = ""


@transaction.atomic
def complete(items: Sequence[Details], *, actor: User | None, today: dt.date) -> list[Person]:
    """Fill the empty fields of people from `items`; those that gained something come back."""
    religions = dict(
        Background.objects.filter(person__in=[item.person for item in items]).values_list("person_id", "religion")
    )
    gained: dict[int, Person] = {}
    told: list[Background] = []
    for item in items:
        person = item.person
        for name in ("sex", "ethnicity"):
            value = vietnamese.clean(getattr(item, name))
            if value and not getattr(person, name):
                setattr(person, name, value)
                gained[person.pk] = person
        if item.religion and not religions.get(person.pk):
            told.append(Background(person=person, religion=item.religion))
            gained[person.pk] = person
    Person.objects.bulk_update(gained.values(), ["sex", "ethnicity"], batch_size=500)
    Background.objects.bulk_create(
        told, update_conflicts=True, unique_fields=["person"], update_fields=["religion"], batch_size=1000
    )
    if gained:
        record("complete", actor=actor, subject="person", count=len(gained))
    return list(gained.values())
