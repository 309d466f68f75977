"""Runs of telling: from classified stretches to "this person has told only what happened for a while".

A run is one person's own telling. The other's questions, nods and short turns do not end it, for when two people talk,
one tells and the other draws out details; and answers count, for they are what is told then:

    Ana   "we drove up on Friday"        "no, the lock was broken"  "so he rang the"…
           counts                         counts                     counts
    Ben                    "to the house?"                  "oh no"

A run ends, and the next one begins, with something inner, with a lapse, when the other tells something of their own,
and with an invitation (`reset`), so that nobody is invited twice for the same words.

**The estimate.** Only the latest part is judged: the last stretches that together reach `RunConfig.speech` and
`RunConfig.sentences`.

    Ana   "I do miss him a bit" "so on Friday we drove" "and the lock was"… "he rang"… "and the man came with"…
                                ├────────────────────── the latest part: 45 s of own words ────────────────────┤

A logistic model over five figures of that part (`TellingFigures`) gives the probability that an invitation inward is
right there: that none of it was inner, and that at least half of it was event level rather than no sharing at all. It
is fitted on whole conversations, so far on text with made errors of a recogniser (docs/depth.md), since errors repeat
within a speaker and a product of single probabilities would be far too sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log

from coach.core.events import Words
from coach.core.span import Span, as_samples

_OWN = re.compile(r"\b(?:i|me|my|mine|myself)\b", re.IGNORECASE)
_YOUR = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)


MEAN_FLOOR = 0.005  # below this mean, less is not surer
WEIGHTS = (3.45, 0.334, -9.07, -4.605, 13.481, -14.375)  # of `TellingFigures.values`; fitted by scripts/bench/run moments


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """When a run of telling supports a claim. Times are samples at 16 kHz; docs/depth.md has the measurements."""

    inner: float = 0.5  # a stretch with this p_experience or more is inner and ends the run
    event: float = 0.80  # a run with this p_event or more stayed with what happened
    speech: int = as_samples(45)  # of own words that a run needs, and of which it is judged
    sentences: int = 5  # that a run needs: nobody can judge a single sentence
    others: int = as_samples(15)  # of another person's own telling, without a word of the first, that end a run
    lapse: int = as_samples(60)  # without a word of one's own, after which a new run starts
    weights: tuple[float, ...] = WEIGHTS


@dataclass(frozen=True, slots=True)
class TellingFigures:
    """What the estimate rests on, all over the latest part of a run.

    `mean` is the mean of p_experience, weighted by speech, and `highest` the mean of the two highest; `none` is the
    share of the speech that is no sharing; `own` and `yours` are forms of "I" and of "you" per word.
    """

    mean: float
    highest: float
    none: float
    own: float
    yours: float

    def values(self) -> tuple[float, ...]:
        """The inputs of the logistic model, in the order of `WEIGHTS`."""
        return (1.0, log(self.mean + MEAN_FLOOR), self.highest, self.none, self.own, self.yours)


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """The current run of one person.

    `span` is the hull of the whole run; its start identifies the run. The other fields describe the latest part:
    `speech` is the samples of speech, `sentences` their approximate number of sentences, `p_event` the probability that
    all of it stays with what happened (0.0 if there is too little to judge), `events` whether that is enough for a
    cue, and `figures` what it rests on.
    """

    who: str
    span: Span
    speech: int
    sentences: int
    p_event: float
    events: bool
    figures: TellingFigures | None = None


@dataclass(slots=True)
class _Run:
    span: Span
    stretches: list[Words] = field(default_factory=list)
    others: int = 0  # samples of the others' own telling since the last stretch

    def latest(self, config: RunConfig) -> list[Words]:
        """The last stretches that reach `speech` and `sentences`; all of them if they do not."""
        speech = sentences = 0
        for k in range(len(self.stretches) - 1, -1, -1):
            if speech >= config.speech and sentences >= config.sentences:
                return self.stretches[k + 1 :]
            speech += self.stretches[k].span.duration
            sentences += self.stretches[k].sentences
        return self.stretches


class Runs:
    """The current run of every person. `hear` every classified stretch, in order."""

    def __init__(self, config: RunConfig = RunConfig()) -> None:
        self._config = config
        self._runs: dict[str, _Run] = {}
        self._from: dict[str, int] = {}  # samples: earlier speech of a person does not belong to the current run

    def hear(self, words: Words) -> None:
        """Add one stretch. The stretches of one person come in the order of their spans, but may be late."""
        if words.p_experience is None:
            return
        if _is_own_telling(words):
            self._end_the_others(words)
        if words.span.start < self._from.get(words.who, 0):
            return
        if words.p_experience >= self._config.inner:
            self._start_after(words.who, words.span.end)
            return
        run = self._runs.get(words.who)
        if run is None or words.span.start - run.span.end >= self._config.lapse:
            run = self._runs[words.who] = _Run(span=words.span)
        run.span |= words.span
        run.others = 0
        run.stretches.append(words)
        run.stretches = run.latest(self._config)  # earlier ones no longer matter

    def reset(self, who: str) -> None:
        """End the run of `who`, because they were invited inward."""
        run = self._runs.get(who)
        self._start_after(who, run.span.end if run else 0)

    def estimate(self, who: str) -> RunEstimate:
        """The current run of `who`; empty if there is none."""
        run = self._runs.get(who)
        if run is None:
            return RunEstimate(who, Span(0, 0), 0, 0, 0.0, False)
        config, part = self._config, run.stretches
        speech, sentences = sum(each.span.duration for each in part), sum(each.sentences for each in part)
        if speech < config.speech or sentences < config.sentences:
            return RunEstimate(who, run.span, speech, sentences, 0.0, False)
        figures = telling_figures(part)
        p_event = probability_all_event(figures, config.weights)
        return RunEstimate(who, run.span, speech, sentences, round(p_event, 3), p_event >= config.event, figures)

    def _end_the_others(self, words: Words) -> None:
        for who, run in list(self._runs.items()):
            if who != words.who:
                run.others += words.span.duration
                if run.others >= self._config.others:
                    self._start_after(who, words.span.end)

    def _start_after(self, who: str, sample: int) -> None:
        self._runs.pop(who, None)
        self._from[who] = max(self._from.get(who, 0), sample)


def telling_figures(part: Sequence[Words]) -> TellingFigures:
    """The figures of some stretches of one person, at least one."""
    speech = sum(words.span.duration for words in part)
    p = [words.p_experience or 0.0 for words in part]
    highest = sorted(p)[-2:]
    count = sum(words.count for words in part) or 1
    text = " ".join(words.text or "" for words in part)
    return TellingFigures(
        mean=sum(each * words.span.duration for each, words in zip(p, part, strict=True)) / speech,
        highest=sum(highest) / len(highest),
        none=sum(words.span.duration for words in part if words.level == "N") / speech,
        own=len(_OWN.findall(text)) / count,
        yours=len(_YOUR.findall(text)) / count,
    )


def probability_all_event(figures: TellingFigures, weights: Sequence[float] = WEIGHTS) -> float:
    """The probability that an invitation inward is right after a part with these figures.

    >>> plain = TellingFigures(mean=0.02, highest=0.05, none=0.1, own=0.08, yours=0.0)
    >>> asking = TellingFigures(mean=0.02, highest=0.05, none=0.9, own=0.01, yours=0.1)
    >>> probability_all_event(plain) > 0.8 > 0.2 > probability_all_event(asking)
    True
    """
    z = sum(weight * value for weight, value in zip(weights, figures.values(), strict=True))
    return 1 / (1 + exp(-z))


def _is_own_telling(words: Words) -> bool:
    """Whether the stretch tells of the speaker, rather than asking the other or saying back what they told."""
    asks = words.question or words.request or words.acknowledgement
    return not asks and words.level in ("1", "2", "3") and not _is_about_the_other(words.text or "")


def _is_about_the_other(text: str) -> bool:
    return len(_YOUR.findall(text)) > len(_OWN.findall(text))
