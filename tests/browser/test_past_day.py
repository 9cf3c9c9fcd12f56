"""The city as on a day of the past: chosen in the header, kept on the way down, never to be mistaken for today."""

import re

import pytest
from playwright.sync_api import expect

from reports.views import chart
from tests.browser.reading import DESK, number_in, problems

pytestmark = pytest.mark.everywhere

LEFT = "Đảng bộ Công ty Than Thượng Hòa"
#: the size of a sheet, as a PDF says it
_PAGE = re.compile(rb"MediaBox *\[0 0 ([0-9.]+) ([0-9.]+)\]")


def choose(page, day: str) -> None:
    page.locator(".day summary").click()
    page.get_by_label("Xem như ngày").fill(day)
    page.get_by_role("button", name="Xem ngày này").click()


def test_down_from_the_city_of_2022_to_the_unit_that_left(desk):
    page = desk("thuong-truc")
    page.goto("/don-vi/TU/")
    base = page.locator("#unit-table tfoot [data-label='Đầu năm']").first
    today = number_in(base.inner_text())
    expect(page.locator(".past-day")).to_have_count(0)

    choose(page, "2022-12-31")
    expect(page.locator(".past-day")).to_contain_text("Đang xem ngày 31/12/2022")
    expect(page.locator(".day")).to_contain_text("đang xem ngày 31/12/2022")
    assert number_in(base.inner_text()) > today + 500
    expect(page.get_by_text("Phạm vi hiện tại 188/7.647 = 2,46%")).to_be_visible()
    expect(page.locator(".told")).to_contain_text(f"{LEFT} chuyển ra khỏi đảng bộ từ ngày 01/07/2022")
    assert problems(page) == []

    page.locator("#unit-table").get_by_role("link", name=LEFT).click()
    expect(page.get_by_role("heading", name=LEFT, level=1)).to_be_visible()
    expect(page.locator(".past-day")).to_contain_text("Đang xem ngày 30/06/2022")
    page.locator(".tabs").get_by_role("link", name="Cơ cấu").click()
    expect(page.locator("#children")).to_contain_text("Chi bộ Công trường 1")
    page.locator("#children").get_by_role("link", name="Chi bộ Đội Cứu hộ").click()
    expect(page.locator(".past-day")).to_contain_text("30/06/2022")
    page.locator(".path").get_by_role("link", name="Đảng bộ thành phố").click()
    expect(page.locator(".past-day")).to_contain_text("30/06/2022")
    page.locator(".main-menu").get_by_role("link", name="Hồ sơ").click()
    expect(page.locator(".past-day")).to_contain_text("30/06/2022")

    page.go_back()
    page.locator(".past-day").get_by_role("link", name="Về hôm nay").click()
    expect(page.locator(".past-day")).to_have_count(0)
    assert number_in(base.inner_text()) == today


def test_back_to_today_from_a_unit_that_is_gone_says_where_it_went(desk):
    page = desk("ban-to-chuc")
    page.goto("/don-vi/42/?on=2022-06-30")
    page.locator(".past-day").get_by_role("link", name="Về hôm nay").click()
    expect(page.get_by_role("heading", name="Không có trong đảng bộ ngày này")).to_be_visible()
    expect(page.get_by_text("chuyển ra từ 01/07/2022")).to_be_visible()
    page.get_by_role("link", name="Xem ngày 30/06/2022").click()
    expect(page.get_by_role("heading", name=LEFT, level=1)).to_be_visible()


def test_nothing_is_written_on_a_past_day(desk):
    page = desk("dang-uy-phuong")
    page.goto("/don-vi/01/dau-nam/2024/")
    expect(page.get_by_role("link", name="Chốt số đầu năm từ sổ")).to_be_visible()
    choose(page, "2024-06-30")
    expect(page.get_by_text("Chỉ xem, không ghi")).to_be_visible()
    expect(page.locator("main .btn-primary, main .cell-input")).to_have_count(0)
    expect(page.get_by_role("link", name="Chốt số đầu năm từ sổ")).to_have_count(0)


def test_the_chart_is_opened_by_keyboard_and_printed_across_the_paper(desk):
    page = desk("thuong-truc")
    page.goto("/don-vi/TU/so-do/?on=2022-06-30")
    ward = page.locator(".org-units > li", has_text="Đảng bộ phường Hồng Hà").first
    branch = ward.get_by_role("link", name="Chi bộ Khu phố Hồng Hà 3", exact=True)
    expect(branch).to_be_hidden()
    ward.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(branch).to_be_visible()
    assert problems(page) == []

    paper = page.pdf(prefer_css_page_size=True, format="A4")
    sizes = [tuple(float(number) for number in found) for found in _PAGE.findall(paper)]
    assert len(sizes) > 1
    assert all(width > height for width, height in sizes), "laid across"
    larger = page.pdf(prefer_css_page_size=True, format="A3")
    assert len(_PAGE.findall(larger)) < len(sizes), "on A3 it takes fewer sheets"
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(branch).to_be_visible()
    expect(page.locator(".org-root")).to_contain_text("346 chi bộ")
    expect(page.locator(".past-day")).to_contain_text("30/06/2022")
    for hidden in (".main-menu", ".tabs", ".table-tools", ".past-day .btn", ".org-units summary"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.set_viewport_size({"width": 1030, "height": 740})
    shown = page.screenshot(full_page=True)
    assert len(shown) > 50_000


def test_a_large_tree_is_opened_part_by_part(desk, monkeypatch):
    monkeypatch.setattr(chart, "MOST_UNITS", 100)
    page = desk("ban-to-chuc", DESK)
    page.goto("/don-vi/TU/so-do/?on=2022-06-30")
    gone = page.locator(".org-units > li", has_text=LEFT).first
    gone.locator("summary").click()
    branch = gone.get_by_role("link", name=re.compile("Chi bộ Công trường 1 "))
    expect(branch).to_be_visible()
    assert problems(page) == []
    branch.click()
    expect(page.locator(".past-day")).to_contain_text("30/06/2022")
