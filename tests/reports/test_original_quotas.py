"""Reports by the quotas as first given, and as adjusted since."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.management import call_command

from reports import period
from reports.tables import TABLES, Question
from targets.quotas.models import ADJUSTED, ORIGINAL
from targets.quotas.take_over import QuotaLine, issue_quotas
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY
#: table → the column of the quota
ASKED = {"quota-progress": "admission_quota", "admission-rate": "quota", "pace": "quota", "no-admission": "quota"}


@pytest.fixture
def city():
    """DU1 was given 8 in January and 5 since July; nobody admitted anybody."""
    city = factories.a_city()
    for number, month in ((8, 1), (5, 7)):
        line = QuotaLine(city.committee, 2024, number, 2, f"{month}-QĐ", dt.date(2024, month, 5), "điều chỉnh")
        issue_quotas([line], actor=None, today=TODAY)
    return city


def row(table, city, quotas):
    year = period.of_year(2024, TODAY, today=TODAY)
    answer = TABLES[table].answer(Question(city.top, year, TODAY, quotas=quotas))
    return next(row for row in answer.rows if row["code"] == city.committee.code)


@pytest.mark.parametrize("table", ASKED)
def test_each_table_with_quotas_takes_either(city, table):
    assert row(table, city, ORIGINAL)[ASKED[table]] == 8
    assert row(table, city, ADJUSTED)[ASKED[table]] == 5


# the past day asked → the number of either version, null while nothing was given; DU1 was given 8 on 5/1, 5 on 5/7
SEEN = {
    dt.date(2024, 1, 4): {ADJUSTED: None, ORIGINAL: None},
    dt.date(2024, 1, 5): {ADJUSTED: 8, ORIGINAL: 8},
    dt.date(2024, 7, 4): {ADJUSTED: 8, ORIGINAL: 8},
    dt.date(2024, 7, 5): {ADJUSTED: 5, ORIGINAL: 8},
    TODAY: {ADJUSTED: 5, ORIGINAL: 8},
}


@pytest.mark.both_databases
@pytest.mark.parametrize("table", ASKED)
def test_on_a_past_day_what_was_decided_later_says_nothing_yet(city, table):
    for day, numbers in SEEN.items():
        year = period.of_year(2024, day, today=TODAY)
        for quotas, number in numbers.items():
            rows = TABLES[table].answer(Question(city.top, year, day, quotas=quotas)).rows
            told = next((row[ASKED[table]] for row in rows if row["code"] == city.committee.code), None)
            assert told == number, (day, quotas)


def test_pages_of_quotas_are_of_the_day_asked(client, city):
    client.force_login(factories.a_user("board", city.top))
    issue_quotas([QuotaLine(city.top, 2024, 20, None, "1-QĐ", dt.date(2024, 1, 2))], actor=None, today=TODAY)
    for day, number in (("2024-03-01", 8), ("2024-08-01", 5)):
        page = client.get(f"/don-vi/TU/chi-tieu/2024/?on={day}")
        row = next(row for row in page.context["form"].rows if row.unit.code == "DU1")
        assert row.stored["admission"] == number
        versions = client.get(f"/don-vi/TU/chi-tieu/2024/cac-lan/?on={day}").context["groups"][-1]["issues"]
        assert [issue.decision_number for issue in versions] == ["1-QĐ", "7-QĐ"][: 1 if number == 8 else 2]


def test_a_closed_year_seen_from_today_is_that_of_its_last_version(city):
    year = period.of_year(2024, dt.date(2025, 3, 1), today=dt.date(2025, 3, 1))
    answer = TABLES["quota-progress"].answer(Question(city.committee, year, year.last))
    assert answer.total["admission_quota"] == 5


def test_years_and_missed_years_take_either(city):
    year = period.of_year(2024, TODAY, today=TODAY)
    for quotas, number in ((ORIGINAL, 8), (ADJUSTED, 5)):
        answer = TABLES["years"].answer(Question(city.committee, year, TODAY, quotas=quotas))
        assert answer.rows[0]["quota"] == number


def test_on_screen_in_a_file_and_by_command(client, city):
    client.force_login(factories.a_user("board", city.top))
    page = text_of(client.get("/don-vi/TU/bang/quota-progress/?quotas=original"))
    assert "chỉ tiêu giao lần đầu." in page
    assert "Đảng bộ phường 1 Bí thư: chưa ghi 8 0" in page
    assert "chỉ tiêu giao lần đầu." not in text_of(client.get("/don-vi/TU/bang/quota-progress/"))
    missed = client.get("/don-vi/TU/bang/missed-years/?quotas=original")
    counted = [
        cell["url"] for line in missed.context["lines"] for cell in line["cells"] if "/bang/years/" in cell["url"]
    ]
    assert all("quotas=original" in url for url in counted)
    beside = dict(missed.context["beside"])
    assert all(("quotas=original" in url) is TABLES[key].has_quotas for key, url in _by_key(beside))
    file = client.get("/don-vi/TU/bang/quota-progress/?quotas=original&file=xlsx").content
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows() for cell in row]
    assert any("chỉ tiêu giao lần đầu" in str(cell) for cell in cells)
    told = io.StringIO()
    asked = {"organisation": "TU", "year": "2024", "on": "2024-10-15", "quotas": ORIGINAL}
    call_command("report", "quota-progress", **asked, stdout=told)
    answer = json.loads(told.getvalue())
    assert (answer["quotas"], answer["rows"][1]["admission_quota"]) == (ORIGINAL, 8)


def _by_key(beside):
    """The tables that links beside a page lead to, by their key."""
    return [(url.split("/bang/")[1].split("/")[0], url) for url in beside.values()]
