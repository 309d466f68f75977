"""Speaker attribution on one microphone, with the voices that were enrolled at the check-in.

The method is a hidden Markov model with one state per person and two per overlapping pair (`voices.together`), one for
each order in which the two began. Emissions are how well a frame fits each voice, transitions have costs (`costs`), and
the Viterbi path, read with less than half a second of lag, is the answer. So one odd syllable does not change the
speaker, and half a second of "mm-hm" is still attributed to the other person.

    A ──CHANGE──► B           a new voice right after the old one
    A ──JOIN──► A+b ──LEAVE──► B     a new voice over the end of the old one: costs no more, because it is common
                A+b ──BACK──► A      a voice that came and went under another: costs more, or every hiss would be one

    frame      n-LAG ...... n-REACH ... n
    best path  A A A A B B B B               decided: the state at n-LAG; the rest may still change
    evidence                  . . . .        waits for its context: REACH frames on either side
    silence    flushes: without sound nothing can change the path

The evidence of a frame has three parts: how its cepstra fit each mixture, where the surrounding 0.2 s lie between the
people (`discriminant`; overlap lies in the middle), and what a perceptron trained on many pairs of speakers makes of
both (`overlap`). The perceptron finds the ends of turns under the next turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, permutations

import numpy as np

from coach.hearing.costs import Costs, State
from coach.hearing.discriminant import REACH, nearness, projected, settled
from coach.hearing.familiarity import Familiarity
from coach.hearing.frames import BANDS, FRAMES_A_SECOND
from coach.hearing.overlap import ALONE_A, ALONE_B, BOTH, either_way
from coach.hearing.voices import Choir, Voice, cepstra, together

LAG = round(0.42 * FRAMES_A_SECOND)  # frames from a sound to its attribution; VAD and hops add up to 0.05 s
LOOKBACK = LAG - REACH  # frames of the path that may still change; a frame first waits for REACH frames of context
TRUST = 0.04  # weight of a frame's log likelihood; it is small because neighbouring frames are not independent
TRUST_ONLY = 0.10  # the same without places, when there is no other evidence
TRUST_PLACE = 0.03  # weight of the position between the people
MOST = 8.0  # the most log likelihood that either can count against a person in one frame
TRUST_ALONE = 0.18  # weight of the perceptron's log probability of one person against another (`overlap`)
TRUST_BOTH = 0.22  # weight of its log probability of overlap against one person
RARE = 1.6  # log odds added for overlap, which it underestimates: most of its training data has one voice
TWO_AT_ONCE = -3.0  # log likelihood added for overlap: a constructed model fits everything a little


_Asked = tuple[np.ndarray, np.ndarray | None]  # a frame's log likelihood for each state, and its projection


@dataclass(frozen=True, slots=True)
class Decided:
    """The speakers of one frame, if it is speech, and the confidence in each of them, 0 to 1."""

    who: frozenset[str]
    confidence: Mapping[str, float]


class Attribution:
    """`hop` takes log mel energies (k, BANDS) and activity flags, and returns the newly decided frames in order.

    `expect` announces the bands of coming hops, so that work on them is done in one batch. `flush` decides all frames
    so far; call it when a voice has stopped. `interrupt` does the same before missing sound, so that later frames are
    no context of earlier ones. With `strangers`, the confidence also falls if a voice turns out to be nobody's who is
    enrolled. Use it only for voices enrolled in this room with this microphone: with another one, everybody would seem
    a stranger.
    """

    def __init__(self, voices: dict[str, Voice], strangers: bool = False) -> None:
        names = sorted(voices)
        self._states: list[State] = [(n,) for n in names] + list(permutations(names, 2))
        pairs = list(combinations(names, 2))
        self._choir = Choir([voices[n] for n in names] + [together(voices[a], voices[b]) for a, b in pairs])
        sounds = [frozenset([n]) for n in names] + [frozenset(pair) for pair in pairs]
        self._sound = [sounds.index(frozenset(state)) for state in self._states]
        self._bias = np.array([TWO_AT_ONCE * (len(sound) - 1) for sound in sounds])
        self._costs = Costs(self._states)
        self._with = {name: np.array([name in state for state in self._states]) for name in names}
        places = {n: place for n in names if (place := voices[n].place) is not None}
        self._pairs = list(combinations(range(len(names)), 2))
        columns = [[a, b, len(names) + k] for k, (a, b) in enumerate(self._pairs)]
        self._by_pair = np.reshape(columns, (-1, 3)).astype(int)  # columns of each person, and of both
        self._places = _places(list(places.values()), self._pairs, len(names))
        self._familiarity = Familiarity(places) if strangers and len(places) == len(names) else None
        self._points: deque[np.ndarray | None] = deque()  # projection of each frame of the path; None without speech
        self._heard = np.zeros((0, BANDS))  # frames that wait for their context, after REACH frames of context
        self._expected = np.zeros((0, BANDS))  # the bands of coming hops
        self._foreseen: deque[_Asked] = deque()  # evidence computed ahead, of the first frames that wait
        self._flags: deque[bool] = deque()  # activity of the frames that wait
        self._score = np.zeros(len(self._states))
        self._no_word = np.zeros(len(self._states))  # evidence of a frame without speech
        self._back: deque[list[int]] = deque()
        self._sure: deque[dict[str, float]] = deque()

    def expect(self, bands: np.ndarray) -> None:
        self._expected = bands

    def hop(self, bands: np.ndarray, active: tuple[bool, ...]) -> list[Decided]:
        """Decide the frames that are LAG frames old."""
        self._flags.extend(active)
        self._expected = self._expected[len(bands) :]
        if not len(self._heard) and len(bands):
            self._heard = np.repeat(bands[:1], REACH, axis=0)  # the first frame is its own context
        self._heard = np.concatenate([self._heard, bands])
        count = max(0, min(len(self._heard) - 2 * REACH, len(self._flags)))
        asked = self._asked(count)
        self._heard = self._heard[count:]
        return self._decide(asked)

    def flush(self) -> list[Decided]:
        """Decide everything; the last frame is repeated in place of the missing context."""
        waiting = len(self._flags)
        out: list[Decided] = []
        if waiting:
            missing = max(0, waiting + 2 * REACH - len(self._heard))
            rows = np.concatenate([self._heard, self._heard[-1:].repeat(missing, axis=0)])
            self._forget(waiting)
            out = self._decide(self._answers(rows[: waiting + 2 * REACH]))
            self._heard = self._heard[waiting:]
        return out + self._path(len(self._back))

    def interrupt(self) -> list[Decided]:
        """Decide everything, because sound is missing after this."""
        out = self.flush()
        self._heard = self._expected = self._heard[:0]
        self._foreseen.clear()
        return out

    def _decide(self, asked: Iterable[_Asked]) -> list[Decided]:
        out = []
        for row, point in asked:
            speech = self._flags.popleft()
            self._points.append(point if speech else None)
            self._step(row if speech else self._no_word, speech)
            if len(self._back) > LOOKBACK:
                out.append(self._path(1)[0])
        return out

    def _asked(self, count: int) -> list[_Asked]:
        """The evidence of the first `count` frames that wait, all with complete context.

        If none of them is speech, nothing is computed, because evidence counts only in speech.
        """
        if not any(islice(self._flags, count)):
            self._forget(count)
            return [(self._no_word, None)] * count
        if len(self._foreseen) < count:
            rows = np.concatenate([self._heard, self._expected])
            self._foreseen.extend(self._answers(rows[len(self._foreseen) :]))
        return [self._foreseen.popleft() for _ in range(count)]

    def _forget(self, count: int) -> None:
        for _ in range(min(count, len(self._foreseen))):
            self._foreseen.popleft()

    def _answers(self, rows: np.ndarray) -> Iterable[_Asked]:
        """Log likelihood of each state, and the projection, for all `rows` except REACH at either end."""
        count = len(rows) - 2 * REACH
        x = cepstra(rows)
        colour = self._choir.likelihood(x)
        trust = TRUST if self._places is not None else TRUST_ONLY
        likely = _against(colour[REACH : REACH + count] + self._bias) * trust
        points = projected(x)
        if self._places is not None:
            near = nearness(points, self._places)
            likely += _against(near) * TRUST_PLACE + self._shared(colour, rows.mean(axis=1), near)
        return zip(likely[:, self._sound], points, strict=True)

    def _shared(self, colour: np.ndarray, levels: np.ndarray, near: np.ndarray) -> np.ndarray:
        """The perceptron's evidence: for a person against the likeliest rival, for overlap against one person."""
        colour, near = (each[:, self._by_pair].transpose(1, 0, 2) for each in (colour, near))
        share = either_way(colour, levels, near)
        one = share[..., [ALONE_A, ALONE_B]]
        likelier = one.max(axis=2, keepdims=True)
        alone = np.zeros((near.shape[1], len(self._with)))
        for pair, less in zip(self._pairs, one - likelier, strict=True):
            alone[:, pair] = np.minimum(alone[:, pair], less)
        both = (share[..., BOTH] - likelier[..., 0] + RARE).T
        return np.concatenate([np.maximum(alone, -MOST) * TRUST_ALONE, np.clip(both, -MOST, MOST) * TRUST_BOTH], axis=1)

    def _step(self, row: np.ndarray, speech: bool) -> None:
        arriving = self._score[:, None] - self._costs.step(speech)
        best = arriving.argmax(axis=0)
        self._score = arriving[best, np.arange(len(best))] + row
        self._score -= self._score.max()
        self._back.append(best.tolist())
        self._sure.append(self._certainty())

    def _certainty(self) -> dict[str, float]:
        """For each person, the logistic of the log ratio of the best path that ends with them to the best without."""
        if len(self._score) == 1:
            return dict.fromkeys(self._with, 1.0)
        return {
            name: float(1 / (1 + np.exp(self._score[~theirs].max() - self._score[theirs].max())))
            for name, theirs in self._with.items()
        }

    def _path(self, count: int) -> list[Decided]:
        """Trace the best path back from the newest frame and remove its oldest `count` frames."""
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
            later = self._sure[min(LOOKBACK, len(self._sure)) - 1] if self._sure else self._certainty()
            who, point = frozenset(self._states[path[i]]), self._points.popleft()
            known = self._familiarity.hear(point, who) if self._familiarity else 1.0
            out.append(Decided(who, {name: sure * known for name, sure in later.items()}))
        return out


def _places(known: list[np.ndarray], pairs: list[tuple[int, int]], people: int) -> np.ndarray | None:
    """The positions of each person, then of each pair, (sounds, DIRECTIONS); None unless all are known."""
    if len(known) < people:
        return None
    single = settled(known)
    return np.concatenate([single, *(single[list(pair)].mean(axis=0, keepdims=True) for pair in pairs)])


def _against(likely: np.ndarray) -> np.ndarray:
    """The log likelihood of each sound relative to the likeliest one, at least -MOST."""
    return np.asarray(np.maximum(likely - likely.max(axis=1, keepdims=True), -MOST))
