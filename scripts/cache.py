"""Results that need not be computed again: files in the system's folder for what is temporary, named by content.

What is kept depends on nothing but what its name is made of: the bytes of the sound, the settings, the version.
The coach's own results are never kept, since it is the coach that changes.
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
    """A short name for these contents; a path stands for the bytes of its file."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:20]


def kept(kind: str, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gave the first time, as JSON."""
    path = FOLDER / kind / f"{name}.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    value = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(f".{os.getpid()}")
    whole.write_text(json.dumps(value), encoding="utf-8")
    whole.replace(path)  # so that nobody reads half a file
    return value
