"""The first page of whoever holds posts at several units, or is in charge of some: their units side by side."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.log.models import Entry
from cells.models import Organisation, Post
from cells.organisations import tree
from cells.organisations.contact import Phone, set_phones
from cells.organisations.reorganise import Founding, Moving, found, move
from cells.people.appoint import Appointment, Relief, appoint, relieve
from cells.people.models import Office, Role, User
from cells.rules.models import Kind
from membership.models import Spell, Stage
from membership.register import Change, depart
from reports import changes
from reports.period import of_year
from reports.tables import TABLES, Question
from reports.tables.admission_rate import book_of, rows_of, scopes_of
from targets.enter import BaseLine, declare_bases
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests.factories import TODAY, a_case, a_city, a_full_member, a_member, a_person, a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db
MOST = 22


@pytest.fixture
def city():
    return a_city(committees=3, branches=2)


def in_charge_of(*units, **more) -> User:
    user = a_user(**more)
    items = [Appointment(user.person, unit, Role.SUPERVISOR, Office.MEMBER, dt.date(2024, 1, 1)) for unit in units]
    appoint(items, actor=None, today=TODAY)
    return User.objects.get(pk=user.pk)


def posts(user, *rows) -> User:
    for unit, role, office in rows:
        Post.objects.create(person=user.person, organisation=unit, role=role, office=office)
    return User.objects.get(pk=user.pk)


# ---- where the first page leads ------------------------------------------------------------------

FIRST = [
    ([("committee", Role.SUPERVISOR, Office.MEMBER)], "/don-vi/"),
    ([("committee", Role.SUPERVISOR, Office.MEMBER), ("outside", Role.SUPERVISOR, Office.MEMBER)], "/don-vi/"),
    ([("top", Role.BOARD, Office.STAFF)], "/don-vi/TU/"),
    ([("top", Role.BOARD, Office.STAFF), ("top", Role.STANDING, Office.MEMBER)], "/don-vi/TU/"),
    ([("top", Role.STANDING, Office.MEMBER), ("committee", Role.SUPERVISOR, Office.MEMBER)], "/don-vi/"),
    ([("committee", Role.AUDITOR, Office.STAFF), ("outside", Role.BODY, Office.STAFF)], "/don-vi/"),
    ([("branch", Role.BRANCH, Office.SECRETARY)], ""),
    ([("branch", Role.BRANCH, Office.SECRETARY), ("committee", Role.SUPERVISOR, Office.MEMBER)], ""),
]


@pytest.mark.parametrize(("held", "leads_to"), FIRST)
def test_the_first_page(client, city, held, leads_to):
    user = posts(a_user(), *((getattr(city, unit), role, office) for unit, role, office in held))
    client.force_login(user)
    page = client.get("/")
    assert (page.status_code, page.headers.get("Location", "")) == ((302, leads_to) if leads_to else (200, ""))


def test_who_works_at_two_units_sees_both_and_the_others_below(client, city):
    a_case(city.branch, stage=Stage.BRANCH_RESOLVED)
    user = posts(
        a_user(),
        (city.committee, Role.COMMITTEE, Office.MEMBER),
        (city.base_branch, Role.BRANCH, Office.SECRETARY),
        (city.outside, Role.SUPERVISOR, Office.MEMBER),
    )
    client.force_login(user)
    page = client.get("/")
    text = text_of(page)
    assert len(page.context["tasks"]) == 1
    assert [strip["title"] for strip in page.context["strips"]] == [
        "Năm 2024 của Đảng bộ phường 1",
        "Năm 2024 của Chi bộ cơ sở 1",
    ]
    assert [post.organisation for post in page.context["other_posts"]] == [city.outside]
    assert "Cấp ủy viên, Đảng bộ phường 1 và 2 chức vụ khác" in text
    menu = {item["label"]: item["url"] for item in page.context["menu"]}
    assert (menu["Đơn vị"], menu["Báo cáo"]) == ("/don-vi/", "/don-vi/DU1/bang/admission-rate/")


def test_who_works_at_one_unit_has_it_in_the_menu(client, city):
    client.force_login(a_user(Role.BRANCH, city.branch))
    menu = {item["label"]: item["url"] for item in client.get("/").context["menu"]}
    assert menu["Chi bộ"] == "/don-vi/DU1-01/"


ORDER = [
    (Role.BRANCH, "branch", Office.SECRETARY),
    (Role.SUPERVISOR, "top", Office.MEMBER),
    (Role.COMMITTEE, "committee", Office.MEMBER),
]


def test_the_post_to_be_named_first(city):
    """One's work before what one is in charge of, the higher unit before the lower, what is lent last."""
    user = a_user()
    for role, unit, office in ORDER:
        user = posts(user, (getattr(city, unit), role, office))
    lender = Post.objects.create(person=a_person(), organisation=city.top, role=Role.BOARD, office=Office.STAFF)
    Post.objects.create(
        person=user.person,
        organisation=city.top,
        role=Role.BOARD,
        office=Office.DELEGATE,
        delegated_from=lender,
        to_day=dt.date(2025, 1, 1),
    )
    assert [post.role for post in user.posts_on(TODAY)] == ["committee", "branch", "supervisor", "board"]


def test_nobody_without_a_post_has_units(client):
    client.force_login(a_user())
    assert client.get("/don-vi/").headers["Location"] == "/"


# ---- what the page says --------------------------------------------------------------------------


def test_a_line_says_who_how_far_and_what_waits(client, city):
    a_user(Role.COMMITTEE, city.committee, office=Office.SECRETARY, name="Trần Văn Đứng Đầu")
    set_phones([Phone(Organisation.objects.get(pk=city.committee.pk), "0200 385 1234")], actor=None)
    declare_bases([BaseLine(branch, 2024, 50) for branch in city.branches], actor=None, today=TODAY)
    issue_quotas([QuotaLine(city.committee, 2024, 4, 4)], actor=None, today=TODAY)
    a_case(city.branch, stage=Stage.DECIDED)
    a_case(city.sibling, stage=Stage.EXAMINED, listed_on=dt.date(2024, 3, 1))
    a_case(city.outside, stage=Stage.EXAMINED)
    client.force_login(in_charge_of(city.committee, city.base_branch))
    page = client.get("/don-vi/")
    (line,) = [line for line in page.context["lines"] if line["code"] == "DU1"]
    assert (line["base"], line["quota"], line["admitted"], line["rate"]) == (100, 4, 1, line["rate"])
    assert (line["rate"].numerator, line["rate"].denominator) == (1, 100)
    assert (line["waiting"], line["waiting_days"], line["state"]) == (1, (TODAY - dt.date(2024, 7, 29)).days, "behind")
    text = text_of(page)
    assert "Bí thư: Trần Văn Đứng Đầu" in text
    assert "0200 385 1234" in text
    assert "Cấp ủy viên phụ trách từ 01/01/2024" in text
    assert client.get(line["cases_url"]).context["page"].paginator.count == 1


def test_on_a_past_day_it_tells_the_posts_and_figures_of_then(client, city):
    """Then in charge of DU1 and a branch elsewhere, today of that and CS1: what was held then gives no right today."""
    then = dt.date(2024, 7, 5)
    a_user(Role.COMMITTEE, city.outside, office=Office.SECRETARY, name="Lê Thị Khi Đó", to_day=dt.date(2024, 8, 1))
    declare_bases([BaseLine(city.outside, 2024, 50)], actor=None, today=TODAY)
    for decided_on in (dt.date(2024, 3, 1), dt.date(2024, 8, 1)):
        a_member(city.outside, decided_on=decided_on)
    a_case(city.outside, stage=Stage.DECIDED, listed_on=dt.date(2024, 2, 1))  # examined on 30/6, decided on 30/7
    user = a_user(Role.SUPERVISOR, city.base_branch, office=Office.MEMBER, from_day=dt.date(2024, 9, 1))
    for unit, to_day in ((city.committee, dt.date(2024, 9, 1)), (city.outside, None)):
        more = {"from_day": dt.date(2024, 1, 1), "to_day": to_day}
        Post.objects.create(person=user.person, organisation=unit, role=Role.SUPERVISOR, office=Office.MEMBER, **more)
    client.force_login(user)
    assert {line["code"] for line in client.get("/don-vi/").context["lines"]} == {city.outside.code, "CS1"}
    page = client.get(f"/don-vi/?on={then.isoformat()}")
    (line,) = page.context["lines"]
    keys = ("code", "base", "admitted", "waiting", "waiting_days")
    assert [line[key] for key in keys] == [city.outside.code, 50, 1, 1, 5]
    text = text_of(page)
    assert "Bí thư: Lê Thị Khi Đó" in text
    assert "1 tổ chức đồng chí giữ chức vụ hoặc phụ trách ngày đó" in text
    assert "Không kể 1 tổ chức" in text
    assert "Cấp ủy viên phụ trách từ 01/01/2024" in text
    before = client.get("/don-vi/?on=2023-06-30")
    assert before.context["lines"] == []
    assert "Ngày này đồng chí không giữ chức vụ" in text_of(before)


def test_each_row_is_the_total_of_the_unit_s_own_table(city):
    declare_bases([BaseLine(branch, 2024, 30 + n) for n, branch in enumerate(city.branches)], actor=None, today=TODAY)
    for branch in city.branches[::2]:
        a_case(branch, stage=Stage.DECIDED)
    move([Moving(city.sibling.code, dt.date(2024, 7, 1), "DU2")], actor=None, today=TODAY)
    year = of_year(2024, TODAY, today=TODAY)
    units = [city.branch, city.top, city.committee, city.base_branch, city.committees[1]]
    ids = [unit.pk for unit in units]
    book = book_of(ids, year)
    scopes = scopes_of(book, ids, TODAY)
    for unit, row, both in zip(units, rows_of(book, ids, TODAY), scopes, strict=True):
        answer = TABLES["admission-rate"].answer(Question(unit, year, TODAY))
        assert row == answer.total
        assert both.text() == answer.scopes[0].text()
    assert [both.differ for both in scopes] == [False, False, True, False, True]


def test_below_each_says_what_stands_under_which(city):
    roots = [city.top.pk, city.committee.pk, city.branch.pk]
    expected = {
        (pk, root) for root in roots for pk in Organisation.objects.below(root, on=TODAY).values_list("pk", flat=True)
    }
    assert sorted(tree.below_each(roots, TODAY)) == sorted(expected)


def test_the_page_asks_the_same_for_two_units_and_for_six(client):
    city = a_city(committees=8, branches=1)
    counts = []
    for units in (city.committees[:2], city.committees[2:]):
        for base, (unit, other) in enumerate(zip(units, reversed(units), strict=True), 50):
            branch = Organisation.objects.get(code=f"{unit.code}-01")
            declare_bases([BaseLine(branch, 2024, base)], actor=None, today=TODAY)
            a_case(branch, stage=Stage.EXAMINED)
            a_full_member(branch)
            move([Moving(branch.code, dt.date(2024, 10, 1), other.code)], actor=None, today=TODAY)
        user = in_charge_of(*units)
        client.force_login(user)
        client.get("/don-vi/")
        with CaptureQueriesContext(connection) as queries:
            assert sum(bool(line["scopes"]) for line in client.get("/don-vi/").context["lines"]) == len(units)
        with CaptureQueriesContext(connection) as of_then:
            assert len(client.get("/don-vi/?on=2024-09-30").context["lines"]) == len(units)
        counts.append((len(queries), len(of_then)))
    assert counts[0] == counts[1]
    today, then = counts[0]
    assert today <= MOST + 3  # what the other scope asks beside
    assert then <= MOST + 6  # and what a past day asks of rights


# ---- what changed --------------------------------------------------------------------------------


@pytest.fixture
def changed(city):
    """One of each, and as many just too early."""
    first = TODAY - dt.timedelta(days=29)
    branch = Kind.objects.get(code="branch")
    for number, day in enumerate((first - dt.timedelta(days=1), first, TODAY)):
        found([Founding(f"MOI{number}", f"Chi bộ mới {number}", branch, None, "DU1", day)], actor=None, today=TODAY)
        a_case(city.branch, listed_on=day, name=f"Lê Thị Theo Dõi {number}")
        spell = a_full_member(city.branch)
        depart([Change(spell.pk, day, cause=Spell.End.RESIGNED)], actor=None, today=TODAY)
        post = appoint(
            [Appointment(a_person(), city.branch, Role.BRANCH, Office.MEMBER, day)], actor=None, today=TODAY
        )[0]
        relieve([Relief(post.pk, day + dt.timedelta(days=1))], actor=None, today=TODAY)
    return city


def test_the_last_days_are_counted_with_their_ends(changed):
    numbers = changes.counted([changed.committee.pk, changed.outside.pk, changed.branch.pk], TODAY)
    assert numbers[changed.committee.pk] == {
        "steps": 2,
        "came": 0,
        "recognised": 0,
        "went": 2,
        "began": 2,
        "ended": 2,
        "structure": 2,
    }
    assert numbers[changed.branch.pk]["structure"] == 0
    assert not any(numbers[changed.outside.pk].values())
    said = changes.in_words(numbers[changed.committee.pk])
    assert said == "2 bước hồ sơ, 2 đảng viên ra, 2 nhận chức vụ, 2 thôi chức vụ, 2 việc sắp xếp"


def test_the_list_shows_what_the_number_counts(client, changed):
    client.force_login(in_charge_of(changed.committee))
    (line,) = client.get("/don-vi/").context["lines"]
    page = client.get(reverse("changes", args=["DU1"]))
    counted = changes.counted([changed.committee.pk], TODAY)[changed.committee.pk]
    assert page.context["page_of_lines"].paginator.count == sum(counted.values())
    assert changes.in_words(counted) == line["changes"]
    text = text_of(page)
    assert "Lê Thị Theo Dõi 1" in text
    assert "Lê Thị Theo Dõi 0" not in text
    assert Entry.objects.filter(sort="read", subject="list", organisation=changed.committee).exists()


def test_names_need_the_right_to_them(client, changed):
    client.force_login(a_user(Role.BODY, changed.committee))
    page = client.get(reverse("changes", args=["DU1"]))
    text = text_of(page)
    assert "Quần chúng ưu tú" in text
    assert "Lê Thị Theo Dõi" not in text
    assert "Nhận chức vụ: Cấp ủy viên" in text
    assert not Entry.objects.filter(sort="read").exists()


def test_changes_are_for_the_unit_and_those_above(client, changed):
    client.force_login(a_user(Role.BRANCH, changed.branch))
    assert client.get(reverse("changes", args=["DU1"])).status_code == 403
    assert client.get(reverse("changes", args=["DU2"])).status_code == 404
    assert client.get(reverse("changes", args=["DU1-01"])).status_code == 200
    past = client.get(reverse("changes", args=["DU1-01"]) + "?on=2024-05-01")
    assert "30 ngày đến 01/05/2024" in text_of(past)


def test_the_list_asks_the_same_for_three_and_for_thirty(client, city):
    client.force_login(a_user(Role.BOARD, city.top))
    counts = []
    for cases in (3, 27):
        for _ in range(cases):
            a_case(city.branch, listed_on=TODAY)
            a_full_member(city.branch, decided_on=dt.date(2023, 9, 1), recognised_on=TODAY)
        url = reverse("changes", args=["DU1"])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST
