"""The secretary records a meeting on a phone: one person passes, one does not, one is not considered."""

import pytest
from playwright.sync_api import Page, expect

from membership.models import Candidacy
from tests import factories
from tests.browser.reading import PHONE, number_in, problems

pytestmark = pytest.mark.everywhere


def type_counts(card, yes: int, no: int, blank: int) -> None:
    for name, number in (("yes", yes), ("no", no), ("blank", blank)):
        card.locator(f"input[name$=-{name}]").fill(str(number))


def card_of(page: Page, name: str):
    return page.locator(".ballot").filter(has=page.locator("legend", has_text=name))


def test_a_meeting_of_three_people_on_a_phone(desk):
    for case in Candidacy.objects.filter(organisation__code="01.03", stage="dossier"):
        factories.the_papers(case, "branch_resolved", factories.TODAY)
    phone = desk("bi-thu-khu-pho", PHONE)
    phone.goto("/")
    phone.get_by_role("link", name="Ghi kết quả họp").click()
    cards = phone.locator(".ballot")
    # on PostgreSQL other tests may have let this branch vote today
    new = [card for card in cards.all() if "đã biểu quyết" not in card.inner_text()]
    names = [card.locator("legend").inner_text() for card in new]
    assert len(names) >= 3
    passes, fails, left_out = names[:3]
    counted, needed = (number_in(text) for text in phone.locator(".base-told b").all_inner_texts())
    phone.get_by_label("Ngày họp").fill("15102024")
    phone.get_by_label("Giơ thẻ").check()
    phone.locator("[name=number]").fill("31-NQ/CB")
    phone.locator("[name=present]").fill(str(counted))
    type_counts(card_of(phone, passes), needed, counted - needed, 1)
    type_counts(card_of(phone, fails), needed - 1, 0, counted - needed + 1)
    phone.get_by_role("button", name="Ghi kết quả họp").click()
    expect(phone.locator("#form-errors")).to_contain_text("thừa 1 phiếu")
    assert problems(phone) == []
    card_of(phone, passes).locator("input[name$=-blank]").fill("0")
    phone.get_by_role("button", name="Ghi kết quả họp").click()
    expect(phone.locator(".message", has_text=passes)).to_contain_text(f"{needed}/{counted} phiếu tán thành")
    expect(phone.locator(".message", has_text=fails)).to_contain_text("chưa đủ")
    assert problems(phone) == []
    left = phone.locator(".ballot legend").all_inner_texts()
    assert passes not in left
    assert {fails, left_out} <= set(left)
    for field in phone.locator(".ballot-counts input").all():
        assert field.bounding_box()["height"] >= 44
