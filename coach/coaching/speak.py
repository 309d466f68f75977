"""The child process that turns one text into a WAV file.

    python -m coach.coaching.speak OUT RATE VOLUME [VOICE] < text

A process of its own, because pyttsx3 hangs when it is driven from a thread, because a fault inside a system's speech
library must not end the coach, and because a child that hangs can be killed. The text comes through stdin, so that no
name stands in a list of processes. Exit 0 when pyttsx3 says that it is done; whether the file holds sound is for the
parent to find out, since some of its drivers fail without saying so.
"""

from __future__ import annotations

import signal
import sys

DEADLINE_S = 30  # seconds after which a child that hangs ends by itself, should its parent be gone
CALM_PITCH = 38  # of 0..99, where espeak's own default is 50; other drivers know no pitch


def main() -> int:
    out, rate, volume, *voice = sys.argv[1:]
    if hasattr(signal, "alarm"):
        signal.alarm(DEADLINE_S)
    try:
        import pyttsx3

        errors: list[Exception] = []  # what a driver raises inside the engine's queue is told here, and nowhere else
        engine = pyttsx3.init()
        engine.connect("error", lambda name, exception: errors.append(exception))
        if voice:
            engine.setProperty("voice", voice[0])
        engine.setProperty("rate", int(rate))
        engine.setProperty("volume", float(volume))
        if str(engine) == "espeak":
            engine.setProperty("pitch", CALM_PITCH)
        engine.save_to_file(sys.stdin.buffer.read().decode(), out)
        if str(engine) == "espeak":
            engine.startLoop()  # ends with the utterance; runAndWait ends at once, and a longer text is lost
        else:
            engine.runAndWait()
        if errors:
            raise errors[0]
    except Exception as error:  # whatever a system's speech library raises: the parent turns it into one line
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
