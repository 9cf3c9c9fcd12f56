"""What was typed stays: over a wrong day, and where two people work on one candidate at once."""

import pytest
from playwright.sync_api import expect

from membership.models import Candidacy
from tests.browser.reading import problems

pytestmark = pytest.mark.everywhere

BRANCH = "01.03"


def test_a_wrong_day_is_told_at_its_field_and_nothing_typed_is_lost(desk):
    page = desk("bi-thu-khu-pho")
    page.goto("/ho-so/moi/")
    page.get_by_label("Họ và tên").fill("Phạm Thị Gõ Nhầm")
    page.get_by_label("Ngày sinh").fill("30/02/1999")
    page.get_by_label("Ngày chi bộ họp giới thiệu").fill("16/10/2024")
    page.get_by_role("button", name="Ghi vào danh sách").click()
    summary = page.locator("#form-errors")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Ngày sinh")
    expect(page.get_by_label("Họ và tên")).to_have_value("Phạm Thị Gõ Nhầm")
    expect(page.get_by_label("Ngày sinh")).to_have_value("30/02/1999")
    summary.get_by_role("link").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("28/02/1999")
    expect(page.get_by_label("Ngày sinh")).to_have_value("28/02/1999")
    page.get_by_role("button", name="Ghi vào danh sách").click()
    expect(summary).to_contain_text("16/10/2024")
    page.get_by_label("Ngày chi bộ họp giới thiệu").fill("14/10/2024")
    page.get_by_role("button", name="Ghi vào danh sách").click()
    expect(page.get_by_role("heading", name="Phạm Thị Gõ Nhầm", level=1)).to_be_visible()


def test_the_second_of_two_editors_is_told_and_keeps_the_form(desk):
    case = Candidacy.objects.filter(organisation__code=BRANCH, stage="sympathiser").first()
    address = f"{case.get_absolute_url()}thong-tin/"
    secretary, deputy = desk("bi-thu-khu-pho"), desk("pho-bi-thu")
    for page, helper in ((secretary, "Lê Văn Trước"), (deputy, "Trần Văn Sau")):
        page.goto(address)
        page.locator("[name=helper]").fill(helper)
        page.locator("[name=reason]").fill("đổi người giúp đỡ")
    for page in (secretary, deputy):
        page.get_by_role("button", name="Ghi thông tin").click()
    expect(deputy.get_by_role("heading", name="Hồ sơ vừa được sửa")).to_be_visible()
    expect(deputy.get_by_role("main")).to_contain_text("Lê Văn Trước")
    expect(deputy.locator("[name=helper]")).to_have_value("Trần Văn Sau")
    assert problems(deputy) == []
    deputy.get_by_role("button", name="Ghi thông tin").click()
    expect(deputy.get_by_role("main")).to_contain_text("Sổ cũ ghi: Trần Văn Sau")


def test_a_form_sent_after_the_session_ended_is_sent_again(desk):
    page = desk("bi-thu-khu-pho")
    page.goto("/ho-so/moi/")
    page.get_by_label("Họ và tên").fill("Vũ Thị Hết Phiên")
    page.get_by_label("Ngày sinh").fill("1995")
    page.get_by_label("Ngày chi bộ họp giới thiệu").fill("14/10/2024")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ghi vào danh sách").click()
    assert problems(page) == []
    page.get_by_label("Tên đăng nhập").fill("bi-thu-khu-pho")
    page.locator("input[name=password]").fill("hoa-giang-2024")
    page.get_by_role("button", name="Đăng nhập").click()
    assert problems(page) == []
    page.get_by_role("button", name="Gửi tiếp").click()
    expect(page.get_by_role("heading", name="Vũ Thị Hết Phiên", level=1)).to_be_visible()
