"""Writing the page to disk, readable by its owner alone, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from coach.core.errors import CoachError


def write_page(path: Path, html: str) -> None:
    """Write `html` to `path` with mode 0600, replacing an existing file. Raises CoachError."""
    path = path.resolve()  # replace the target of a symbolic link, not the link
    if path.exists() and not path.is_file():
        raise CoachError(f"the page cannot be written to {path}, which is not a file; name a file, such as page.html")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # created with mode 0600
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
            f"the page cannot be written to {path} ({reason[:1].lower()}{reason[1:]}); name a file in a folder that "
            "exists, has room and is writable"
        ) from error
