"""How loud the coach is in this room: audible, and always below the talk.

Pure. Every clip has the same loudness in the file, `LOUDNESS`. What becomes of it depends on a volume knob, on a
distance and on a microphone that the coach does not know. But the microphone hears all three of them: the talk, the
room when nobody speaks, and the coach's own cues; what a cue loses or gains on its way is measured on the cues before.

    at the microphone      talk      ───────────────   -26 dBFS, say
                                        6 dB
                           cue       ───────────────   wanted; raised where the room is loud, up to 3 dB under the talk
                           room      ───────────────

Until a cue was heard there is nothing to go by, and it sounds as it is in the file. The same holds for headphones,
which the microphone never hears. A cue is turned down as soon as it may be too loud; it is turned up only where it was
heard for certain, and not the first syllables of somebody who spoke right after it, or the room.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import numpy.typing as npt

from coach.core.span import HOP, RATE

LOUDNESS = -28.0  # dBFS RMS of what is spoken, in the file: talk at a table reaches a microphone at about -26
UNDER_TALK, LEAST_UNDER_TALK = 6.0, 3.0  # dB; wanted, and at the least
OVER_ROOM = 12.0  # dB; words that are over the noise by so much are understood without listening hard
SOFTEST, LOUDEST = -40.0, 5.0  # dB; how far a clip is ever turned down or up
CEILING = -1.0  # dBFS that no sample goes over, whatever else is asked for

TALK_KNOWN = 2 * RATE // HOP  # hops of talk from which its level is known
TALK_LASTS = 30 * RATE // HOP  # hops of talk over which it is averaged
ROOM_LASTS = 10 * RATE // HOP  # hops without any
CUES_KNOWN = RATE // 10 // HOP  # hops of the coach's own sound: one that is far too loud is cut short soon after
CUES_LAST = 10 * RATE // HOP
UNSURE = RATE // 2 // HOP  # hops after which it is certain that a voice had not begun in them
AFTER = RATE // 2 // HOP  # hops for which a cue may still be on its way: devices' buffers, the room's decay
SOUNDING = 1e-8  # mean square; in the pauses within a cue nothing is to be measured
NOT_ROOM = 3.0  # dB that a cue has over the room of its time at the microphone; with less, the room was measured


class CueLoudness:
    """Hears every hop, and knows by how many dB the next clip is to be turned up or down."""

    def __init__(self) -> None:
        self._talk = _Mean(TALK_LASTS)
        self._room = _Mean(ROOM_LASTS)  # of dB: a chair that is moved does not count for much
        self._near, self._far = _Mean(CUES_LAST), _Mean(CUES_LAST)
        self._perhaps: deque[float] = deque()  # dB of the last hops without talk, as far as was known
        self._surely = _Mean(CUES_LAST)  # of `_near`, what was certainly no talk, in a room that was known
        self._beside = _Mean(CUES_LAST)  # what the room was meanwhile: it may be another later
        self._perhaps_cue: deque[tuple[float, float]] = deque()  # of the cue, and of the room
        self._heard = 0  # hops of the coach's own sound
        self._after = 0  # hops in which it may still be heard

    def hear(self, near: float, far: float, *, somebody_speaks: bool) -> None:
        """Takes one hop: the mean square at the microphone, and that of what was handed to the speaker meanwhile."""
        self._after = AFTER if far > 0 else max(0, self._after - 1)
        if somebody_speaks:
            self._perhaps.clear()
            self._perhaps_cue.clear()
            if not self._after:
                self._talk.add(near)
        elif self._after:
            room = 10 ** (self._room.value / 10) if self._room.count else 0.0
            cue = max(0.0, near - room)
            self._near.add(cue)
            self._far.add(far)
            self._heard += far > SOUNDING
            if self._room.count:
                self._perhaps_cue.append((cue, room))
            if len(self._perhaps_cue) > UNSURE:
                surely, beside = self._perhaps_cue.popleft()
                self._surely.add(surely)
                self._beside.add(beside)
        else:
            self._perhaps.append(_db(near))
            if len(self._perhaps) > UNSURE:
                self._room.add(self._perhaps.popleft())

    @property
    def gain_db(self) -> float:
        """What to add to a clip; 0 as long as nothing is known."""
        if self._talk.count < TALK_KNOWN or self._heard < CUES_KNOWN:
            return 0.0
        on_the_way = _db(self._near.value) - _db(self._far.value)
        talk = _db(self._talk.value)
        room = self._room.value if self._room.count else -math.inf
        wanted = max(talk - UNDER_TALK, min(room + OVER_ROOM, talk - LEAST_UNDER_TALK))
        at_most = LOUDEST if _db(self._surely.value) > _db(self._beside.value) + NOT_ROOM else 0.0
        return min(at_most, max(SOFTEST, wanted - (LOUDNESS + on_the_way)))


def headroom_db(clip: npt.NDArray[np.float32]) -> float:
    """By how much `clip` (n,) can be turned up before a sample goes over the ceiling."""
    return CEILING - 10 * math.log10(float(np.max(np.abs(clip), initial=1e-6)) ** 2)


class _Mean:
    """A running mean that forgets: the first values count alike, later ones fade with `lasts`."""

    def __init__(self, lasts: int) -> None:
        self.count, self.value = 0, 0.0
        self._lasts = lasts

    def add(self, value: float) -> None:
        self.count += 1
        self.value += (value - self.value) / min(self.count, self._lasts)


def _db(mean_square: float) -> float:
    return 10 * math.log10(mean_square + 1e-12)
