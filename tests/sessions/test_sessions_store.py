"""What is stored, who may read it, and what remains after deletion."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from coach.core.errors import BadInput, CoachError
from coach.core.events import (
    AudioGap,
    Cue,
    CueFailed,
    CuePlayed,
    DeviceLost,
    DeviceOpened,
    Ended,
    Enrolled,
    Event,
    FloorTaken,
    Hushed,
    InputLevel,
    Lag,
    Marked,
    Notice,
    Speech,
    SpeechOn,
    VoiceOff,
    VoiceOn,
    Words,
)
from coach.core.span import Span
from coach.sessions import (
    Forgotten,
    SessionHeader,
    Store,
    forget_all_sessions,
    forget_old_sessions,
    forget_sessions,
)
from tests.waiting import wait

SECRET = "the heron by the grey canal"
BEGINNING = SessionHeader(people=("Ana", "Ben"), source="microphone", settings={"pause": 2.0}, version="0.1")
NOON = datetime(2024, 5, 3, 12, 0, tzinfo=timezone(timedelta(hours=2)))


def one_of_each() -> list[Event]:
    words = Words(at=5, who="Ana", span=Span(1, 4), count=6, text=SECRET, sentences=1, level="3", kinds=("feelings",))
    cue = Cue(
        at=6,
        kind="inward",
        form="spoken",
        text="…and how?",
        to="Ana",
        given=False,
        held_back="budget",
        because={"x": 1.5},
    )
    return [
        DeviceOpened(at=0, device="mic", rate=48000, channels=2),
        InputLevel(at=1, dbfs=(-30.0,)),
        VoiceOn(at=1, onset=1),
        SpeechOn(at=2, who="Ana", onset=1, confidence=0.9),
        VoiceOff(at=3, end=3),
        Speech(at=4, who="Ana", span=Span(1, 4), confidence=0.9),
        Enrolled(at=4, who="Ana", span=Span(1, 4)),
        words,
        FloorTaken(at=5, who="Ben", after="Ana", onset=4, fto=0, after_share=False, too_soon=False, over=False),
        cue,
        CuePlayed(at=7, kind="inward", span=Span(6, 7), cut=True),
        CueFailed(at=7, kind="inward", reason="no voice"),
        Hushed(at=8, on=True),
        Marked(at=9, note="here"),
        Lag(at=9, stage="words", behind=7),
        AudioGap(at=10, span=Span(9, 10), reason="unplugged"),
        DeviceLost(at=10, device="mic", reason="unplugged"),
        Notice(at=11, text="no voice"),
    ]


def told(text: str | None = SECRET, at: int = 5) -> Words:
    return Words(at=at, who="Ana", span=Span(0, 5), count=6, text=text)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "data" / "coach.db", now=lambda: NOON) as made:
        yield made


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_session_comes_back_as_written_without_events_for_the_screen(store):
    session = store.begin(SessionHeader(people=("Ana",), keep="words"))
    events = one_of_each()
    store.write(session, events[:7])
    store.write(session, events[7:])
    assert list(store.events(session)) == [event for event in events if event.stored]
    assert not {"Lag", "InputLevel", "VoiceOn", "VoiceOff", "SpeechOn", "FloorTaken"} & {
        type(event).__name__ for event in store.events(session)
    }


@pytest.mark.parametrize(("keep", "kept"), [("stats", None), ("words", SECRET), ("audio", SECRET)])
def test_words_are_on_disk_only_on_request(store, keep, kept):
    session = store.begin(SessionHeader(people=("Ana",), keep=keep))
    store.write(session, [told()])
    (words,) = store.events(session)
    assert words == told(kept)
    assert (SECRET.encode() in bytes_of(store.path.parent)) == (kept is not None)


def test_an_ended_session_has_a_reason_and_a_killed_one_has_none(store):
    ended, killed = store.begin(BEGINNING), store.begin(BEGINNING)
    store.write(ended, [Marked(at=100), Ended(at=500, reason="key")])
    store.write(killed, [Marked(at=100), Marked(at=300)])
    assert [(each.id, each.ended, each.last) for each in store.sessions()] == [(ended, "key", 500), (killed, None, 300)]
    assert store.session().id == killed
    first = store.session(ended)
    assert (first.people, first.source, first.settings, first.started) == (
        ("Ana", "Ben"),
        "microphone",
        {"pause": 2.0},
        NOON,
    )


def test_the_error_for_a_missing_session_says_how_to_list_them(store):
    with pytest.raises(BadInput, match="no session is stored yet"):
        store.session()
    store.begin(BEGINNING)
    with pytest.raises(BadInput, match="there is no session 9; `coach sessions`"):
        store.session(9)
    with pytest.raises(BadInput, match="there is no session 9"):
        forget_sessions(store, 9)


def test_only_the_owner_can_read_the_folder_and_every_file_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        with Store(tmp_path / "data" / "coach.db") as store:
            store.write(store.begin(BEGINNING), [Marked(at=1)])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
            assert modes == {"coach.db": 0o600, "coach.db-wal": 0o600, "coach.db-shm": 0o600}
            assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_a_file_that_others_could_read_is_made_private(tmp_path):
    with Store(tmp_path / "coach.db") as store:
        store.begin(BEGINNING)
    store.path.chmod(0o644)
    with Store(store.path):
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_forgetting_leaves_none_of_the_words_in_the_bytes_and_removes_the_sound(store):
    gone, stays = (store.begin(SessionHeader(people=("Ana",), keep="words")) for _ in range(2))
    other = "a letter from the north"
    store.write(gone, [told(f"{SECRET} {n}", at=n) for n in range(3000)])
    store.write(stays, [told(other)])
    store.sound_file(gone).parent.mkdir()
    store.sound_file(gone).write_bytes(b"sound")
    store.sound_file(stays).write_bytes(b"sound")
    assert SECRET.encode() in bytes_of(store.path.parent)

    forget_sessions(store, gone)

    assert SECRET.encode() not in bytes_of(store.path.parent)
    assert [each.id for each in store.sessions()] == [stays]
    assert list(store.events(gone)) == []
    assert list(store.events(stays)) == [told(other)]
    assert not store.sound_file(gone).exists()
    assert store.sound_file(stays).exists()


def test_deleted_bytes_are_overwritten_in_place_before_the_file_shrinks(store):
    session = store.begin(SessionHeader(people=("Ana",), keep="words"))
    store.write(session, [told(f"{SECRET} {n}", at=n) for n in range(300)])
    store.close()  # so that the words are in the file itself
    assert SECRET.encode() in store.path.read_bytes()
    seen = []
    with store.connection() as db:
        db.set_trace_callback(lambda sql: seen.append(store.path.read_bytes()) if sql == "VACUUM" else None)
    forget_sessions(store, session)
    (before,) = seen
    assert len(before) > len(store.path.read_bytes())
    assert SECRET.encode() not in before


def test_forgetting_everything_leaves_no_words_or_sound_and_numbers_are_not_reused(store):
    first = store.begin(SessionHeader(people=("Ana",), keep="words"))
    store.write(first, [told()])
    store.sound_file(77).parent.mkdir()
    store.sound_file(77).write_bytes(b"left over from a session that lost its row")
    assert forget_all_sessions(store) == 1
    assert store.sessions() == []
    assert SECRET.encode() not in bytes_of(store.path.parent)
    assert not store.sound_file(77).exists()
    assert store.begin(BEGINNING) > first


def test_a_session_forgotten_while_it_runs_stores_nothing_more(store):
    session = store.begin(BEGINNING)
    forget_sessions(store, session)
    with pytest.raises(Forgotten):
        store.write(session, [Marked(at=1)])


def test_sessions_older_than_keep_days_are_forgotten_and_none_without_it(tmp_path):
    def at(days: float) -> Store:
        return Store(tmp_path / "coach.db", now=lambda: NOON + timedelta(days=days))

    for day in (0, 5, 9):
        with at(day) as store:
            store.begin(BEGINNING)
    with at(10.5) as store:
        assert forget_old_sessions(store, 0) == 0
        assert forget_old_sessions(store, 5) == 2
        assert [each.id for each in store.sessions()] == [3]


def test_events_are_never_changed(store):
    session = store.begin(BEGINNING)
    store.write(session, [Marked(at=1)])
    with sqlite3.connect(store.path) as other, pytest.raises(sqlite3.IntegrityError, match="never change"):
        other.execute("UPDATE event SET at = 2")


def test_a_batch_is_stored_completely_or_not_at_all(store):
    session = store.begin(BEGINNING)
    with pytest.raises(AttributeError):
        store.write(session, [Marked(at=1), None])  # type: ignore[list-item]
    assert list(store.events(session)) == []
    store.write(session, [Marked(at=2)])
    assert list(store.events(session)) == [Marked(at=2)]


def test_numpy_numbers_are_stored_as_numbers(store):
    session = store.begin(BEGINNING)
    because = {"fto_s": np.float32(0.5), "n": np.int64(3)}
    store.write(
        session, [Cue(at=1, kind="k", form="tone", text="", to="Ben", given=True, held_back=None, because=because)]
    )
    (cue,) = store.events(session)
    assert isinstance(cue, Cue)
    assert cue.because == {"fto_s": 0.5, "n": 3}


def test_a_file_of_a_newer_coach_is_left_alone(store):
    store.begin(BEGINNING)
    store.close()
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 99")
    before = store.path.read_bytes()
    with pytest.raises(CoachError, match=r"written by a newer coach.*99"):
        store.open()
    assert store.path.read_bytes() == before


def test_an_event_of_a_newer_coach_is_reported_and_not_guessed_at(store):
    session = store.begin(BEGINNING)
    with sqlite3.connect(store.path) as db:
        db.execute("INSERT INTO event VALUES (?, 0, 1, 'Telepathy', '{}')", (session,))
    with pytest.raises(CoachError, match=r"Telepathy.*update the coach"):
        list(store.events(session))


def test_a_file_that_is_not_a_database_is_reported_in_one_line(tmp_path):
    path = tmp_path / "coach.db"
    path.write_bytes(b"this is a shopping list, and a long one\n" * 100)
    with pytest.raises(CoachError, match="is not a database of the coach") as caught:
        Store(path).open()
    assert "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file_is_reported_in_one_line(tmp_path):
    (tmp_path / "coach.db").mkdir()
    with pytest.raises(CoachError, match="cannot be used"):
        Store(tmp_path / "coach.db").open()


SEVERAL = """
import sys
from pathlib import Path
from coach.core.events import Marked
from coach.sessions import SessionHeader, Store
with Store(Path(sys.argv[1])) as store:
    session = store.begin(SessionHeader(people=("Ana",)))
    for at in range(40):
        store.write(session, [Marked(at=at, note=str(session))])
"""


def test_several_sessions_at_once_share_one_file(tmp_path):
    path = tmp_path / "coach.db"
    children = [subprocess.Popen([sys.executable, "-c", SEVERAL, str(path)]) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    with Store(path) as store:
        for session in store.sessions():
            assert list(store.events(session.id)) == [Marked(at=at, note=str(session.id)) for at in range(40)]
        assert len(store.sessions()) == 3


def times_open(path: Path) -> int:
    """The number of this process's open descriptors of the file."""
    there, found = path.stat(), 0
    for descriptor in range(256):
        with contextlib.suppress(OSError):
            found += os.path.samestat(os.fstat(descriptor), there)
    return found


def test_two_processes_that_create_the_file_at_the_same_moment_create_it_once(tmp_path):
    path = tmp_path / "coach.db"
    with Store(path) as finished, finished.connection() as db:
        tables = [sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql NOT LIKE '%sequence%'")]
        (version,) = db.execute("PRAGMA user_version").fetchone()
    path.unlink()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    store = Store(path)
    failures = []

    def begin() -> None:
        try:
            store.begin(BEGINNING)
        except CoachError as error:
            failures.append(error)

    before = times_open(path)
    late = threading.Thread(target=begin)
    late.start()
    wait("that the second store opens the file", lambda: times_open(path) != before)  # it is empty, and locked
    for sql in tables:
        other.execute(sql)
    other.execute(f"PRAGMA user_version = {version}")
    other.execute("COMMIT")
    late.join()
    other.close()
    assert failures == []
    assert len(store.sessions()) == 1


def test_a_long_session_comes_back_in_order(store):
    session = store.begin(BEGINNING)
    events = [Marked(at=at) for at in range(2500)]
    store.write(session, events)
    assert list(store.events(session)) == events
