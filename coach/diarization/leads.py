"""How much louder each person is in their own microphone than in the others', where all stand in one room.

    lead      +4 +3 -1 +5 ... dB per frame: each says little, a second of them says who is nearer
    voices    the crops of seconds that one microphone leads are its owner's voice, learnt while listening

`Closeness` tells when microphones hear everybody nearly as loudly, so that a lead no longer says who is silent. `Leads`
is then evidence for `attribution`, beside the voices.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coach.core.span import HOP
from coach.diarization.embedding import DEFAULT_EMBEDDING
from coach.diarization.looks import Crop
from coach.vad import FRAME, FRAMES_A_SECOND, OVER_FLOOR, Levels, NoiseFloor


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsConfig:
    """What a lead says. Levels are dB."""

    smooth: int = FRAMES_A_SECOND // 2  # frames over which levels are averaged before they are compared
    close: float = 6.0  # median lead of the loudest microphone below which all hear everybody
    fewest: int = 5 * FRAMES_A_SECOND  # frames with a voice before that is said
    memory: int = 20 * FRAMES_A_SECOND  # frames with a voice that it is said of
    beginning: int = 60 * FRAMES_A_SECOND  # the same for a recording that is heard before it is judged
    nats: float = 0.02  # evidence per frame and dB; neighbouring frames say nearly the same
    most: float = 12.0  # lead of which no more is evidence
    clear: float = 1.5  # mean lead during a crop that makes its voice the owner's
    alone: float = 0.6  # share of a crop in which one voice must be alone
    kept: int = 20 * FRAMES_A_SECOND  # frames of levels that are kept


CONFIG = LeadsConfig()


class Closeness:
    """Whether the microphones hear everybody nearly as loudly. `frames` takes levels (n, channels) in dBFS."""

    def __init__(self, channels: int, config: LeadsConfig = CONFIG) -> None:
        self._config = config
        self._floors = [NoiseFloor() for _ in range(channels)]
        self._power: deque[np.ndarray] = deque(maxlen=config.smooth)
        self._leads: deque[float] = deque(maxlen=config.memory)
        self.close = False

    @property
    def told(self) -> int:
        """The frames with a voice that it is said of."""
        return len(self._leads)

    def frames(self, levels: np.ndarray) -> None:
        """Take the levels of the next frames, (n, channels) dBFS."""
        for row in levels:
            floors = [floor.frame(float(level)) for floor, level in zip(self._floors, row, strict=True)]
            self._power.append(10 ** (row / 10))
            if (row > np.array(floors) + OVER_FLOOR).any():
                ordered = np.sort(10 * np.log10(np.mean(self._power, axis=0)))
                self._leads.append(float(ordered[-1] - ordered[-2]))
        if len(self._leads) >= self._config.fewest:
            self.close = bool(np.median(self._leads) < self._config.close)


def are_close(hops: Iterable[np.ndarray], columns: Mapping[str, int], config: LeadsConfig = CONFIG) -> bool:
    """Whether the microphones in these columns of `hops`, (HOP, channels) each, are close; a minute of talk tells."""
    closeness = Closeness(len(columns), replace(config, memory=config.beginning))
    meters = [Levels() for _ in columns]
    for samples in hops:
        levels = [meter.hop(samples[:, column]) for meter, column in zip(meters, columns.values(), strict=True)]
        closeness.frames(np.stack(levels, axis=1))
        if closeness.told == config.beginning:
            break
    return closeness.close


class Leads:
    """The leads of the last frames, and the voices learnt from them. `columns` maps names to columns of the hops."""

    def __init__(self, columns: Mapping[str, int], config: LeadsConfig = CONFIG) -> None:
        self._config = config
        self.names = sorted(columns)
        self._columns = [columns[name] for name in self.names]
        self._meters = [Levels() for _ in self.names]
        self._sums = np.zeros((len(self.names), DEFAULT_EMBEDDING.numbers))
        self._learnt = -1  # where the newest crop began that was looked at
        self.skip_to(0)

    def again(self) -> Leads:
        """For a second pass over the same sound, with the voices that were learnt in the first."""
        second = Leads(dict(zip(self.names, self._columns, strict=True)), self._config)
        second._sums, second._learnt = self._sums, self._learnt
        return second

    def skip_to(self, frame: int) -> None:
        """Skip missing sound up to `frame`: the leads before it are dropped, the voices learnt are kept."""
        self._rows: deque[np.ndarray] = deque(maxlen=self._config.kept)
        self._count = frame

    def hop(self, samples: np.ndarray) -> None:
        """`samples` (HOP, columns)."""
        levels = np.array([m.hop(samples[:, c]) for m, c in zip(self._meters, self._columns, strict=True)])
        for row in levels.T:
            second, first = np.sort(row)[-2:]
            self._rows.append(row - np.where(row == first, second, first))
        self._count += HOP // FRAME

    def evidence(self, first: int, last: int) -> np.ndarray:
        """Nats (last - first, people) that each person speaks in those frames."""
        lead = self._between(first, last)
        return np.asarray(self._config.nats * np.clip(lead, -self._config.most, self._config.most))

    def learn(self, crops: Iterable[Crop]) -> dict[str, np.ndarray]:
        """Each person's voice so far, (192,) of unit length or zeros, after new `crops` in their order."""
        config = self._config
        for crop in crops:
            if crop.start <= self._learnt:
                continue
            self._learnt = crop.start
            lead = self._between(crop.start // FRAME, crop.span.end // FRAME).mean(axis=0)
            if crop.alone >= config.alone and lead.max() >= config.clear:
                self._sums[lead.argmax()] += crop.voice
        sizes = np.linalg.norm(self._sums, axis=1, keepdims=True)
        return dict(zip(self.names, self._sums / np.maximum(sizes, 1e-9), strict=True))

    def _between(self, first: int, last: int) -> np.ndarray:
        """The leads (last - first, people) in dB; that of the first or last frame kept for any outside."""
        rows = np.array([*self._rows])
        at = np.arange(first, last) - (self._count - len(rows))
        return np.asarray(rows[np.clip(at, 0, len(rows) - 1)])
