"""When anybody speaks: frames that look like speech, bursts that are a voice.

Two questions, asked apart. *When* did a sound begin and end is answered frame by frame, 80 ms behind the sound, by a
small network that sees each frame with its surroundings (`scenery`, `likeness`). *Is it a voice* is answered for the
burst: at first by a detector (Silero, or the one that stands in for it), in a tenth of a second, then by what the whole
of it is like.

    level     ____▂▆█▇▅_▆█▆▃▁______▂▃▂_____
    burst         |---------|       |--|      frames of speech, silences under 0.18 s closed
    detector        ..^                       two sure windows: this may be a voice
    VoiceOn         *    (at |)               told then, with the burst's first frame
    proof               ^                     the burst so far is like a voice: what is in it counts as speech
    VoiceOff                |      *          told 0.18 s after the last frame of speech
                                              the second burst was never sure: a door, a cough

A bark is told as a VoiceOn too, so that nobody speaks over it in case it was a word. But it is never proved, and ends
as a voice of no length: no speech, no turn. How much proof it takes depends on how long nobody has spoken:

    a voice |--- a second ---|------------ half a minute ------------|----
             a word of theirs   an answer, or a sneeze: rather a voice   surely a voice

What was tried, on scenes of readers that nothing was learnt from, dry and in rooms (`scripts/bench/edges.py`):

    level over floor and under peak, Silero confirming    a gap is off by .05 s (median), .23 s (90th percentile)
    the network 40 ms ahead                               .04, .13, but ends come .03 s late
    the network 80 ms ahead                               .04, .13; the one in use
    the network 150 ms ahead                              no better, for 70 ms of waiting
    Silero's confidence alone as proof                    a sneeze reaches .9; in rooms a fifth of all voices do not
    the network's own mean as proof                       a bark looks like speech, frame by frame
    Silero fed as recorded                                a fifth of soft voices over a hum never reach .5; raised, all
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coach.core.span import HOP, Span
from coach.hearing.detector import SpeechProbability
from coach.hearing.frames import FRAME, FRAMES_A_SECOND
from coach.hearing.likeness import Burst, speech
from coach.hearing.scenery import AHEAD, Scenery, Seen
from coach.hearing.silero import WINDOW


def frames(seconds: float) -> int:
    return round(seconds * FRAMES_A_SECOND)


JOIN = frames(0.18)  # silences shorter than this belong to the speech around them (SCIENCE: inter-pausal unit)
SPEECH = 0.5  # probability from which a frame is speech
SURE = 0.5  # the detector's probability from which a window counts as a voice
SURE_WINDOWS = 2  # windows that make a burst a voice for now: 64 ms
DOUBT = 0.15  # the probability below which a window holds nothing of a voice
LINKED = frames(0.6)  # silence after which a sound that was not proved yet is on its own
LOST = frames(0.4)  # frames of speech without a voice for so long are noise: the voice ended where it was last heard
BEFORE = frames(0.08)  # a voice begins at most so long before the first window that hears something of it
AFTER = frames(0.05)  # and ends at most so long after the last one
QUIET = 6.0  # dB over the floor under which what lies ahead cannot be speech
FEWEST = frames(0.08)  # frames of a burst under which nothing is proved
PROOF = 5.0  # log odds that prove a burst a voice where none was heard for long; of 96 noises one clock has more
PROOF_EASIER = 1 / FRAMES_A_SECOND  # by which each frame after the first second lowers it: barks and sneezes are short
PROOF_LEAST = -1.5  # to this, at the most
PROOF_IN_TALK = 1.0  # log odds that are enough at first where somebody spoke within RECENT
PROOF_AFTER_VOICE = -3.5  # and within CLOSE: what follows so soon is the rest of a sentence, or an answer to it
RECENT = frames(30.0)  # for how long there is talk after somebody spoke
CLOSE = frames(1.0)  # silence after a voice in which what sounds is hardly ever anything else
OPEN = 1 << 62  # the end of a voice that has not stopped


@dataclass(frozen=True, slots=True)
class Began:
    """A voice began at sample `onset`; known at `at`."""

    at: int
    onset: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The voice that began last stopped at `span.end`; known at `at`. An empty span: it was no voice after all."""

    at: int
    span: Span


class Activity:
    """Voice activity of one channel. `hop` takes (HOP,) float32 samples and gives the edges that became known.

    `hops` takes (n, HOP) and gives the edges of each: what is the same work for every hop is then done once for all.
    After each hop: `levels` are the levels of its frames in dBFS. `active` says of the frames that could be judged now,
    in order from the first of all, whether each holds speech; they are about nine frames late. `settled` is the frame
    before which it is known for good what was voice and what was not. `detector` is Silero unless given.
    """

    def __init__(self, detector: SpeechProbability | None = None) -> None:
        self._scenery = Scenery(detector)
        self._now = 0  # samples heard
        self._frame = 0  # the next frame to judge
        self._windows: deque[tuple[int, float]] = deque(maxlen=2 * AHEAD)  # probability; the frame each ends with
        self._first: int | None = None  # first frame of the burst under way
        self._last = 0  # last frame of speech
        self._burst = Burst()
        self._told: int | None = None  # first frame of the voice that was told
        self._proved = False
        self._heard_last = 0  # last frame in which the detector heard something of a voice
        self._voice_last: int | None = None  # last frame of a proved voice
        self.active: tuple[bool, ...] = ()
        self.levels: np.ndarray = np.zeros(0)

    @property
    def speaking(self) -> bool:
        """Whether a voice was told and has not stopped."""
        return self._told is not None

    @property
    def voice_last(self) -> int | None:
        """The last frame of a proved voice, which may be under way; None before the first."""
        return self._end - 1 if self._told is not None and self._proved else self._voice_last

    def spoke_elsewhere(self, frame: int) -> None:
        """Somebody spoke in `frame` where another microphone heard it: this is a talk, and what is heard a voice."""
        self._voice_last = frame if self._voice_last is None else max(self._voice_last, frame)

    @property
    def settled(self) -> int:
        if self._told is not None:
            return self._end if self._proved else self._told
        return self._frame if self._first is None else self._first

    @property
    def _end(self) -> int:
        """Where the voice under way would end if nothing more were heard of it."""
        assert self._told is not None
        return max(min(self._last + 1, self._heard_last + 1 + AFTER), self._told + 1)

    def hop(self, samples: np.ndarray) -> list[Began | Stopped]:
        return next(self.hops(samples[None]))

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        """To be read to its end; what is said of this after a hop holds until the next one's edges are asked for."""
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
        """The end of the sound: what was not judged yet is, and a voice under way stops."""
        seen = self._scenery.rest()
        edges = self._judge(seen, speech(seen))
        if self._told is not None:
            edges.append(self._stop())
        self._first = None
        return edges

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        """Nothing was heard from here up to `frame`: a voice under way stops, the room's levels stay known."""
        edges = self.finish()
        self._frame, self._now = frame, frame * FRAME
        self._windows.clear()
        return edges

    def _judge(self, seen: list[Seen], likely: np.ndarray) -> list[Began | Stopped]:
        edges: list[Began | Stopped] = []
        for sight, p in zip(seen, likely, strict=True):
            edges += self._step(sight, float(p))
            self._frame += 1
        self.active = tuple((likely >= SPEECH).tolist())
        return edges

    def _step(self, seen: Seen, likely: float) -> list[Began | Stopped]:
        now = self._frame
        if seen.voice >= DOUBT:
            self._heard_last = now
        if likely >= SPEECH:
            if self._first is None:
                self._new_burst(now)
            self._last = now
        if self._first is None:
            return []
        if now - self._last < JOIN:
            self._burst.add(seen, likely)
        if self._told is None:
            return self._begin(seen)
        if not self._proved:
            self._proved = self._is_proved()
        if self._is_over(seen):
            return [self._stop()]
        if now - self._heard_last >= LOST:
            stopped = self._stop()
            self._new_burst(now)
            return [stopped]
        return []

    def _begin(self, seen: Seen) -> list[Began | Stopped]:
        assert self._first is not None
        heard = [(end, probability) for end, probability in self._windows if end > self._first]
        if sum(probability >= SURE for _, probability in heard) >= SURE_WINDOWS:
            first_heard = next(end for end, probability in heard if probability >= DOUBT) - WINDOW // FRAME
            self._told = min(self._frame, max(self._first, first_heard - BEFORE))
            self._proved = self._is_proved()
            return [Began(self._now, self._told * FRAME)]
        if self._is_over(seen):
            self._first = None
        elif self._frame - max(self._first, self._heard_last) >= LOST:
            self._new_burst(self._frame)
        return []

    def _is_over(self, seen: Seen) -> bool:
        """Whether speech has been silent for the join, counting what lies ahead where it is plainly silent.

        What is not proved waits longer: "Hello" alone may be a noise, and is a voice when a sentence follows.
        """
        silent = self._frame - self._last
        if self._told is not None and not self._proved:
            return silent >= LINKED
        return silent >= JOIN or (silent >= JOIN - AHEAD and seen.ahead < QUIET)

    def _is_proved(self) -> bool:
        if len(self._burst) < FEWEST:
            return False
        return self._burst.voice_odds() >= self._proof

    @property
    def _proof(self) -> float:
        """The log odds that the burst needs."""
        assert self._first is not None
        silence = OPEN if self._voice_last is None else self._first - self._voice_last
        if silence <= CLOSE:
            return PROOF_AFTER_VOICE
        first = PROOF_IN_TALK if silence <= RECENT else PROOF
        return max(PROOF_LEAST, first - PROOF_EASIER * max(0, self._frame - self._first - FRAMES_A_SECOND))

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
