"""The Organisation Board announces a class, sees who is waiting for it, and opens the people behind a number."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import DESK, PHONE, number_in, problems

pytestmark = pytest.mark.everywhere


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_the_class_to_the_people_who_wait_for_it(desk, width):
    page = desk("ban-to-chuc", width)
    page.goto("/don-vi/01/lop-nhan-thuc/")
    page.get_by_role("link", name="Báo lớp").first.click()
    page.get_by_label("Tên lớp").fill(f"Lớp tối {width}")
    page.get_by_label("Nơi mở lớp").fill("Trung tâm Chính trị thành phố")
    page.get_by_label("Khai giảng").fill("21/10/2024")
    page.get_by_label("Bế giảng").fill("20/10/2024")
    page.get_by_role("button", name="Báo lớp").click()
    expect(page.locator("#form-errors")).to_contain_text("Ngày bế giảng ở trước ngày khai giảng (21/10/2024).")
    page.get_by_label("Bế giảng").fill("25102024")
    page.get_by_role("button", name="Báo lớp").click()
    expect(page.locator(".message")).to_contain_text(f"Đã báo lớp «Lớp tối {width}».")
    assert problems(page) == []

    page.goto("/don-vi/TU/")
    page.get_by_role("link", name="Còn kịp trước 31/12").click()
    row = page.locator("tr", has=page.get_by_role("link", name="Đảng bộ phường Hồng Hà"))
    expect(row).to_contain_text("người chờ lớp; lớp kế tiếp 21/10/2024")
    assert problems(page) == []
    possible = row.locator("td[data-label='Có thể kịp'] a")
    number = number_in(possible.inner_text())
    possible.click()
    expect(page.locator("main")).to_contain_text(f"trong {number} hồ sơ")
    assert problems(page) == []
    page.locator("tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("Kết nạp trước 31/12/2024 có thể kịp: sớm nhất")
    assert problems(page) == []
