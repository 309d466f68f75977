"""Who is speaking, on one microphone, from the voices that were learnt at the check-in.

A hidden Markov model with a state for each person, and two for each pair at once (`voices.together`): one for either
of them having begun. A frame says how much it sounds like each; moving between states costs; Viterbi's best path, read
a third of a second behind the sound, is the answer. So one odd syllable changes nobody's turn, and half a second of
"mm-hm" is still heard as the other's.

    A ──CHANGE──► B           a new voice right after the old one
    A ──JOIN──► A+b ──LEAVE──► B     a new voice over the end of the old one: no dearer, since people do that
                A+b ──BACK──► A      a voice that came and went under another: dearer, or every hiss would be one

    frame      n-LAG ........ n
    best path  A A A A B B B B       decided: the state at n-LAG; the rest may still change
    silence    flushes: without sound there is nothing that could change the path

Costs are log-likelihood; they were chosen on two-voice mixtures with known truth, where a change of person inside
running speech has to be dearer than anything a single syllable can say against it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from coach.hearing.frames import FRAMES_A_SECOND
from coach.hearing.voices import Choir, Voice, cepstra, together

LAG = round(0.35 * FRAMES_A_SECOND)  # frames between the sound and the answer while somebody speaks
TRUST = 0.15  # share of a frame's log likelihood that counts: neighbouring frames say the same thing again
MOST = 8.0  # log likelihood by which one frame can speak against a person, at the most
CHANGE = 14.0  # cost of one person's speech going over into another's
JOIN = 7.0  # cost of a second voice coming in over the first
LEAVE = 7.0  # cost of the first one then leaving it to the second
BACK = 12.0  # cost of the second one leaving again
IN_SILENCE = 0.5  # share of these costs between words, where people do change
TWO_AT_ONCE = -1.5  # log likelihood taken from two at once: a built model fits anything a little


@dataclass(frozen=True, slots=True)
class Decided:
    """For one frame: who speaks in it if it holds speech, and how sure that is of each of them, 0 to 1."""

    who: frozenset[str]
    confidence: Mapping[str, float]


class Attribution:
    """`hop` takes log mel energies (k, BANDS) and k activity flags; gives what became decided, frame by frame in order.

    `flush` decides everything heard so far; call it when a voice has stopped.
    """

    def __init__(self, voices: dict[str, Voice]) -> None:
        names = sorted(voices)
        self._states: list[tuple[str, ...]] = [(n,) for n in names] + list(permutations(names, 2))
        pairs = list(combinations(names, 2))
        self._choir = Choir([voices[n] for n in names] + [together(voices[a], voices[b]) for a, b in pairs])
        sounds = [frozenset([n]) for n in names] + [frozenset(pair) for pair in pairs]
        self._sound = [sounds.index(frozenset(state)) for state in self._states]
        self._bias = np.array([TWO_AT_ONCE * (len(sound) - 1) for sound in sounds])
        self._cost = np.array([[_cost(a, b) for b in self._states] for a in self._states])
        self._with = {name: np.array([name in state for state in self._states]) for name in names}
        self._score = np.zeros(len(self._states))
        self._back: deque[list[int]] = deque()
        self._sure: deque[dict[str, float]] = deque()

    def hop(self, bands: np.ndarray, active: tuple[bool, ...]) -> list[Decided]:
        likely = self._choir.likelihood(cepstra(bands)) + self._bias
        likely = (np.maximum(likely - likely.max(axis=1, keepdims=True), -MOST) * TRUST)[:, self._sound]
        out = []
        for row, speech in zip(likely, active, strict=True):
            self._step(row if speech else np.zeros_like(row), speech)
            if len(self._back) > LAG:
                out.append(self._path(1)[0])
        return out

    def flush(self) -> list[Decided]:
        return self._path(len(self._back))

    def _step(self, row: np.ndarray, speech: bool) -> None:
        arriving = self._score[:, None] - (self._cost if speech else self._cost * IN_SILENCE)
        best = arriving.argmax(axis=0)
        self._score = arriving[best, np.arange(len(best))] + row
        self._score -= self._score.max()
        self._back.append(best.tolist())
        self._sure.append(self._certainty())

    def _certainty(self) -> dict[str, float]:
        """For each person, how much likelier the best path that ends with them is than the best without: a logistic."""
        if len(self._score) == 1:
            return dict.fromkeys(self._with, 1.0)
        return {
            name: float(1 / (1 + np.exp(self._score[~theirs].max() - self._score[theirs].max())))
            for name, theirs in self._with.items()
        }

    def _path(self, count: int) -> list[Decided]:
        """Reads the best path back from the newest frame and takes off its oldest `count` frames."""
        state = int(self._score.argmax())
        path = []
        for best in reversed(self._back):
            path.append(state)
            state = best[state]
        path.reverse()
        out = []
        for i in range(count):
            self._back.popleft()
            self._sure.popleft()
            later = self._sure[min(LAG, len(self._sure)) - 1] if self._sure else self._certainty()
            out.append(Decided(frozenset(self._states[path[i]]), later))
        return out


def _cost(before: tuple[str, ...], after: tuple[str, ...]) -> float:
    """Of two people in a state, the first is the one who was speaking already."""
    if before == after:
        return 0.0
    if len(before) == len(after) == 1:
        return CHANGE
    if len(after) > len(before):
        return JOIN if before[0] == after[0] else CHANGE + JOIN
    if len(before) > len(after):
        return BACK if after[0] == before[0] else LEAVE if after[0] == before[1] else CHANGE + LEAVE
    return CHANGE + BACK
