"""What happened at units in the last days: to cases, members, posts and the structure.

The number on a first page and the list behind it start from the same rows (`Kind.rows`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cells.dated import ONE_DAY
from cells.organisations import tree
from cells.organisations.models import Operation, Organisation
from cells.people.models import Person, Post
from membership.models import Spell, StageEvent

#: how far back, today among them
DAYS = 30

CAME = (Spell.Start.ADMITTED, Spell.Start.READMITTED, Spell.Start.TRANSFERRED_IN)
WENT = (
    Spell.End.TRANSFERRED_OUT,
    Spell.End.DECEASED,
    Spell.End.STRUCK_OFF,
    Spell.End.RESIGNED,
    Spell.End.EXPELLED,
)


@dataclass(frozen=True)
class Kind:
    """A kind of change, dated by the field `day` (the day after it happened where `after` is true).

    `words` tells one; `person` names its person and its page, where there is one: names need the right to them.
    """

    key: str
    title: str  # after a number: "3 bước hồ sơ"
    rows: Callable[[], QuerySet[Any]]
    words: Callable[[Any], str]
    person: Callable[[Any], tuple[Person, str]] | None = None
    day: str = "from_day"
    after: bool = False
    official: bool = False  # tells of those who answer for a unit: named to all who see the unit

    def happened(self, units: Any, today: dt.date) -> QuerySet[Any]:
        """Those at `units` (ids or a subquery) in the last DAYS, `today` among them."""
        shift = ONE_DAY if self.after else dt.timedelta()
        last = today + shift
        first = last - (DAYS - 1) * ONE_DAY
        return self.rows().filter(organisation__in=units, **{f"{self.day}__gte": first, f"{self.day}__lte": last})

    def day_of(self, row: Any) -> dt.date:
        found: dt.date = getattr(row, self.day)
        return found - ONE_DAY if self.after else found


def _step(event: StageEvent) -> tuple[Person, str]:
    return event.candidacy.person, event.candidacy.get_absolute_url()


def _member(spell: Spell) -> tuple[Person, str]:
    return spell.person, spell.get_absolute_url()


def _post(post: Post) -> tuple[Person, str]:
    return post.person, ""


def _members() -> QuerySet[Any]:
    return Spell.objects.select_related("person")


def _posts() -> QuerySet[Any]:
    return Post.objects.select_related("person")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


KINDS = (
    Kind(
        "steps",
        "bước hồ sơ",
        lambda: StageEvent.objects.valid().select_related("candidacy__person"),
        lambda event: event.get_stage_display(),
        _step,
        day="day",
    ),
    Kind(
        "came",
        "đảng viên vào",
        lambda: _members().filter(started_by__in=CAME),
        lambda spell: _sentence(spell.get_started_by_display()),
        _member,
    ),
    Kind(
        "recognised",
        "công nhận chính thức",
        lambda: _members().filter(started_by=Spell.Start.RECOGNISED),
        lambda spell: _sentence(spell.get_started_by_display()),
        _member,
    ),
    Kind(
        "went",
        "đảng viên ra",
        lambda: _members().filter(ended_by__in=WENT),
        lambda spell: _sentence(spell.get_ended_by_display()),
        _member,
        day="to_day",
        after=True,
    ),
    Kind(
        "began",
        "nhận chức vụ",
        _posts,
        lambda post: f"Nhận chức vụ: {post.title}",
        _post,
        official=True,
    ),
    Kind(
        "ended",
        "thôi chức vụ",
        _posts,
        lambda post: f"Hết ngày thôi chức vụ: {post.title}",
        _post,
        day="to_day",
        after=True,
        official=True,
    ),
    Kind(
        "structure",
        "việc sắp xếp",
        lambda: Operation.objects.all(),
        lambda operation: _sentence(f"{operation.get_work_display()} tổ chức"),
        day="day",
    ),
)


def counted(roots: Collection[int], today: dt.date) -> dict[int, dict[str, int]]:
    """Unit → kind's key → how many at it and below it; as many queries for many units as for one."""
    below = tree.below_each(roots, today)
    over: dict[int, list[int]] = defaultdict(list)
    for unit, root in below:
        over[unit].append(root)
    units = Organisation.objects.below(*roots, on=today).values("pk")
    found: dict[int, dict[str, int]] = {root: dict.fromkeys((kind.key for kind in KINDS), 0) for root in roots}
    for kind in KINDS:
        rows = kind.happened(units, today).order_by().values_list("organisation_id", flat=True)
        for unit, number in Counter(rows).items():
            for root in over[unit]:
                found[root][kind.key] += number
    return found


def in_words(numbers: dict[str, int]) -> str:
    """ "3 bước hồ sơ, 1 đảng viên vào"; "" where nothing happened."""
    return ", ".join(f"{numbers[kind.key]} {kind.title}" for kind in KINDS if numbers[kind.key])
