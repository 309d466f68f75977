"""The page on disk: readable by its owner alone, and either the whole of it or what was there before."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from coach.core.errors import CoachError


def write_page(path: Path, html: str) -> None:
    """Writes `html` to `path` in mode 0600, in place of a file that is there. Raises CoachError, in one line."""
    path = path.resolve()  # of a link, the file that it leads to is replaced
    if path.exists() and not path.is_file():
        raise CoachError(f"the page cannot be written to {path}, which is no file; name one, such as page.html")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600 from the beginning
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(html)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise CoachError(
            f"the page cannot be written to {path} ({reason[:1].lower()}{reason[1:]}); name a file in a folder that is "
            "there, has room, and may be written to"
        ) from error
