"""Tables of depth on unseen conversations: stretches, runs, calibration, kinds; one column per text variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.bench.results.tables import figure, table
from scripts.training import depth, figures, runs
from scripts.training.corpus import KINDS, Utterance

Ways = dict[str, Callable[[Utterance], str]]
Figures = dict[str, float | None]


@dataclass(frozen=True)
class Judgements:
    """Cross-validated judgements of stretches, and the baseline's, for each text variant in `ways`.

    `whole` variants cover all of the talk, `some` variants only some runs.
    """

    talk: Sequence[Utterance]
    ways: Ways
    whole: Sequence[str]
    some: Sequence[str]
    judged: Mapping[str, depth.Judged]
    floor: Mapping[str, depth.Judged]


def depth_tables(found: Judgements) -> tuple[list[str], dict[str, Any]]:
    """The tables, and the figures of stretches and runs by text variant for `--json`."""
    talk, judged, floor, columns = found.talk, found.judged, found.floor, [*found.whole, *found.some]
    of_stretches = {name: _stretches(talk, judged[name], floor[name]) for name in columns}
    of_runs = {name: _runs(talk, judged[name], floor[name]) for name in columns}
    tables = [
        _table("Stretches, the spoken part", of_stretches),
        _table("Runs of about 110 words", of_runs),
        _reliability({name: judged[name] for name in columns}),
        _kinds(talk, {name: judged[name] for name in columns}, found.ways),
    ]
    return tables, {"stretches": of_stretches, "runs": of_runs}


def _table(title: str, by_way: Mapping[str, Figures]) -> str:
    rows = [[what, *(_cell(found[what]) for found in by_way.values())] for what in next(iter(by_way.values()))]
    return table(title, ["", *by_way], rows)


def _cell(value: float | None) -> str:
    return str(value) if isinstance(value, int) else figure(value)


def _stretches(talk: Sequence[Utterance], judged: depth.Judged, floor: depth.Judged) -> Figures:
    found: Figures = {"AUC, inner against the rest": figures.auc(judged), "  floor": figures.auc(floor)}
    for source in ("AnnoMI", "Santa Barbara Corpus"):
        found[f"  AUC, {source}"] = figures.auc(judged, source, talk)
    found |= {"F1": figures.f1(judged), "  floor's F1": figures.f1(floor)}
    found["kappa, four levels"] = figures.four_levels(talk, judged)
    return found | {"ECE": figures.calibration(judged)[1], "  floor's ECE": figures.calibration(floor)[1]}


def _runs(talk: Sequence[Utterance], judged: depth.Judged, floor: depth.Judged) -> Figures:
    found: Figures = {}
    for name, each in (("", judged), ("  floor: ", floor)):
        p, event = runs.cross_validated(runs.made_runs(talk, each))
        for recall in (0.3, 0.5, 0.7):
            found[f"{name}precision at recall {recall}"] = runs.precision_at(p, event, recall)[0]
    return found | {"all event, share": float(event.mean()), "runs": len(event)}


def _reliability(judged: Mapping[str, depth.Judged]) -> str:
    cells = {
        name: {int(min(mean * 10, 9)): f"{share:.2f} of {count}" for mean, share, count in figures.calibration(each)[0]}
        for name, each in judged.items()
    }
    rows = [[f"{tenth / 10:.1f}", *(found.get(tenth, "-") for found in cells.values())] for tenth in range(10)]
    return table("Share of inner stretches, by tenths of p", ["p", *judged], rows)


def _kinds(talk: Sequence[Utterance], judged: Mapping[str, depth.Judged], ways: Ways) -> str:
    found = {name: figures.kinds(talk, each, ways[name]) for name, each in judged.items()}
    rows = [
        [kind, *(f"{each[kind][0]:.2f} ({each[kind][1]:.2f}) of {each[kind][2]}" for each in found.values())]
        for kind in KINDS
    ]
    return table("Kinds: precision (recall), including the written sentences", ["", *judged], rows)
