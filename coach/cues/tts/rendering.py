"""SHELL. Words into sound: the child process that speaks, the voices there are, and what is made of what it spoke.

Any synthesiser may come back with nothing, with silence, or not at all; each of these is one line for the person
(`Missing`). What is kept is always slow, low and quiet, begins and ends softly, and clips nowhere (`shape`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from coach.coaching import FIRST_LANGUAGE
from coach.core.errors import BadInput, Missing
from coach.core.span import MILLISECOND, RATE
from coach.cues.loudness import LOUDNESS
from coach.cues.recordings import SHORTEST_RECORDING, SILENT, Sound, read
from coach.cues.tts.child import NO_SUCH_VOICE
from coach.cues.tts.voices import PIPER, MachineVoice, calmest, named

WORDS_A_MINUTE = 135  # slow: people read aloud at about 180
VOLUME = 0.8  # of the synthesiser's own full scale; the loudness is set afterwards
PEAK = -6.0  # dBFS that no sample goes over
ATTACK, RELEASE = 30 * MILLISECOND, 90 * MILLISECOND  # samples of raised cosine; no click, no bark
TIMEOUT = 20.0  # seconds; a sentence takes a tenth of one, a driver that hangs takes for ever

SPEAK = (sys.executable, "-m", "coach.cues.tts.child")


def render(
    text: str,
    out: Path,
    *,
    rate: int = WORDS_A_MINUTE,
    volume: float = VOLUME,
    language: str = FIRST_LANGUAGE,
    voice: str | None = None,
    speak: Sequence[str] = SPEAK,
    timeout: float = TIMEOUT,
) -> None:
    """Writes `text`, spoken, to the WAV file `out` (16 kHz, one channel, 16 bit); all of it or nothing.

    `rate` is in words a minute, `volume` 0 to 1; `voice` is an id or a name of the system's or the file of a Piper
    voice, None the calmest of the system's in `language`. Raises Missing when this machine has no voice, when it gave
    no sound, or when it hung for `timeout` seconds (the child is then killed).
    """
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".rendering-") as folder:
        raw, shaped = Path(folder, "raw.wav"), Path(folder, "shaped.wav")
        told = [str(raw), str(rate), str(volume), language, *([voice] if voice else [])]
        _run([*speak, *told], text, timeout)
        soundfile.write(shaped, shape(_spoken(raw)), RATE, subtype="PCM_16")
        os.replace(shaped, out)


def system_voices(speak: Sequence[str] = SPEAK, timeout: float = TIMEOUT) -> list[MachineVoice]:
    """The voices of this system, in its own order. Raises Missing like `render`."""
    told = json.loads(_run([*speak, "--voices"], "", timeout) or "[]")
    return [MachineVoice(each["id"], each["name"], tuple(each["languages"])) for each in told]


def piper_voices(folder: Path) -> list[MachineVoice]:
    """Piper's voices in `folder`, a model with its JSON file beside it each; none while its package is missing."""
    if find_spec("piper") is None:
        return []
    voices = []
    for model in sorted(folder.glob(f"*{PIPER}")):
        try:
            says = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
            code = (says.get("language") or {}).get("code") or says["espeak"]["voice"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # a model whose description is not there cannot be loaded either
        voices.append(MachineVoice(str(model), model.stem, (str(code),)))
    return voices


def voice_for(language: str, wanted: str = "", folder: Path | None = None) -> str | None:
    """What to give to `render`: the voice that is `wanted`, else Piper's calmest, else None for the system's.

    A wanted voice that is not one of Piper's in `folder` is taken for one of the system's.
    """
    learnt = piper_voices(folder) if folder is not None else []
    if not wanted:
        best = calmest(learnt, language)
        return best.id if best else None
    try:
        return named(learnt, wanted).id
    except Missing:
        return wanted


def _run(command: Sequence[str], text: str, timeout: float) -> str:
    """What the child printed. Raises Missing when it did not do its work."""
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise _voiceless(f"the speech synthesiser hung for {timeout:g} s") from None
    except OSError as error:
        raise _voiceless(str(error)) from None
    reason = (done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
    if done.returncode == NO_SUCH_VOICE:
        raise Missing(f"{reason}; `coach cues voices` lists the voices; until you choose one, cues will be tones")
    if done.returncode != 0:
        raise _voiceless(reason)
    return done.stdout.decode(errors="replace").strip()


def _spoken(path: Path) -> Sound:
    """What the child wrote; some drivers exit well and leave nothing, an empty file, or silence."""
    if not path.is_file():
        raise _voiceless("the speech synthesiser wrote no file")
    try:
        sound = read(path)
    except BadInput:
        raise _voiceless("the speech synthesiser wrote a file that is not sound") from None
    if sound.size < SHORTEST_RECORDING or np.max(np.abs(sound)) < SILENT:
        raise _voiceless("the speech synthesiser wrote silence")
    return sound


def _voiceless(reason: str) -> Missing:
    return Missing(
        f"no voice on this machine ({reason}): cues will be tones; for spoken cues, install one "
        "(on Debian: apt-get install espeak-ng)"
    )


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
