"""Renders scenarios as audio: voices of the sample conversation speak at the given times over room noise.

The real ear detects who speaks and when. The voices do not say the scenario's text, because the recogniser is a fake.
"""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import soundfile as sf

from coach.core.events import Cue, Event
from coach.core.resources import asset
from coach.core.span import HOP, MILLISECOND, Span, as_samples
from coach.diarization import MicrophonesEar
from scripts.simulate.perfect_hearing import AFTER_S, play
from scripts.simulate.scenario import PEOPLE, Scenario

ROOM_DB = -62.0  # dBFS of the room's noise
SEAM = 10 * MILLISECOND  # samples of crossfade between two pieces of a voice
SHORTEST_S = 0.8  # least seconds of a piece
TOGETHER = 50  # hops that the ear hears at once: a second


def on_channels(scenario: Scenario) -> list[Cue]:
    """Every decision, with a microphone per person. The scenario may neither lose sound nor end early."""
    sound = _rendered(scenario)
    events = play(
        scenario.said,
        scenario.settings,
        words_s=scenario.words_s,
        besides=scenario.besides,
        ear=_EarBefore(MicrophonesEar({who: column for column, who in enumerate(PEOPLE)}), sound),
        sound=sound,
    )
    return [event for event in events if isinstance(event, Cue)]


class _EarBefore:
    """Replays what `ear` hears in `sound`, which it has heard before, a second at a time: the same events for less."""

    def __init__(self, ear: MicrophonesEar, sound: np.ndarray) -> None:
        whole = sound[: len(sound) // HOP * HOP].reshape(-1, HOP, sound.shape[1])
        parts = (whole[first : first + TOGETHER] for first in range(0, len(whole), TOGETHER))
        self._hops = iter([events for part in parts for events in ear.hops(part)])
        self._last = ear.finish()
        self.now = 0
        self.dbfs = ear.dbfs

    def hop(self, _samples: np.ndarray) -> list[Event]:
        self.now += HOP
        return next(self._hops)

    def skip_to(self, sample: int) -> list[Event]:
        raise NotImplementedError(f"this sound has no gap, so nothing is skipped up to sample {sample}")

    def finish(self) -> list[Event]:
        return self._last


def _rendered(scenario: Scenario) -> np.ndarray:
    """(n, people): each person's voice in its spans, plus room noise."""
    length = -(-(max(said.span.end for said in scenario.said) + as_samples(AFTER_S)) // HOP) * HOP
    noise = np.random.default_rng(1).normal(size=(length, len(PEOPLE))) * 10 ** (ROOM_DB / 20)
    sound = noise.astype(np.float32)
    spoken = dict.fromkeys(PEOPLE, 0)
    for said in scenario.said:
        voice = _voices()[said.who]
        pieces = np.take(voice, np.arange(said.span.duration) + spoken[said.who], mode="wrap")
        spoken[said.who] += said.span.duration
        sound[said.span.start : said.span.end, PEOPLE.index(said.who)] += pieces
    return sound


@cache
def _sample() -> np.ndarray:
    return np.asarray(sf.read(asset("sample.flac"), dtype="float32")[0])


@cache
def _voices() -> dict[str, np.ndarray]:
    """Each person's solo speech in the sample, concatenated without silences."""
    told = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))["speech"]
    spans = [(each["speaker"], Span.seconds(each["start_s"], each["end_s"])) for each in told]
    voices = {}
    for who in PEOPLE:
        alone = [
            span
            for name, span in spans
            if name == who
            and span.duration > as_samples(SHORTEST_S)
            and not any(span & s for n, s in spans if n != who)
        ]
        voices[who] = _joined([_sample()[span.start : span.end] for span in alone])
    return voices


def _joined(pieces: list[np.ndarray]) -> np.ndarray:
    whole = pieces[0].copy()
    rise = np.linspace(0, 1, SEAM, dtype=np.float32)
    for piece in pieces[1:]:
        seam = whole[-SEAM:] * rise[::-1] + piece[:SEAM] * rise
        whole = np.concatenate([whole[:-SEAM], seam, piece[SEAM:]])
    return whole
