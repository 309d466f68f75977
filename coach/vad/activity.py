"""Voice activity detection (VAD): when anybody speaks.

It answers two questions separately. When a sound begins and ends is decided frame by frame, 80 ms behind the sound, by
a small network that sees each frame in its context (`scenery`, `likeness`). Whether the sound is a voice is decided for
a whole burst: first by a detector (Silero or its substitute), within 0.1 s, then by the features of the burst so far.

    level     ____▂▆█▇▅_▆█▆▃▁______▂▃▂_____
    burst         |---------|       |--|      frames of speech, silences under 0.18 s closed
    detector        ..^                       two windows above the threshold: this may be a voice
    VoiceOn         *    (at |)               reported then, with the burst's first frame
    proof               ^                     the burst so far resembles a voice: its frames count as speech
    VoiceOff                |      *          reported 0.18 s after the last frame of speech
                                              the second burst never reached the threshold: a door, a cough

A bark causes a VoiceOn too, so that the coach does not speak over what may be a word. But it is never proved and ends
as an empty span: no speech, no turn. The evidence that a proof needs depends on how long ago somebody last spoke:

    a voice |---- 1 s ----|-------------- 30 s --------------|----
             the same talk   an answer, or rarely a sneeze     more evidence needed

Alternatives, measured on scenes of readers outside the training data, dry and in rooms (`scripts/bench/edges.py`):

    level over floor and under peak, Silero confirming    gap error .05 s (median), .23 s (90th percentile)
    the network with 40 ms of look-ahead                  .04, .13, but offsets are .03 s late
    the network with 80 ms of look-ahead                  .04, .13; in use
    the network with 150 ms of look-ahead                 no better, for 70 ms more latency
    Silero's probability alone as proof                   a sneeze reaches .9; in rooms a fifth of all voices do not
    the network's mean probability as proof               a bark looks like speech frame by frame
    Silero without gain                                   over a hum a fifth of soft voices stay below .5; with it, none
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coach.core.span import HOP, Span
from coach.vad.detector import SpeechProbability
from coach.vad.frames import FRAME, FRAMES_A_SECOND
from coach.vad.likeness import Burst, speech
from coach.vad.scenery import AHEAD, Scenery, Seen
from coach.vad.silero import WINDOW, SileroConfig


def frames(seconds: float) -> int:
    """Seconds as the nearest whole number of frames, of 10 ms each."""
    return round(seconds * FRAMES_A_SECOND)


OPEN = 1 << 62  # the end of a voice that has not stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityConfig:
    """What a burst needs to be a voice. Times are frames, proofs are log odds."""

    join: int = frames(0.18)  # shorter silences belong to the speech around them: inter-pausal units
    speech: float = 0.5  # probability threshold of a speech frame
    sure: float = 0.5  # the detector's probability threshold of a voice
    sure_windows: int = 2  # windows above it (64 ms) that make a burst a voice for now
    doubt: float = SileroConfig().nothing  # Silero's probability below which a window contains no voice
    linked: int = frames(0.6)  # silence that ends a burst without proof
    lost: int = frames(0.4)  # without a voice, after which speech frames are noise: it ended where last detected
    before: int = frames(0.08)  # the most by which a voice begins before the first window that contains it
    after: int = frames(0.05)  # the most by which it ends after the last such window
    quiet: float = 6.0  # dB over the floor; softer look-ahead frames cannot be speech
    fewest: int = frames(0.08)  # the least frames of a burst for a proof
    proof: float = 5.0  # that proves a voice after long silence; of 96 noises only one clock exceeds it
    proof_easier: float = 1 / FRAMES_A_SECOND  # by which it falls per frame after the first second: barks are short
    proof_least: float = -1.5  # the least that it falls to
    proof_in_talk: float = 1.0  # that is enough at first if somebody spoke within `recent`
    proof_after_voice: float = -3.5  # and within `close`: the rest of a sentence, or an answer to it
    recent: int = frames(30.0)  # how long a conversation is assumed to go on after somebody spoke
    close: int = frames(1.0)  # after a voice; sounds within it are hardly ever anything but a voice


ACTIVITY = ActivityConfig()
JOIN = ACTIVITY.join


@dataclass(frozen=True, slots=True)
class Began:
    """A voice began at sample `onset`; known at `at`."""

    at: int
    onset: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The last voice stopped at `span.end`; known at `at`. An empty span means that it was no voice after all."""

    at: int
    span: Span


class Activity:
    """Voice activity detection on one channel. `detector` defaults to Silero.

    After each hop, `levels` are the levels of its frames in dBFS. For each frame that was decided in this hop, `active`
    says whether it is speech, and `steady` whether the sound has kept one colour, as no voice does. Decisions come in
    order, about nine frames late.
    """

    def __init__(self, detector: SpeechProbability | None = None, config: ActivityConfig = ACTIVITY) -> None:
        self._config = config
        self._scenery = Scenery(detector)
        self._now = 0  # samples so far
        self._frame = 0  # the next frame to decide
        self._windows: deque[tuple[int, float]] = deque(maxlen=2 * AHEAD)  # each window's last frame, and probability
        self._first: int | None = None  # first frame of the current burst
        self._last = 0  # last frame of speech
        self._burst = Burst()
        self._told: int | None = None  # first frame of the current voice, once it was reported
        self._proved = False
        self._heard_last = 0  # last frame with some voice according to the detector
        self._voice_last: int | None = None  # last frame of a proved voice
        self.active: tuple[bool, ...] = ()
        self.steady: tuple[bool, ...] = ()
        self.levels: np.ndarray = np.zeros(0)

    @property
    def speaking(self) -> bool:
        """Whether a voice was reported and has not stopped."""
        return self._told is not None

    @property
    def voice_last(self) -> int | None:
        """The last frame of the latest proved voice, which may still go on; None before the first."""
        return self._end - 1 if self._told is not None and self._proved else self._voice_last

    def spoke_elsewhere(self, frame: int) -> None:
        """Another microphone picked up speech in `frame`: there is a conversation, so a proof needs less evidence."""
        self._voice_last = frame if self._voice_last is None else max(self._voice_last, frame)

    @property
    def settled(self) -> int:
        """The frame before which all decisions are final."""
        if self._told is not None:
            return self._end if self._proved else self._told
        return self._frame if self._first is None else self._first

    @property
    def _end(self) -> int:
        """The frame at which the current voice ends if no more of it follows."""
        assert self._told is not None
        return max(min(self._last + 1, self._heard_last + 1 + self._config.after), self._told + 1)

    def hop(self, samples: np.ndarray) -> list[Began | Stopped]:
        """The edges found by the end of the next hop, (HOP,) float32."""
        return next(self.hops(samples[None]))

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        """Yield the edges of each hop of (n, HOP) float32; it shares work between hops. Read this to its end.

        The attributes are those of a hop until the edges of the next one are requested.
        """
        heard = self._scenery.hops(samples)
        likely = speech([sight for hop in heard for sight in hop.seen])
        judged = 0
        for hop in heard:
            self._now += HOP
            self.levels = hop.levels
            self._windows.extend((self._now // FRAME, probability) for probability in hop.windows)
            yield self._judge(hop.seen, likely[judged : judged + len(hop.seen)])
            judged += len(hop.seen)

    def finish(self) -> list[Began | Stopped]:
        """End the sound: decide the remaining frames and stop the current voice."""
        seen = self._scenery.rest()
        edges = self._judge(seen, speech(seen))
        if self._told is not None:
            edges.append(self._stop())
        self._first = None
        return edges

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        """Skip missing sound up to `frame`: the current voice stops; the noise floor is kept."""
        edges = self.finish()
        self._frame, self._now = frame, frame * FRAME
        self._windows.clear()
        return edges

    def _judge(self, seen: list[Seen], likely: np.ndarray) -> list[Began | Stopped]:
        edges: list[Began | Stopped] = []
        for sight, p in zip(seen, likely, strict=True):
            edges += self._step(sight, float(p))
            self._frame += 1
        self.active = tuple((likely >= self._config.speech).tolist())
        self.steady = tuple(sight.steady for sight in seen)
        return edges

    def _step(self, seen: Seen, likely: float) -> list[Began | Stopped]:
        now = self._frame
        if seen.voice >= self._config.doubt and not seen.steady:
            self._heard_last = now
        if likely >= self._config.speech:
            if self._first is None:
                self._new_burst(now)
            self._last = now
        if self._first is None:
            return []
        if now - self._last < self._config.join:
            self._burst.add(seen, likely)
        if self._told is None:
            return self._begin(seen)
        if not self._proved:
            self._proved = self._is_proved()
        if self._is_over(seen):
            return [self._stop()]
        if now - self._heard_last >= self._config.lost:
            stopped = self._stop()
            self._new_burst(now)
            return [stopped]
        return []

    def _begin(self, seen: Seen) -> list[Began | Stopped]:
        assert self._first is not None
        config = self._config
        heard = [(end, probability) for end, probability in self._windows if end > self._first]
        if not seen.steady and sum(probability >= config.sure for _, probability in heard) >= config.sure_windows:
            first_heard = next(end for end, probability in heard if probability >= config.doubt) - WINDOW // FRAME
            self._told = min(self._frame, max(self._first, first_heard - config.before))
            self._proved = self._is_proved()
            return [Began(self._now, self._told * FRAME)]
        if self._is_over(seen):
            self._first = None
        elif self._frame - max(self._first, self._heard_last) >= self._config.lost:
            self._new_burst(self._frame)
        return []

    def _is_over(self, seen: Seen) -> bool:
        """Whether there was no speech for `join` frames, including the look-ahead if it is clearly silent.

        A burst without proof waits longer: "Hello" alone may be noise, and is a voice if a sentence follows.
        """
        silent, join = self._frame - self._last, self._config.join
        if self._told is not None and not self._proved:
            return silent >= self._config.linked
        return silent >= join or (silent >= join - AHEAD and seen.ahead < self._config.quiet)

    def _is_proved(self) -> bool:
        if len(self._burst) < self._config.fewest:
            return False
        return self._burst.voice_odds() >= self._proof

    @property
    def _proof(self) -> float:
        """The log odds that prove the burst a voice."""
        assert self._first is not None
        config = self._config
        silence = OPEN if self._voice_last is None else self._first - self._voice_last
        if silence <= config.close:
            return config.proof_after_voice
        first = config.proof_in_talk if silence <= config.recent else config.proof
        return max(
            config.proof_least, first - config.proof_easier * max(0, self._frame - self._first - FRAMES_A_SECOND)
        )

    def _new_burst(self, first: int) -> None:
        self._first, self._burst = first, Burst()

    def _stop(self) -> Stopped:
        assert self._told is not None
        end = self._end if self._proved else self._told
        if self._proved:
            self._voice_last = self._last
        stopped = Stopped(self._now, Span(self._told * FRAME, end * FRAME))
        self._told = self._first = None
        self._proved = False
        return stopped
