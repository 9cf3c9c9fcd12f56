"""Sources on screen: the unit says, the level above answers, everybody reads the same numbers."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cells.organisations import reorganise
from cells.people.models import Role
from reports import period
from reports.figures.standing import CURRENT
from reports.tables import TABLES, Question
from targets.models import Sources
from targets.sources.say import SourcesLine, accept_sources, declare_sources, refuse_sources
from tests.factories import TODAY, a_city, a_unit, a_user
from tests.pages import form_of, problem_at, rest_of, text_of

pytestmark = pytest.mark.django_db

WHY = "18/18 giáo viên đã là đảng viên"


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def sign_in(city):
    def client_of(role, unit, **more):
        client = Client()
        client.force_login(a_user(role, unit, **more))
        return client

    return client_of


@pytest.fixture
def secretary(city, sign_in):
    return sign_in(Role.BRANCH, city.branch, name="Trần Thị Thư")


@pytest.fixture
def committee(city, sign_in):
    return sign_in(Role.COMMITTEE, city.committee, name="Lê Văn Ủy")


def page_of(unit, year=2024):
    return reverse("sources", args=[unit.code, year])


def waiting_of(unit):
    return reverse("sources_waiting", args=[unit.code])


def waits(unit, year=2024, reason=WHY):
    (row,) = declare_sources([SourcesLine(unit, year, False, reason)], actor=a_user(Role.BRANCH, unit), today=TODAY)
    return row


# ---- the unit says it ------------------------------------------------------------------------------


def test_the_secretary_says_it_the_committee_accepts_the_page_tells_both(city, secretary, committee):
    opened = text_of(secretary.get(page_of(city.branch)))
    assert "Chưa báo gì cho năm 2024: tính như còn nguồn." in opened
    assert "người đủ tiêu chuẩn đều đã là đảng viên" in opened
    assert "cấp ủy chưa quan tâm" not in opened
    usual = opened_usual(secretary.get(page_of(city.branch)))[:2]
    typed = {"sources": "no", "usual": usual, "reason": "khu phố 40 hộ"}
    said = text_of(secretary.post(page_of(city.branch), typed, follow=True))
    assert "cấp trên trả lời xong mới được miễn" in said
    row = Sources.objects.get()
    assert row.reason == "người đủ tiêu chuẩn đều đã là đảng viên; chủ doanh nghiệp chưa phải đảng viên; khu phố 40 hộ"
    assert "đang chờ cấp trên trả lời" in said
    assert "khu phố 40 hộ" in text_of(committee.get("/"))
    listed = text_of(committee.get(waiting_of(city.committee)))
    assert "Trần Thị Thư báo ngày 15/10/2024" in listed
    done = committee.post(waiting_of(city.committee), {"row": row.pk, "deed": "approve"}, follow=True)
    assert "Đã chấp nhận" in text_of(done)
    assert "Không có đơn vị nào chờ trả lời" in text_of(done)
    told = text_of(secretary.get(page_of(city.branch)))
    assert f"Năm 2024 đang tính là hết nguồn: {row.reason}." in told
    assert "Lê Văn Ủy trả lời 15/10/2024" in told
    again = committee.post(waiting_of(city.committee), {"row": row.pk, "deed": "approve"}, follow=True)
    assert "không còn chờ trả lời" in text_of(again)


def opened_usual(page):
    return [str(row.pk) for row in page.context["form"].fields["usual"].queryset]


def test_a_refusal_is_read_by_the_unit(city, secretary, committee):
    row = waits(city.branch)
    bare = committee.post(waiting_of(city.committee), {"row": row.pk, "deed": "refuse", "answer": " "}, follow=True)
    assert "Ghi lý do không chấp nhận" in text_of(bare)
    typed = {"row": row.pk, "deed": "refuse", "answer": "Chi bộ còn ba đoàn viên ưu tú."}
    committee.post(waiting_of(city.committee), typed)
    assert "Chi bộ còn ba đoàn viên ưu tú." in text_of(secretary.get("/"))
    told = text_of(secretary.get(page_of(city.branch)))
    assert "Cấp trên không chấp nhận" in told
    assert "tính như còn nguồn" in told
    secretary.post(page_of(city.branch), {"read": "yes"})
    row.refresh_from_db()
    assert row.read_on == TODAY
    after = secretary.get(page_of(city.branch))
    assert "Đã đọc trả lời" not in text_of(after)
    assert "ba đoàn viên" in text_of(after)
    assert "ba đoàn viên" not in text_of(secretary.get("/"))


def test_who_speaks_from_above_is_told_that_it_holds_at_once(city, committee):
    assert "ghi xong là có hiệu lực" in text_of(committee.get(page_of(city.branch)))
    assert "cần cấp trên chấp nhận" in text_of(committee.get(page_of(city.committee)))
    done = committee.post(page_of(city.branch), {"sources": "no", "reason": WHY}, follow=True)
    assert "Đã ghi hết nguồn năm 2024." in text_of(done)
    assert "Cấp trên ghi hết nguồn (đang dùng)" in text_of(done)
    same = committee.post(page_of(city.branch), {"sources": "no", "reason": WHY}, follow=True)
    assert "Không có gì thay đổi để ghi." in text_of(same)


BAD = {
    "nothing": ({"nothing": "1"}, "sources", "Chọn «còn nguồn»"),
    "no reason": ({"sources": "no", "reason": " "}, "reason", "lý do hết nguồn"),
    "a reason although sources are left": ({"sources": "yes", "reason": WHY}, "sources", "hết nguồn"),
    "neither": ({"sources": "maybe"}, "sources", "Chọn một"),
    "a reason that is none": ({"sources": "no", "usual": ["9999"]}, "usual", "trong danh sách"),
    "control characters": ({"sources": "no", "reason": "a\x07b"}, "reason", "ký tự"),
    "too long": ({"sources": "no", "reason": "a" * 301}, "reason", "300"),
}


@pytest.mark.parametrize(("typed", "field", "says"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told_at_the_field(city, secretary, typed, field, says):
    page = secretary.post(page_of(city.branch), typed)
    assert says in problem_at(page, field)
    assert not Sources.objects.exists()


def test_too_long_together(city, secretary):
    usual = opened_usual(secretary.get(page_of(city.branch)))
    page = secretary.post(page_of(city.branch), {"sources": "no", "usual": usual, "reason": "ă" * 280})
    assert "dài quá" in problem_at(page, "reason")
    assert "ă" * 280 in page.content.decode()


def test_a_second_word_while_one_waits_and_how_it_is_taken_back(city, secretary):
    waits(city.branch)
    page = secretary.post(page_of(city.branch), {"sources": "no", "reason": "lại nữa"})
    assert "chờ cấp trên trả lời" in problem_at(page, "__all__")
    assert "lại nữa" in page.content.decode()
    done = secretary.post(page_of(city.branch), {"sources": "yes"}, follow=True)
    assert "Đã ghi còn nguồn năm 2024." in text_of(done)
    assert "thay bằng lần báo sau" in text_of(done)


def test_years_and_units_that_are_not_one_s_own(city, secretary):
    assert secretary.get(page_of(city.branch, 2025)).status_code == 200
    for year in (2026, 1929):
        assert secretary.get(page_of(city.branch, year)).status_code == 404
    assert secretary.get(page_of(city.sibling)).status_code == 404
    assert secretary.get(page_of(city.committee)).status_code == 403
    assert secretary.get(waiting_of(city.branch)).status_code == 403
    reorganise.leave([reorganise.Leaving(city.branch.code, TODAY)], actor=None, today=TODAY)
    page = secretary.post(page_of(city.branch), {"sources": "yes"})
    assert "không còn trong đảng bộ" in text_of(page)
    assert not Sources.objects.exists()


def test_nobody_answers_elsewhere_or_for_oneself(city, sign_in, secretary):
    row = waits(city.branch)
    other = sign_in(Role.COMMITTEE, city.committees[1])
    sent = {"row": row.pk, "deed": "approve"}
    assert other.post(waiting_of(city.committee), sent).status_code == 404
    told = other.post(waiting_of(city.committees[1]), sent, follow=True)
    assert "không còn chờ trả lời" in text_of(told)
    both = a_user(Role.COMMITTEE, city.committee)
    both.person.posts.create(organisation=city.branch, role=Role.BRANCH)
    client = Client()
    client.force_login(both)
    page = client.get(waiting_of(city.committee))
    assert "Bạn có chức vụ ở đơn vị này" in text_of(page)
    assert "Chấp nhận hết nguồn" not in text_of(page)
    assert "Bạn có chức vụ" in text_of(client.post(waiting_of(city.committee), sent, follow=True))
    for wrong in ("", "x", "9" * 30, "²"):
        assert "không còn chờ" in text_of(client.post(waiting_of(city.committee), {"row": wrong}, follow=True))
    row.refresh_from_db()
    assert row.state == "waiting"


# ---- where else it is seen -------------------------------------------------------------------------


def test_the_grid_says_what_waits_and_leads_there(city, committee):
    waits(city.branch)
    page = committee.get(reverse("quotas", args=[city.committee.code, 2024]))
    assert text_of(page).count("báo hết nguồn, chờ trả lời") == 1
    assert waiting_of(city.committee) in page.content.decode()
    accept_sources([Sources.objects.get().pk], actor=a_user(Role.BOARD, city.top), today=TODAY)
    page = committee.get(reverse("quotas", args=[city.committee.code, 2024]))
    assert "chờ trả lời" not in text_of(page)
    assert WHY in page.content.decode()


def test_what_the_grid_says_and_is_refused_stands_at_its_row(city, sign_in):
    waits(city.sibling)
    both = a_user(Role.COMMITTEE, city.committee)
    both.person.posts.create(organisation=city.sibling, role=Role.BRANCH)
    client = Client()
    client.force_login(both)
    url = reverse("quotas", args=[city.committee.code, 2024])
    typed = {f"u{city.sibling.pk}-sources": "no", f"u{city.sibling.pk}-sources_reason": "lần nữa"}
    page = client.post(url, form_of(client.get(url)) | typed | {"draft": "yes"})
    assert "chờ cấp trên trả lời" in problem_at(page, f"u{city.sibling.pk}-sources")
    assert Sources.objects.count() == 1


def test_the_unit_page_tells_what_holds_and_what_waits(city, secretary, committee, sign_in):
    unit = reverse("unit", args=[city.branch.code])
    assert "Nguồn kết nạp năm 2024: chưa báo, tính như còn nguồn." in text_of(secretary.get(unit))
    row = waits(city.branch)
    page = secretary.get(unit)
    assert "chưa báo, tính như còn nguồn; báo hết nguồn đang chờ trả lời." in text_of(page)
    assert page_of(city.branch) in page.content.decode()
    above = committee.get(reverse("unit", args=[city.committee.code]))
    assert "1 đơn vị báo hết nguồn, đang chờ trả lời." in text_of(above)
    accept_sources([row.pk], actor=a_user(Role.BOARD, city.top), today=TODAY)
    assert "Nguồn kết nạp năm 2024: hết nguồn." in text_of(secretary.get(unit))
    assert "đang chờ trả lời" not in text_of(committee.get(reverse("unit", args=[city.committee.code])))
    standing = sign_in(Role.STANDING, city.top).get(unit)
    assert "Nguồn kết nạp năm 2024: hết nguồn." in text_of(standing)
    assert page_of(city.branch) not in standing.content.decode()


def test_the_history_of_the_unit_keeps_every_word(city, secretary, sign_in):
    refuse_sources([waits(city.branch).pk], actor=a_user(Role.COMMITTEE, city.committee), answer="Còn.", today=TODAY)
    declare_sources([SourcesLine(city.branch, 2024, True)], actor=None, today=TODAY)
    told = text_of(secretary.get(reverse("structure", args=[city.branch.code])))
    assert "Báo hết nguồn năm 2024, không chấp nhận" in told
    assert "Báo còn nguồn năm 2024" in told
    assert WHY in told
    figures = text_of(sign_in(Role.BODY, city.branch).get(reverse("structure", args=[city.branch.code])))
    assert "Báo hết nguồn năm 2024" in figures
    assert WHY not in figures


# ---- the table -------------------------------------------------------------------------------------


def answer(unit, rows="", year=2024, scope=""):
    asked = period.of_year(year, TODAY, today=TODAY)
    question = Question(unit, asked, min(TODAY, asked.last), *([scope] if scope else []), rows=rows)
    return TABLES["sources"].answer(question)


def counts(row):
    return tuple(row[key] for key in ("units", "declared_out", "accepted", "waiting", "refused"))


def a_mixed_city(city):
    """The branch waits, its sibling was refused, the branch elsewhere and the base branch are out; 2023 is another."""
    waits(city.branch)
    refused = waits(city.sibling)
    refuse_sources([refused.pk], actor=a_user(Role.COMMITTEE, city.committee), answer="Còn.", today=TODAY)
    lines = [SourcesLine(unit, 2024, False, WHY) for unit in (city.outside, city.base_branch)]
    declare_sources([*lines, SourcesLine(city.branch, 2023, False, WHY)], actor=None, today=TODAY)


@pytest.mark.both_databases
def test_the_table_counts_units_and_lists_them_by_the_same_question(city):
    a_mixed_city(city)
    found = answer(city.top)
    assert {row["code"]: counts(row) for row in found.rows} == {
        "DU1": (2, 2, 0, 1, 1),
        "DU2": (2, 1, 1, 0, 0),
        "CS1": (1, 1, 1, 0, 0),
    }
    assert counts(found.total) == (5, 4, 2, 1, 1)
    assert found.total["share"] == Fraction(2, 5)
    assert found.rows[0]["code"] == "DU1"
    for key in ("declared_out", "accepted", "waiting", "refused"):
        for unit in (city.top, city.committee):
            listed = answer(unit, key)
            assert len(listed.rows) == answer(unit).total[key] == listed.total[key], (unit, key)
    (row,) = answer(city.top, "refused").rows
    assert (row["code"], row["reason"], row["answer"], row["settled_on"]) == (city.sibling.code, WHY, "Còn.", TODAY)
    assert counts(answer(city.top, year=2023).total) == (5, 1, 1, 0, 0)


@pytest.mark.both_databases
def test_a_committee_s_own_word_counts_beside_its_branches(city, client):
    declare_sources([SourcesLine(city.committee, 2024, False, WHY)], actor=None, today=TODAY)
    assert counts(answer(city.committee).total) == (3, 1, 1, 0, 0)
    assert [row["code"] for row in answer(city.committee).rows][-1] == "khác"
    assert {row["code"]: row["accepted"] for row in answer(city.top).rows}["DU1"] == 1
    assert set(Sources.objects.exhausted(2024).values_list("organisation", flat=True)) == {city.committee.pk}
    client.force_login(a_user(Role.BOARD, city.top))
    declare_sources([SourcesLine(city.branch, 2024, False, WHY)], actor=None, today=TODAY)
    for label, cell in rest_of(client.get(reverse("table", args=["DU1", "sources"]))).items():
        page = client.get(cell["url"])
        names = [line["cells"][0]["text"] for line in page.context["lines"]]
        assert names == ["Đảng bộ phường 1"] * cell["value"], label
        assert "Không kể đơn vị bên dưới." in text_of(page)


@pytest.mark.both_databases
def test_a_unit_that_left_counts_where_the_year_began_and_no_more_in_the_scope_of_now(city):
    a_mixed_city(city)
    reorganise.leave([reorganise.Leaving(city.outside.code, TODAY)], actor=None, today=TODAY)
    assert counts(answer(city.top).total)[:3] == (5, 4, 2)
    assert counts(answer(city.top, scope=CURRENT).total)[:3] == (4, 3, 1)
    reorganise.leave([reorganise.Leaving(city.branch.code, TODAY)], actor=None, today=TODAY)
    assert counts(answer(city.top).total) == (5, 3, 2, 0, 1)


def test_every_number_of_the_page_opens_its_list(city, sign_in):
    a_mixed_city(city)
    board = sign_in(Role.BOARD, city.top)
    page = board.get("/don-vi/TU/bang/sources/")
    checked = 0
    for line in [*page.context["lines"], page.context["total"]]:
        for cell in line["cells"]:
            if cell["number"] and cell["kind"] == "count":
                assert len(board.get(cell["url"]).context["lines"]) == cell["value"], cell
                checked += 1
    assert checked == 5 * 4
    assert "còn nguồn" in text_of(board.get("/don-vi/TU/bang/sources/?rows=units"))
    listed = board.get("/don-vi/TU/bang/sources/?rows=waiting")
    assert "chờ trả lời" in text_of(listed)
    assert page_of(city.branch) in listed.content.decode()
    body = sign_in(Role.BODY, city.top).get("/don-vi/TU/bang/sources/?rows=waiting")
    assert len(body.context["lines"]) == 1
    assert WHY not in text_of(body)
    assert page_of(city.branch) not in body.content.decode()
    assert board.get("/don-vi/TU/bang/sources/?rows=accepted&file=xlsx").status_code == 200


@pytest.mark.parametrize("page", ["sources_waiting", "table", "list", "home"])
def test_pages_ask_the_same_for_two_and_for_twelve(city, committee, page):
    url = {
        "sources_waiting": waiting_of(city.committee),
        "table": reverse("table", args=[city.committee.code, "sources"]),
        "list": reverse("table", args=[city.committee.code, "sources"]) + "?rows=waiting",
        "home": "/",
    }[page]
    asked = []
    for number in (2, 10):
        for place in range(number):
            waits(a_unit(f"X{number}-{place}", "branch", city.committee))
        committee.get(url)
        with CaptureQueriesContext(connection) as queries:
            committee.get(url)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 26
