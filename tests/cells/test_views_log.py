"""The log on screen: who may read what, in which order, and that looking at values leaves a trace."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log import words
from cells.log.models import Entry
from cells.log.write import denied, record
from tests.factories import a_city, a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LOG = reverse("log")


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def auditor(city, client):
    client.force_login(a_user("auditor", city.top))
    return client


def numbers(response):
    """The entries shown, by number, in their order."""
    return [line["entry"].pk for line in response.context["lines"]]


def test_newest_first_and_the_system_has_a_name(auditor, city):
    page = auditor.get(LOG)
    shown = numbers(page)
    assert shown == sorted(shown, reverse=True)
    assert "hệ thống thành lập tổ chức tổ chức" in text_of(page)


@pytest.mark.parametrize(
    ("role", "post_at", "status"),
    [
        ("board", "top", 200),
        ("auditor", "committee", 200),
        ("committee", "committee", 403),
        ("branch", "branch", 403),
        ("standing", "top", 403),
        ("administrator", "top", 403),
    ],
)
def test_who_may_read(client, city, role, post_at, status):
    client.force_login(a_user(role, getattr(city, post_at)))
    assert client.get(LOG).status_code == status
    entry = record("correct", actor=None, subject="candidacy", subject_id=1, organisation=city.branch)
    assert client.get(reverse("log_entry", args=[entry.pk])).status_code == status


def test_a_reader_of_one_committee_sees_its_entries_only(client, city):
    inside = record("advance", actor=None, subject="candidacy", subject_id=1, organisation=city.branch)
    outside = record("advance", actor=None, subject="candidacy", subject_id=2, organisation=city.outside)
    client.force_login(a_user("auditor", city.committee))
    assert numbers(client.get(LOG)) == [inside.pk]
    assert client.get(reverse("log_entry", args=[outside.pk])).status_code == 404
    assert Entry.objects.filter(sort="denied", subject="entry", subject_id=outside.pk).exists()


def test_values_stand_on_their_own_page_and_reading_them_is_logged(auditor, city):
    entry = record(
        "correct", actor=None, subject="candidacy", subject_id=7, organisation=city.branch, note="gõ nhầm",
        changes={"name": ("Trần A", "Trần B")},
    )  # fmt: skip
    assert "Trần A" not in text_of(auditor.get(LOG))
    page = text_of(auditor.get(reverse("log_entry", args=[entry.pk])))
    assert "họ và tên Trần A Trần B" in page
    assert "gõ nhầm" in page
    trace = Entry.objects.get(sort="read")
    assert (trace.subject, trace.subject_id, trace.organisation) == ("entry", entry.pk, city.branch)


@pytest.fixture
def mixed(city):
    """One entry of each sort, by different people, about different units."""
    actor = a_user("branch", city.branch, name="Lê Thị Thu")
    return {
        "deed": record("advance", actor=actor, subject="candidacy", subject_id=1, organisation=city.branch).pk,
        "read": record("read", actor=None, subject="person", subject_id=1, organisation=city.outside, sort="read").pk,
        "denied": denied(actor=actor, subject="organisation", subject_id=city.outside.pk).pk,
        "actor": actor.pk,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=read", ["read"]),
        ("kind=denied", ["denied"]),
        ("unit=DU1", ["deed"]),
        ("unit=DU2-02", ["read"]),
        ("actor={actor}", ["denied", "deed"]),
        ("actor={actor}&kind=deed", ["deed"]),
        ("actor=system&kind=read", ["read"]),
        ("day=01/01/2020", []),
    ],
)
def test_filters(auditor, mixed, query, expected):
    page = auditor.get(f"{LOG}?{query.format(**mixed)}")
    assert numbers(page) == [mixed[name] for name in expected]


def test_entries_of_today_are_found_by_their_day(auditor, mixed):
    entry = Entry.objects.get(pk=mixed["deed"])
    from django.utils.timezone import localtime

    day = localtime(entry.at).strftime("%d/%m/%Y")
    assert mixed["deed"] in numbers(auditor.get(f"{LOG}?day={day}"))


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("unit=KHONG", "unit", "Không có đơn vị mã «KHONG»."),
        ("day=32/01/2024", "day", "32/01/2024"),
        ("kind=xyz", "kind", "xyz"),
        ("actor=999999", "actor", "999999"),
    ],
)
def test_a_filter_that_cannot_be_read_shows_nothing_and_says_why(auditor, query, field, says):
    page = auditor.get(f"{LOG}?{query}")
    assert numbers(page) == []
    assert says in " ".join(page.context["filter_form"].errors[field])


def test_pages_follow_by_number_without_gap(auditor, city):
    for number in range(120):
        record("advance", actor=None, subject="candidacy", subject_id=number, organisation=city.branch)
    seen, query = [], ""
    while True:
        page = auditor.get(f"{LOG}?unit=DU1{query}")
        seen += numbers(page)
        if page.context["older"] is None:
            break
        query = f"&before={page.context['older']}"
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


def test_the_number_of_queries_does_not_grow_with_the_rows(auditor, city, mixed, django_assert_num_queries):
    url = f"{LOG}?kind=deed"
    auditor.get(url)
    with CaptureQueriesContext(connection) as counted:
        auditor.get(url)
    for number in range(30):
        user = a_user("branch", city.branch)
        record("advance", actor=user, subject="candidacy", subject_id=number, organisation=city.sibling)
    with django_assert_num_queries(len(counted)):
        auditor.get(url)


def test_every_deed_that_is_written_has_words():
    """Deeds are named by their first argument wherever the log is written."""
    sources = [
        path
        for app in ("cells", "membership", "targets", "reports")
        for path in (settings.BASE_DIR / app).rglob("*.py")
    ]
    named = set()
    for path in sources:
        named |= set(re.findall(r"\b_?record(?:_\w+)?\(\s*\"([a-z_]+)\"", Path(path).read_text()))
    assert {"found", "correct", "issue_quotas"} <= named
    assert named - set(words.DEEDS) == set()
