"""What a test does and reads in a window, whoever sits before it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

DESK, PHONE = 1280, 360


def log_in(page: Page, username: str) -> None:
    """Through the login page, as people do."""
    from reports.reference_city.load import DEMO_PASSWORD  # reads models

    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".reader")).to_be_visible()


def problems(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether it must be scrolled sideways."""
    found = [
        f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in Axe().run(page).response["violations"]
    ]
    width = page.viewport_size["width"]
    taken = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{page.url}: {taken} of {width} points wide"] if taken > width else [])


def number_in(text: str) -> int:
    """`7.894` as printed."""
    return int(text.strip().replace(".", ""))
