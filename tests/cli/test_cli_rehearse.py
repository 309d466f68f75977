"""`coach rehearse` and `coach listen --take-turns` as a user types them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.audio.source import Block
from coach.cli.main import main
from coach.coaching import Catalogue
from coach.core.events import Event, Speech, Words
from coach.core.settings import data_folder
from coach.core.span import HOP, RATE, Span
from coach.diarization import Voice
from coach.runtime import devices
from coach.sessions import SessionHeader, Store
from coach.sessions.store import DATABASE_FILE
from coach.sessions.voices import keep_voice
from tests.runtime.staged import blocks, excerpt
from tests.vad.made_sound import sample

OPENINGS = Catalogue.load()["opening"].wordings


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders in place of the user's."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def quiet(tmp_path: Path) -> list[str]:
    """Half a second of silence, and no recogniser."""
    path = tmp_path / "quiet.wav"
    sf.write(path, np.zeros(RATE // 2, np.float32), RATE)
    return ["--input", str(path), "--transcriber", "none", "--plain"]


def test_a_rehearsal_ends_with_a_summary_and_is_stored(tmp_path, capsys):
    told = excerpt(tmp_path, 20.0, 32.0)
    assert main(["rehearse", "--input", str(told), "--transcriber", "none", "--plain"]) == 0
    out, err = capsys.readouterr()
    assert OPENINGS[0] in out
    assert "longest pause" in out
    assert "not known" in out  # the kinds of experience, since no words were recognised
    assert "kept as session 1" in err
    with Store(data_folder() / DATABASE_FILE) as store:
        assert [session.people for session in store.sessions()] == [("You",)]


def test_a_rehearsal_in_which_nobody_spoke_is_not_kept(quiet, capsys):
    assert main(["rehearse", *quiet]) == 0
    assert "you did not speak, so nothing was kept" in capsys.readouterr().err
    with Store(data_folder() / DATABASE_FILE) as store:
        assert store.sessions() == []


def test_the_openings_rotate_and_a_persons_own_replaces_them(told_before, quiet, capsys):
    main(["rehearse", *quiet])
    assert OPENINGS[1] in capsys.readouterr().out
    main(["rehearse", "--prompt", "What do I want to tell my sister?", *quiet])
    out = capsys.readouterr().out
    assert "What do I want to tell my sister?" in out
    assert not any(opening in out for opening in OPENINGS)


class Room:
    """A microphone that delivers silence for so many seconds."""

    name, channels, length, behind = "a quiet room", 1, None, 0

    def __init__(self, seconds: float) -> None:
        self._hops = round(seconds * RATE / HOP)

    def blocks(self) -> Iterator[Block | Event]:
        for n in range(self._hops):
            yield Block(n * HOP, np.zeros((HOP, 1), np.float32))

    def close(self) -> None:
        """Does nothing, since no device is open."""


class Terminal(io.StringIO):
    """Fake answers at the prompt."""

    def isatty(self) -> bool:
        return True


def test_another_round_has_the_same_opening_and_is_compared_with_the_one_before(monkeypatch, capsys):
    monkeypatch.setattr(devices, "_source", lambda *_: (Room(0.5), False, ()))
    monkeypatch.setattr("sys.stdin", Terminal("y\nn\n"))
    assert main(["rehearse", "--cues", "none", "--transcriber", "none", "--plain"]) == 0
    out, err = capsys.readouterr()
    first, second = out.split("this round") if "this round" in out else (out, "")
    assert "the round before" not in first
    assert "the round before" in second
    assert err.count(OPENINGS[0]) == 2


class Telling(Room):
    """A microphone that delivers part of the sample."""

    def blocks(self) -> Iterator[Block | Event]:
        yield from blocks(sample()[20 * RATE : 30 * RATE])


def test_another_round_has_words_too(monkeypatch):
    monkeypatch.setattr(devices, "_source", lambda *_: (Telling(10.0), False, ()))
    monkeypatch.setattr("sys.stdin", Terminal("y\nn\n"))
    assert main(["rehearse", "--cues", "none", "--transcriber", "moonshine", "--plain"]) == 0
    with Store(data_folder() / DATABASE_FILE) as store:
        counts = [sum(e.count for e in store.events(n) if isinstance(e, Words)) for n in (1, 2)]
    assert min(counts) > 5  # not all: this sound does not wait for the opening to be over


@pytest.fixture
def told_before() -> None:
    """A stored rehearsal of another day, in which feelings were mentioned."""
    told = Span.seconds(1, 21)
    words = Words(at=told.end, who="You", span=told, count=60, level="3", p_experience=0.9, kinds=("feelings",))
    with Store(data_folder() / DATABASE_FILE) as store:
        session = store.begin(SessionHeader(people=("You",), attribution="alone"))
        store.write(session, [Speech(at=told.end, who="You", span=told, confidence=1.0), words])


def test_a_first_round_is_compared_with_the_last_round_that_had_speech(told_before, quiet, capsys):
    main(["rehearse", *quiet])
    capsys.readouterr()
    assert main(["rehearse", *quiet]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("told ")]
    assert line.split() == ["told", "not", "known", "feelings"]


def test_the_review_of_a_rehearsal_shows_its_summary_and_no_answers(told_before, capsys):
    assert main(["review"]) == 0
    out = capsys.readouterr().out
    assert "longest stretch of events" in out
    assert "answer" not in out
    assert "this round" not in out  # there is no earlier round


def test_a_talk_may_begin_with_the_guided_practice(monkeypatch, capsys):
    monkeypatch.setattr(devices, "_source", lambda *_: (Room(6.0), False, ()))
    (data_folder() / "cues").mkdir()
    (data_folder() / "cues" / "en.toml").write_text('[practice]\nwordings = ["Arrive."]\n')
    quietly = ["--no-check-in", "--cues", "none", "--transcriber", "none", "--plain"]
    assert main(["listen", "--practice", *quietly]) == 0
    assert "coach: Arrive." in capsys.readouterr().err
    assert main(["listen", *quietly]) == 0
    assert "coach: Arrive." not in capsys.readouterr().err


def test_who_was_learnt_by_an_earlier_version_is_asked_to_check_in_again(monkeypatch, capsys):
    monkeypatch.setattr(devices, "_source", lambda *_: (Room(1.0), False, ()))
    voice = Voice(np.eye(192, dtype=np.float32)[0])
    for kept, again in (({"timbre": np.ones(24)}, True), (voice.arrays(), False)):
        for who, arrays in {"Ana": kept, "Ben": voice.arrays()}.items():
            keep_voice(data_folder(), who, arrays)
        main(["listen", "--people", "Ana,Ben", "--cues", "none", "--transcriber", "none", "--plain"])
        out, err = capsys.readouterr()
        assert ("the kept voice of Ana was learnt by an earlier version" in out) == again
        assert ("Ana, please say a sentence" in out + err) == again


def test_after_turns_by_the_clock_each_person_gets_a_question(quiet, capsys):
    assert main(["listen", "--take-turns", "10", "--people", "Ana,Ben", *quiet]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-2:]
    assert [line.partition(",")[0] for line in last] == ["Ana", "Ben"]


def test_turns_by_the_clock_need_two_people(quiet, capsys):
    assert main(["listen", "--take-turns", "10", "--people", "Ana,Ben,Cy", *quiet]) == 2
    assert "is for two" in capsys.readouterr().err
