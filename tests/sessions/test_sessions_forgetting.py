"""Forgotten data is gone from the bytes of every file, however the session ended."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from coach.core.errors import BadInput, CoachError
from coach.core.events import Ended, Marked, Speech, Words
from coach.core.span import RATE, Span
from coach.sessions import (
    SessionHeader,
    Sound,
    Store,
    StoreConfig,
    forget_all_sessions,
    forget_old_sessions,
    forget_sessions,
)
from coach.sessions.afterwards import Noted, note_afterwards
from coach.sessions.voices import forget_voice, keep_voice, names_kept

NAME, SAID = "Zenobia", "a lantern under the stairs"
MARK, NOTE = "she laughed at the kettle", "I wish for slower evenings"
SECRETS = {each.encode() for each in (NAME, SAID, MARK, NOTE)}
OTHER = "the orchard gate was open"
NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def tell(store: Store, *, ends: bool = True) -> int:
    """Stores a session with private names, words, marks, a note and sound, and returns its number."""
    session = store.begin(SessionHeader(people=(NAME, "Ben"), keep="audio", settings={"people": [NAME, "Ben"]}))
    store.write(session, [Speech(at=n, who=NAME, span=Span(n, n + 9), confidence=1.0) for n in range(500)])
    store.write(session, [Words(at=n, who=NAME, span=Span(n, n + 9), count=5, text=f"{SAID} {n}") for n in range(500)])
    store.write(session, [Marked(at=900, note=MARK), *([Ended(at=999, reason="key")] if ends else [])])
    note_afterwards(store, session, Noted(NAME, NOON, {"care": 2}, NOTE))
    with Sound(store.sound_file(session)) as sound:
        sound.write(0, np.random.default_rng(session).uniform(-0.1, 0.1, RATE).astype(np.float32))
    return session


def tell_another(store: Store) -> int:
    session = store.begin(SessionHeader(people=("Cleo",), keep="words"))
    store.write(session, [Words(at=1, who="Cleo", span=Span(0, 1), count=5, text=OTHER)])
    return session


def found_in(folder: Path) -> set[bytes]:
    """The secrets that occur in the bytes of any file: the database, its log or others."""
    every = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {each for each in SECRETS if each in every}


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "coach.db", config=StoreConfig(busy_timeout=0.2)) as made:
        yield made


def test_names_words_marks_notes_and_sound_are_gone_but_not_those_of_other_sessions(store, tmp_path):
    session, stays = tell(store), tell_another(store)
    assert found_in(tmp_path) == SECRETS
    forget_sessions(store, session)
    assert found_in(tmp_path) == set()
    assert list((tmp_path / "audio").iterdir()) == []
    (words,) = store.events(stays)
    assert words.text == OTHER
    store.close()
    assert found_in(tmp_path) == set()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["coach.db"]


def test_forgetting_everything_leaves_files_without_any_trace(store, tmp_path):
    for _ in range(3):
        tell(store)
    assert forget_all_sessions(store) == 3
    assert found_in(tmp_path) == set()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coach.db", "coach.db-shm", "coach.db-wal"]


def test_expired_sessions_are_gone_from_the_bytes_too(store, tmp_path):
    tell(store)
    with Store(store.path, now=lambda: datetime.now(UTC) + timedelta(days=31)) as later:
        assert forget_old_sessions(later, 30) == 1
    assert found_in(tmp_path) == set()


KILLED = """
import os, signal, sys
from pathlib import Path
from coach.sessions import Store, forget_sessions
from tests.sessions.test_sessions_forgetting import tell
store = Store(Path(sys.argv[1]))
number = tell(store, ends=False)
if sys.argv[2] == "while forgetting":
    with store.connection() as db:
        db.set_trace_callback(lambda sql: os.kill(os.getpid(), signal.SIGKILL) if sql == "VACUUM" else None)
    forget_sessions(store, number)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder: Path, when: str) -> None:
    arguments = [sys.executable, "-c", KILLED, str(folder / "coach.db"), when]
    assert subprocess.run(arguments, check=False).returncode == -signal.SIGKILL


def test_a_killed_session_is_forgotten_with_the_log_that_it_left(tmp_path):
    killed(tmp_path, "while it was running")
    assert (tmp_path / "coach.db-wal").stat().st_size
    assert found_in(tmp_path) == SECRETS
    with Store(tmp_path / "coach.db") as store:
        forget_sessions(store, 1)
        assert found_in(tmp_path) == set()


def test_an_interrupted_deletion_is_completed_at_the_next_opening(tmp_path):
    killed(tmp_path, "while forgetting")
    with Store(tmp_path / "coach.db") as store:
        assert store.sessions() == []
    assert found_in(tmp_path) == set()


def test_while_another_process_reads_the_bytes_remain_until_it_ends_and_that_is_reported(store, tmp_path):
    session = tell(store)
    reader = sqlite3.connect(store.path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM event").fetchone() == (1002,)
    with pytest.raises(CoachError, match=r"are deleted.*not cleared yet; that happens when it ends"):
        forget_sessions(store, session)
    assert not store.sound_file(session).exists()
    assert store.sessions() == []
    store.close()
    assert found_in(tmp_path)  # the reader still sees the earlier state
    reader.close()
    assert found_in(tmp_path) == set()


def test_forgetting_everything_deletes_the_sound_even_while_another_process_reads(store):
    session = tell(store)
    store.sound_file(77).write_bytes(b"left over from a session that lost its row")
    reader = sqlite3.connect(store.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchone()
    with pytest.raises(CoachError, match="not cleared yet"):
        forget_all_sessions(store)
    reader.close()
    assert not store.sound_file(session).exists()
    assert not store.sound_folder.exists()


# ---------------------------------------------------------------------------------------------------- what is too old


@pytest.mark.parametrize(
    ("began", "days", "kept"),
    [
        ("2026-05-02T11:59:00+00:00", 1, False),
        ("2026-05-02T12:01:00+00:00", 1, True),
        ("2026-05-02T13:59:00+02:00", 1, False),  # a minute too old, in another time zone
        ("2026-05-02T08:01:00-04:00", 1, True),
        ("2031-01-01T00:00:00+00:00", 1, True),  # the clock was fast then, or is slow now
        ("1970-01-01T00:03:00+00:00", 1, True),  # the clock had been reset, so the age is unknown
        ("2010-01-01T00:03:00+00:00", 1, True),
        ("2021-01-01T00:00:00+00:00", 0, True),
    ],
)
def test_only_sessions_known_to_be_older_are_forgotten(tmp_path, began, days, kept):
    with Store(tmp_path / "coach.db", now=lambda: datetime.fromisoformat(began)) as store:
        session = store.begin(SessionHeader(people=("Ana",)))
    with Store(tmp_path / "coach.db", now=lambda: NOON) as store:
        assert forget_old_sessions(store, days) == (not kept)
        assert [each.id for each in store.sessions()] == ([session] if kept else [])


# ----------------------------------------------------------------------------------------------------------- one voice


def test_one_persons_voice_is_forgotten_and_nobody_elses(tmp_path):
    for who in (NAME, "Ben"):
        keep_voice(tmp_path, who, {"weights": np.ones(3)})
    forget_voice(tmp_path, NAME)
    assert names_kept(tmp_path) == ["Ben"]
    with pytest.raises(BadInput, match="no voice of Zenobia is kept; kept are: Ben"):
        forget_voice(tmp_path, NAME)
    forget_voice(tmp_path, "Ben")
    with pytest.raises(BadInput, match="no voice is kept"):
        forget_voice(tmp_path, "Ben")
