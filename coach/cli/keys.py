"""Single keys of the terminal, without Enter."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def single_keys() -> Iterator[int]:
    """The descriptor of the terminal, which meanwhile gives each key at once; on Windows, with Enter.

    Keys that nobody has looked at by the end are forgotten: they are no answer to what is asked next.
    """
    fd = sys.stdin.fileno()
    try:
        import termios
        import tty
    except ImportError:
        yield fd
        return
    before = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    try:
        yield fd
    finally:
        termios.tcsetattr(fd, termios.TCSAFLUSH, before)


def pressed(fd: int) -> str:
    """The keys that were pressed since the last look, without waiting; never any on Windows."""
    if os.name != "posix" or not select.select([fd], [], [], 0)[0]:
        return ""
    return os.read(fd, 64).decode(errors="ignore")
