"""`coach practice` as a user types it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.audio.source import Clock
from coach.cli import practice
from coach.cli.main import main
from coach.coaching import Catalogue
from coach.core.settings import data_folder
from coach.core.span import RATE
from coach.runtime.guided_practice import practise


class AtOnce(Clock):
    def now(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Does nothing, so that no time passes."""


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders, an own recording in place of the voice, and a clock on which sleeping takes no time."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(practice, "practise", partial(practise, clock=AtOnce()))
    (data_folder() / "cues").mkdir()
    sf.write(data_folder() / "cues" / "practice.wav", 0.1 * np.ones(RATE, np.float32), RATE)


def test_practice_speaks_its_sentences_and_then_ends(capsys):
    assert main(["practice"]) == 0
    out = capsys.readouterr().out
    said = [" ".join(paragraph.split()) for paragraph in out.strip().split("\n\n")]
    assert tuple(said) == Catalogue.load()["practice"].wordings
    assert max(map(len, out.splitlines())) <= 60


def test_in_plain_output_each_sentence_has_its_time(capsys):
    assert main(["practice", "--plain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(Catalogue.load()["practice"].wordings)
    assert lines[0].startswith("00:00.000  ")
    assert lines == sorted(lines)
