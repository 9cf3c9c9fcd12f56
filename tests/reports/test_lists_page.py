"""The page of lists counts what each list finds; cohorts by unit, source and stratum; who follows nobody."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.people.models import Role
from cells.rules.models import ExitReason, Rule, Stratum
from membership import admission, register
from membership.models import Spell, Stage
from reports import period
from reports.tables import LISTS, TABLES, Question
from targets import enter
from tests import factories
from tests.pages import text_of

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
        enter.issue_quotas([enter.QuotaLine(unit, 2024, quota)], actor=None, today=TODAY)
    assert [row["quota"] for row in answer("no-candidates", city.committee).rows] == [3, 1]


# ---- cohorts cut -----------------------------------------------------------------------------------
@pytest.fixture
def cohort(city):
    """Admitted in 2023: two brought by the youth union, one of them struck off; one by the trade union; one unknown."""
    strata = {name: Stratum.objects.get(name=name) for name in ("sinh viên", "đoàn viên")}
    told = (("Đoàn phường", strata.values()), ("BCH CHI ĐOÀN 3", [strata["đoàn viên"]]), ("Công đoàn", []))
    for (name, of), branch in zip(told, (city.branch, city.branch, city.sibling), strict=True):
        factories.a_case(
            branch, stage=Stage.ADMITTED, listed_on=dt.date(2023, 1, 5), introduced_by=name, strata=tuple(of)
        )
    lost = Spell.objects.get(candidacy__introduced_by="BCH CHI ĐOÀN 3")
    register.depart([register.Change(lost.pk, dt.date(2024, 2, 1), "struck_off")], actor=None, today=TODAY)
    factories.a_member(city.base_branch, decided_on=dt.date(2023, 5, 1))
    return city


IN_2023 = (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
CUTS = {
    "unit": {"Đảng bộ phường 1": (3, 1), "Đảng bộ phường 2": (0, 0), "Chi bộ cơ sở 1": (1, 0)},
    "source": {"Công đoàn": (1, 0), "Đoàn Thanh niên": (2, 1), "Không rõ": (1, 0)},
    "stratum": {"sinh viên": (1, 0), "đoàn viên": (2, 1), "Không rõ": (2, 0)},
}


@pytest.mark.both_databases
@pytest.mark.parametrize(("cut", "expected"), CUTS.items(), ids=CUTS)
def test_a_cohort_by_unit_source_and_stratum(cohort, cut, expected):
    found = answer("cohort", cohort.top, cut, span=IN_2023)
    column = {"unit": "name", "source": "introducer", "stratum": "stratum"}[cut]
    assert {row[column]: (row["admitted"], row["struck_off"]) for row in found.rows} == expected
    assert (found.total["admitted"], found.total["struck_off"], found.total["lost"]) == (4, 1, 1)
    before = answer("cohort", cohort.top, cut, span=IN_2023, on=dt.date(2024, 1, 31))
    assert (before.total["admitted"], before.total["on_probation"]) == (4, 4)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(
    "query", ["", "&from=2023-01-01&to=2023-12-31", "&from=2023-01-01&to=2023-12-31&on=2024-01-31"]
)
def test_each_number_of_a_cut_opens_its_people(board, cohort, cut, query):
    page = board.get(f"/don-vi/TU/bang/cohort/?rows={cut}{query}")
    cells = [
        cell for line in page.context["lines"] for cell in line["cells"] if cell["value"] and cell["kind"] == "count"
    ]
    assert len(cells) >= 4
    for cell in cells:
        listed = board.get(cell["url"])
        assert listed.context["number"] == cell["value"], cell["url"]
        assert len(listed.context["page_of_names"]) == cell["value"]
    assert board.get(page.context["total"]["cells"][1]["url"]).context["number"] == 4
    row = page.context["lines"][-1]["cells"]
    first = board.get(next(cell["url"] for cell in row if cell["kind"] == "count"))
    assert row[0]["text"] in text_of(first)


def test_a_past_cohort_is_seen_as_it_stands_on_the_day_of_the_page(board, cohort):
    page = board.get("/don-vi/TU/bang/cohort/?year=2023")
    line = next(line["cells"] for line in page.context["lines"] if line["cells"][0]["value"] == 2023)
    struck_off = next(cell for cell in line if cell["label"] == "Xóa tên")
    assert struck_off["value"] == board.get(struck_off["url"]).context["number"] == 1


def test_a_cut_that_there_is_not_is_the_whole(board, cohort):
    address = reverse("items", args=["TU", "cohort-admitted"]) + "?year=2023&rows=source&row="
    assert board.get(f"{address}nobody").context["number"] == 4
    assert board.get(f"{address}youth_union").context["number"] == 2
    assert board.get("/don-vi/TU/bang/cohort/?rows=nothing").context["columns"][0]["label"] == "Năm kết nạp"


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
        lines = [enter.QuotaLine(unit, year, quota) for year in (2022, 2023)]
        enter.issue_quotas(lines, actor=None, today=TODAY)
        factories.a_full_member(unit)
    page = board.get(reverse("lists", args=["TU"]))
    assert {table.title for table in LISTS.values()} <= {one["title"] for one in page.context["shown"]}
    counts = [count for one in page.context["shown"] for line in one["numbers"] for count in line["counts"]]
    assert len(counts) == 2 + 2 * 2 + 2 + 2 + 2 + 4
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
