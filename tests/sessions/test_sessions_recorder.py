"""The store thread: disk errors do not stop a session, and a kill costs at most the last second."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.core.errors import NotWritable
from coach.core.events import Ended, InputLevel, Marked, Words
from coach.core.span import RATE, Span
from coach.sessions import (
    Recorder,
    RecorderConfig,
    SessionHeader,
    Sound,
    Store,
    forget_old_sessions,
    forget_sessions,
)
from tests.waiting import wait

BEGINNING = SessionHeader(people=("Ana", "Ben"))
WITH_SOUND = SessionHeader(people=("Ana", "Ben"), keep="audio")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "data" / "coach.db") as made:
        yield made


def silent(line: str) -> None:
    raise AssertionError(f"nothing should be said, but: {line}")


def test_events_are_stored_in_order_and_ended_ends_the_session(store):
    recorder = Recorder(store, BEGINNING, silent)
    for at in range(100):
        recorder.put(Marked(at=at))
        recorder.put(InputLevel(at=at, dbfs=(-30.0,)))
    recorder.put(Ended(at=100, reason="key"))
    recorder.close()
    assert [event.at for event in store.events(recorder.session)] == list(range(101))
    assert store.session().ended == "key"


def test_events_are_committed_without_a_close_and_by_design_within_half_a_second(store):
    assert RecorderConfig().commit <= 0.5
    recorder = Recorder(store, BEGINNING, silent)
    recorder.put(Marked(at=1))
    wait("the event in the store", lambda: list(store.events(recorder.session)))
    recorder.close()


def statements(store: Store, beginning: str) -> queue.SimpleQueue[str]:
    """A list that collects the SQL statements with this beginning that run from now on."""
    run: queue.SimpleQueue[str] = queue.SimpleQueue()
    with store.connection() as db:
        db.set_trace_callback(lambda sql: run.put(sql) if sql.startswith(beginning) else None)
    return run


def test_events_for_the_screen_are_not_written_to_disk(store):
    recorder = Recorder(store, BEGINNING, silent)
    commits = statements(store, "COMMIT")
    recorder.put(InputLevel(at=0, dbfs=(-30.0,)))
    recorder.close()
    assert commits.qsize() == 0


def test_a_batch_is_committed_together(store):
    recorder = Recorder(store, BEGINNING, silent, config=RecorderConfig(commit=0.3))
    commits = statements(store, "COMMIT")
    for at in range(200):
        recorder.put(Marked(at=at))
    recorder.close()
    assert 1 <= commits.qsize() <= 3


def leave_room(store: Store, pages: int) -> None:
    """Let the file grow by so many pages at most, like a full disk."""
    with store.connection() as db:
        (count,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {count + pages}")


def make_room(store: Store) -> None:
    leave_room(store, 100_000)


FULL = "the disk is full: the session goes on, but nothing is stored from here until that is fixed"
AGAIN = "the session is stored again, including everything that was waiting"


def test_a_full_disk_is_reported_once_and_waiting_events_are_stored_when_there_is_room(store):
    said: list[str] = []
    recorder = Recorder(store, BEGINNING, said.append, config=RecorderConfig(commit=0.02, retry=0.1))
    leave_room(store, pages=2)
    for at in range(300):
        recorder.put(Marked(at=at, note="x" * 200))
    wait("that the disk is full", lambda: said)
    recorder.put(Marked(at=300))
    tries = statements(store, "BEGIN")
    wait("several tries", lambda: tries.qsize() > 2)
    assert said == [FULL]
    make_room(store)
    wait("that it is stored again", lambda: len(said) == 2)
    recorder.put(Marked(at=301))
    wait("the last event in the store", lambda: store.session().last == 301)
    leave_room(store, pages=0)
    recorder.put(Marked(at=302, note="x" * 8000))
    wait("that the disk is full again", lambda: len(said) == 3)
    make_room(store)
    recorder.close()
    assert said == [FULL, AGAIN, FULL, AGAIN]
    assert [event.at for event in store.events(recorder.session)] == list(range(303))


def test_a_disk_that_is_full_from_the_start_does_not_stop_a_session(store):
    with store.connection() as db:
        db.execute("CREATE TABLE filler (x)")
    leave_room(store, pages=0)
    while True:
        try:
            store.begin(SessionHeader(people=("x" * 500,)))
        except Exception:
            break
    said: list[str] = []
    recorder = Recorder(
        store, SessionHeader(people=("y" * 500,)), said.append, config=RecorderConfig(commit=0.02, retry=0.1)
    )
    assert said == [FULL]
    recorder.put(Marked(at=1))
    make_room(store)
    recorder.close()
    assert list(store.events(recorder.session)) == [Marked(at=1)]


def test_events_that_were_never_stored_are_counted_at_the_end(store):
    said: list[str] = []
    recorder = Recorder(store, BEGINNING, said.append, config=RecorderConfig(commit=0.02, retry=60.0))
    leave_room(store, pages=0)
    for at in range(50):
        recorder.put(Marked(at=at, note="x" * 4000))
    recorder.close()
    assert said[0] == FULL
    assert said[-1] == "50 events of this session could not be stored"


def test_what_the_disk_did_not_take_is_in_memory_at_the_end(store):
    said: list[str] = []
    recorder = Recorder(store, BEGINNING, said.append, config=RecorderConfig(commit=0.02, retry=60.0))
    recorder.put(Marked(at=1))
    wait("the first event in the store", lambda: list(store.events(recorder.session)))
    leave_room(store, pages=0)
    late = [Marked(at=at, note="x" * 4000) for at in range(2, 52)]
    for each in late:
        recorder.put(each)
    recorder.close()
    assert list(store.events(recorder.session)) == [Marked(at=1)]
    assert recorder.unstored == tuple(late)


def read_only(store: Store) -> None:
    with store.connection() as db:
        db.execute("PRAGMA query_only = ON")


def test_where_nothing_can_be_written_a_session_goes_on_and_is_not_kept(store):
    read_only(store)
    said: list[str] = []
    recorder = Recorder(store, BEGINNING, said.append, keep_days=7, config=RecorderConfig(commit=0.0, retry=0.0))
    recorder.put(Marked(at=1))
    recorder.close()
    assert said == [f"{store.path} cannot be written: it is read-only; this session is not kept"]
    assert recorder.session is None
    assert recorder.unstored == (Marked(at=1),)


def test_where_nothing_can_be_written_a_session_that_was_to_keep_sound_does_not_begin(store):
    read_only(store)
    with pytest.raises(NotWritable, match="is read-only, so words and sound cannot be kept; with `--keep stats`"):
        Recorder(store, WITH_SOUND, silent)


def test_a_session_forgotten_while_it_runs_says_so_once_and_keeps_no_sound(store):
    said: list[str] = []
    recorder = Recorder(store, WITH_SOUND, said.append, config=RecorderConfig(commit=0.02))
    recorder.sound(0, np.zeros(RATE, np.float32))
    recorder.put(Marked(at=1))
    wait("the file of the sound", store.sound_file(recorder.session).exists)
    wait("the event in the store", lambda: list(store.events(recorder.session)))
    forget_sessions(store, recorder.session)
    recorder.put(Marked(at=2))
    wait("that the session was forgotten", lambda: said)
    recorder.put(Marked(at=3))
    recorder.sound(RATE, np.zeros(RATE, np.float32))
    recorder.close()
    assert said == ["this session was deleted while it was running: nothing is stored from here"]
    assert not store.sound_file(recorder.session).exists()


def test_old_sessions_are_forgotten_when_a_new_one_begins(tmp_path):
    from datetime import UTC, datetime, timedelta

    long_ago = datetime.now(UTC) - timedelta(days=8)
    with Store(tmp_path / "coach.db", now=lambda: long_ago) as store:
        store.begin(BEGINNING)
    said: list[str] = []
    with Store(tmp_path / "coach.db") as store:
        recorder = Recorder(store, BEGINNING, said.append, keep_days=7)
        recorder.close()
        assert [each.id for each in store.sessions()] == [recorder.session]
    assert said == ["sessions older than 7 days were deleted: 1"]


def test_a_session_is_marked_as_running_until_it_ends(store):
    recorder = Recorder(store, BEGINNING, silent)
    assert recorder.session is not None
    assert store.running(recorder.session)
    assert not store.running(recorder.session + 1)
    recorder.close()
    assert not store.running(recorder.session)
    assert list((store.path.parent / "running").iterdir()) == []


def test_a_running_session_is_not_expired_even_if_the_clock_was_set(tmp_path):
    """A laptop that woke up with last year's date begins a session and then gets the time from the network."""
    from datetime import UTC, datetime, timedelta

    long_ago = datetime.now(UTC) - timedelta(days=365)
    slow = Store(tmp_path / "coach.db", now=lambda: long_ago)
    going_on = Recorder(slow, BEGINNING, silent)
    with Store(tmp_path / "coach.db") as store:
        Recorder(store, BEGINNING, silent, keep_days=7).close()
        assert going_on.session in [each.id for each in store.sessions()]
        going_on.close()
        assert forget_old_sessions(store, 7) == 1
    slow.close()


def test_sound_that_began_after_the_session_was_forgotten_is_deleted(store):
    said: list[str] = []
    recorder = Recorder(store, WITH_SOUND, said.append, config=RecorderConfig(commit=0.02))
    forget_sessions(store, recorder.session)
    recorder.sound(0, np.zeros(RATE, np.float32))
    wait("the file of the sound", store.sound_file(recorder.session).exists)
    recorder.put(Marked(at=2))
    recorder.close()
    assert not store.sound_file(recorder.session).exists()


KILLED = """
import sys, time
from pathlib import Path
import numpy as np
from coach.core.events import Words
from coach.sessions import SessionHeader, Recorder, Store
from coach.core.span import Span
recorder = Recorder(Store(Path(sys.argv[1])), SessionHeader(people=("Ana",), keep="audio"), print)
rng = np.random.default_rng(0)
for n in range(10_000):
    recorder.put(Words(at=n * 320, who="Ana", span=Span(0, 1), count=1, text=str(n)))
    recorder.sound(n * 320, rng.uniform(-0.1, 0.1, 320).astype(np.float32))
    print(n, flush=True)
    time.sleep(0.02)
"""


def test_a_kill_loses_at_most_the_last_second_and_the_file_opens_again(tmp_path):
    path = tmp_path / "coach.db"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    told: list[tuple[float, int]] = []
    for line in child.stdout:
        told.append((time.monotonic(), int(line)))
        if told[-1][0] - told[0][0] > 2.5:
            break
    child.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    child.communicate()
    assert child.returncode == -signal.SIGKILL

    with Store(path) as store:
        session = store.session()
        assert session.ended is None
        numbers = [int(event.text) for event in store.events(session.id)]
        assert numbers == list(range(len(numbers)))
        a_second_before = [n for when, n in told if when < killed - 1.0]
        assert numbers[-1] >= a_second_before[-1]
        assert session.last == numbers[-1] * 320

        sound = played(store.sound_file(session.id))
        assert len(sound) >= (a_second_before[-1]) * 320
        store.write(store.begin(BEGINNING), [Marked(at=1)])  # a running session
        assert not store.running(session.id)


def played(path: Path) -> np.ndarray:
    """The sound of a file as a player reads it; the header may lack the length."""
    import av

    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])


# --------------------------------------------------------------------------------------------------------- sound


def test_the_sound_is_kept_at_its_position_on_the_sample_clock(store):
    recorder = Recorder(store, WITH_SOUND, silent)
    tone = (0.5 * np.sin(np.arange(RATE) / 10)).astype(np.float32)
    recorder.sound(0, tone)
    recorder.sound(30 * RATE, tone)  # the sound in between was lost
    recorder.close()
    path = store.sound_file(recorder.session)
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    assert len(sound) == 31 * RATE
    assert np.allclose(sound[:RATE], tone, atol=1e-4)
    assert not sound[RATE : 30 * RATE].any()
    assert np.allclose(sound[30 * RATE :], tone, atol=1e-4)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_repeated_block_is_written_once_and_loud_samples_do_not_wrap(tmp_path):
    with Sound(tmp_path / "audio" / "s.flac", channels=2) as sound:
        sound.write(0, np.full((100, 2), 1.5, np.float32))
        sound.write(50, np.zeros((100, 2), np.float32))
    heard, _ = soundfile.read(sound.path)
    assert heard.shape == (150, 2)
    assert (heard[:100] > 0.99).all()
    assert not heard[100:].any()


@pytest.mark.parametrize("keep", ["stats", "words"])
def test_no_sound_is_kept_unless_requested(store, keep):
    recorder = Recorder(store, SessionHeader(people=("Ana",), keep=keep), silent)
    recorder.sound(0, np.zeros(RATE, np.float32))
    recorder.close()
    assert not store.sound_file(recorder.session).parent.exists()


NO_ROOM = """
import resource, sys
from pathlib import Path
import numpy as np
from coach.core.events import Ended, Marked
from coach.sessions import SessionHeader, Recorder, Store
from coach.core.span import RATE
store = Store(Path(sys.argv[1]))
recorder = Recorder(store, SessionHeader(people=("Ana",), keep="audio"), print)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))  # the system refuses to let a file grow further
rng = np.random.default_rng(0)
for second in range(30):
    recorder.sound(second * RATE, rng.uniform(-1, 1, RATE).astype(np.float32))
recorder.put(Marked(at=1))
recorder.put(Ended(at=2, reason="key"))
recorder.close()
"""


def test_if_sound_cannot_be_written_one_notice_says_so_and_events_are_still_stored(tmp_path):
    path = tmp_path / "coach.db"
    child = subprocess.run([sys.executable, "-c", NO_ROOM, str(path)], capture_output=True, text=True, check=False)
    assert child.stdout.splitlines() == [
        "sound is no longer kept (the disk is full, or cannot be written to): "
        "the session goes on, and its times and counts are stored"
    ]
    assert child.returncode == 0, child.stderr
    with Store(path) as store:
        assert list(store.events(store.session().id)) == [Marked(at=1), Ended(at=2, reason="key")]


class BrokenDisk:
    """A sound file that can neither be written nor closed."""

    def write(self, at: int, block: np.ndarray) -> None:
        raise OSError("no")

    def close(self) -> None:
        raise OSError("no")


def test_a_sound_file_that_fails_twice_is_reported_once(store, monkeypatch):
    monkeypatch.setattr("coach.sessions.recorder.Sound", lambda path, channels: BrokenDisk())
    said: list[str] = []
    recorder = Recorder(store, WITH_SOUND, said.append)
    for second in range(3):
        recorder.sound(second * RATE, np.zeros(RATE, np.float32))
    recorder.close()
    assert len(said) == 1
    assert "sound is no longer kept" in said[0]


def test_put_never_waits_even_if_the_store_is_locked(store):
    recorder = Recorder(store, BEGINNING, lambda line: None, config=RecorderConfig(commit=0.02))
    with store.connection():  # blocks the store until all events were put
        for at in range(1000):
            recorder.put(Words(at=at, who="Ana", span=Span(0, 1), count=1))
    recorder.close()
    assert len(list(store.events(recorder.session))) == 1000
