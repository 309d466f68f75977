"""Compares diarization without enrolment by the coach and by Moonshine's `identify_speakers`.

    scripts/bench/run diarize DATA                    meetings, calls, two dyads of strangers, made conversations
    scripts/bench/run diarize DATA --only coach       without Moonshine, which runs at half real time
    scripts/bench/run diarize DATA --kinds calls      one kind (calls, dyads, meeting, made), or several: a,b
    scripts/bench/run diarize DATA --readers held-back  made conversations of one half of the readers alone
    scripts/bench/run diarize DATA --takes            also one line per recording
    scripts/bench/run diarize DATA --json             one JSON object

DER is computed by pyannote.metrics, overlap included, with collars of 0 and 0.25 s. Of the 48 made conversations the
coach hears all, every fourth also when it is told how many people talk; Moonshine hears two of them and no call.
Moonshine's results and run time are cached. See docs/timing.md. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from coach.conversation import Ipu
from scripts.bench import recordings
from scripts.bench.conversations import ALL, READERS, first_set, whose_voices
from scripts.bench.data import data_folder
from scripts.bench.kinds import CALLS_ONE, MEETING, ONE, ROOMS, UNKNOWN_PEOPLE
from scripts.bench.machine import machine
from scripts.bench.results.diarization import COLLARS, Done, each_take, errors, people_in, summary
from scripts.bench.results.tables import machine_lines
from scripts.bench.systems.coach import unknown
from scripts.bench.systems.speakers import moonshine
from scripts.progress import watched
from scripts.simulate.truth import Take
from scripts.workers import workers

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


COACH, SLOW = "coach", "moonshine"  # Moonshine runs at half real time
SYSTEMS: dict[str, Callable[[Take], Found]] = {
    COACH: coach,
    "coach, given the count": coach_told,
    SLOW: moonshine,
}
FOURTH, ALL_MADE = "made conversations, every fourth", "made conversations, all"
EVERY, FEW = 4, 24
TOLD = {
    MEETING: "DER <= .35. The segmentation network has seen this corpus in its training: judge by the calls",
    UNKNOWN_PEOPLE: "DER <= .20, 2 of 2 counts correct. A quarter of a second is left out on each side of every edge",
    FOURTH: "DER <= .06",
    ALL_MADE: "47 of 48 counts correct",
}  # what to reach, and what to know
KINDS = {
    "meeting": (MEETING,),
    "calls": (CALLS_ONE, ROOMS),
    "dyads": (UNKNOWN_PEOPLE,),
    "made": (FOURTH, ALL_MADE),
}


def run(job: tuple[Take, str]) -> Done:
    take, system = job
    found, seconds = SYSTEMS[system](take)
    truth = take.truth
    return Done(
        take.name,
        take.kind,
        system,
        tuple(errors(truth, found, collar) for collar in COLLARS),
        len(truth.people),
        people_in(found),
        seconds,
        truth.scored.end / 16_000,
    )


def takes(data: Path, kinds: Sequence[str], readers: str, jobs: int) -> list[Take]:
    """The recordings of these kinds, of the calls those on one microphone, with nobody enrolled."""
    wanted: list[Take] = []
    if MEETING in kinds:
        wanted += recordings.meetings(data)
    if CALLS_ONE in kinds:
        both = (*recordings.calls(data), *recordings.calls_in_rooms(data))
        wanted += [replace(take, truth=replace(take.truth, left_out=())) for take in both if not take.channels]
    if UNKNOWN_PEOPLE in kinds:
        wanted += recordings.unknown_people(data)
    if ALL_MADE in kinds:
        wanted += first_set(data, readers, jobs)
    return wanted


def chosen(wanted: Sequence[Take], systems: Sequence[str]) -> list[tuple[Take, str]]:
    """The systems on each take, those that take long or gain little on fewer of them."""
    made = [take for take in wanted if take.kind == ONE]
    steps = {COACH: 1, SLOW: FEW}
    out = []
    for system in systems:
        some = made[:: steps.get(system, EVERY)]
        others = [take for take in wanted if take.kind != ONE and (system != SLOW or take.kind not in KINDS["calls"])]
        out += [(take, system) for take in (*others, *some)]
    return out


def reported(done: Sequence[Done]) -> dict[str, list[Done]]:
    """The results by the kinds in which they are reported; every fourth made conversation counts in both."""
    fourth = {name for i, name in enumerate(dict.fromkeys(d.take for d in done if d.kind == ONE)) if i % EVERY == 0}
    found: dict[str, list[Done]] = {}
    for each in done:
        if each.kind != ONE:
            found.setdefault(each.kind, []).append(each)
        elif each.take in fourth:
            found.setdefault(FOURTH, []).append(each)
    if made := [each for each in done if each.kind == ONE and each.system == COACH]:
        found[ALL_MADE] = made
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of tables")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    parser.add_argument("--only", choices=("coach", "moonshine"), help="one system")
    parser.add_argument(
        "--kinds", default=",".join(KINDS), metavar="WORD,…", help=f"of {', '.join(KINDS)}; default all"
    )
    parser.add_argument("--readers", choices=READERS, default=ALL, help="whose made conversations; default all")
    parser.add_argument("--takes", action="store_true", help="also print one line per recording")
    args = parser.parse_args()
    words = args.kinds.split(",")
    if wrong := [word for word in words if word not in KINDS]:
        parser.error(f"--kinds knows {', '.join(KINDS)}, not {', '.join(wrong)}")
    where = machine()
    systems = [name for name in SYSTEMS if args.only is None or name.startswith(args.only)]
    wanted = takes(args.data, [kind for word in words for kind in KINDS[word]], args.readers, args.jobs)
    jobs = chosen(wanted, systems)
    with workers(args.jobs) as pool:
        done = list(watched(pool.map(run, jobs), len(jobs), "hearing"))
    if args.as_json:
        print(
            json.dumps(
                {
                    "bench": "diarize",
                    "machine": where,
                    "readers": args.readers,
                    "takes": [asdict(each) for each in done],
                }
            )
        )
        return
    print(machine_lines(where))
    if made := [take for take in wanted if take.kind == ONE]:
        print(whose_voices(made, args.readers) + "\n")
    for kind, members in reported(done).items():
        print(summary(members, kind, f". {TOLD[kind]}" if kind in TOLD else ""))
    if args.takes:
        print(each_take(done))


if __name__ == "__main__":
    main()
