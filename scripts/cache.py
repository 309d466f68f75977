"""A cache of results in the system's temporary folder, keyed by content.

A cached result depends only on its key: the bytes of the sound, the settings and the version. The coach's own results
are never cached, because the coach changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(tempfile.gettempdir()) / "listening-coach-bench"


def key(*parts: str | bytes | Path) -> str:
    """A hash of these contents; a path stands for the bytes of its file."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:20]


def kept(kind: str, name: str, make: Callable[[], Any]) -> Any:
    """The JSON result of `make`, computed only the first time."""
    path = FOLDER / kind / f"{name}.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    value = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(f".{os.getpid()}")
    whole.write_text(json.dumps(value), encoding="utf-8")
    whole.replace(path)  # atomic, so that no reader sees a partial file
    return value
