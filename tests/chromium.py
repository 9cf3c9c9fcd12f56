"""Where the browser of the browser tests is; `python -m tests.chromium` prints it or fails."""

import shutil
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """The path of an installed Chromium, or None: the tests never download one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


if __name__ == "__main__":
    print(find() or sys.exit("no Chromium found"))
