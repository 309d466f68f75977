"""Plays three scenarios to `coach listen` with synthetic voices, and records the speaker.

All are in one session: the two people check in, and then the scenes follow one another with silences longer than a
breath. Two flite voices speak the scenarios' text at its times.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.core.span import Span
from scripts.simulate.live.listening import Listening
from scripts.simulate.live.sample import PEOPLE, ready
from scripts.simulate.live.soundserver import RATE, Recording, SoundServer
from scripts.simulate.scenario import Scenario, scenarios
from scripts.simulate.tts import aloud, lasting
from tests.live.live_run import LiveRun

FOLDER = Path(__file__).resolve().parents[1] / "coaching" / "scenarios"
TITLES = (
    "Mm-hm is listening",
    "A listener who starts a third of a second after a share hears a tone",
    "A sharer who told events for a minute, and stops, is invited inward a second later",
)
VOICES = {"Ana": "slt", "Ben": "rms"}
CHECK_IN = {
    "Ana": "My name is Ana, and today I was at the market with my mother. We bought apples and a loaf of dark bread.",
    "Ben": "And I am Ben. I worked in the garden until noon, and then I slept for an hour in the green chair.",
}
SETTINGS = 'quiet_first = 0\ncues = "drill"\n'  # as in the scenarios
ROOM_DBFS = -62.0  # the room's own noise, under the voices
AFTER_S = 6.0  # seconds after a scene; a spoken cue may wait for four of them


@dataclass(frozen=True)
class PlayedScenario:
    """One played scenario, and the speaker's recording from its first second to the end of the silence after it."""

    scenario: Scenario
    recording: np.ndarray


def scenes() -> list[Scenario]:
    """The scenarios of `TITLES`, in that order."""
    found = {scenario.title: scenario for file in FOLDER.glob("*.txt") for scenario in scenarios(file)}
    return [found[title] for title in TITLES]


class Scenes(LiveRun):
    def __init__(self) -> None:
        super().__init__()
        self.scenes: dict[str, PlayedScenario] = {}
        self.status: int | None = None

    def listen(self, server: SoundServer) -> None:
        settings = Path(server.env["XDG_CONFIG_HOME"]) / "coach" / "settings.toml"
        settings.parent.mkdir()
        settings.write_text(SETTINGS)
        sounds = [(scenario, _file(server.folder, _spoken(scenario))) for scenario in scenes()]
        recorder = server.record_speaker()
        with Listening(server.env, *PEOPLE) as self.listening:
            self._check_in(server, recorder, self.listening)
            for scenario, file in sounds:
                playing = server.play(file)
                self.heard_out(server, playing, AFTER_S)
                first = round((playing.begun - recorder.begun) * RATE)
                last = first + round((playing.seconds + AFTER_S) * RATE)
                self.scenes[scenario.title] = PlayedScenario(scenario, recorder.so_far()[first:last])
            self.status = self.listening.interrupt()
        recorder.stop()

    def _check_in(self, server: SoundServer, recorder: Recording, listening: Listening) -> None:
        ready(listening)
        for who, text in CHECK_IN.items():
            listening.wait_for_prompt(f"{who}, please", seconds=60)
            assert recorder.silent_for(2.0, patience_s=20), "the coach never ends its question"
            self.heard_out(server, server.play(_file(server.folder, _in_room([(0, aloud(VOICES[who], text))]))))
            listening.wait_for_line(
                f"that {who} is enrolled", lambda line, who=who: line.kind == "enrolled" and who in line.details, 40
            )
        assert recorder.silent_for(2.0, patience_s=20), "the coach never ends saying that it begins"


def _spoken(scenario: Scenario) -> np.ndarray:
    return _in_room(
        [(said.span.start, lasting(VOICES[said.who], said.text, said.span.duration)) for said in scenario.said]
    )


def _in_room(pieces: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """The pieces at their positions, plus the noise of the room."""
    length = max(start + len(piece) for start, piece in pieces)
    sound = np.random.default_rng(1).normal(size=length) * 10 ** (ROOM_DBFS / 20)
    for start, piece in pieces:
        there = Span(start, start + len(piece))
        sound[there.start : there.end] += piece
    return sound


def _file(folder: Path, sound: np.ndarray) -> Path:
    path = folder / "said" / f"{time.monotonic_ns()}.wav"
    path.parent.mkdir(exist_ok=True)
    sf.write(path, sound, RATE, subtype="PCM_16")
    return path
