"""The whole sample conversation, in real time, in front of `coach listen`, with the speaker recorded."""

from __future__ import annotations

import json
import subprocess
import threading
from typing import Any

import numpy as np
from listening import Listening, coach
from soundserver import Playing, SoundServer

from coach.assets import asset

PEOPLE = ("--people", "Ana,Ben")


def truth() -> dict[str, Any]:
    """What is known of the sample; seconds from its start."""
    whole: dict[str, Any] = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))
    return whole


def ready(listening: Listening) -> None:
    """Wait until the coach hears the room, has said aloud what it is, and asks for the first sentence."""
    listening.wait_for_line(
        "that a microphone is open", lambda line: line.kind == "device" and "opened" in line.details, seconds=30
    )
    listening.wait_for_prompt("Ana, please", seconds=60)


class Evening:
    """Runs in a thread of its own; `wait` for it, then look. Times are seconds from the sample's start."""

    def __init__(self) -> None:
        self.truth = truth()
        self.recording = np.zeros(0)
        self._recorded_from = 0.0
        self.listening: Listening | None = None
        self.status: int | None = None
        self.dropped = 0
        self.review: subprocess.CompletedProcess[str] | None = None
        self._failure: BaseException | None = None
        self._given_up = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Evening:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._given_up = True
        if self.listening is not None and self.listening.child.poll() is None:
            self.listening.child.kill()
        self._thread.join(timeout=10)

    def wait(self) -> None:
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            with SoundServer() as server:
                self._listen(server)
        except BaseException as failure:  # told by `wait`, in the test's own thread
            self._failure = failure

    def _listen(self, server: SoundServer) -> None:
        recorder = server.record_speaker()
        with Listening(server.env, *PEOPLE) as self.listening:
            ready(self.listening)
            playing = server.play(asset("sample.flac"))
            self._wait_for_end(playing)
            self.dropped = server.dropped
            self.recording = recorder.so_far()
            self._recorded_from = recorder.begun - playing.begun
            self.status = self.listening.interrupt()
        recorder.stop()
        self.review = coach(server.env, "review")

    def _wait_for_end(self, playing: Playing) -> None:
        while not self._given_up and playing.left() > 0:
            threading.Event().wait(0.2)

    def recorded(self, stretch: tuple[float, float]) -> tuple[float, float]:
        """Seconds of the recording as seconds of the sample."""
        return stretch[0] + self._recorded_from, stretch[1] + self._recorded_from
