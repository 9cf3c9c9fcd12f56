"""The reference city behind a real server, and readers at their desks or with their phones in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.reading import DESK, PHONE

Desk = Callable[..., Page]


@pytest.fixture(scope="package")
def city(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a server on the loaded city.

    What a test writes may stay until the package ends (on PostgreSQL it does), so tests compare before and after.
    """
    from tests.reference_city import count_on, load_city  # models can be named only once Django is set up

    with django_db_blocker.unblock():
        seeds = connection.creation.serialize_db_to_string()
        load_city()
        server = LiveServer("127.0.0.1")
        yield server.url
        server.thread.terminate()  # a last request may still be closing: the connection stays open to its thread
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(seeds)
        count_on()


if connection.vendor == "sqlite":

    @pytest.fixture
    def seen_by_the_server(city: str, db: None) -> None:
        """What a test writes is seen: in memory the test and the server share one connection."""

else:

    @pytest.fixture
    def seen_by_the_server(city: str, django_db_blocker) -> Iterator[None]:
        """What a test writes is seen: it is committed, and gone with the city."""
        with django_db_blocker.unblock():
            yield


@pytest.fixture
def desk(browser: Browser, city: str, seen_by_the_server: None, browser_context_args: dict) -> Iterator[Desk]:
    """`desk(username, width)` opens a window of its own; signed in unless `username` is empty.

    At the end nothing may have gone wrong in any: no error of a script or in the console, no missing file, no request
    to another server.
    """
    contexts, complaints = [], []

    def sit_down(username: str = "", width: int = DESK) -> Page:
        size = {"viewport": {"width": width, "height": 800}, "has_touch": width == PHONE, "base_url": city}
        context = browser.new_context(**browser_context_args | size)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if username:
            context.add_cookies([_session(username, city)])
        page = context.new_page()
        _listen(page, city, complaints)
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []


def _session(username: str, city: str) -> dict[str, str]:
    from cells.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": city,
    }


def _listen(page: Page, city: str, complaints: list[str]) -> None:
    """Pages may answer 404 where a test asks for it; what they need may not."""
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("console", lambda said: _is_wrong(said) and complaints.append(f"console: {said.text}"))
    page.on("request", lambda sent: _leaves(sent.url, city) and complaints.append(f"elsewhere: {sent.url}"))
    page.on("response", lambda got: _fails(got) and complaints.append(f"{got.status}: {got.url}"))


def _is_wrong(said) -> bool:
    return said.type == "error" and "Failed to load resource" not in said.text


def _leaves(url: str, city: str) -> bool:
    return not url.startswith((city, "data:", "blob:"))


def _fails(answer) -> bool:
    return answer.status >= 400 and answer.request.resource_type != "document"
