"""Which sessions are going on: each holds a lock on a small file, and the system lets go of it when the process ends.

The store alone cannot tell a session that goes on from one that was killed: neither has an end. The file is empty and
says nothing of anybody.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from coach.core.errors import CoachError
from coach.core.settings import private_folder

LOCKS_FOLDER = "running"


class Running:
    """The lock of one session, from construction until `end`. Where the disk takes no file, it locks nothing."""

    def __init__(self, data: Path, session: int) -> None:
        self._lock = FileLock(_file(data / LOCKS_FOLDER, session), timeout=0, mode=0o600, thread_local=False)
        with suppress(OSError, CoachError):  # a lock that is held already is an OSError too
            private_folder(data / LOCKS_FOLDER)
            self._lock.acquire()

    def end(self) -> None:
        _let_go(self._lock)


def is_running(data: Path, session: int) -> bool:
    """Whether a process holds the lock of `session`; what a killed one left behind is removed."""
    file = _file(data / LOCKS_FOLDER, session)
    if not file.exists():
        return False
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    _let_go(lock)
    return False


def _let_go(lock: BaseFileLock) -> None:
    with suppress(OSError):  # Windows keeps a file that is open: the next look removes it
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


def _file(folder: Path, session: int) -> Path:
    return folder / f"session-{session}.lock"
