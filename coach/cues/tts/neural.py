"""The child process that speaks with the neural voice: it loads the voice once, and ends when it has nothing to do.

    python -P neural.py          one request per line on stdin, one answer per line on stdout, both in JSON

    {"text": "…and you?", "out": "raw.wav", "voice": "heart", "model": null, "speed": 0.8, "pitch": 0.94}
    {"said": "raw.wav"}          or {"missing": "why the voice cannot speak"}

It is a process of its own because the network and its dictionaries take 200 MB, which a session needs for some seconds
only. It runs as a file and imports nothing of the coach, so that the memory and the second that these imports cost are
saved. Text and names come through stdin, so that they do not appear in the list of processes.

A name may carry its pronunciation, `[Jürgen](/jˈɜɹɡən/)`; all other brackets are dropped, as the voice would take them
for the same notation. "…" is not voiced: it is a breath.
"""

from __future__ import annotations

import json
import queue
import re
import sys
import threading
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuralConfig:
    """The pauses that the voice leaves, in seconds, and when the process ends."""

    breath: float = 0.55  # between sentences, and for "…" within one
    idle: float = 10.0  # without a request for this long, the process ends and gives its memory back
    seed: int = 0  # of the voice's noise: the same words are the same bytes


CONFIG = NeuralConfig()
PRONOUNCED = re.compile(r"(\[[^][()/]+\]\(/[^][()/]+/\))")
MARKUP = re.compile(r"[][()/<>{}|\\*_#~^=+@&]")
NUMBER = re.compile(r"\bno(?=\.$)", re.IGNORECASE)  # the voice would read "no." as "number"
PHRASE_END = re.compile(r"…+|(?<=[.!?])\s+")


def phrases(text: str) -> list[str]:
    """`text` cut at its breaths: at "…" and between sentences, without markup except for pronounced names.

    >>> phrases("…and you (both)?")
    ['and you both?']
    >>> phrases("Let that be soft… Now turn to [Zoë](/zˈOi/).")
    ['Let that be soft.', 'Now turn to [Zoë](/zˈOi/).']
    >>> phrases("Say yes or no. May it listen?")
    ['Say yes or [no](/nˈO/).', 'May it listen?']
    """
    parts = PRONOUNCED.split(text)
    clean = "".join(part if number % 2 else MARKUP.sub(" ", part) for number, part in enumerate(parts))
    pieces = [re.sub(r" (?=[,.;:!?])", "", " ".join(piece.split())) for piece in PHRASE_END.split(clean)]
    ended = (piece if piece[-1:] in set(".!?,;:") else f"{piece}." for piece in pieces)
    return [NUMBER.sub("[no](/nˈO/)", piece) for piece in ended if any(map(str.isalpha, piece))]


class Voice:
    """A voice of the package `hibari`, at a pace (1.0 is its own) and at a pitch (a factor on the fundamental)."""

    def __init__(self, voice: str, model: str | None) -> None:
        import hibari

        self._voice = hibari.Hibari(voice, model=model)
        self._voice.sess = _AtAPitch(self._voice.sess)
        self.rate: int = hibari.SAMPLE_RATE

    def speak(self, text: str, out: str, speed: float, pitch: float) -> None:
        """Writes `text` to the WAV file `out`: one channel, 16 bit, at the voice's own rate."""
        import numpy as np

        self._voice.sess.pitch = pitch
        pieces: list[Any] = []
        for phrase in phrases(text):
            if pieces:
                pieces.append(np.zeros(round(CONFIG.breath * self.rate), np.float32))
            pieces.append(self._voice(phrase, speed=speed, seed=CONFIG.seed))
        if not sum(map(len, pieces)):
            raise ValueError("it has no sound for these words")
        sound = np.concatenate(pieces)
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.rate)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


class _AtAPitch:
    """The network, whose last output is the fundamental frequency in Hz per frame (0 without voice)."""

    def __init__(self, network: Any) -> None:
        self._network, self.pitch = network, 1.0

    def run(self, names: Any, inputs: Any) -> list[Any]:
        *spectrum, fundamental = self._network.run(names, inputs)
        return [*spectrum, fundamental * self.pitch]


def answer(voices: dict[str, Voice], wanted: dict[str, Any]) -> dict[str, str]:
    """Speaks one request. `voices` holds the voice that is loaded."""
    try:
        if wanted["voice"] not in voices:
            voices.clear()
            voices[wanted["voice"]] = Voice(wanted["voice"], wanted["model"])
        voices[wanted["voice"]].speak(wanted["text"], wanted["out"], wanted["speed"], wanted["pitch"])
    except Exception as error:  # the package may raise anything; the parent reports it in one line
        return {"missing": f"{type(error).__name__}: {error}".splitlines()[0]}
    return {"said": wanted["out"]}


def requests() -> Iterator[dict[str, Any]]:
    """The requests on stdin, until it is closed or there is none for `idle` seconds."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        while line := sys.stdin.buffer.readline():
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=CONFIG.idle)
        except queue.Empty:
            return
        if not line:
            return
        yield json.loads(line)


def main() -> None:
    """Answers each request on stdin with one line of JSON on stdout, until there are no more."""
    voices: dict[str, Voice] = {}
    for wanted in requests():
        print(json.dumps(answer(voices, wanted)), flush=True)


if __name__ == "__main__":
    main()
