"""Timing errors of each system as tables by kind of recording, condition and take, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from scripts.bench.results.figures import FIGURES, GROUPED, figures
from scripts.bench.results.scores import Score
from scripts.bench.results.tables import figure, table
from scripts.simulate.truth import Take

COACH = "coach"


@dataclass(frozen=True)
class Job:
    """One system on one take."""

    take: Take
    system: str


@dataclass(frozen=True)
class Done:
    """The result of a job; `seconds` is its wall time, which for a cached result is the time to read it."""

    job: Job
    score: Score
    seconds: float


def total(done: Iterable[Done]) -> Score:
    return sum((each.score for each in done), Score())


def by_system(done: list[Done], kind: str) -> str:
    systems = list(dict.fromkeys(each.job.system for each in done))
    columns = [kind, *systems, "target"]
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
