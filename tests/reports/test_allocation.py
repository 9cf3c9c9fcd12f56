"""The allocation assistant: what each child brings, what it is proposed, and the draft that comes of it."""

import datetime as dt
import io
from urllib.parse import parse_qsl

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cells.models import Body, BodyKind, BodyPlace, Sector
from membership.models import Stage
from reports.allocation import Wish, propose
from targets.enter import BaseLine, ResultLine, declare_bases, declare_results
from targets.models import Quota
from targets.quotas.allocate import Weights
from targets.quotas.allotment import Allotment, Given, GivenToBody
from targets.quotas.issue import draft_of, save_draft
from targets.quotas.take_over import QuotaLine, issue_quotas
from targets.sources.say import SourcesLine, declare_sources
from tests import factories
from tests.pages import form_of, problem_at, text_of

pytestmark = pytest.mark.django_db

TODAY = factories.TODAY


@pytest.fixture
def city():
    """DU1 with two village branches of 60 and 40 members, one of which admitted 3 in 2023; DU2 with 100 declared."""
    city = factories.a_city()
    village = Sector.objects.get(code="village")
    for branch in (city.branch, city.sibling):
        branch.styles.update(sector=village)
    lines = [BaseLine(city.branch, 2024, 60), BaseLine(city.sibling, 2024, 40), BaseLine(city.committees[1], 2024, 100)]
    declare_bases(lines, actor=None, today=TODAY)
    declare_results([ResultLine(city.branch, 2023, None, {"admitted": 3})], actor=None, today=TODAY)
    factories.a_case(city.branch, stage=Stage.DOSSIER)
    factories.a_case(city.branch, stage=Stage.SYMPATHISER)
    return city


@pytest.fixture
def board(client, city):
    client.force_login(factories.a_user("board", city.top))
    return client


def address(city, unit=None, year=2024):
    return reverse("allocation", args=[(unit or city.top).code, year])


def test_what_each_child_brings(city):
    children = [*city.committees, city.base_branches[0]]
    found = propose(city.top, children, 2024, Wish(admission=10), on=TODAY)
    claims = [child.claims["admission"] for child in found.children]
    assert [(one.base, one.results, one.ready, one.floor) for one in claims] == [
        (100, 3, 1, 2), (100, 0, 0, 0), (0, 0, 0, 0),
    ]  # fmt: skip
    assert [child.shares["admission"].number for child in found.children] == [5, 5, 0]
    assert (found.base_year, found.years, found.without_base) == (2024, [2021, 2022, 2023], 1)


def test_next_year_is_planned_on_the_members_of_this_one(city):
    found = propose(city.top, city.committees, 2025, Wish(admission=4), on=TODAY)
    assert (found.base_year, [child.claims["admission"].base for child in found.children]) == (2024, [100, 100])


def test_results_and_the_ready_count_where_asked(city):
    wish = Wish(admission=8, weights=Weights(base=1, results=1))
    found = propose(city.top, city.committees, 2024, wish, on=TODAY)
    assert [child.shares["admission"].number for child in found.children] == [6, 2]
    assert found.children[0].shares["admission"].why == (
        "100/200 đảng viên đầu năm, 3/3 kết nạp các năm trước, chia 8: 6,00, vừa đúng."
    )


def test_who_is_out_of_sources_gets_nothing(city):
    declare_sources([SourcesLine(city.sibling, 2024, False, "đã hết")], actor=None, today=TODAY)
    found = propose(city.committee, [city.branch, city.sibling], 2024, Wish(admission=4), on=TODAY)
    assert [child.shares["admission"].number for child in found.children] == [4, 0]
    assert found.children[1].shares["admission"].why == "Hết nguồn: không giao."


def test_a_committee_that_says_so_itself_is_out_of_sources(city):
    declare_sources([SourcesLine(city.committee, 2024, False, "đã hết")], actor=None, today=TODAY)
    found = propose(city.top, city.committees, 2024, Wish(admission=4), on=TODAY)
    assert [child.shares["admission"].number for child in found.children] == [0, 4]
    assert found.children[0].shares["admission"].why == "Hết nguồn: không giao."


def test_who_is_out_of_sources_of_admission_may_foster_some(city):
    declare_sources([SourcesLine(city.sibling, 2024, False, "đã hết")], actor=None, today=TODAY)
    found = propose(city.committee, [city.branch, city.sibling], 2024, Wish(fostering=10), on=TODAY)
    assert [child.shares["fostering"].number for child in found.children] == [6, 4]


def test_some_branches_out_of_sources_are_told_beside_the_number(board, city):
    declare_sources([SourcesLine(city.sibling, 2024, False, "đã hết")], actor=None, today=TODAY)
    page = text_of(board.post(address(city), {"admission": "10", "base": "1"}))
    assert page.count("1/2 chi bộ hết nguồn kết nạp; đảng viên vẫn tính đủ.") == 1
    assert "hết nguồn kết nạp" not in text_of(
        board.post(address(city, city.committee), {"admission": "4", "base": "1"})
    )


def test_the_page_proposes_and_keeps_a_draft(board, city):
    issue_quotas([QuotaLine(city.top, 2024, 10, 20)], actor=None, today=TODAY)
    page = board.get(address(city))
    assert page.context["form"]["admission"].value() == "10"
    page = board.post(address(city), form_of(page) | {"admission": "10", "fostering": "20"})
    assert "100/200 đảng viên đầu năm, chia 10: 5,00, vừa đúng." in text_of(page)
    done = board.post(address(city), form_of(page) | {"keep": "yes"}, follow=True)
    assert "Đã đưa gợi ý vào bản nháp" in text_of(done)
    lines = draft_of(city.top.pk, 2024).lines.order_by("organisation__code")
    found = [(line.organisation.code, line.admission, line.fostering) for line in lines]
    assert found == [("CS1", 0, 0), ("DU1", 5, 10), ("DU2", 5, 10)]


def test_a_number_keeps_its_why_until_it_is_another(board, city):
    """In the draft, in a workbook that comes back, and in what was issued."""
    issue_quotas([QuotaLine(city.top, 2024, 10, 20)], actor=None, today=TODAY)
    typed = form_of(board.get(address(city))) | {"admission": "10", "fostering": "20"}
    page = board.post(address(city), form_of(board.post(address(city), typed)) | {"keep": "yes"}, follow=True)
    why = "Kết nạp 5: 100/200 đảng viên đầu năm, chia 10: 5,00, vừa đúng."
    assert text_of(page).count(why) == 2
    url, cells = reverse("quotas", args=["TU", 2024]), form_of(page)
    number = f"u{city.committee.pk}-admission"
    board.post(url, cells | {number: "6", "draft": "yes", "explanation": "vì"})
    sheet = openpyxl.load_workbook(io.BytesIO(board.get(reverse("quotas_sheet", args=["TU", 2024])).content))
    back = reverse("quota_workbook", args=["TU", 2024])
    page = board.post(back, form_of(board.get(back)) | {"workbook": _file(sheet)}, follow=True)
    assert text_of(page).count(why) == 1
    decided = {"decision_number": "7-QĐ", "decided_on": "15/10/2024", "explanation": "vì"}
    board.post(url, form_of(page) | decided)
    assert [
        list(line.whys) for line in Quota.objects.in_force().filter(issue__own=False).order_by("organisation__code")
    ] == [
        ["admission", "fostering"],
        ["fostering"],
        ["admission", "fostering"],
    ]
    assert text_of(board.get(url)).count(why) == 1
    issue_quotas([QuotaLine(city.committees[1], 2024, 5, 12)], actor=None, today=TODAY)  # as a sheet would
    assert list(Quota.objects.in_force().get(organisation=city.committees[1]).whys) == ["admission"]


def test_what_a_unit_brings_opens_whom_it_counts(board, city):
    page = board.post(address(city), {"admission": "10", "base": "1"})
    urls = {line["unit"].code: line["urls"] for line in page.context["lines"]}["DU1"]
    html = page.content.decode().replace("&amp;", "&")
    assert all(f'href="{url}"' in html for url in urls.values())
    assert board.get(urls["base"]).context["number"] == 100
    years = {line["cells"][0]["value"]: line for line in board.get(urls["results"]).context["lines"]}
    assert "3" in [cell["text"] for cell in years[2023]["cells"] if cell["url"]]
    assert [row.stage for row in board.get(urls["ready"]).context["page"]] == [Stage.DOSSIER]


def test_a_line_that_is_not_shared_and_the_bodies_keep_their_numbers(board, city):
    """Both doors into the draft: the proposal, and the workbook that comes back."""
    issue_quotas([QuotaLine(city.committee, 2024, 5, 9)], actor=None, today=TODAY)
    body = Body.objects.create(code="DTN", name="Đoàn", kind=BodyKind.objects.get(code="youth_union"))
    BodyPlace.objects.create(body=body, organisation=city.top)
    lines = [Given(unit, 5, 9) for unit in city.committees]
    save_draft(Allotment(city.top, 2024, lines, [GivenToBody(body, 12)]), explanation="vì", seen="", actor=None)
    page = board.get(address(city))
    board.post(address(city), form_of(page) | {"admission": "8", "fostering": "", "keep": "yes"})
    draft = draft_of(city.top.pk, 2024)
    found = [(line.admission, line.fostering) for line in draft.lines.order_by("organisation__code")]
    assert (found, draft.explanation) == ([(0, None), (4, 9), (4, 9)], "vì")
    sheet = board.get(reverse("quotas_sheet", args=["TU", 2024]))
    url = reverse("quota_workbook", args=["TU", 2024])
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    board.post(url, form_of(board.get(url)) | {"workbook": _file(book)})
    again = draft_of(city.top.pk, 2024)
    assert [line.admission for line in again.lines.order_by("organisation__code")] == [0, 4, 4]
    assert [line.introductions for line in again.body_lines.all()] == [12]
    assert again.explanation == "vì"


def test_who_saves_a_proposal_over_another_draft_is_told_once(board, city):
    page = board.get(address(city))
    save_draft(Allotment(city.top, 2024, [Given(city.committee, 1, 1)]), seen="", actor=None)
    typed = form_of(page) | {"admission": "8", "fostering": "", "keep": "yes"}
    told = board.post(address(city), typed)
    assert "Người khác vừa lưu bản nháp này" in text_of(told)
    board.post(address(city), form_of(told) | {"keep": "yes"})
    assert draft_of(city.top.pk, 2024).lines.count() == 3


def test_a_rate_asks_its_ceiling_of_the_members(board, city):
    """3,5% of 200 is 7."""
    page = board.post(address(city), {"rate": "3,5", "base": "1"})
    assert "chia 7" in text_of(page)


@pytest.mark.parametrize(
    ("query", "at", "says"),
    [
        ("rate=350&base=1", "rate", "không quá 100%"),
        ("rate=ba&base=1", "rate", "không phải là số"),
        ("rate=3&admission=5&base=1", "rate", "không ghi cả hai"),
        ("admission=-1&base=1", "admission", "số âm"),
        ("admission=&base=1", "admission", "Ghi tổng số"),
        ("admission=5&base=0", "base", "ít nhất một căn cứ"),
        ("admission=5&base=9", "base", "9"),
    ],
)
def test_a_wish_that_makes_no_sense(board, city, query, at, says):
    assert says in problem_at(board.post(address(city), dict(parse_qsl(query))), at)


def test_ten_over_nobody_is_refused(board, city):
    factories.a_unit("DU9", "base_committee", city.top)
    page = board.post(address(city, city.committees[1]), {"admission": "10", "base": "1"})
    assert "Không có đơn vị nào để giao" in problem_at(page, "admission")


def test_the_numbers_go_out_to_excel_and_come_back_into_the_draft(board, city):
    sheet = board.get(reverse("quotas_sheet", args=["TU", 2024]))
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    for row in book.worksheets[0].iter_rows(min_row=2):
        if row[0].value == "DU1":
            row[2].value, row[3].value = 6, 9
    page = board.post(reverse("quota_workbook", args=["TU", 2024]), {"workbook": _file(book)}, follow=True)
    assert "Đã đọc số của 3 đơn vị vào bản nháp" in text_of(page)
    lines = draft_of(city.top.pk, 2024).lines.order_by("organisation__code")
    assert [(line.admission, line.fostering) for line in lines] == [(None, None), (6, 9), (None, None)]
    assert not Quota.objects.in_force().exists()


def test_what_is_wrong_in_a_workbook_is_told_at_its_cell_and_nothing_is_read(board, city):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Chi tieu"
    rows = [("Mã tổ chức", "Năm", "Chỉ tiêu kết nạp"), ("DU1", 2024, "ba"), (city.branch.code, 2024, 1), ("X", 2024, 1)]
    for row in rows:
        sheet.append(row)
    page = text_of(board.post(reverse("quota_workbook", args=["TU", 2024]), {"workbook": _file(book)}))
    assert "Chi tieu!C2" in page
    assert f"Chi tieu!A3: «{city.branch.code}»: Không trực thuộc đơn vị giao" in page
    assert "Không có tổ chức mã «X»" in page
    assert draft_of(city.top.pk, 2024) is None


@pytest.mark.parametrize(
    ("content", "says"), [(b"no workbook", "Excel"), (b"", "Tệp trống")], ids=["no workbook", "empty"]
)
def test_a_file_that_is_no_workbook(board, city, content, says):
    file = SimpleUploadedFile("a.xlsx", content)
    page = board.post(reverse("quota_workbook", args=["TU", 2024]), {"workbook": file})
    assert says in text_of(page)


def _file(book):
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("chi-tieu.xlsx", stream.getvalue())


def test_the_number_of_queries_does_not_grow_with_the_children(board, city, django_assert_max_num_queries):
    wish = {"admission": "10", "fostering": "5", "base": "1", "results": "1", "ready": "1", "with_floors": "on"}
    board.post(address(city), wish)
    with django_assert_max_num_queries(45):
        board.post(address(city), wish)
    for number in range(12):
        unit = factories.a_unit(f"DUX{number}", "base_committee", city.top)
        declare_bases([BaseLine(unit, 2024, 10)], actor=None, today=dt.date(2024, 10, 15))
    with django_assert_max_num_queries(45):
        board.post(address(city), wish)
