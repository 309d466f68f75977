"""WebRTC's voice activity detector, in Silero's place where no network can run.

It decides yes or no every 10 ms, from the energy in six bands. It needs no model file and runs on any processor, but
takes more noise for speech. What it decides becomes a probability of speech in windows as long as Silero's:

    decisions   | y | y | y | n | n | n | y | …        10 ms each
    windows     |     1     |     2     |    …         32 ms each, of the three or four decisions that ended in it
    shares          1.0          0.0

All that follows is the same (`scenery`, `likeness`, `activity`): levels and bands of the frames set the edges, and a
burst has to look like a voice. Those judges learnt from Silero's probabilities, which are seldom wrong where they are
sure; WebRTC's decisions are. So how sure they are given out to be trades lone voices for noises:

    LEAST to MOST            16 readers, 2.5 s alone: not heard   24 noises, alone: heard   after a voice: heard
    Silero                   1                                    0                         0
    .10 to .70               9                                    0                         2
    .10 to .85               7                                    0                         5
    .02 to .95 (in use)      2                                    3                         8

To miss what a person says is worse than to hear the dishes: hence the last row.
"""

from __future__ import annotations

import numpy as np

from coach.core.span import MILLISECOND, RATE

DECISION = 10 * MILLISECOND  # samples; of the 10, 20 and 30 ms that WebRTC takes, the one nearest to an edge
AGGRESSIVENESS = 3  # 0 to 3; at 3 the fewest noises are taken for speech
LEAST, MOST = 0.02, 0.95  # probability of speech where none, and where all of a window's decisions are speech
FULL_SCALE = 32767  # of the 16 bits that WebRTC takes


class WebRtc:
    """Probability of speech in each window. Stateful: windows must come in order.

    `windows` takes float32 samples of shape (n, samples of a window), full scale 1.0, and gives n floats from LEAST to
    MOST, the same whatever n. A window is at least DECISION samples long. Raises ImportError without webrtcvad.
    """

    def __init__(self) -> None:
        import webrtcvad

        self._vad = webrtcvad.Vad(AGGRESSIVENESS)
        self._rest = np.zeros(0, np.int16)  # samples that fill no decision yet

    def windows(self, samples: np.ndarray) -> list[float]:
        return [self._window(window) for window in samples]

    def _window(self, samples: np.ndarray) -> float:
        pcm = np.concatenate([self._rest, (np.clip(samples, -1.0, 1.0) * FULL_SCALE).astype(np.int16)])
        whole = len(pcm) // DECISION * DECISION
        self._rest = pcm[whole:]
        speech = [self._vad.is_speech(part.tobytes(), RATE) for part in pcm[:whole].reshape(-1, DECISION)]
        share: float = sum(speech) / len(speech)
        return share * MOST + (1 - share) * LEAST
