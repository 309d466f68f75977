"""When the networks listen: the grid of windows.

Once a second, while somebody may be speaking; twice a second while two voices are heard, because a change of speakers
may be under way; once more 0.6 s after an onset, and when a voice has stopped. A frame is judged for the first time by
the first window that reaches a quarter of a second beyond it, because the network is unsure of what it has hardly
heard.

The grid lies on the clock of the samples, so neither the block size nor the source changes a window. Windows twice a
second throughout cost twice as much and were no better (docs/timing.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

from coach.core.span import HOP, RATE
from coach.vad import Began, Stopped

FEWER_WINDOWS, NO_OVERLAP = 1, 2  # what an ear does without on a machine that is too slow: the first, then both


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableConfig:
    """When the networks listen, and how far behind the sound they judge. Times are samples."""

    step: int = RATE  # between two windows
    close: int = RATE // 2  # the same while two voices are heard
    seldom: int = 2 * RATE  # the same where the machine is too slow
    ahead: int = RATE // 4  # heard after a frame before it is judged
    onset: int = round(0.6 * RATE)  # after the onset of a voice, when there is one more window
    ahead_of_onset: int = RATE // 10  # heard after a frame before that window judges it
    faded: int = RATE // 10  # after a voice has stopped, when there is one more window; its soft end is longer


CONFIG = TimetableConfig()


class Due(NamedTuple):
    """The networks will listen at sample `now`, and frames up to sample `until` will be judged.

    `close`: only if two voices are heard in the window before.
    """

    now: int
    until: int
    close: bool


class Timetable:
    """When the networks listen. `onsets`: also soon after an onset, to tell early whose voice it is."""

    def __init__(self, *, onsets: bool, config: TimetableConfig = CONFIG) -> None:
        self._onsets, self._config = onsets, config
        self.relief = 0  # what is done without, FEWER_WINDOWS and more
        self.begin()

    def begin(self) -> None:
        """Start anew, with no voice before."""
        self.close = False  # whether two voices were heard in the last window
        self._onset = -self._config.onset  # of the latest voice, in samples
        self._stopped = 0  # the sample at which the latest voice has stopped for long enough

    @property
    def overlap(self) -> bool:
        """Whether the segmentation listens too."""
        return self.relief < NO_OVERLAP

    def due(self, now: int, edges: Sequence[Began | Stopped]) -> int | None:
        """The sample up to which frames are judged after the hop that ends at `now`, in which `edges` were found."""
        config = self._config
        self._onset = max([self._onset, *(edge.onset for edge in edges if isinstance(edge, Began))])
        if any(isinstance(edge, Stopped) and edge.span for edge in edges):
            self._stopped = now + config.faded
        if now == self._stopped:  # nothing more of this voice will be heard
            return now
        if now % (config.seldom if self.relief else config.close if self.close else config.step) == 0:
            return now - config.ahead
        if self._onsets and not self.relief and now - HOP < self._onset + config.onset <= now:
            return now - config.ahead_of_onset
        return None

    def ahead(self, now: int, edges: Iterable[Sequence[Began | Stopped]]) -> list[Due]:
        """What will be due in the hops after sample `now`, in each of which these `edges` are found.

        Call it on a copy: it is as far as these hops afterwards.
        """
        alone, close = self, copy(self)
        alone.close, close.close = False, True
        out = []
        for found in edges:
            now += HOP
            surely, perhaps = alone.due(now, found), close.due(now, found)
            until = perhaps if surely is None else surely
            if until is not None:
                out.append(Due(now, until, surely is None))
        return out
