"""Machine-readable output: JSON in UTF-8, whatever the encoding of the terminal."""

from __future__ import annotations

import json
import sys
from typing import Any


def json_line(value: Any) -> bytes:
    """`value` as a line of JSON in UTF-8.

    The name of a file may hold bytes that are no text; JSON's own escapes stand for them.
    """
    return (json.dumps(value, ensure_ascii=False) + "\n").encode(errors="backslashreplace")


def print_json(value: Any) -> None:
    """Prints `value` as a line of JSON on stdout, at once."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json_line(value))
    sys.stdout.buffer.flush()
