"""`coach listen` on a real terminal: it draws the screen and restores the terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile


@pytest.fixture
def three_seconds(tmp_path: Path) -> Path:
    path = tmp_path / "three.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.001, 48_000), 16_000)
    return path


def on_a_terminal(*words: str, env: dict[str, str]) -> tuple[str, int]:
    """The bytes sent to a terminal of 80 by 24, and the exit status."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "coach", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True
    )
    os.close(theirs)
    sent = b""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        try:
            piece = os.read(ours, 65_536) if ready else b""
        except OSError:
            piece = b""
        sent += piece
        if child.poll() is not None and not piece:
            break
    status = child.wait(timeout=10)
    os.close(ours)
    return sent.decode(errors="replace"), status


def test_the_screen_is_drawn_and_the_review_follows_when_the_sound_ends(three_seconds: Path, tmp_path: Path) -> None:
    env = os.environ | {"XDG_DATA_HOME": str(tmp_path), "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    sent, status = on_a_terminal("listen", "--input", str(three_seconds), "--transcriber", "none", env=env)
    assert status == 0, sent[-2000:]
    drawn, _, after = sent.rpartition("\x1b[?1049l")  # leaves the alternate screen
    assert "beginning" in drawn
    assert "end" in drawn
    assert "No turns were heard" in after
