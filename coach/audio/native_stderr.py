"""Keeps native libraries from writing over the screen.

PortAudio and ALSA print every internal failure straight to file descriptor 2, some of them from their own threads, and
this cannot be switched off. While a microphone is unplugged that is dozens of lines in the middle of the screen or the
log. The coach reports the problem itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silence_native_stderr() -> Iterator[None]:
    """Drop everything written to file descriptor 2, except what Python writes to `sys.stderr`.

    Child processes that start in the meantime and inherit standard error are silenced too.
    """
    replaced = (sys.stderr, sys.__stderr__)
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    python = os.fdopen(os.dup(kept), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    if _descriptor(sys.stderr) == 2:
        sys.stderr.flush()
        sys.stderr = python
    if _descriptor(sys.__stderr__) == 2:
        sys.__stderr__ = python  # type: ignore[misc]  # full-screen terminal libraries write here
    os.dup2(null, 2)
    os.close(null)
    try:
        yield
    finally:
        python.flush()
        os.dup2(kept, 2)
        os.close(kept)
        sys.stderr, sys.__stderr__ = replaced  # type: ignore[misc]
        python.close()


def _descriptor(stream: object) -> int | None:
    try:
        return stream.fileno()  # type: ignore[attr-defined, no-any-return]
    except (AttributeError, OSError, ValueError):
        return None
