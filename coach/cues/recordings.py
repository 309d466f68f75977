"""SHELL. People's own recordings of cues: any sample rate, bit depth and number of channels, if they can be heard well.

A recording that would spoil an evening is refused when it is added, with the reason: a file that is broken, silent,
faint, clipped, or too long for a cue.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from coach.coaching import Form
from coach.core.errors import BadInput
from coach.core.span import RATE

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingConfig:
    """The limits of a recording. Amplitudes are linear, 1.0 at full scale."""

    shortest: int = RATE // 5  # samples; anything shorter is not speech
    silent: float = 10 ** (-60 / 20)  # a file with a lower peak is silent
    faint: float = 10 ** (-50 / 20)  # the least RMS of the loudest tenth of a second; below it, noise becomes audible
    least_rate: int = 8_000  # samples per second; below it, speech cannot be understood
    full: float = 0.985  # converters clip at this amplitude
    flat: int = 4  # equal samples in a row at the peak that count as clipping; 60 Hz at 48 kHz and 16 bit has two
    clippings: int = 3  # the number of such places that makes a recording clipped
    full_samples: int = 12  # samples at `full`, over all channels, that make sound from the microphone clipped
    background: float = 0.01  # of the peak, -40 dB; anything softer at either end is silence


CONFIG = RecordingConfig()
LONGEST_RECORDING: dict[Form, int] = {  # samples, without the silence at either end
    "tone": 4 * RATE,
    "spoken": 8 * RATE,
    "line": 60 * RATE,
}
COARSE = frozenset({"PCM_U8", "PCM_S8", "ULAW", "ALAW"})  # 8 bit: all sound has flat peaks, so clipping cannot be seen


def read(path: Path) -> Sound:
    """Reads a sound file as one channel (n,) at 16 kHz. Raises BadInput if it is not a sound file, or is empty."""
    data, rate = _raw(path)
    return _mono_16k(data, rate)


def accepted(path: Path, form: Form) -> Sound:
    """Reads a recording that replaces a cue of this `form`: one channel (n,) at 16 kHz.

    Raises BadInput, with the reason, if the recording cannot be used.
    """
    data, rate = _raw(path)
    if not np.isfinite(data).all():
        raise BadInput(f"{path.name} contains values that are not sound; export it again")
    if rate < CONFIG.least_rate:
        raise BadInput(f"{path.name} has {rate} samples a second; record it with {CONFIG.least_rate} or more")
    if soundfile.info(path).subtype not in COARSE and any(_clipped(column) for column in data.T):
        raise BadInput(f"{path.name} is clipped: it was recorded too loud; record it again from further away")
    sound = _mono_16k(data, rate)
    heard_well(sound, form, path.name)
    return sound


def heard_well(sound: Sound, form: Form, name: str) -> None:
    """Raises BadInput, with the reason, if `sound` (n,) at 16 kHz cannot replace a cue of this `form`.

    `name` is what the message calls the recording.
    """
    if not sound.size or np.max(np.abs(sound)) < CONFIG.silent:
        raise BadInput(f"{name} is silent; record it again, closer to the microphone")
    if _loudest(sound) < CONFIG.faint:
        raise BadInput(f"{name} is so faint that its noise would be audible; record it again, closer to the microphone")
    length = _without_silence(sound)
    if length < CONFIG.shortest:
        raise BadInput(f"{name} is {length / RATE:.2f} s long; a cue lasts at least {CONFIG.shortest / RATE:g} s")
    if length > LONGEST_RECORDING[form]:
        raise BadInput(
            f"{name} is {length / RATE:.1f} s long; this one may last {LONGEST_RECORDING[form] / RATE:g} s at most"
        )


def _raw(path: Path) -> tuple[Sound, int]:
    """The samples (n, channels) and the sample rate in Hz. Raises BadInput if the file cannot be read."""
    if not path.is_file():
        raise BadInput(f"there is no file {path}; name a WAV, FLAC or OGG file")
    try:
        data, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadInput(f"{path.name} cannot be read as sound ({error}); replace it with a WAV file") from None
    if len(data) == 0:
        raise BadInput(f"{path.name} contains no sound; replace it with a WAV file that does")
    return data, int(rate)


def _mono_16k(data: Sound, rate: int) -> Sound:
    mono = data.mean(axis=1)
    return np.asarray(mono if rate == RATE else soxr.resample(mono, rate, RATE), dtype=np.float32)


def _clipped(column: Sound) -> bool:
    """Whether several peaks are flat: the converter had no larger number."""
    peak = np.max(np.abs(column))
    if peak < CONFIG.full:
        return False
    at_peak = np.concatenate([[False], np.abs(column) == peak, [False]])
    edges = np.flatnonzero(np.diff(at_peak.astype(np.int8)))
    return int(np.sum(edges[1::2] - edges[::2] >= CONFIG.flat)) >= CONFIG.clippings


def _loudest(sound: Sound) -> float:
    """RMS of the loudest tenth of a second."""
    frames = np.array_split(sound, max(1, sound.size // (RATE // 10)))
    return max(float(np.sqrt(np.mean(frame**2))) for frame in frames)


def _without_silence(sound: Sound) -> int:
    """Samples from the first to the last that is not silence."""
    loud = np.flatnonzero(np.abs(sound) > CONFIG.background * np.max(np.abs(sound)))
    return int(loud[-1] - loud[0]) + 1
