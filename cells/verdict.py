"""How the product says no: a guard's answer, and the refusal of a deed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cells import vietnamese

if TYPE_CHECKING:
    from cells.rules.models import Rule


@dataclass(frozen=True)
class Verdict:
    """What a guard answers: may it be, if not why, by which rule, and who can do it."""

    ok: bool
    reason: str = ""
    rule: Rule | None = None
    who_can: str = ""

    def __bool__(self) -> bool:
        return self.ok


YES = Verdict(True)


def no(reason: str, *, rule: Rule | None = None, who_can: str = "") -> Verdict:
    return Verdict(False, reason, rule, who_can)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with item `index` (from 0) of the list a deed was given.

    `field` is the deed's own name of the value, "" for the item as a whole.
    """

    index: int
    field: str
    message: str


class Refused(Exception):
    """A deed did nothing at all because of these problems."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problem.message for problem in problems))


class Stale(Refused):
    """Somebody else changed the object since the form was opened."""


def still_to_come(day: dt.date) -> str:
    """The sentence about a day after today's: deeds record what has happened."""
    return f"Ngày {vietnamese.day(day)} ở sau ngày hôm nay; chỉ ghi việc đã xảy ra."


def refuse(message: str, *, field: str = "", index: int = 0) -> Refused:
    """The refusal with a single problem, to be raised."""
    return Refused(Problem(index, field, message))
