"""Freezing the start of a year and correcting it afterwards: told first, proposed by one, approved by another."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from cells.models import Organisation
from tests import factories
from tests.browser.reading import number_in, problems

pytestmark = pytest.mark.everywhere

WARD = "01"
PAGE = f"/don-vi/{WARD}/dau-nam/2024/"
WAITING = f"/don-vi/{WARD}/dau-nam/dinh-chinh/"


def test_a_base_is_frozen_and_put_right_by_two_people(desk):
    ward = Organisation.objects.get(code=WARD)
    branch = factories.a_unit(f"{WARD}.90", "branch", ward, day=dt.date(2023, 6, 1))  # older days stay as they are
    factories.a_full_member(branch)
    committee, board = desk("dang-uy-phuong"), desk("ban-to-chuc")
    committee.goto(PAGE)
    committee.get_by_role("link", name="Chốt số đầu năm từ sổ").click()
    told = committee.get_by_text("Sẽ chốt:").inner_text()
    units = number_in(told.split("Sẽ chốt:")[1].split("tổ chức")[0])
    assert units > 0
    assert problems(committee) == []
    committee.get_by_role("button", name="Chốt số đầu năm từ sổ").click()
    expect(committee.locator(".message-success")).to_contain_text(f"từ sổ của {units} tổ chức")
    expect(committee.locator("#grid tr", has_text="đã chốt từ sổ")).to_have_count(units)

    factories.a_full_member(branch, name="Trần Thị Ghi Chậm")
    committee.reload()
    row = committee.locator("#differing tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("+1")
    used = number_in(row.locator("[data-label='Đang dùng']").inner_text())
    assert problems(committee) == []

    row.get_by_role("link", name="Đính chính").click()
    expect(committee.get_by_text("Trần Thị Ghi Chậm")).to_be_visible()
    expect(committee.get_by_label("Số đúng")).to_have_value(str(used + 1))
    committee.get_by_role("button", name="Gửi đính chính").click()
    expect(committee.locator("#form-errors")).to_contain_text("Lý do đính chính")
    committee.get_by_label("Lý do đính chính").fill("Hồ sơ chuyển đến năm 2020 nay mới vào sổ")
    assert problems(committee) == []
    committee.get_by_role("button", name="Gửi đính chính").click()
    expect(committee.locator(".message-success")).to_contain_text("người khác phải duyệt")

    committee.goto(WAITING)
    expect(committee.get_by_text("người khác phải duyệt")).to_be_visible()
    expect(committee.get_by_role("button", name="Duyệt đính chính")).to_have_count(0)

    board.goto(WAITING)
    assert problems(board) == []
    board.get_by_role("button", name="Duyệt đính chính").click()
    expect(board.locator(".message-success")).to_contain_text("Đã duyệt đính chính")
    board.goto(PAGE)
    expect(board.locator("#grid tr", has_text=f"đính chính thành {used + 1}")).to_have_count(1)
    expect(board.locator("#differing")).to_have_count(0)
