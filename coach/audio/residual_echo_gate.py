"""The residual echo gate: keeps the coach's own voice from being taken for a person's.

    near end ─┬─► echo canceller ─► mask ─► ear
              │         ▲            ▲
    far end ──┼─────────┤       double talk?
              │         ▼
              └─► predicted echo, subtracted ─► recogniser

A canceller that has converged reduces a pure echo by at least 20 dB, mostly by 35 dB. A person's speech passes almost
unchanged, if only for the first moments; later the canceller suppresses some of it too. So there is double talk when,
for 40 ms, the residual is not far below the recent near end and well above the noise floor of the room. During double
talk everything passes. Otherwise the ear gets comfort noise with the spectrum of the quiet room, because in a
reverberant room even a faint residual is at times taken for a voice. The cue also stops at double talk, before hearing
confirms a voice; that confirmation takes half a second while the coach plays sound.

A canceller that is new to a room leaves most of the echo for some seconds, and nothing distinguishes that residual from
a person. Until the canceller has converged there is therefore no double talk. This concerns the first line of a
session, which nobody may answer.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from coach.audio.aec import AecConfig, EchoCanceller
from coach.audio.echo_path import EchoPath, EchoPathConfig
from coach.audio.source import Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualEchoConfig:
    """When `ResidualEchoGate` assumes double talk. Times are hops of 20 ms, levels are dB."""

    noise_memory: int = 250  # hops without the coach (5 s); the quietest is the noise floor
    recent: int = 10  # hops (200 ms) whose loudest is the recent near end: an echo decays more slowly than its source
    max_attenuation: float = 16.0  # what the canceller may take from a person who starts to speak
    over_floor: float = 15.0  # above the noise floor; a softer residual is a rustle
    floor_swing: float = 6.0  # by which the noise floor usually varies
    onset: int = 2  # hops (40 ms) that double talk must last before it counts
    hangover: int = 25  # hops (0.5 s) for which double talk goes on after the last such hop
    converged_attenuation: float = 20.0  # what a converged canceller takes from most of an echo
    converged_after: int = 150  # hops (3 s) by which attenuated echo must outnumber echo that was left
    aec: AecConfig = field(default_factory=AecConfig)
    path: EchoPathConfig = field(default_factory=EchoPathConfig)


class DoubleTalkDetector:
    """Whether a person speaks while the coach plays sound, decided hop by hop from levels in dBFS."""

    def __init__(self, config: ResidualEchoConfig = ResidualEchoConfig()) -> None:
        self._config = config
        self._recent: deque[float] = deque(maxlen=config.recent)  # near end
        self._onset = 0  # hops that double talk has lasted
        self._hangover = 0  # hops that it goes on
        self._score = 0  # hops with attenuated echo less hops with echo that was left
        self.converged = False
        """Whether the canceller has converged; it stays so."""

    @property
    def double_talk(self) -> bool:
        """Whether somebody speaks while the coach plays sound, or in the tail of one second after it."""
        return self._hangover > 0

    def silent(self, near: float) -> None:
        """Take a hop in which the coach is silent."""
        self._recent.append(near)
        self._onset = self._hangover = 0

    def hop(self, near: float, cleaned: float, residual: float, *, floor: float, echo: bool) -> None:
        """Take a hop in which the coach plays sound.

        `near`, `cleaned` and `residual` are the levels of the near end, of the canceller's output and of the softer of
        that output and the near end less the predicted echo; `floor` is the noise floor. `echo` says whether any
        microphone picks up the coach.
        """
        config = self._config
        self._recent.append(near)
        self._converge(near, cleaned, floor)
        known = self.converged or not echo
        # the canceller can add noise to a quiet near end, so both levels must be above the floor
        audible = min(near, residual) > floor + config.over_floor
        talking = known and residual > max(self._recent) - config.max_attenuation and audible
        self._onset = self._onset + 1 if talking else 0
        self._hangover = config.hangover if self._onset >= config.onset else max(0, self._hangover - 1)

    def _converge(self, near: float, cleaned: float, floor: float) -> None:
        config = self._config
        if not self.converged and near > floor + config.over_floor:
            attenuated = cleaned < max(near - config.converged_attenuation, floor + config.floor_swing)
            self._score = max(0, self._score + (1 if attenuated else -1))
            self.converged = self._score >= config.converged_after


class ResidualEchoGate:
    """Removes the coach's own voice from `channels` microphones in one room, hop by hop."""

    def __init__(self, channels: int = 1, config: ResidualEchoConfig = ResidualEchoConfig()) -> None:
        self._canceller = EchoCanceller(channels, config.aec)
        self._path = EchoPath(channels, config.path)
        self._detector = DoubleTalkDetector(config)
        self._for_recogniser = self._for_ear = np.zeros((0, channels), np.float32)  # the last hop
        self._room: deque[tuple[float, Samples]] = deque(maxlen=config.noise_memory)  # dBFS and sound, without coach
        self._masked = np.zeros(channels, np.float32)  # 1 where the last hop was masked
        self._random = np.random.default_rng(1)

    @property
    def double_talk(self) -> bool:
        """Whether somebody speaks while the coach plays sound, or in the tail of one second after it."""
        return self._detector.double_talk

    def hop(self, near: Samples, far: Samples) -> Samples:
        """Return what the ear gets of `near` (n, channels), while the speaker was handed `far` (n,)."""
        sounds = self._canceller.active or far.any()
        room = (self._quietest()[1].astype(np.float64) ** 2).mean(axis=0) if sounds and self._room else 0.0
        cleaned = self._canceller.clean(near, far, room)
        subtracted = self._path.hop(near, far, alone=not self.double_talk)
        level, cleaned_level = _level(near), _level(cleaned)
        if not self._canceller.active or not self._room:
            self._room.append((level, near))
        if self._canceller.active:
            floor, _ = self._quietest()
            residual = min(cleaned_level, _level(subtracted))
            self._detector.hop(level, cleaned_level, residual, floor=floor, echo=bool(self._canceller.used.any()))
        else:
            self._detector.silent(level)
        self._for_recogniser = np.where(self._canceller.used, subtracted, near)
        self._for_ear = self._mask(cleaned)
        return self._for_ear

    def spoken(self, *, gives_way: bool) -> Samples:
        """Return the last hop (n, channels) for the recogniser: all of a person, and the echo that was not predicted.

        If the echo path is not known yet, that may be the whole echo. This is acceptable while the coach `gives_way`,
        because the cue soon stops. A whole line would be transcribed together with a person's words; the recogniser
        then gets what the ear gets.
        """
        return np.where(gives_way | self._path.fits, self._for_recogniser, self._for_ear)

    def _quietest(self) -> tuple[float, Samples]:
        return min(self._room, key=lambda hop: hop[0])

    def _mask(self, cleaned: Samples) -> Samples:
        """`cleaned`, or comfort noise where there may be echo and no double talk; the switch is a cross-fade."""
        before, self._masked = (
            self._masked,
            np.where(self._canceller.used & (not self.double_talk), 1, 0).astype(np.float32),
        )
        if not (before.any() or self._masked.any()):
            return cleaned
        fade = np.linspace(0.0, 1.0, len(cleaned), endpoint=False, dtype=np.float32)[:, None]
        weight = before + (self._masked - before) * fade
        return np.asarray(cleaned * (1 - weight) + self._comfort_noise() * weight, np.float32)

    def _comfort_noise(self) -> Samples:
        """A hop with the magnitude spectrum of the quietest hop and random phases."""
        _, quietest = self._quietest()
        magnitude = np.abs(np.fft.rfft(quietest, axis=0))
        spectrum = magnitude * np.exp(2j * np.pi * self._random.random(magnitude.shape))
        return np.asarray(np.fft.irfft(spectrum, n=len(quietest), axis=0), np.float32)


def _level(sound: Samples) -> float:
    """The level of the loudest channel in dBFS."""
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean(axis=0).max() + 1e-10))
