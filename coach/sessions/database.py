"""The SQLite file: its tables, its file mode, how it is opened, and its failures in a line for the person."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

from coach.core.errors import CoachError, NotWritable, not_writable, reason_of
from coach.core.settings import private_folder

NO_ROOM = 256 * 1024  # bytes; with less than this free, an input/output error of SQLite means a full disk

# The statements that each version of the tables adds to the version before it. An old file is upgraded in place.
_ADDED = (
    """
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: "session 3" cannot come to mean another one
  started TEXT NOT NULL,                 -- ISO 8601 in the time of the place
  started_utc TEXT NOT NULL,
  people TEXT NOT NULL,                  -- JSON list
  keep TEXT NOT NULL,
  source TEXT NOT NULL,
  channels INTEGER NOT NULL,
  attribution TEXT NOT NULL,
  transcriber TEXT NOT NULL,
  settings TEXT NOT NULL,                -- JSON object
  version TEXT NOT NULL,                 -- of the coach
  ended TEXT                             -- the reason; NULL while it runs, and for ever if it was killed
);
CREATE TABLE event (
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,                   -- samples at 16 kHz
  kind TEXT NOT NULL,
  body TEXT NOT NULL,                    -- JSON object
  PRIMARY KEY (session, n)
) WITHOUT ROWID;
CREATE TRIGGER event_is_append_only BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events never change'); END;
""",
    """
CREATE TABLE figures (                   -- a few numbers of a session, computed from its events
  session INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
  definitions TEXT NOT NULL,             -- by which they were computed
  events INTEGER NOT NULL,               -- and from how many events
  body TEXT NOT NULL                     -- JSON object; no words
);
CREATE TABLE afterwards (                -- what one person noted for themselves after a session
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  who TEXT NOT NULL,
  noted TEXT NOT NULL,                   -- when: ISO 8601 in the time of the place
  steps TEXT NOT NULL,                   -- JSON object: line -> step of its scale
  note TEXT NOT NULL,
  PRIMARY KEY (session, who)
) WITHOUT ROWID;
""",
    """
CREATE TABLE relabelling (               -- who spoke, put right afterwards: applied whenever events are read
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  made TEXT NOT NULL,                    -- when: ISO 8601 in the time of the place
  body TEXT NOT NULL,                    -- JSON object
  undone TEXT,                           -- when it was taken back; NULL while it holds
  PRIMARY KEY (session, n)
) WITHOUT ROWID;
""",
)
VERSION = len(_ADDED)  # of the tables, kept in SQLite's own user_version


class DiskFull(CoachError):
    """There is no room to store anything."""


class Forgotten(CoachError):
    """The session was deleted while it was running."""


def connected(path: Path, busy_timeout: float) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use. It waits `busy_timeout` seconds for another writer.

    Creates the file, its folder and its tables if they do not exist. Raises CoachError for a file that a newer coach
    wrote, and sqlite3.Error or OSError for everything else; `explained` turns those into a line for the person.
    """
    private_folder(path.parent)
    _private_file(path)
    db = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _private_file(path: Path) -> None:
    """Create the file, empty and readable by its owner alone, before SQLite writes into it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix" and os.fstat(descriptor).st_mode & 0o777 != 0o600:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Set up a new connection, and upgrade the tables. Raises CoachError for a file that a newer coach wrote."""
    db.execute("PRAGMA temp_store = MEMORY")  # VACUUM copies the whole database: keep the copy off the disk
    db.execute("PRAGMA secure_delete = ON")  # only some builds of SQLite have it on by default
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")  # so that a power cut loses no more than a kill does
    if (found := _version(db)) > VERSION:
        raise CoachError(
            f"{path} was written by a newer coach (its tables have version {found}, this coach knows {VERSION}); "
            "update the coach, nothing was changed"
        )
    db.execute("PRAGMA journal_mode = WAL")
    if found < VERSION:
        db.execute("BEGIN EXCLUSIVE")
        try:
            for added in _ADDED[_version(db) :]:  # none if another process has just upgraded the file
                for statement in added.strip().split(";\n"):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def explained(error: sqlite3.Error | OSError, path: Path) -> CoachError:
    """The failure as a CoachError with one line for the person; DiskFull or NotWritable where that is the reason."""
    if _is_full(error, path):
        return DiskFull(f"the disk of {path.parent} is full, so nothing can be stored; free some space")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return CoachError(f"{path} is not a database of the coach; move it away, and the coach will create a new one")
    if code == sqlite3.SQLITE_CORRUPT:
        return CoachError(f"{path} is damaged; move it away, and the coach will create a new one")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CoachError(f"{path} is in use by another coach; try again in a moment")
    if code == sqlite3.SQLITE_READONLY:
        return NotWritable(f"{path} cannot be written: it is read-only")
    if isinstance(error, OSError) and (refused := not_writable(error, path)):
        return refused
    reason = reason_of(error) if isinstance(error, OSError) else error
    return CoachError(
        f"{path} cannot be used ({reason}), so nothing can be stored; check the folder's permissions and its disk"
    )


def _is_full(error: sqlite3.Error | OSError, path: Path) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_IOERR:  # for example, the shared-memory file of the log could not grow
        return shutil.disk_usage(path.parent).free < NO_ROOM
    return code == sqlite3.SQLITE_FULL
