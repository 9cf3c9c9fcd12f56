"""Every address as every demo reader of the reference city, at every position, against answers written by hand."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver, is_valid_path, resolve, reverse

from cells.log.models import Entry
from cells.models import Operation, Organisation, User
from cells.organisations import reorganise
from cells.people import rights
from cells.people.models import Role
from membership.models import Stage, StageEvent
from reports.reference_city.staff import DEMOS
from targets.models import Programme
from tests import factories
from tests.everywhere import EVERYWHERE, some
from tests.reference_city import load_city
from tests.rights.urls import (
    ADDRESSES,
    ADMIN,
    CASE,
    LIST_OF_FIGURES,
    MEMBER,
    NOBODY,
    SIGNED_IN,
    STEPS,
    UNIT,
    names,
)

TOP, WARD, BRANCH, SIBLING, ELSEWHERE = "TU", "01", "01.03", "01.04", "02.01"
SCHOOL, FIRM, FIRMS, COLLEGE = "25", "22.01", "22", "18"
UNITS = (TOP, WARD, BRANCH, SIBLING, ELSEWHERE, SCHOOL, FIRM, COLLEGE)
BRANCHES = (BRANCH, SIBLING, ELSEWHERE, SCHOOL, FIRM)
ALL, NONE = frozenset(UNITS), frozenset()

BRANCH_DEEDS = {rights.ENTER, rights.BRANCH_WORK, rights.CORRECT, rights.KEEP_CONTACT}
COMMITTEE_DEEDS = BRANCH_DEEDS | {
    rights.EXAMINE,
    rights.OVERRIDE,
    rights.DECIDE,
    rights.KEEP_REGISTER,
    rights.DECLARE,
    rights.ALLOCATE,
    rights.APPOINT,
}
BOARD_DEEDS = COMMITTEE_DEEDS | {
    rights.REVOKE,
    rights.REORGANISE,
    rights.HOLD_CLASSES,
    rights.READ_LOG,
    rights.SET_TARGETS,
}


@dataclass(frozen=True)
class Reader:
    """Of which units of UNITS a reader sees figures, of which people; and what they may do where they see people."""

    figures: frozenset[str]
    people: frozenset[str]
    deeds: frozenset[str] = NONE


def _reader(above: set[str], down: set[str], deeds: set[str] = NONE) -> Reader:
    return Reader(frozenset(above | down), frozenset(down), frozenset(deeds))


READERS = {
    "ban-to-chuc": Reader(ALL, ALL, frozenset(BOARD_DEEDS)),
    "thuong-truc": Reader(ALL, ALL),
    "can-bo-phu-trach": _reader({TOP}, {WARD, BRANCH, SIBLING, SCHOOL}),
    "dang-uy-phuong": _reader({TOP}, {WARD, BRANCH, SIBLING}, COMMITTEE_DEEDS),
    "dang-uy-truong": _reader({TOP}, {COLLEGE}, COMMITTEE_DEEDS),
    "bi-thu-khu-pho": _reader({TOP, WARD}, {BRANCH}, BRANCH_DEEDS),
    "pho-bi-thu": _reader({TOP, WARD}, {BRANCH}, BRANCH_DEEDS),
    "bi-thu-doanh-nghiep": _reader({TOP, FIRMS}, {FIRM}, BRANCH_DEEDS),
    "bi-thu-chi-bo-co-so": _reader({TOP}, {SCHOOL}, BRANCH_DEEDS),
    "doan-the": Reader(ALL, NONE),
    "kiem-tra": Reader(ALL, ALL, frozenset({rights.READ_LOG})),
    "quan-tri": Reader(ALL, NONE, frozenset({rights.SET_TARGETS})),
}
#: 409: what was sent is of an older page, which is shown again
ANSWERED, MISSING, FORBIDDEN = {200, 302, 409}, {404}, {403}
#: every step is asked of one branch, one step of the others
_NEXT_STEPS = [("branch_resolved", rights.BRANCH_WORK)]


@dataclass(frozen=True)
class Visit:
    """One address to open: the name it goes by, what it asks, of which unit."""

    name: str
    url: str
    asks: str
    unit: str = ""
    at: str = ""
    posts: bool = False


@pytest.fixture(scope="module")
def visits(once):
    """The reference city with an open and a decided case in each of BRANCHES; gone after this module."""
    once(load_city)
    return list(_visits())


@pytest.fixture
def as_reader(visits, db):
    """A client signed in under a demo's name; what a test writes is undone."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return signed_in


def _visits():
    rows = {}
    for code in BRANCHES:
        branch = Organisation.objects.get(code=code)
        case = factories.a_case(branch, stage=Stage.DOSSIER)
        decided = factories.a_case(branch, stage=Stage.DECIDED)
        event = StageEvent.objects.filter(candidacy=case).latest("pk")
        rows[code] = {CASE: case.pk, "decided": decided.pk, "event": event.pk, MEMBER: decided.spells.get().pk}
        rows[code]["paper"] = case.papers.earliest("pk").pk
        rows[code]["vote"] = factories.a_vote(case, factories.TODAY, yes=5, no=4).pk
        rows[code] |= {kind: row.pk for kind, row in factories.the_people_around(case).items()}
        probationer = factories.a_member(branch, decided_on=dt.date(2023, 9, 1))
        rows[code]["member vote"] = factories.a_vote_on(probationer, factories.TODAY, yes=5).pk
        rows[code]["voted"] = probationer.pk
    renamings = [reorganise.Renaming(code, factories.TODAY, f"Tên mới {code}") for code in UNITS]
    reorganise.rename(renamings, actor=None, today=factories.TODAY)
    operations = dict(Operation.objects.filter(work="rename").values_list("organisation__code", "pk"))
    posts = {
        code: factories.a_user(Role.BODY, Organisation.objects.get(code=code)).person.posts.get().pk for code in UNITS
    }
    programme = Programme.objects.get(from_year=factories.TODAY.year)
    rows_of = {"programme": programme.pk, "target": programme.targets.get(where="top").pk}
    claims = {code: factories.a_second_claim(Organisation.objects.get(code=code)).pk for code in UNITS}
    classes = {code: factories.a_class(Organisation.objects.get(code=code)).pk for code in UNITS}
    for name, address in ADDRESSES.items():
        if address.at == UNIT:
            for code in UNITS:
                own = rows_of | {"operation": operations[code], "post": posts[code], "claim": claims[code]}
                own["class"] = classes[code]
                more = [own.get(part, part) for part in address.more]
                yield Visit(name, reverse(name, args=[code, *more]), address.asks, code, UNIT, address.posts)
        elif name == "case_step":
            for code in BRANCHES:
                for stage, asks in STEPS.items() if code == BRANCH else _NEXT_STEPS:
                    url = reverse(name, args=[rows[code][CASE], stage])
                    yield Visit(f"{name} {stage}", url, asks, code, CASE, True)
        elif address.at:
            for code in BRANCHES:
                key = {"case_revoke": "decided", "member_correct_vote": "voted"}.get(name, address.at)
                own = rows[code] | ({"vote": rows[code]["member vote"]} if key == "voted" else {})
                more = [own.get(part, part) for part in address.more]
                url = reverse(name, args=[rows[code][key], *more])
                yield Visit(name, url, address.asks, code, address.at, address.posts)
        else:
            own = rows_of | {"entry": Entry.objects.first().pk}
            more = [own.get(part, part) for part in address.more]
            yield Visit(name, reverse(name, args=more), address.asks, posts=address.posts)


def expected(reader: Reader, visit: Visit) -> set[int]:
    """What the table and the reader's line say together."""
    if visit.asks in (SIGNED_IN, NOBODY):
        return ANSWERED
    if not visit.at:
        return ANSWERED if visit.asks in reader.deeds else FORBIDDEN
    seen = reader.figures if visit.at == UNIT else reader.people
    if visit.unit not in seen:
        return MISSING
    if visit.asks in (rights.SEE_FIGURES, rights.SEE_PEOPLE):
        return ANSWERED
    if visit.asks == LIST_OF_FIGURES:
        return ANSWERED if visit.unit in reader.people or reader.figures == ALL else FORBIDDEN
    return ANSWERED if visit.asks in reader.deeds and visit.unit in reader.people else FORBIDDEN


def chosen(visits: list[Visit], username: str) -> list[Visit]:
    """Of each address one unit for each answer; it is another unit's turn at every answer and with every reader."""
    alike: dict[tuple, list[Visit]] = {}
    for visit in visits:
        alike.setdefault((visit.name, *expected(READERS[username], visit)), []).append(visit)
    first = list(READERS).index(username)
    return [visit for turn, same in enumerate(alike.values(), first) for visit in some(same, turn)]


# ---- what stands in addresses --------------------------------------------------------------------
#: query parameter → what it may say: codes, numbers, days and fixed words, never what somebody typed
PARAMETERS = {
    "unit": r"[A-Z0-9.]*",
    "stage": r"[a-z_]*",
    "in_time": r"[a-z_]*",
    "year": r"\d{4}",
    "on": r"(\d{4}-\d{2}-\d{2})?",
    "day": r"(\d{2}/\d{2}/\d{4})?",
    "scope": "opening|current",
    "quotas": "adjusted|original",
    "sort": r"-?[a-z_]*",
    "file": "csv|xlsx|docx",
    "rows": r"[a-z_]*",
    "row": r"[a-z0-9_-]+",
    "sources": "yes",
    "stratum": r"[a-z_]*",
    "from": r"\d{4}-\d{2}-\d{2}",
    "to": r"\d{4}-\d{2}-\d{2}",
    "standing": r"[a-z]*",
    "view": "stages",
    "kind": "taken-over|[a-z_]*",
    "state": r"[a-z_]*",
    "page": r"\d+",
    "before": r"\d+",
    "group": r"[a-z-]+",
    "month": r"\d{1,2}",
    "next": "/.*",
    "open": "all",
}
#: who follows the links, and how many of one kind
FOLLOWERS = set(READERS) if EVERYWHERE else {"ban-to-chuc", "bi-thu-khu-pho"}
FOLLOWED = 2 if EVERYWHERE else 1
#: seconds to write, the same for everybody: one reader's walk is enough
SLOW = "/du-lieu-mau.xlsx"
_PATH = re.compile(r"[A-Za-z0-9./_-]*")


#: what may be typed into a filter that ends up in an address: names and codes of units, and days
_TYPED = {"name", "unit", "on", "day", "from_day", "to_day"}


class _Addresses(HTMLParser):
    """Every address the pages fed to it lead to, and the free text their GET forms would put into one."""

    def __init__(self) -> None:
        super().__init__()
        self._found: set[str] = set()
        self._links: set[str] = set()
        self._form = ""

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "a" and said.get("href"):
            self._links.add(said["href"])
        self._found |= {said[name] for name in ("href", "action", "src", "data-hx-get") if said.get(name)}
        if tag == "form":
            self._form = said.get("method", "get")
        is_typed = tag == "input" and said.get("type", "text") in ("text", "search")
        if is_typed and self._form == "get" and said.get("name", "on") not in _TYPED:
            self._found.add(f"?{said['name']}=what+somebody+typed")

    def tell_of_a_person(self) -> set[str]:
        """The addresses with more in them than codes, numbers, days and fixed words, or that lead nowhere."""
        return {url for url in self._found if not url.startswith(("tel:", "#")) and not self._is_plain(url)}

    def one_of_each(self) -> list[str]:
        """Links to follow: of each name of an address and choice of parameters, a few."""
        chosen: dict[tuple, list[str]] = {}
        for url in sorted(self._links):
            parts = urlsplit(url)
            is_file = parts.path.endswith(".xlsx") or "file=" in parts.query
            if not is_file and parts.path.startswith("/") and is_valid_path(parts.path):
                kind = (resolve(parts.path).view_name, *(name for name, _ in parse_qsl(parts.query)))
                chosen.setdefault(kind, []).append(url)
        return [url for links in chosen.values() for url in links[:FOLLOWED]]

    def _is_plain(self, url: str) -> bool:
        parts = urlsplit(url)
        told = parse_qsl(parts.query, keep_blank_values=True)
        if parts.netloc or not _PATH.fullmatch(parts.path):
            return False
        if parts.path and not parts.path.startswith("/static/") and not is_valid_path(parts.path):
            return False
        return all(name in PARAMETERS and re.fullmatch(PARAMETERS[name], value) for name, value in told)


# ---- the table is complete -----------------------------------------------------------------------
def test_every_address_is_in_the_table():
    assert names(get_resolver().url_patterns) == set(ADDRESSES) | {f"{ADMIN}:"}


def test_every_demo_reader_and_every_step_is_in_the_table():
    assert set(READERS) == {demo.username for demo in DEMOS}
    assert set(STEPS) == set(Stage.values) - {Stage.NOMINEE, Stage.DROPPED}


# ---- the walk ------------------------------------------------------------------------------------
#: who stands for the others: at the top, at a base organisation, at a branch, and with figures alone
SOME = ("ban-to-chuc", "dang-uy-phuong", "bi-thu-khu-pho", "doan-the")


@pytest.mark.parametrize("username", READERS if EVERYWHERE else SOME)
def test_each_page_answers_as_the_table_says(as_reader, visits, username):
    client, reader, wrong, pages = as_reader(username), READERS[username], [], _Addresses()
    deeds = Entry.objects.filter(sort=Entry.Sort.DEED).count()
    for visit in chosen(visits, username):
        if visit.asks == NOBODY or (visit.url == SLOW and username != "bi-thu-khu-pho"):
            continue  # the doors have tests of their own; signing out would end the walk
        wanted = expected(reader, visit)
        denied = Entry.objects.filter(sort=Entry.Sort.DENIED).count()
        answers = [client.get(visit.url)]
        if visit.posts and (wanted == FORBIDDEN or visit.unit == ELSEWHERE or (wanted == ANSWERED) == EVERYWHERE):
            answers.append(client.post(visit.url, {"nothing": "1"}))
        if not {answer.status_code for answer in answers} <= wanted:
            wrong.append((visit.url, [answer.status_code for answer in answers], wanted))
        denied = Entry.objects.filter(sort=Entry.Sort.DENIED).count() - denied
        if denied != (len(answers) if wanted == MISSING else 0):
            wrong.append((visit.url, "entries of denial", denied))
        if answers[0].status_code == 200 and "text/html" in answers[0]["Content-Type"]:
            pages.feed(answers[0].content.decode())
    assert wrong == []
    assert Entry.objects.filter(sort=Entry.Sort.DEED).count() == deeds, "a form with nothing in it wrote something"
    assert pages.tell_of_a_person() == set()
    followed = pages.one_of_each() if username in FOLLOWERS else []
    assert [url for url in followed if client.get(url).status_code >= 400] == [], "links that lead nowhere"


def test_a_stranger_is_led_to_the_login_from_everywhere(as_reader, visits):
    client, wrong = Client(), []
    for visit in visits:
        if visit.asks == NOBODY:
            continue
        answer = client.get(visit.url)
        if answer.status_code != 302 or not answer["Location"].startswith("/dang-nhap/?next="):
            wrong.append((visit.url, answer.status_code))
        if visit.posts and client.post(visit.url, {"nothing": "1"}).status_code != 401:
            wrong.append((visit.url, "post"))
    assert wrong == []


@pytest.mark.parametrize("username", READERS)
def test_only_the_administrator_enters_the_administration(as_reader, username):
    client = as_reader(username)
    space = get_resolver().namespace_dict[ADMIN][1]
    lists = [name for name in space.reverse_dict if isinstance(name, str) and name.endswith("_changelist")]
    assert len(lists) > 10
    enters = {name for name in ["index", *lists] if client.get(reverse(f"admin:{name}")).status_code == 200}
    assert enters == ({"index", *lists} if username == "quan-tri" else set())
