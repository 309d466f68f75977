"""Stored sessions: one SQLite file that only its owner can read.

The table `session` has one row per conversation. The table `event` holds that conversation's events in order, as
`coach.core.events.to_record` writes them; rows are only ever added, until a session is forgotten, but for two things
that people ask for: the words of somebody who no longer agrees are erased, and a mark gets a note. Two small tables
hold the rest: notes that people made afterwards (`coach.sessions.afterwards`), and figures that are cached so that
trends over thousands of sessions stay fast (`coach.sessions.figures`). A third one holds what people put right of who
spoke (`coach.sessions.relabel`): sessions and events are read with the names that hold.

- **Private from the first byte.** The file is created empty with mode 0600, whatever the umask, before SQLite opens
  it; SQLite gives its companion files (-wal, -shm) the same mode. The folder is 0700.
- **Words only on request.** `write` drops the text of `Words` unless the session keeps words or audio.
- **Many at once.** Several sessions and readers may have the file open: SQLite keeps a write-ahead log, and a writer
  waits while another one writes.

Deletion is in `coach.sessions.forget`.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from coach.core.errors import BadInput, CoachError
from coach.core.events import Consented, Ended, Event, Words, from_record, to_record
from coach.core.messages import Message
from coach.sessions.database import Forgotten, connected, explained
from coach.sessions.locks import is_running
from coach.sessions.relabel import Relabelling, all_in_force, relabelled, relabelled_people

DATABASE_FILE = "coach.db"
RECORDING = "recording"  # the `attribution` of a session that was analysed from a recording


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreConfig:
    """How a `Store` uses its file."""

    busy_timeout: float = 5.0  # seconds that a reader or writer waits for another process to finish writing
    page: int = 1000  # events that are read in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeader:
    """The facts about a session that are known when it begins. `keep` is "stats", "words" or "audio"."""

    people: tuple[str, ...]
    keep: str = "stats"
    source: str = ""
    channels: int = 1
    attribution: str = ""
    transcriber: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    @property
    def of_recording(self) -> bool:
        """Whether it was analysed from a recording, so that its cues are those that the coach would have given."""
        return self.attribution == RECORDING


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession(SessionHeader):
    """A stored session.

    `ended` is the reason why it ended, None if it is still running or was killed. `last` is the time (`at`, in samples)
    of its last event.
    """

    id: int
    started: datetime
    ended: str | None
    last: int


class NoSession(BadInput):
    """There is no session with this number: it was forgotten, or never was."""


def _now() -> datetime:
    return datetime.now().astimezone()


class Store:
    """The sessions in the file `path`, which is created if it does not exist. Threads may share one Store.

    The file is opened when it is first used. `now` returns the current time with its zone. Every method raises
    CoachError, with one line for the person, for a file that is not the coach's, was written by a newer coach, or stays
    locked for longer than `config.busy_timeout`; it raises DiskFull when there is no room, and NotWritable where
    nothing can be written.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = _now, config: StoreConfig = StoreConfig()) -> None:
        self.path = path
        self.now = now
        self._config = config
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def open(self) -> None:
        """Open the file now rather than at its first use, so that people learn of a fault before they talk."""
        with self.connection():
            pass

    def close(self) -> None:
        """Close the file; its next use opens it again. May be called more than once."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # ------------------------------------------------------------------------------------------------ writing

    def begin(self, header: SessionHeader) -> int:
        """Add a new session and return its number."""
        started = self.now()
        row = {name: _column(value) for name, value in asdict(header).items()}
        row |= {"started": started.isoformat(timespec="seconds")}
        row |= {"started_utc": started.astimezone(UTC).isoformat(timespec="seconds")}
        with self.transaction() as db:
            names = ", ".join(row)
            marks = ", ".join(f":{name}" for name in row)
            session = db.execute(f"INSERT INTO session ({names}) VALUES ({marks})", row).lastrowid
        assert session is not None
        return session

    def write(self, session: int, events: Sequence[Event]) -> None:
        """Append those of `events` that are stored, all of them or none. An `Ended` also ends the session.

        Raises Forgotten if the session has been deleted in the meantime.
        """
        with self.transaction() as db:
            keeps_words = self._words_kept(db, session)
            records = [_record(event, keeps_words) for event in events if event.stored]
            (first,) = db.execute("SELECT coalesce(max(n) + 1, 0) FROM event WHERE session = ?", (session,)).fetchone()
            rows = [(session, n, *record) for n, record in enumerate(records, first)]
            db.executemany("INSERT INTO event (session, n, at, kind, body) VALUES (?, ?, ?, ?, ?)", rows)
            for ended in (event for event in events if isinstance(event, Ended)):
                db.execute("UPDATE session SET ended = ? WHERE id = ?", (ended.reason, session))

    def erase_words(self, session: int, who: str | None) -> None:
        """Erase the recognised text of `who`, or of everybody if None, from the session's events.

        Theirs is what they are heard to say by the names that hold, and by those that were heard at first.
        """
        put_right = all_in_force(self, session).get(session, [])
        with self.transaction() as db:
            rows = db.execute(
                "SELECT n, at, body FROM event WHERE session = ? AND kind = 'Words'", (session,)
            ).fetchall()
            for n, at, body in rows:
                record = json.loads(body)
                now = relabelled(_event(session, at, "Words", body), put_right)
                theirs = {record["who"], now.who if isinstance(now, Words) else None}
                if who is None or who in theirs:
                    _put_in_place(db, session, n, {**record, "text": None})

    def note_mark(self, session: int, at: int, note: str) -> None:
        """Write `note` to the mark at sample `at`. Raises BadInput if there is no such mark."""
        with self.transaction() as db:
            found = db.execute(
                "SELECT n FROM event WHERE session = ? AND kind = 'Marked' AND at = ?", (session, at)
            ).fetchall()
            if not found:
                raise BadInput(f"session {session} has no mark there")
            for (n,) in found:
                _put_in_place(db, session, n, {"note": note})

    @property
    def sound_folder(self) -> Path:
        """The folder of all kept sound. It may not exist."""
        return self.path.parent / "audio"

    def sound_file(self, session: int) -> Path:
        """The file that holds the sound of a session, if its sound was kept."""
        return self.sound_folder / f"session-{session}.flac"

    # ------------------------------------------------------------------------------------------------ reading

    def sessions(self) -> list[StoredSession]:
        """All sessions, oldest first."""
        with self.connection() as db:
            found = [session_of(row) for row in db.execute(SESSIONS + " ORDER BY id")]
        put_right = all_in_force(self)
        return [_put_right(each, put_right[each.id]) if each.id in put_right else each for each in found]

    def session(self, number: int | None = None) -> StoredSession:
        """The session with this number, or the latest one without a number. Raises BadInput if there is none."""
        found = [each for each in self.sessions() if number in (None, each.id)]
        if found:
            return found[-1]
        if number is None:
            raise BadInput("no session is stored yet; `coach listen` starts one")
        raise NoSession(f"there is no session {number}; `coach sessions` lists those that are stored")

    def events(self, session: int) -> Iterator[Event]:
        """The stored events of a session, in the order in which they were written, with the names that hold."""
        after = -1
        put_right = all_in_force(self, session).get(session, [])
        while True:
            with self.connection() as db:
                rows = db.execute(
                    "SELECT n, at, kind, body FROM event WHERE session = ? AND n > ? ORDER BY n LIMIT ?",
                    (session, after, self._config.page),
                )
                page = rows.fetchall()
            for _, at, kind, body in page:
                yield relabelled(_event(session, at, kind, body), put_right)
            if len(page) < self._config.page:
                return
            after = page[-1][0]

    def consents(self, session: int) -> list[Consented]:
        """What people said in a session when they were asked, or took back, in order, with the names that hold."""
        put_right = all_in_force(self, session).get(session, [])
        with self.connection() as db:
            rows = db.execute(
                "SELECT at, body FROM event WHERE session = ? AND kind = 'Consented' ORDER BY n", (session,)
            ).fetchall()
        found = (relabelled(_event(session, at, "Consented", body), put_right) for at, body in rows)
        return [event for event in found if isinstance(event, Consented)]

    def holds(self, session: StoredSession) -> str:
        """What is there of words and sound: "words", "sound", "audio" for both, or "stats" for neither.

        It is less than the session was to keep if words or sound were erased, or no words were recognised.
        """
        sound = self.sound_file(session.id).is_file()
        words = session.keep != "stats" and self._holds_words(session.id)
        return "audio" if words and sound else "words" if words else "sound" if sound else "stats"

    def _holds_words(self, session: int) -> bool:
        with self.connection() as db:
            (found,) = db.execute(
                "SELECT EXISTS (SELECT 1 FROM event WHERE session = ? AND kind = 'Words' "
                "AND json_extract(body, '$.text') IS NOT NULL)",
                (session,),
            ).fetchone()
        return bool(found)

    def running(self, session: int) -> bool:
        """Whether a process on this machine is recording the session now."""
        return is_running(self.path.parent, session)

    # ------------------------------------------------------------------------------------------- the connection

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """The connection, in autocommit mode, for one thread at a time. Only this package uses it.

        Failures of SQLite or of the disk inside the `with` block become a CoachError.
        """
        with self._lock:
            try:
                yield self._connected()
            except (sqlite3.Error, OSError) as error:
                raise explained(error, self.path) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction that is committed as a whole or not at all. Only this package uses it.

        The transaction takes the write lock at once, so that two writers wait for each other.
        """
        with self.connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # SQLite has already rolled back if the disk is full
                    db.execute("ROLLBACK")
                raise

    def _connected(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = connected(self.path, self._config.busy_timeout)
        return self._db

    def _words_kept(self, db: sqlite3.Connection, session: int) -> bool:
        row = db.execute("SELECT keep FROM session WHERE id = ?", (session,)).fetchone()
        if row is None:
            raise Forgotten(Message("notice.deleted_meanwhile"))
        return row[0] in ("words", "audio")


SESSIONS = """
SELECT id, started, people, keep, source, channels, attribution, transcriber, settings, version, ended,
       coalesce((SELECT at FROM event WHERE session = id ORDER BY n DESC LIMIT 1), 0)
FROM session
"""


def session_of(row: tuple[Any, ...]) -> StoredSession:
    """The session in one row of the query `SESSIONS`."""
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


def _put_in_place(db: sqlite3.Connection, session: int, n: int, body: dict[str, Any]) -> None:
    """Another body for one event: the table refuses changes, so that none happens by mistake."""
    (at, kind) = db.execute("SELECT at, kind FROM event WHERE session = ? AND n = ?", (session, n)).fetchone()
    db.execute("DELETE FROM event WHERE session = ? AND n = ?", (session, n))
    row = (session, n, at, kind, _json(body))
    db.execute("INSERT INTO event (session, n, at, kind, body) VALUES (?, ?, ?, ?, ?)", row)


def _put_right(session: StoredSession, put_right: list[Relabelling]) -> StoredSession:
    people = relabelled_people(session.people, put_right)
    settings = session.settings
    if settings.get("people"):
        settings = settings | {"people": list(relabelled_people(settings["people"], put_right))}
    return replace(session, people=people, settings=settings)


def _column(value: Any) -> Any:
    return _json(value) if isinstance(value, tuple | list | dict) else value


def _record(event: Event, keeps_words: bool) -> tuple[int, str, str]:
    """The columns "at", "kind" and "body" of an event."""
    record = to_record(event)
    if isinstance(event, Words) and not keeps_words:
        record["text"] = None
    return record.pop("at"), record.pop("event"), _json(record)


def _event(session: int, at: int, kind: str, body: str) -> Event:
    try:
        return from_record({"event": kind, "at": at, **json.loads(body)})
    except (KeyError, TypeError, ValueError) as error:
        raise CoachError(
            f"session {session} contains a {kind} that this version cannot read ({error}); update the coach"
        ) from error


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """A NumPy number as a Python number, anything else as text: an unexpected value must not stop the recorder."""
    return value.item() if hasattr(value, "item") else str(value)
