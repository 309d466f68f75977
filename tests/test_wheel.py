"""The wheel: built offline, installed away from the checkout, and complete."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile as sf

from coach.core.resources import asset

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 17  # both check-in sentences of the sample


def ran(*command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel was installed offline, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    ran("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT), cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    target = folder / "installed"
    ran("-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=folder)
    return target


def test_every_file_of_the_coach_is_in_the_wheel(installed: Path) -> None:
    shipped = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    files = (path.relative_to(ROOT) for path in (ROOT / "coach").rglob("*") if path.is_file())
    code = [path for path in files if "__pycache__" not in path.parts]
    sounds = [Path("coach") / path.relative_to(ROOT) for path in (ROOT / "audio_assets").rglob("*") if path.is_file()]
    assert set(code) <= shipped
    assert set(sounds) <= shipped
    assert not [path for path in shipped if path.parts[0] in {"tests", "scripts", "audio_assets"}]


def test_an_installed_coach_finds_its_sounds_and_its_words(installed: Path, tmp_path: Path) -> None:
    look = (
        "import coach; from coach.core.resources import asset; from coach.coaching import Catalogue\n"
        "print(coach.__file__); print(asset('sample.flac')); print(asset('tone_soon.wav'))\n"
        "print(len(Catalogue.load().spoken()))"
    )
    *places, wordings = ran("-c", look, cwd=tmp_path, PYTHONPATH=str(installed)).stdout.split()
    assert all(Path(place).is_relative_to(installed) for place in places)
    assert int(wordings) > 0


def test_an_installed_coach_analyses_a_recording(installed: Path, tmp_path: Path) -> None:
    sound, rate = sf.read(asset("sample.flac"), stop=SECONDS * 16_000)
    sf.write(tmp_path / "talk.flac", sound, rate)
    (command,) = (installed / "bin").iterdir()
    done = ran(
        str(command), "analyze", "talk.flac", "--json", "--transcriber", "none", "--people", "Ana,Ben",
        cwd=tmp_path, PYTHONPATH=str(installed),
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["schema"] == "coach.analysis/1"
    assert told["recording"]["duration_s"] == pytest.approx(SECONDS, abs=0.02)
    assert {row["who"] for row in told["speech"]} == {"Ana", "Ben"}
