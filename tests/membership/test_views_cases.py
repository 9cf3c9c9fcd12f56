"""The list of candidacies and the page of one: what they show, to whom, in how many queries."""

import datetime as dt

import pytest
from django.urls import reverse

from cells.log.models import Entry
from cells.rules.models import ExitReason, Stratum
from membership import admission
from membership.admission import Move
from membership.models import STAGES, Stage
from tests.factories import TODAY, a_case, a_user

pytestmark = pytest.mark.django_db

D = dt.date


def names(response) -> list[str]:
    return [case.person.name for case in response.context["page"]]


def test_the_list_filters_sorts_and_searches(city, as_user):
    student = Stratum.objects.get(code="student")
    a_case(city.branch, name="Nguyễn Thị Ánh", listed_on=D(2024, 3, 1), strata=(student,))
    a_case(city.branch, name="Đỗ Văn Đức", listed_on=D(2024, 1, 1), stage=Stage.TRAINED)
    a_case(city.outside, name="Bùi Thị An", listed_on=D(2024, 2, 1))
    a_case(city.branch, name="Trần Văn Bền", stage=Stage.ADMITTED)
    client = as_user(a_user("board", city.top))
    for query, found in [
        ("", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=-name", ["Đỗ Văn Đức", "Nguyễn Thị Ánh", "Bùi Thị An"]),
        ("sort=day", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=stage", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=unit&unit=DU1", ["Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("sort=nonsense", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("unit=DU2", ["Bùi Thị An"]),
        ("unit=DU1", ["Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("stage=trained", ["Đỗ Văn Đức"]),
        ("stage=admitted", ["Trần Văn Bền"]),
        ("stage=all", ["Bùi Thị An", "Nguyễn Thị Ánh", "Trần Văn Bền", "Đỗ Văn Đức"]),
        ("stage=nonsense", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("stratum=student", ["Nguyễn Thị Ánh"]),
        ("stratum=student&stage=trained", []),
        ("stratum=unknown", ["Bùi Thị An", "Đỗ Văn Đức"]),
        ("stratum=nonsense", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
        ("page=99", ["Bùi Thị An", "Nguyễn Thị Ánh", "Đỗ Văn Đức"]),
    ]:
        assert names(client.get(f"{reverse('cases')}?{query}")) == found, query


def test_the_board_counts_all_and_shows_the_oldest(city, as_user, secretary):
    for day in range(1, 15):
        a_case(city.branch, listed_on=D(2024, 3, day))
    a_case(city.branch, stage=Stage.EXAMINED)
    a_case(city.outside)
    board = as_user(secretary).get(f"{reverse('cases')}?view=stages").context["board"]
    assert [column["count"] for column in board] == [14, 0, 0, 0, 0, 1, 0]
    assert len(board[0]["people"]) == 12
    assert board[0]["people"][0]["note"] == "228 ngày, từ 01/03/2024"


def test_both_ways_to_look_keep_the_stratum_and_the_unit(city, as_user):
    student = Stratum.objects.get(code="student")
    for unit in (city.branch, city.outside):
        a_case(unit, strata=(student,))
        a_case(unit)
    client = as_user(a_user("board", city.top))
    page = client.get(f"{reverse('cases')}?unit=DU1&stratum=student")
    listed, by_stage = (tab["url"] for tab in page.context["tabs"])
    assert client.get(listed).context["page"].paginator.count == page.context["page"].paginator.count == 1
    column = client.get(by_stage).context["board"][0]
    assert (column["count"], len(column["people"])) == (1, 1)
    assert client.get(column["url"]).context["page"].paginator.count == 1


def test_a_reader_sees_own_units_only(city, as_user, secretary):
    a_case(city.branch, name="Bùi Thị An")
    a_case(city.sibling, name="Đỗ Văn Đức")
    assert names(as_user(secretary).get(reverse("cases"))) == ["Bùi Thị An"]
    response = as_user(secretary).get(f"{reverse('cases')}?unit={city.sibling.code}")
    assert response.status_code == 404
    assert Entry.objects.filter(sort=Entry.Sort.DENIED, subject="organisation", subject_id=city.sibling.pk).exists()
    assert as_user(secretary).get(f"{reverse('cases')}?unit=NO-SUCH").status_code == 404
    assert names(as_user(a_user("body", city.top)).get(reverse("cases"))) == []


@pytest.mark.parametrize("view", ["", "view=stages", "unit=DU1&stage=nominee&sort=unit"])
def test_the_list_asks_the_same_however_long(city, as_user, view, django_assert_max_num_queries):
    client = as_user(a_user("board", city.top))
    counts = []
    for rows in (3, 27):
        for _ in range(rows):
            a_case(city.branch)
        with django_assert_max_num_queries(16) as asked:
            client.get(f"{reverse('cases')}?{view}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_case_asks_the_same_however_long_its_story(city, as_user, secretary, django_assert_max_num_queries):
    client = as_user(secretary)
    counts = []
    for stage in (Stage.EXAMINED, Stage.EXAMINED):
        case = a_case(city.branch, stage=stage)
        if counts:
            reason = ExitReason.objects.get(code="withdrew")
            for _ in range(5):
                off = Move(case.pk, "", TODAY, exit_reason=reason)
                admission.drop([off], actor=secretary, today=TODAY)
                admission.resume([Move(case.pk, "", TODAY)], actor=secretary, today=TODAY)
        with django_assert_max_num_queries(56) as asked:
            client.get(case.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_stage_line_tells_what_is_passed(city, as_user, secretary):
    line = as_user(secretary).get(a_case(city.branch, stage=Stage.TRAINED).get_absolute_url()).context["stages"]
    assert [(stage["state"], stage["day"]) for stage in line] == [
        ("done", D(2024, 1, 5)), ("done", D(2024, 2, 4)), ("current", D(2024, 3, 5)), *[("ahead", None)] * 4,
    ]  # fmt: skip
    single = as_user(a_user("board", city.top)).get(a_case(city.base_branch).get_absolute_url()).context["stages"]
    assert [stage["name"] for stage in single] == [stage.label for stage in STAGES if stage != Stage.EXAMINED]
