"""Through a real sound server: somebody says “coach, stop listening”, and the words and sound of the talk are gone."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.core.languages import SHIPPED
from scripts.simulate.live.listening import Listening, coach, exported
from scripts.simulate.live.sample import PEOPLE, ready
from scripts.simulate.live.soundserver import RATE, SoundServer
from scripts.simulate.tts import aloud
from tests.live.live_run import LiveRun, played
from tests.live.scenes import CHECK_IN, VOICES

COMMAND = "Coach, stop listening."
STORY = "We walked along the river until it was dark, and nobody was there but the two of us and a grey dog."
ROOM_DBFS = -62.0
ENDS_S = 20.0  # from the command on; recognising takes a second, and the last spans of the talk a few more

pytestmark = pytest.mark.timeout(450)  # for three runs


class TakenBack(LiveRun):
    """Ana and Ben check in with words and sound kept; Ben tells something, and then takes his yes back."""

    def __init__(self) -> None:
        super().__init__()
        self.status: int | None = None
        self.before: list[Path] = []
        self.after: list[Path] = []
        self.bytes = b""
        self.review = ""
        self.kept: dict[str, object] = {}
        self.sound_s = 0.0

    def listen(self, server: SoundServer) -> None:
        data = Path(server.env["XDG_DATA_HOME"])
        recorder = server.record_speaker()
        options = ("--keep", "audio", "--spoken-consent", "--yes", "--cues", "none")
        with Listening(server.env, *PEOPLE, *options) as self.listening:
            ready(self.listening)
            for who, text in CHECK_IN.items():
                self.listening.wait_for_prompt(f"{who}, please", seconds=60)
                assert recorder.silent_for(2.0, patience_s=30), "the coach never ends its question"
                self.heard_out(server, server.play(said(server.folder, who, text)))
                self.listening.wait_for_line(
                    f"{who}'s voice", lambda line, who=who: line.kind == "enrolled" and who in line.details, 40
                )
            assert recorder.silent_for(2.0, patience_s=30), "the coach never ends saying that it begins"
            self.heard_out(server, server.play(said(server.folder, "Ben", STORY)), 1.5)
            self.listening.wait_for_line("Ben's words", lambda line: line.kind == "words" and "Ben" in line.details, 20)
            self.before = sorted(data.rglob("*.flac"))
            self.heard_out(server, server.play(said(server.folder, "Ben", COMMAND)))
            self.listening.wait_for_line("that it ends", lambda line: line.kind == "end", ENDS_S)
            self.status = self.listening.child.wait(timeout=40)
        spoken = recorder.stop()
        self.sound_s = float(np.abs(spoken[-round(6 * RATE) :]).max())
        self.after = sorted(data.rglob("*.flac"))
        self.bytes = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
        self.review = coach(server.env, "review").stdout
        self.kept = exported(server.env)


def said(folder: Path, who: str, text: str) -> Path:
    """`text` in the voice of `who`, with half a second of the room around it, as a file."""
    voice = np.pad(aloud(VOICES[who], text), RATE // 2)
    noise = np.random.default_rng(1).normal(size=len(voice)) * 10 ** (ROOM_DBFS / 20)
    path = folder / "said" / f"{time.monotonic_ns()}.wav"
    path.parent.mkdir(exist_ok=True)
    sf.write(path, voice + noise, RATE, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def taken_back(rendered_cues: Path) -> TakenBack:
    return played(TakenBack, rendered_cues)


def test_the_command_ends_the_session_in_the_name_of_whoever_said_it(taken_back: TakenBack) -> None:
    (ended,) = [line for line in taken_back.lines() if line.kind == "end"]
    assert ended.details == "Ben asked it to stop", taken_back.said()
    assert taken_back.status == 0, taken_back.said()


def test_sound_and_words_were_kept_and_are_gone(taken_back: TakenBack) -> None:
    assert taken_back.before, taken_back.said()
    assert taken_back.after == []
    assert b"river" not in taken_back.bytes
    assert b"Coach, stop" not in taken_back.bytes


def test_people_are_told_what_was_erased(taken_back: TakenBack) -> None:
    assert "Ben no longer agreed: all sound and all words of this talk are erased" in taken_back.said()
    assert taken_back.sound_s > 0.01, "the coach never said that it has stopped"


def test_the_coachs_own_line_about_the_command_does_not_stop_it(taken_back: TakenBack) -> None:
    assert (SHIPPED / "en" / "voice" / "consent_aloud-1.ogg").is_file()
    assert any("say coach, and then, stop listening" in text for text in taken_back.said().splitlines())
    lines = taken_back.lines()
    told = next(n for n, line in enumerate(lines) if "say coach, and then, stop listening" in line.details)
    heard = [n for n, line in enumerate(lines) if line.kind == "words" and "Ben" in line.details]
    (ended,) = [n for n, line in enumerate(lines) if line.kind == "end"]
    assert heard, taken_back.said()
    assert told < heard[0] < ended, taken_back.said()
