"""Echo presence: which microphones pick up the coach. With headphones or a muted speaker, none does.

A microphone that stays silent during the first half second of a cue does not pick up the coach. That holds for later
cues too, because a person may start to speak together with one of them. Only a cue that looks like an echo reverses it:

    cue           ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
    microphone    ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      sound in every half second of the cue, and none in the last half second of
                                    └ 1 s ┘   the tail

>>> presence = EchoPresence(1)
>>> cue, silence = np.full(RATE // 2, 0.1, np.float32), np.zeros((RATE // 2, 1), np.float32)
>>> presence.begin()
>>> presence.hop(silence, cue, remaining=RATE)
>>> presence.present
array([False])
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.audio.source import Samples
from coach.core.span import RATE

Energy = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoPresenceConfig:
    """What counts as an audible echo to `EchoPresence`."""

    probe: int = RATE // 2  # samples examined together; longer than the delay of a wireless speaker
    inaudible: float = 1e-4  # share of the cue's energy (-40 dB); a weaker echo is not heard as speech
    over_room: float = 4.0  # factor over the energy of the noise floor (6 dB); a weaker echo drowns in the noise


class EchoPresence:
    """Decides for each of `channels` microphones whether it picks up the coach.

    For each cue, call `begin`, then `hop` until the tail is over, then `end`.
    """

    def __init__(self, channels: int, config: EchoPresenceConfig = EchoPresenceConfig()) -> None:
        self._config = config
        self.present = np.ones(channels, bool)
        """(channels,) whether the microphone picks up the coach, as far as is known."""
        self.begin()

    def begin(self) -> None:
        """A cue begins."""
        self._first = True
        self._loudest = 0.0  # energy of the cue in its loudest probe
        self._missed = np.zeros(len(self.present), bool)  # whether the microphone was silent in a probe of the cue
        self._examined, self._far, self._near = 0, 0.0, np.zeros(len(self.present))  # samples and energy of this probe
        self._last = np.zeros(len(self.present))  # energy in the last probe of the tail

    def hop(self, near: Samples, far: Samples, remaining: int, room: Energy | float = 0.0) -> None:
        """Take `near` (n, channels) and `far` (n,). `remaining` samples of tail follow if the coach says no more.

        `room` (channels,) is the noise floor of each microphone as a mean square, or 0.0 if it is not known.
        """
        energy = (near.astype(np.float64) ** 2).sum(axis=0)
        self._last = self._last + energy if remaining < self._config.probe else np.zeros(len(self.present))
        self._examined += len(far)
        self._near = self._near + energy
        self._far += float((far.astype(np.float64) ** 2).sum())
        if self._examined >= self._config.probe:
            self._examine(room)

    def end(self, room: Energy | float = 0.0) -> None:
        """The tail of the cue is over."""
        self.present = self.present | (self._silent(self._last, self._loudest, room) & ~self._missed)

    def _examine(self, room: Energy | float) -> None:
        if self._far:
            silent = self._silent(self._near, self._far, room)
            self._missed |= silent
            if self._first:
                self.present = self.present & ~silent
        self._first = False
        self._loudest = max(self._loudest, self._far)
        self._examined, self._far, self._near = 0, 0.0, np.zeros(len(self.present))

    def _silent(self, near: Energy, cue: float, room: Energy | float) -> npt.NDArray[np.bool_]:
        """Whether a probe of energy `near` contains neither an audible echo of the cue nor more than the noise."""
        return near < np.maximum(self._config.inaudible * cue, self._config.over_room * self._config.probe * room)
