"""Pages as a test reads them: the text a reader sees, and the form as a browser would send it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser


def text_of(response) -> str:
    """The page without its tags, spaces made one."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(plain).split())


def form_of(response) -> dict[str, str]:
    """Names and values of the posted forms' fields, as they stand; buttons are left out."""
    reader = _Fields()
    reader.feed(response.content.decode())
    return reader.fields


def hidden_of(response) -> dict[str, str]:
    """What the page's forms send along unseen."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', response.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def ballots_of(response, *counts: tuple[int, int, int] | None) -> dict[str, str]:
    """What a meeting's page is sent with (yes, no, blank) for its people in their order; None: not considered."""
    typed = hidden_of(response)
    keys = [name.removesuffix("-seen") for name in typed if re.fullmatch(r"[cm]\d+-seen", name)]
    for key, numbers in zip(keys, counts, strict=True):
        for name, number in zip(("yes", "no", "blank"), numbers or ("", "", ""), strict=True):
            typed[f"{key}-{name}"] = str(number)
    return typed


def problem_at(response, field: str) -> str:
    """The words of the error that the page shows at this field, "" where it shows none."""
    form = response.context["form"]
    return " ".join(form.errors.get(field, []))


def rest_of(page) -> dict[str, dict]:
    """The cells of the line «khác» of a table that hold a number, by column."""
    (line,) = [line for line in page.context["lines"] if line["other"]]
    return {cell["label"]: cell for cell in line["cells"] if cell["number"] and cell["value"] is not None}


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._posts = False
        self._select = ""

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self._posts = said.get("method") == "post" and "action" not in said
        elif not self._posts:
            return
        elif tag == "input" and said.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken":
            self.fields[said["name"]] = said.get("value", "")
        elif tag == "select":
            self._select = said["name"]
            self.fields[self._select] = ""
        elif tag == "option" and "selected" in said:
            self.fields[self._select] = said.get("value", "")
