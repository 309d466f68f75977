"""Measures the timing errors of the coach and of common speech detectors.

    scripts/bench/run timing DATA                     everything; DATA holds data/ and tools/
    scripts/bench/run timing DATA --only coach        one system (coach, silero, webrtc, praat, moonshine,
                                                      segmentation), or
    scripts/bench/run timing DATA --only one          takes of one kind (one, channels: made conversations; calls, room,
                                                      dyads, meeting: real people); or several: a,b
    scripts/bench/run timing DATA --readers held-back  made conversations of readers that nothing was chosen on, or
    scripts/bench/run timing DATA --readers tuning     of those to choose on
    scripts/bench/run timing DATA --every 4           every fourth made conversation
    scripts/bench/run timing DATA --takes             also one line per take
    scripts/bench/run timing DATA --json              one JSON object

DATA/tools/mix_conversation.py makes the conversations; they and the other systems' results are cached in the system's
temporary folder. docs/timing.md explains each figure. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.bench import recordings
from scripts.bench.conversations import ALL, READERS, conversations, whose_voices
from scripts.bench.data import data_folder
from scripts.bench.kinds import MADE, WORDS
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
    each_real,
    groups_of,
    in_json,
    too_soon_table,
)
from scripts.bench.systems.baselines import PARTS, parts_heard
from scripts.bench.systems.coach import enrolled, unknown
from scripts.progress import watched
from scripts.simulate.truth import Take
from scripts.workers import workers

SYSTEMS = (COACH, *PARTS)
KNOWN = (*SYSTEMS, *WORDS)


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


def takes(data: Path, kinds: Sequence[str], readers: str, every: int, jobs: int) -> list[Take]:
    """The takes of these kinds; conversations are made only if they are wanted."""
    made = conversations(data, readers, every, jobs) if set(kinds) & set(MADE) else []
    real = (recordings.calls, recordings.calls_in_rooms, recordings.dyads, recordings.meetings)
    everything = [*made, *(take for each in real for take in each(data))]
    return [take for kind in kinds for take in everything if take.kind == kind]


def chosen(wanted: Sequence[Take], only: Sequence[str]) -> list[Job]:
    """The systems named by `only`, or all, on each take; the coach alone on those for "too soon"."""
    systems = [name for name in SYSTEMS if name in only] or list(SYSTEMS)
    return [Job(take, each) for each in systems for take in wanted if each == COACH or not take.only_too_soon]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of tables")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    parser.add_argument("--only", default="", metavar="WORD,…", help=f"of {', '.join(KNOWN)}")
    parser.add_argument("--readers", choices=READERS, default=ALL, help="whose made conversations; default all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth made conversation")
    parser.add_argument("--takes", action="store_true", help="also print one line per take")
    args = parser.parse_args()
    only = [word for word in args.only.split(",") if word]
    if wrong := [word for word in only if word not in KNOWN]:
        parser.error(f"--only knows {', '.join(KNOWN)}, not {', '.join(wrong)}")
    where = machine()
    kinds = [kind for word in WORDS if word in only for kind in WORDS[word]] or [k for ks in WORDS.values() for k in ks]
    wanted = takes(args.data, kinds, args.readers, args.every, args.jobs)
    done = measured(chosen(wanted, only), args.jobs)
    if args.as_json:
        print(json.dumps({"bench": "timing", "machine": where, "readers": args.readers, **in_json(done)}))
        return
    print(machine_lines(where))
    if made := [take for take in wanted if take.kind in MADE]:
        print(whose_voices(made, args.readers) + "\n")
    for kind, members in groups_of(done).items():
        print(by_system(members, kind))
        if coach := [each for each in members if each.job.system == COACH]:
            print(by_condition(coach, kind))
    print(each_real(done))
    print(too_soon_table(done))
    if args.takes:
        print(by_take(done))


def measured(jobs: list[Job], at_once: int) -> list[Done]:
    with workers(at_once) as pool:
        return list(watched(pool.map(run, jobs), len(jobs), "hearing"))


if __name__ == "__main__":
    main()
