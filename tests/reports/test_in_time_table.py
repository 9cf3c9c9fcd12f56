"""The table «Còn kịp trước 31/12»: cases against what is left of the quota, and the lists behind its numbers."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.organisations import reorganise
from cells.people.models import Role
from membership.models import Candidacy, Stage, StageEvent
from reports import output, period
from reports.tables import TABLES, Question
from targets.quotas import take_over
from tests.factories import TODAY, a_case, a_city, a_class, a_member, a_user
from tests.pages import rest_of, text_of

pytestmark = pytest.mark.django_db

D = dt.date


@pytest.fixture(scope="module")
def the_city(once):
    """With somebody decided a year ago: every step took 30 days."""

    def build():
        city = a_city()
        a_case(city.outside, stage=Stage.DECIDED, listed_on=D(2023, 1, 2), step_days=30)
        return city

    return once(build)


@pytest.fixture
def city(the_city, db):
    return the_city()


def answer(unit, *, year=2024, on=TODAY, **more):
    return TABLES["in-time"].answer(Question(unit, period.of_year(year, on, today=TODAY), on, **more))


def quota(unit, number, year=2024):
    take_over.issue_quotas([take_over.QuotaLine(unit, year, admission=number)], actor=None, today=TODAY)


def told(row):
    keys = ("quota", "admitted", "remaining", "certain", "possible", "too_late", "at_risk", "lacking")
    return tuple(row[key] for key in keys)


def certain(branch):
    return a_case(branch, stage=Stage.EXAMINED, listed_on=D(2024, 4, 2), step_days=30)


def possible(branch):
    return a_case(branch, stage=Stage.DOSSIER, listed_on=D(2024, 7, 15), step_days=30)


def late(branch):
    return a_case(branch, stage=Stage.DOSSIER, born=D(2007, 1, 9), listed_on=D(2024, 7, 1))


# quota, admitted this year, certain, possible, too late → remaining, at risk, lacking, what would save it
UNITS = {
    "no quota": (None, 0, 0, 1, 0, None, None, None, None),
    "quota of 0": (0, 0, 0, 1, 0, 0, False, 0, None),
    "met": (1, 1, 0, 1, 1, 0, False, 0, None),
    "more than met": (1, 2, 0, 0, 0, 0, False, 0, None),
    "certain enough": (2, 1, 1, 1, 0, 1, False, 0, None),
    "to be hastened": (2, 0, 1, 2, 0, 1, True, 0, "đẩy nhanh 1 hồ sơ: họp chi bộ chậm nhất 01/11/2024"),
    "too late and lacking": (3, 0, 1, 0, 2, 3, True, 2, "thiếu 2 người chưa có trong danh sách"),
    "both": (
        4, 1, 1, 1, 1, 3, True, 1,
        "đẩy nhanh 1 hồ sơ: họp chi bộ chậm nhất 01/11/2024; thiếu 1 người chưa có trong danh sách",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNITS.values(), ids=UNITS)
def test_a_unit_against_what_is_left_of_its_quota(city, case):
    asked, admitted, sure, maybe, never, remaining, at_risk, lacking, saving = case
    if asked is not None:
        quota(city.branch, asked)
    for _ in range(admitted):
        a_member(city.branch, decided_on=D(2024, 3, 4))
    for make, number in ((certain, sure), (possible, maybe), (late, never)):
        for _ in range(number):
            make(city.branch)
    row = next(row for row in answer(city.committee).rows if row["code"] == "DU1-01")
    remaining = remaining if remaining is None else asked - admitted if asked > admitted else 0
    assert told(row) == (asked, admitted, remaining, sure, maybe, never, at_risk, lacking)
    assert row["saving"] == saving


def test_the_total_is_the_unit_itself_and_rows_at_risk_come_first(city):
    quota(city.sibling, 2)
    quota(city.committee, 3)
    certain(city.branch)
    possible(city.branch)
    possible(city.sibling)
    found = answer(city.committee)
    assert [row["code"] for row in found.rows] == ["DU1-02", "DU1-01"]
    assert told(found.total) == (3, 0, 3, 1, 2, 0, True, 0)
    assert found.total["units_at_risk"] == 1
    above = answer(city.top)
    first = above.rows[0]
    assert (first["code"], first["certain"], first["possible"]) == ("DU1", 1, 2)
    branches = answer(city.top, rows="branches")
    assert {row["code"]: row["possible"] for row in branches.rows if row["possible"]} == {"DU1-01": 1, "DU1-02": 1}
    for key in ("certain", "possible", "too_late"):
        assert above.total[key] == sum(row[key] for row in above.rows)


def test_what_is_waited_for_stands_beside_the_next_class(city):
    for _ in range(3):
        a_case(city.branch, stage=Stage.SYMPATHISER, listed_on=D(2024, 8, 1))
    late(city.branch)
    a_class(city.top, D(2024, 11, 12), D(2024, 11, 20))
    assert answer(city.top).total["blocked"] == "3 người chờ lớp; lớp kế tiếp 12/11/2024. 1 người chưa đủ 18 tuổi."


def test_a_closed_year_is_seen_at_its_end(city):
    quota(city.branch, 2, year=2023)
    a_case(city.branch, stage=Stage.EXAMINED, listed_on=D(2023, 8, 1), step_days=30)  # examined on 29/12/2023
    found = answer(city.committee, year=2023, on=D(2023, 12, 31))
    row = next(row for row in found.rows if row["code"] == "DU1-01")
    assert (row["possible"] + row["certain"], row["remaining"]) == (1, 2)


def test_where_nothing_was_measured_a_note_says_so(city):
    StageEvent.objects.update(void=True)  # as if nobody had gone any way before
    a_case(city.branch)
    assert ["chưa ai được coi là chắc kịp" in note for note in answer(city.top).notes] == [True]
    possible(city.branch)
    assert answer(city.top).notes == []


def test_every_format_says_at_risk_in_words(city):
    quota(city.branch, 1)
    question = Question(city.committee, period.of_year(2024, TODAY, today=TODAY), TODAY)
    table = TABLES["in-time"]
    found = table.answer(question)
    text = output.write(table, question, found, form="csv").decode()
    assert "DU1-01,Chi bộ khu phố 1,1,0,1,0,0,0,Có,1," in text
    assert "Đạt" not in text
    assert len(output.write(table, question, found, form="xlsx")) > 1000
    told = output.as_json(table, question, found, "half-up")
    assert told["rows"][0]["at_risk"] is True


def test_as_many_questions_for_many_cases_as_for_few(city):
    quota(city.branch, 2)
    counts = []
    for branches in (city.branches[:1], city.branches):
        for branch in branches:
            certain(branch)
            late(branch)
        with CaptureQueriesContext(connection) as asked:
            answer(city.top)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 26


# ---- pages ---------------------------------------------------------------------------------------------
def test_every_number_opens_its_list(client, city):
    for make in (certain, possible, possible, late):
        make(city.branch)
    possible(city.sibling)
    client.force_login(a_user(Role.BOARD, city.top))
    page = client.get("/don-vi/DU1/bang/in-time/")
    cells = {cell["label"]: cell for cell in page.context["lines"][0]["cells"]}
    total = {cell["label"]: cell for cell in page.context["total"]["cells"]}
    for label, number in (("Chắc kịp", 1), ("Có thể kịp", 2), ("Không kịp", 1)):
        assert cells[label]["value"] == number
        listed = client.get(cells[label]["url"])
        assert listed.context["page"].paginator.count == number
    assert client.get(total["Có thể kịp"]["url"]).context["page"].paginator.count == 3
    for blocked, number in ((cells["Đang chờ"], 3), (total["Đang chờ"], 4)):
        said = [int(count) for count in re.findall(r"(\d+) người", blocked["text"])]
        assert client.get(blocked["url"]).context["page"].paginator.count == number == sum(said)
    assert "sớm nhất 15/10/2024" in text_of(client.get(total["Có thể kịp"]["url"]))


def test_what_is_beside_the_rows_has_its_list_or_the_page_says_why_not(client, city):
    """A case of the committee itself; then a branch with two goes from DU1 to DU2 within the year."""
    own = possible(city.branch)
    Candidacy.objects.filter(pk=own.pk).update(organisation=city.committee)
    for _ in range(2):
        possible(city.sibling)
    client.force_login(a_user(Role.BOARD, city.top))
    cells = rest_of(client.get("/don-vi/DU1/bang/in-time/"))
    assert {label: cell["value"] for label, cell in cells.items()} == {"Chắc kịp": 0, "Có thể kịp": 1, "Không kịp": 0}
    for label, cell in cells.items():
        listed = client.get(cell["url"])
        assert [case.pk for case in listed.context["page"]] == [own.pk] * cell["value"], label
    reorganise.move([reorganise.Moving("DU1-02", D(2024, 7, 1), "DU2")], actor=None, today=TODAY)
    for code, number in (("DU1", -1), ("DU2", 2)):
        page = client.get(f"/don-vi/{code}/bang/in-time/")
        cell = rest_of(page)["Có thể kịp"]
        assert (cell["value"], cell["url"]) == (number, "")
        (note,) = [note for note in page.context["notes"] if "không có danh sách riêng" in note]
        assert "Chi bộ khu phố 2" in note


# reader, where, whether the numbers open names
READERS = [(Role.BOARD, "top", True), (Role.COMMITTEE, "committee", True), (Role.BODY, "top", False)]


@pytest.mark.parametrize(("role", "where", "opens"), READERS)
def test_names_only_for_who_sees_people_there(client, city, role, where, opens):
    case = possible(city.branch)
    client.force_login(a_user(role, getattr(city, where)))
    page = client.get("/don-vi/DU1/bang/in-time/")
    assert page.status_code == 200
    assert case.person.name not in page.content.decode()
    cell = next(cell for cell in page.context["total"]["cells"] if cell["label"] == "Có thể kịp")
    assert bool(cell["url"]) == opens


def test_a_branch_sees_only_the_total_of_the_unit_above(client, city):
    possible(city.sibling)
    client.force_login(a_user(Role.BRANCH, city.branch))
    page = client.get("/don-vi/DU1/bang/in-time/")
    assert page.context["lines"] == []
    cell = next(cell for cell in page.context["total"]["cells"] if cell["label"] == "Có thể kịp")
    assert (cell["value"], cell["url"]) == (1, "")


def test_the_list_is_sorted_and_filtered_as_any(client, city):
    names = ["Nguyễn Văn An", "Nguyễn Văn Bình", "Nguyễn Văn Yến"]
    for name in reversed(names):
        a_case(city.branch, stage=Stage.DOSSIER, listed_on=D(2024, 7, 15), name=name)
    client.force_login(a_user(Role.BOARD, city.top))
    address = reverse("cases")
    page = client.get(f"{address}?in_time=possible&sort=-name").context["page"]
    assert [case.person.name for case in page] == names[::-1]
    assert client.get(f"{address}?in_time=possible&stage=trained").context["page"].paginator.count == 0
    assert client.get(f"{address}?in_time=nonsense").context["expected"] is False
    assert client.get(f"{address}?view=stages&in_time=possible").status_code == 200


def test_the_case_says_when(client, city):
    case = late(city.branch)
    client.force_login(a_user(Role.BOARD, city.top))
    text = text_of(client.get(case.get_absolute_url()))
    assert "Kết nạp trước 31/12/2024 không kịp: sớm nhất 01/01/2025" in text
    assert "chưa đủ 18 tuổi" in text
    decided = a_case(city.branch, stage=Stage.DECIDED, listed_on=D(2024, 3, 1), step_days=30)
    assert "Kết nạp trước 31/12/2024" not in text_of(client.get(decided.get_absolute_url()))


def test_the_dashboard_leads_there(client, city):
    client.force_login(a_user(Role.BOARD, city.top))
    assert reverse("table", args=["TU", "in-time"]) in client.get("/don-vi/TU/").content.decode()
