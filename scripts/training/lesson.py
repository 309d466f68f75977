"""The steps of `scripts/training/run train_depth`: read, train, evaluate, store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.training import responses, runs
from scripts.training.corpus import Utterance, read_examples, read_talk
from scripts.training.depth import WAYS, Judged, cross_validate, lessons, train, wrong_words
from scripts.training.figures import auc, calibration, f1, four_levels, kinds
from scripts.training.weights import write

# The relative error of weights that minimise a function known to float32's precision: near its minimum the function
# changes with the square of the weights.
OPTIMUM = float(np.sqrt(np.finfo(np.float32).eps))


def learn(data: Path, file: Path, *, check: bool) -> int:
    """Trains on `data`, prints the figures, and writes or, with `check`, compares `file`. Returns the exit status."""
    talk, examples = read_talk(data / "depth_train.jsonl"), read_examples()
    taught = lessons(talk, examples)
    ways = {**WAYS, "10% wrong": wrong_words(talk, 0.10), "20% wrong": wrong_words(talk, 0.20)}
    judged = cross_validate(talk, taught, ways, say=lambda what: print(what, file=sys.stderr))
    table = train(taught, judged["bare"])
    tell(talk, judged)
    if check:
        return 0 if same(table, file) else 1
    write(file, table)
    return 0


def learn_responses(data: Path, file: Path, *, check: bool) -> int:
    """Trains responses on `data`, and writes or, with `check`, compares `file`. Returns the exit status."""
    table = responses.learn(responses.read_answers(data), say=lambda what: print(what, file=sys.stderr))
    if check:
        return 0 if same(table, file) else 1
    write(file, table)
    return 0


def same(table: dict[str, NDArray[Any]], file: Path) -> bool:
    """Whether the arrays in `file` equal those of `table`, as far as training in single precision decides them."""
    with np.load(file) as stored:
        return set(stored) == set(table) and all(_close(stored[name], table[name]) for name in table)


def _close(stored: NDArray[Any], trained: NDArray[Any]) -> bool:
    """Whether two arrays differ by rounding only; integers may have been rounded to the next step."""
    if stored.shape != trained.shape or stored.dtype.kind != trained.dtype.kind:
        return False
    if stored.dtype.kind not in "fi":
        return np.array_equal(stored, trained)
    one, other = stored.astype(np.float64), trained.astype(np.float64)
    step = 1.0 if stored.dtype.kind == "i" else float(np.finfo(stored.dtype).eps) * np.abs(one).max(initial=0.0)
    return bool(np.abs(one - other).max(initial=0.0) <= OPTIMUM * np.abs(one).max(initial=0.0) + step)


def tell(talk: list[Utterance], judged: dict[str, Judged]) -> None:
    """Prints the figures of the spoken part by text variant."""
    for name, found in judged.items():
        sources = (f"{s}: {auc(found, s, talk):.3f}" for s in ("AnnoMI", "Santa Barbara Corpus", "OffMyChest"))
        print(f"{name:10} AUC {auc(found):.3f} ({', '.join(sources)}), F1 {f1(found):.3f}", end="")
        print(f", four levels kappa {four_levels(talk, found):.3f}, ECE {calibration(found)[1]:.3f}")
        made = runs.made_runs(talk, found)
        p, event = runs.cross_validated(made)
        at = (f"{runs.precision_at(p, event, recall)[0]:.3f} at {recall}" for recall in (0.3, 0.5, 0.7))
        print(f"{'':10} {len(made)} runs, {event.mean():.0%} all event: precision {', '.join(at)} of recall")
    bare = judged["bare"]
    for mean, share, count in calibration(bare)[0]:
        print(f"p {mean:.2f}: {share:.2f} inner of {count}")
    for kind, (precision, recall, count) in kinds(talk, bare, WAYS["bare"]).items():
        print(f"{kind}: precision {precision:.2f}, recall {recall:.2f} of {count}")
