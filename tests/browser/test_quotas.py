"""Next year's quotas: received, proposed, edited, issued down two levels, adjusted; every version to be seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import number_in, problems

pytestmark = pytest.mark.everywhere

CITY, WARD, YEAR = "TU", "01", 2025


def decide(page: Page, number: str, day: str, **more: str) -> None:
    page.get_by_label("Số quyết định giao chỉ tiêu").fill(number)
    page.get_by_label("Ngày quyết định").fill(day)
    for name, words in more.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="Giao chỉ tiêu").click()


def given(page: Page) -> tuple[int, ...]:
    """Admissions and fostering that the unit itself was given."""
    words = page.locator("main li", has_text="Được giao năm").locator("b").inner_text()
    return tuple(number_in(part.split()[-1]) for part in words.split(","))


def test_from_the_citys_number_to_an_adjusted_branch(desk):
    board, ward = desk("ban-to-chuc"), desk("dang-uy-phuong")
    board.goto(f"/don-vi/{CITY}/chi-tieu/{YEAR}/")
    board.get_by_role("link", name="Ghi số được giao").click()
    board.get_by_label("Chỉ tiêu kết nạp").fill("277")
    board.get_by_label("Chỉ tiêu bồi dưỡng tạo nguồn").fill("380")
    board.get_by_label("Số quyết định").fill("08-QĐ/TU")
    board.get_by_label("Ngày quyết định").fill("10/10/2024")
    board.get_by_role("button", name="Ghi số được giao").click()
    assert given(board) == (277, 380)

    ward.goto(f"/don-vi/{WARD}/chi-tieu/{YEAR}/")
    expect(ward.get_by_text("Cấp trên chưa giao chỉ tiêu năm 2025")).to_be_visible()
    expect(ward.get_by_role("button", name="Giao chỉ tiêu")).to_have_count(0)

    board.get_by_role("link", name="Gợi ý phân bổ").click()
    board.get_by_role("button", name="Tính gợi ý").click()
    expect(board.locator("#proposal tfoot")).to_contain_text("277")
    assert problems(board) == []
    board.get_by_role("button", name="Đưa vào bản nháp").click()
    expect(board.get_by_text("bảng dưới đây là bản nháp")).to_be_visible()
    cell = board.get_by_label("Đảng bộ phường Hồng Hà, Kết nạp")
    proposed = int(cell.input_value())
    cell.fill(str(proposed + 1))
    board.get_by_role("button", name="Cộng thử").click()
    expect(board.locator("#sums tr", has_text="Chỉ tiêu kết nạp")).to_contain_text("+1")
    decide(board, "09-QĐ/TU", "11/10/2024")
    expect(board.get_by_text("Cộng chỉ tiêu kết nạp 278, được giao 277 (+1).").first).to_be_visible()
    decide(board, "09-QĐ/TU", "11/10/2024", explanation="Phường Hồng Hà nhận thêm một")
    expect(board.locator(".message", has_text="Đã giao chỉ tiêu năm 2025")).to_be_visible()

    ward.goto(f"/don-vi/{WARD}/chi-tieu/{YEAR}/")
    assert given(ward)[0] == proposed + 1
    ward.get_by_role("link", name="Gợi ý phân bổ").click()
    ward.get_by_role("button", name="Tính gợi ý").click()
    ward.get_by_role("button", name="Đưa vào bản nháp").click()
    decide(ward, "3-QĐ/ĐU", "12/10/2024")
    expect(ward.locator(".message", has_text="giao lần đầu")).to_be_visible()

    cell = ward.get_by_label("Chi bộ Khu phố Hồng Hà 1, Kết nạp")
    cell.fill(str(int(cell.input_value()) + 1))
    decide(ward, "4-QĐ/ĐU", "14/10/2024", explanation="Khu phố 1 nhận thêm một", reason="Có thêm người đủ điều kiện")
    expect(ward.locator(".message", has_text="điều chỉnh lần 1")).to_be_visible()
    ward.get_by_role("link", name="Xem các lần giao").click()
    expect(ward.locator(".versions thead")).to_contain_text("3-QĐ/ĐU")
    expect(ward.locator(".versions thead")).to_contain_text("4-QĐ/ĐU")
    expect(ward.get_by_text("Có thêm người đủ điều kiện")).to_be_visible()
    assert problems(ward) == []
