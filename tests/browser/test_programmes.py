"""The Board changes what a programme asks: the page of the programmes and the dashboard follow at once."""

import pytest
from playwright.sync_api import expect

from targets.models import Target
from tests.browser.reading import problems

pytestmark = pytest.mark.everywhere

PAGE = "/chuong-trinh/"
ASKED = "kết nạp ít nhất {} so với đảng viên đầu năm"


def _line(page, value):
    """The target of the whole city in the programme that decides the year, as it stands."""
    return page.locator(".target-line", has_text=ASKED.format(value)).filter(has_text="Chỉ tiêu này quyết định «đạt»")


def test_the_rate_is_changed_from_three_and_a_half_to_four(desk):
    board = desk("ban-to-chuc")
    target = Target.objects.get(programme__from_year=2024, where="top")
    try:
        board.goto(PAGE)
        expect(_line(board, "3,5%")).to_contain_text("cần 277 người")
        _line(board, "3,5%").get_by_role("link", name="Sửa chỉ tiêu").click()
        board.get_by_label("Giá trị").fill("350")
        board.get_by_role("button", name="Ghi chỉ tiêu").click()
        expect(board.locator("#form-errors")).to_contain_text("tỷ lệ không quá 100%")
        assert problems(board) == []
        board.get_by_label("Giá trị").fill("4")
        board.get_by_role("button", name="Ghi chỉ tiêu").click()
        expect(board.locator(".message-success")).to_contain_text(ASKED.format("4%"))
        expect(_line(board, "4%")).to_contain_text("cần 316 người")
        assert problems(board) == []

        board.goto("/don-vi/TU/")
        tile = board.locator(".tile", has_text="Tỷ lệ kết nạp")
        expect(tile).to_contain_text("của 4,00%")
        expect(tile).to_contain_text("cần 316")

        board.goto(f"/nhat-ky/?subject=target&subject_id={target.pk}")
        expect(board.get_by_role("main")).to_contain_text("ghi chỉ tiêu của chương trình")
    finally:
        Target.objects.filter(pk=target.pk).update(value=target.value)


def test_a_branch_that_misses_is_found_from_the_table_of_sectors(desk):
    board = desk("ban-to-chuc")
    board.goto("/don-vi/TU/bang/sector-minimums/")
    row = board.locator("#report tbody tr", has_text="thôn, khu phố")
    row.locator("td a").nth(2).click()
    board.get_by_role("link", name="Chưa đạt").click()
    expect(board.locator("#units tbody tr").first).to_contain_text("chưa đạt")
    assert problems(board) == []
