"""Hearing with one microphone per person, however far the people sit from each other's.

    microphones hear   mostly their owner     ChannelEar: each channel is one person's (`channels`)
                       everybody              Ear on their mean, with the leads as evidence (`leads`)

Live it begins with the first, and changes to the second once it has heard that the microphones are close. For a
recording that is known beforehand, and the voices are learnt from all of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from coach.core.events import Event
from coach.diarization.channels import ChannelEar
from coach.diarization.ear import Ear
from coach.diarization.leads import Closeness, Leads
from coach.diarization.senses import Senses
from coach.vad import SILERO, Detector, Levels


class _Row(NamedTuple):
    """Hops to come. The first `apart` come before the microphones are found to be close; `begun`: an ear hears them."""

    heard: np.ndarray
    apart: int
    begun: bool


class MicrophonesEar:
    """`channels` maps names to columns of the hops, from 0. It has the interface of `Ear` without enrolment.

    Without neural networks voices cannot be told apart, and it stays with the levels. `close` is an ear for the mean of
    close microphones, in the order of `channels`.
    """

    def __init__(self, channels: dict[str, int], detector: Detector = SILERO, close: Ear | None = None) -> None:
        self.columns = dict(channels)
        self._detector = detector
        self._order = {who: n for n, who in enumerate(channels)}
        self._ear: ChannelEar | Ear = close or ChannelEar(self._order, detector)
        self._relief = 0
        self._rows: deque[_Row] = deque()  # expected
        self._meters = [Levels() for _ in channels]
        self._closeness = Closeness(len(channels)) if detector.networks and len(channels) > 1 else None

    @property
    def now(self) -> int:
        """The sample up to which it has heard, or skipped missing sound."""
        return self._ear.now

    @property
    def speaking(self) -> frozenset[str]:
        """The people who are speaking, by the events so far: those with a SpeechOn that no Speech has ended."""
        return self._ear.speaking

    @property
    def dbfs(self) -> tuple[float, ...]:
        """The level of the last hop in dBFS: of each channel, or only of their mean once they are found to be close."""
        return self._ear.dbfs

    @property
    def close(self) -> bool:
        """Whether the microphones were found to hear everybody nearly as loudly."""
        return isinstance(self._ear, Ear)

    def hop(self, samples: np.ndarray) -> list[Event]:
        """`samples` has shape (HOP, columns)."""
        (events,) = self.hops(samples[None])
        return events

    def hops(self, samples: np.ndarray) -> Iterator[list[Event]]:
        """Yield the events of each of (n, HOP, columns). Read this to its end; it is cheaper than hop by hop."""
        self.expect(samples)
        return self.expected()

    def expect(self, samples: np.ndarray) -> None:
        """Begin to hear hops to come, as `Ear.expect`; none from where another ear takes over on."""
        heard = samples[:, :, list(self.columns.values())]
        apart = self._still_apart(heard)
        begun = (self.close or apart == len(heard)) and all(row.begun for row in self._rows)
        if begun:
            self._ear.expect(heard)
        self._rows.append(_Row(heard, apart, begun))

    def expected(self) -> Iterator[list[Event]]:
        """Yield the events of the hops that were expected first, as `Ear.expected`."""
        heard, apart, begun = self._rows.popleft()
        if begun:
            yield from self._ear.expected()
            return
        if apart:
            yield from self._ear.hops(heard[:apart])
        closing = [] if self.close else self._change()
        for events in self._ear.hops(heard[apart:]):
            yield closing + events
            closing = []

    def relieve(self, step: int) -> None:
        """Do with less from now on, as `Ear.relieve`."""
        self._relief = step
        self._ear.relieve(step)

    def skip_to(self, sample: int) -> list[Event]:
        """Skip missing sound up to `sample`: close what is open and move the clock on."""
        return self._ear.skip_to(sample)

    def finish(self) -> list[Event]:
        """End the sound: the events of what was still open."""
        return self._ear.finish()

    def _change(self) -> list[Event]:
        now, closing = self._ear.now, self._ear.finish()
        self._ear = Ear(senses=Senses(self._detector), leads=Leads(self._order))
        self._ear.skip_to(now)
        self._ear.relieve(self._relief)
        return closing

    def _still_apart(self, heard: np.ndarray) -> int:
        """How many of the hops come before the microphones are found to be close."""
        if self.close or (self._closeness is not None and self._closeness.close):
            return 0
        if self._closeness is None:
            return len(heard)
        levels = np.stack([meter.hops(heard[:, :, i]) for i, meter in enumerate(self._meters)], axis=2)
        for n, frames in enumerate(levels):
            self._closeness.frames(frames)
            if self._closeness.close:
                return n + 1
        return len(heard)
