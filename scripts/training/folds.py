"""The model of depth of every fold: trained on all conversations but those of the fold, for measuring on the fold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from coach.meaning.depth import DepthModel
from coach.meaning.log_linear import LogLinear, floats
from scripts.training import depth
from scripts.training.corpus import FOLDS, LEVELS, bare, fold_of, read_examples, read_talk


def fold_models(file: Path, folder: Path, say: Callable[[str], None] = print) -> list[DepthModel]:
    """The models of all folds, in order. They are kept in `folder`; what lies there is not trained again."""
    paths = [folder / f"depth.fold{held}.npz" for held in range(FOLDS)]
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        for path, arrays in zip(paths, _trained(file, say), strict=True):
            np.savez_compressed(path, **arrays)
    tables = [dict(np.load(path)) for path in paths]
    return [DepthModel(LogLinear.from_arrays(table), floats(table, "past")) for table in tables]


def _trained(file: Path, say: Callable[[str], None]) -> list[dict[str, Any]]:
    talk = read_talk(file)
    taught = depth.lessons(talk, read_examples())
    say("features")
    labelled = [place for place, stretch in enumerate(talk) if stretch.level]
    learned = [talk[place] for place in labelled]
    folds = np.array([fold_of(stretch.group) for stretch in learned])
    spoken = np.array([stretch.spoken for stretch in learned])
    inner = np.array([stretch.level in ("2", "3") for stretch in learned])
    seen = depth.look([bare(stretch.text) for stretch in learned], taught.seen.listed)
    tables, levels = [], np.zeros((len(learned), len(LEVELS)))
    for held in range(FOLDS):
        tables.append(taught.fit(without=held))
        rows = np.flatnonzero(folds == held)
        levels[rows] = depth.levels_of(LogLinear.from_arrays(tables[-1]), seen.rows(rows))
        say(f"fold {held + 1} of {FOLDS}")
    before = depth.past_table(talk, labelled, depth.odds(levels))
    for held, table in enumerate(tables):
        chosen = (folds != held) & spoken
        table["past"] = depth.fit_past(before[chosen], inner[chosen])
    return tables
