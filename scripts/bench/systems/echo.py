"""Echo handling between microphone and ear: the coach's, a canceller alone, none, and muting."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coach.audio.aec import EchoCanceller
from coach.audio.residual_echo_gate import ResidualEchoGate
from coach.audio.source import Samples
from coach.core.span import RATE
from scripts.simulate.own_voice import System

MUTED_AFTER = RATE // 2  # samples of muting after a cue, for buffers and reverberation


class Whole:
    """The coach's echo handling."""

    def __init__(self) -> None:
        self._own_voice = ResidualEchoGate()

    @property
    def double_talk(self) -> bool:
        return self._own_voice.double_talk

    def hop(self, near: Samples, far: Samples, sounding: bool) -> Samples:
        return self._own_voice.hop(near, far)

    def spoken(self, gives_way: bool) -> Samples | None:
        return self._own_voice.spoken(gives_way=gives_way)


class _Plain:
    """The recogniser gets the ear's input, and only identified speech stops a cue."""

    double_talk = False

    def spoken(self, gives_way: bool) -> Samples | None:
        return None


class Nothing(_Plain):
    """The raw microphone."""

    def hop(self, near: Samples, far: Samples, sounding: bool) -> Samples:
        return near


class Cancelled(_Plain):
    """The echo canceller alone."""

    def __init__(self) -> None:
        self._canceller = EchoCanceller()

    def hop(self, near: Samples, far: Samples, sounding: bool) -> Samples:
        return self._canceller.clean(near, far)


class Muted(_Plain):
    """The microphone is muted during a cue and shortly after."""

    def __init__(self) -> None:
        self._left = 0

    def hop(self, near: Samples, far: Samples, sounding: bool) -> Samples:
        self._left = MUTED_AFTER if sounding else max(0, self._left - len(far))
        return np.zeros_like(near) if self._left else near


SYSTEMS: dict[str, Callable[[], System]] = {
    "coach": Whole,
    "canceller alone": Cancelled,
    "no canceller": Nothing,
    "plain muting": Muted,
}
