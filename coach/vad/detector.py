"""The choice of voice detector: Silero's network, or WebRTC's on machines that cannot run a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np

from coach.core.errors import Missing, first_line
from coach.core.messages import Message
from coach.vad.silero import WINDOW, Silero
from coach.vad.webrtc import WebRtc

VoiceActivity = Literal["auto", "silero", "webrtc"]
VOICE_ACTIVITIES: tuple[VoiceActivity, ...] = get_args(VoiceActivity)


class SpeechProbability(Protocol):
    """A voice detector. Stateful: windows must come in order."""

    def windows(self, samples: np.ndarray) -> list[float]:
        """The probability of speech, 0 to 1, in each of the next windows: (n, WINDOW) float32, full scale 1.0."""
        ...


@dataclass(frozen=True, slots=True)
class Detector:
    """A kind of detector. `make` returns a new one for a channel; `notice` is a line for the person, or "".

    `networks`: whether neural networks can run, so that voices can be told apart.
    """

    name: str
    make: Callable[[], SpeechProbability]
    notice: str = ""
    networks: bool = True


SILERO = Detector("Silero", Silero)


def choose_detector(wanted: VoiceActivity = "auto") -> Detector:
    """Return the detector that is `wanted`; for "auto" Silero, or WebRTC if Silero cannot run.

    Raises Missing if the detector cannot run on this machine.
    """
    fault = ""
    if wanted != "webrtc":
        fault = _fault(Silero)
        if not fault:
            return SILERO
        if wanted == "silero":
            raise Missing(f"the neural network for speech cannot run here ({fault}); choose --voice-activity webrtc")
    if broken := _fault(WebRtc):
        raise Missing(f"WebRTC's voice detector cannot run here ({broken}); install the package webrtcvad-wheels")
    notice = Message("notice.simpler_detector")
    if fault:
        notice = Message("notice.no_network", reason=fault, instead=notice)
    return Detector("WebRTC", WebRtc, notice, networks=False)


def _fault(make: Callable[[], SpeechProbability]) -> str:
    """Why a new detector fails on one window, in one line; "" if it works."""
    try:
        make().windows(np.zeros((1, WINDOW), np.float32))
    except Exception as error:  # no package, no model file, a library that does not load, an unknown operation
        return first_line(error)
    return ""
