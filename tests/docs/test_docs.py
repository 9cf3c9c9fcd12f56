"""What the documents say must exist: links, environment variables, commands, the table of rights."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.utils import translation

from reports.output import FORMATS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://)([^)#]+)[^)]*\)")
VARIABLE = re.compile(r'\b(?:env(?:\.\w+)?|_secret|_day)\(\s*"([A-Z_]+)"')
COMMAND = re.compile(r"`(?:\S*python )?manage\.py (\w+)")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)\b(?=`|    )")
NUMBERED = re.compile(r"docs/decisions/[\w-]+\.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_code_names_documents_that_exist():
    """Docstrings quote decisions by their path."""
    sources = [path for folder in ("cells", "membership", "targets", "reports", "config", "benchmarks")
               for path in (ROOT / folder).rglob("*.py")]  # fmt: skip
    named = {name for path in sources for name in NUMBERED.findall(path.read_text(encoding="utf-8"))}
    assert "docs/decisions/0003-tree.md" in named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_operations_names_every_variable():
    """In the table of variables, none forgotten and none that the settings do not read."""
    read = set(VARIABLE.findall((ROOT / "config/settings.py").read_text(encoding="utf-8")))
    assert {"SECRET_KEY", "TODAY", "DATABASE_URL", "PASSWORD_HASHERS"} <= read
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == read


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page):
    text = page.read_text(encoding="utf-8")
    assert set(COMMAND.findall(text)) - set(get_commands()) == set()
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(MAKE.findall(text)) - targets == set()


def test_readme_names_the_commands():
    """So that the patterns above cannot silently find nothing."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(COMMAND.findall(text)) >= {"import_workbook", "report"}
    assert set(MAKE.findall(text)) >= {"run", "test"}


def test_rights_are_written_down():
    printed = StringIO()
    call_command("permission_matrix", stdout=printed)
    written = (ROOT / "docs/rights.md").read_text(encoding="utf-8")
    again = "DEVELOPMENT=on .venv/bin/python manage.py permission_matrix > docs/rights.md"
    assert written == printed.getvalue(), f"docs/rights.md is not what cells/people/rights.py says; run: {again}"


def test_guide_names_words_on_screen():
    """Each «word» of the guide is written in a page, a form or a deed, Django admin's own, or put together from two."""
    said = set(re.findall(r"«([^»]+)»", (ROOT / "docs/guide.vi.md").read_text(encoding="utf-8")))
    folders = ("templates", "cells", "membership", "targets", "reports", "config")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".html", ".py")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in files).lower()
    with translation.override("vi"):
        put_together = {translation.gettext("Add"), translation.gettext("Save"), *(f"Tải {form}" for form in FORMATS)}
    assert len(said) > 50
    assert [word for word in sorted(said - put_together) if word.lower() not in written] == []
