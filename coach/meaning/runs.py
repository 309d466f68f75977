"""Runs of sharing: from classified stretches to "this person has shared only events for a while".

A run is one person's own sharing, joined from that person's consecutive stretches:

    Ana   "we drove up on Friday"   "mm-hm"   "and the lock was broken"   "so he rang the"…
           share, counts             skipped   share, counts               share, counts
    Ben                    "did you?"  (under 5 s: the run goes on)

A new run starts after an inner stretch, after a real turn by somebody else, and after a lapse. Stretches that are not a
share do not count: questions, requests, logistics, jokes, talk about a film or the news, and answers to another
person's question. If they make up much of what a person says, the run does not support a claim.

**The estimate.** Let p be the probability that a stretch is inner. If stretches were independent, a run would contain
events only with the probability exp(−hazard), where hazard = Σ −ln(1 − p) is the cumulative hazard. They are not
independent: a person who shares events tends to go on doing so, and the classifier's errors repeat within a speaker.
So the hazard is calibrated on runs of about 110 words whose stretches people had labelled:

    logit P(events only) = OFFSET − SLOPE · ln(hazard + FLOOR)

Stretches that do not count still add their hazard: a sentence that was taken for an answer, or for no share, may have
been the inner one.

The hazard only grows, so after some minutes every run would exceed any threshold, through one uncertain sentence at its
beginning or a little doubt in each. Therefore only the latest part of a run is judged: the last stretches that together
reach `RunConfig.latest` of sharing and `RunConfig.sentences`.

    Ana   "I do miss him a bit" "so on Friday we drove" "and the lock was"… "he rang"… "and the man came with"…
          │                     ├────────────────────── the latest part: 60 s of sharing ──────────────────────┤
          └ the start of the run identifies it, so that a cue is given only once per story
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log

from coach.core.events import Words
from coach.core.span import Span, as_samples

OFFSET, SLOPE, FLOOR = -0.26, 1.84, 0.02  # fitted on 679 runs of the spoken talk by scripts/training/train_depth.py
_CERTAIN = 0.999  # the highest p that enters the hazard, which would be infinite at 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """When a run of sharing supports a claim. Times are samples at 16 kHz; docs/depth.md has the measurements."""

    inner: float = 0.5  # a stretch with this p_experience or more is inner and ends the run
    event: float = 0.80  # a run with this p_event or more consists of events: precision .95 at recall .55
    speech: int = as_samples(45)  # of own sharing that a run needs
    sentences: int = 5  # that a run needs: nobody can judge a single sentence
    turn: int = as_samples(5)  # of another person's speech that make a real turn
    answer: int = as_samples(12)  # of speech after a question that count as its answer; later speech is sharing again
    aside: float = 0.5  # of asides (questions, logistics, films, jokes) per sample of sharing that a run may contain
    latest: int = as_samples(60)  # of own sharing, the last of a run, that are judged; 45 to 90 s were measured
    lapse: int = as_samples(60)  # of silence in the sharing after which a new run starts


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """The current run of one person.

    `span` is the hull of the whole run; its start identifies the run. The other fields describe the latest part:
    `speech` is the samples of its sharing stretches, `sentences` their approximate number of sentences, `p_event` the
    probability that it contains events only (0.0 if there is nothing to judge), and `events` whether all of these are
    high enough for a cue.
    """

    who: str
    span: Span
    speech: int
    sentences: int
    p_event: float
    events: bool


@dataclass(slots=True)
class _Part:
    """One sharing stretch and everything up to the next one; or the sum of several parts."""

    speech: int = 0
    sentences: int = 0
    hazard: float = 0.0
    aside: int = 0  # samples of the person's own asides

    def __iadd__(self, other: _Part) -> _Part:
        self.speech += other.speech
        self.sentences += other.sentences
        self.hazard += other.hazard
        self.aside += other.aside
        return self


@dataclass(slots=True)
class _Run:
    span: Span
    parts: list[_Part] = field(default_factory=list)

    def latest(self, speech: int, sentences: int) -> _Part:
        """The sum of the last parts that reach `speech` samples and `sentences`; of all parts if they do not."""
        total = _Part()
        for part in reversed(self.parts):
            if total.speech >= speech and total.sentences >= sentences:
                break
            total += part
        return total


@dataclass(slots=True)
class _Question:
    who: str
    span: Span
    answered: int = 0  # samples of speech so far


class Runs:
    """The current run of every person. `hear` every classified stretch and `other_turn` every real turn, in order."""

    def __init__(self, config: RunConfig = RunConfig()) -> None:
        self._config = config
        self._runs: dict[str, _Run] = {}
        self._from: dict[str, int] = {}  # samples: earlier speech of a person does not belong to the current run
        self._people: set[str] = set()
        self._asked: _Question | None = None

    def hear(self, words: Words) -> None:
        """Add one stretch. The stretches of one person come in the order of their spans, but may be late."""
        self._people.add(words.who)
        if words.question or words.request:
            self._asked = _Question(words.who, words.span)
        if words.span.start < self._from.get(words.who, 0) or words.p_experience is None:
            return
        if words.p_experience >= self._config.inner:
            self._start_after(words.who, words.span.end)
            return
        run = self._runs.get(words.who)
        if not _is_sharing(words) or self._answers(words):
            if run is not None:
                run.parts[-1].aside += words.span.duration if _is_aside(words) else 0
                run.parts[-1].hazard += _hazard(words.p_experience)
            return
        if run is None or words.span.start - run.span.end >= self._config.lapse:
            run = self._runs[words.who] = _Run(span=words.span)
        run.span |= words.span
        run.parts.append(_Part(words.span.duration, words.sentences, _hazard(words.p_experience)))

    def other_turn(self, who: str, speech: int, end: int = 0) -> None:
        """Report a turn of `who` with `speech` samples of speech that ended at sample `end`.

        If it is a real turn (`RunConfig.turn`), it ends the runs of everybody else. Words arrive late, so what others
        said before `end` belongs to the run that is over.
        """
        if speech < self._config.turn:
            return
        for person in self._people | self._runs.keys():
            if person != who:
                self._start_after(person, end)

    def reset(self, who: str) -> None:
        """End the run of `who`, because a cue was given for it."""
        run = self._runs.get(who)
        self._start_after(who, run.span.end if run else 0)

    def estimate(self, who: str) -> RunEstimate:
        """The current run of `who`; empty if there is none."""
        run = self._runs.get(who)
        if run is None:
            return RunEstimate(who, Span(0, 0), 0, 0, 0.0, False)
        config = self._config
        part = run.latest(config.latest, config.sentences)
        p_event = probability_all_event(part.hazard)
        is_enough = part.speech >= config.speech and part.sentences >= config.sentences
        events = is_enough and part.aside <= config.aside * part.speech and p_event >= config.event
        return RunEstimate(who, run.span, part.speech, part.sentences, round(p_event, 3), events)

    def _answers(self, words: Words) -> bool:
        """Whether a sharing stretch answers the last question of another person."""
        asked = self._asked
        if asked is None or asked.who == words.who or words.span.start < asked.span.start:
            return False
        if asked.answered >= self._config.answer or words.span.start - asked.span.end >= self._config.lapse:
            return False
        asked.answered += words.span.duration
        return True

    def _start_after(self, who: str, sample: int) -> None:
        self._runs.pop(who, None)
        self._from[who] = max(self._from.get(who, 0), sample)


def probability_all_event(hazard: float) -> float:
    """The calibrated probability that a run with this cumulative hazard (Σ −ln(1 − p)) contains nothing inner.

    >>> probability_all_event(0.1) > 0.9 > 0.5 > probability_all_event(1.0)
    True
    """
    z = OFFSET - SLOPE * log(hazard + FLOOR)
    return 1 / (1 + exp(-z))


def _hazard(p: float) -> float:
    return -log(1 - min(p, _CERTAIN))


def _is_sharing(words: Words) -> bool:
    return not (words.acknowledgement or _is_aside(words) or words.level in (None, "N"))


def _is_aside(words: Words) -> bool:
    return words.question or words.request or words.logistics or words.elsewhere
