"""Measures the timing errors of the coach and of common speech detectors.

    scripts/bench/run timing DATA                     everything; DATA holds data/ and tools/
    scripts/bench/run timing DATA --only coach        one system (coach, silero, webrtc, praat, moonshine), or
    scripts/bench/run timing DATA --only one          takes of one kind (one, channels, call, meeting); or several: a,b
    scripts/bench/run timing DATA --every 4           every fourth simulated conversation
    scripts/bench/run timing DATA --takes             also one line per take
    scripts/bench/run timing DATA --json              one JSON object

DATA/tools/mix_conversation.py makes the conversations; they and the other systems' results are cached in the system's
temporary folder. docs/timing.md explains each figure. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path

from scripts.bench import recordings
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.mapping import renamed
from scripts.bench.results.scores import score
from scripts.bench.results.tables import machine_lines
from scripts.bench.results.timing import (
    COACH,
    Done,
    Job,
    by_condition,
    by_system,
    by_take,
    groups_of,
    in_json,
)
from scripts.bench.systems.baselines import PARTS, parts_heard
from scripts.bench.systems.coach import enrolled, unknown
from scripts.bench.workers import workers
from scripts.progress import watched
from scripts.simulate import mixtures
from scripts.simulate.truth import Take

SYSTEMS = (COACH, *PARTS)
KINDS = {
    "one": "one microphone",
    "channels": "channels",
    "call": "call",
    "meeting": "meeting",
}


def run(job: Job) -> Done:
    began = time.monotonic()
    take = job.take
    if job.system != COACH:
        units = parts_heard(job.system, take)
    elif take.enrolment or take.channels:
        units = enrolled(take)
    else:
        units = renamed(unknown(take.file), take.truth.speech)
    return Done(job, score(take.truth, units), time.monotonic() - began)


def takes(data: Path, every: int, jobs: int) -> list[Take]:
    plans = mixtures.plans(data)[::every]
    with workers(jobs) as pool:
        pairs = watched(pool.map(mixtures.made, [data] * len(plans), plans), len(plans), "making conversations")
        conversations = [take for pair in pairs for take in pair]
    return [*conversations, *recordings.call(data), *recordings.meetings(data)]


def chosen(all_takes: Iterable[Take], only: list[str]) -> list[Job]:
    systems = [name for name in SYSTEMS if name in only] or list(SYSTEMS)
    kinds = [KINDS[word] for word in only if word in KINDS] or list(KINDS.values())
    wanted = [take for take in all_takes if any(take.kind.startswith(kind) for kind in kinds)]
    return [Job(take, system) for system in systems for take in wanted]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of tables")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    parser.add_argument("--only", default="", metavar="WORD,…", help=f"of {', '.join([*SYSTEMS, *KINDS])}")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth simulated conversation")
    parser.add_argument("--takes", action="store_true", help="also print one line per take")
    args = parser.parse_args()
    only = [word for word in args.only.split(",") if word]
    if wrong := [word for word in only if word not in (*SYSTEMS, *KINDS)]:
        parser.error(f"--only knows {', '.join([*SYSTEMS, *KINDS])}, not {', '.join(wrong)}")
    where = machine()
    jobs = chosen(takes(args.data, args.every, args.jobs), only)
    done = measured(jobs, args.jobs)
    if args.as_json:
        print(json.dumps({"bench": "timing", "machine": where, **in_json(done)}))
        return
    print(machine_lines(where))
    for kind, members in groups_of(done).items():
        print(by_system(members, kind))
        if coach := [each for each in members if each.job.system == COACH]:
            print(by_condition(coach, kind))
    if args.takes:
        print(by_take(done))


def measured(jobs: list[Job], at_once: int) -> list[Done]:
    with workers(at_once) as pool:
        return list(watched(pool.map(run, jobs), len(jobs), "hearing"))


if __name__ == "__main__":
    main()
