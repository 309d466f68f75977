"""Fits the constants of `coach/meaning/runs.py` on runs of about 110 words of one person's sharing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from coach.core.events import Words
from coach.core.span import Span
from coach.meaning.dialogue_acts import is_acknowledgement, is_logistics, is_request
from coach.meaning.non_personal import is_non_personal
from coach.meaning.questions import is_question
from coach.meaning.reading import ReadingConfig, sentence_count
from coach.meaning.runs import RunConfig, Runs
from coach.meaning.tokens import tokens
from scripts.training.corpus import FOLDS, Utterance, bare, fold_of
from scripts.training.depth import Judged

Array = NDArray[Any]

WORDS = 110  # about 45 s of talk
FLOOR = 0.02  # least heat of a run
PACE = RunConfig().speech / WORDS  # samples per word
_CERTAIN = 0.999


@dataclass(frozen=True, slots=True)
class MadeRun:
    """Consecutive stretches of one person: group, heat, and whether all are event level."""

    group: str
    heat: float
    event: bool


def run_places(talk: Sequence[Utterance], labelled: Sequence[int]) -> list[list[int]]:
    """Spoken conversations split into runs: each person's consecutive labelled stretches up to WORDS words.

    `labelled` and the result are indices in the talk.
    """
    found: list[list[int]] = []
    open_runs: dict[tuple[str, str], list[int]] = {}
    for place in labelled:
        stretch = talk[place]
        if stretch.spoken:
            run = open_runs.setdefault((stretch.group, stretch.who), [])
            run.append(place)
            if sum(len(bare(talk[k].text).split()) for k in run) >= WORDS:
                found.append(open_runs.pop((stretch.group, stretch.who)))
    return found


def made_runs(talk: Sequence[Utterance], judged: Judged) -> list[MadeRun]:
    """The runs of `run_places` with their judgements and labels."""
    at = {place: k for k, place in enumerate(judged.labelled)}
    found = []
    for run in run_places(talk, judged.labelled):
        heat = -sum(log(1 - min(float(judged.p[at[place]]), _CERTAIN)) for place in run)
        found.append(MadeRun(talk[run[0]].group, heat, not any(judged.inner[at[place]] for place in run)))
    return found


def fit_heat(runs: Sequence[MadeRun]) -> tuple[float, float]:
    """OFFSET and SLOPE of logit P(all event) = OFFSET − SLOPE · ln(heat + FLOOR)."""
    heat = np.array([[log(run.heat + FLOOR)] for run in runs])
    model = LogisticRegression(C=10.0).fit(heat, [run.event for run in runs])
    return float(model.intercept_[0]), float(-model.coef_[0, 0])


def cross_validated(runs: Sequence[MadeRun]) -> tuple[Array, Array]:
    """Cross-validated P(all event) of every run, and its label."""
    folds = np.array([fold_of(run.group) for run in runs])
    p = np.zeros(len(runs))
    for held in range(FOLDS):
        offset, slope = fit_heat([run for run, fold in zip(runs, folds, strict=True) if fold != held])
        for k in np.flatnonzero(folds == held).tolist():
            p[k] = 1 / (1 + np.exp(-(offset - slope * log(runs[k].heat + FLOOR))))
    return p, np.array([run.event for run in runs])


def precision_at(p: Array, true: Array, recall: float) -> tuple[float, float]:
    """The precision at the highest threshold that reaches `recall`, and that threshold."""
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(true[order])
    k = int(np.searchsorted(hits, recall * true.sum()))
    return float(hits[k] / (k + 1)), float(p[order[k]])


def runs_of_the_coach(
    talk: Sequence[Utterance], judged: Judged, way: Callable[[Utterance], str]
) -> tuple[Array, Array]:
    """P(all event) of every sufficiently long run as built in a session, and its label.

    All stretches pass through `Runs` in order, with cross-validated judgements, the rules for questions, films and so
    on, and PACE as the clock. Turns of the other person do not end a run here, because a counsellor's would end nearly
    every one.
    """
    at = {place: k for k, place in enumerate(judged.labelled)}
    p: list[float] = []
    event: list[bool] = []
    group, clock, elsewhere, runs = "", 0, False, Runs(RunConfig(event=0.0))
    inner: dict[str, int] = {}  # where each person's last inner stretch began
    for place, stretch in enumerate(talk):
        if not stretch.spoken:
            continue
        if stretch.group != group:
            group, clock, elsewhere, runs, inner = stretch.group, 0, False, Runs(RunConfig(event=0.0)), {}
        words = as_told(stretch, way(stretch), clock, judged, at.get(place), elsewhere)
        clock, elsewhere = words.span.end, words.elsewhere or (elsewhere and words.question)
        if place in at and judged.inner[at[place]]:
            inner[stretch.who] = words.span.start
        runs.hear(words)
        run = runs.estimate(stretch.who)
        if run.events:
            p.append(run.p_event)
            event.append(inner.get(stretch.who, -1) < run.span.start)
            runs.reset(stretch.who)
    return np.array(p), np.array(event)


def as_told(stretch: Utterance, text: str, start: int, judged: Judged, k: int | None, going_on: bool) -> Words:
    """The session's event for `text`, the `k`th judged stretch; `k` None if it was not judged."""
    stream = tokens(text)
    p = 0.0 if k is None else float(judged.p[k])
    nothing, event = (1.0, 0.0) if k is None else judged.levels[k][:2]
    inner = p >= ReadingConfig().inner
    return Words(
        at=start,
        who=stretch.who,
        span=Span(start, start + round(len(bare(stretch.text).split()) * PACE)),
        count=len(bare(text).split()),
        sentences=sentence_count(text),
        acknowledgement=is_acknowledgement(text, stream),
        question=is_question(text, stream),
        request=is_request(stream),
        logistics=is_logistics(stream, inner),
        elsewhere=not inner and is_non_personal(stream, going_on=going_on),
        level="2" if inner else "1" if event >= ReadingConfig().event * (nothing + event) else "N",
        p_experience=p,
    )
