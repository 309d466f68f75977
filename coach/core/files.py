"""Files of text; and files that only their owner can read, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from coach.core.errors import BadSetting, reason_of


def read_text(path: Path) -> str | None:
    """The text of the file, without a byte order mark, which some editors put in front; None if there is no such file.

    Raises BadSetting, in one line that names the file, if it is not UTF-8 or cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadSetting(f"{path} is not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise BadSetting(f"{path} cannot be read ({reason_of(error)})") from None


def write_private(path: Path, data: bytes) -> None:
    """Write `data` to `path` with mode 0600, replacing an existing file. Raises OSError, and then leaves nothing."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)  # created with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
