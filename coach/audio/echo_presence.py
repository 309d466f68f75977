"""Which microphones hear the coach: with headphones, or a muted speaker, none does.

A microphone in which no sound came during the first half second of a cue does not hear it, and that holds for the next
ones, too, where a person may have begun with the coach. It is doubted only by a cue that looks as with an echo:

    cue           ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
    microphone    ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒      a sound in every half second of it, and none in the last half second of the
                                    └ 1 s ┘   one after it

>>> heard = EchoPresence(1)
>>> cue, silence = np.full(RATE // 2, 0.1, np.float32), np.zeros((RATE // 2, 1), np.float32)
>>> heard.begin()
>>> heard.hop(silence, cue, rest=RATE)
>>> heard.by
array([False])
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.audio.source import Samples
from coach.core.span import RATE

PROBE = RATE // 2  # samples that are looked at together; longer than a wireless speaker's delay
INAUDIBLE = 1e-4  # of the cue's energy (-40 dB); an echo weaker than this is no speech to anybody
IN_THE_ROOM = 4.0  # times the energy of the quiet room (6 dB); one that adds no more drowns in it

Energy = npt.NDArray[np.float64]


class EchoPresence:
    """Call `begin`, then `hop` until nothing more can come of the cue, then `end`."""

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
        self._rest = np.zeros(len(self.by))  # energy in the last PROBE of all

    def hop(self, near: Samples, far: Samples, rest: int, room: Energy | float = 0.0) -> None:
        """`near` (n, channels) while the speaker got `far` (n,); `rest` samples will follow, if it gets no more.

        `room` (channels,) is the mean square of a quiet moment.
        """
        energy = (near.astype(np.float64) ** 2).sum(axis=0)
        self._rest = self._rest + energy if rest < PROBE else np.zeros(len(self.by))
        self._looked += len(far)
        self._near = self._near + energy
        self._far += float((far.astype(np.float64) ** 2).sum())
        if self._looked >= PROBE:
            self._look(room)

    def end(self, room: Energy | float = 0.0) -> None:
        """The cue is over, and what may come of it as well."""
        self.by = self.by | (_silent(self._rest, self._loudest, room) & ~self._spared)

    def _look(self, room: Energy | float) -> None:
        if self._far:
            without = _silent(self._near, self._far, room)
            self._spared |= without
            if self._first:
                self.by = self.by & ~without
        self._first = False
        self._loudest = max(self._loudest, self._far)
        self._looked, self._far, self._near = 0, 0.0, np.zeros(len(self.by))


def _silent(near: Energy, cue: float, room: Energy | float) -> npt.NDArray[np.bool_]:
    """Whether a PROBE of energy `near` holds next to nothing of a cue's, or no more than the quiet room."""
    return near < np.maximum(INAUDIBLE * cue, IN_THE_ROOM * PROBE * room)
