"""The noise floor, estimated by minimum statistics.

Speech has pauses between words and between people, so the quietest quarter second of the last six seconds is noise. A
new steady noise raises the floor after six seconds; a voice with pauses for breath never does.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from coach.vad.frames import FRAMES_A_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseFloorConfig:
    """How the floor follows the quietest sound."""

    block: int = round(0.25 * FRAMES_A_SECOND)  # frames; the mean of the quieter half of them may be the floor
    blocks: int = 24  # of which the quietest is the floor: six seconds
    start: float = -60.0  # dBFS, the initial floor: a quiet room
    over: float = 9.0  # dB over the floor above which a frame is not noise


CONFIG = NoiseFloorConfig()
OVER_FLOOR = CONFIG.over


class NoiseFloor:
    """The noise floor of one level, in dBFS. `frame` takes the level of a frame and returns the floor."""

    def __init__(self) -> None:
        self._minima: deque[float] = deque(maxlen=CONFIG.blocks)
        self._block: list[float] = []
        self.level = CONFIG.start

    def frame(self, level: float) -> float:
        """The floor (dBFS) after a frame of `level` dBFS."""
        self._block.append(level)
        if len(self._block) == CONFIG.block:
            ordered = sorted(self._block)
            self._minima.append(sum(ordered[: CONFIG.block // 2]) / (CONFIG.block // 2))
            self._block.clear()
            self.level = min(self._minima)
        return self.level


class Floors:
    """The noise floors of several independent levels. `frames` takes and returns (n, columns) dB.

    During the first quarter second, the floor is the quietest frame. `last` is the latest floor, (1, columns).
    """

    def __init__(self) -> None:
        self._minima: deque[np.ndarray] = deque(maxlen=CONFIG.blocks)
        self._block: list[np.ndarray] = []
        self.last = np.zeros((0, 0))

    def frames(self, rows: np.ndarray) -> np.ndarray:
        """The floors after each row, (n, columns) dB like `rows`."""
        floors = np.empty_like(rows)
        done = 0
        while done < len(rows):
            taken = rows[done : done + CONFIG.block - len(self._block)]
            self._block.extend(taken)
            floors[done : done + len(taken)] = self._during(taken)
            done += len(taken)
            if len(self._block) == CONFIG.block:
                self._minima.append(np.sort(np.array(self._block), axis=0)[: CONFIG.block // 2].mean(axis=0))
                self._block.clear()
                floors[done - 1] = np.min(np.array(self._minima), axis=0)
            self.last = floors[done - 1 : done]
        return floors

    def _during(self, rows: np.ndarray) -> np.ndarray:
        """The floor of each row of an unfinished block."""
        if self._minima:
            return self.last
        known = np.concatenate([self.last, rows]) if len(self.last) else rows
        return np.asarray(np.minimum.accumulate(known)[-len(rows) :])
