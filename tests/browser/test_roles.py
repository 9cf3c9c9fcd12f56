"""One path for each other reader: they find what they came for, and only that."""

import re

from playwright.sync_api import expect

from cells.models import Organisation
from cells.people.identity import Identity
from cells.people.models import Role
from membership import admission
from membership.models import Candidacy
from tests import factories
from tests.browser.reading import number_in, vote

BRANCH, WARD, CITY = "01.03", "01", "TU"


def test_the_standing_committee_reads_five_years_and_goes_down_to_people(desk):
    page = desk("thuong-truc")
    page.goto("/")
    expect(page.get_by_text("mục tiêu 3,50%")).to_be_visible()
    page.get_by_text("Bảng số liệu").first.click()
    years = page.locator("figure table, details table").first
    for year in range(2020, 2025):
        expect(years).to_contain_text(str(year))
    page.locator("#unit-table").get_by_role("link", name="Đảng bộ phường Hồng Hà").click()
    page.locator("#unit-table").get_by_role("link", name="Chi bộ Khu phố Hồng Hà 3").click()
    tile = page.locator(".tile", has_text="Chỉ tiêu kết nạp").locator("a")
    admitted = number_in(tile.inner_text().split(":")[-1].split("/")[0])
    assert admitted > 0
    tile.click()
    expect(page.locator("#names tbody tr")).to_have_count(admitted)
    page.locator("#names tbody a").first.click()
    expect(page.get_by_role("heading", name="Quá trình sinh hoạt đảng")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Chuyển sinh hoạt")).to_have_count(0)


def test_a_supervisor_follows_the_units_in_charge_and_changes_nothing(desk):
    page = desk("can-bo-phu-trach")
    page.goto("/")
    page.locator("#my-units").get_by_role("link", name="Đảng bộ phường Hồng Hà").click()
    expect(page.get_by_role("heading", name="Đảng bộ phường Hồng Hà", level=1)).to_be_visible()
    page.goto("/ho-so/")
    page.get_by_label("Đơn vị").select_option(label="Chi bộ Trường THPT Hoa Giang")
    expect(page.locator("#case-table tbody tr").first).to_contain_text("Chi bộ Trường THPT Hoa Giang")
    page.locator("#case-table tbody a").first.click()
    expect(page.get_by_role("heading", name="Diễn biến")).to_be_visible()
    expect(page.get_by_role("main").locator("a.btn")).to_have_count(0)


def test_the_secretary_of_a_base_branch_sees_no_committee_between_branch_and_city(desk):
    case = Candidacy.objects.filter(organisation__code="25", stage="dossier").first()
    factories.the_papers(case, "branch_resolved", case.stage_day)
    page = desk("bi-thu-chi-bo-co-so")
    page.goto(case.get_absolute_url())
    page.get_by_role("main").get_by_role("link", name="Ghi nghị quyết chi bộ").click()
    vote(page, "14/10/2024", "9-NQ/CB")
    expect(page.get_by_text("Đang chờ Ban Tổ chức")).to_be_visible()
    expect(page.get_by_text("Đảng ủy đã xét")).to_have_count(0)


def test_a_school_is_told_the_day_from_which_a_pupil_may_be_voted_on(desk):
    school = Organisation.objects.get(code="25")
    pupil = Identity("Lê Thị Học Sinh", factories.dt.date(2006, 12, 20), "day")
    nomination = admission.Nomination(identity=pupil, organisation=school, listed_on=factories.dt.date(2024, 9, 5))
    case = admission.nominate([nomination], actor=None, today=factories.TODAY)[0]
    page = desk("bi-thu-chi-bo-co-so")
    page.goto(case.get_absolute_url())
    expect(page.get_by_text(re.compile("(20/12/2024|01/12/2024)")).first).to_be_visible()


def test_a_college_sees_the_quota_of_each_of_its_branches(desk):
    page = desk("dang-uy-truong")
    page.goto("/")
    page.locator(".main-menu").get_by_role("link", name="Đơn vị").click()
    expect(page.locator("#unit-table tbody tr").nth(2)).to_be_visible()
    page.locator(".tabs-more summary").click()
    page.get_by_role("link", name="Giao chỉ tiêu").click()
    expect(page.get_by_role("heading", name="Chỉ tiêu năm 2024")).to_be_visible()
    expect(page.locator("main form input[inputmode=numeric]").first).to_be_visible()


def test_the_branch_of_a_firm_enters_a_worker(desk):
    page = desk("bi-thu-doanh-nghiep")
    page.goto("/ho-so/moi/")
    page.get_by_label("Họ và tên").fill("Ngô Văn Công Nhân")
    page.get_by_label("Ngày sinh").fill("03/1990")
    page.get_by_label("Ngày chi bộ họp giới thiệu").fill("10102024")
    page.get_by_role("button", name="Ghi vào danh sách").click()
    page.get_by_role("main").get_by_role("link", name="Bổ sung thông tin").click()
    page.get_by_label("Công nhân", exact=False).first.check()
    page.get_by_role("button", name="Ghi thông tin").click()
    expect(page.locator(".facts", has_text="Diện")).to_contain_text(re.compile("công nhân", re.I))


def test_the_deputy_records_the_ceremony(desk):
    case = Candidacy.objects.filter(organisation__code=BRANCH, stage="decided").first()
    page = desk("pho-bi-thu")
    page.goto("/")
    page.locator(".task", has_text=case.person.name).get_by_role("link", name="Ghi lễ kết nạp").click()
    page.locator("[name=day]").fill("15/10/2024")
    page.get_by_role("button", name="Ghi lễ kết nạp").click()
    expect(page.locator(".message", has_text="đảng viên dự bị")).to_be_visible()
    page.get_by_role("link", name="Xem trong danh sách đảng viên").click()
    expect(page.get_by_text("15/10/2024").first).to_be_visible()


def test_a_body_reads_figures_of_every_unit_and_no_name(desk):
    page = desk("doan-the")
    page.goto("/")
    expect(page.locator(".tile", has_text="Tỷ lệ kết nạp")).to_contain_text("3,1")
    page.goto(f"/don-vi/{BRANCH}/danh-sach/admitted/")
    expect(page.get_by_text("Tên người chỉ hiện với người có quyền")).to_be_visible()
    expect(page.locator("#names")).to_have_count(0)
    name = Candidacy.objects.filter(organisation__code=BRANCH).first().person.name
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_role("main").get_by_role("link", name=name)).to_have_count(0)


def test_the_political_centre_announces_a_class(desk):
    centre = factories.a_user(Role.TRAINING, Organisation.objects.get(code=CITY), office="staff")
    page = desk(centre.username)
    page.goto(f"/don-vi/{CITY}/lop-nhan-thuc/moi/")
    page.locator("[name=name]").fill("Lớp nhận thức khóa 9")
    page.locator("[name=held_by]").fill("Trung tâm Chính trị")
    page.locator("[name=opens_on]").fill("18/11/2024")
    page.locator("[name=closes_on]").fill("22/11/2024")
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("main")).to_contain_text("Lớp nhận thức khóa 9")
    page.goto(f"/don-vi/{BRANCH}/danh-sach/admitted/")
    expect(page.locator("#names")).to_have_count(0)


def test_the_propaganda_board_reads_figures_and_announces_nothing(desk):
    reader = factories.a_user(Role.PROPAGANDA, Organisation.objects.get(code=CITY), office="staff")
    page = desk(reader.username)
    page.goto("/")
    expect(page.locator(".tile", has_text="Tỷ lệ kết nạp")).to_contain_text("đảng viên đầu năm")
    assert page.goto(f"/don-vi/{CITY}/lop-nhan-thuc/").status == 200
    expect(page.get_by_role("main").locator("a[href$='/moi/']")).to_have_count(0)
    assert page.goto(f"/don-vi/{CITY}/lop-nhan-thuc/moi/").status == 403


def test_an_auditor_reads_who_opened_which_case(desk):
    case = Candidacy.objects.filter(organisation__code=BRANCH).first()
    reader = desk("dang-uy-phuong")
    reader.goto(case.get_absolute_url())
    page = desk("kiem-tra")
    page.goto("/")
    page.locator(".main-menu").get_by_role("link", name="Nhật ký").click()
    first = page.locator("main table tbody tr").first
    who = reader.locator(".reader-name").evaluate("element => element.firstChild.textContent")
    expect(first).to_contain_text(who)
    first.get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text(who)


def test_an_administrator_finds_an_account_without_marks(desk):
    page = desk("quan-tri")
    page.goto("/")
    page.locator(".main-menu").get_by_role("link", name="Quản trị").click()
    expect(page.get_by_role("heading", name="Danh mục và tài khoản")).to_be_visible()
    page.goto("/quan-tri/cells/user/")
    page.locator("#searchbar").fill("bi-thu-khu-pho")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
