"""Keeps the terminal for the screen alone.

Sound libraries below Python (ALSA, PortAudio, JACK) print to file descriptor 2 whenever a device comes or goes. The
screen is drawn through the same descriptor, so their lines would land in the middle of it and stay there.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2  # file descriptor
WORTH_SHOWING = 4_000  # bytes of what was printed that are shown after a failure


@contextmanager
def terminal_to_itself() -> Iterator[None]:
    """Inside, `sys.__stderr__` (where textual draws) is the terminal, and descriptor 2 is a file that keeps the rest.

    The end of what was kept is printed if the block raises, for it may say why; otherwise it is dropped.
    """
    sys.stderr.flush()
    drawing = sys.__stderr__
    terminal = os.dup(STDERR)
    with tempfile.TemporaryFile() as kept, os.fdopen(terminal, "w", encoding="utf-8", errors="replace") as screen:
        os.dup2(kept.fileno(), STDERR)
        sys.__stderr__ = screen  # type: ignore[misc]
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stderr.flush()
            sys.__stderr__ = drawing  # type: ignore[misc]
            os.dup2(terminal, STDERR)
            if failed:
                kept.seek(max(0, kept.seek(0, os.SEEK_END) - WORTH_SHOWING))
                sys.stderr.write(kept.read().decode(errors="replace"))
