"""Which sessions are running: each one locks a small file, and the operating system releases the lock with the process.

The store alone cannot tell a running session from one that was killed, because neither has an end. The lock files are
empty.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from coach.core.errors import CoachError
from coach.core.settings import private_folder

LOCKS_FOLDER = "running"


class SessionLock:
    """Marks a session as running, from construction until `release`.

    `data` is the coach's data folder. If the disk takes no file, nothing is locked.
    """

    def __init__(self, data: Path, session: int) -> None:
        self._lock = FileLock(_file(data / LOCKS_FOLDER, session), timeout=0, mode=0o600, thread_local=False)
        with suppress(OSError, CoachError):  # filelock's Timeout, for a lock that is held already, is an OSError too
            private_folder(data / LOCKS_FOLDER)
            self._lock.acquire()

    def release(self) -> None:
        """Marks the session as no longer running, and removes the file."""
        _release(self._lock)


def is_running(data: Path, session: int) -> bool:
    """Whether a process holds the lock of `session`. Removes a lock file that a killed process left behind."""
    file = _file(data / LOCKS_FOLDER, session)
    if not file.exists():
        return False
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    _release(lock)
    return False


def _release(lock: BaseFileLock) -> None:
    with suppress(OSError):  # Windows does not delete an open file; the next `is_running` removes it
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()


def _file(folder: Path, session: int) -> Path:
    return folder / f"session-{session}.lock"
