"""Cohorts by unit, source and stratum: every number opens its people."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.people.models import Role
from cells.rules.models import Stratum
from membership import register
from membership.models import Spell, Stage
from reports import period
from reports.tables import TABLES, Question
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY


@pytest.fixture
def board(client, cohort):
    client.force_login(factories.a_user(Role.BOARD, cohort.top))
    return client


def answer(key, unit, rows="", *, span, on=TODAY):
    return TABLES[key].answer(Question(unit, period.between(*span, on), on, rows=rows))


@pytest.fixture(scope="module")
def the_cohort(once):
    return once(_cohort)


@pytest.fixture
def cohort(the_cohort, db):
    """Admitted in 2023: two brought by the youth union, one of them struck off; one by the trade union; two unknown,
    one of them at the top itself."""
    return the_cohort()


def _cohort():
    city = factories.a_city()
    strata = {name: Stratum.objects.get(name=name) for name in ("sinh viên", "đoàn viên")}
    told = (("Đoàn phường", strata.values()), ("BCH CHI ĐOÀN 3", [strata["đoàn viên"]]), ("Công đoàn", []))
    for (name, of), branch in zip(told, (city.branch, city.branch, city.sibling), strict=True):
        factories.a_case(
            branch, stage=Stage.ADMITTED, listed_on=dt.date(2023, 1, 5), introduced_by=name, strata=tuple(of)
        )
    lost = Spell.objects.get(candidacy__introduced_by="BCH CHI ĐOÀN 3")
    register.depart([register.Change(lost.pk, dt.date(2024, 2, 1), "struck_off")], actor=None, today=TODAY)
    factories.a_member(city.base_branch, decided_on=dt.date(2023, 5, 1))
    factories.a_member(city.top, decided_on=dt.date(2023, 6, 1), name="Đỗ Văn Ở Trên")
    return city


IN_2023 = (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
CUTS = {
    "unit": {"Đảng bộ phường 1": (3, 1), "Đảng bộ phường 2": (0, 0), "Chi bộ cơ sở 1": (1, 0), "khác": (1, 0)},
    "source": {"Công đoàn": (1, 0), "Đoàn Thanh niên": (2, 1), "Không rõ": (2, 0)},
    "stratum": {"sinh viên": (1, 0), "đoàn viên": (2, 1), "Không rõ": (3, 0)},
}


@pytest.mark.both_databases
@pytest.mark.parametrize(("cut", "expected"), CUTS.items(), ids=CUTS)
def test_a_cohort_by_unit_source_and_stratum(cohort, cut, expected):
    found = answer("cohort", cohort.top, cut, span=IN_2023)
    column = {"unit": "name", "source": "introducer", "stratum": "stratum"}[cut]
    assert {row[column]: (row["admitted"], row["struck_off"]) for row in found.rows} == expected
    assert (found.total["admitted"], found.total["struck_off"], found.total["lost"]) == (5, 1, 1)
    before = answer("cohort", cohort.top, cut, span=IN_2023, on=dt.date(2024, 1, 31))
    assert (before.total["admitted"], before.total["on_probation"]) == (5, 5)


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
    assert board.get(page.context["total"]["cells"][1]["url"]).context["number"] == 5
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
    assert board.get(f"{address}nobody").context["number"] == 5
    assert board.get(f"{address}youth_union").context["number"] == 2
    assert board.get("/don-vi/TU/bang/cohort/?rows=nothing").context["columns"][0]["label"] == "Năm kết nạp"
