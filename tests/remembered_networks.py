"""The results of the two networks that tell who speaks, remembered from run to run of the tests.

Many tests hear the same sound, and the networks take most of the time of that. They are stateless, so a result belongs
to its input: it is found by a hash of the input, of the weights and of the version of what runs them, and is the same
array bit for bit. All processes of all runs share one database under the temporary folder. Programs that tests start
hear for themselves, and `afresh` makes the networks of this process do so.
"""

from __future__ import annotations

import getpass
import hashlib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime

from coach.core.networks import load_network
from coach.core.resources import packaged

MOST_BYTES = 1_000_000_000  # of the database; a larger one is begun anew: fourteen hours of sound
_WAIT_S = 60.0  # for another process that writes


def database() -> Path:
    """Where the results are kept; one for each user of this machine."""
    return Path(tempfile.gettempdir()) / f"remembered-networks-{getpass.getuser()}.sqlite"


class Memory:
    """Arrays by key, in the database at `path`, which several processes may use at once."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        if path.exists() and path.stat().st_size > most_bytes:
            path.unlink()
        self._lock = Lock()
        self._database = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        # Each change lies in the file itself: whoever still has a deleted one open harms nobody.
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, shape TEXT, floats BLOB)")

    def get(self, key: bytes) -> np.ndarray | None:
        """The float32 array that was put under `key`, None if there is none."""
        with self._lock:
            row = self._database.execute("SELECT shape, floats FROM results WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        return np.frombuffer(row[1], np.float32).reshape([int(n) for n in row[0].split()]).copy()

    def put(self, key: bytes, result: np.ndarray) -> None:
        """Keep a float32 array."""
        row = (key, " ".join(map(str, result.shape)), result.tobytes())
        with self._lock:
            self._database.execute("INSERT OR IGNORE INTO results VALUES (?, ?, ?)", row)

    def close(self) -> None:
        self._database.close()


class Remembering:
    """A network with one input and one output of float32 that runs only on what it has not heard before.

    It has the one method of onnxruntime's session that the coach uses. The network is loaded when it first has to run.
    """

    def __init__(self, memory: Memory, package: str, *path: str) -> None:
        self._memory, self._where = memory, (package, *path)
        self._weights = hashlib.sha256(packaged(package, *path)).digest() + onnxruntime.__version__.encode()
        self.heard = 0  # times the network itself ran

    @cached_property
    def _network(self) -> Any:
        return load_network(*self._where)

    def run(self, outputs: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        ((name, given),) = inputs.items()
        if _AFRESH:
            return self._run(name, given)
        about = f"{name} {given.shape} {given.dtype}".encode()
        key = hashlib.sha256(self._weights + about + np.ascontiguousarray(given).tobytes()).digest()
        result = self._memory.get(key)
        if result is None:
            (result,) = self._run(name, given)
            self._memory.put(key, result)
        return [result]

    def _run(self, name: str, given: np.ndarray) -> list[np.ndarray]:
        self.heard += 1
        results: list[np.ndarray] = self._network.run(None, {name: given})
        return results


_AFRESH: list[None] = []


@contextmanager
def afresh() -> Iterator[None]:
    """The networks of this process hear for themselves."""
    _AFRESH.append(None)
    try:
        yield
    finally:
        _AFRESH.pop()
