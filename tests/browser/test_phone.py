"""The branch secretary's evening with a phone of 360 points."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import PHONE, problems

pytestmark = pytest.mark.everywhere


@pytest.fixture
def phone(desk):
    page = desk("bi-thu-khu-pho", PHONE)
    page.goto("/")
    return page


def test_everything_needed_is_under_the_thumb(phone):
    bar = phone.locator(".main-menu a:visible")
    expect(bar).to_have_count(4)
    for link in bar.all():
        box = link.bounding_box()
        assert box["height"] >= 44
        assert box["y"] > 600, "the bar stands at the foot of the screen"
    for link in phone.locator(".task .btn").all():
        assert link.bounding_box()["height"] >= 44
    phone.locator(".reader summary").click()
    expect(phone.locator(".reader").get_by_role("link", name="Đảng viên")).to_be_visible()
    expect(phone.get_by_role("button", name="Đăng xuất")).to_be_visible()
    assert problems(phone) == []


def test_the_stages_fold(phone):
    stages = phone.locator(".stage-board details")
    expect(stages).to_have_count(7)
    expect(phone.locator(".stage-board details[open]")).to_have_count(1)
    stages.nth(1).locator("summary").click()
    expect(stages.nth(1).get_by_role("link").first).to_be_visible()


def test_a_person_is_entered_with_the_number_keys(phone):
    phone.get_by_role("link", name="Thêm quần chúng ưu tú").click()
    phone.get_by_label("Họ và tên").fill("Đỗ Thị Điện Thoại")
    phone.get_by_label("Ngày sinh").fill("05021998")
    phone.get_by_label("Ngày chi bộ họp giới thiệu").fill("14102024")
    phone.get_by_role("button", name="Ghi vào danh sách").click()
    expect(phone.get_by_role("heading", name="Đỗ Thị Điện Thoại", level=1)).to_be_visible()
    expect(phone.get_by_text("05/02/1998")).to_be_visible()
    expect(phone.get_by_role("main").get_by_role("link", name="Đưa vào danh sách cảm tình Đảng")).to_be_visible()
