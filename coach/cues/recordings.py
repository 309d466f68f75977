"""SHELL. A person's own recordings in place of a cue: any rate, depth and number of channels, if it can be heard well.

What would spoil an evening is refused when it is handed over, with the reason: a file that is broken, silent, too
long to be a cue, or recorded so loud that it is cut off at full scale.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from coach.coaching import Form
from coach.core.errors import BadInput
from coach.core.span import RATE

Sound = npt.NDArray[np.float32]

SHORTEST_RECORDING = RATE // 5  # samples; what is shorter was not spoken
SILENT = 10 ** (-60 / 20)  # peak under which a file is called silent
FAINT = 10 ** (-50 / 20)  # RMS of the loudest tenth of a second; raised to where cues are, its noise would be heard
LONGEST_RECORDING: dict[Form, int] = {
    "tone": 4 * RATE,
    "spoken": 8 * RATE,
    "line": 60 * RATE,
}  # samples, without silence around
SLOWEST = 8_000  # samples a second; under this, speech is not understood

FULL = 0.985  # of full scale; where converters cut off
FLAT = 4  # equal samples at the extreme; of an unclipped sine of 60 Hz at 48 kHz and 16 bit there are two
CLIPPINGS = 3  # such places, from which they are no accident
COARSE = frozenset({"PCM_U8", "PCM_S8", "ULAW", "ALAW"})  # 8 bit: every sound has flat places, so none can be judged


def read(path: Path) -> Sound:
    """Any sound file as one channel of float32 at 16 kHz. Raises BadInput, with the mend, when it is none."""
    data, rate = _raw(path)
    return _ours(data, rate)


def accepted(path: Path, form: Form) -> Sound:
    """A recording that may sound in place of a cue of that form: one channel of float32 at 16 kHz.

    Raises BadInput with the reason when it may not.
    """
    data, rate = _raw(path)
    if not np.isfinite(data).all():
        raise BadInput(f"{path.name} contains values that are not sound; export it again")
    if rate < SLOWEST:
        raise BadInput(f"{path.name} has {rate} samples a second; record it with {SLOWEST} or more")
    if soundfile.info(path).subtype not in COARSE and any(_clipped(column) for column in data.T):
        raise BadInput(f"{path.name} is clipped: it was recorded too loud; record it again from further away")
    sound = _ours(data, rate)
    heard_well(sound, form, path.name)
    return sound


def heard_well(sound: Sound, form: Form, name: str) -> None:
    """Raises BadInput with the reason when `sound`, one channel at 16 kHz, cannot sound in place of a cue."""
    if not sound.size or np.max(np.abs(sound)) < SILENT:
        raise BadInput(f"{name} is silent; record it again, closer to the microphone")
    if _loudest(sound) < FAINT:
        raise BadInput(f"{name} is so faint that its noise would be audible; record it again, closer to the microphone")
    length = _without_silence(sound)
    if length < SHORTEST_RECORDING:
        raise BadInput(f"{name} is {length / RATE:.2f} s long; a cue lasts at least {SHORTEST_RECORDING / RATE:g} s")
    if length > LONGEST_RECORDING[form]:
        raise BadInput(
            f"{name} is {length / RATE:.1f} s long; this one may last {LONGEST_RECORDING[form] / RATE:g} s at most"
        )


def _raw(path: Path) -> tuple[Sound, int]:
    """The samples (n, channels), and how many there are a second."""
    if not path.is_file():
        raise BadInput(f"there is no file {path}; name a WAV, FLAC or OGG file")
    try:
        data, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadInput(f"{path.name} cannot be read as sound ({error}); replace it with a WAV file") from None
    if len(data) == 0:
        raise BadInput(f"{path.name} contains no sound; replace it with a WAV file that does")
    return data, int(rate)


def _ours(data: Sound, rate: int) -> Sound:
    mono = data.mean(axis=1)
    return np.asarray(mono if rate == RATE else soxr.resample(mono, rate, RATE), dtype=np.float32)


def _clipped(column: Sound) -> bool:
    """Whether samples stand still at the extreme, several times: a converter had no more numbers there."""
    peak = np.max(np.abs(column))
    if peak < FULL:
        return False
    at_peak = np.concatenate([[False], np.abs(column) == peak, [False]])
    edges = np.flatnonzero(np.diff(at_peak.astype(np.int8)))
    return int(np.sum(edges[1::2] - edges[::2] >= FLAT)) >= CLIPPINGS


def _loudest(sound: Sound) -> float:
    """RMS of the loudest tenth of a second."""
    frames = np.array_split(sound, max(1, sound.size // (RATE // 10)))
    return max(float(np.sqrt(np.mean(frame**2))) for frame in frames)


def _without_silence(sound: Sound) -> int:
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.max(np.abs(sound)))  # 40 dB below the peak
    return int(loud[-1] - loud[0]) + 1
