"""The deed that keeps how a unit is reached: its office telephone, shown beside every figure that is behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation
from cells.people.models import User
from cells.verdict import Problem, Refused

_NUMBER = re.compile(r"\+?[0-9][0-9 .()/-]{6,28}")


@dataclass(frozen=True)
class Phone:
    """`number` "" takes the old one away. Office numbers only: a person's own is not kept."""

    organisation: Organisation
    number: str


@transaction.atomic
def set_phones(items: Sequence[Phone], *, actor: User | None) -> list[Organisation]:
    """Set office telephones; old values stay in the log. Refused (`number`): what is no telephone number."""
    numbers = [vietnamese.clean(item.number) for item in items]
    problems = [
        Problem(index, "number", f"«{number}» không phải số điện thoại; ghi như 0200 385 1234.")
        for index, number in enumerate(numbers)
        if number and not _NUMBER.fullmatch(number)
    ]
    if problems:
        raise Refused(*problems)
    changes = {}
    for item, number in zip(items, numbers, strict=True):
        if item.organisation.office_phone != number:
            changes[f"{item.organisation.code} office_phone"] = (item.organisation.office_phone, number)
            item.organisation.office_phone = number
    units = [item.organisation for item in items]
    Organisation.objects.bulk_update(units, ["office_phone"], batch_size=400)
    one = units[0] if len(units) == 1 else None
    record("set_phones", actor=actor, subject="organisation", count=len(units), organisation=one, changes=changes)
    return units
