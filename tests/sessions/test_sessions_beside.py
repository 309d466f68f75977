"""Data stored with the events: cached figures, personal notes, and files that an earlier version wrote."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.core.errors import BadInput, CoachError
from coach.core.events import Ended, Marked
from coach.sessions import SessionHeader, Store, forget_sessions
from coach.sessions.afterwards import Noted, note_afterwards, noted_afterwards
from coach.sessions.figures import keep_figures, kept_figures

BEGINNING = SessionHeader(people=("Ana", "Ben"))
EVENING = datetime(2024, 5, 3, 21, 0, tzinfo=UTC)
SECRET = "the otter under the bridge"


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "data" / "coach.db") as made:
        yield made


@pytest.fixture
def session(store):
    number = store.begin(BEGINNING)
    store.write(number, [Marked(at=100), Ended(at=200, reason="key")])
    return number


def changed(store: Store, statement: str) -> None:
    """Changes the file without the store."""
    with sqlite3.connect(store.path) as db:
        db.execute(statement)
    db.close()


# ------------------------------------------------------------------------------------------------------ figures


def test_figures_are_valid_for_their_definitions_and_events(store, session):
    keep_figures(store, session, "as of May", 2, {"pause": {"value": 1.5}})
    assert kept_figures(store, "as of May") == {session: {"pause": {"value": 1.5}}}
    assert kept_figures(store, "as of June") == {}


def test_figures_are_invalid_once_the_session_has_gone_on(store, session):
    keep_figures(store, session, "as of May", 2, {})
    store.write(session, [Marked(at=300)])
    assert kept_figures(store, "as of May") == {}
    keep_figures(store, session, "as of May", 3, {"anew": 1})
    assert kept_figures(store, "as of May") == {session: {"anew": 1}}


def test_figures_of_more_events_than_are_stored_are_invalid(store, session):
    keep_figures(store, session, "as of May", 3, {})
    assert kept_figures(store, "as of May") == {}


@pytest.mark.parametrize("body", ["{", "[]", "null", ""])
def test_damaged_figures_are_invalid(store, session, body):
    keep_figures(store, session, "as of May", 2, {"pause": 1})
    changed(store, f"UPDATE figures SET body = '{body}'")
    assert kept_figures(store, "as of May") == {}


def test_a_session_without_events_has_figures_too(store):
    number = store.begin(BEGINNING)
    keep_figures(store, number, "as of May", 0, {})
    assert kept_figures(store, "as of May") == {number: {}}


def test_figures_are_deleted_with_their_session_and_not_stored_for_a_deleted_one(store, session):
    keep_figures(store, session, "as of May", 2, {"Ana": 1})
    forget_sessions(store, session)
    keep_figures(store, session, "as of May", 2, {"Ana": 1})
    with store.connection() as db:
        assert db.execute("SELECT * FROM figures").fetchall() == []


# --------------------------------------------------------------------------------------------------- afterwards


def test_a_note_is_read_for_its_person_alone(store, session):
    noted = Noted("Ana", EVENING, {"care": 4}, SECRET)
    note_afterwards(store, session, noted)
    assert noted_afterwards(store, session, "Ana") == noted
    assert noted_afterwards(store, session, "Ben") is None
    other = store.begin(BEGINNING)
    assert noted_afterwards(store, other, "Ana") is None


def test_a_new_note_replaces_the_earlier_one(store, session):
    note_afterwards(store, session, Noted("Ana", EVENING, {"care": 4}, SECRET))
    note_afterwards(store, session, Noted("Ben", EVENING, {}, "mine"))
    note_afterwards(store, session, Noted("Ana", EVENING, {"respect": 2}, ""))
    assert noted_afterwards(store, session, "Ana") == Noted("Ana", EVENING, {"respect": 2}, "")
    assert noted_afterwards(store, session, "Ben") == Noted("Ben", EVENING, {}, "mine")


def test_a_note_is_cleared_from_the_bytes_when_its_session_is_deleted(store, session):
    kept = store.begin(BEGINNING)
    note_afterwards(store, session, Noted("Ana", EVENING, {}, SECRET))
    note_afterwards(store, kept, Noted("Ana", EVENING, {}, "still here"))
    forget_sessions(store, session)
    left = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert SECRET.encode() not in left
    assert b"still here" in left


def test_no_note_is_stored_for_a_deleted_session(store, session):
    forget_sessions(store, session)
    with pytest.raises(BadInput, match="deleted"):
        note_afterwards(store, session, Noted("Ana", EVENING, {}, SECRET))


# ------------------------------------------------------------------------------------------------ earlier files

VERSION_1 = """
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, started_utc TEXT NOT NULL, people TEXT NOT NULL,
  keep TEXT NOT NULL, source TEXT NOT NULL, channels INTEGER NOT NULL, attribution TEXT NOT NULL,
  transcriber TEXT NOT NULL, settings TEXT NOT NULL, version TEXT NOT NULL, ended TEXT
);
CREATE TABLE event (
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE, n INTEGER NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (session, n)
) WITHOUT ROWID;
CREATE TRIGGER event_is_append_only BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events never change'); END;
PRAGMA user_version = 1;
"""


@pytest.fixture
def earlier(tmp_path) -> Path:
    """A file with the first tables: session 1 was deleted, 2 has three events and an end, 3 was killed."""
    path = tmp_path / "coach.db"
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    for number in (1, 2, 3):
        db.execute(
            "INSERT INTO session VALUES (?, '2024-05-03T12:00:00+02:00', '2024-05-03T10:00:00+00:00', ?, 'words', "
            "'microphone', 1, 'enrolled', 'none', ?, '0.1', ?)",
            (number, json.dumps(["Ana", "Ben"]), json.dumps({"pause": 2.5}), "key" if number == 2 else None),
        )
    for n, (at, kind, body) in enumerate(
        [(5, "Marked", {"note": SECRET}), (6, "Hushed", {"on": True}), (9, "Ended", {"reason": "key"})]
    ):
        db.execute("INSERT INTO event VALUES (2, ?, ?, ?, ?)", (n, at, kind, json.dumps(body)))
    db.execute("DELETE FROM session WHERE id = 1")
    db.commit()
    db.close()
    return path


def everything(path: Path) -> list[tuple]:
    db = sqlite3.connect(path)
    try:
        return [
            row for table in ("session", "event", "sqlite_sequence") for row in db.execute(f"SELECT * FROM {table}")
        ]
    finally:
        db.close()


def test_a_file_with_the_first_version_of_the_tables_is_upgraded_without_loss(earlier):
    before = everything(earlier)
    with Store(earlier) as store:
        assert [(each.id, each.ended, each.last) for each in store.sessions()] == [(2, "key", 9), (3, None, 0)]
        assert next(iter(store.events(2))) == Marked(at=5, note=SECRET)
        assert everything(earlier) == before
        keep_figures(store, 2, "as of May", 3, {"pause": 1})
        assert kept_figures(store, "as of May") == {2: {"pause": 1}}
        note_afterwards(store, 3, Noted("Ben", EVENING, {"care": 1}, ""))
        assert store.begin(BEGINNING) == 4
        with pytest.raises(CoachError, match="events never change"), store.transaction() as db:
            db.execute("UPDATE event SET at = 0")


def test_a_new_file_has_the_same_tables_as_an_upgraded_one(earlier, tmp_path):
    def tables(path: Path) -> list[tuple]:
        with Store(path) as store, store.connection() as db:
            listed = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            return [(name, db.execute(f"PRAGMA table_info({name})").fetchall()) for (name,) in listed]

    assert tables(earlier) == tables(tmp_path / "new.db")
    with sqlite3.connect(earlier) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (3,)


def test_an_upgrade_is_all_or_nothing(earlier):
    db = sqlite3.connect(earlier)
    db.execute("CREATE TABLE afterwards (mine TEXT)")  # the second new table cannot be made
    db.commit()
    db.close()
    before = everything(earlier)
    with pytest.raises(CoachError, match="cannot be used"):
        Store(earlier).open()
    db = sqlite3.connect(earlier)
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert ("figures",) not in db.execute("SELECT name FROM sqlite_master").fetchall()
    db.close()
    assert everything(earlier) == before
