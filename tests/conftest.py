"""What every test stands on. The environment is set here, before Django reads its settings, so that a plain `pytest`
runs as `make test` does; only DATABASE_URL is left to the caller.
"""

import os

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser's event loop and the database share the test's thread
    "DEVELOPMENT": "on",
    "DEBUG": "off",
    "TODAY": "2024-10-15",  # the reference city's day; a test of the clock itself sets settings.TODAY
    "ZEAL": "on",
    "LOG_LEVEL": "ERROR",
    "PASSWORD_HASHERS": "django.contrib.auth.hashers.MD5PasswordHasher",
}

import copy
import gc
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest
from django.conf import settings

from tests import chromium, sealed_log
from tests.everywhere import EVERYWHERE

CHROMIUM = chromium.find()


def pytest_configure() -> None:
    """pytest-django sets Django up by itself only where the settings were named before this file is read."""
    django.setup()
    sealed_log.let_tests_empty_it()
    settings.WHITENOISE_AUTOREFRESH = True  # or each of two thousand test clients reads every static file's head first
    gc.set_threshold(100_000, 20, 20)  # a test makes many objects and keeps few: a tenth of the time went here


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: nobody need look through it again for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that drives a page is a browser test; without a browser it is skipped, and `make test` says so.

    What is marked `everywhere` runs in `make test-all`.

    Tests that commit empty every table behind them, the seeds of the migrations too: they come last, and
    pytest, which groups tests by their browser, must not draw them forward again.
    """
    items.sort(key=_commits)
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("everywhere") and not EVERYWHERE:
            item.add_marker(pytest.mark.skip(reason="EVERYWHERE=1, as in make test-all"))
        if CHROMIUM is None and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def _commits(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    return (
        bool(marked and marked.kwargs.get("transaction")) or "live_server" in fixtures or "transactional_db" in fixtures
    )


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker) -> Iterator[Callable[[Callable[[], Any]], Callable[[], Any]]]:
    """What costs much to build, built once for a module: `once(build)` gives a function that hands out copies.

    Every test sees it as new, what it changes is undone; after the module nothing is left.
    """
    from django.db import transaction

    def made(build: Callable[[], Any]) -> Callable[[], Any]:
        built = build()
        return lambda: copy.deepcopy(built)

    with django_db_blocker.unblock(), transaction.atomic():
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The distribution's Chromium, silent on the network."""
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """A Vietnamese desktop; a test of the phone opens its own context."""
    return browser_context_args | {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
