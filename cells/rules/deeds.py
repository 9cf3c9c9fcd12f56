"""Changing a rule: a new version from a day on; the version before it ends there and stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction

from cells import vietnamese
from cells.dated import Dated
from cells.log.write import record
from cells.people.models import User
from cells.rules import catalogue, followers
from cells.rules.models import Rule
from cells.verdict import Problem, Refused

Version = TypeVar("Version", bound=Dated)


@transaction.atomic
def new_version(
    *, key: str, value: str, from_day: dt.date, document: str, text: str, confidence: str, actor: User | None
) -> Rule:
    """Enter a version of rule `key` that holds from `from_day` until the next known version, if any.

    The version in force on `from_day` ends the day before. Refused (fields `value`, `from_day`): a value the rule
    cannot take, a day on which another version already begins.
    """
    versions = list(Rule.objects.select_for_update().filter(key=key).order_by("from_day"))
    problems = _problems(key, value, from_day, versions)
    if problems:
        raise Refused(*problems)
    former, to_day = make_room(versions, from_day)
    rule = Rule.objects.create(
        key=key,
        value=value,
        from_day=from_day,
        to_day=to_day,
        document=vietnamese.clean(document),
        text=text.strip(),
        confidence=confidence,
    )
    old = former.value if former else ""
    changes = {key: (old, value), "from_day": ("", from_day), "document": ("", rule.document)}
    record("new_rule_version", actor=actor, subject="rule", subject_id=rule.pk, changes=changes)
    followers.changed(key)
    return rule


def make_room(versions: Sequence[Version], from_day: dt.date) -> tuple[Version | None, dt.date | None]:
    """For a version from `from_day`: the one of `versions` that it ends, and the day on which the next one begins."""
    former = next((version for version in versions if version.holds_on(from_day)), None)
    following = min((version.from_day for version in versions if version.from_day > from_day), default=None)
    if former is not None:
        former.to_day = from_day
        former.save(update_fields=["to_day"])
    return former, following


def taken_problems(versions: Sequence[Dated], from_day: dt.date) -> list[Problem]:
    """Two versions do not begin on the same day."""
    if all(version.from_day != from_day for version in versions):
        return []
    message = f"Quy định này đã có một phiên bản từ ngày {vietnamese.day(from_day)}; chọn ngày khác."
    return [Problem(0, "from_day", message)]


def _problems(key: str, value: str, from_day: dt.date, versions: list[Rule]) -> list[Problem]:
    problems = []
    wrong = catalogue.problem(key, value)
    if wrong:
        problems.append(Problem(0, "value", wrong))
    return problems + taken_problems(versions, from_day)
