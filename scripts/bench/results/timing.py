"""Timing errors of each system as tables by kind of recording, condition and take, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from scripts.bench.kinds import MADE
from scripts.bench.results.figures import FIGURES, GROUPED, figures, too_soon
from scripts.bench.results.scores import Score
from scripts.bench.results.tables import figure, table
from scripts.simulate.truth import Take

COACH = "coach"
RECALL, PRECISION = ">= 0.90", ">= 0.95"  # targets for "too soon" in made conversations


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
    sums = _sums(done)
    rows = []
    for one in FIGURES:
        cells = [one.shown(score) for score in sums.values()]
        if any(cell != "-" for cell in cells):
            rows.append([one.title, *cells, one.reach.get(kind, "")])
    n = len({each.job.take.name for each in done})
    minutes = next(iter(sums.values())).seconds / 60
    return table(f"{kind}: {n} recordings, {minutes:.0f} minutes scored", [kind, *sums, "target"], rows)


def _sums(done: list[Done]) -> dict[str, Score]:
    systems = dict.fromkeys(each.job.system for each in done)
    return {name: total(each for each in done if each.job.system == name) for name in systems}


def by_condition(done: list[Done], kind: str) -> str:
    """A row for each value of each condition; empty if the takes have no conditions."""
    rows = []
    for condition in dict.fromkeys(name for each in done for name in each.job.take.conditions):
        groups: dict[str, list[Done]] = {}
        for each in done:
            groups.setdefault(each.job.take.conditions.get(condition, ""), []).append(each)
        for value, members in sorted(groups.items(), key=_in_order):
            score = total(members)
            rows.append([f"{condition}: {value}", str(len(members)), *(one.shown(score) for one in GROUPED)])
    columns = ["the coach by condition", "n", *(one.short for one in GROUPED)]
    return table(f"{kind}, the coach, by condition", columns, rows) if rows else ""


def _in_order(group: tuple[str, list[Done]]) -> tuple[float, str]:
    head = group[0].split()[0] if group[0] else ""
    return (-float(head) if head.lstrip("-").isdigit() else 0.0, group[0])


def each_real(done: Iterable[Done]) -> str:
    """A row for each recording of real people, the coach alone; empty without any."""
    real = [each for each in done if each.job.take.real and each.job.system == COACH]
    rows = [
        [f"{each.job.take.name}, {each.job.take.kind}", *(one.shown(each.score) for one in GROUPED)] for each in real
    ]
    return table("real recordings, the coach", ["", *(one.short for one in GROUPED)], rows) if rows else ""


def by_take(done: list[Done]) -> str:
    rows = []
    for each in done:
        conditions = ", ".join(each.job.take.conditions.values())
        cells = [one.shown(each.score) for one in GROUPED]
        rows.append([f"{each.job.take.name} {each.job.take.kind}", each.job.system, *cells, conditions])
    return table("each take", ["take", "system", *(one.short for one in GROUPED), ""], rows)


def too_soon_table(done: list[Done]) -> str:
    """Too-soon transfers by kind and system, over all takes; empty without any true one."""
    rows = []
    for kind in dict.fromkeys(each.job.take.kind for each in done):
        for system, score in _sums([each for each in done if each.job.take.kind == kind]).items():
            got = too_soon(score)
            cells = [cell for name in ("recall", "precision") for cell in _with_interval(got, name)]
            if score.soon:
                targets = [RECALL, PRECISION] if kind in MADE else ["", ""]
                rows.append([f"{kind}, {system}", str(score.soon), str(score.soon_told), *cells, *targets])
    columns = ["", "true", "told", "recall", "95%", "precision", "95%", "recall to reach", "precision to reach"]
    return table("too soon", columns, rows) if rows else ""


def _with_interval(got: dict[str, float | None], name: str) -> tuple[str, str]:
    low, high = (got[f"too_soon_{name}_{end}"] for end in ("low", "high"))
    return figure(got[f"too_soon_{name}"], 2), "-" if low is None else f"{figure(low, 2)}-{figure(high, 2)}"


def groups_of(done: list[Done]) -> dict[str, list[Done]]:
    """The takes that count in all figures, by kind."""
    found: dict[str, list[Done]] = {}
    for each in done:
        if not each.job.take.only_too_soon:
            found.setdefault(each.job.take.kind, []).append(each)
    return found


def in_json(done: list[Done]) -> dict[str, object]:
    everything: dict[str, list[Done]] = {}
    for each in done:
        everything.setdefault(each.job.take.kind, []).append(each)
    return {
        "overall": {
            kind: {name: figures(score) for name, score in _sums(members).items()}
            for kind, members in groups_of(done).items()
        },
        "too_soon": {
            kind: {name: too_soon(score) for name, score in _sums(members).items()}
            for kind, members in everything.items()
        },
        "takes": [
            {
                "take": each.job.take.name,
                "kind": each.job.take.kind,
                "system": each.job.system,
                "conditions": each.job.take.conditions,
                "only_too_soon": each.job.take.only_too_soon,
                "figures": figures(each.score),
                "score": asdict(each.score),
                "seconds": round(each.seconds, 2),
            }
            for each in done
        ],
    }
