"""Which microphones hear the coach: with headphones, or a muted speaker, none does.

A microphone in which no sound came during the first half second of a cue does not hear it, and that holds for the next
ones, too, where a person may have begun with the coach. It is doubted only by a cue that looks as with an echo:

    cue           ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
    microphone    ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      a sound in every half second of it, and none in the last half second of the
                                    └ 1 s ┘   one after it

>>> heard = HeardBack(1)
>>> cue, silence = np.full(RATE // 2, 0.1, np.float32), np.zeros((RATE // 2, 1), np.float32)
>>> heard.begin()
>>> heard.hop(silence, cue)
>>> heard.by
array([False])
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.audio.source import Samples
from coach.span import RATE

AFTER = 1 * RATE  # samples after the last sound of the coach: buffers of both devices (0.3 s) and the room's decay
PROBE = RATE // 2  # samples that are looked at together; longer than a wireless speaker's delay
INAUDIBLE = 1e-4  # of the cue's energy (-40 dB); an echo weaker than this is no speech to anybody
IN_THE_ROOM = 4.0  # times the energy of the quiet room (6 dB); one that adds no more drowns in it

Energy = npt.NDArray[np.float64]


class HeardBack:
    """Call `begin`, then `hop` until `AFTER` samples after the cue's last sound, then `end`."""

    def __init__(self, channels: int) -> None:
        self.by = np.ones(channels, bool)
        """For each microphone, whether it hears the coach, as far as is known."""
        self.begin()

    def begin(self) -> None:
        """A cue begins."""
        self._first = True
        self._loudest = 0.0  # energy of the cue in its loudest PROBE
        self._spared = np.zeros(len(self.by), bool)  # whether there was a PROBE of the cue without a sound
        self._looked, self._far, self._near = 0, 0.0, np.zeros(len(self.by))  # of this PROBE
        self._quiet: Energy | float = 0.0  # energy of a PROBE in the quiet room
        self._since, self._rest = 0, np.zeros(len(self.by))  # since the cue's last sound, and in the last PROBE of it

    def hop(self, near: Samples, far: Samples, room: Energy | float = 0.0) -> None:
        """`near` (n, channels) while the speaker got `far` (n,). `room` (channels,): mean square of a quiet moment."""
        energy = (near.astype(np.float64) ** 2).sum(axis=0)
        self._since = 0 if far.any() else self._since + len(far)
        self._rest = self._rest + energy if self._since > AFTER - PROBE else np.zeros(len(self.by))
        self._quiet = IN_THE_ROOM * PROBE * room
        self._looked += len(far)
        self._near = self._near + energy
        self._far += float((far.astype(np.float64) ** 2).sum())
        if self._looked >= PROBE:
            self._look()

    def end(self) -> None:
        """The cue is over, and what may come of it as well."""
        silent = self._rest < np.maximum(INAUDIBLE * self._loudest, self._quiet)
        self.by = self.by | (silent & ~self._spared)

    def _look(self) -> None:
        if self._far:
            without = self._near < np.maximum(INAUDIBLE * self._far, self._quiet)
            self._spared |= without
            if self._first:
                self.by = self.by & ~without
        self._first = False
        self._loudest = max(self._loudest, self._far)
        self._looked, self._far, self._near = 0, 0.0, np.zeros(len(self.by))
