"""Measures residual echo: false turns from the coach's own voice, and words lost when people talk over it.

    scripts/bench/run echo DATA                three rooms, three levels, four systems; DATA holds data/ and tools/
    scripts/bench/run echo DATA --many 6       number of readers, each over words, a tone and a line; default 20
    scripts/bench/run echo DATA --rooms kitchen --levels -6   one room and level
    scripts/bench/run echo DATA --astray 20   the echo delay of each cue varies by up to this many ms
    scripts/bench/run echo DATA --no-words     false turns only, without a recogniser
    scripts/bench/run echo DATA --json         one JSON object

The coach's sounds, in this machine's voice, and readers of the development data are mixed in each room at a relative
level and passed through the real pipeline; see `simulate/own_voice.py`. A false turn is speech detected where nobody
spoke. The coach's words yield to a speaker; tones and lines play to the end.

Words are counted in two ways, each relative to the same session without the coach. `words`, `tone` and `line` give the
share of a reader's words that is recognised identically. Any change to the input changes some words, so the first rows
give the baseline: a second session without the coach that differs only in its noise. `right` and `known` give the share
of correct words among those spoken over the coach's words, in percent of those correct without it. `right` covers all
words, with the recogniser's output on the dry recording as the reference for readers; `known` covers sentences with a
known text. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from coach.audio.source import Samples
from coach.core.span import MILLISECOND, RATE
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.echo import COLUMNS, Outcome, outcomes, result, row
from scripts.bench.results.tables import machine_lines, table
from scripts.bench.systems.echo import SYSTEMS, Nothing
from scripts.progress import watched
from scripts.simulate.own_voice import LEVELS_DB, Evening, cues, tables
from scripts.simulate.people import readers, speakers
from scripts.simulate.rooms import ROOMS, impulse, loud
from scripts.workers import workers

LONGEST_ASTRAY_MS = 80  # less than the echo's delay, so that no echo precedes its cue
AGAIN = "no coach, again"


@dataclass(frozen=True)
class Job:
    data: Path
    cache: Path
    room: str
    level_db: float | None  # None: without the coach
    system: str
    many: int
    words: bool
    seed: int = 1
    astray_ms: int = 0


def run(job: Job) -> list[Outcome]:
    from coach.asr import MoonshineTranscriber

    system = Nothing if job.level_db is None else SYSTEMS[job.system]
    people = [*readers(job.data, job.many), *speakers()]
    engine = MoonshineTranscriber() if job.words else None
    silence = np.zeros(RATE // 2, np.float32)

    def reads(sound: Samples) -> str:
        return engine.transcribe(np.concatenate([silence, loud(sound), silence])) if engine else ""

    try:
        found: list[Outcome] = []
        for two, some in tables(cues(job.cache), people, reads):
            response, astray = impulse(job.data, job.room), job.astray_ms * MILLISECOND
            evening = Evening(some, response, job.level_db, two, job.seed, astray)
            found += outcomes(some, evening.run(system(), engine))
        return found
    finally:
        if engine is not None:
            engine.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the development data's folder")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of a table")
    parser.add_argument("--many", type=int, default=20, help="number of readers, even")
    parser.add_argument("--only", choices=SYSTEMS, help="one system")
    parser.add_argument("--rooms", choices=ROOMS, nargs="+", default=list(ROOMS), help="all three by default")
    parser.add_argument(
        "--levels",
        type=float,
        nargs="+",
        default=list(LEVELS_DB),
        help="dB relative to the talk",
    )
    parser.add_argument("--astray", type=int, default=0, help="largest variation of a cue's delay, in ms; default 0")
    parser.add_argument("--no-words", action="store_false", dest="words", help="without a recogniser")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    args = parser.parse_args()
    if args.many % 2 or len(readers(args.data, args.many)) < args.many:
        parser.error("--many: an even number, and no more than there are readers")
    if not 0 <= args.astray <= LONGEST_ASTRAY_MS:
        parser.error(f"--astray: 0 to {LONGEST_ASTRAY_MS}")
    where = machine()
    with tempfile.TemporaryDirectory() as folder, workers(args.jobs) as pool:
        cues(Path(folder))  # render once for all processes
        plain = Job(args.data, Path(folder), "", None, "no canceller", args.many, args.words, astray_ms=args.astray)
        without = [Job(**(vars(plain) | {"room": room})) for room in args.rooms]
        again = [Job(**(vars(job) | {"system": AGAIN, "seed": 2})) for job in without]
        systems = [args.only] if args.only else list(SYSTEMS)
        jobs = again + [
            Job(**(vars(plain) | {"room": room, "level_db": level, "system": system}))
            for system in systems
            for room in args.rooms
            for level in args.levels
        ]
        done = list(watched(pool.map(run, [*without, *jobs]), len(without) + len(jobs), "evenings"))
    silent = dict(zip(args.rooms, done, strict=False))
    results = [
        result(job.system, job.room, job.level_db, each, silent[job.room])
        for job, each in zip(jobs, done[len(without) :], strict=True)
    ]
    if args.as_json:
        print(json.dumps({"bench": "echo", "machine": where, "results": [asdict(each) for each in results]}))
        return
    print(machine_lines(where))
    title = "The coach's own voice (reach: no false turn; 90% of the words, of those recognised without it)"
    print(table(title, COLUMNS, [row(each) for each in results]))


if __name__ == "__main__":
    main()
