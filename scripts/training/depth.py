"""Trains depth: stretch features, a multinomial logistic fit, a small fit for context, and cross-validation.

Every stretch is used twice, bare and with a tenth of its words wrong, so that no weight depends on punctuation or on a
single word. All sums run on one thread in a fixed order, and the larger tables are rounded, so training is reproducible
on one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from coach.meaning.depth import context_features, log_odds
from coach.meaning.kinds import experience
from coach.meaning.log_linear import LogLinear, softmax
from coach.meaning.ngrams import NGRAMS, ngrams
from coach.meaning.tokens import tokens, words_only
from scripts.training.corpus import FOLDS, LEVELS, Utterance, bare, common_words, fold_of, misheard
from scripts.training.features import by_slot, encode, matrix, scores

Array = NDArray[Any]

STRENGTH = 1.0  # inverse of the ridge; 0.3 and 3 gave the same to .001
ENCODED = 0.05  # scale of one encoder deviation relative to one list hit; .05 and .1 gave the same to .001
SEEN = 3  # n-grams with fewer occurrences get no weight
WRONG = 0.10  # share of words wrong in the second copy
ROUNDS = 100  # most steps of the fit; more change no figure

_ENCODED: dict[str, Array] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """Features of some texts: rows of `lists` (n, f, named by `listed`), `grams` (n, slots) and `encoded` (n, 384)."""

    listed: tuple[str, ...]
    lists: sparse.csr_matrix
    grams: sparse.csr_matrix
    encoded: Array

    def rows(self, chosen: Array) -> Seen:
        return Seen(self.listed, self.lists[chosen], self.grams[chosen], self.encoded[chosen])


def look(texts: Sequence[str], listed: Sequence[str] | None = None, tick: Callable[[int], None] | None = None) -> Seen:
    """The features of `texts`. List features are named by those found in the texts, unless given."""
    streams = [tokens(text) for text in texts]
    features = [experience(stream).features for stream in streams]
    names = tuple(listed) if listed is not None else tuple(sorted({name for found in features for name in found}))
    words = [words_only(stream) for stream in streams]
    found = [{name: value for name, value in row.items() if value} for row in features]
    said = [" ".join(row) for row in words]
    encode(said, _ENCODED, tick)
    place = {name: column for column, name in enumerate(names)}
    return Seen(
        names,
        matrix([{place[name]: value for name, value in row.items() if name in place} for row in found], len(names)),
        matrix([by_slot(ngrams(row)) for row in words], NGRAMS.slots),
        np.array([_ENCODED[text] for text in said], np.float32),
    )


def fit_words(seen: Seen, levels: Array, weights: Array) -> dict[str, Array]:
    """The arrays of `depth.npz` except `past`. Levels (n,) are 0..3 as in LEVELS; `weights` (n,) are sample weights."""
    most = np.maximum(np.abs(seen.lists).max(axis=0).toarray().ravel(), 1e-6)
    centre, spread = seen.encoded.mean(axis=0), seen.encoded.std(axis=0)
    often = np.diff(seen.grams.tocsc().indptr) >= SEEN
    kept = np.flatnonzero(often)
    everything = (
        sparse.hstack(
            [
                seen.lists @ sparse.diags(1 / most),
                seen.grams[:, kept],
                sparse.csr_matrix((seen.encoded - centre) / spread * ENCODED),
            ]
        )
        .tocsr()
        .astype(np.float32)
    )
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-3)
    model.fit(everything, levels, sample_weight=weights)
    lists, runs, encoded = np.split(model.coef_.T, [len(most), len(most) + len(kept)])
    hashed = np.zeros((NGRAMS.slots, len(LEVELS)))
    hashed[kept] = runs
    step = np.abs(hashed).max() / 127
    return {
        "listed": np.array(seen.listed),
        "lists": (lists / most[:, None]).astype(np.float32),
        "grams": np.round(hashed / step).astype(np.int8),
        "grams.step": np.float32(step),
        "encoded": (encoded * ENCODED).astype(np.float16),
        "centre": centre.astype(np.float32),
        "spread": spread.astype(np.float32),
        "intercept": model.intercept_.astype(np.float32),
        "past": np.array([0.0, 1.0, 0.0, 0.0, 0.0], np.float32),
    }


def levels_of(model: LogLinear, seen: Seen) -> Array:
    """Probabilities (n, 4) from the words alone, as `DepthModel.judge`, in a batch."""
    return softmax(scores(model, seen.lists, seen.grams, seen.encoded))


def odds(levels: Array) -> Array:
    """The log-odds of levels 2 and 3, (n,)."""
    return np.array([log_odds(p) for p in levels[:, 2] + levels[:, 3]])


def past_table(stretches: Sequence[Utterance], labelled: Sequence[int], z: Array) -> Array:
    """The `context_features` (n, 5) of every labelled stretch, from the labelled talk before it."""
    of = dict(zip(labelled, z, strict=True))
    rows = []
    for place, own in zip(labelled, z, strict=True):
        before = [float(of[earlier]) for earlier in stretches[place].before if earlier in of]
        rows.append(context_features(float(own), before))
    return np.array(rows)


def fit_past(table: Array, inner: Array) -> Array:
    """Weights of `context_features` (n, 5) for `inner` (n,), trained on spoken conversations."""
    model = LogisticRegression(C=1.0, fit_intercept=False).fit(table, inner)
    return np.asarray(model.coef_[0], np.float32)


@dataclass(frozen=True, slots=True)
class Lessons:
    """Training data: features, level 0..3, group and weight of every row, from labelled talk and examples."""

    seen: Seen
    level: Array
    fold: Array
    weight: Array

    def fit(self, without: int | None = None) -> dict[str, Array]:
        """The arrays of `depth.npz` except `past`, trained on all rows or on those outside fold `without`."""
        chosen = np.arange(len(self.level)) if without is None else np.flatnonzero(self.fold != without)
        return fit_words(self.seen.rows(chosen), self.level[chosen], self.weight[chosen])


def lessons(
    talk: Sequence[Utterance], examples: Sequence[Utterance], tick: Callable[[int], None] | None = None
) -> Lessons:
    """Every labelled stretch and example, bare and again with a tenth of the words wrong.

    Examples belong to no fold: they are always used for training and never for evaluation.
    """
    learned = [*(stretch for stretch in talk if stretch.level), *examples]
    words = common_words(learned)
    texts = [bare(stretch.text) for stretch in learned]
    texts += [misheard(stretch.text, WRONG, words, f"lesson {k}") for k, stretch in enumerate(learned)]
    rows = [*learned, *learned]
    return Lessons(
        look(texts, tick=tick),
        np.array([LEVELS.index(str(stretch.level)) for stretch in rows]),
        np.array([-1 if stretch.source == "examples" else fold_of(stretch.group) for stretch in rows]),
        np.array([WEIGHT.get(stretch.source, 1.0) for stretch in rows]),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """Cross-validated judgements of the labelled stretches (their places in the talk): `levels` (n, 4) and the log-odds
    `z` (n,) by the words alone, `p` (n,) with what came before, `inner` and `spoken` (n,) what people said of them, and
    `before` (n, 5) their `context_features`."""

    labelled: list[int]
    levels: Array
    z: Array
    p: Array
    inner: Array
    spoken: Array
    before: Array


def cross_validate(
    talk: Sequence[Utterance],
    taught: Lessons,
    ways: Mapping[str, Callable[[Utterance], str]],
    say: Callable[[str], None] = print,
) -> dict[str, Judged]:
    """Cross-validated judgements of every labelled stretch, one set per text variant in `ways`.

    `ways` maps a name to a function that writes a stretch (`WAYS`, `wrong_words`). Context is trained on the first.
    """
    models = []
    for held in range(FOLDS):
        models.append(LogLinear.from_arrays(taught.fit(without=held)))
        say(f"fold {held + 1} of {FOLDS}")
    labelled = [place for place, stretch in enumerate(talk) if stretch.level]
    learned = [talk[place] for place in labelled]
    folds = np.array([fold_of(stretch.group) for stretch in learned])
    spoken = np.array([stretch.spoken for stretch in learned])
    inner = np.array([stretch.level in ("2", "3") for stretch in learned])
    found: dict[str, Judged] = {}
    past: list[Array] = []
    for name, way in ways.items():
        as_written = look([way(stretch) for stretch in learned], taught.seen.listed)
        levels = np.zeros((len(learned), len(LEVELS)))
        for held in range(FOLDS):
            levels[folds == held] = levels_of(models[held], as_written.rows(np.flatnonzero(folds == held)))
        z = odds(levels)
        before = past_table(talk, labelled, z)
        if not past:
            past = [
                fit_past(before[(folds != held) & spoken], inner[(folds != held) & spoken]) for held in range(FOLDS)
            ]
        weights = np.stack([past[held] for held in folds])
        p = 1 / (1 + np.exp(-(before * weights).sum(axis=1)))
        found[name] = Judged(labelled, levels, z, p, inner, spoken, before)
        say(name)
    return found


def train(taught: Lessons, judged: Judged) -> dict[str, Array]:
    """The arrays of `depth.npz`, trained on everything.

    `past` is trained on cross-validated log-odds, because those of training stretches are overconfident.
    """
    table = taught.fit()
    table["past"] = fit_past(judged.before[judged.spoken], judged.inner[judged.spoken])
    return table


WEIGHT = {"examples": 0.3}  # written sentences are shorter and plainer than talk
WAYS: dict[str, Callable[[Utterance], str]] = {
    "typed": lambda stretch: stretch.text,
    "bare": lambda stretch: bare(stretch.text),
}


def wrong_words(talk: Sequence[Utterance], share: float) -> Callable[[Utterance], str]:
    """A text variant with `share` of the words wrong."""
    words = common_words(talk)
    return lambda stretch: misheard(stretch.text, share, words, stretch.text)
