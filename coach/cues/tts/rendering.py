"""SHELL. Speech synthesis: runs the child process that speaks, checks its output, and shapes the sound.

The neural voice has a child of its own that stays for some seconds (`resident`); every other voice has one per text. A
synthesiser may write nothing, write silence, or hang; each of these is one line for the user (`Missing`). `shape`
sets the loudness, gives the sound a soft beginning and end, and keeps its peaks low.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from coach.coaching import FIRST_LANGUAGE
from coach.core.errors import BadInput, Missing
from coach.core.messages import Message
from coach.core.span import MILLISECOND, RATE
from coach.cues.loudness import CONFIG as LOUDNESS
from coach.cues.recordings import CONFIG as RECORDING
from coach.cues.recordings import Sound, read
from coach.cues.tts.child import NO_SUCH_VOICE
from coach.cues.tts.manners import manner_of
from coach.cues.tts.resident import NoAnswer, Resident
from coach.cues.tts.voices import NEURAL, MachineVoice


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderingConfig:
    """The pace and the shape of synthesised speech."""

    words_a_minute: int = 135  # slow; people read aloud at about 180
    volume: float = 0.8  # of the synthesiser's full scale, 0 to 1; `shape` sets the loudness afterwards
    peak: float = -6.0  # dBFS; no sample goes over it
    attack: int = 30 * MILLISECOND  # samples of raised cosine at the beginning, against clicks
    release: int = 90 * MILLISECOND  # samples of raised cosine at the end
    timeout: float = 20.0  # seconds; a sentence takes about 0.1 s, and a driver may hang


CONFIG = RenderingConfig()
SPEAK = (sys.executable, "-m", "coach.cues.tts.child")
NEURAL_CHILD = (sys.executable, "-P", str(Path(__file__).with_name("neural.py")))
NEURAL_VOICE = Resident(NEURAL_CHILD)


def render(
    text: str,
    out: Path,
    *,
    rate: int = CONFIG.words_a_minute,
    volume: float = CONFIG.volume,
    language: str = FIRST_LANGUAGE,
    voice: str | None = None,
    model: Path | None = None,
    speak: Sequence[str] = SPEAK,
    neural: Resident = NEURAL_VOICE,
    timeout: float = CONFIG.timeout,
) -> None:
    """Synthesises `text` into the WAV file `out` (16 kHz, one channel, 16 bit), all of it or nothing.

    `rate` is in words per minute, `volume` from 0 to 1. `voice` is the id of any voice, or the name of a system voice;
    None takes the calmest system voice in `language`. `model` is the file of a neural voice that is not in its package.
    `speak` is the command of the child process, `neural` the child of the neural voice. Raises Missing if this machine
    has no voice, if the voice gives no sound, or if it hangs for `timeout` seconds (the child process is then killed).
    """
    out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".rendering-") as folder:
        raw, shaped = Path(folder, "raw.wav"), Path(folder, "shaped.wav")
        if voice and voice.startswith(NEURAL):
            _ask(neural, text, raw, rate, voice, model, timeout)
        else:
            arguments = [str(raw), str(rate), str(volume), language, *([voice] if voice else [])]
            _run([*speak, *arguments], text, timeout)
        soundfile.write(shaped, shape(_spoken(raw)), RATE, subtype="PCM_16")
        os.replace(shaped, out)


def system_voices(speak: Sequence[str] = SPEAK, timeout: float = CONFIG.timeout) -> list[MachineVoice]:
    """The voices of this system, in its own order. Raises Missing as `render` does."""
    voices = json.loads(_run([*speak, "--voices"], "", timeout) or "[]")
    return [MachineVoice(each["id"], each["name"], tuple(each["languages"])) for each in voices]


def _ask(neural: Resident, text: str, out: Path, rate: int, voice: str, model: Path | None, timeout: float) -> None:
    """Has the neural `voice` speak `text` into `out`. Raises Missing if it cannot."""
    name, manner = manner_of(voice)
    request = {
        "text": text,
        "out": str(out),
        "voice": name,
        "model": None if model is None else str(model),
        "speed": manner.speed * rate / CONFIG.words_a_minute,
        "pitch": manner.pitch,
    }
    try:
        answer = neural.ask(request, timeout)
    except NoAnswer as error:
        answer = {"missing": str(error)}
    if "missing" in answer:
        raise Missing(Message("notice.neural_voice", reason=answer["missing"]))


def _run(command: Sequence[str], text: str, timeout: float) -> str:
    """Runs the child process and returns its output. Raises Missing if it fails."""
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise _voiceless(Message("voice.hung", s=Decimal(f"{timeout:g}"))) from None
    except OSError as error:
        raise _voiceless(str(error)) from None
    reason = (done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
    if done.returncode == NO_SUCH_VOICE:
        raise Missing(Message("notice.no_such_voice", reason=reason))
    if done.returncode != 0:
        raise _voiceless(reason)
    return done.stdout.decode(errors="replace").strip()


def _spoken(path: Path) -> Sound:
    """The sound that the child wrote. Some drivers exit with 0 but write no file, an empty one, or silence."""
    if not path.is_file():
        raise _voiceless(Message("voice.no_file"))
    try:
        sound = read(path)
    except BadInput:
        raise _voiceless(Message("voice.no_sound")) from None
    if sound.size < RECORDING.shortest or np.max(np.abs(sound)) < RECORDING.silent:
        raise _voiceless(Message("voice.silence"))
    return sound


def _voiceless(reason: str) -> Missing:
    return Missing(Message("notice.no_voice", reason=reason))


def shape(sound: Sound) -> Sound:
    """Trims the silence at both ends of `sound` (n,), sets its loudness, and fades it in and out.

    `sound` must not be silent. The result may be shorter; its peaks stay under `CONFIG.peak`.
    """
    attack, release = CONFIG.attack, CONFIG.release
    loud = np.flatnonzero(np.abs(sound) > RECORDING.background * np.max(np.abs(sound)))
    first, last = max(0, int(loud[0]) - attack), min(sound.size, int(loud[-1]) + release)
    out = sound[first:last].astype(np.float64)
    out[:attack] *= _rise(min(attack, out.size))
    out[-release:] *= _rise(min(release, out.size))[::-1]
    spoken = out[np.abs(out) > RECORDING.background * np.max(np.abs(out))]
    gain = 10 ** (LOUDNESS.clip / 20) / np.sqrt(np.mean(spoken**2))
    gain = min(gain, 10 ** (CONFIG.peak / 20) / np.max(np.abs(out)))
    return np.asarray(out * gain, dtype=np.float32)


def _rise(length: int) -> npt.NDArray[np.float64]:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length))
