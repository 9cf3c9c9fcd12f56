"""A unit is reorganised in a browser: seen before it is done, done, waited for, and put right by a second person."""

import re

import pytest
from playwright.sync_api import expect

from cells.models import Organisation, WaitingOperation
from tests import factories
from tests.browser.reading import PHONE, problems

pytestmark = pytest.mark.everywhere


def _write(page, **typed):
    for label, value in typed.items():
        page.get_by_label(re.compile(label.replace("_", " "))).fill(value)
    page.get_by_role("button", name="Xem trước").click()


def test_a_branch_is_merged_and_the_merger_is_put_right(desk):
    board = desk("ban-to-chuc")
    board.goto("/don-vi/01.05/co-cau/")
    board.get_by_role("link", name="Sắp xếp tổ chức").click()
    board.get_by_role("link", name="Sáp nhập vào tổ chức khác").click()
    _write(board, Sáp_nhập_vào="01.04", Ngày_có_hiệu_lực="01/10/2024", Số_quyết_định="15-QĐ/TU")
    expect(board.locator(".headline")).to_contain_text(re.compile("Sáp nhập .* từ ngày 01.10.2024"))
    expect(board.get_by_text(re.compile(r"Đảng viên: \d+"))).to_be_visible()
    board.get_by_role("button", name="Sáp nhập").click()
    expect(board.locator("#form-errors")).to_contain_text("Chọn một mục.")
    for choice in board.locator("select[name^=post_]").all():
        choice.select_option("end")
    board.get_by_role("button", name="Sáp nhập").click()
    expect(board.get_by_role("main")).to_contain_text("Đã ghi, từ ngày 01/10/2024: Sáp nhập")
    assert board.goto("/don-vi/01.05/").status == 404

    board.goto("/don-vi/01/sap-xep/")
    board.get_by_role("link", name=re.compile("Đính chính.*Sáp nhập")).click()
    board.get_by_label(re.compile("Vì sao đính chính")).fill("chưa có quyết định")
    board.get_by_role("button", name=re.compile("đề nghị hủy")).click()
    expect(board.get_by_role("main")).to_contain_text("người khác phải duyệt")
    expect(board.get_by_role("button", name="Duyệt đính chính")).to_have_count(0)

    second = factories.a_user("board", Organisation.objects.get(code="TU"))
    other = desk(second.username)
    other.goto("/don-vi/01/sap-xep/")
    other.get_by_role("button", name="Duyệt đính chính").click()
    expect(other.get_by_role("main")).to_contain_text("Đã duyệt đính chính")
    assert other.goto("/don-vi/01.05/").status == 200


def test_a_branch_is_split_among_its_people_on_a_phone(desk):
    board = desk("ban-to-chuc", PHONE)
    board.goto("/don-vi/03.02/sap-xep/chia-tach/")
    board.get_by_label("Mã tổ chức thứ 1").fill("03.90")
    board.get_by_label("Tên tổ chức thứ 1").fill("Chi bộ mới tách")
    _write(board, Ngày_có_hiệu_lực="10/10/2024")
    first = board.locator("select[name^=person_]").first
    first.select_option("03.90")
    assert problems(board) == []
    board.get_by_role("button", name="Chia tách").click()
    expect(board.get_by_role("main")).to_contain_text("Đã ghi, từ ngày 10/10/2024: Chia tách")
    board.goto("/don-vi/03.90/")
    expect(board.get_by_role("heading", name="Chi bộ mới tách")).to_be_visible()


def test_a_move_of_a_day_to_come_waits(desk):
    board = desk("ban-to-chuc")
    board.goto("/don-vi/01.05/sap-xep/chuyen/")
    _write(board, Cấp_trên_mới="02", Ngày_có_hiệu_lực="01/01/2025")
    expect(board.get_by_role("main")).to_contain_text("việc sẽ chờ")
    board.get_by_role("button", name="Ghi để chờ đến ngày").click()
    expect(board.get_by_role("main")).to_contain_text("Đã ghi để chờ đến ngày 01/01/2025")
    board.goto("/don-vi/01.05/sap-xep/")
    board.get_by_role("button", name=re.compile("Thôi việc này")).click()
    expect(board.get_by_role("main")).to_contain_text("Đã thôi việc này")
    assert WaitingOperation.objects.get().state == "called_off"
