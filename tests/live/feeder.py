"""What the people in the room are heard to say: sound into the microphone's pipe, at the pace of the clock.

A program of its own. In a thread of the tests it waited for whatever they computed, and once more than a second of the
talk was lost that way. It takes one JSON object a line on standard input and answers each with one on standard output:

    {"plug": "/path/of/pipe"}                                        {}
    {"unplug": true}                                                 {}
    {"play": "/path.flac", "start_s": 0.0, "end_s": 1.0}             {"begun": 12.3, "seconds": 1.0}
    {"dropped": true}                                                {"dropped": 0}

Between files the microphone hears a very quiet room. What is fed while it is unplugged is lost, like the talk of people
who did not notice. A server that is late, or this program, finds the sound waiting; only what nobody takes for a second
is lost, and counted as dropped. `begun` is a moment of `time.monotonic`, one clock for all programs of a machine.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import sys
import time
from typing import Any

import numpy as np
import soundfile as sf

RATE = 16_000  # samples per second
CHUNK = RATE // 100  # samples; the step
ROOM_DBFS = -72.0  # the quiet room between files; exact zeros would be a muted microphone
PIPE = 16384  # bytes, half a second: how stale the first sound may be that a server takes from the pipe
PATIENCE = 100  # steps in a row in which nothing was taken


class Feeder:
    def __init__(self) -> None:
        room = np.random.default_rng(1).normal(0, 32768 * 10 ** (ROOM_DBFS / 20), 10 * RATE)
        self._quiet = np.round(room).astype(np.int16)
        self._queue: np.ndarray = np.zeros(0, np.int16)
        self._zero = time.monotonic()
        self._fed = 0  # samples since `_zero`
        self._pipe = -1
        self._waiting: list[bytes] = []  # chunks that the pipe had no room for
        self._refused = 0  # steps in a row
        self._dropped = 0  # samples since `play`

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "plug" in asked:
            self._pipe = os.open(asked["plug"], os.O_WRONLY | os.O_NONBLOCK)
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE)
            self._waiting = []
        elif "unplug" in asked:
            os.close(self._pipe)
            self._pipe = -1
        elif "play" in asked:
            return self._play(asked["play"], asked["start_s"], asked["end_s"])
        elif "dropped" in asked:
            return {"dropped": self._dropped}
        return {}

    def _play(self, path: str, start_s: float, end_s: float | None) -> dict[str, Any]:
        samples, rate = sf.read(path, dtype="int16")
        if rate != RATE or samples.ndim != 1:
            return {"error": f"{path} must have one channel at {RATE} Hz"}
        self.step()  # reading the file took its time: until now the room was quiet
        self._queue = samples[round(start_s * RATE) : None if end_s is None else round(end_s * RATE)]
        self._dropped = 0
        return {"begun": self._zero + self._fed / RATE, "seconds": len(self._queue) / RATE}

    def _due(self) -> int:
        """Samples from `_zero` until now, in whole chunks."""
        return int((time.monotonic() - self._zero) * RATE) // CHUNK * CHUNK

    def step(self) -> None:
        """All that is due, into the pipe."""
        due = self._due()
        while self._fed < due:
            chunk = self._next()
            self._fed += CHUNK
            if self._pipe >= 0:
                self._waiting.append(chunk)
        taken = self._write()
        self._refused = 0 if taken or not self._waiting else self._refused + 1
        if self._refused > PATIENCE:
            self._dropped += len(self._waiting) * CHUNK
            self._waiting = []

    def _next(self) -> bytes:
        """The file's next chunk, and the quiet room where it has none."""
        at = self._fed % (len(self._quiet) - CHUNK)
        chunk = self._quiet[at : at + CHUNK].copy()
        told = self._queue[:CHUNK]
        chunk[: len(told)] = told
        self._queue = self._queue[CHUNK:]
        return chunk.tobytes()

    def _write(self) -> int:
        """How many of the waiting chunks the pipe took; each goes whole or not at all, being shorter than PIPE_BUF."""
        taken = 0
        try:
            for chunk in self._waiting:
                os.write(self._pipe, chunk)
                taken += 1
        except (BlockingIOError, BrokenPipeError):
            pass
        self._waiting = self._waiting[taken:]
        return taken


def main() -> None:
    feeder = Feeder()
    asked = b""
    while True:
        feeder.step()
        if not select.select([sys.stdin], [], [], CHUNK / RATE)[0]:
            continue
        read = os.read(sys.stdin.fileno(), 4096)
        if not read:
            return  # the tests are over
        asked += read
        *lines, asked = asked.split(b"\n")
        for line in lines:
            print(json.dumps(feeder.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
