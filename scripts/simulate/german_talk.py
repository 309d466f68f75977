"""Makes a conversation in German with its truth, from `scripts/german_script.toml`, as the sample is made.

    python -m scripts.simulate.german_talk DIR     writes DIR/german.flac and DIR/german.truth.json

Both people speak with Pico's German voice (the package py_nanotts), one of them lower: what is played more slowly is
lower, and the voice speaks as much more quickly. Levels, room and noise are those of the sample.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
import soxr

from coach.cues.tts.child import with_pico
from scripts import make_assets
from scripts.make_assets import FRAME, RATE, Row, audible_frames

SCRIPT = make_assets.SCRIPT.with_name("german_script.toml")
VOICE = "de-DE"
PACE = 150  # words a minute
VOLUME = 0.8  # of the synthesiser's full scale; the level is set afterwards
PEOPLE = ("Ina", "Jan")


def talk() -> tuple[np.ndarray, dict[str, Any]]:
    """The sound (n,) at 16 kHz, and its truth, in seconds from its start."""
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    lines = make_assets.laid_out(script, spoken)
    return make_assets.in_the_room(lines, script), make_assets.truth_of(lines, script)


def spoken(line: Row, person: Row) -> np.ndarray:
    """The line in the person's voice: mono floats at 16 kHz, with an RMS of 1 over its audible frames."""
    pitch = person["pitch"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "line.wav")
        with_pico(line["text"], str(file), round(PACE / pitch), VOLUME, VOICE)
        sound, rate = sf.read(file, dtype="float64")
    samples = soxr.resample(sound, rate * pitch, RATE)
    on = np.repeat(audible_frames(samples), FRAME)
    return np.asarray(samples / np.sqrt((samples[: len(on)][on] ** 2).mean()))


def write(folder: Path) -> Path:
    """Writes the sound and its truth into `folder`, and returns the path of the sound."""
    sound, truth = talk()
    make_assets.written(folder / "german.flac", sound)
    text = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
    (folder / "german.truth.json").write_text(text, encoding="utf-8")
    return folder / "german.flac"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    print(write(parser.parse_args().folder))


if __name__ == "__main__":
    main()
