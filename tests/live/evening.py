"""Plays the whole sample conversation to `coach listen` in real time and records the speaker."""

from __future__ import annotations

import subprocess

import numpy as np

from coach.core.resources import asset
from scripts.simulate.live.listening import Listening, coach
from scripts.simulate.live.sample import PEOPLE, ready, truth
from scripts.simulate.live.soundserver import SoundServer
from tests.live.live_run import LiveRun


class Evening(LiveRun):
    """Times are seconds from the sample's start."""

    def __init__(self) -> None:
        super().__init__()
        self.truth = truth()
        self.recording = np.zeros(0)
        self._recorded_from = 0.0
        self.status: int | None = None
        self.review: subprocess.CompletedProcess[str] | None = None

    def listen(self, server: SoundServer) -> None:
        recorder = server.record_speaker()
        with Listening(server.env, *PEOPLE) as self.listening:
            ready(self.listening)
            playing = server.play(asset("sample.flac"))
            self.heard_out(server, playing)
            self.recording = recorder.so_far()
            self._recorded_from = recorder.begun - playing.begun
            self.status = self.listening.interrupt()
        recorder.stop()
        self.review = coach(server.env, "review")

    def recorded(self, stretch: tuple[float, float]) -> tuple[float, float]:
        """Seconds of the recording as seconds of the sample."""
        return stretch[0] + self._recorded_from, stretch[1] + self._recorded_from
