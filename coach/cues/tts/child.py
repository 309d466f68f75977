"""The child process that turns one text into a WAV file.

    python -m coach.cues.tts.child OUT RATE VOLUME LANGUAGE [VOICE] < text
    python -m coach.cues.tts.child --voices                                    the system's voices, as JSON

A process of its own, because pyttsx3 hangs when it is driven from a thread, because a fault inside a system's speech
library must not end the coach, and because a child that hangs can be killed. The text comes through stdin, so that no
name stands in a list of processes. Exit 0 when the synthesiser says that it is done; whether the file holds sound is
for the parent to find out, since some drivers fail without saying so.

VOICE is the id or the name of one of the system's voices, or the file of a Piper voice; without it, the calmest of the
system's voices in LANGUAGE is taken.
"""

from __future__ import annotations

import json
import signal
import sys
import wave
from dataclasses import asdict
from importlib import import_module
from typing import Any

from coach.core.errors import Missing
from coach.cues.tts.voices import PIPER, MachineVoice, calmest, named

NO_SUCH_VOICE = 3  # exit status; any other fault is 1
DEADLINE_S = 30  # seconds after which a child that hangs ends by itself, should its parent be gone
CALM_PITCH = 38  # of 0..99, where espeak's own default is 50; other drivers know no pitch
PIPER_PACE = 180  # words a minute, about: the pace of people who read aloud, from whom Piper's voices are learnt


def main() -> int:
    if hasattr(signal, "alarm"):
        signal.alarm(DEADLINE_S)
    try:
        if sys.argv[1:] == ["--voices"]:
            print(json.dumps([asdict(voice) for voice in _voices(_engine())]))
            return 0
        out, rate, volume, language, *voice = sys.argv[1:]
        text = sys.stdin.buffer.read().decode()
        if voice and voice[0].endswith(PIPER):
            _with_piper(text, out, int(rate), float(volume), voice[0])
        else:
            _with_the_system(text, out, int(rate), float(volume), language, voice[0] if voice else None)
    except Missing as error:
        print(error, file=sys.stderr)
        return NO_SUCH_VOICE
    except Exception as error:  # whatever a system's speech library raises: the parent turns it into one line
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _with_piper(text: str, out: str, rate: int, volume: float, voice: str) -> None:
    piper = import_module("piper")
    slowly = piper.SynthesisConfig(length_scale=PIPER_PACE / rate, volume=volume)
    with wave.open(out, "wb") as file:
        piper.PiperVoice.load(voice).synthesize_wav(text, file, syn_config=slowly)


def _with_the_system(text: str, out: str, rate: int, volume: float, language: str, wanted: str | None) -> None:
    engine = _engine()
    errors: list[Exception] = []  # what a driver raises inside the engine's queue is told here, and nowhere else
    engine.connect("error", lambda name, exception: errors.append(exception))
    voice = named(_voices(engine), wanted) if wanted else calmest(_voices(engine), language)
    if voice is not None:
        engine.setProperty("voice", voice.id)
    engine.setProperty("rate", rate)
    engine.setProperty("volume", volume)
    if str(engine) == "espeak":
        engine.setProperty("pitch", CALM_PITCH)
    engine.save_to_file(text, out)
    if str(engine) == "espeak":
        engine.startLoop()  # ends with the utterance; runAndWait ends at once, and a longer text is lost
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
