"""Recorded and synthetic noises: one recording per kind, each starting with a check-in.

    check-in           two readers, one after the other, whose voices the coach learns
    then               only noise, over the hiss of a quiet room; every word detected in it is false

Typing, dishes and music are synthetic: bursts of band-limited noise, struck inharmonic tones, chords with a melody.
Television consists of readers without pauses between them, convolved with a room and band-limited as by a loudspeaker,
20 dB softer than the people in the room: real speech that only the voice distinguishes from theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile as sf
from scipy.signal import butter, fftconvolve, sosfilt

from coach.conversation import Ipu
from coach.core.span import RATE, Span, as_samples
from scripts.cache import FOLDER, key
from scripts.simulate.truth import Take, Truth, heard

TALK = 0.05  # RMS of the two readers, full scale 1: -26 dBFS
HISS = 10 ** (-65 / 20)  # RMS of the room
BESIDE_TALK = {"typing": -10.0, "dishes": -5.0, "music": -15.0, "television": -20.0}  # dB RMS relative to the talk
MADE_S = 180.0  # seconds of each synthetic noise
BETWEEN_S = 1.0  # seconds of hiss between two noise files
CHECK_IN_S = 7.0  # seconds of each reader
AFTER_S = 3.0  # seconds of hiss between the check-in and the noise
SEED = 4


def recordings(data: Path) -> Iterator[Take]:
    """One take per kind of noise, the folder's kinds first."""
    audio = data / "data" / "audio"
    for folder in sorted((audio / "noise").iterdir()):
        yield _take(data, folder.name, partial(_filed, folder), *sorted(folder.iterdir()))
    for kind in MADE:
        yield _take(data, kind, partial(_made, data, kind))


def _made(data: Path, kind: str) -> np.ndarray:
    return _level(MADE[kind](data), BESIDE_TALK[kind])


def files(data: Path) -> list[Path]:
    return sorted(each for each in (data / "data" / "audio" / "noise").glob("*/*") if each.is_file())


def _take(data: Path, kind: str, noise: Callable[[], np.ndarray], *sources: Path) -> Take:
    path = FOLDER / "noise" / f"{kind}-{key(Path(__file__), *sources)}.wav"
    readers = _readers(data)[:2]
    enrolment, at = {}, 1.0
    for who in ("sharer", "listener"):
        enrolment[who] = [(at, at + CHECK_IN_S)]
        at += CHECK_IN_S + 1.0
    begins = at + AFTER_S
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        sound = noise()
        x = np.random.default_rng(SEED).normal(0, HISS, as_samples(begins) + len(sound))
        for file, [(start, _)] in zip(readers, enrolment.values(), strict=True):
            voice = _level(_speech(file)[: as_samples(CHECK_IN_S)], 0.0)
            x[as_samples(start) : as_samples(start) + len(voice)] += voice
        x[as_samples(begins) :] += sound
        sf.write(path, np.clip(x, -1, 1), RATE, subtype="PCM_16")
    nobody = tuple(Ipu(who, Span.seconds(*spans[0])) for who, spans in enrolment.items())
    scored = Span(as_samples(begins), as_samples(sf.info(path).duration))
    return Take(kind, "noise", path, Truth(scored, nobody, follows=False), enrolment=enrolment)


def _readers(data: Path) -> list[Path]:
    return sorted((data / "data" / "audio" / "voices").iterdir())


def _speech(file: Path) -> np.ndarray:
    return heard(file)[:, 0].astype(np.float64)


def _filed(folder: Path) -> np.ndarray:
    """The files, concatenated at their own levels."""
    gap = np.zeros(as_samples(BETWEEN_S))
    parts = [each for file in sorted(folder.iterdir()) for each in (_speech(file), gap)]
    return np.concatenate(parts)


def _level(x: np.ndarray, beside: float) -> np.ndarray:
    """The sound scaled to a level in dB relative to the talk."""
    return np.asarray(x * (TALK * 10 ** (beside / 20) / np.sqrt((x**2).mean())))


# ------------------------------------------------------------------------------------------------------ made ones


def typing(_: Path) -> np.ndarray:
    """Keystrokes of two clicks each (down, up), five to nine a second, in runs of one to six seconds."""
    rng = np.random.default_rng(SEED)
    x = np.zeros(as_samples(MADE_S))
    at = 0.5
    while at < MADE_S - 2:
        for _key in range(int(rng.integers(5, 50))):
            for later, gain in ((0.0, 1.0), (float(rng.uniform(0.06, 0.11)), 0.5)):
                low = rng.uniform(300, 1500)
                band = butter(2, [low, min(low * 4, 7500)], "bandpass", fs=RATE, output="sos")
                length = as_samples(0.03)
                click = rng.normal(0, 1, length) * np.exp(-np.arange(length) / as_samples(rng.uniform(0.002, 0.006)))
                _lay(x, at + later, gain * rng.uniform(0.5, 1.0) * sosfilt(band, click))
            at += rng.uniform(0.11, 0.2)
        at += rng.uniform(0.5, 5.0)
    return x


def dishes(_: Path) -> np.ndarray:
    """Struck plates and glasses: a few inharmonic partials each, which decay in 0.1 to 0.5 s."""
    rng = np.random.default_rng(SEED)
    x = np.zeros(as_samples(MADE_S))
    at = 0.5
    while at < MADE_S - 2:
        first = rng.uniform(700, 3000)
        time = np.arange(as_samples(0.8)) / RATE
        ratios = (1.0, 1.59, 2.14, 2.65, 3.16)  # approximately a struck disc
        partials = [
            rng.uniform(0.3, 1) * np.sin(2 * np.pi * first * ratio * time) * np.exp(-time / rng.uniform(0.03, 0.15))
            for ratio in ratios
            if first * ratio < RATE / 2
        ]
        _lay(x, at, rng.uniform(0.2, 1.0) * np.sum(partials, axis=0))
        at += rng.exponential(0.7)
    return x


def music(_: Path) -> np.ndarray:
    """Four-part chords and a melody with vibrato, 96 beats a minute, as from another room."""
    rng = np.random.default_rng(SEED)
    x = np.zeros(as_samples(MADE_S))
    beat = 60 / 96
    chords = ((0, 4, 7, 12), (9, 12, 16, 21), (5, 9, 12, 17), (7, 11, 14, 19))  # C, Am, F, G in semitones above C
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    for bar in range(int(MADE_S / (4 * beat)) - 1):
        begin = bar * 4 * beat
        for half_tones in chords[bar % len(chords)]:
            _lay(x, begin, 0.25 * _tone(130.8 * 2 ** (half_tones / 12), 4 * beat, 0.0))
        at = 0.0
        while at < 4 * beat:
            length = float(rng.choice([0.5, 1.0, 1.0, 2.0])) * beat
            _lay(x, begin + at, 0.5 * _tone(261.6 * 2 ** (int(rng.choice(scale)) / 12), length, 5.5))
            at += length
    return np.asarray(sosfilt(butter(2, 3000, fs=RATE, output="sos"), x))


def _tone(pitch: float, length_s: float, vibrato_hz: float) -> np.ndarray:
    time = np.arange(as_samples(length_s)) / RATE
    phase = 2 * np.pi * pitch * time + (0.4 * np.sin(2 * np.pi * vibrato_hz * time) if vibrato_hz else 0.0)
    sound = sum(np.sin(n * phase) / n**1.3 for n in range(1, 9) if n * pitch < RATE / 2)
    envelope = np.minimum(1, time / 0.02) * np.minimum(1, (time[-1] - time) / 0.05)
    return np.asarray(sound * envelope * np.exp(-time / 2))


def television(data: Path) -> np.ndarray:
    """Other readers, through a loudspeaker and a room."""
    rir = _speech(sorted((data / "data" / "audio" / "rooms").iterdir())[0])[:RATE]
    parts: list[np.ndarray] = []
    for file in _readers(data)[2:]:
        parts.append(_level(_speech(file), 0.0))
        if sum(map(len, parts)) > as_samples(MADE_S):
            break
    band = butter(2, [150, 5000], "bandpass", fs=RATE, output="sos")
    return np.asarray(fftconvolve(sosfilt(band, np.concatenate(parts)), rir)[: as_samples(MADE_S)])


def _lay(x: np.ndarray, at: float, sound: np.ndarray) -> None:
    begin = as_samples(at)
    end = min(len(x), begin + len(sound))
    x[begin:end] += sound[: end - begin]


MADE: dict[str, Callable[[Path], np.ndarray]] = {
    "typing": typing,
    "dishes": dishes,
    "music": music,
    "television": television,
}
