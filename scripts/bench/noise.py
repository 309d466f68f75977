"""Measures false turns per hour by kind of noise.

    scripts/bench/run noise DATA               the noise folder, and synthetic typing, dishes, music and television
    scripts/bench/run noise DATA --json        one JSON object

Each kind is one recording: the check-in of two people, so that the coach knows their voices, then only noise. A false
turn is a stretch of noise detected as speech, with silences under a second closed. Turns with more than 1.2 s of
speech, too long for a backchannel, are also counted separately, because only they can trigger a tone. For the coach,
turns attributed to a known person and to an unknown voice are separate. "Coach on webrtc" is the coach with WebRTC's
voice activity detector instead of Silero's and of the networks that tell voices apart; all its turns count. Silero
alone and WebRTC alone know no voices. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from coach.core.events import UNKNOWN
from coach.core.span import RATE
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.noise import ALONE, ANYBODY, NAMED, SIMPLER, SYSTEMS, Count, rows
from scripts.bench.results.scores import false_turns, within
from scripts.bench.results.tables import machine_lines, table
from scripts.bench.systems.baselines import parts_heard
from scripts.bench.systems.coach import analysis, enrolled, speech
from scripts.progress import watched
from scripts.simulate.noises import files, recordings
from scripts.simulate.truth import Take
from scripts.workers import workers


def run(take: Take) -> list[Count]:
    mine = within(enrolled(take), take.truth.scored)
    heard = {NAMED: [unit for unit in mine if unit.who != UNKNOWN], ANYBODY: mine}
    simpler = speech(analysis(take.file, ["--voice-activity", "webrtc", "--people", "anybody"]))
    heard[SIMPLER] = within(simpler, take.truth.scored)
    for part in ALONE:
        heard[part] = within(parts_heard(part, take), take.truth.scored)
    hours = take.truth.scored.duration / RATE / 3600
    return [
        Count(take.name, system, *false_turns(unit.span for unit in units), hours) for system, units in heard.items()
    ]


def alone(file: Path) -> int:
    """The number of turns that `coach analyze` finds in a bare noise file without options."""
    return len(analysis(file, [])["turns"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of a table")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    args = parser.parse_args()
    where = machine()
    with workers(args.jobs) as pool:
        kinds, noise_files = list(recordings(args.data)), files(args.data)
        counts = [count for each in watched(pool.map(run, kinds), len(kinds), "kinds") for count in each]
        turns = watched(pool.map(alone, noise_files, chunksize=8), len(noise_files), "single files")
        found = dict(zip(map(str, noise_files), turns, strict=True))
    if args.as_json:
        told = {name: turns for name, turns in found.items() if turns}
        print(json.dumps({"bench": "noise", "machine": where, "counts": [asdict(c) for c in counts], "alone": told}))
        return
    print(machine_lines(where))
    print(table("False turns an hour (of more than 1.2 s); target: 1", ["kind", "minutes", *SYSTEMS], rows(counts)))
    print(f"files in which `coach analyze` alone finds a turn: {sum(map(bool, found.values()))} of {len(found)}")


if __name__ == "__main__":
    main()
