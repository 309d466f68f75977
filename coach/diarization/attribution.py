"""Speaker attribution: which of the known people speak in each frame.

A hidden Markov model has one state per person and one per pair. Its evidence comes from the newest window (`windows`):

    voices    how near the second around a frame is to each enrolled voice, more than to the nearest other
    local     the segmentation tells apart the voices of its window, without names; a local voice is a person's as far
              as the crops near this frame, in which it is alone, are near to that person's voice
    overlap   the segmentation's probability of two voices at once

    local      1 1 1 1 1 _ _ 2 2 2 2 2+1 2 2 2
    crops          A         A    B     B          the one in between has heard both
    decided    A A A A A _ _ B B B B B+A B B B

A second that reaches back into earlier speech, from before a pause, is mostly the voice of then; it says nothing about
the first moments after the pause, and these wait for the next window.

Every new window is evidence for all frames that are not decided. A frame is decided when its best path is much better
than every path with other people, when the voice has stopped, or at the latest after `CONFIG.hold`. The exact moment of
a change always stays a little unsure; it is decided with what follows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from coach.diarization.looks import LOCAL, Look
from coach.vad import FRAMES_A_SECOND as SECOND
from coach.vad import JOIN, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionConfig:
    """The model's weights. Evidence is in nats per frame, costs in nats."""

    hold: int = SECOND  # frames after which a frame is decided, sure or not
    begun: int = SECOND // 2  # frames of a stretch of speech that are heard before its beginning is decided
    over: int = round(0.3 * SECOND)  # frames of silence after which a stretch is decided, sure or not
    sure: float = 4.0  # nats by which the best path must be better for a frame to be decided earlier
    blurred: int = round(0.3 * SECOND)  # frames around a change that may be unsure when what follows is sure
    voice: float = 1.0  # evidence per unit of cosine
    local: float = 0.05  # weight of the log probability that a local voice is a person's
    alone: float = 0.4  # the least probability that a local voice is alone in a crop, for the crop to count for it
    near: float = 0.6  # seconds in which a crop's evidence for a local voice falls to 1/e
    trust: float = 24.0  # nats per unit of cosine in the evidence for a local voice
    doubt: float = 0.01  # the least probability that a local voice is a person's
    overlap: float = 0.2  # weight of the log odds of overlap
    least: float = 1e-3  # probability of overlap that the network may miss
    clear: float = 0.25  # lead of the nearest voice from which the sound around a frame is probably that voice alone
    against: float = 0.5  # evidence against overlap per unit of a lead above that
    change: float = 6.0  # cost of a change of speakers during speech
    change_in_silence: float = 1.0  # the same in a breath
    breath: int = round(0.08 * SECOND)  # frames of silence that divide two stretches of speech
    breath_within: int = round(0.12 * SECOND)  # frames that have so many; reverberation flickers
    join: float = 4.0  # cost of a second voice that joins
    leave: float = 2.0  # cost of one of two voices that leaves


CONFIG = AttributionConfig()


@dataclass(frozen=True, slots=True)
class Decided:
    """The speakers of one frame, if it is speech, and the confidence in each of them, 0 to 1."""

    who: frozenset[str]
    confidence: Mapping[str, float]


class Attribution:
    """`hear` takes the newest window and returns the frames that are decided, in order. `voices`: name to (192,)."""

    def __init__(self, voices: Mapping[str, np.ndarray], config: AttributionConfig = CONFIG) -> None:
        self._config = config
        self._names = sorted(voices)
        people = len(self._names)
        self.know(voices)
        self._pairs = np.array(list(combinations(range(people), 2)), int).reshape(-1, 2)
        sets = [frozenset([i]) for i in range(people)] + [frozenset(pair) for pair in self._pairs.tolist()]
        self._states = [frozenset(self._names[i] for i in members) for members in sets]
        self._with = {name: np.array([name in state for state in self._states]) for name in self._names}
        self._costs = [_costs(sets, config, speech) for speech in (False, True)]
        self._score = np.zeros(len(sets))
        self._before = np.zeros(config.breath_within, bool)  # whether the newest decided frames are speech
        self._began = self._spoke = 0  # the frames at which the latest stretch of speech began, and after it ended

    def know(self, voices: Mapping[str, np.ndarray]) -> None:
        """From now on, the same people have these voices; one that is all zeros is near to nothing."""
        self._voices = np.array([voices[name] for name in self._names])

    def hear(
        self, look: Look | None, first: int, speech: np.ndarray, final: bool, leads: np.ndarray | None = None
    ) -> list[Decided]:
        """Decide frames from frame `first` on, of which `speech` (n,) says whether they are speech.

        `final`: nothing more will be known about them; all are decided. `leads` (n, people) are nats that each person,
        in the order of their names, speaks, by how loud their own microphone is.
        """
        if not len(speech):
            return []
        breath = self._breath(speech)
        stretches = self._stretches(first, speech, breath)
        frames = np.arange(first, first + len(speech))
        if look:
            evidence = self._evidence(look, frames, stretches[:, 0], leads)
        else:
            evidence = np.zeros((len(speech), len(self._states)))
        evidence[~speech] = 0.0
        dear = speech | ~breath[1:]  # where a change costs more
        forward = np.empty_like(evidence)
        score = self._score
        for n, row in enumerate(evidence):
            score = (score[:, None] - self._costs[int(dear[n])]).max(axis=0) + row
            score = forward[n] = score - score.max()
        back = np.zeros_like(evidence)
        for n in range(len(evidence) - 2, -1, -1):
            later = back[n + 1] + evidence[n + 1]
            back[n] = (later[None] - self._costs[int(dear[n + 1])]).max(axis=1)
            back[n] -= back[n].max()
        through = forward + back
        best = through.argmax(axis=1)
        ahead = through.max(axis=1, keepdims=True) - through
        ahead[np.arange(len(best)), best] = np.inf
        sure = ahead.min(axis=1) if len(self._states) > 1 else np.full(len(best), np.inf)
        count = len(speech) if final else self._ready(first, speech, sure, stretches)
        if count:
            self._score = forward[count - 1]
            self._began, self._spoke = stretches[count - 1].tolist()
            self._before = np.concatenate([self._before, speech[:count]])[count:]
        return [self._decided(int(best[n]), through[n]) for n in range(count)]

    def _breath(self, speech: np.ndarray) -> np.ndarray:
        """Whether there was a breath just before each frame, and after the last: (n + 1,)."""
        silent = np.concatenate([[0], np.cumsum(~np.concatenate([self._before, speech]))])
        return np.asarray(silent[len(self._before) :] - silent[: len(speech) + 1] >= self._config.breath)

    def _stretches(self, first: int, speech: np.ndarray, breath: np.ndarray) -> np.ndarray:
        """For each frame from `first` on, where the latest stretch of speech began, and after it ended: (n, 2)."""
        began, spoke, spoken_before = self._began, self._spoke, bool(self._before[-1])
        out = np.empty((len(speech), 2), int)
        for n, spoken in enumerate(speech.tolist()):
            if spoken:
                began = first + n if breath[n] and not spoken_before else began
                spoke = first + n + 1
            spoken_before = spoken
            out[n] = began, spoke
        return out

    def _ready(self, first: int, speech: np.ndarray, sure: np.ndarray, stretches: np.ndarray) -> int:
        """How many frames are decided: those that are sure, or old, or in a stretch of speech that is over.

        But not the very beginning of a stretch. `stretches` (n, 2): where each began, and after it ended.
        """
        config, now = self._config, first + len(speech)
        began, spoke = stretches.T
        ends = spoke[np.searchsorted(began, began, side="right") - 1]
        waits = speech & (sure < config.sure) & (now - ends < config.over)
        for start, end in runs(waits):
            if end < len(waits) and end - start <= config.blurred:
                waits[start:end] = False
        if now - spoke[-1] < JOIN and now - began[-1] < config.begun:
            waits |= speech & (began == began[-1])
        waits[: max(0, len(speech) - config.hold)] = False
        return int(waits.argmax()) if waits.any() else len(speech)

    def _decided(self, state: int, through: np.ndarray) -> Decided:
        confidence = {}
        for name in self._states[state]:
            others = through[~self._with[name]]
            lead = through[self._with[name]].max() - others.max() if len(others) else np.inf
            confidence[name] = float(1 / (1 + np.exp(-lead)))
        return Decided(self._states[state], confidence)

    def _evidence(
        self, look: Look, frames: np.ndarray, began: np.ndarray, leads: np.ndarray | None = None
    ) -> np.ndarray:
        """Nats (n, states) for each state in each frame. `began` (n,): where the stretch of speech around it began."""
        config = self._config
        likely = look.at(frames)
        near = self._voices @ np.array([crop.voice for crop in look.crops]).T if look.crops else None  # (people, crops)
        people = len(self._names)
        alone, clear = np.zeros((len(frames), people)), np.zeros(len(frames))
        if near is not None and people > 1:
            middles = np.array([crop.middle for crop in look.crops])
            during = np.array([look.during(crop.start) for crop in look.crops])
            lead = near - _best_other(near)
            voiced = (1 - during[:, 0]) * _own(began, middles, 1 - during[:, 0])
            around = self._around(frames + 0.5, middles, voiced, near)
            alone += config.voice * _against(around)
            ordered = np.sort(around, axis=1)
            clear = np.maximum(ordered[:, -1] - ordered[:, -2] - config.clear, 0.0)
            weight = np.where(during[:, 1 : 1 + LOCAL] > config.alone, during[:, 1 : 1 + LOCAL], 0.0)
            fades = np.exp(-np.abs(frames[:, None] + 0.5 - middles) / (config.near * SECOND))
            odds = config.trust * np.einsum("tc,ck,pc->tkp", fades, weight, lead) / 2
            theirs = np.exp(odds - odds.max(axis=2, keepdims=True))
            theirs /= theirs.sum(axis=2, keepdims=True)
            shares = likely[:, 1 : 1 + LOCAL] + 1e-6
            mixed = np.einsum("tk,tkp->tp", shares / shares.sum(axis=1, keepdims=True), theirs)
            alone += config.local * _against(np.log(mixed + config.doubt))
        if leads is not None:
            alone = _against(alone + leads)
        both = likely[:, 1 + LOCAL :].sum(axis=1)
        one = 1 - likely[:, 0] - both
        odds = np.log((both + config.least) / (np.maximum(one, 0.0) + config.least))
        pairs = np.repeat((config.overlap * odds - config.against * clear)[:, None], len(self._pairs), axis=1)
        if people > 2:
            pairs += alone[:, self._pairs].max(axis=2) + 0.5 * alone[:, self._pairs].min(axis=2)
        return np.concatenate([alone, pairs], axis=1)

    def _around(self, at: np.ndarray, middles: np.ndarray, voiced: np.ndarray, near: np.ndarray) -> np.ndarray:
        """The nearness (n, people) in the second around each frame: of the crops there, those nearer count more.

        `voiced` (n, crops) is how much of each crop counts.
        """
        last = middles.max()
        weight = np.maximum(1 - np.abs(np.minimum(at, last)[:, None] - middles) / (SECOND / 2), 0.0) * voiced
        return np.asarray(weight @ near.T / np.maximum(weight.sum(axis=1), 0.3)[:, None])


def _own(began: np.ndarray, middles: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """How far each crop's voice is that of the stretch that began at each of the frames: (n, crops), 0 to 1.

    0 if half of its speech or more is from before.
    """
    since = np.clip((middles + SECOND / 2 - began[:, None]) / SECOND, 0.0, 1.0)
    return np.asarray(np.clip(2 * since / np.maximum(voiced, since + 1e-9) - 1, 0.0, 1.0))


def _against(nats: np.ndarray) -> np.ndarray:
    """Relative to the likeliest."""
    return np.asarray(nats - nats.max(axis=1, keepdims=True))


def _best_other(near: np.ndarray) -> np.ndarray:
    """For each person, the nearest of the others, (people, crops)."""
    order = np.sort(near, axis=0)
    return np.asarray(np.where(near == order[-1], order[-2], order[-1]))


def _costs(sets: list[frozenset[int]], config: AttributionConfig, speech: bool) -> np.ndarray:
    """The cost of each step from one state (row) to another (column)."""
    out = np.full((len(sets), len(sets)), np.inf)
    for a, before in enumerate(sets):
        for b, after in enumerate(sets):
            if before == after:
                out[a, b] = 0.0
            elif len(before) == len(after) == 1:
                out[a, b] = config.change if speech else config.change_in_silence
            elif before < after:
                out[a, b] = config.join
            elif after < before:
                out[a, b] = config.leave
    return out
