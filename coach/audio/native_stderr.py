"""Keeping native libraries from writing over the screen.

PortAudio and ALSA print each of their internal failures straight to file descriptor 2, also from their own threads,
and offer no way to switch that off. While a microphone is unplugged that is dozens of lines, in the midst of the screen
or of the log. What there is to say, the coach says itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silence_native_stderr() -> Iterator[None]:
    """Within this, what is written to descriptor 2 is dropped, and what Python writes to `sys.stderr` still appears.

    Child processes that are started meanwhile, and inherit their standard error, are quiet too.
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
