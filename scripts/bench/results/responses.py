"""Tables of response kinds on unseen conversations; one column per text variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from coach.meaning.responses import reported
from scripts.bench.results.tables import figure, table
from scripts.training import responses

Array = NDArray[Any]
Figures = dict[str, float | None]

FIVE = ("reflection", "open question", "detail question", "advice", "other")
TOLD = (  # kind, source of the answers
    *((kind, "practitioners") for kind in FIVE[:4]),
    *((kind, "other talk") for kind in ("advice", "own story", "reassurance")),
)


@dataclass(frozen=True)
class Judgements:
    """Cross-validated judgements of answers (`judged`) for each text variant.

    `scored`: scores (n, 8) and features of the answers, of which only `rows` count. `practice` (n,): whether the answer
    is a practitioner's; `floors`: the baseline's kinds for practitioners' answers only.
    """

    judged: Sequence[responses.Answer]
    scored: Mapping[str, tuple[Array, responses.Seen]]
    rows: Mapping[str, Array]
    sharpness: Array
    practice: Array
    floors: Mapping[str, Array]


def response_tables(given: Judgements) -> tuple[list[str], dict[str, Any]]:
    """The tables, and the figures by text variant for `--json`."""
    judged, rows, practice = given.judged, given.rows, given.practice
    true = np.array([answer.response for answer in judged])
    found: dict[str, Figures] = {}
    told: dict[str, list[str]] = {}
    sure: dict[str, list[str]] = {}
    for name, (scores, seen) in given.scored.items():
        kinds, p = responses.kinds(scores, seen, given.sharpness)
        likeliest, shipped = np.array(kinds), np.array([reported(k, q) for k, q in zip(kinds, p, strict=True)])
        own = rows[name][practice[rows[name]]]
        floor = np.full(len(judged), "", object)
        floor[np.flatnonzero(practice)] = given.floors[name]
        found[name] = _macros(true[own], likeliest[own], shipped[own], floor[own])
        talk = rows[name][~practice[rows[name]]]
        told[name] = [_told(kind, true[who], shipped[who]) for kind, who in _whose(own, talk)]
        right = np.where(np.isin(likeliest, FIVE), likeliest, "other")[own] == true[own]
        reliable = reliability(p[own], right)
        sure[name] = [reliable.get(tenth, ("-", 0.0))[0] for tenth in range(10)]
        found[name]["ECE"] = sum(off for _, off in reliable.values())
    tables = [
        table(
            "Macro-F1, practitioners",
            ["", *found],
            [[w, *(figure(f[w]) for f in found.values())] for w in found["bare"]],
        ),
        table(
            "Precision (recall) of the reported kinds",
            ["", *told],
            [[f"{kind}, {who}", *(told[name][k] for name in told)] for k, (kind, who) in enumerate(TOLD)],
        ),
        table(
            "Share of correct likeliest kinds, practitioners, by tenths of p",
            ["p", *sure],
            [[f"{tenth / 10:.1f}", *(sure[name][tenth] for name in sure)] for tenth in range(10)],
        ),
    ]
    return tables, {"responses": found, "told": told}


def _whose(practice: Array, talk: Array) -> list[tuple[str, Array]]:
    return [(kind, practice if who == "practitioners" else talk) for kind, who in TOLD]


def _macros(true: Array, likeliest: Array, shipped: Array, floor: Array) -> Figures:
    return {
        f"{what}, {classes} classes": _macro(true, said, classes == "four")
        for classes in ("four", "five")
        for what, said in (("likeliest", likeliest), ("as told", shipped), ("  floor", floor))
    }


def _macro(true: Array, said: Array, four: bool) -> float:
    """Macro-F1 of the practitioners' kinds; with `four`, open and detail questions are merged."""

    def classes(kinds: Array) -> Array:
        five = np.where(np.isin(kinds, FIVE), kinds, "other")
        return np.array(["question" if four and "question" in kind else kind for kind in five])

    return float(f1_score(classes(true), classes(said), average="macro"))


def _told(kind: str, true: Array, said: Array) -> str:
    told = said == kind
    hits = int((true[told] == kind).sum())
    precision = f"{hits / told.sum():.2f}" if told.any() else "-"
    return f"{precision} ({hits / max(1, (true == kind).sum()):.2f})"


def reliability(p: Array, right: Array) -> dict[int, tuple[str, float]]:
    """For each tenth of p: accuracy, count, and contribution to the expected calibration error."""
    place = np.minimum((p * 10).astype(int), 9)
    return {
        tenth: (f"{right[at].mean():.2f} of {at.sum()}", float(abs(p[at].mean() - right[at].mean()) * at.mean()))
        for tenth in range(10)
        if (at := place == tenth).any()
    }
