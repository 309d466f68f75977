"""WebRTC's voice activity detector, the substitute for Silero on machines that cannot run a neural network.

It makes a binary decision every 10 ms from the energy in six bands. It needs no model file and runs on any processor,
but takes more noise for speech. Its decisions are averaged to a probability in windows as long as Silero's:

    decisions   | y | y | y | n | n | n | y | …        10 ms each
    windows     |     1     |     2     |    …         32 ms each, of the three or four decisions that ended in it
    shares          1.0          0.0

The later stages are the same (`scenery`, `likeness`, `activity`): levels and bands set the edges, and a burst must
resemble a voice. Their classifiers were trained on Silero's probabilities, which are seldom confident and wrong;
WebRTC's decisions are. The range of probabilities therefore trades missed voices against false alarms:

    least to most            16 readers, 2.5 s alone: missed      24 noises, alone: heard   after a voice: heard
    Silero                   1                                    0                         0
    .10 to .70               9                                    0                         2
    .10 to .85               7                                    0                         5
    .02 to .95 (in use)      2                                    3                         8

The last row is in use because missing a person is worse than taking noise for speech.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.core.span import MILLISECOND, RATE

FULL_SCALE = 32767  # WebRTC works on int16


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRtcConfig:
    """How WebRTC decides, and what its decisions are worth."""

    decision: int = 10 * MILLISECOND  # samples; WebRTC takes 10, 20 or 30 ms, and 10 ms is the most precise in time
    aggressiveness: int = 3  # 0 to 3; at 3 the fewest noises are taken for speech
    least: float = 0.02  # probability of speech if none of a window's decisions is speech
    most: float = 0.95  # and if all of them are


CONFIG = WebRtcConfig()


class WebRtc:
    """The probability of speech in each window. Stateful: windows must come in order.

    The constructor raises ImportError without webrtcvad.
    """

    def __init__(self) -> None:
        import webrtcvad

        self._vad = webrtcvad.Vad(CONFIG.aggressiveness)
        self._rest = np.zeros(0, np.int16)  # samples of the next decision

    def windows(self, samples: np.ndarray) -> list[float]:
        """For each window, float32 of full scale 1.0, the share of decisions that are speech, from `least` to `most`.

        `samples` is (n, samples per window), at least `decision` per window. How windows are batched does not matter.
        """
        return [self._window(window) for window in samples]

    def _window(self, samples: np.ndarray) -> float:
        pcm = np.concatenate([self._rest, (np.clip(samples, -1.0, 1.0) * FULL_SCALE).astype(np.int16)])
        whole = len(pcm) // CONFIG.decision * CONFIG.decision
        self._rest = pcm[whole:]
        speech = [self._vad.is_speech(part.tobytes(), RATE) for part in pcm[:whole].reshape(-1, CONFIG.decision)]
        share: float = sum(speech) / len(speech)
        return share * CONFIG.most + (1 - share) * CONFIG.least
