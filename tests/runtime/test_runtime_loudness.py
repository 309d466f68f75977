"""Once a cue was measured in the room, later cues are set below the level of talk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.audio.player import NoPlayer
from coach.audio.source import Block, Samples
from coach.coaching import Catalogue
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, as_samples
from coach.cues.loudness import CONFIG
from coach.cues.sounds import CueSounds
from tests.runtime.staged import Evening, Stage, plan, room, sample, truth, voices
from tests.waiting import wait

CUES_S, WHOLE_S = (6.0, 12.0), 14.0


def said_by(who: str, seconds: float) -> np.ndarray:
    row = next(row for row in truth()["turns"] if row["speaker"] == who and row["speech_s"] > 5)
    return sample()[as_samples(row["start_s"]) :][: as_samples(seconds)]


class Loudspeaker(NoPlayer):
    """A speaker whose sound is heard in the room, so many dB louder than in the file."""

    def __init__(self, loudness_db: float) -> None:
        super().__init__()
        self.heard = np.zeros(HOP, np.float32)
        self.gains: list[float] = []
        self._factor = np.float32(10 ** (loudness_db / 20))

    def play(self, clip: Samples, gain_db: float = 0.0, name: str = "") -> None:
        self.gains.append(gain_db)
        super().play(clip, gain_db, name)

    def reference(self, n: int) -> Samples:
        _, same = self.queue.fill(n)
        self.heard = same * self._factor
        return same


@pytest.mark.parametrize("loudness_db", [10.0, 4.0, -3.0])
def test_the_second_cue_is_softer_than_the_talk(tmp_path: Path, loudness_db: float) -> None:
    talk = said_by("Ana", 4.5)
    sf.write(tmp_path / "inward.wav", said_by("Ben", 2.5), RATE)
    whole = room(WHOLE_S)
    whole[as_samples(0.5) :][: len(talk)] += talk
    speaker = Loudspeaker(loudness_db)

    def heard() -> Iterator[Block]:
        for start in range(0, len(whole) - HOP, HOP):
            if start in map(as_samples, CUES_S):
                night.session.parts.output.say("inward", "…and how is that in you?")
                wait("the cue", lambda: speaker.playing)
            yield Block(start, (whole[start : start + HOP] + speaker.heard).astype(np.float32).reshape(-1, 1))

    night = Evening(
        tmp_path,
        Stage(heard()),
        plan(settings=Settings(cues="none"), voices=voices(), check_in=False, played_back=False),
        cue_sounds=CueSounds(tmp_path / "cache", Catalogue.load(), own=tmp_path),
        player=speaker,
    )
    night.run()
    first, second = speaker.gains
    level = 10 * np.log10(np.mean(talk**2))
    assert first == 0
    assert CONFIG.clip + loudness_db + second == pytest.approx(level - CONFIG.under_talk, abs=2.0)
