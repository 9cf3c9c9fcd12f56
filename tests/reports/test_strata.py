"""People by stratum: followed on the day, fostered and admitted in the period; every number opens its list (C25)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.people.models import Role
from cells.rules.models import Stratum
from membership.models import Stage
from membership.strata import NO_STRATUM
from reports import period
from reports.figures import FIGURES, Scope
from reports.figures.counted import COUNTED
from reports.tables import TABLES, Question
from targets import enter
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
D = dt.date
COUNTS = ("followed", "fostered", "admitted")


@pytest.fixture(scope="module")
def the_city(once):
    return once(_city)


@pytest.fixture
def city(the_city, db):
    """Of 2024 one admitted of two strata, three followed, one of them of none; a member without a case; one of 2022."""
    return the_city()


def _city():
    city = factories.a_city()
    student, union, religious = (
        Stratum.objects.get(code=code) for code in ("student", "youth_union_member", "religious")
    )
    cases = [
        (city.branch, Stage.ADMITTED, D(2024, 1, 5), (student, union)),
        (city.sibling, Stage.NOMINEE, D(2024, 3, 5), (student,)),
        (city.outside, Stage.TRAINED, D(2024, 2, 5), (union,)),
        (city.base_branch, Stage.TRAINED, D(2024, 2, 5), ()),
        (city.branch, Stage.ADMITTED, D(2022, 1, 5), (student, religious)),
    ]
    for branch, stage, listed_on, of in cases:
        factories.a_case(branch, stage=stage, listed_on=listed_on, strata=of)
    factories.a_member(city.base_branch, decided_on=D(2024, 5, 1))
    return city


def answer(unit, on=TODAY, year=None, scope="opening"):
    asked = period.of_year(year or on.year, on, today=TODAY)
    return TABLES["strata"].answer(Question(unit, asked, min(on, asked.last), scope))


def told(found):
    return {row["stratum"]: tuple(row[key] for key in COUNTS) for row in found.rows}, tuple(
        found.total[key] for key in COUNTS
    )


# unit, day, year → (followed, fostered, admitted) by stratum in the order of the list, then of the unit
TOLD = {
    "the city": (
        "top", TODAY, 2024,
        {"sinh viên": (1, 1, 1), "đoàn viên": (1, 2, 1), "Không rõ": (1, 1, 1)}, (3, 3, 2),
    ),
    "a committee": ("committee", TODAY, 2024, {"sinh viên": (1, 1, 1), "đoàn viên": (0, 1, 1)}, (1, 1, 1)),
    "a branch": ("base_branch", TODAY, 2024, {"Không rõ": (1, 1, 1)}, (1, 1, 1)),
    "a past day": (
        "top", D(2024, 2, 20), 2024,
        {"sinh viên": (1, 1, 0), "đoàn viên": (2, 1, 0), "Không rõ": (1, 0, 0)}, (3, 1, 0),
    ),
    "a past year": ("top", TODAY, 2022, {"người theo tôn giáo": (0, 1, 1), "sinh viên": (0, 1, 1)}, (0, 1, 1)),
    "a year of nothing": ("top", TODAY, 2023, {}, (0, 0, 0)),
    "before any register": ("top", D(2021, 6, 1), 2021, {}, (None, 0, 0)),
}  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize(("unit", "on", "year", "rows", "total"), TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("scope", ["opening", "current"])
def test_who_is_of_two_strata_is_in_two_rows_and_once_in_the_total(city, unit, on, year, rows, total, scope):
    found = answer(getattr(city, unit), on, year, scope)
    assert told(found) == (rows, total)
    assert list(told(found)[0]) == list(rows), "in the order of the list"
    assert "có thể thuộc nhiều diện" in found.notes[0]


READERS = {
    "the board": (Role.BOARD, "top", "TU"),
    "a committee": (Role.COMMITTEE, "committee", "DU1"),
    "the board below": (Role.BOARD, "top", "DU2"),
    "a branch": (Role.BRANCH, "branch", "DU1-01"),
}


QUERIES = ("", "?year=2022", "?on=2024-02-20", "?on=2022-12-01&scope=current")
#: the board asks everything, the others one thing each
ASKED = [("the board", query) for query in QUERIES] + list(zip(list(READERS)[1:], QUERIES[1:], strict=True))


@pytest.mark.parametrize(("reader", "query"), ASKED)
def test_each_number_is_the_length_of_its_list(client, city, reader, query):
    role, at, code = READERS[reader]
    student = Stratum.objects.filter(code="student")
    student.update(to_day=D(2022, 6, 1))  # chosen no more, yet people are of it
    client.force_login(factories.a_user(role, getattr(city, at)))
    page = client.get(f"/don-vi/{code}/bang/strata/{query}")
    lines = [*page.context["lines"], page.context["total"]]
    for line in lines:
        name, *counts = line["cells"]
        for cell in counts:
            if cell["value"] is None:
                assert not cell["url"]
                continue
            listed = client.get(cell["url"])
            names = listed.context["page"] if "page" in listed.context else listed.context["page_of_names"]
            assert names.paginator.count == cell["value"], cell["url"]
            if line is not page.context["total"]:
                assert name["text"] in text_of(listed)
    if code == "TU":
        assert len(lines) > 2


def test_declared_numbers_have_no_stratum(client, city):
    """They are in the row of the unit, as in every other table, and said to be."""
    lines = [enter.ResultLine(city.outside, 2023, None, {"admitted": 5, "fostered": 3})]
    enter.declare_results(lines, actor=None, today=TODAY)
    found = answer(city.committees[1], year=2023)
    assert told(found) == ({}, (None, 3, 5)), "nobody there kept a register by then"
    assert found.notes[1] == (
        "Số chỉ khai báo, không có tên, chỉ tính ở dòng toàn đơn vị: bồi dưỡng tạo nguồn 3, kết nạp 5."
    )
    assert "đơn vị chưa báo cáo đủ cho kỳ này" in answer(city.top, year=2023).notes[-1]
    client.force_login(factories.a_user(Role.BOARD, city.top))
    address = reverse("items", args=["DU2", "admitted"]) + "?year=2023"
    whole, cut = (client.get(address + more) for more in ("", "&rows=stratum&row=unknown"))
    assert (whole.context["number"], len(whole.context["declared"])) == (5, 1)
    assert (cut.context["number"], cut.context["declared"], cut.context["of_row"]) == (0, [], "Không rõ")


@pytest.mark.parametrize(
    "more", ["rows=stratum&row=nobody", "rows=source&row=youth_union", "rows=unit&row={pk}", "row=1"]
)
def test_a_cut_that_a_figure_has_not_is_the_whole(client, city, more):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    page = client.get(reverse("items", args=["TU", "admitted"]) + "?" + more.format(pk=city.committee.pk))
    assert (page.context["number"], page.context["of_row"]) == (2, "")


@pytest.mark.parametrize("key", COUNTED)
def test_the_strata_of_any_counted_figure_are_its_number_and_its_list(city, key):
    for code in ("student", "religious", NO_STRATUM):
        scope = Scope(city.top, TODAY, cut="stratum", row=code)
        asked = period.of_year(2024, TODAY, today=TODAY)
        found = FIGURES[key].items(scope, asked)
        assert FIGURES[key].number(scope, asked).number == found.number == found.events.distinct().count()
        assert found.number <= FIGURES[key].items(Scope(city.top, TODAY), asked).number


def test_rights_are_those_of_every_table(client, city):
    """From below only the unit's own line without names; no lists for who sees figures only."""
    client.force_login(factories.a_user(Role.BRANCH, city.branch))
    page = client.get("/don-vi/TU/bang/strata/")
    assert (page.context["lines"], page.context["total"]["cells"][2]["value"]) == ([], 3)
    assert client.get("/don-vi/TU/bang/strata/?file=csv").status_code == 403
    client.force_login(factories.a_user(Role.BODY, city.top))
    page = client.get("/don-vi/TU/bang/strata/")
    assert len(page.context["lines"]) == 3
    for line in [*page.context["lines"], page.context["total"]]:
        assert not [cell for cell in line["cells"] if cell["url"]]
    assert client.get("/don-vi/TU/bang/strata/?file=csv").content.decode().splitlines()[1:] == [
        "sinh viên,1,1,1",
        "đoàn viên,1,2,1",
        "Không rõ,1,1,1",
        "Tổng,3,3,2",
    ]


def test_more_people_of_more_strata_cost_no_more_questions(client, city):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    addresses = ["/don-vi/TU/bang/strata/", "/don-vi/TU/danh-sach/fostered/?rows=stratum&row=student"]
    counts = []
    for _ in range(2):
        counts.append([])
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts[-1].append(len(queries))
        for stratum in Stratum.objects.all():
            student = Stratum.objects.get(code="student")
            factories.a_case(city.branch, stage=Stage.TRAINED, listed_on=D(2024, 2, 5), strata={stratum, student})
    assert counts[0] == counts[1]
