"""The login page in a real browser: on a phone, for a screen reader, with nothing from outside."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


@pytest.fixture
def complaints(page: Page, live_server) -> list[str]:
    """What the browser's console reports as an error, and every request to another server."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("request", lambda sent: None if sent.url.startswith(live_server.url) else heard.append(sent.url))
    return heard


def test_login_page(page: Page, live_server, complaints):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/dang-nhap/?next=/quan-tri/")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    assert Axe().run(page).violations_count == 0

    page.keyboard.type("khong-co-ai")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Tên đăng nhập hoặc mật khẩu không đúng").first).to_be_visible()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []
