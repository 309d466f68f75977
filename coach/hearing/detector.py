"""Which detector gives the probability of speech: Silero's network or, where no network can run, WebRTC's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np

from coach.core.errors import Missing
from coach.hearing.silero import WINDOW, Silero
from coach.hearing.webrtc import WebRtc

VoiceActivity = Literal["auto", "silero", "webrtc"]
VOICE_ACTIVITIES: tuple[VoiceActivity, ...] = get_args(VoiceActivity)
SIMPLER = "a simpler voice detector is used (WebRTC); it takes more noise for speech"


class SpeechProbability(Protocol):
    """Probability of speech in each window. Stateful: windows must come in order.

    `windows` takes float32 samples of shape (n, WINDOW), full scale 1.0, and gives n floats in 0..1.
    """

    def windows(self, samples: np.ndarray) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector that was tried: `make` gives a new one for each channel. `notice` is a line for the person, or ""."""

    name: str
    make: Callable[[], SpeechProbability]
    notice: str = ""


SILERO = Detector("Silero", Silero)


def choose_detector(wanted: VoiceActivity = "auto") -> Detector:
    """The detector that is `wanted`; for "auto" Silero where it can run, and else WebRTC.

    Raises Missing when it cannot run here.
    """
    notice = SIMPLER
    if wanted != "webrtc":
        fault = _fault(Silero)
        if not fault:
            return SILERO
        if wanted == "silero":
            raise Missing(f"the neural network for speech cannot run here ({fault}); choose --voice-activity webrtc")
        notice = f"the neural network for speech cannot run here ({fault}): {SIMPLER}"
    if fault := _fault(WebRtc):
        raise Missing(f"WebRTC's voice detector cannot run here ({fault}); install the package webrtcvad-wheels")
    return Detector("WebRTC", WebRtc, notice)


def _fault(make: Callable[[], SpeechProbability]) -> str:
    """Why a new detector cannot hear a window, in one line; "" when it can."""
    try:
        make().windows(np.zeros((1, WINDOW), np.float32))
    except Exception as error:  # no package, no model file, a library that will not load, an unknown operation
        return next(iter(str(error).splitlines()), type(error).__name__)
    return ""
