"""One line for the person on stderr: what a command has to say beside its results."""

from __future__ import annotations

import sys

from coach.core.invocation import as_called
from coach.core.names import one_line


def say(text: str) -> None:
    """Prints `text` on one line, without control characters, and with hints as the person would have to type them."""
    print(f"coach: {as_called(one_line(text))}", file=sys.stderr, flush=True)
