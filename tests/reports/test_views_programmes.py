"""The page of the programmes: how each target stands for the unit, day and year asked, and the lists behind it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.models import Sector
from cells.organisations import reorganise
from cells.people.models import Role
from reports import states
from targets import enter
from targets.models import Programme, Target
from targets.sources.say import SourcesLine, declare_sources
from tests import factories
from tests.pages import text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY


@pytest.fixture
def city():
    """TU over DU1 and DU2 with two village branches each, and CS1, a school's branch, out of sources.

    DU1-01 admitted 3 of 100, DU1-02 none of 50, DU2-01 one of 50; DU2-02 told nothing; CS1 none of 40.
    """
    top = factories.a_unit("TU", "city")
    committees = [factories.a_unit(code, "base_committee", top) for code in ("DU1", "DU2")]
    branches = [
        factories.a_unit(f"{committee.code}-0{number}", "branch", committee, sector="village")
        for committee in committees
        for number in (1, 2)
    ]
    single = factories.a_unit("CS1", "base_branch", top, sector="school")
    city = factories.City(top, committees, branches, [single])
    numbers = ((branches[0], 3, 100), (branches[1], 0, 50), (branches[2], 1, 50), (single, 0, 40))
    lines = [enter.ResultLine(unit, 2024, None, {"admitted": done, "fostered": 0}) for unit, done, _ in numbers]
    enter.declare_results(lines, actor=None, today=TODAY)
    bases = [enter.BaseLine(unit, 2024, total) for unit, _, total in numbers]
    enter.declare_bases([*bases, enter.BaseLine(branches[3], 2024, 60)], actor=None, today=TODAY)
    declare_sources([SourcesLine(single, 2024, False, "không còn ai")], actor=None, today=TODAY)
    return city


@pytest.fixture
def board(client, city):
    client.force_login(factories.a_user(Role.BOARD, city.top))
    return client


def lines(page):
    """(first year of the programme, line, kind, sector) → how the page says it stands."""
    return {
        (
            one["programme"].from_year,
            told["target"].line,
            told["target"].kind,
            told["target"].sector and told["target"].sector.code,
        ): told["line"]
        for one in page.context["programmes"]
        for told in one["targets"]
    }


VILLAGES = (2024, "admission", "minimum_average", "village")
SCHOOLS = (2024, "admission", "minimum_each", "school")
RATE = (2024, "admission", "rate", None)


def test_how_each_target_stands_at_the_top(board):
    page = board.get(reverse("programmes"))
    found = lines(page)
    assert (found[RATE]["state"], found[RATE]["number"]) == (states.NO_DATA, "1,33%")
    assert found[RATE]["sentence"] == "4 người trên 300 đảng viên; cần 11 người, còn thiếu 7 người"
    villages = found[VILLAGES]
    assert (villages["state"], villages["number"]) == (states.MET, "1,00")
    assert {group["words"]: group["number"] for group in villages["groups"]} == {
        "có từ 1 người": 2,
        "chưa có ai": 1,
        "chưa đủ số liệu": 1,
    }
    schools = found[SCHOOLS]
    assert (schools["state"], schools["applies"]["number"]) == (None, 1)
    assert {group["words"]: group["number"] for group in schools["groups"]} == {
        "đạt": 0,
        "chưa đạt": 0,
        "hết nguồn": 1,
        "tính cả nơi hết nguồn": "0/1",
    }
    assert found[2025, "admission", "rate", None] is None, "not of this year"
    text = text_of(page)
    assert "Không có đơn vị nào phải đạt." in text
    assert "Đảng bộ thành phố TU, năm 2024, tính đến 15/10/2024" in text


def test_of_overlapping_programmes_both_stand_and_the_page_says_which_decides(board):
    found = lines(board.get(reverse("programmes")))
    assert found[RATE]["decides"] == "Chỉ tiêu này quyết định «đạt» năm 2024."
    other = found[2020, "admission", "rate", None]
    assert (other["state"], other["number"]) == (found[RATE]["state"], found[RATE]["number"])
    assert "do chương trình «Nghị quyết về tăng cường" in other["decides"]
    before = lines(board.get(reverse("programmes") + "?year=2022"))
    assert before[2020, "admission", "rate", None]["decides"] == "Chỉ tiêu này quyết định «đạt» năm 2022."
    assert before[RATE] is None


def test_of_another_unit_and_another_day(board, city):
    found = lines(board.get(reverse("programmes") + "?unit=DU1"))
    assert found[RATE]["elsewhere"]
    assert "Không áp dụng ở đơn vị này." in text_of(board.get(reverse("programmes") + "?unit=DU1"))
    assert found[VILLAGES]["number"] == "1,50"
    past = board.get(reverse("programmes") + "?unit=DU1&on=2023-12-31")
    assert past.context["year"] == 2023
    assert lines(past)[VILLAGES] is None
    assert board.get(reverse("programmes") + "?unit=KHONG").status_code == 404
    chosen = dict(past.context["chooser"].fields["unit"].choices)
    assert list(chosen) == ["TU", "DU1", "DU1-01", "DU1-02"]


def test_a_target_of_the_whole_span_begins_with_the_programme(board, city):
    enter.declare_results([enter.ResultLine(city.branch, 2023, None, {"admitted": 6})], actor=None, today=TODAY)
    programme = Programme.objects.create(title="giai đoạn", document="thử", from_year=2023, to_year=2026)
    Target.objects.create(
        programme=programme, line="admission", kind="number", value=Decimal(10), span="whole", where="top"
    )
    found = lines(board.get(reverse("programmes")))[2023, "admission", "number", None]
    assert (found["state"], found["number"]) == (states.MET, "10/10")


def test_every_number_opens_the_units_it_counts(board, city):
    found = lines(board.get(reverse("programmes")))
    for key in (VILLAGES, SCHOOLS):
        page = board.get(found[key]["applies"]["url"])
        assert page.context["page_of_units"].paginator.count == found[key]["applies"]["number"]
        for group in found[key]["groups"]:
            counted = int(str(group["number"]).split("/")[-1])
            assert board.get(group["url"]).context["page_of_units"].paginator.count == counted, group
    missed = next(group for group in found[VILLAGES]["groups"] if group["words"] == "chưa có ai")
    assert city.sibling.style(TODAY).name in text_of(board.get(missed["url"]))
    assert board.get(found[RATE]["number_url"]).status_code == 200


def test_the_list_of_a_rate_has_the_members_of_each_unit(board, city):
    programme = Programme.objects.get(from_year=2024)
    rate = Target.objects.create(programme=programme, line="admission", kind="rate", value=2, where="base")
    page = board.get(reverse("target_units", args=["TU", rate.pk]))
    told = {
        row["judged"].unit: (row["judged"].base, row["judged"].needed, row["outcome"])
        for row in page.context["page_of_units"]
    }
    assert told == {
        city.committee.pk: (150, 3, "đạt"),
        city.committees[1].pk: (110, 3, "chưa đủ số liệu"),
        city.base_branch.pk: (40, 1, "chưa đạt"),
    }
    assert "Đảng viên đầu kỳ" in text_of(page)


@pytest.mark.parametrize("query", ["?year=2023", "?year=2022&on=2022-12-31"])
def test_a_target_has_no_units_in_years_of_others(board, query):
    target = Target.objects.get(programme__from_year=2024, where="top")
    assert board.get(reverse("target_units", args=["TU", target.pk]) + query).status_code == 404
    assert board.get(reverse("target_units", args=["TU", 987654321])).status_code == 404


def test_three_readers(client, city):
    """The Board, a committee and a branch: figures of units above whole, lists only of the own and those below."""
    target = Target.objects.get(programme__from_year=2024, line="admission", sector__code="village")
    answers = {}
    for role, unit in ((Role.BOARD, city.top), (Role.COMMITTEE, city.committee), (Role.BRANCH, city.branch)):
        client.force_login(factories.a_user(role, unit))
        page = client.get(reverse("programmes"))
        assert lines(page)[VILLAGES]["number"] == "1,00"
        has_links = bool(lines(page)[VILLAGES]["applies"]["url"])
        codes = ("TU", "DU1", "DU1-01", "DU2")
        answers[role] = (
            has_links,
            [client.get(reverse("target_units", args=[code, target.pk])).status_code for code in codes],
        )
    assert answers == {
        Role.BOARD: (True, [200, 200, 200, 200]),
        Role.COMMITTEE: (False, [403, 200, 200, 404]),
        Role.BRANCH: (False, [403, 403, 200, 404]),
    }


def test_who_holds_no_post_reads_the_words_alone(client, city):
    client.force_login(factories.a_user())
    page = client.get(reverse("programmes"))
    assert "Mỗi năm, toàn đảng bộ kết nạp ít nhất 3,5%" in text_of(page)
    assert set(lines(page).values()) == {None}


def test_before_there_is_any_organisation_the_words_stand(client):
    client.force_login(factories.a_user())
    assert client.get(reverse("programmes")).status_code == 200


def test_queries_do_not_grow_with_programmes_targets_and_branches(board, city):
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            board.get(reverse("programmes"))
        target = Target.objects.filter(programme__from_year=2024, sector__code="village").first()
        with CaptureQueriesContext(connection) as listed:
            board.get(reverse("target_units", args=["TU", target.pk]))
        counts.append((len(queries), len(listed)))
        programme = Programme.objects.create(title=f"thêm {turn}", document="thử", from_year=2024, to_year=2024)
        for sector in Sector.objects.all():
            Target.objects.create(
                programme=programme, line="fostering", kind="coverage", value=50, where="sector", sector=sector
            )
        for number in range(5):
            factories.a_unit(f"DU1-N{turn}{number}", "branch", city.committee, sector="village")
    assert counts[0] == counts[1]
    assert counts[0][0] <= 32
    assert counts[0][1] <= 30


def test_a_changed_rate_shows_on_the_page_and_the_dashboard(board, city):
    target = Target.objects.get(programme__from_year=2024, where="top")
    Target.objects.filter(pk=target.pk).update(value=Decimal("1.25"))
    assert lines(board.get(reverse("programmes")))[RATE]["state"] == states.MET
    assert "của 1,25%" in text_of(board.get(reverse("unit", args=["TU"])))


def test_the_rate_of_the_unit_is_told_in_both_scopes(board, city):
    moved = reorganise.Moving("DU1-01", dt.date(2024, 7, 1), "DU2")
    assert "Tỷ lệ kết nạp năm 2024: phạm vi đầu năm và phạm vi hiện tại như nhau." in text_of(
        board.get(reverse("programmes"))
    )
    reorganise.move([moved], actor=None, today=TODAY)
    text = text_of(board.get(reverse("programmes") + "?unit=DU1"))
    assert "Tỷ lệ kết nạp năm 2024, phạm vi đầu năm (số để ký) 3/150 = 2,00%. Phạm vi hiện tại 0/50 = 0,00%: " in text
    assert "(100 đảng viên đầu năm, 3 kết nạp) chuyển đến" in text
