"""Feeds audio into the virtual microphone's pipe in real time.

It runs as a separate process, because a thread in the test process can be starved and lose audio. It reads one JSON
object per line on standard input and answers each with one on standard output:

    {"plug": "/path/of/pipe"}                                        {}
    {"unplug": true}                                                 {}
    {"play": "/path.flac", "start_s": 0.0, "end_s": 1.0}             {"begun": 12.3, "seconds": 1.0}
    {"dropped": true}                                                {"dropped": 0}
    {"hear": ["parec", ...], "gain_db": -6.0}                        {}

Between files the feeder plays quiet room noise. Audio fed while the microphone is unplugged is lost, as in a real room.
If the server or the feeder is late, the audio waits; audio that nobody reads for a second is lost and counted as
dropped. `begun` is a time of `time.monotonic`, which all processes of a machine share.

`hear` names a command that writes the speaker's raw output to its standard output; from then on the microphone also
picks up the speaker.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import sys
import time
from typing import Any

import numpy as np
import soundfile as sf

RATE = 16_000  # samples per second
CHUNK = RATE // 100  # samples per step
ROOM_DBFS = -72.0  # room noise between files; exact zeros would mean a muted microphone
PIPE = 16384  # bytes, half a second: bounds the age of the first audio that a server reads
PATIENCE = 100  # consecutive steps in which nothing was read
FLIGHT = RATE // 10  # samples of delay from the speaker's server to the microphone
RINGS = RATE // 5  # samples of reverberation


class Echo:
    """The speaker as the microphone picks it up: delayed by `FLIGHT`, with reverberation."""

    def __init__(self, command: list[str], gain_db: float) -> None:
        child = subprocess.Popen(command, stdout=subprocess.PIPE)  # exits with the speaker's server
        assert child.stdout is not None
        os.set_blocking(child.stdout.fileno(), False)
        self._pipe = child.stdout
        walls = 0.06 * np.random.default_rng(3).standard_normal(RINGS) * np.exp(-np.arange(RINGS) / 500)
        walls[0] = 1.0
        self._walls = walls * 10 ** (gain_db / 20) / np.sqrt((walls**2).sum())
        self._rings = np.zeros(RINGS + CHUNK - 1)
        self._played = b""
        self._begun = False

    def next(self) -> np.ndarray:
        """The next chunk, in units of int16."""
        self._played += self._pipe.read() or b""
        self._begun = self._begun or len(self._played) >= 2 * FLIGHT
        if self._begun:
            played, self._played = self._played[: 2 * CHUNK].ljust(2 * CHUNK, b"\0"), self._played[2 * CHUNK :]
            self._rings += np.convolve(np.frombuffer(played, "<i2").astype(float), self._walls)
        out = self._rings[:CHUNK].copy()
        self._rings = np.concatenate([self._rings[CHUNK:], np.zeros(CHUNK)])
        return out


class Feeder:
    def __init__(self) -> None:
        room = np.random.default_rng(1).normal(0, 32768 * 10 ** (ROOM_DBFS / 20), 10 * RATE)
        self._quiet = np.round(room).astype(np.int16)
        self._queue: np.ndarray = np.zeros(0, np.int16)
        self._zero = time.monotonic()
        self._fed = 0  # samples since `_zero`
        self._pipe = -1
        self._waiting: list[bytes] = []  # chunks that did not fit into the pipe
        self._refused = 0  # consecutive steps
        self._dropped = 0  # samples since `play`
        self._echo: Echo | None = None

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
        elif "hear" in asked:
            self._echo = Echo(asked["hear"], asked["gain_db"])
        return {}

    def _play(self, path: str, start_s: float, end_s: float | None) -> dict[str, Any]:
        samples, rate = sf.read(path, dtype="int16")
        if rate != RATE or samples.ndim != 1:
            return {"error": f"{path} must have one channel at {RATE} Hz"}
        self.step()  # play room noise for the time spent reading the file
        self._queue = samples[round(start_s * RATE) : None if end_s is None else round(end_s * RATE)]
        self._dropped = 0
        return {"begun": self._zero + self._fed / RATE, "seconds": len(self._queue) / RATE}

    def _due(self) -> int:
        """Samples from `_zero` until now, in whole chunks."""
        return int((time.monotonic() - self._zero) * RATE) // CHUNK * CHUNK

    def step(self) -> None:
        """Writes all due samples to the pipe."""
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
        """The file's next chunk, or room noise, plus the echo of the speaker."""
        at = self._fed % (len(self._quiet) - CHUNK)
        chunk = self._quiet[at : at + CHUNK].copy()
        told = self._queue[:CHUNK]
        chunk[: len(told)] = told
        self._queue = self._queue[CHUNK:]
        if self._echo is not None:
            chunk = np.clip(np.round(chunk + self._echo.next()), -32768, 32767).astype(np.int16)
        return chunk.tobytes()

    def _write(self) -> int:
        """The number of waiting chunks that the pipe accepted; writes are atomic, because chunks are below PIPE_BUF."""
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
            return  # the parent process has exited
        asked += read
        *lines, asked = asked.split(b"\n")
        for line in lines:
            print(json.dumps(feeder.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
