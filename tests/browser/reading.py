"""What a test does and reads in a window, whoever sits before it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.everywhere import EVERYWHERE

DESK, PHONE = 1280, 360
#: axe takes seconds for long tables whose rows are alike: in `make test` the first twelve stand for all
LOOKED_AT = None if EVERYWHERE else {"include": [["html"]], "exclude": [["tbody > tr:nth-child(n+13)"]]}
#: colours are those of the components, whose gallery is always looked at whole; on the pages they take half the time
OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": EVERYWHERE}}}


def log_in(page: Page, username: str) -> None:
    """Through the login page, as people do."""
    from reports.reference_city.load import DEMO_PASSWORD  # reads models

    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".reader")).to_be_visible()


def vote(page: Page, day: str, number: str, base: int = 0, deed: str = "Ghi nghị quyết") -> None:
    """The meeting's form, filled in: everybody counted came and agreed. `base` is typed where no register says it."""
    page.locator("[name=day]").fill(day)
    page.locator("[name=number]").fill(number)
    counted = base or number_in(page.locator(".base-told b").first.inner_text())
    if base:
        page.locator("[name=base]").fill(str(base))
    page.locator("[name=present]").fill(str(counted))
    page.locator("[name$=-yes]").fill(str(counted))
    page.get_by_role("main").get_by_role("button", name=deed).click()
    expect(page.locator(".message", has_text=day)).to_be_visible()


def problems(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether it must be scrolled sideways."""
    violations = Axe().run(page, LOOKED_AT, OPTIONS).response["violations"]
    found = [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    return found + too_wide(page)


def too_wide(page: Page) -> list[str]:
    """Whether the page must be scrolled sideways."""
    width = page.viewport_size["width"]
    taken = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url}: {taken} of {width} points wide"] if taken > width else []


def number_in(text: str) -> int:
    """`7.894` as printed."""
    return int(text.strip().replace(".", ""))
