"""Django admin in a real browser: its scripts run under our policy, and a picker finds without diacritics."""

import pytest
from playwright.sync_api import Page, expect

from cells.models import User
from cells.people.models import Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def complaints(page: Page) -> list[str]:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: heard.append(answer.url) if answer.status >= 400 else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def test_a_post_is_given_with_the_pickers(page: Page, live_server, complaints):
    city = factories.a_city(committees=1, branches=2, base_branches=0)
    factories.a_unit("PHO", "branch", city.committee, name="Chi bộ khu phố Đồng Tâm")
    officer = factories.a_user(Role.BRANCH, city.branch, name="Trần Văn Đường")
    administrator = factories.a_user(Role.ADMINISTRATOR, city.top, username="quan-tri")
    User.objects.filter(pk=administrator.pk).update(is_staff=True)

    page.goto(f"{live_server.url}/quan-tri/cells/post/add/")
    page.get_by_label("Tên đăng nhập").fill("quan-tri")
    page.locator("input[name=password]").fill("password")
    page.keyboard.press("Enter")
    for field, typed, offered in (
        ("person", "tran duong", "Trần Văn Đường"),
        ("organisation", "dong tam", "PHO · Chi bộ khu phố Đồng Tâm"),
    ):
        page.locator(f".field-{field} .select2-selection").click()
        page.locator(".select2-search__field").fill(typed)
        page.locator(".select2-results__option", has_text=offered).click()
    page.locator("#id_role").select_option("branch")
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert officer.person.posts.filter(organisation__code="PHO").exists()

    for address in ("", "cells/sector/", "cells/entry/", "targets/programme/", "cells/user/add/"):
        page.goto(f"{live_server.url}/quan-tri/{address}")
        expect(page.locator("#content")).to_be_visible()
    assert complaints == []
