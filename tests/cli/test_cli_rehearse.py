"""`coach rehearse` and `coach listen --take-turns` as a person types them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.cli.main import main
from coach.coaching import Catalogue
from coach.sessions import Store
from coach.sessions.store import FILE
from coach.settings import data_folder
from coach.span import RATE

OPENINGS = Catalogue.load()["opening"].wordings


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's real folders."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def quiet(tmp_path: Path) -> list[str]:
    """Half a second in which nobody speaks, and no recogniser."""
    path = tmp_path / "quiet.wav"
    sf.write(path, np.zeros(RATE // 2, np.float32), RATE)
    return ["--input", str(path), "--transcriber", "none", "--plain"]


def test_a_rehearsal_ends_with_what_it_held_and_is_kept_as_yours(quiet, capsys):
    assert main(["rehearse", *quiet]) == 0
    out, err = capsys.readouterr()
    assert OPENINGS[0] in out
    assert "longest pause" in out
    assert "not known" in out  # what was told: words were not read
    assert "kept as session 1" in err
    with Store(data_folder() / FILE) as store:
        assert [session.people for session in store.sessions()] == [("You",)]


def test_the_openings_come_round_and_ones_own_takes_their_place(quiet, capsys):
    main(["rehearse", *quiet])
    main(["rehearse", *quiet])
    assert OPENINGS[1] in capsys.readouterr().out
    main(["rehearse", "--prompt", "What do I want to tell my sister?", *quiet])
    out = capsys.readouterr().out
    assert "What do I want to tell my sister?" in out
    assert not any(opening in out for opening in OPENINGS)


def test_after_turns_by_the_clock_each_gets_a_question(quiet, capsys):
    assert main(["listen", "--take-turns", "10", "--people", "Ana,Ben", *quiet]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-2:]
    assert [line.partition(",")[0] for line in last] == ["Ana", "Ben"]


def test_turns_by_the_clock_are_for_two(quiet, capsys):
    assert main(["listen", "--take-turns", "10", "--people", "Ana,Ben,Cy", *quiet]) == 2
    assert "is for two" in capsys.readouterr().err
