"""Finding people again, and entering new ones: the key is folded name and birth date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cells import vietnamese
from cells.people.models import Person

#: (folded name, birth date, its precision)
PersonKey = tuple[str, dt.date | None, str]

_NAMES_A_QUERY = 500


@dataclass(frozen=True)
class Identity:
    """Who is meant, as typed in a form or a row."""

    name: str
    born: dt.date | None
    born_precision: str = "day"
    sex: str = ""
    ethnicity: str = ""

    @cached_property
    def key(self) -> PersonKey:
        return vietnamese.fold(self.name), self.born, str(self.born_precision)


def find(identities: Iterable[Identity]) -> dict[PersonKey, list[Person]]:
    """Everybody in the whole database under the keys asked, whoever may see them.

    Only deeds ask this; what a screen may say of the answer is for the caller's rights to decide.
    """
    names = sorted({identity.key[0] for identity in identities})
    found: dict[PersonKey, list[Person]] = defaultdict(list)
    for start in range(0, len(names), _NAMES_A_QUERY):
        for person in Person.objects.filter(name_folded__in=names[start : start + _NAMES_A_QUERY]).order_by("pk"):
            found[person.name_folded, person.born, person.born_precision].append(person)
    return found


def enter(identities: Sequence[Identity]) -> list[Person]:
    """New people, one for each identity, in that order; the caller is a deed with its own log entry."""
    people = []
    for identity in identities:
        person = Person(
            born=identity.born,
            born_precision=str(identity.born_precision),
            sex=identity.sex,
            ethnicity=vietnamese.clean(identity.ethnicity),
        )
        person.set_name(identity.name)
        people.append(person)
    return Person.objects.bulk_create(people, batch_size=1000)
