"""A deputy is appointed, stands in for another until a day, is relieved; rights come and go with the posts."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from cells.models import Organisation, Person, Post
from cells.people.accounts import Account, create_account
from cells.people.models import Office
from membership.models import Spell
from reports.reference_city.load import DEMO_PASSWORD
from tests import factories
from tests.browser.reading import log_in, problems

pytestmark = pytest.mark.everywhere

WARD, BRANCH = "01", "01.06"
PAGE = f"/don-vi/{BRANCH}/chuc-vu/"


def _account(username: str, person: Person) -> None:
    create_account([Account(username, DEMO_PASSWORD, person)], actor=None)


def _row(page, text):
    return page.locator("#posts tbody tr", has_text=text)


def test_a_deputy_is_appointed_stands_in_and_is_relieved(desk, settings):
    branch = Organisation.objects.get(code=BRANCH)
    member = factories.a_full_member(branch, name="Đặng Thị Kế Cận").person
    stranger = factories.a_full_member(branch, name="Hoàng Văn Thay Mặt").person
    _account("ke-can", member)
    _account("thay-mat", stranger)
    waiting = desk("thay-mat")
    waiting.goto("/")
    expect(waiting.get_by_role("heading", name="Tài khoản này chưa có chức vụ")).to_be_visible()

    committee = desk("dang-uy-phuong")
    committee.goto(f"/don-vi/{WARD}/")
    committee.locator("#unit-table").get_by_role("link", name="Chi bộ Khu phố Hồng Hà 6").click()
    committee.locator(".tabs-more summary").click()
    committee.get_by_role("link", name="Chức vụ", exact=True).click()
    committee.get_by_role("link", name="Ghi chức vụ").click()
    committee.get_by_label("Tìm người đã có trong sổ").fill("ke can")
    committee.get_by_role("button", name="Tìm người").click()
    chosen = committee.get_by_label("Đặng Thị Kế Cận")
    expect(chosen).to_be_checked()
    assert "ke" not in committee.url
    committee.locator("[name=office]").select_option(label="Bí thư")
    committee.get_by_role("button", name="Ghi chức vụ").click()
    expect(committee.locator("#form-errors")).to_contain_text("đang có bí thư")
    expect(committee.get_by_label("Đặng Thị Kế Cận")).to_be_checked()
    committee.locator("[name=office]").select_option(label="Phó bí thư")
    assert problems(committee) == []
    committee.get_by_role("button", name="Ghi chức vụ").click()
    expect(committee.locator(".message-success")).to_contain_text("Đã ghi Đặng Thị Kế Cận giữ chức vụ phó bí thư")
    expect(committee.locator(".heads")).to_contain_text("Đặng Thị Kế Cận")

    deputy = desk("ke-can")
    deputy.goto(PAGE)
    expect(_row(deputy, "Đặng Thị Kế Cận").get_by_role("link", name="Thôi giữ chức vụ")).to_have_count(0)
    _row(deputy, "Đặng Thị Kế Cận").get_by_role("link", name="Ủy quyền").click()
    deputy.get_by_label("Tìm người đã có trong sổ").fill("Hoàng Văn Thay Mặt")
    deputy.keyboard.press("Enter")
    expect(deputy.get_by_label("Hoàng Văn Thay Mặt")).to_be_checked()
    deputy.get_by_label("Đến hết ngày").fill("31102024")
    deputy.get_by_role("button", name="Ghi ủy quyền").click()
    expect(deputy.locator(".message-success")).to_contain_text("ủy quyền đến hết ngày 31/10/2024")
    expect(_row(deputy, "Hoàng Văn Thay Mặt")).to_contain_text(
        "được Đặng Thị Kế Cận (Phó bí thư) ủy quyền đến hết ngày 31/10/2024"
    )
    assert problems(deputy) == []

    waiting.goto("/")
    expect(waiting.get_by_role("link", name="Thêm quần chúng ưu tú")).to_be_visible()
    settings.TODAY = dt.date(2024, 10, 31)
    assert waiting.goto(PAGE).status == 200
    settings.TODAY = dt.date(2024, 11, 1)
    assert waiting.goto(PAGE).status == 404

    committee.goto(PAGE)
    _row(committee, "Đặng Thị Kế Cận").get_by_role("link", name="Thôi giữ chức vụ").click()
    committee.get_by_role("button", name="Ghi thôi giữ chức vụ").click()
    expect(committee.locator(".message-success")).to_contain_text("đến hết ngày 01/11/2024")
    assert deputy.goto(PAGE).status == 200
    settings.TODAY = dt.date(2024, 11, 2)
    assert deputy.goto(PAGE).status == 404
    committee.goto(PAGE)
    expect(committee.locator("#before")).to_contain_text("Đặng Thị Kế Cận")
    assert not Post.objects.on(settings.TODAY).filter(person__in=(member, stranger)).exists()


def test_a_committee_member_is_put_in_charge_and_finds_the_units(desk):
    ward = Organisation.objects.get(code=WARD)
    person = Post.objects.filter(organisation=ward, office=Office.DEPUTY).get().person
    _account("pho-dang-uy", person)
    committee = desk("dang-uy-phuong")
    committee.goto(f"/don-vi/{WARD}/chuc-vu/")
    committee.get_by_role("link", name="Phân công phụ trách").click()
    committee.get_by_label(person.name).check()
    for number in (1, 2):
        committee.get_by_label(f"Chi bộ Khu phố Hồng Hà {number}", exact=True).check()
    assert problems(committee) == []
    committee.get_by_role("button", name="Ghi phân công").click()
    expect(committee.locator(".message-success")).to_contain_text(f"Đã ghi {person.name} phụ trách 2 đơn vị")
    committee.goto(f"/don-vi/{WARD}/")
    row = committee.locator(
        "#unit-table tr", has=committee.get_by_role("link", name="Chi bộ Khu phố Hồng Hà 2", exact=True)
    )
    expect(row).to_contain_text(f"Phụ trách: {person.name}")

    member = desk("pho-dang-uy")
    member.goto("/")
    expect(member.get_by_role("heading", name="Các đơn vị khác của đồng chí")).to_be_visible()
    member.locator(".main-menu").get_by_role("link", name="Đơn vị").click()
    expect(member.locator("#my-units tbody tr")).to_have_count(3)
    line = member.locator("#my-units tr", has_text="Chi bộ Khu phố Hồng Hà 1")
    base = Spell.objects.at_start_of(dt.date(2024, 1, 1)).filter(organisation__code=f"{WARD}.01").count()
    expect(line.locator("[data-label='Đầu năm']")).to_have_text(str(base))
    assert problems(member) == []
    line.get_by_role("link", name="nhận chức vụ").click()
    expect(member.locator("#changes")).to_contain_text(person.name)


def test_signing_in_leads_a_supervisor_to_the_units(desk):
    page = desk()
    log_in(page, "can-bo-phu-trach")
    expect(page.get_by_role("heading", name="Các đơn vị của tôi")).to_be_visible()
    expect(page.locator("#my-units tbody tr")).to_have_count(6)
