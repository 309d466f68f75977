"""Sessions on disk: one SQLite file, readable by its owner alone, that only ever grows until something is forgotten.

`session` has a row for each conversation; `event` holds what was heard and decided, in order, as `core.events` writes
it. Two small tables stand beside them: what a person noted afterwards (`coach.sessions.afterwards`), and a few figures
that could be computed again from the events, kept to look back over thousands of sessions (`coach.sessions.figures`).

- **Private from the first byte.** The file is created empty with mode 0600 before SQLite opens it, whatever the umask;
  SQLite gives its companions (-wal, -shm) the mode of the file. The folder is 0700.
- **Words only on request.** The text of `Words` is dropped here, at the last door, unless the session keeps words or
  audio.
- **Forgetting is real.** Deleted rows are overwritten with zeros (secure_delete), the file is rebuilt without them
  (VACUUM, in memory: no temporary copy on disk), the log is emptied into it and cut to nothing, and kept sound is
  removed. What a disk's own firmware keeps of blocks that were given back is beyond any program.
- **Many at once.** Several sessions and readers may have the file open (write-ahead log, and a wait when another one
  writes).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from coach.core.errors import BadInput, CoachError
from coach.core.events import Ended, Event, Words, from_record, to_record
from coach.sessions.database import Forgotten, connected, explained
from coach.sessions.locks import is_running

DATABASE_FILE = "coach.db"
PATIENCE = 5.0  # seconds to wait while another one writes
PAGE = 1000  # events read at a time
BELIEVED = datetime(2020, 1, 1, tzinfo=UTC)  # a machine that lost its clock begins at 1970, 2000 or 2010


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeader:
    """What is known of a session when it begins. `keep` is "stats", "words" or "audio"."""

    people: tuple[str, ...]
    keep: str = "stats"
    source: str = ""
    channels: int = 1
    attribution: str = ""
    transcriber: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession(SessionHeader):
    """A stored session.

    `ended` is the reason, None when it still runs or was killed; `last` is the `at` of its last event.
    """

    id: int
    started: datetime
    ended: str | None
    last: int


def _now() -> datetime:
    return datetime.now().astimezone()


class Store:
    """The sessions in `path`, opened at the first use and made if not there. One Store may serve several threads.

    `now` gives the time of day with its zone; `patience` is how many seconds to wait while another one writes. Every
    method raises CoachError, in one line, for a file that is not the coach's, was written by a newer coach, or stays
    locked; DiskFull when there is no room.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _now, patience: float = PATIENCE) -> None:
        self.path = path
        self._now = now
        self._patience = patience
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def open(self) -> None:
        """Open the file now, not at the first use, so that what is wrong with it is said before anybody talks."""
        with self._told():
            self._connected()

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # ------------------------------------------------------------------------------------------------ writing

    def begin(self, beginning: SessionHeader) -> int:
        """A new session; its number."""
        started = self._now()
        row = {name: _column(value) for name, value in asdict(beginning).items()}
        row |= {"started": started.isoformat(timespec="seconds")}
        row |= {"started_utc": started.astimezone(UTC).isoformat(timespec="seconds")}
        with self._told(), self._transaction() as db:
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            session = db.execute(f"INSERT INTO session ({names}) VALUES ({marks})", row).lastrowid
        assert session is not None
        return session

    def write(self, session: int, events: Sequence[Event]) -> None:
        """Append what is to be stored of `events`, all of it or nothing. An `Ended` also ends the session.

        Raises Forgotten when the session was deleted meanwhile.
        """
        with self._told(), self._transaction() as db:
            keeps_words = self._words_kept(db, session)
            records = [_record(event, keeps_words) for event in events if event.stored]
            (first,) = db.execute("SELECT coalesce(max(n) + 1, 0) FROM event WHERE session = ?", (session,)).fetchone()
            rows = [(session, n, *record) for n, record in enumerate(records, first)]
            db.executemany("INSERT INTO event (session, n, at, kind, body) VALUES (?, ?, ?, ?, ?)", rows)
            for ended in (event for event in events if isinstance(event, Ended)):
                db.execute("UPDATE session SET ended = ? WHERE id = ?", (ended.reason, session))

    @property
    def sound_folder(self) -> Path:
        """Where all kept sound lies. The folder need not be there."""
        return self.path.parent / "audio"

    def sound_file(self, session: int) -> Path:
        """Where the sound of a session lies, if it was kept."""
        return self.sound_folder / f"session-{session}.flac"

    # ------------------------------------------------------------------------------------------------ reading

    def sessions(self) -> list[StoredSession]:
        """All sessions, the oldest first."""
        with self._told():
            return [session_of(row) for row in self._connected().execute(SESSIONS + " ORDER BY id")]

    def session(self, number: int | None = None) -> StoredSession:
        """One session; the latest when no number is given. Raises BadInput when there is none."""
        found = [each for each in self.sessions() if number in (None, each.id)]
        if found:
            return found[-1]
        if number is None:
            raise BadInput("no session is stored yet; `coach listen` makes one")
        raise BadInput(f"there is no session {number}; `coach sessions` lists those that are stored")

    def events(self, session: int) -> Iterator[Event]:
        """What was stored of a session, in the order in which it was told."""
        after = -1
        while True:
            with self._told():
                rows = self._connected().execute(
                    "SELECT n, at, kind, body FROM event WHERE session = ? AND n > ? ORDER BY n LIMIT ?",
                    (session, after, PAGE),
                )
                page = rows.fetchall()
            for _, at, kind, body in page:
                yield _event(session, at, kind, body)
            if len(page) < PAGE:
                return
            after = page[-1][0]

    # --------------------------------------------------------------------------------------------- forgetting

    def forget(self, *sessions: int) -> None:
        """Delete sessions so that their words are gone from the bytes of the file, and remove their sound.

        Raises BadInput when one of them is not stored (then none is deleted), CoachError when another coach is just
        reading or writing, so that the bytes could not be cleared yet.
        """
        known = {each.id for each in self.sessions()}
        for session in sessions:
            if session not in known:
                raise BadInput(f"there is no session {session}; `coach sessions` lists those that are stored")
        with self._told(), self._transaction() as db:
            db.executemany("DELETE FROM session WHERE id = ?", [(session,) for session in sessions])
        with self._told():
            for session in sessions:
                self.sound_file(session).unlink(missing_ok=True)
        self._clear()

    def forget_all(self) -> int:
        """Delete everything; how many sessions that were. Also removes sound that lost its session."""
        sessions = [each.id for each in self.sessions()]
        with self._told(), suppress(FileNotFoundError):
            shutil.rmtree(self.sound_folder)
        self.forget(*sessions)
        return len(sessions)

    def forget_older(self, days: int) -> int:
        """Delete the sessions that are `older` than so many days; how many those were."""
        old = self.older(days)
        if old:
            self.forget(*old)
        return len(old)

    def older(self, days: int) -> list[int]:
        """The sessions that began more than `days` days ago; none for 0 days, which keeps everything.

        One that is going on is never among them, nor one from a time before `BELIEVED`: the clock was wrong then, and
        nobody knows how old it is.
        """
        limit = self._now() - timedelta(days=days)
        began = {each.id: each.started for each in self.sessions()} if days > 0 else {}
        return [number for number, start in began.items() if BELIEVED <= start < limit and not self.running(number)]

    def running(self, session: int) -> bool:
        """Whether a session is going on, in this process or another one of this machine."""
        return is_running(self.path.parent, session)

    def _clear(self) -> None:
        """Overwrite in place what was deleted, rebuild the file without it, and leave the write-ahead log empty."""
        with self._told():
            db = self._connected()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the zeros reach the file before VACUUM cuts it shorter
            db.execute("VACUUM")
            (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise CoachError(
                "the sessions are deleted, but another coach is reading the file, so their bytes are not cleared yet; "
                "that happens when it ends"
            )

    # ------------------------------------------------------------------------------------------- the connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection to read from, for the other modules of this room."""
        with self._told():
            yield self._connected()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection within a transaction of its own, for the other modules of this room: all or nothing."""
        with self._told(), self._transaction() as db:
            yield db

    def _connected(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = connected(self.path, self._patience)
        return self._db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. The lock to write is taken at once, so that two writers wait for each other."""
        db = self._connected()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:  # a full disk has rolled back already
                db.execute("ROLLBACK")
            raise

    def _words_kept(self, db: sqlite3.Connection, session: int) -> bool:
        row = db.execute("SELECT keep FROM session WHERE id = ?", (session,)).fetchone()
        if row is None:
            raise Forgotten("this session was deleted while it went on: from here nothing is stored")
        return row[0] in ("words", "audio")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """One caller at a time, and every failure of SQLite or the disk in a line for the person."""
        with self._lock:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                raise explained(error, self.path) from error


SESSIONS = """
SELECT id, started, people, keep, source, channels, attribution, transcriber, settings, version, ended,
       coalesce((SELECT at FROM event WHERE session = id ORDER BY n DESC LIMIT 1), 0)
FROM session
"""


def session_of(row: tuple[Any, ...]) -> StoredSession:
    """A row of `SESSIONS`."""
    number, started, people, keep, source, channels, attribution, transcriber, settings, version, ended, last = row
    return StoredSession(
        id=number,
        started=datetime.fromisoformat(started),
        people=tuple(json.loads(people)),
        keep=keep,
        source=source,
        channels=channels,
        attribution=attribution,
        transcriber=transcriber,
        settings=json.loads(settings),
        version=version,
        ended=ended,
        last=last,
    )


def _column(value: Any) -> Any:
    return _json(value) if isinstance(value, tuple | list | dict) else value


def _record(event: Event, keeps_words: bool) -> tuple[int, str, str]:
    """The columns at, kind and body of an event."""
    record = to_record(event)
    if isinstance(event, Words) and not keeps_words:
        record["text"] = None
    return record.pop("at"), record.pop("event"), _json(record)


def _event(session: int, at: int, kind: str, body: str) -> Event:
    try:
        return from_record({"event": kind, "at": at, **json.loads(body)})
    except (KeyError, TypeError, ValueError) as error:
        raise CoachError(
            f"session {session} holds a {kind} that this version of the coach cannot read ({error}); update the coach"
        ) from error


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """A figure of NumPy as one of Python, anything else as text: an odd figure must not stop the store thread."""
    return value.item() if hasattr(value, "item") else str(value)
