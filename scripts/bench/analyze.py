"""Measures the speed and memory of `coach analyze`, run as a user runs it.

    scripts/bench/run analyze              the sample, with and without words and in each speaker set-up;
                                       then the sample repeated for two hours, with and without words
    scripts/bench/run analyze FILE…        these files instead, with and without words, speakers unknown
    scripts/bench/run analyze --json       one JSON object

Each figure covers a whole process, including Python's start and loading the models, which matter more the shorter the
recording. "x real time" is the recording's duration divided by wall time; processor time is user plus system time of
the process and its children; memory is peak RSS. The figures are medians over the runs, beside their targets; nothing
is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import soundfile as sf

from coach.core.resources import asset
from scripts.bench.machine import machine
from scripts.bench.results.analyze import Run, rows
from scripts.bench.results.tables import tell

COACH = Path(sys.executable).with_name("coach")
ENGINES = {"none": "no words", "moonshine": "moonshine"}
MAXRSS_A_MB = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is in bytes there, in KB on Linux
BLOCK_S = 10  # write the long recording in blocks, because children inherit this process's peak memory


@dataclass(frozen=True)
class Case:
    """A recording and the options of the command."""

    name: str
    file: Path
    options: tuple[str, ...]


def run(case: Case) -> Run:
    """Runs one `coach analyze` to completion."""
    command = [str(COACH), "analyze", str(case.file), "--json", *case.options]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            raise SystemExit(f"{case.name} could not be analysed: {errors.read().decode(errors='replace').strip()}")
        sound = float(json.load(out)["recording"]["duration_s"])
    return Run(sound, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / MAXRSS_A_MB)


def sample_cases(folder: Path) -> list[Case]:
    """The sample in every speaker set-up, with and without words."""
    sample = asset("sample.flac")
    enrolment = json.loads(asset("sample.truth.json").read_text(encoding="utf-8"))["enrolment"]
    people = ("--people", ",".join(enrolment))
    spans = [("--enrol", f"{who}={start:g}-{end:g}") for who, (start, end) in enrolment.items()]
    ways: list[tuple[str, Path, tuple[str, ...]]] = [
        ("one channel, unknown voices", sample, people),
        ("one channel, enrolled", sample, sum(spans, ())),
    ]
    if two := two_channels(folder):
        numbered = ",".join(f"{who}={n}" for n, who in enumerate(enrolment, 1))
        ways.append(("two channels", two, ("--channels", numbered)))
    return [
        Case(f"{way}, {words}", file, (*options, "--transcriber", engine))
        for engine, words in ENGINES.items()
        for way, file, options in ways
    ]


def file_cases(files: list[Path]) -> list[Case]:
    return [
        Case(f"{file.name}, {words}", file, ("--transcriber", engine))
        for file in files
        for engine, words in ENGINES.items()
    ]


def long_cases(folder: Path, minutes: float) -> list[Case]:
    """The sample repeated, with unknown speakers."""
    path = folder / "long.wav"
    rate = sf.info(asset("sample.flac")).samplerate
    left = round(60 * minutes * rate)
    with sf.SoundFile(path, "w", samplerate=rate, channels=1, subtype="PCM_16") as out:
        while left > 0:
            for block in sf.blocks(asset("sample.flac"), blocksize=BLOCK_S * rate, dtype="int16"):
                out.write(block[:left])
                left -= len(block[:left])
    return [
        Case(f"{minutes:g} minutes, unknown voices, {words}", path, ("--transcriber", engine))
        for engine, words in ENGINES.items()
    ]


def two_channels(folder: Path) -> Path | None:
    """The sample rendered with one microphone per person; prints a line and returns None if its voices are missing."""
    command = [sys.executable, "-m", "scripts.make_assets", "--to", str(folder), "--stems", str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return folder / "two_channels.wav"
    reason = next(reversed(made.stderr.strip().splitlines()), "")
    print(f"two channels are left out, because scripts/make_assets.py failed: {reason}", file=sys.stderr)
    return None


def measured(case: Case, times: int) -> list[Run]:
    """The individual runs of a case."""
    runs = []
    for n in range(times):
        print(f"{case.name}: {n + 1} of {times}", file=sys.stderr)
        runs.append(run(case))
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="recordings; the sample by default")
    parser.add_argument("--runs", type=int, default=3, help="number of runs to take the median of; default 3")
    parser.add_argument(
        "--long", type=float, default=120.0, metavar="MIN", help="minutes of the long recording; 0: none"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = [(case, max(1, chosen.runs)) for case in file_cases(chosen.files) or sample_cases(folder)]
        if chosen.long > 0 and not chosen.files:
            cases += [(case, 1) for case in long_cases(folder, chosen.long)]
        results = [(case.name, measured(case, times)) for case, times in cases]
    single = [{"case": name, "runs": [asdict(each) for each in runs]} for name, runs in results]
    more = {"single_runs": single} if chosen.json else {}
    tell("analyze", where, [row for name, runs in results for row in rows(name, runs)], more, as_json=chosen.json)


if __name__ == "__main__":
    main()
