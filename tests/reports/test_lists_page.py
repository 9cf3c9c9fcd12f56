"""The page of lists counts what each list finds; who follows nobody; thresholds."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.people.models import Role
from cells.rules.models import ExitReason, Rule
from membership import admission
from membership.models import Stage
from reports import period
from reports.tables import LISTS, TABLES, Question
from targets.quotas import take_over
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY


@pytest.fixture
def city():
    return factories.a_city()


@pytest.fixture
def board(client, city):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    return client


def answer(key, unit, rows="", *, span=None, on=TODAY):
    asked = period.between(*span, on) if span else period.of_year(2024, on, today=TODAY)
    return TABLES[key].answer(Question(unit, asked, on, rows=rows))


# ---- who follows nobody ----------------------------------------------------------------------------
@pytest.mark.both_databases
def test_who_follows_nobody_though_a_register_is_kept(city):
    factories.a_case(city.branch, listed_on=dt.date(2024, 3, 5))
    factories.a_member(city.sibling, decided_on=dt.date(2024, 3, 4))
    factories.a_member(city.base_branch)
    found = answer("no-candidates", city.top, "branches")
    assert {row["code"]: row["admitted"] for row in found.rows} == {city.sibling.code: 1, city.base_branch.code: 0}
    assert found.total["units_following_nobody"] == 2
    assert found.notes == ["2 đơn vị chưa ghi sổ theo dõi, không có trong danh sách."]
    assert [row["code"] for row in answer("no-candidates", city.top).rows] == [city.base_branch.code]


@pytest.mark.both_databases
def test_who_follows_nobody_is_asked_of_the_day(city):
    case = factories.a_case(city.branch, listed_on=dt.date(2024, 1, 5))
    gone = ExitReason.objects.get(code="withdrew")
    move = admission.Move(case.pk, Stage.DROPPED, dt.date(2024, 6, 1), exit_reason=gone)
    admission.drop([move], actor=None, today=TODAY)
    for on, listed in ((dt.date(2024, 1, 4), False), (dt.date(2024, 5, 31), False), (dt.date(2024, 6, 1), True)):
        rows = answer("no-candidates", city.committee, on=on).rows
        assert (city.branch.code in {row["code"] for row in rows}) is listed, on


def test_the_largest_quota_comes_first(city):
    for unit, quota in ((city.branch, 1), (city.sibling, 3)):
        factories.a_member(unit)
        take_over.issue_quotas([take_over.QuotaLine(unit, 2024, quota)], actor=None, today=TODAY)
    assert [row["quota"] for row in answer("no-candidates", city.committee).rows] == [3, 1]


# ---- thresholds ------------------------------------------------------------------------------------
def test_one_finding_alone_and_who_is_behind_it(board, city):
    for key, value in (("committee_minimum", "2"), ("group_threshold", "3")):
        Rule.objects.filter(key=key).update(value=value)
    for _ in range(2):
        factories.a_full_member(city.base_branch)
    factories.a_member(city.base_branch)
    factories.a_unit("T1", "group", city.base_branch)
    page = board.get("/don-vi/TU/bang/thresholds/")
    assert [line["cells"][1]["value"] for line in page.context["lines"]] == ["cannot_vote", "to_upgrade", "to_divide"]
    page = board.get("/don-vi/TU/bang/thresholds/?rows=to_divide")
    (line,) = page.context["lines"]
    numbers = {cell["label"]: cell for cell in line["cells"] if cell["number"]}
    assert [numbers[label]["value"] for label in ("Đảng viên", "Chính thức", "Số tổ đảng")] == [3, 2, 1]
    for label in ("Đảng viên", "Chính thức"):
        assert board.get(numbers[label]["url"]).context["page"].paginator.count == numbers[label]["value"]
    assert answer("thresholds", city.top).total["units_divided"] == 1
    past = board.get("/don-vi/TU/bang/thresholds/?on=2021-05-09").context["lines"][0]["cells"]
    members = next(cell for cell in past if cell["label"] == "Đảng viên")
    assert board.get(members["url"]).context["page"].paginator.count == members["value"]


# ---- the page of lists -----------------------------------------------------------------------------
#: what is counted there beside units
OF_PEOPLE = {"người", "việc", "thời hạn"}


def test_the_page_of_lists_counts_what_each_finds(board, city):
    for unit, quota in ((city.branch, 2), (city.base_branch, 1)):
        lines = [take_over.QuotaLine(unit, year, quota) for year in (2022, 2023)]
        take_over.issue_quotas(lines, actor=None, today=TODAY)
        factories.a_full_member(unit)
    page = board.get(reverse("lists", args=["TU"]))
    assert {table.title for table in LISTS.values()} <= {one["title"] for one in page.context["shown"]}
    counts = [count for one in page.context["shown"] for line in one["numbers"] for count in line["counts"]]
    assert len(counts) == 2 + 2 * 2 + 2 + 2 + 2 + 2 + 4
    for one in page.context["shown"]:
        for line in one["numbers"]:
            for count in line["counts"]:
                listed = board.get(count["url"])
                if count["of"] not in OF_PEOPLE and "Trong đó" not in line["title"]:
                    assert len(listed.context["lines"]) == count["number"], count["url"]
    missed = next(one for one in page.context["shown"] if one["title"] == LISTS["missed-years"].title)["numbers"]
    assert [[count["number"] for count in line["counts"]] for line in missed] == [[1, 2], [1, 2]]


@pytest.mark.parametrize("query", ["", "?on=2023-06-30", "?scope=current"])
def test_a_branch_counts_itself_and_an_outsider_is_told_no_numbers(client, board, city, query):
    page = board.get(reverse("lists", args=[city.branch.code]) + query)
    assert {count["of"] for one in page.context["shown"] for line in one["numbers"] for count in line["counts"]} == {
        "đơn vị",
        *OF_PEOPLE,
    }
    client.force_login(factories.a_user(Role.BRANCH, city.sibling))
    page = client.get(reverse("lists", args=["TU"]) + query)
    assert not [line for one in page.context["shown"] for line in one["numbers"]]
