"""Taking the coach's own voice out of what the microphone hears.

The method is WebRTC's third echo canceller (AEC3), through livekit's `AudioProcessingModule`: it finds the delay
between far end (what was handed to the speaker) and near end (what the microphone heard), models the room, subtracts,
and suppresses what is left. Noise suppression and gain control stay off: they would change the levels and onsets that
hearing measures.

It works only while the coach sounds and `AFTER` it. At all other times the sound passes bit for bit, so that the
canceller can change nothing about a conversation in which the coach is silent, which is nearly all of it. The change
between the two is faded over one hop, since the canceller gives out what it heard some milliseconds ago.

AEC3 takes for granted that there is an echo, and where there is none (headphones, a muted speaker) it takes away the
person who speaks instead, by 40 dB. So a microphone that does not hear the coach is left alone (`heard_back`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coach.audio.echo_presence import EchoPresence, Energy
from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE

if TYPE_CHECKING:
    from livekit.rtc import AudioFrame

AFTER = 1 * RATE  # samples after the last sound of the coach: buffers of both devices (0.3 s) and the room's decay
FRAME = 10 * MILLISECOND  # samples; what the module takes at a time
FULL_SCALE = 32_767  # the module works on int16


class EchoCanceller:
    """For `channels` microphones in one room with one speaker; a canceller each.

    Building it loads the library (half a second), so that the ear need not wait for that when the first cue sounds.
    """

    def __init__(self, channels: int = 1) -> None:
        self._modules = [_Module() for _ in range(channels)]
        self._left = 0  # samples for which to go on
        self._heard_back = EchoPresence(channels)
        self._used = np.zeros(channels, bool)  # whether the last hop of each channel came from its canceller

    @property
    def active(self) -> bool:
        """Whether the coach sounds, or has just now."""
        return self._left > 0

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """For each channel, whether it may hold an echo, and the last hop of it came from its canceller."""
        return self._used

    def clean(self, near: Samples, far: Samples, room: Energy | float = 0.0) -> Samples:
        """`near` (n, channels) without the echo of `far` (n,); n is a multiple of 160. Both are at 16 kHz.

        `room` (channels,) is the mean square of each microphone in a quiet moment, where it is known.
        """
        was = self.active
        self._left = AFTER if far.any() else max(0, self._left - len(far))
        if not was and not self.active:
            return near
        if not was:
            self._heard_back.begin()
        self._heard_back.hop(near, far, self._left, room)
        if not self.active:
            self._heard_back.end(room)
        use = self._heard_back.by & self.active
        share = np.linspace(0.0, 1.0, len(near), endpoint=False, dtype=np.float32)
        out = near.copy()
        for i, module in enumerate(self._modules):
            cleaned = module.clean(near[:, i], far)
            weight = share * np.float32(use[i]) + (1 - share) * np.float32(self._used[i])
            out[:, i] = near[:, i] * (1 - weight) + cleaned * weight
        self._used = use
        return out


class _Module:
    """One AudioProcessingModule and the frames that it reads and writes."""

    def __init__(self) -> None:
        from livekit import rtc

        self._frame = rtc.AudioFrame
        self._module = rtc.AudioProcessingModule(echo_cancellation=True)
        self.clean(np.zeros(FRAME, np.float32), np.zeros(FRAME, np.float32))  # makes it set itself up

    def clean(self, near: Samples, far: Samples) -> Samples:
        pieces = []
        for begin in range(0, len(near), FRAME):
            self._module.process_reverse_stream(self._as_frame(far[begin : begin + FRAME]))
            frame = self._as_frame(near[begin : begin + FRAME])
            self._module.process_stream(frame)
            pieces.append(np.frombuffer(frame.data, np.int16).astype(np.float32) / FULL_SCALE)
        return np.concatenate(pieces)

    def _as_frame(self, samples: Samples) -> AudioFrame:
        whole: npt.NDArray[np.int16] = np.round(np.clip(samples, -1, 1) * FULL_SCALE).astype(np.int16)
        return self._frame(whole.tobytes(), RATE, 1, len(samples))
