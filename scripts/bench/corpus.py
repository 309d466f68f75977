"""Measures `coach analyze FOLDER`: throughput by jobs, and whether memory stays flat over many recordings.

    scripts/bench/run corpus                             1,000 recordings of a minute, with one job and with two
    scripts/bench/run corpus --recordings 40 --jobs 1 2 4
    scripts/bench/run corpus --segments                  the same number of .rttm files: everything but hearing

The recordings are pieces of the sample, each with a noise of its own, so that none has the content of another. Memory
is the resident memory of the command and its processes, once a second: its mean in the second tenth of the run and in
the last tenth. Processor time is that of all processes. A second run over the same folder shows what it costs to find
everything done.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.core.resources import asset
from scripts.bench.analyze import COACH
from scripts.bench.machine import machine
from scripts.bench.processes import resident_mb
from scripts.bench.results.tables import Row, tell
from scripts.progress import watched

SECONDS = 60
STEP_S = 7.3  # between the beginnings of two pieces of the sample
NOISE = 10 ** (-66 / 20)  # of full scale: far below that of the sample's room


@dataclass(frozen=True)
class Run:
    """One command: seconds of wall time and of processor time, and its resident memory in MB, once a second."""

    wall_s: float
    processor_s: float
    memory_mb: tuple[float, ...]

    def memory(self, tenth: int) -> float | None:
        """The mean in one tenth of the run, from 0; None if the run was too short."""
        part = self.memory_mb[tenth * len(self.memory_mb) // 10 : (tenth + 1) * len(self.memory_mb) // 10]
        return float(np.mean(part)) if part else None


def recordings(folder: Path, count: int) -> None:
    """`count` different minutes of talk as .wav files, a hundred in a folder."""
    sample, rate = sf.read(asset("sample.flac"), dtype="float32")
    last = len(sample) / rate - SECONDS
    for n in watched(range(count), count, "making recordings"):
        start = round((n * STEP_S) % last * rate)
        piece = sample[start : start + SECONDS * rate]
        noise = np.random.default_rng(n).normal(scale=NOISE, size=len(piece))
        sf.write(_place(folder, n, "wav"), piece + noise, rate, subtype="PCM_16")


def segments(folder: Path, count: int) -> None:
    """`count` different minutes of two people as .rttm files."""
    for n in range(count):
        random = np.random.default_rng(n)
        lines, now = [], 0.5
        while now < SECONDS - 5:
            length = float(random.uniform(0.5, 4.5))
            who = "Ana" if random.random() < 0.5 else "Ben"
            lines.append(f"SPEAKER talk 1 {now:.2f} {length:.2f} <NA> <NA> {who} <NA> <NA>\n")
            now += length + float(random.uniform(-0.3, 2.0))
        _place(folder, n, "rttm").write_text("".join(lines), encoding="utf-8")


def _place(folder: Path, n: int, suffix: str) -> Path:
    inside = folder / f"{n // 100:03}"
    inside.mkdir(parents=True, exist_ok=True)
    return inside / f"{n:05}.{suffix}"


def run(folder: Path, out: Path, jobs: int) -> Run:
    """Runs one `coach analyze` over `folder`. Raises SystemExit if it fails."""
    command = [str(COACH), "analyze", str(folder), "--out", str(out), "--jobs", str(jobs), "--transcriber", "none"]
    people = ["--people", "2"] if any(folder.rglob("*.wav")) else []
    memory: list[float] = []
    with tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        child = subprocess.Popen([*command, *people], stdin=subprocess.DEVNULL, stderr=errors)
        while True:
            done, status, used = os.wait4(child.pid, os.WNOHANG)
            if done:
                break
            time.sleep(1)
            memory.append(resident_mb(child.pid))
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
    print(said[-1] if said else "", file=sys.stderr)
    if child.returncode:
        raise SystemExit("the analysis failed")
    return Run(wall, used.ru_utime + used.ru_stime, tuple(memory))


def rows(count: int, jobs: int, first: Run, again: Run) -> list[Row]:
    sound = count * SECONDS
    return [
        Row(f"{jobs} jobs" if jobs > 1 else "1 job", sound / first.wall_s, "x real time", "", f"{first.wall_s:.0f} s"),
        Row("", 60 * count / first.wall_s, "recordings a minute"),
        Row("", first.processor_s / count, "s of processor for each", "", "does not depend on what else runs"),
        Row("", first.memory(1), "MB in the second tenth"),
        Row("", first.memory(9), "MB in the last tenth", "no more"),
        Row("", again.wall_s, "s to find everything done"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--recordings", type=int, default=1000, metavar="N", help="how many; default 1,000")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], metavar="N", help="default: 1 and 2")
    parser.add_argument("--segments", action="store_true", help=".rttm files in place of sound")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        (segments if chosen.segments else recordings)(folder, chosen.recordings)
        for jobs in chosen.jobs:
            out = Path(name) / f"out-{jobs}"
            found += rows(chosen.recordings, jobs, run(folder, out, jobs), run(folder, out, jobs))
    tell("corpus", where, found, {}, as_json=chosen.json)


if __name__ == "__main__":
    main()
