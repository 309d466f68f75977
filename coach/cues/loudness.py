"""The loudness of the coach in this room: audible, and always below the talk.

Pure. Every clip has the same loudness in its file. Its level in the room depends on a volume knob, a distance and a
microphone that the coach does not know. But the microphone hears the talk, the room when nobody speaks, and the coach's
own cues. The gain from file to microphone is therefore measured on earlier cues.

    at the microphone      talk      ───────────────   for example -26 dBFS
                                        6 dB
                           cue       ───────────────   target; raised in a loud room, up to 3 dB below the talk
                           room      ───────────────

Until the microphone has heard a cue, the gain is unknown and clips play at the level of the file. The same holds for
headphones, which the microphone never hears. A cue is turned down as soon as it may be too loud. It is turned up only
if the microphone certainly heard the cue itself, and not the room or the first syllables of somebody who spoke next.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.core.span import HOP, RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessConfig:
    """The target levels and the averaging times of the cues' loudness. Counts are hops."""

    clip: float = -28.0  # dBFS RMS of speech in a clip's file; talk at a table reaches a microphone at about -26
    under_talk: float = 6.0  # dB; the target distance of a cue below the talk
    least_under_talk: float = 3.0  # dB; the least distance, however loud the room
    over_room: float = 12.0  # dB; words this far above the noise are understood without effort
    softest: float = -40.0  # dB; the lowest gain of a clip
    loudest: float = 5.0  # dB; the highest gain of a clip
    ceiling: float = -1.0  # dBFS; no sample goes over it

    talk_known: int = 2 * RATE // HOP  # hops of talk after which its level is known
    talk_lasts: int = 30 * RATE // HOP  # hops of talk in the running mean of its level
    room_lasts: int = 10 * RATE // HOP  # hops without talk in the running mean of the room's level
    cues_known: int = RATE // 10 // HOP  # hops of a cue after which its gain is known; few, as it may be far too loud
    cues_last: int = 10 * RATE // HOP  # hops of cues in the running mean of their level
    unsure: int = RATE // 2 // HOP  # voice activity may still report a voice that began this many hops ago
    after: int = RATE // 2 // HOP  # a cue may still be heard this many hops later: device buffers, the room's decay
    sounding: float = 1e-8  # mean square; a softer hop is a pause within a cue and is not counted
    not_room: float = 3.0  # dB; a cue that is less far above the room cannot be told from it


CONFIG = LoudnessConfig()


class CueLoudness:
    """Measures every hop and derives the gain of the next clip."""

    def __init__(self) -> None:
        self._talk = _Mean(CONFIG.talk_lasts)  # mean square
        self._room = _Mean(CONFIG.room_lasts)  # dB, so that one loud noise counts little
        self._near, self._far = _Mean(CONFIG.cues_last), _Mean(CONFIG.cues_last)  # mean square of cues
        self._unsure_room: deque[float] = deque()  # dB of the last hops; a voice may have begun in them
        self._sure_near = _Mean(CONFIG.cues_last)  # `_near` in hops that certainly held no talk
        self._sure_room = _Mean(CONFIG.cues_last)  # mean square of the room at the time of `_sure_near`
        self._unsure_cues: deque[tuple[float, float]] = deque()  # (cue, room) of the last hops of cues
        self._heard = 0  # hops of the coach's own sound
        self._after = 0  # hops for which the last cue may still be heard

    def hear(self, near: float, far: float, *, somebody_speaks: bool) -> None:
        """Takes one hop: `near` is the mean square at the microphone, `far` that of the sound sent to the speaker."""
        self._after = CONFIG.after if far > 0 else max(0, self._after - 1)
        if somebody_speaks:
            self._unsure_room.clear()
            self._unsure_cues.clear()
            if not self._after:
                self._talk.add(near)
        elif self._after:
            room = 10 ** (self._room.value / 10) if self._room.count else 0.0
            cue = max(0.0, near - room)
            self._near.add(cue)
            self._far.add(far)
            self._heard += far > CONFIG.sounding
            if self._room.count:
                self._unsure_cues.append((cue, room))
            if len(self._unsure_cues) > CONFIG.unsure:
                sure_cue, sure_room = self._unsure_cues.popleft()
                self._sure_near.add(sure_cue)
                self._sure_room.add(sure_room)
        else:
            self._unsure_room.append(_db(near))
            if len(self._unsure_room) > CONFIG.unsure:
                self._room.add(self._unsure_room.popleft())

    @property
    def gain_db(self) -> float:
        """The gain of the next clip in dB; 0 until both the talk and a cue have been heard."""
        if self._talk.count < CONFIG.talk_known or self._heard < CONFIG.cues_known:
            return 0.0
        path = _db(self._near.value) - _db(self._far.value)  # dB, from file to microphone
        talk = _db(self._talk.value)
        room = self._room.value if self._room.count else -math.inf
        target = max(talk - CONFIG.under_talk, min(room + CONFIG.over_room, talk - CONFIG.least_under_talk))
        certain = _db(self._sure_near.value) > _db(self._sure_room.value) + CONFIG.not_room
        at_most = CONFIG.loudest if certain else 0.0
        return min(at_most, max(CONFIG.softest, target - (CONFIG.clip + path)))


def headroom_db(clip: npt.NDArray[np.float32]) -> float:
    """The gain in dB that brings the highest peak of `clip` (n,) to the ceiling."""
    return CONFIG.ceiling - 10 * math.log10(float(np.max(np.abs(clip), initial=1e-6)) ** 2)


class _Mean:
    """A running mean. The first `lasts` values have equal weight; after that, older values fade exponentially."""

    def __init__(self, lasts: int) -> None:
        self.count, self.value = 0, 0.0
        self._lasts = lasts

    def add(self, value: float) -> None:
        self.count += 1
        self.value += (value - self.value) / min(self.count, self._lasts)


def _db(mean_square: float) -> float:
    return 10 * math.log10(mean_square + 1e-12)
