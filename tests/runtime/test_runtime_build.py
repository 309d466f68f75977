"""A session is built completely or not at all: if a part fails, the parts already started are closed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, NoReturn

import pytest

from coach.audio.player import NoPlayer
from coach.coaching import Catalogue
from coach.core.settings import Settings
from coach.runtime import LiveSession, build_session
from coach.runtime import build as building
from coach.sessions import Store
from coach.sessions import recorder as recording
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
