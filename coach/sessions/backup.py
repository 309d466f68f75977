"""All sessions in one file, copied while the coach runs, and put back without losing what is there.

    coach.db + coach.db-wal ──► one snapshot ──► FILE: no log beside it, mode 0600, whole or not there at all
    FILE ──► session by session ──► the store: what it lacks is added, what it has stays

While a session runs, its last moments lie in the write-ahead log beside `coach.db`, so that a copy of `coach.db` alone
may lack them, or be torn. `back_up` reads both at one moment of time, through SQLite's online backup, and the session
writes on meanwhile.

A session in the backup *is* one of the store when both began alike (time, people, source, settings …) and the shorter
one is the beginning of the longer: events are only ever added.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coach.core.errors import BadInput, CoachError
from coach.sessions.database import VERSION
from coach.sessions.store import SESSIONS, Store, session_of

Progress = Callable[[int, int], None]  # told (done, of)

STEP = 1000  # pages copied between two reports of progress: 4 MB
_MAGIC = b"SQLite format 3\0"
_BEGINNING = (  # what a session is known by: all of its row but its number and its end
    "started", "started_utc", "people", "keep", "source", "channels", "attribution", "transcriber", "settings",
    "version",
)  # fmt: skip


@dataclass(slots=True)
class Restored:
    """What became of the sessions of a backup: their numbers in the store."""

    added: list[int] = field(default_factory=list)
    renumbered: dict[int, int] = field(default_factory=dict)  # of those added: the number in the backup, the one here
    continued: list[int] = field(default_factory=list)  # were there, but ended sooner than in the backup
    there: list[int] = field(default_factory=list)


def back_up(store: Store, target: Path, progress: Progress | None = None) -> None:
    """Copy all that `store` holds at this moment into the one file `target`; an earlier backup there is replaced.

    Raises BadInput for a target that is no backup or has no folder, CoachError when it cannot be written.
    """
    if target.exists() and not _is_ours(target):
        raise BadInput(f"{target} is there already and is no backup of the coach; choose another name")
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {target.parent} to put a backup into; make it, or choose another")
    with _told(target):
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # made with mode 0600
        os.close(descriptor)
        part = Path(name)
        try:
            with store.reading() as db, _told(target):
                _copy(db, part, progress)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise CoachError(
            f"{target} cannot be written ({reason}), so there is no new backup; see whether its disk is full or "
            "its folder closed to you"
        ) from error


def _copy(db: sqlite3.Connection, part: Path, progress: Progress | None) -> None:
    """A snapshot of `db` in `part`, without a write-ahead log, safely on disk."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        db.execute("BEGIN")
        try:
            db.execute("SELECT 1 FROM session").fetchone()  # from here on this connection sees one moment of time
            db.backup(copy, pages=STEP, progress=_steps(progress))
        finally:
            db.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _steps(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    return None if progress is None else lambda _status, remaining, total: progress(total - remaining, total)


def restore(store: Store, source: Path, progress: Progress | None = None) -> Restored:
    """Add to `store` what the backup `source` holds and the store lacks. Nothing that is there is changed or deleted.

    A session keeps its number, unless another one has it. Each session is added whole or not at all, so that a
    restoration that was cut off can be begun again.
    Raises BadInput, before anything is added, for a file that is not there, damaged, of a newer coach or of something
    else.
    """
    restored = Restored()
    with _opened(source) as backup:
        rows = backup.execute("SELECT * FROM session ORDER BY id").fetchall()
        for done, row in enumerate(rows):
            _restore(store, backup, row, restored)
            if progress is not None:
                progress(done + 1, len(rows))
    return restored


def _restore(store: Store, backup: sqlite3.Connection, row: sqlite3.Row, restored: Restored) -> None:
    with store.writing() as db:
        number = _same(db, backup, row)
        if number is None:
            number = _added(db, row)
            restored.added.append(number)
            if number != row["id"]:
                restored.renumbered[row["id"]] = number
        elif _length(db, number) < _length(backup, row["id"]):
            db.execute("UPDATE session SET ended = ? WHERE id = ?", (row["ended"], number))
            restored.continued.append(number)
        else:
            restored.there.append(number)
        _complete(db, backup, "event", row["id"], number, f"n >= {_length(db, number)}")
        _complete(db, backup, "afterwards", row["id"], number)


def _same(db: sqlite3.Connection, backup: sqlite3.Connection, row: sqlite3.Row) -> int | None:
    """The number in the store `db` of the session that `row` is in the backup; None when it is not there."""
    alike = " AND ".join(f"{name} = :{name}" for name in _BEGINNING)
    found = db.execute(f"SELECT id FROM session WHERE {alike} ORDER BY id = :id DESC, id", dict(row))
    for (number,) in found.fetchall():
        common = min(_length(db, number), _length(backup, row["id"])) - 1
        if _event(db, number, common) == _event(backup, row["id"], common):
            return int(number)
    return None


def _length(db: sqlite3.Connection, session: int) -> int:
    """How many events: they are counted from 0 without a hole."""
    (length,) = db.execute("SELECT coalesce(max(n) + 1, 0) FROM event WHERE session = ?", (session,)).fetchone()
    return int(length)


def _event(db: sqlite3.Connection, session: int, n: int) -> tuple[Any, ...] | None:
    row = db.execute("SELECT at, kind, body FROM event WHERE session = ? AND n = ?", (session, n)).fetchone()
    return None if row is None else tuple(row)


def _added(db: sqlite3.Connection, row: sqlite3.Row) -> int:
    """A new row for a session, with its own number if that is free."""
    taken = db.execute("SELECT 1 FROM session WHERE id = ?", (row["id"],)).fetchone()
    names = ("id", *_BEGINNING, "ended")
    marks = ", ".join(f":{name}" for name in names)
    values = {**dict(row), "id": None if taken else row["id"]}
    number = db.execute(f"INSERT INTO session ({', '.join(names)}) VALUES ({marks})", values).lastrowid
    assert number is not None
    return number


def _complete(
    db: sqlite3.Connection, backup: sqlite3.Connection, table: str, theirs: int, ours: int, which: str = "TRUE"
) -> None:
    """Add the rows of a session that the backup holds in `table`; those that are there stay."""
    names = [row["name"] for row in backup.execute(f"PRAGMA table_info({table})") if row["name"] != "session"]
    if not names:
        return  # the backup is older than this table
    columns, marks = ", ".join(names), ", ".join("?" * len(names))
    rows = backup.execute(f"SELECT {columns} FROM {table} WHERE session = ? AND {which}", (theirs,))
    db.executemany(f"INSERT OR IGNORE INTO {table} (session, {columns}) VALUES ({ours}, {marks})", map(tuple, rows))


# ---------------------------------------------------------------------------------------------- looking at a backup


@contextmanager
def _opened(source: Path) -> Iterator[sqlite3.Connection]:
    """The backup, to read only, after it was looked through. Raises BadInput for what cannot be restored."""
    if not source.is_file():
        raise BadInput(f"there is no file {source}; check its name")
    if not _is_ours(source):
        raise BadInput(f"{source} is no backup of the coach; nothing was changed")
    try:
        with closing(_connected(source)) as backup:
            _check(backup, source)
            yield backup
    except (sqlite3.Error, OSError) as error:
        raise BadInput(f"{source} is damaged ({error}); what was not yet restored from it stays as it was") from error


def _connected(source: Path) -> sqlite3.Connection:
    # Without a log beside it nothing can change the file, and then SQLite needs to make no files beside it either.
    mode = "mode=ro" if Path(f"{source}-wal").exists() else "immutable=1"
    backup = sqlite3.connect(f"file:{quote(str(source.resolve()))}?{mode}", uri=True, isolation_level=None)
    backup.row_factory = sqlite3.Row
    backup.execute("PRAGMA trusted_schema = OFF")
    return backup


def _check(backup: sqlite3.Connection, source: Path) -> None:
    """Raises BadInput, or sqlite3.Error, for what a restoration could not read to its end."""
    (version,) = backup.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise BadInput(f"{source} was made by a newer coach; update the coach, nothing was changed")
    (verdict,) = backup.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise BadInput(f"{source} is damaged ({verdict.splitlines()[-1]}); nothing was changed")
    try:
        for row in backup.execute(SESSIONS):
            session_of(tuple(row))
        (unreadable,) = backup.execute(_UNREADABLE).fetchone()
    except (ValueError, TypeError, IndexError) as error:
        raise BadInput(f"{source} holds what this coach cannot read ({error}); nothing was changed") from error
    if unreadable:
        raise BadInput(f"{source} holds {unreadable} events that this coach cannot read; nothing was changed")


_UNREADABLE = """
SELECT count(*) FROM event WHERE typeof(at) != 'integer' OR typeof(kind) != 'text' OR NOT json_valid(body)
"""


def _is_ours(path: Path) -> bool:
    """Whether the file is a database with the tables of the coach, damaged further on or not."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return False
        with closing(_connected(path)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except (OSError, sqlite3.Error):
        return False
    return {"session", "event"} <= tables
