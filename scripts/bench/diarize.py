"""Compares diarization without enrolment by the coach and by Moonshine's `identify_speakers`.

    scripts/bench/run diarize DATA                    the meetings, some simulated conversations, the call (coach only)
    scripts/bench/run diarize DATA --only coach       without Moonshine, which runs at half real time
    scripts/bench/run diarize DATA --every 1          all simulated conversations; by default every 24th
    scripts/bench/run diarize DATA --json             one JSON object

DER is computed by pyannote.metrics, overlap included, with collars of 0 and 0.25 s. Moonshine's results and run time
are cached. See docs/timing.md. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from coach.conversation import Ipu
from scripts.bench import recordings
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.diarization import COLLARS, Done, errors, people_in, summary
from scripts.bench.results.tables import machine_lines
from scripts.bench.systems.coach import unknown
from scripts.bench.systems.speakers import moonshine
from scripts.bench.workers import workers
from scripts.progress import watched
from scripts.simulate import mixtures
from scripts.simulate.truth import Take

Found = tuple[list[Ipu], float]  # who spoke when, and processor seconds


def coach(take: Take) -> Found:
    return _timed(lambda: unknown(take.file))


def coach_told(take: Take) -> Found:
    """The coach given the number of speakers."""
    return _timed(lambda: unknown(take.file, len(take.truth.people)))


def _timed(find: Callable[[], list[Ipu]]) -> Found:
    began = time.process_time()
    found = find()
    return found, time.process_time() - began


SYSTEMS: dict[str, Callable[[Take], Found]] = {
    "coach": coach,
    "coach, given the count": coach_told,
    "moonshine": moonshine,
}
SLOW, CALL = "moonshine", "call, one microphone"  # left out, because it would take Moonshine seven minutes


def run(job: tuple[Take, str]) -> Done:
    take, system = job
    found, seconds = SYSTEMS[system](take)
    truth = take.truth
    return Done(
        take.name,
        take.kind,
        system,
        tuple(errors(truth.speech, found, truth.scored, collar) for collar in COLLARS),
        len(truth.people),
        people_in(found),
        seconds,
        truth.scored.end / 16_000,
    )


def takes(data: Path, every: int) -> list[Take]:
    conversations = [mixtures.made(data, plan)[0] for plan in mixtures.plans(data)[::every]]
    return [*recordings.meetings(data), *recordings.call(data)[1:], *conversations]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of tables")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    parser.add_argument("--only", choices=("coach", "moonshine"), help="one system")
    parser.add_argument("--every", type=int, default=24, metavar="N", help="every Nth simulated conversation; 24")
    args = parser.parse_args()
    where = machine()
    systems = [name for name in SYSTEMS if args.only is None or name.startswith(args.only)]
    everything = takes(args.data, args.every)
    jobs = [(take, system) for system in systems for take in everything if system != SLOW or take.kind != CALL]
    with workers(args.jobs) as pool:
        done = list(watched(pool.map(run, jobs), len(jobs), "hearing"))
    if args.as_json:
        print(json.dumps({"bench": "diarize", "machine": where, "takes": [asdict(each) for each in done]}))
        return
    print(machine_lines(where))
    for kind in dict.fromkeys(each.kind for each in done):
        print(summary([each for each in done if each.kind == kind], kind))


if __name__ == "__main__":
    main()
