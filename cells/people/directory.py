"""Finding somebody by name for a post, within what the reader may see.

Each app says which people it keeps and where: `cells` those who hold posts, `membership` the members.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, When

from cells import vietnamese
from cells.organisations import tree
from cells.people import rights
from cells.people.models import Person, Post, User

#: letters without which a search would find everybody
SHORTEST = 2
MOST = 20


@dataclass(frozen=True)
class Source:
    """`rows(day)`: those that hold on a day, each of a `person` at an `organisation`; `where(ids, day)`: person → what
    they are there, in words."""

    rows: Callable[[dt.date], QuerySet]
    where: Callable[[Collection[int], dt.date], dict[int, str]]


@dataclass(frozen=True)
class Found:
    """Somebody to choose: told apart from others of the name by birth and place."""

    person: int
    name: str
    words: str


_SOURCES: list[Source] = []


def register(source: Source) -> None:
    _SOURCES.append(source)


def people(reader: User, on: dt.date) -> QuerySet[Person]:
    """Everybody whom `reader` may choose on `on`."""
    return Person.objects.filter(_among(rights.organisations(reader, rights.SEE_PEOPLE, on=on), on))


def search(reader: User, words: str, near: int, on: dt.date) -> list[Found]:
    """Those of `people` whose name has every word, diacritics ignored; at most MOST and one more.

    First those at the unit `near` and below it, then by given name.
    """
    if len(vietnamese.fold(words)) < SHORTEST:
        return []
    inside = _among(Q(organisation__in=tree.below([near], on)), on)
    named = people(reader, on).named(words)  # type: ignore[attr-defined]
    return told(named.order_by(Case(When(inside, then=0), default=1), "name_key", "pk")[: MOST + 1], on)


def told(persons: QuerySet[Person], on: dt.date) -> list[Found]:
    """These people with what tells them apart: their birth and where they are; a query a source."""
    rows = list(persons)
    places: dict[int, list[str]] = {row.pk: [row.born_text and f"sinh {row.born_text}"] for row in rows}
    for source in _SOURCES:
        for pk, words in source.where(list(places), on).items():
            places[pk].append(words)
    return [Found(row.pk, row.name, " · ".join(filter(None, places[row.pk]))) for row in rows]


def _among(units: Q, on: dt.date) -> Q:
    """The condition that a person is kept at units that meet the condition `units`."""
    found = Q(pk__in=[])
    for source in _SOURCES:
        found |= Q(pk__in=source.rows(on).filter(units).order_by().values("person"))
    return found


def _posts_of(persons: Collection[int], on: dt.date) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for post in Post.objects.on(on).filter(person__in=persons).with_unit(on):
        found.setdefault(post.person_id, []).append(f"{post.title}, {post.unit_name}")
    return {pk: "; ".join(posts) for pk, posts in found.items()}


register(Source(lambda on: Post.objects.on(on), _posts_of))
