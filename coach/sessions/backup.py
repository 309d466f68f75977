"""Backup of all sessions to one file, even while the coach runs, and restoring it without losing sessions.

    coach.db + coach.db-wal ──► one snapshot ──► FILE: no log beside it, mode 0600, complete or absent
    FILE ──► session by session ──► the store: missing sessions are added, the others stay as they are

While a session runs, its last events are in the write-ahead log beside `coach.db`, so a copy of `coach.db` alone may
lack them or be inconsistent. `back_up` reads both files as of one moment with SQLite's online backup; the session can
write in the meantime.

A session in the backup is the same as one in the store if their headers agree (time, people, source, settings …) and
the events of the shorter one are a prefix of the events of the longer one. Events are only ever added; but in one that
is stored, words may be erased and a note written, so a lack of them does not tell two sessions apart. What was erased
stays erased.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from coach.core.errors import BadInput, CoachError, reason_of
from coach.sessions.database import VERSION
from coach.sessions.store import SESSIONS, Store, session_of

Progress = Callable[[int, int], None]  # is called with (done, total)

STEP = 1000  # pages copied between two reports of progress: 4 MB
_MAGIC = b"SQLite format 3\0"
_IDENTITY = (  # the columns that identify a session: all except its number and its end
    "started", "started_utc", "people", "keep", "source", "channels", "attribution", "transcriber", "settings",
    "version",
)  # fmt: skip
_CHANGED = ("text", "note")  # of an event that is stored: erased, or written afterwards


@dataclass(slots=True)
class Restored:
    """The sessions of a backup by what happened to them. All numbers are those in the store."""

    added: list[int] = field(default_factory=list)
    renumbered: dict[int, int] = field(default_factory=dict)  # added, by the number in the backup
    continued: list[int] = field(default_factory=list)  # were in the store, but shorter than in the backup
    there: list[int] = field(default_factory=list)  # were in the store already


def back_up(store: Store, target: Path, progress: Progress | None = None) -> None:
    """Copy everything in `store` as of this moment into the file `target`, replacing an earlier backup.

    Raises BadInput if `target` exists and is not a backup, or if its folder does not exist; CoachError if it cannot be
    written.
    """
    if target.exists() and not _is_ours(target):
        raise BadInput(f"{target} already exists and is not a backup of the coach; choose another name")
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {target.parent} for the backup; create it, or choose another")
    with _write_errors_explained(target):
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # made with mode 0600
        os.close(descriptor)
        part = Path(name)
        try:
            with store.connection() as db, _write_errors_explained(target):
                _copy(db, part, progress)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _write_errors_explained(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = reason_of(error) if isinstance(error, OSError) else error
        raise CoachError(
            f"{target} cannot be written ({reason}), so there is no new backup; check whether the disk is full or "
            "the folder is read-only"
        ) from error


def _copy(db: sqlite3.Connection, part: Path, progress: Progress | None) -> None:
    """Write a snapshot of `db` to `part`, without a write-ahead log, and flush it to the disk."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        db.execute("BEGIN")
        try:
            db.execute("SELECT 1 FROM session").fetchone()  # from here on this connection sees one snapshot
            db.backup(copy, pages=STEP, progress=_steps(progress))
        finally:
            db.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _steps(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    return None if progress is None else lambda _status, remaining, total: progress(total - remaining, total)


def restore(store: Store, source: Path, progress: Progress | None = None) -> Restored:
    """Add to `store` the sessions and events of the backup `source` that it lacks. Changes and deletes nothing.

    A session keeps its number unless the store uses that number for another session. Each session is added as a whole
    or not at all, so that an interrupted restore can be run again. Raises BadInput, before anything is added, for a
    file that does not exist, is damaged, comes from a newer coach or is not a backup.
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
    with store.transaction() as db:
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
        _complete(db, backup, "relabelling", row["id"], number)
        db.execute("DELETE FROM figures WHERE session = ?", (number,))  # they may be under names that no longer hold


def _same(db: sqlite3.Connection, backup: sqlite3.Connection, row: sqlite3.Row) -> int | None:
    """The number in the store `db` of the session in this `row` of the backup; None if the store lacks it."""
    identical = " AND ".join(f"{name} = :{name}" for name in _IDENTITY)
    found = db.execute(f"SELECT id FROM session WHERE {identical} ORDER BY id = :id DESC, id", dict(row))
    for (number,) in found.fetchall():
        common = min(_length(db, number), _length(backup, row["id"])) - 1
        if _agree(_event(db, number, common), _event(backup, row["id"], common)):
            return int(number)
    return None


def _length(db: sqlite3.Connection, session: int) -> int:
    """The number of events of a session; they are numbered from 0 without gaps."""
    (length,) = db.execute("SELECT coalesce(max(n) + 1, 0) FROM event WHERE session = ?", (session,)).fetchone()
    return int(length)


def _event(db: sqlite3.Connection, session: int, n: int) -> dict[str, Any]:
    """What is stored of an event; nothing if there is none."""
    row = db.execute("SELECT at, kind, body FROM event WHERE session = ? AND n = ?", (session, n)).fetchone()
    return {} if row is None else {"at": row[0], "kind": row[1], **json.loads(row[2])}


def _agree(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """Whether both may be one event, of which words were erased in one of them, or a note was written."""
    return all(
        ours.get(key) == theirs.get(key) or (key in _CHANGED and not (ours.get(key) and theirs.get(key)))
        for key in ours.keys() | theirs.keys()
    )


def _added(db: sqlite3.Connection, row: sqlite3.Row) -> int:
    """Insert a session, with its number from the backup if that is free. Returns its number."""
    taken = db.execute("SELECT 1 FROM session WHERE id = ?", (row["id"],)).fetchone()
    names = ("id", *_IDENTITY, "ended")
    marks = ", ".join(f":{name}" for name in names)
    values = {**dict(row), "id": None if taken else row["id"]}
    number = db.execute(f"INSERT INTO session ({', '.join(names)}) VALUES ({marks})", values).lastrowid
    assert number is not None
    return number


def _complete(
    db: sqlite3.Connection, backup: sqlite3.Connection, table: str, theirs: int, ours: int, which: str = "TRUE"
) -> None:
    """Add the session's rows in `table` of the backup that the store lacks."""
    names = [row["name"] for row in backup.execute(f"PRAGMA table_info({table})") if row["name"] != "session"]
    if not names:
        return  # the backup is older than this table
    columns, marks = ", ".join(names), ", ".join("?" * len(names))
    rows = backup.execute(f"SELECT {columns} FROM {table} WHERE session = ? AND {which}", (theirs,))
    db.executemany(f"INSERT OR IGNORE INTO {table} (session, {columns}) VALUES ({ours}, {marks})", map(tuple, rows))


# ---------------------------------------------------------------------------------------------- reading a backup


@contextmanager
def _opened(source: Path) -> Iterator[sqlite3.Connection]:
    """The backup, opened for reading only and checked. Raises BadInput if it cannot be restored."""
    if not source.is_file():
        raise BadInput(f"there is no file {source}; check its name")
    if not _is_ours(source):
        raise BadInput(f"{source} is not a backup of the coach; nothing was changed")
    try:
        with closing(_connected(source)) as backup:
            _check(backup, source)
            yield backup
    except (sqlite3.Error, OSError) as error:
        raise BadInput(f"{source} is damaged ({error}); what had not been restored yet is unchanged") from error


def _connected(source: Path) -> sqlite3.Connection:
    # Without a log beside it nothing can change the file, so SQLite need not create files beside it.
    mode = "mode=ro" if Path(f"{source}-wal").exists() else "immutable=1"
    backup = sqlite3.connect(f"file:{quote(str(source.resolve()))}?{mode}", uri=True, isolation_level=None)
    backup.row_factory = sqlite3.Row
    backup.execute("PRAGMA trusted_schema = OFF")
    return backup


def _check(backup: sqlite3.Connection, source: Path) -> None:
    """Raise BadInput or sqlite3.Error if a part of the backup cannot be restored."""
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
        raise BadInput(
            f"{source} contains something that this coach cannot read ({error}); nothing was changed"
        ) from error
    if unreadable:
        raise BadInput(f"{source} contains {unreadable} events that this coach cannot read; nothing was changed")


_UNREADABLE = """
SELECT count(*) FROM event WHERE typeof(at) != 'integer' OR typeof(kind) != 'text' OR NOT json_valid(body)
"""


def _is_ours(path: Path) -> bool:
    """Whether the file is a database with the coach's tables; the rest of it may be damaged."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return False
        with closing(_connected(path)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except (OSError, sqlite3.Error):
        return False
    return {"session", "event"} <= tables
