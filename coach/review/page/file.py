"""Writing the page to disk, readable by its owner alone, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from coach.core.errors import CoachError, reason_of
from coach.core.files import write_private


def write_page(path: Path, html: str) -> None:
    """Write `html` to `path` with mode 0600, replacing an existing file. Raises CoachError."""
    path = path.resolve()  # replace the target of a symbolic link, not the link
    if path.exists() and not path.is_file():
        raise CoachError(f"the page cannot be written to {path}, which is not a file; name a file, such as page.html")
    try:
        write_private(path, html.encode())
    except OSError as error:
        raise CoachError(
            f"the page cannot be written to {path} ({reason_of(error)}); name a file in a folder that "
            "exists, has room and is writable"
        ) from error
