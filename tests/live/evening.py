"""Plays the whole sample conversation to `coach listen` in real time and records the speaker.

The coach has no network, and is asked to keep neither words nor sound.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from coach.core.resources import asset
from scripts.simulate.live.listening import Listening, coach
from scripts.simulate.live.sample import PEOPLE, ready, truth
from scripts.simulate.live.soundserver import SoundServer
from tests.live.live_run import LiveRun


class Evening(LiveRun):
    """Times are seconds from the sample's start. `kept` are the files that the session left, with what is in them."""

    def __init__(self) -> None:
        super().__init__()
        self.truth = truth()
        self.recording = np.zeros(0)
        self._recorded_from = 0.0
        self.status: int | None = None
        self.review: subprocess.CompletedProcess[str] | None = None
        self.kept: dict[Path, bytes] = {}

    def listen(self, server: SoundServer) -> None:
        recorder = server.record_speaker()
        with Listening(server.env, *PEOPLE, "--cues", "drill", before=("unshare", "--net")) as self.listening:
            ready(self.listening)
            playing = server.play(asset("sample.flac"))
            self.heard_out(server, playing)
            self.recording = recorder.so_far()
            self._recorded_from = recorder.begun - playing.begun
            self.status = self.listening.interrupt()
        recorder.stop()
        files = (path for path in (server.folder / "home" / "data").rglob("*") if path.is_file())
        self.kept = {path: path.read_bytes() for path in files}
        self.review = coach(server.env, "review")

    def recorded(self, stretch: tuple[float, float]) -> tuple[float, float]:
        """Seconds of the recording as seconds of the sample."""
        return stretch[0] + self._recorded_from, stretch[1] + self._recorded_from
