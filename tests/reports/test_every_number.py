"""Every number that is a link opens as many as it says: all pages of figures of the reference city, three readers.

In a line «khác» every number is a link.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.core.paginator import Page
from django.test import Client
from django.urls import resolve, reverse

from cells.models import User
from reports.tables import TABLES
from targets.models import Target
from tests.reference_city import load_city

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

#: who reads → the unit they begin at
READERS = {"ban-to-chuc": "TU", "dang-uy-phuong": "01", "bi-thu-khu-pho": "01.03"}
_LINK = re.compile(r'<a\s[^>]*href="([^"]+)"[^>]*>\s*(?:<b>)?\s*([+−-]?[\d.]+)\s*(?:</b>)?\s*</a>')
#: a star: so many have not told
_STAR = re.compile(r'<a\s[^>]*href="([^"]+#silent)"[^>]*>\*<span class="visually-hidden"> (\d+) đơn vị')
#: links of one kind that are followed on one page
_OF_ONE_KIND = 2
#: the kinds of cells that count; what the cells of the line «khác» are counted as
_COUNTS, _REST = ("count", "difference"), ("khác",)


@pytest.fixture(scope="module")
def loaded(once):
    once(load_city)


def pages(unit: str) -> Iterator[str]:
    """The addresses of a unit that show figures."""
    for name in ("unit", "lists", "chart", "structure"):
        yield reverse(name, args=[unit])
    for key, table in TABLES.items():
        address = reverse("table", args=[unit, key])
        yield from (f"{address}?{query}" for query in ("", "scope=current", "year=2023"))
        yield from (f"{address}?rows={rows}" for rows in table.row_choices if rows)
    for line in ("admission", "fostering"):
        yield reverse("sector_branches", args=[unit, line])
    for target in Target.objects.filter(programme__from_year=2024):
        yield reverse("target_units", args=[unit, target.pk])
    for name in ("quotas", "bases", "results", "quota_versions"):
        yield reverse(name, args=[unit, 2024])
    yield reverse("programmes") + f"?unit={unit}"
    yield reverse("my_units")
    yield reverse("worklist")


def length(answer) -> int | None:
    """How many the page of a list has; null where it is no list."""
    for context in answer.context or []:
        for found in context.flatten().values():
            if isinstance(found, Page):
                return found.paginator.count
    return None


def told(answer, fragment: str = "") -> int | None:
    if fragment == "silent":
        return len(answer.context["silent"])
    if answer.context and "number" in answer.context and "figure" in answer.context:
        return answer.context["number"]
    if answer.context and "lines" in answer.context:
        return len(answer.context["lines"])
    return length(answer)


def links(client: Client, address: str, kinds: Counter) -> Iterator[tuple[str, int]]:
    """(address, number) of the links of a page that are numbers, so many of a kind."""
    answer = client.get(address)
    if answer.status_code == 403:
        return  # the walk of rights says to whom
    assert answer.status_code == 200, address
    for cell in _of_the_rest(answer):
        assert cell["url"], f"{address}: {cell}"
        kinds[_REST] += 1
    shown = answer.content.decode()
    for url, text in (*_LINK.findall(shown), *_STAR.findall(shown)):
        where = urljoin(address, html.unescape(url))
        if _explains(where):
            continue
        kind = _kind(address, where)
        kinds[kind] += 1
        if kinds[kind] <= _OF_ONE_KIND:
            yield where, int(text.replace(".", "").replace("−", "-").replace("+", ""))


def _of_the_rest(answer) -> Iterator[dict]:
    """The cells that count in the line «khác» of a page."""
    for line in answer.context.get("lines") or ():
        if isinstance(line, dict) and line.get("other"):
            yield from (cell for cell in line["cells"] if cell["kind"] in _COUNTS and cell["value"] is not None)


def _explains(where: str) -> bool:
    """Whether a link leads to a table of other rows than what its number counts: a period, the years, the structure."""
    route = resolve(urlsplit(where).path)
    return route.url_name == "table" and "rows=" not in where


def _kind(address: str, where: str) -> tuple[str, ...]:
    """What the links of a column have in common: all but the unit, the days and the row (unless it is the rest)."""
    route = resolve(urlsplit(where).path)
    named = {key: value for key, value in route.kwargs.items() if key != "code"}
    asked = parse_qsl(urlsplit(where).query)
    query = [one for one in asked if one == ("row", "rest") or one[0] not in ("unit", "row", "from", "to", "year")]
    return (urlsplit(address).path, str(route.url_name), str(named), str(query), urlsplit(where).fragment)


@pytest.mark.parametrize("reader", READERS)
def test_a_number_opens_as_many_as_it_says(loaded, reader):
    client, seen, kinds, wrong, followed = Client(), {}, Counter(), [], Counter()
    client.force_login(User.objects.get(username=reader), backend="cells.people.sign_in.PersonBackend")
    for address in pages(READERS[reader]):
        for where, number in links(client, address, kinds):
            if where not in seen:
                answer = client.get(where)
                listed = answer.status_code == 200
                seen[where] = told(answer, urlsplit(where).fragment) if listed else f"HTTP {answer.status_code}"
            name = resolve(urlsplit(where).path).url_name
            followed[name] += 1
            if seen[where] != number:
                wrong.append(f"{address}: {number} → {where}: {seen[where]}")
    lacking = {"items", "cases", "table", "sector_branches"} - followed.keys()
    assert lacking <= ({"sector_branches"} if reader == "bi-thu-khu-pho" else set())
    assert kinds[_REST] or reader != "bi-thu-khu-pho", "of a branch nothing is in any other line"
    assert not wrong, "\n".join(wrong)
