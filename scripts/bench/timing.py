"""Who speaks, and exactly when: how far the coach is from the truth, beside what people use today.

    scripts/bench/run timing DATA                     everything; DATA holds data/ and tools/
    scripts/bench/run timing DATA --only coach        one system (coach, silero, webrtc, praat, moonshine), or
    scripts/bench/run timing DATA --only one          takes of one kind (one, channels, call, meeting); or several
    scripts/bench/run timing DATA --every 4           each fourth made conversation
    scripts/bench/run timing DATA --takes             a line for each take as well
    scripts/bench/run timing DATA --json              one JSON object

The conversations are made by DATA/tools/mix_conversation.py and kept in the system's folder for temporary files, as is
what the other systems heard. docs/timing.md says what each figure means. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.bench import recordings
from scripts.bench.data import data_folder
from scripts.bench.machine import machine, told_of
from scripts.bench.results.figures import FIGURES, GROUPED, figures
from scripts.bench.results.mapping import renamed
from scripts.bench.results.scores import Score, score
from scripts.bench.results.tables import figure, table
from scripts.bench.systems.baselines import PARTS, parts_heard
from scripts.bench.systems.coach import enrolled, unknown
from scripts.bench.workers import workers
from scripts.progress import watched
from scripts.simulate import mixtures
from scripts.simulate.truth import Take

COACH = "coach"
SYSTEMS = (COACH, *PARTS)
KINDS = {
    "one": "one microphone",
    "channels": "channels",
    "call": "call",
    "meeting": "meeting",
}


@dataclass(frozen=True)
class Job:
    """One system on one take."""

    take: Take
    system: str


@dataclass(frozen=True)
class Done:
    """What came of a job; `seconds` is its time on the clock, which for what was kept is that of reading it."""

    job: Job
    score: Score
    seconds: float


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


def total(done: Iterable[Done]) -> Score:
    return sum((each.score for each in done), Score())


def by_system(done: list[Done], kind: str) -> str:
    systems = [name for name in SYSTEMS if any(each.job.system == name for each in done)]
    columns = [kind, *systems, "reach"]
    values = {name: figures(total(each for each in done if each.job.system == name)) for name in systems}
    rows = []
    for one in FIGURES:
        cells = [figure(values[name][one.name], one.digits) for name in systems]
        if any(cell != "-" for cell in cells):
            rows.append([one.title, *cells, one.reach.get(kind, "")])
    n = len({each.job.take.name for each in done})
    minutes = total(each for each in done if each.job.system == systems[0]).seconds / 60
    return table(f"{kind}: {n} recordings, {minutes:.0f} minutes scored", columns, rows)


def by_condition(done: list[Done], kind: str) -> str:
    columns = ["the coach by condition", "n", *(one.short for one in GROUPED)]
    rows = []
    for condition in dict.fromkeys(name for each in done for name in each.job.take.conditions):
        groups: dict[str, list[Done]] = {}
        for each in done:
            groups.setdefault(each.job.take.conditions.get(condition, ""), []).append(each)
        for value, members in sorted(groups.items(), key=_in_order):
            got = figures(total(members))
            rows.append(
                [f"{condition}: {value}", str(len(members)), *(figure(got[one.name], one.digits) for one in GROUPED)]
            )
    return table(f"{kind}, the coach, by condition", columns, rows) if rows else ""


def _in_order(group: tuple[str, list[Done]]) -> tuple[float, str]:
    head = group[0].split()[0] if group[0] else ""
    return (-float(head) if head.lstrip("-").isdigit() else 0.0, group[0])


def by_take(done: list[Done]) -> str:
    rows = []
    for each in done:
        got = figures(each.score)
        conditions = ", ".join(each.job.take.conditions.values())
        rows.append(
            [
                f"{each.job.take.name} {each.job.take.kind}",
                each.job.system,
                *(figure(got[one.name], one.digits) for one in GROUPED),
                conditions,
            ]
        )
    return table("each take", ["take", "system", *(one.short for one in GROUPED), ""], rows)


def groups_of(done: list[Done]) -> dict[str, list[Done]]:
    found: dict[str, list[Done]] = {}
    for each in done:
        found.setdefault(each.job.take.kind, []).append(each)
    return found


def in_json(done: list[Done]) -> dict[str, object]:
    kinds = groups_of(done)
    return {
        "overall": {
            kind: {
                name: figures(total(each for each in members if each.job.system == name))
                for name in dict.fromkeys(each.job.system for each in members)
            }
            for kind, members in kinds.items()
        },
        "takes": [
            {
                "take": each.job.take.name,
                "kind": each.job.take.kind,
                "system": each.job.system,
                "conditions": each.job.take.conditions,
                "figures": figures(each.score),
                "score": asdict(each.score),
                "seconds": round(each.seconds, 2),
            }
            for each in done
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of tables")
    parser.add_argument("--jobs", type=int, default=2, help="how many at the same time; 2 if not said")
    parser.add_argument("--only", default="", metavar="WORD,…", help=f"of {', '.join([*SYSTEMS, *KINDS])}")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth made conversation")
    parser.add_argument("--takes", action="store_true", help="a line for each take as well")
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
    print(told_of(where))
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
