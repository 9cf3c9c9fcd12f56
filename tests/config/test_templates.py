"""Every template has a page that shows it."""

from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
#: Django finds these by their names, as it finds what we override in admin/
FOUND_BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
#: shown by its own test only
SHOWN_BY_TESTS = {"components/gallery.html"}
APPS = ("cells", "membership", "targets", "reports", "config")
SOURCES = {path: path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")} | {
    path: path.read_text() for path in TEMPLATES.rglob("*.html")
}
_NAMED = [name for name in NAMES if name not in FOUND_BY_NAME | SHOWN_BY_TESTS and not name.startswith("admin/")]


@pytest.mark.parametrize("name", _NAMED)
def test_somebody_names_it(name):
    said = f'"{name}"'
    assert any(said in text for path, text in SOURCES.items() if path != TEMPLATES / name)
