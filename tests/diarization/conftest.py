"""What the tests of diarization hear: the made conversation of `tests.vad.made_sound`, and two real people."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.core.span import RATE, Span, as_samples
from coach.diarization import Ear, Voice, learn_voice
from tests.vad.conftest import ana, ben
from tests.vad.made_sound import ANA_ALONE, ANA_SAYS, BEN_ALONE, BEN_SAYS, heard, laid, room, said

__all__ = ["ana", "ben"]  # fixtures

RECORDINGS = Path(sys.prefix) / "recordings"  # scripts/environment.sh fetches them
WHEEL = "pyannote_audio-*.whl"


@dataclass(frozen=True, slots=True)
class RealTalk:
    """Thirty seconds of two people on the telephone: float32 (n,) at 16 kHz, and the turns of each in samples."""

    sound: np.ndarray
    turns: dict[str, list[tuple[int, int]]]

    def speaking(self, who: str) -> np.ndarray:
        """Whether this person speaks at each sample, (n,) bool."""
        out = np.zeros(len(self.sound), bool)
        for start, end in self.turns[who]:
            out[start:end] = True
        return out


@pytest.fixture(scope="session")
def real_talk() -> RealTalk:
    found = sorted(RECORDINGS.glob(WHEEL))
    if len(found) != 1:
        pytest.fail(f"{WHEEL} is not in {RECORDINGS}; scripts/test fetches it, once, when there is a network")
    with zipfile.ZipFile(found[0]) as wheel:
        sound, rate = sf.read(io.BytesIO(wheel.read("pyannote/audio/sample/sample.wav")), dtype="float32")
        lines = wheel.read("pyannote/audio/sample/sample.rttm").decode().splitlines()
    assert rate == RATE
    turns: dict[str, list[tuple[int, int]]] = {}
    for fields in map(str.split, lines):
        start = float(fields[3])
        turns.setdefault(fields[7], []).append((as_samples(start), as_samples(start + float(fields[4]))))
    return RealTalk(sound, turns)


def learnt(sound: np.ndarray) -> Voice:
    """The voice of the one person who speaks in `sound`."""
    ear = Ear()
    heard(ear, sound)
    return learn_voice(ear.crops([Span(0, ear.now)]))


@pytest.fixture(scope="session")
def voices() -> dict[str, Voice]:
    """Ana and Ben, from their check-in sentences."""
    says = {"Ana": ANA_SAYS, "Ben": BEN_SAYS}
    return {who: learnt(np.concatenate([room(1.0), said(*span), room(0.5)])) for who, span in says.items()}


@pytest.fixture(scope="session")
def two_in_turn() -> np.ndarray:
    """Ten seconds: four of one made voice from 0.5 s on, four of another from 5.5 s on."""
    four = as_samples(4.0)
    return laid(10.0, (0.5, said(*ANA_ALONE)[:four]), (5.5, said(*BEN_ALONE)[:four]))
