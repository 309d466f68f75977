"""Compares a file for each person with the channels of one recording: starts, drift and floor transfers.

scripts/bench/run tracks            the sample's two microphones; the second begins 3.7 s later, on a clock that
                                    is 80 ppm faster, at another sample rate; and a stranger's recording
scripts/bench/run tracks --json     one JSON object
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
import soxr

from scripts.bench.analyze import COACH, two_channels
from scripts.bench.machine import machine
from scripts.bench.results.tables import Row, tell

STARTS_S, DRIFT, RATE = 3.7, 80e-6, 44_100
NEAR_S = 0.02  # s; how far a transfer may be from that of the channels


def analysis(*arguments: str) -> dict[str, Any]:
    command = [str(COACH), "analyze", *arguments, "--json", "--transcriber", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def refusal(*arguments: str) -> str:
    done = subprocess.run([str(COACH), "analyze", *arguments], capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def as_tracks(both: Path, folder: Path) -> tuple[Path, Path]:
    """The two channels of `both` as files, the second late and on a fast clock."""
    sound, rate = sf.read(both)
    late = sound[round(STARTS_S * rate) :, 1]
    fast = soxr.resample(soxr.resample(late, rate, rate * (1 + DRIFT), quality="VHQ"), rate, RATE)
    ana, ben = folder / "ana.flac", folder / "ben.flac"
    sf.write(ana, sound[:, 0], rate)
    sf.write(ben, np.clip(fast, -1, 1), RATE)
    return ana, ben


def rows(channels: dict[str, Any], tracks: dict[str, Any], refused: str) -> list[Row]:
    _, second = tracks["recording"]["tracks"]
    one, other = channels["transfers"], tracks["transfers"]
    same = [(each["from"], each["to"]) for each in one] == [(each["from"], each["to"]) for each in other]
    off = [
        max(abs(a[name] - b[name]) for name in ("at_s", "fto_s") if None not in (a[name], b[name]))
        for a, b in zip(one, other, strict=same)
    ]
    return [
        Row("second track begins", second["starts_s"], "s", f"{STARTS_S}"),
        Row("its clock is faster by", second["drift_ppm"], "ppm", f"{DRIFT * 1e6:.0f}"),
        Row("transfers", len(other), "", f"{len(one)}", "the same people" if same else "other people"),
        Row("farthest from those of the channels", max(off, default=None), "s", f"<= {NEAR_S}"),
        Row("a stranger's recording", float(bool(refused)), "refused", "1", refused),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        both = two_channels(folder)
        if both is None:
            raise SystemExit("the sample's voices are missing")
        ana, ben = as_tracks(both, folder)
        stranger = folder / "stranger.flac"
        sound, rate = sf.read(ana)
        sf.write(stranger, sound[::-1], rate)  # sounds like talk, and nothing of it is the other's
        two = ("--track", f"Ana={ana}", "--track", f"Ben={ben}")
        channels = analysis(str(both), "--channels", "Ana=1,Ben=2")
        found = rows(channels, analysis(*two), refusal(*two, "--track", f"Cleo={stranger}"))
    tell("tracks", where, found, {}, as_json=chosen.json)


if __name__ == "__main__":
    main()
