"""A secretary says that nobody is left to admit; the committee answers; the figures follow."""

import pytest
from playwright.sync_api import expect

from tests.browser.reading import number_in, problems

pytestmark = pytest.mark.everywhere

PAGE = "/don-vi/01.03/nguon/2024/"
TABLE = "/don-vi/01/bang/sources/"
WHY = "Khu phố chỉ còn người cao tuổi"


def test_the_secretary_says_it_the_committee_refuses_then_accepts_and_the_figures_change(desk):
    secretary, committee = desk("bi-thu-khu-pho"), desk("dang-uy-phuong")
    committee.goto(TABLE)
    before = number_in(committee.locator("#report tfoot [data-label='Được chấp nhận']").inner_text())

    secretary.goto("/don-vi/01.03/")
    secretary.get_by_role("link", name="Báo, xem trả lời").click()
    secretary.get_by_role("button", name="Báo cấp trên").click()
    expect(secretary.locator("#form-errors")).to_contain_text("Chọn «còn nguồn» hoặc «hết nguồn»")
    for answer in ("refuse", "approve"):
        secretary.goto(PAGE)
        secretary.get_by_label("Hết nguồn: không còn ai").check()
        secretary.get_by_label("người đi làm ăn xa, di cư").check()
        secretary.get_by_label("Nói rõ lý do").fill(WHY)
        assert problems(secretary) == []
        secretary.get_by_role("button", name="Báo cấp trên").click()
        expect(secretary.locator(".message-success")).to_contain_text("cấp trên trả lời xong mới được miễn")
        expect(secretary.get_by_role("button", name="Rút lại")).to_be_visible()
        committee.goto("/")
        committee.get_by_role("link", name="Trả lời đơn vị").first.click()
        asked = committee.get_by_role("region", name="Chi bộ Khu phố Hồng Hà 3, năm 2024")
        expect(asked.get_by_text(WHY)).to_be_visible()
        if answer == "refuse":
            asked.get_by_label("Lý do, nếu không chấp nhận").fill("Chi bộ còn hai đoàn viên ưu tú.")
            asked.get_by_role("button", name="Không chấp nhận").click()
            expect(committee.locator(".message-success")).to_contain_text("đơn vị sẽ đọc câu trả lời")
            secretary.goto("/")
            secretary.get_by_role("link", name="Xem trả lời").click()
            expect(secretary.get_by_text("còn hai đoàn viên").first).to_be_visible()
            assert problems(secretary) == []
            secretary.get_by_role("button", name="Đã đọc trả lời").click()
            expect(secretary.get_by_role("button", name="Đã đọc trả lời")).to_have_count(0)
    assert problems(committee) == []
    asked.get_by_role("button", name="Chấp nhận hết nguồn").click()
    expect(committee.locator(".message-success")).to_contain_text("Đã chấp nhận")

    committee.goto(TABLE)
    after = committee.locator("#report tfoot [data-label='Được chấp nhận']")
    assert number_in(after.inner_text()) == before + 1
    after.get_by_role("link").click()
    expect(committee.locator("#report tbody tr", has_text=WHY)).to_have_count(1)
    assert problems(committee) == []
    secretary.goto("/don-vi/01.03/")
    expect(secretary.get_by_text("Nguồn kết nạp năm 2024: hết nguồn.")).to_be_visible()
