"""Depth on unseen conversations as tables: stretches, runs, how sure p is, kinds; a column for each way of writing."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from coach.meaning.runs import RunConfig
from scripts.bench.results.tables import figure, table
from scripts.training import depth, figures, minutes, runs
from scripts.training.corpus import KINDS, Utterance, bare, read_examples, read_talk
from scripts.training.floors import floor_of_depth

Ways = dict[str, Callable[[Utterance], str]]
Speak = Callable[[Sequence[str]], Mapping[str, str]]

SPOKEN_RUNS = 80  # runs of about 110 words, drawn at random, whose stretches are spoken
HEARD, SAME = "heard", "the same, bare"


def depth_tables(data: Path, speak: Speak | None, say: Callable[[str], None]) -> tuple[list[str], dict[str, Any]]:
    """The tables, and the figures of stretches and runs by way of writing for `--json`.

    With `speak`, some runs also as heard by a recogniser, beside the same runs bare. What was said before a run that
    was spoken stays bare.
    """
    talk = read_talk(data / "depth_train.jsonl")
    ways: Ways = {
        **depth.WAYS,
        "10% wrong": depth.wrong_words(talk, 0.10),
        "20% wrong": depth.wrong_words(talk, 0.20),
    }
    sample = set[int]()
    if speak is not None:
        drawn = runs.run_places(talk, [place for place, stretch in enumerate(talk) if stretch.level])
        chosen = random.Random(1).sample(drawn, min(SPOKEN_RUNS, len(drawn)))
        sample = {place for run in chosen for place in run}
        heard = speak([talk[place].text for place in sorted(sample)])
        ways[HEARD] = lambda stretch: heard.get(stretch.text, bare(stretch.text))
    judged = depth.cross_validate(talk, depth.lessons(talk, read_examples()), ways, say)
    floor = {
        name: replace(judged[name], p=np.clip(p, 1e-6, 1 - 1e-6)) for name, p in floor_of_depth(talk, ways).items()
    }
    say("floors")
    if sample:
        inside = np.array([place in sample for place in judged["bare"].labelled])
        for each in (judged, floor):
            each[SAME] = figures.part(each["bare"], inside)
            each[HEARD] = figures.part(each[HEARD], inside)
        ways[SAME] = ways["bare"]
    columns = [*(name for name in ways if name not in (HEARD, SAME)), *((SAME, HEARD) if sample else ())]
    of_stretches = {name: _stretches(talk, judged[name], floor[name]) for name in columns}
    of_runs = {name: _runs(talk, judged[name], floor[name]) for name in columns}
    whole = [name for name in columns if name not in (HEARD, SAME)]
    in_session = {name: _session(talk, judged[name], ways[name]) for name in whole}
    long = {name: minutes.minutes_of_telling(talk, judged[name], ways[name]) for name in whole}
    tables = [
        _table("Stretches, the spoken part", of_stretches),
        _table("Runs of about 110 words", of_runs),
        _table(f"Runs as a session makes them, told of from p {RunConfig().event} on", in_session),
        _table("Minutes of telling", long),
        _reliability({name: judged[name] for name in columns}),
        _kinds(talk, {name: judged[name] for name in columns}, ways),
    ]
    return tables, {"stretches": of_stretches, "runs": of_runs, "session": in_session, "minutes": long}


Figures = dict[str, float | None]


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


def _session(talk: Sequence[Utterance], judged: depth.Judged, way: Callable[[Utterance], str]) -> Figures:
    p, event = runs.runs_of_the_coach(talk, judged, way)
    told = p >= RunConfig().event
    return {
        "precision of those told of": float(event[told].mean()),
        "recall": float((event & told).sum() / event.sum()),
        "precision at recall 0.5": runs.precision_at(p, event, 0.5)[0],
        "all event, share": float(event.mean()),
        "runs": len(event),
    }


def _reliability(judged: Mapping[str, depth.Judged]) -> str:
    cells = {
        name: {int(min(mean * 10, 9)): f"{share:.2f} of {count}" for mean, share, count in figures.calibration(each)[0]}
        for name, each in judged.items()
    }
    rows = [[f"{tenth / 10:.1f}", *(found.get(tenth, "-") for found in cells.values())] for tenth in range(10)]
    return table("How often it was inner, for p from …", ["p", *judged], rows)


def _kinds(talk: Sequence[Utterance], judged: Mapping[str, depth.Judged], ways: Ways) -> str:
    found = {name: figures.kinds(talk, each, ways[name]) for name, each in judged.items()}
    rows = [
        [kind, *(f"{each[kind][0]:.2f} ({each[kind][1]:.2f}) of {each[kind][2]}" for each in found.values())]
        for kind in KINDS
    ]
    return table("Kinds: precision (recall), with the written sentences", ["", *judged], rows)
