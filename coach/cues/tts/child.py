"""The child process that synthesises one text into a WAV file, with any voice but the neural one (`neural`).

    python -m coach.cues.tts.child OUT RATE VOLUME LANGUAGE [VOICE] < text
    python -m coach.cues.tts.child --voices                                    lists the system's voices as JSON

Synthesis runs in a separate process for three reasons: pyttsx3 hangs in a thread, a fault in the system's speech
library must not end the coach, and a child that hangs can be killed. The text comes through stdin, so that people's
names do not appear in the list of processes. The exit status is 0 once the synthesiser reports that it is done. The
parent checks the file, since some drivers fail without an error.

RATE is in words per minute, VOLUME from 0 to 1. VOICE is the id or the name of a system voice, the file of a Piper
voice, or `pico/de-DE` for Pico; without it, the calmest system voice in LANGUAGE speaks.
"""

from __future__ import annotations

import json
import signal
import sys
import wave
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

from coach.core.errors import Missing
from coach.cues.tts.voices import PICO, PIPER, MachineVoice, calmest, named

NO_SUCH_VOICE = 3  # exit status if the voice does not exist; it is 1 for any other error


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildConfig:
    """How long the child may run, and how its voices sound."""

    deadline: int = 30  # seconds after which a child that hangs ends itself, in case its parent is gone
    calm_pitch: int = 38  # 0 to 99; espeak's default is 50; other drivers have no pitch
    piper_pace: int = 180  # words per minute; Piper's voices are trained on people who read aloud at about this pace
    pico_pace: int = 165  # words per minute, Pico's own pace
    pico_rate: int = 16_000  # Hz


CONFIG = ChildConfig()


def main() -> int:
    """Does what the command line asks and returns the exit status. Errors are printed to stderr, never raised."""
    if hasattr(signal, "alarm"):
        signal.alarm(CONFIG.deadline)
    try:
        if sys.argv[1:] == ["--voices"]:
            print(json.dumps([asdict(voice) for voice in _voices(_engine())]))
            return 0
        out, rate, volume, language, *voice = sys.argv[1:]
        text = sys.stdin.buffer.read().decode()
        if voice and voice[0].endswith(PIPER):
            _with_piper(text, out, int(rate), float(volume), voice[0])
        elif voice and voice[0].startswith(PICO):
            with_pico(text, out, int(rate), float(volume), voice[0].removeprefix(PICO))
        else:
            _with_the_system(text, out, int(rate), float(volume), language, voice[0] if voice else None)
    except Missing as error:
        print(error, file=sys.stderr)
        return NO_SUCH_VOICE
    except Exception as error:  # a speech library may raise anything; the parent reports it in one line
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _with_piper(text: str, out: str, rate: int, volume: float, voice: str) -> None:
    piper = import_module("piper")
    slowly = piper.SynthesisConfig(length_scale=CONFIG.piper_pace / rate, volume=volume)
    with wave.open(out, "wb") as file:
        piper.PiperVoice.load(voice).synthesize_wav(text, file, syn_config=slowly)


def with_pico(text: str, out: str, rate: int, volume: float, voice: str) -> None:
    """Writes `text` to the WAV file `out` in Pico's `voice`, such as "de-DE"; `rate` is in words a minute."""
    pico = import_module("py_nanotts")
    escaped = text.replace("<", " ").replace("&", " ")  # Pico reads XML
    sound = pico.NanoTTS().speak(escaped, voice=voice, speed=rate / CONFIG.pico_pace, volume=volume)
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CONFIG.pico_rate)
        file.writeframes(sound)


def _with_the_system(text: str, out: str, rate: int, volume: float, language: str, wanted: str | None) -> None:
    engine = _engine()
    errors: list[Exception] = []  # a driver's errors inside the engine's queue are reported only here
    engine.connect("error", lambda name, exception: errors.append(exception))
    voice = named(_voices(engine), wanted) if wanted else calmest(_voices(engine), language)
    if voice is not None:
        engine.setProperty("voice", voice.id)
    engine.setProperty("rate", rate)
    engine.setProperty("volume", volume)
    if str(engine) == "espeak":
        engine.setProperty("pitch", CONFIG.calm_pitch)
    engine.save_to_file(text, out)
    if str(engine) == "espeak":
        engine.startLoop()  # it ends with the utterance; runAndWait ends at once and loses longer texts
    else:
        engine.runAndWait()
    if errors:
        raise errors[0]


def _engine() -> Any:
    import pyttsx3

    return pyttsx3.init()


def _voices(engine: Any) -> list[MachineVoice]:
    return [
        MachineVoice(str(voice.id), str(voice.name), tuple(_code(each) for each in voice.languages or ()))
        for voice in engine.getProperty("voices")
    ]


def _code(language: str | bytes) -> str:
    return language.decode(errors="ignore") if isinstance(language, bytes) else str(language)


if __name__ == "__main__":
    sys.exit(main())
