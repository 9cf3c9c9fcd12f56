"""The year grids: what is typed is written once and whole, wrong cells are told, nothing typed is lost."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from cells.log.models import Entry
from cells.models import Sector
from cells.organisations import reorganise
from targets.models import Base, DeclaredResult, Quota, QuotaIssue, Sources
from targets.quotas import take_over
from tests.factories import TODAY, a_city, a_unit, a_user
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return a_city()


@pytest.fixture
def board(city, client):
    """The Organisation Board, logged in."""
    client.force_login(a_user("board", city.top))
    return client


def address(name, unit, year=2024, query=""):
    return reverse(name, args=[unit.code, year]) + query


def cell(unit, column):
    return f"u{unit.pk}-{column}"


def cells(unit, **values):
    return {cell(unit, column): value for column, value in values.items()}


# ---- bases -----------------------------------------------------------------------------------------


def test_only_filled_rows_are_closed(board, city):
    url = address("bases", city.top)
    typed = form_of(board.get(url)) | cells(city.committee, total="1.204", full="1190", probationary="14", female="300")
    done = board.post(url, typed, follow=True)
    base = Base.objects.get()
    assert (base.organisation, base.year, base.total, base.full, base.probationary, base.female) == (
        city.committee, 2024, 1204, 1190, 14, 300,
    )  # fmt: skip
    assert "Đã chốt số đầu năm 2024 của 1 tổ chức." in text_of(done)
    assert "đã chốt" in text_of(done)
    assert cell(city.committee, "total") not in form_of(done)
    assert cell(city.base_branch, "total") in form_of(done)


def test_a_form_sent_twice_closes_once_and_says_so(board, city):
    url = address("bases", city.top)
    typed = form_of(board.get(url)) | cells(city.committee, total="1204")
    board.post(url, typed)
    again = board.post(url, typed, follow=True)
    assert Base.objects.count() == 1
    assert "Không có gì thay đổi để ghi." in text_of(again)
    assert Entry.objects.filter(deed="declare_bases").count() == 1


def test_a_row_closed_by_somebody_else_meanwhile_is_told(board, city):
    url = address("bases", city.top)
    typed = form_of(board.get(url)) | cells(city.committee, total="1204") | cells(city.base_branch, total="30")
    Base.objects.create(organisation=city.committee, year=2024, total=1203)
    page = board.post(url, typed)
    assert "vừa được người khác chốt (1.203); số vừa gõ (Tổng số 1204) không được ghi" in text_of(page)
    assert Base.objects.count() == 1
    assert form_of(page)[cell(city.base_branch, "total")] == "30"


@pytest.mark.parametrize(
    ("column", "typed", "at", "says"),
    [
        ("total", {"total": "-5"}, "total", "số âm"),
        ("total", {"total": "12,5"}, "total", "số lẻ"),
        ("total", {"total": "abc"}, "total", "không phải là số"),
        ("total", {"total": "99999999"}, "total", "quá lớn"),
        ("total", {"total": "1\x00"}, "total", "ký tự"),
        ("full", {"full": "10"}, "total", "Ghi tổng số đảng viên."),
        ("full", {"total": "10", "full": "8", "probationary": "1"}, "total", "không bằng tổng số"),
        ("full", {"total": "10", "full": "11"}, "total", "lớn hơn tổng số"),
        ("female", {"total": "10", "female": "11"}, "female", "lớn hơn tổng số"),
    ],
)
def test_wrong_bases_are_told_at_the_cell_and_nothing_is_written(board, city, column, typed, at, says):
    url = address("bases", city.top)
    sent = form_of(board.get(url)) | cells(city.base_branch, total="30") | cells(city.committee, **typed)
    page = board.post(url, sent)
    assert page.status_code == 200
    assert says in problem_at(page, cell(city.committee, at))
    assert not Base.objects.exists()
    if "\x00" not in typed[column]:
        assert form_of(page)[cell(city.committee, column)] == typed[column]
    assert form_of(page)[cell(city.base_branch, "total")] == "30"


def test_a_unit_founded_in_the_year_has_no_row_one_that_joined_has(board, city):
    born = a_unit("DU9", "base_committee", city.top, name="Đảng bộ mới lập", day=dt.date(2024, 3, 1))
    kind = city.committee.style(TODAY).kind
    joining = reorganise.Joining("VAO", dt.date(2024, 7, 1), parent_code="TU", name="Đảng bộ tiếp nhận", kind=kind)
    joined = reorganise.join([joining], actor=None, today=TODAY)[0]
    page = board.get(address("bases", city.top))
    assert cell(joined, "total") in form_of(page)
    assert cell(born, "total") not in form_of(page)
    assert "tiếp nhận 01/07/2024" in text_of(page)


def test_a_unit_that_left_keeps_its_row_of_the_years_before(board, city):
    leaving = reorganise.Leaving(code="DU1", day=dt.date(2022, 7, 1))
    reorganise.leave([leaving], actor=None, today=TODAY)
    assert cell(city.committee, "total") in form_of(board.get(address("bases", city.top, 2022)))
    assert cell(city.committee, "total") not in form_of(board.get(address("bases", city.top, 2023)))


@pytest.mark.parametrize("year", [1929, 2026])
def test_years_no_figure_can_be_of(board, city, year):
    assert board.get(address("bases", city.top, year)).status_code == 404


# ---- quotas ----------------------------------------------------------------------------------------

HEAD = {"decision_number": "12-QĐ/TU", "decided_on": "05/01/2024"}


def receive(board, city, **more):
    """The city's own number: 10 and 20."""
    url = address("received_quota", city.top)
    typed = {"admission": "10", "fostering": "20", "decision_number": "03-QĐ/TU", "decided_on": "02/01/2024"}
    return board.post(url, form_of(board.get(url)) | typed | more, follow=True)


def issue(board, city, **more):
    """What the city gives its three units: 7 and 9 to the first, which is explained."""
    if not Quota.objects.filter(organisation=city.top).exists():
        receive(board, city)
    url = address("quotas", city.top)
    typed = form_of(board.get(url)) | HEAD | {"explanation": "Còn giao tiếp"}
    return board.post(url, typed | cells(city.committee, admission="7", fostering="9") | more, follow=True)


def given(city):
    return Quota.objects.issued().filter(issue__issuer=city.top, issue__own=False)


def test_quotas_are_issued_under_one_decision_and_compared_with_the_own(board, city):
    page = issue(board, city)
    quota = Quota.objects.in_force().get(organisation=city.committee)
    decision = quota.issue
    assert (quota.admission, quota.fostering, decision.decision_number, decision.decided_on) == (
        7, 9, "12-QĐ/TU", dt.date(2024, 1, 5),
    )  # fmt: skip
    assert (decision.issuer, decision.number, decision.explanation) == (city.top, 1, "Còn giao tiếp")
    assert "Đã giao chỉ tiêu năm 2024 cho 3 đơn vị, quyết định 12-QĐ/TU (giao lần đầu)." in text_of(page)
    assert "Chỉ tiêu kết nạp 7 10 −3 1/3 tổ chức" in text_of(page)


def test_the_number_of_the_top_comes_from_outside_and_is_adjusted_with_a_reason(board, city):
    assert "kết nạp 10, bồi dưỡng 20 cấp trên giao, giao lần đầu, 03-QĐ/TU" in text_of(receive(board, city))
    page = receive(board, city, admission="12")
    assert "Ghi lý do" in problem_at(page, "reason")
    receive(board, city, admission="12", reason="Tỉnh giao thêm")
    rows = Quota.objects.filter(organisation=city.top).order_by("issue__number")
    assert [(row.admission, row.in_force, row.original) for row in rows] == [(10, False, True), (12, True, False)]
    versions = text_of(board.get(address("quota_versions", city.top)))
    assert "Đảng bộ thành phố 10 / 20 12 / 20 Lý do" in versions
    assert "điều chỉnh lần 1 : Tỉnh giao thêm" in versions
    assert board.get(address("received_quota", city.committee)).status_code == 302


def test_trying_the_sum_writes_nothing(board, city):
    page = issue(board, city, check="yes")
    assert "Mới cộng thử, chưa ghi gì" in text_of(page)
    assert "Chỉ tiêu kết nạp 7 10 −3" in text_of(page)
    assert not given(city).exists()


def test_who_falls_under_the_floor_of_a_programme_is_named(board, city):
    """Two village branches are asked for one each."""
    for branch in (city.branch, city.sibling):
        branch.styles.update(sector=Sector.objects.get(code="village"))
    assert "Đảng bộ phường 1: kết nạp 1, ít nhất 2 (thôn, khu phố)." in text_of(
        issue(board, city, check="yes", **cells(city.committee, admission="1"))
    )
    assert "Dưới mức ít nhất" not in text_of(issue(board, city, check="yes", **cells(city.committee, admission="2")))


def test_a_draft_is_kept_counts_nowhere_and_goes_out_when_it_is_issued(board, city):
    page = issue(board, city, draft="yes", decision_number="", decided_on="")
    assert "bản nháp, chưa giao cho ai" in text_of(page)
    assert not Quota.objects.in_force().filter(organisation=city.committee).exists()
    assert form_of(page)[cell(city.committee, "admission")] == "7"
    assert form_of(page)["explanation"] == "Còn giao tiếp"
    board.post(address("quotas", city.top), form_of(page) | HEAD)
    assert Quota.objects.in_force().get(organisation=city.committee).admission == 7
    assert not QuotaIssue.objects.drafts().exists()


def test_a_draft_is_thrown_away(board, city):
    page = issue(board, city, draft="yes")
    board.post(address("quotas", city.top), form_of(page) | {"drop": "yes"})
    assert not QuotaIssue.objects.drafts().exists()
    assert not Quota.objects.filter(organisation=city.committee).exists()


def test_the_second_of_two_who_save_a_draft_is_told_and_loses_nothing(board, city):
    url = address("quotas", city.top)
    opened = form_of(board.get(url)) | {"draft": "yes"}
    board.post(url, opened | cells(city.committee, admission="7"))
    page = board.post(url, opened | cells(city.committee, admission="6"))
    assert "Người khác vừa lưu bản nháp này" in text_of(page)
    assert form_of(page)[cell(city.committee, "admission")] == "6"
    assert Quota.objects.get(organisation=city.committee).admission == 7
    board.post(url, form_of(page) | {"draft": "yes"})
    assert Quota.objects.get(organisation=city.committee).admission == 6


def test_adjusting_needs_a_reason_and_keeps_the_first_version(board, city):
    issue(board, city)
    url = address("quotas", city.top)
    typed = form_of(board.get(url)) | HEAD | {"explanation": "Còn giao tiếp"} | cells(city.committee, admission="8")
    page = board.post(url, typed)
    assert "Ghi lý do" in problem_at(page, "reason")
    assert given(city).filter(organisation=city.committee).count() == 1
    board.post(url, typed | {"reason": "Tăng theo thực tế"})
    first, second = given(city).filter(organisation=city.committee).order_by("issue__number")
    assert (first.admission, first.in_force, first.original) == (7, False, True)
    assert (second.admission, second.fostering, second.issue.reason) == (8, 9, "Tăng theo thực tế")
    page = text_of(board.get(address("quota_versions", city.top)))
    assert "giao lần đầu 12-QĐ/TU" in page
    assert "7 / 9 8 / 9" in page
    assert "Tăng theo thực tế" in page


def test_quotas_sent_twice_make_one_version(board, city):
    receive(board, city)
    url = address("quotas", city.top)
    typed = form_of(board.get(url)) | HEAD | {"explanation": "x"} | cells(city.committee, admission="7")
    board.post(url, typed)
    board.post(url, typed)
    assert QuotaIssue.objects.issued().filter(own=False).count() == 1


def test_the_second_of_two_people_is_told_and_keeps_what_was_typed(board, city):
    url = address("quotas", city.top)
    opened = form_of(board.get(url)) | HEAD
    board.post(url, opened | cells(city.committee, admission="7"))
    late = (
        opened
        | {"reason": "Điều chỉnh"}
        | cells(city.committee, admission="8")
        | cells(city.base_branch, admission="1")
    )
    page = board.post(url, late)
    assert "Người khác vừa ghi Kết nạp 7" in problem_at(page, cell(city.committee, "admission"))
    assert form_of(page)[cell(city.committee, "admission")] == "8"
    assert QuotaIssue.objects.count() == 1
    page = board.post(url, form_of(page))
    assert "Vừa có lần giao mới của năm này" in text_of(page)
    board.post(url, form_of(page))
    assert Quota.objects.in_force().get(organisation=city.committee).admission == 8


def test_a_version_made_from_an_older_one_is_not_issued(board, city):
    """Somebody issued meanwhile: even with other rows the sum is another one."""
    url = address("quotas", city.top)
    opened = form_of(board.get(url)) | HEAD
    board.post(url, opened | cells(city.committee, admission="7"))
    page = board.post(url, opened | cells(city.base_branch, admission="1"))
    assert "Vừa có lần giao mới của năm này" in text_of(page)
    assert Quota.objects.get(organisation=city.committee).admission == 7
    assert not Quota.objects.filter(organisation=city.base_branch).exists()


def test_sources_of_branches(board, city):
    url = address("quotas", city.top)
    opened = form_of(board.get(url))
    assert cell(city.committee, "sources") not in opened
    board.post(url, opened | cells(city.base_branch, sources="no", sources_reason="Không còn quần chúng"))
    word = Sources.objects.get()
    assert (word.organisation, word.year, word.has_sources, word.reason) == (
        city.base_branch, 2024, False, "Không còn quần chúng",
    )  # fmt: skip
    board.post(url, form_of(board.get(url)) | cells(city.base_branch, sources="yes", sources_reason=""))
    assert list(Sources.objects.in_force().values_list("has_sources", flat=True)) == [True]
    assert Sources.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ({"sources": "no"}, "sources_reason", "Ghi lý do hết nguồn."),
        ({"sources": "yes", "sources_reason": "x"}, "sources", "hết nguồn"),
        ({"sources": "maybe"}, "sources", "maybe"),
        ({"admission": "hai"}, "admission", "không phải là số"),
        ({"fostering": "-1"}, "fostering", "số âm"),
    ],
)
def test_wrong_quotas_are_told_at_the_cell_and_nothing_is_written(board, city, typed, at, says):
    url = address("quotas", city.top)
    page = board.post(
        url, form_of(board.get(url)) | HEAD | cells(city.committee, admission="7") | cells(city.base_branch, **typed)
    )
    assert says in problem_at(page, cell(city.base_branch, at))
    assert not Quota.objects.exists()
    assert not Sources.objects.exists()


@pytest.mark.parametrize(
    ("day", "says"), [("16/10/2024", "sau ngày hôm nay"), ("30/02/2024", "30/02/2024"), ("05/01/24", "năm")]
)
def test_a_wrong_day_of_the_decision(board, city, day, says):
    page = issue(board, city, decided_on=day)
    assert says in problem_at(page, "decided_on")
    assert not given(city).exists()
    assert form_of(page)["decided_on"] == day


# ---- declared figures ------------------------------------------------------------------------------


def test_results_of_a_month_and_of_the_year(board, city):
    month = address("results", city.top, 2023, "?group=admissions&month=3")
    board.post(month, form_of(board.get(month)) | cells(city.committee, admitted="4"))
    whole = address("results", city.top, 2023, "?group=transfers")
    done = board.post(whole, form_of(board.get(whole)) | cells(city.committee, transferred_in="2"), follow=True)
    assert "Đã ghi số liệu cả năm 2023 của 1 tổ chức." in text_of(done)
    rows = {row.month: row for row in DeclaredResult.objects.filter(organisation=city.committee)}
    assert (rows[3].admitted, rows[3].transferred_in) == (4, None)
    assert (rows[None].admitted, rows[None].transferred_in) == (None, 2)


def test_another_group_of_columns_leaves_the_first_as_it_is(board, city):
    for group, values in (("admissions", {"admitted": "4"}), ("departures", {"deceased": "1"})):
        url = address("results", city.top, 2023, f"?group={group}")
        board.post(url, form_of(board.get(url)) | cells(city.committee, **values))
    row = DeclaredResult.objects.get()
    assert (row.admitted, row.deceased) == (4, 1)


def test_months_and_year_must_agree(board, city):
    DeclaredResult.objects.create(organisation=city.committee, year=2023, admitted=3)
    url = address("results", city.top, 2023, "?month=5")
    page = board.post(url, form_of(board.get(url)) | cells(city.committee, admitted="4"))
    assert "hai số phải khớp" in problem_at(page, cell(city.committee, "admitted"))
    assert DeclaredResult.objects.count() == 1


@pytest.mark.parametrize("query", ["?month=13", "?month=0", "?month=x", "?group=khac"])
def test_questions_that_make_no_sense(board, city, query):
    assert board.get(address("results", city.top, 2023, query)).status_code == 404


def test_a_month_to_come_is_refused(board, city):
    url = address("results", city.top, 2024, "?month=11")
    page = board.post(url, form_of(board.get(url)) | cells(city.committee, admitted="1"))
    assert "Kỳ này chưa đến" in problem_at(page, cell(city.committee, "admitted"))


# ---- the same as a workbook ------------------------------------------------------------------------


def test_each_grid_can_be_had_as_a_sheet(board, city):
    Base.objects.create(organisation=city.committee, year=2024, total=120)
    Base.objects.create(organisation=city.base_branch, year=2024, total=20)
    issue(board, city)
    DeclaredResult.objects.create(organisation=city.committee, year=2024, admitted=3)
    for page, first in (
        ("bases", ("DU1", 2024, 120)),
        ("quotas", ("DU1", 2024, 7, 9)),
        ("results", ("DU1", 2024, None, 3)),
    ):
        answer = board.get(address(f"{page}_sheet", city.top))
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        assert first in [row[: len(first)] for row in rows]
        assert {row[0] for row in rows[1:]} == {"TU", "DU1", "DU2", "CS1"}


def test_a_sheet_filled_in_elsewhere_comes_back(board, city, tmp_path):
    issue(board, city)
    answer = board.get(address("quotas_sheet", city.top))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for row in book.worksheets[0].iter_rows(min_row=2):
        if row[2].value is None:
            row[2].value = 1
    book.save(tmp_path / "quotas.xlsx")
    call_command("import_workbook", tmp_path / "quotas.xlsx")
    held = Quota.objects.in_force().values_list("organisation__code", "issue__number", "admission")
    assert sorted(held) == [("CS1", 2, 1), ("DU1", 1, 7), ("DU2", 2, 1), ("TU", 1, 10)]


# ---- rights ----------------------------------------------------------------------------------------

PAGES = ("bases", "quotas", "results")


@pytest.mark.parametrize(
    ("role", "post_at", "unit", "answers"),
    [
        ("board", "top", "top", (200, 200, 200)),
        ("board", "top", "branch", (200, 200, 200)),
        ("committee", "committee", "committee", (200, 200, 200)),
        ("committee", "committee", "branch", (200, 200, 200)),
        ("committee", "committee", "top", (403, 403, 403)),
        ("committee", "committee", "outside", (404, 404, 404)),
        ("branch", "branch", "branch", (403, 403, 403)),
        ("branch", "branch", "committee", (403, 403, 403)),
        ("branch", "branch", "sibling", (404, 404, 404)),
        ("standing", "top", "committee", (403, 403, 403)),
        ("auditor", "top", "top", (403, 403, 403)),
        ("administrator", "top", "top", (403, 403, 403)),
    ],
)
def test_who_may_open_the_grids(client, city, role, post_at, unit, answers):
    client.force_login(a_user(role, getattr(city, post_at)))
    for suffix in ("", "_sheet"):
        found = tuple(client.get(address(page + suffix, getattr(city, unit))).status_code for page in PAGES)
        assert found == answers


def test_a_refusal_says_who_can_and_a_foreign_unit_is_logged(client, city):
    client.force_login(a_user("branch", city.branch))
    assert "Người có quyền: Ban Tổ chức; Cấp ủy cơ sở." in text_of(client.get(address("bases", city.branch)))
    assert client.post(address("bases", city.outside), cells(city.outside, total="1")).status_code == 404
    assert Entry.objects.get(sort="denied").subject_id == city.outside.pk
    assert not Base.objects.exists()
    client.get(reverse("bases", args=["KHONG-CO", 2024]))
    assert Entry.objects.filter(sort="denied").count() == 1


def test_a_committee_allocates_below_but_not_its_own_quota(client, city):
    take_over.issue_quotas([take_over.QuotaLine(city.committee, 2024, 1)], actor=None, today=TODAY)
    client.force_login(a_user("committee", city.committee))
    url = address("quotas", city.committee)
    opened = form_of(client.get(url)) | HEAD
    assert cell(city.committee, "admission") not in opened
    typed = opened | cells(city.branch, admission="1") | cells(city.committee, admission="9")
    client.post(url, typed)
    assert not Quota.objects.filter(organisation=city.committee, admission=9).exists()
    assert Quota.objects.in_force().get(organisation=city.branch).admission == 1


@pytest.mark.parametrize("grid", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, grid, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    city = a_city(committees=3)
    client.force_login(a_user("board", city.top))
    few = address(grid, city.top)
    client.get(few)
    with CaptureQueriesContext(connection) as counted:
        client.get(few)
    for number in range(27):
        a_unit(f"X{number}", "base_branch", city.top)
    with django_assert_num_queries(len(counted)):
        client.get(few)
