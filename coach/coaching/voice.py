"""SHELL. The coach's voice: words rendered into sound ahead of time, kept in a cache, and the tones.

Nothing is synthesised while people talk. `CueSounds.prepare` renders every wording once (a child process each, see
`speak.py`), `CueSounds.clip` only reads. What the player gets is always one channel of float32 at 16 kHz, slow, low and
quiet, with a soft beginning and end.

A person's own recording wins: `inward.wav` in their folder replaces every wording of "inward", `inward-2.wav` the
second.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from coach.assets import asset
from coach.coaching.catalogue import Catalogue
from coach.errors import BadInput, CoachError, Missing
from coach.span import MILLISECOND, RATE

Sound = npt.NDArray[np.float32]

WORDS_A_MINUTE = 135  # slow: people read aloud at about 180
VOLUME = 0.8  # of the synthesiser's own full scale; the loudness is set afterwards
LOUDNESS = -28.0  # dBFS RMS over what is spoken: below talk at a table, which reaches a microphone at about -26
PEAK = -6.0  # dBFS that no sample goes over
ATTACK, RELEASE = 30 * MILLISECOND, 90 * MILLISECOND  # samples of raised cosine; no click, no bark
SHORTEST = RATE // 5  # samples; what is shorter was not spoken
SILENT = 10 ** (-60 / 20)  # peak under which a file is called silent
TIMEOUT = 20.0  # seconds; a sentence takes a tenth of one, a driver that hangs takes for ever
RECIPE = 1  # counts up when the shaping of a sound changes, so that old caches are not used

SPEAK = (sys.executable, "-m", "coach.coaching.speak")


def render(
    text: str,
    out: Path,
    *,
    rate: int = WORDS_A_MINUTE,
    volume: float = VOLUME,
    voice: str | None = None,
    speak: Sequence[str] = SPEAK,
    timeout: float = TIMEOUT,
) -> None:
    """Writes `text`, spoken, to the WAV file `out` (16 kHz, one channel, 16 bit); all of it or nothing.

    `rate` is in words a minute, `volume` 0 to 1, `voice` an id of the system's. Raises Missing when this machine has no
    voice, when it gave no sound, or when it hung for `timeout` seconds (the child is then killed).
    """
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".rendering-") as folder:
        raw, shaped = Path(folder, "raw.wav"), Path(folder, "shaped.wav")
        command = [*speak, str(raw), str(rate), str(volume), *([voice] if voice else [])]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            raise _voiceless(f"the speech synthesiser hung for {timeout:g} s") from None
        except OSError as error:
            raise _voiceless(str(error)) from None
        if done.returncode != 0:
            raise _voiceless((done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1])
        soundfile.write(shaped, shape(_spoken(raw)), RATE, subtype="PCM_16")
        os.replace(shaped, out)


def _spoken(path: Path) -> Sound:
    """What the child wrote; some drivers exit well and leave nothing, an empty file, or silence."""
    if not path.is_file():
        raise _voiceless("the speech synthesiser wrote no file")
    try:
        sound = read(path)
    except BadInput:
        raise _voiceless("the speech synthesiser wrote a file that is no sound") from None
    if sound.size < SHORTEST or np.max(np.abs(sound)) < SILENT:
        raise _voiceless("the speech synthesiser wrote silence")
    return sound


def _voiceless(reason: str) -> Missing:
    return Missing(
        f"no voice on this machine ({reason}): cues will be tones; for words, install one "
        "(on Debian: apt-get install espeak-ng)"
    )


def read(path: Path) -> Sound:
    """Any sound file as one channel of float32 at 16 kHz. Raises BadInput, with the mend, when it is none."""
    try:
        data, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadInput(f"{path.name} cannot be read as sound ({error}); replace it with a WAV file") from None
    if len(data) == 0:
        raise BadInput(f"{path.name} holds no sound; replace it with a WAV file that does")
    mono = data.mean(axis=1)
    return np.asarray(mono if rate == RATE else soxr.resample(mono, rate, RATE), dtype=np.float32)


def shape(sound: Sound) -> Sound:
    """Trims the silence around, sets the loudness, and lets it begin and end softly."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * np.max(np.abs(sound)))  # 40 dB below the peak
    first, last = max(0, int(loud[0]) - ATTACK), min(sound.size, int(loud[-1]) + RELEASE)
    out = sound[first:last].astype(np.float64)
    out[:ATTACK] *= _rise(min(ATTACK, out.size))
    out[-RELEASE:] *= _rise(min(RELEASE, out.size))[::-1]
    spoken = out[np.abs(out) > 0.01 * np.max(np.abs(out))]
    gain = 10 ** (LOUDNESS / 20) / np.sqrt(np.mean(spoken**2))
    gain = min(gain, 10 ** (PEAK / 20) / np.max(np.abs(out)))
    return np.asarray(out * gain, dtype=np.float32)


def _rise(length: int) -> npt.NDArray[np.float64]:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length))


class CueSounds:
    """Every sound of the catalogue, from the person's `own` folder, the `cache` folder, or the tones that ship.

    `prepare` first; `clip` is then quick enough for the voice thread.
    """

    def __init__(
        self,
        cache: Path,
        catalogue: Catalogue,
        *,
        own: Path | None = None,
        rate: int = WORDS_A_MINUTE,
        volume: float = VOLUME,
        voice: str | None = None,
        **rendering: Any,
    ) -> None:
        self._cache, self._catalogue, self._own = cache, catalogue, own
        self._rate, self._volume, self._voice = rate, volume, voice
        self._rendering = rendering

    def prepare(
        self, lines: Iterable[tuple[str, str]] = (), progress: Callable[[int, int], None] | None = None
    ) -> list[str]:
        """Renders what is not in the cache yet: the spoken cues that are on, and `lines` as (kind, text).

        `progress` is told (done, of). Returns notices for the people: broken files of their own, and, at most once,
        that there is no voice. Nothing is raised for these, since the coach goes on with tones.
        """
        notices = self._broken()
        wanted = [*lines, *self._catalogue.spoken()]
        for done, (kind, text) in enumerate(wanted):
            if self.clip(kind, text) is None:
                try:
                    render(
                        text,
                        self._path(text),
                        rate=self._rate,
                        volume=self._volume,
                        voice=self._voice,
                        **self._rendering,
                    )
                except (CoachError, OSError, soundfile.SoundFileError) as error:
                    reason = str(error) if isinstance(error, CoachError) else f"cues cannot be kept ({error})"
                    return [*notices, reason]
            if progress is not None:
                progress(done + 1, len(wanted))
        return notices

    def clip(self, kind: str, text: str = "") -> Sound | None:
        """The sound of a cue or line; None when it is spoken and there is no rendering of it."""
        for path in self._replacements(kind, text):
            try:
                return read(path)
            except BadInput:
                continue  # `prepare` has said so; the coach's own sound is used
        entry = self._catalogue[kind]
        if entry.tone is not None:
            return read(asset(entry.tone))
        try:
            return read(self._path(text)) if self._path(text).is_file() else None
        except BadInput:
            return None  # a broken cache is rendered again

    def _replacements(self, kind: str, text: str) -> list[Path]:
        if self._own is None:
            return []
        wordings = self._catalogue[kind].wordings
        names = [f"{kind}-{wordings.index(text) + 1}.wav"] if text in wordings else []
        return [path for name in [*names, f"{kind}.wav"] if (path := self._own / name).is_file()]

    def _broken(self) -> list[str]:
        """One notice for each file of the person's own that is no sound, or that no cue will ever play."""
        notices = []
        for path in sorted(self._own.glob("*.wav")) if self._own is not None else []:
            kind, _, number = path.stem.partition("-")
            try:
                if number and not 0 < int(number) <= len(self._catalogue[kind].wordings):
                    raise BadInput(f"{path.name}: {kind!r} has no wording {number}")
                self._catalogue[kind]
                read(path)
            except (CoachError, ValueError) as error:
                notices.append(f"your cue {path.name} is not used: {error}")
        return notices

    def _path(self, text: str) -> Path:
        key = repr((RECIPE, text, self._voice, self._rate, self._volume))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"
