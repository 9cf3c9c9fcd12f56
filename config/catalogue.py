"""Vietnamese for the libraries' messages that have none: config/locale/**/*.po, compiled without msgfmt."""

import logging
import os
import tempfile
from pathlib import Path

import polib
from django.conf import settings

logger = logging.getLogger(__name__)


def compile_if_older() -> None:
    """Writes the .mo beside each .po of ours that is newer; a read-only tree keeps what it has and says so."""
    for source in (po for root in settings.LOCALE_PATHS for po in Path(root).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            _write(target, polib.pofile(str(source)).to_binary())
        except OSError as error:
            logger.warning("%s cannot be written (%s): some messages of libraries will be in English", target, error)


def _write(target: Path, content: bytes) -> None:
    """In one step, because several processes may start at once."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(temporary, 0o644)
    os.replace(temporary, target)
