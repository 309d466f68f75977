"""Acoustic echo cancellation: removes the coach's own sound from the microphone signals.

The method is WebRTC's AEC3, through livekit's `AudioProcessingModule`. It estimates the delay between far end (what the
speaker was handed) and near end (what the microphone picked up), models the echo path, subtracts the echo and
suppresses the residual. Noise suppression and gain control stay off: they would change the levels and onsets that
hearing measures. `residual_echo_gate` decides what the ear and the recogniser get.

The canceller runs only while the coach plays sound and for a tail of one second afterwards. At all other times the near
end passes bit for bit, so in most of a conversation the canceller cannot change anything. AEC3 delays its output by a
few milliseconds, so the switch between raw and cleaned sound is a cross-fade over one hop.

AEC3 assumes that there is an echo. Without one (headphones, a muted speaker) it attenuates the person who speaks, by up
to 40 dB. A microphone that does not pick up the coach is therefore passed through (`echo_presence`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coach.audio.echo_presence import EchoPresence, EchoPresenceConfig, Energy
from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE

if TYPE_CHECKING:
    from livekit.rtc import AudioFrame

FRAME = 10 * MILLISECOND  # samples; AEC3 processes frames of this length
FULL_SCALE = 32_767  # AEC3 works on int16


@dataclass(frozen=True, slots=True, kw_only=True)
class AecConfig:
    """When `EchoCanceller` runs. Times are samples at 16 kHz."""

    tail: int = 1 * RATE  # after the far end falls silent: the buffers of both devices (0.3 s) and the room's decay
    presence: EchoPresenceConfig = field(default_factory=EchoPresenceConfig)  # which microphones may pick up the coach


class EchoCanceller:
    """One canceller per microphone, for `channels` microphones in one room with one speaker.

    The constructor loads the library, which takes half a second, so that the first cue does not wait for it.
    """

    def __init__(self, channels: int = 1, config: AecConfig = AecConfig()) -> None:
        self._tail = config.tail
        self._modules = [_Module() for _ in range(channels)]
        self._remaining = 0  # samples until the canceller stops
        self._presence = EchoPresence(channels, config.presence)
        self._used = np.zeros(channels, bool)  # whether the last hop of each channel came from its canceller

    @property
    def active(self) -> bool:
        """Whether the coach is playing sound, or was less than a tail ago."""
        return self._remaining > 0

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """(channels,) whether the channel may contain an echo and its last hop came from its canceller."""
        return self._used

    def clean(self, near: Samples, far: Samples, room: Energy | float = 0.0) -> Samples:
        """Return `near` (n, channels) without the echo of `far` (n,), both at 16 kHz; n is a multiple of 160.

        `room` (channels,) is the noise floor of each microphone as a mean square, or 0.0 if it is not known. While the
        canceller is not active, the result is `near` itself.
        """
        was_active = self.active
        self._remaining = self._tail if far.any() else max(0, self._remaining - len(far))
        if not was_active and not self.active:
            return near
        if not was_active:
            self._presence.begin()
        self._presence.hop(near, far, self._remaining, room)
        if not self.active:
            self._presence.end(room)
        use = self._presence.present & self.active
        fade = np.linspace(0.0, 1.0, len(near), endpoint=False, dtype=np.float32)
        out = near.copy()
        for i, module in enumerate(self._modules):
            cleaned = module.clean(near[:, i], far)
            weight = fade * np.float32(use[i]) + (1 - fade) * np.float32(self._used[i])
            out[:, i] = near[:, i] * (1 - weight) + cleaned * weight
        self._used = use
        return out


class _Module:
    """One AudioProcessingModule and its int16 frames."""

    def __init__(self) -> None:
        from livekit import rtc

        self._frame = rtc.AudioFrame
        self._module = rtc.AudioProcessingModule(echo_cancellation=True)
        self.clean(np.zeros(FRAME, np.float32), np.zeros(FRAME, np.float32))  # the first frame sets the module up

    def clean(self, near: Samples, far: Samples) -> Samples:
        frames = []
        for begin in range(0, len(near), FRAME):
            self._module.process_reverse_stream(self._as_frame(far[begin : begin + FRAME]))
            frame = self._as_frame(near[begin : begin + FRAME])
            self._module.process_stream(frame)
            frames.append(np.frombuffer(frame.data, np.int16).astype(np.float32) / FULL_SCALE)
        return np.concatenate(frames)

    def _as_frame(self, samples: Samples) -> AudioFrame:
        scaled: npt.NDArray[np.int16] = np.round(np.clip(samples, -1, 1) * FULL_SCALE).astype(np.int16)
        return self._frame(scaled.tobytes(), RATE, 1, len(samples))
