"""Waiting for something that another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 20.0  # on a busy machine; nothing that a test waits for takes a second on a free one
LOOK_S = 0.002


def wait(what: str, until: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Return once `until()` is true; fail, naming `what`, if that takes longer than `patience_s`."""
    end = time.monotonic() + patience_s
    while not until():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(LOOK_S)
