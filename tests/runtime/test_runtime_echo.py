"""The coach's echo in its microphone is not taken for anybody's voice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.audio.player import NoPlayer
from coach.audio.source import Block, Samples
from coach.coaching import Catalogue
from coach.core.events import CuePlayed, Speech, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, MILLISECOND, RATE, Span, as_samples
from coach.cues.sounds import CueSounds
from tests.runtime.staged import Evening, Stage, plan, room, sample, truth, voices
from tests.waiting import wait

FLIGHT = 80 * MILLISECOND  # samples from the speaker's buffer through the air into the microphone's
WINDOW = 16_384  # samples of a Fourier transform that takes the room's echo and a hop
LINE_S = 1.0  # seconds before the line from which the canceller learns the room
LONG_S = 7.0  # seconds of the line
QUIET_S, WHOLE_S = 10.0, 14.5  # seconds before the cue, and in total
TALK_S = 3.0  # seconds of an answer


class Loudspeaker(NoPlayer):
    """A speaker in the same room, whose sound reaches the microphone `FLIGHT` later with the first reflections."""

    def __init__(self, loudness_db: float) -> None:
        super().__init__()
        self._handed = np.zeros(0, np.float32)
        walls = np.random.default_rng(2).normal(size=RATE // 5) * np.exp(-np.arange(RATE // 5) / (0.04 * RATE))
        room = np.concatenate([np.zeros(FLIGHT), [1.0], 0.05 * walls]) * 10 ** (loudness_db / 20)
        self._lasts = len(room)
        self._room = np.fft.rfft(room, WINDOW)

    def reference(self, n: int) -> Samples:
        sounding, same = self.queue.fill(n)
        self._handed = np.concatenate([self._handed, sounding])
        return same

    def in_the_room(self, start: int, n: int) -> np.ndarray:
        """The echo at the microphone in the `n` samples from `start` on."""
        first = max(0, start - self._lasts)
        far = self._handed[first : start + n]
        return np.fft.irfft(np.fft.rfft(far, WINDOW) * self._room, WINDOW)[start - first :][:n]


def spoken(seconds: float) -> np.ndarray:
    """Seconds of a voice as loud as talk, which is harder than any cue, since cues are softer."""
    turn = next(row for row in truth()["turns"] if row["speaker"] == "Ben" and row["speech_s"] > seconds)
    start = as_samples(turn["start_s"])
    return sample()[start : start + as_samples(seconds)]


class AsLoudAsTalk(CueSounds):
    """Cues without the coach's own loudness."""

    def clip(self, kind: str, text: str = "") -> Samples | None:
        loud = {"consent": LONG_S, "inward": 2.5}
        return spoken(loud[kind]) if kind in loud else super().clip(kind, text)


def evening(
    folder: Path, *, cancelled: bool, talk: np.ndarray | None = None, loudness_db: float = 0.0, tone_first: bool = False
) -> Evening:
    """The coach speaks at `loudness_db` relative to talk; `talk` is people's speech meanwhile."""
    speaker = Loudspeaker(loudness_db)
    quiet = room(WHOLE_S)

    def heard() -> Iterator[Block]:
        for start in range(0, len(quiet) - HOP, HOP):
            if start == as_samples(LINE_S) and cancelled:
                night.session.parts.output.say("consent", "")
                wait("the line", lambda: speaker.playing)
            if start == as_samples(QUIET_S - 1.0) and tone_first:
                night.session.parts.output.say("heard", "")
                wait("the tone", lambda: speaker.playing)
            if start == as_samples(QUIET_S):
                night.session.parts.output.say("inward", "")
                wait("the cue", lambda: speaker.playing)
            near = quiet[start : start + HOP] + speaker.in_the_room(start, HOP)
            if talk is not None and start + HOP <= len(talk):
                near = near + talk[start : start + HOP]
            yield Block(start, near.astype(np.float32).reshape(-1, 1))

    night = Evening(
        folder,
        Stage(heard()),
        plan(settings=Settings(cues="none"), voices=voices(), check_in=False, played_back=not cancelled),
        cue_sounds=AsLoudAsTalk(folder / "cache", Catalogue.load()),
        player=speaker,
    )
    return night


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """A line and a cue as loud as talk, in a room without it."""
    night = evening(tmp_path_factory.mktemp("loud"), cancelled=True)
    night.run()
    return night


def answered(folder: Path, after: float) -> tuple[Evening, np.ndarray]:
    """A soft cue over which Ana speaks, so many seconds after its beginning; and the sound of her words alone."""
    talk = np.zeros(as_samples(WHOLE_S))
    row = next(row for row in truth()["turns"] if row["speaker"] == "Ana" and row["speech_s"] > 5)
    words = sample()[as_samples(row["start_s"]) :][: as_samples(TALK_S)]
    talk[as_samples(QUIET_S + after) :][: len(words)] = words
    night = evening(folder, cancelled=True, talk=talk, loudness_db=-10.0)
    night.run()
    return night, talk


def test_a_cue_as_loud_as_talk_is_not_taken_for_a_voice_and_does_not_stop_itself(loud: Evening) -> None:
    assert [played.cut for played in loud.of(CuePlayed)] == [False]
    assert loud.of(VoiceOn) == []
    assert loud.of(Speech) == []


def test_a_long_line_is_removed_from_the_sound_for_the_recogniser(loud: Evening) -> None:
    read = loud.session.parts.pipeline.memory.cut(
        "Ana", Span(as_samples(LINE_S + 1.0), as_samples(LINE_S + LONG_S - 1.0))
    )
    assert (read**2).mean() < 0.01 * (spoken(LONG_S - 2.0) ** 2).mean()


def test_a_tone_before_a_cue_does_no_harm(tmp_path: Path) -> None:
    night = evening(tmp_path, cancelled=True, tone_first=True)
    night.run()
    assert [(played.kind, played.cut) for played in night.of(CuePlayed)] == [("heard", False), ("inward", False)]
    assert night.of(VoiceOn) == []


def test_without_the_canceller_a_line_of_the_coach_is_taken_for_a_voice(tmp_path: Path) -> None:
    night = evening(tmp_path, cancelled=False)
    night.run()
    assert night.of(VoiceOn)


@pytest.mark.parametrize("after", [0.8, 1.5])
def test_a_soft_cue_stops_within_a_fifth_of_a_second_when_somebody_speaks_and_all_words_are_read(
    tmp_path: Path, after: float
) -> None:
    night, talk = answered(tmp_path, after)
    begin = as_samples(QUIET_S + after)
    assert [played.cut for played in night.of(CuePlayed)] == [True]
    (played,) = night.of(CuePlayed)
    assert played.span.end - begin < as_samples(0.2)
    assert any(event.who == "Ana" and event.span.start < begin + as_samples(0.3) for event in night.of(Speech))
    over_the_cue = Span(begin + as_samples(0.4), begin + as_samples(1.2))
    read = night.session.parts.pipeline.memory.cut("Ana", over_the_cue)
    said = talk[over_the_cue.start : over_the_cue.end]
    echo_and_room = read - said
    assert np.corrcoef(read, said)[0, 1] > 0.99
    assert (echo_and_room**2).mean() < 0.01 * (said**2).mean()
