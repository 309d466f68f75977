"""No trace of a conversation leaves the machine or the coach's own folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEARS_AND_READS = """
import numpy as np
from coach.diarization import Ear, Embedding, Segmentation
from coach.asr import choose
ear, engine = Ear(), choose("moonshine")[0]
for _ in range(100):
    ear.hop(np.zeros(320, np.float32))
Segmentation().windows(np.zeros((1, 16000), np.float32))
Embedding().voices(np.ones((1, 16000), np.float32))
engine.transcribe(np.zeros(16000, np.float32))
import faster_whisper
"""


def outside(home: Path, **env: str) -> list[str]:
    """The files that a session leaves in the home folder. CI's variable is removed, because it silences libraries."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "ORT_DISABLE_TELEMETRY"}}
    home.mkdir()
    folders = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    subprocess.run(
        [sys.executable, "-c", HEARS_AND_READS], env={**inherited, **folders, **env}, check=True, timeout=120
    )
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


def test_no_library_writes_its_own_identity_into_the_home_folder(tmp_path: Path) -> None:
    assert outside(tmp_path / "home") == []


def test_usage_reports_of_libraries_cannot_be_switched_on_from_outside(tmp_path: Path) -> None:
    assert outside(tmp_path / "home", ORT_DISABLE_TELEMETRY="0") == []
