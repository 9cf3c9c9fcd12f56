"""Changing which paper is asked for: a new version from a day on; the one before ends there and stays as it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.people.models import User
from cells.rules.deeds import make_room, taken_problems
from cells.verdict import Refused
from membership.papers.models import PaperRule

_SHOWN = ("name", "form", "stage", "condition", "until", "valid_months")


@transaction.atomic
def new_paper_version(*, code: str, from_day: dt.date, actor: User | None, **values: Any) -> PaperRule:
    """Enter a version of the paper `code` that is asked for from `from_day` until its next known version, if any.

    `values`: the other fields of `PaperRule`. Refused (field `from_day`): another version already begins that day.
    """
    versions = list(PaperRule.objects.select_for_update().filter(code=code).order_by("from_day"))
    problems = taken_problems(versions, from_day)
    if problems:
        raise Refused(*problems)
    former, to_day = make_room(versions, from_day)
    texts = {name: vietnamese.clean(value) if isinstance(value, str) else value for name, value in values.items()}
    rule = PaperRule.objects.create(code=code, from_day=from_day, to_day=to_day, **texts)
    changes = {name: (getattr(former, name, ""), getattr(rule, name)) for name in _SHOWN}
    record(
        "new_paper_rule",
        actor=actor,
        subject="paper_rule",
        subject_id=rule.pk,
        note=code,
        changes=changes | {"from_day": ("", from_day)},
    )
    return rule
