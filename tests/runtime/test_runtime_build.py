"""A session is built completely or not at all: if a part fails, what was opened and started before is closed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, NoReturn

import pytest

from coach.audio.player import NoPlayer
from coach.coaching import Catalogue
from coach.core.errors import CoachError
from coach.core.settings import Settings, data_folder
from coach.cues import copy_of
from coach.runtime import Devices, LiveSession, Options, Ready, begin, build_session, get_ready
from coach.runtime import build as building
from coach.sessions import DATABASE_FILE, Store
from coach.sessions import recorder as recording
from coach.sessions.voices import VOICES_FOLDER
from coach.vad import SILERO
from tests.runtime.staged import Script, Stage, plan, sounds
from tests.waiting import wait

PARTS = [
    "Worker",
    "exercise",
    "Opening",
    "CueOutput",
    "Ear",
    "CheckInPhase",
    "InTurn",
    "Pipeline",
    "ResidualEchoGate",
    "Inbox",
    "SessionHeader",
    "Recorder",
    "Parts",
    "LiveSession",
]


class Engine(Script):
    closed = False

    def close(self) -> None:
        self.closed = True


class Speaker(NoPlayer):
    closed = False

    def close(self) -> None:
        self.closed = True


class Broken(Exception):
    """The error of the part that fails."""


def fails(*_: object, **__: object) -> NoReturn:
    raise Broken


class Evening:
    """Everything that a session is built from, and the threads that existed before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source, self.speaker, self.engine = Stage(iter(())), Speaker(), Engine("Hello.")
        self.store = Store(folder / "coach.db")
        self.before = set(threading.enumerate())

    def build(self) -> LiveSession:
        return build_session(
            plan(settings=Settings(keep="audio"), voices={}, played_back=False, practice=True),
            source=self.source,
            speaker=self.speaker,
            sounds=sounds(self.folder),
            catalogue=Catalogue.load(),
            transcriber=self.engine,
            store=self.store,
            show=lambda event: None,
        )

    def assert_undone(self) -> None:
        assert self.source.closed
        assert self.speaker.closed
        assert self.engine.closed
        assert self.store.sessions() == []
        assert not self.store.running(1)
        wait("the threads' end", lambda: not self.new_threads())

    def new_threads(self) -> set[str]:
        return {thread.name for thread in threading.enumerate() if thread not in self.before}


@pytest.fixture
def evening(tmp_path: Path) -> Any:
    evening = Evening(tmp_path)
    yield evening
    evening.store.close()


@pytest.mark.parametrize("part", PARTS)
def test_whichever_part_fails_the_parts_already_started_are_closed(
    evening: Evening, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, part, fails)
    with pytest.raises(Broken):
        evening.build()
    evening.assert_undone()


def test_if_the_store_thread_cannot_start_no_row_is_kept(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    class Thread(threading.Thread):
        def start(self) -> None:
            if self.name == "store":
                raise Broken
            start(self)

    monkeypatch.setattr(recording.threading, "Thread", Thread)
    with pytest.raises(Broken):
        evening.build()
    evening.assert_undone()


def test_a_built_session_runs_and_closes_everything(evening: Evening) -> None:
    session = evening.build()
    assert evening.new_threads() == {"voice", "store", "coach-words"}
    assert not evening.source.closed
    session.run()
    assert evening.source.closed
    assert evening.speaker.closed
    assert evening.engine.closed
    assert [each.id for each in evening.store.sessions()] == [session.number]
    wait("the threads' end", lambda: not evening.new_threads())


# ------------------------------------------------------------------------------------------- before any part starts


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is open once a session has opened its devices."""
    for name in ("DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    devices = Devices(source=Stage(iter(())), speaker=Speaker(), sample=False, played_back=False)
    monkeypatch.setattr("coach.runtime.live.open_devices", lambda *_, **__: devices)
    return devices


def _damaged(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("damaged", encoding="utf-8")


@pytest.mark.parametrize("what", [f"{VOICES_FOLDER}/Ana.npz", DATABASE_FILE])
def test_if_something_kept_cannot_be_read_the_devices_are_closed(devices: Any, what: str) -> None:
    _damaged(data_folder() / what)
    settings = Settings(people=("Ana", "Ben"), pause_grows=True)
    with pytest.raises(CoachError):
        get_ready(Options(settings=settings, voice_activity="webrtc"))
    assert devices.source.closed
    assert devices.speaker.closed


def test_if_somebodys_own_wordings_cannot_be_read_the_devices_are_closed(evening: Evening, devices: Any) -> None:
    _damaged(copy_of("en"))
    ready = Ready(plan(settings=Settings(language="en")), devices, SILERO, ())
    with pytest.raises(CoachError):
        begin(ready, evening.store, consents=(), show=lambda event: None, prompt=lambda text: None)
    assert devices.source.closed
    assert devices.speaker.closed
