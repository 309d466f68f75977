"""Keeps other output off the screen.

Native sound libraries (ALSA, PortAudio, JACK) print to file descriptor 2 when a device appears or disappears. Textual
draws through the same descriptor, so that output would corrupt the screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2  # file descriptor
WORTH_SHOWING = 4_000  # bytes of captured output to print after a failure


@contextmanager
def terminal_to_itself() -> Iterator[None]:
    """Redirects descriptor 2 to a file, and points `sys.__stderr__`, which textual draws to, at the terminal.

    If the block raises, the end of the captured output is printed, because it may explain the failure.
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
