"""What the networks hear counts only in proved voices: they take barks, sneezes and babies for people.

A voice is proved by the quick detector, or by the networks if they are sure of it for long enough:

    networks        ─────████████████───────────█████──────────██████████████████──────
    quick detector            ▔▔▔▔▔▔
    counts               ████████████                          ██████████████████
                         a soft beginning and   a sneeze       sure for 1.4 s: a soft caller
                         end belong to it

Of 96 noises, alone and after a check-in, the networks are as sure of none for as long; of a baby they are for 1.3 s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.core.span import Span
from coach.vad import FRAME, FRAMES_A_SECOND, JOIN, OPEN, Began, Stopped, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofConfig:
    """What proves a voice, and how far it reaches. Times are frames of 10 ms."""

    before: int = FRAMES_A_SECOND // 2  # before a proved voice, which may be its soft beginning
    after: int = 3 * FRAMES_A_SECOND  # after it, for speech that goes on without a pause
    sure: float = 0.95  # mean probability of speech that proves a voice without the quick detector
    long: int = 140  # frames of speech that it takes
    remembered: int = 10 * FRAMES_A_SECOND  # frames of speech; no frame is judged again after so many


CONFIG = ProofConfig()


class Voices:
    """The voices that the quick detector found from `frame` on."""

    def __init__(self, frame: int = 0) -> None:
        self._spans: deque[Span] = deque()
        self.settled = frame  # all before this is final

    def hear(self, edges: Sequence[Began | Stopped], settled: int) -> None:
        """Take the edges of a hop; after it, all frames before `settled` are final."""
        for edge in edges:
            if isinstance(edge, Began):
                self._spans.append(Span(edge.onset // FRAME, OPEN))
            elif self._spans:
                self._spans[-1] = Span(self._spans[-1].start, edge.span.end // FRAME)
        self.settled = settled

    def within(self, first: int, last: int, before: int = 0, after: int = 0) -> np.ndarray:
        """Whether each frame from `first` up to `last` lies in a voice, or so many frames before or after one."""
        while self._spans and self._spans[0].end + CONFIG.after <= first:
            self._spans.popleft()
        inside = np.zeros(last - first, bool)
        for voice in self._spans:
            end = min(voice.end, self.settled)
            if end > voice.start:
                inside[max(0, voice.start - before - first) : max(0, end + after - first)] = True
        return inside


class Proof:
    """Which frames of speech count, on one channel."""

    def __init__(self, config: ProofConfig = CONFIG) -> None:
        self._config = config
        self.skip_to(0)

    def skip_to(self, frame: int) -> None:
        """Begin anew at `frame`, after missing sound."""
        self._kept: deque[int] = deque(maxlen=self._config.remembered)  # the last frames of speech that counted
        self._sure = frame - self._config.after  # the end of the last voice that the networks proved
        self.voices = Voices(frame)

    def counts(self, first: int, speech: np.ndarray, voiced: np.ndarray) -> np.ndarray:
        """Which frames of `speech` (n,), from frame `first` on, count; `voiced` (n,) is how sure the networks are.

        The result is shorter where the rest may still turn out to lie in a proved voice.
        """
        config = self._config
        last = first + len(speech)
        proved = self.voices.within(first, last, config.before)
        goes_on = self.voices.within(first, last, config.before, config.after)
        goes_on[: max(0, self._sure + config.after - first)] = True
        undecided = self.voices.settled - first  # any speech from here on
        promising = len(speech)  # speech from here on that nothing proves yet
        for start, end in runs(_joined(speech)):
            sure = speech[start:end]
            if voiced[start:end][sure].mean() < config.sure:
                continue
            if sure.sum() >= config.long:
                proved[start:end] = True
                self._sure = first + end
            elif end == len(speech) and self.voices.settled < OPEN:  # it may become long enough
                promising = start
        while self._kept and self._kept[-1] >= first:  # these are judged again
            self._kept.pop()
        kept = np.zeros(len(speech), bool)
        for n in np.flatnonzero(speech).tolist():
            if n >= undecided:
                return kept[:n]
            if proved[n] or (goes_on[n] and self._kept and first + n - self._kept[-1] <= JOIN):
                kept[n] = True
                self._kept.append(first + n)
            elif n >= promising:
                return kept[:n]
        return kept


def _joined(speech: np.ndarray) -> np.ndarray:
    """`speech` (n,) with pauses up to JOIN closed, and the last one too, as it may be as short."""
    joined = speech.copy()
    for start, end in runs(~speech):
        if start and end - start <= JOIN:
            joined[start:end] = True
    return joined
