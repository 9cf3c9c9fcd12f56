"""A form sent after the session ended: read it, carry it through the login page, send it again.

What was typed travels in hidden inputs of the login page and is never stored on the server.
Files cannot travel so; passwords and tokens must not.
"""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

NAME, VALUE, PATH, FILES = "kept_name", "kept_value", "kept_path", "kept_files"
_NEVER_KEPT = re.compile(r"password|mat_khau|csrfmiddlewaretoken|^kept_", re.IGNORECASE)


@dataclass(frozen=True)
class KeptForm:
    """`fields`: (name, value) pairs in the order sent; `path`: where to send them; `had_files`: files were lost."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False

    @classmethod
    def of_interrupted(cls, request: HttpRequest) -> Self:
        """The form a signed-out person just sent to one of our pages."""
        return cls(request.get_full_path(), tuple(_pairs(request.POST)), bool(request.FILES))

    @classmethod
    def of_login(cls, data: QueryDict) -> Self | None:
        """The form the login page carried; None where it carried none or where its path is not ours."""
        path = data.get(PATH, "")
        if not is_own_path(path):
            return None
        pairs = zip(data.getlist(NAME), data.getlist(VALUE), strict=False)
        return cls(path, tuple(pair for pair in pairs if not _NEVER_KEPT.search(pair[0])), FILES in data)

    def context(self) -> dict[str, object]:
        """The words the templates cells/login.html and cells/resume.html use."""
        return {"kept": list(self.fields), "kept_path": self.path, "kept_files": self.had_files}


def is_own_path(path: str) -> bool:
    """Whether `path` is an address of ours to which a form may be sent again: no other site, not the login itself."""
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    only_path = urlsplit(path).path
    try:
        resolve(only_path)
    except Resolver404:
        return False
    return only_path not in {reverse("login"), reverse("logout")}


def _pairs(data: QueryDict):
    for name, values in data.lists():
        if _NEVER_KEPT.search(name):
            continue
        for value in values:
            yield name, value
