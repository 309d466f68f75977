"""From judged stretches to "this person has told only what happened for a good while".

A run is one person's own sharing, put together from their consecutive stretches:

    Ana   "we drove up on Friday"   "mm-hm"   "and the lock was broken"   "so he rang the"…
           share, counts             skipped   share, counts               share, counts
    Ben                    "did you?"  (under 5 s: the run goes on)

It begins anew after an inner stretch, after a real turn by somebody else, and after a lapse. What is no share is not
counted: questions, requests, logistics, talk of a film or the news, jokes, and what answers another's question. Where
much of what somebody says is of that kind, the rest is no telling either, and nothing is claimed.

The estimate. Each stretch brings p, how likely it is inner. Were stretches independent, a run would be all event with
probability exp(−heat), heat = Σ −ln(1 − p). They are not: who tells events goes on telling events, and the reader's
mistakes repeat within a speaker. So the heat is kept as the one measure of the run and its meaning is calibrated on
runs of about 110 words whose stretches people had labelled:

    logit P(all event) = OFFSET − SLOPE · ln(heat + FLOOR)

What is not counted brings its heat all the same: a sentence that was taken for an answer, or for nothing, may have been
the inner one.

Heat only grows, and after some minutes no run would be cool: one warm sentence at its beginning, or a little doubt in
each. So only the latest part is judged, the last stretches that hold LATEST of sharing and SENTENCES together:

    Ana   "I do miss him a bit" "so on Friday we drove" "and the lock was"… "he rang"… "and the man came with"…
          │                     ├────────────────────── the latest part: 60 s of sharing ──────────────────────┤
          └ where the run began: by this it is known, so that nobody is invited twice in one story
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log

from coach.core.events import Words
from coach.core.span import Span, as_samples

INNER = 0.5  # p_experience from which a stretch is inner and ends the run
EVENT = 0.80  # p_event from which a run counts as events: precision .95 at recall .55 (see docs/depth.md)
SPEECH = as_samples(45)  # samples of own sharing a run needs
SENTENCES = 5  # sentences a run needs: a single one cannot be judged by anyone
TURN = as_samples(5)  # samples of another's speech that make a real turn
ANSWER = as_samples(12)  # samples of speech right after a question that answer it; who goes on then, tells
ASIDE = 0.5  # samples of asking, arranging, films and jokes to one of sharing, beyond which nothing is claimed
LATEST = as_samples(60)  # samples of own sharing that are judged, the last ones: measured with 45 to 90 (docs/depth.md)
LAPSE = as_samples(60)  # samples of silence in the sharing after which a new run begins

OFFSET, SLOPE, FLOOR = -0.26, 1.84, 0.02  # fitted on 679 runs of the spoken talk by scripts/training/train_depth.py
_CERTAIN = 0.999  # the highest p that enters the heat, which would be infinite at 1


@dataclass(frozen=True, slots=True)
class RunEstimate:
    """How one person's sharing has been of late.

    `span` is the hull of the whole run; its start is what a run is known by. The rest is about its latest part:
    `speech` the samples of its sharing stretches, `sentences` about how many they hold, `p_event` the probability that
    all of it stayed at event level (0.0 while there is nothing to judge), and `events` whether all three are enough for
    a cue to rest on.
    """

    who: str
    span: Span
    speech: int
    sentences: int
    p_event: float
    events: bool


@dataclass(slots=True)
class _Part:
    """One sharing stretch and what came after it, up to the next; or several of these."""

    speech: int = 0
    sentences: int = 0
    heat: float = 0.0
    aside: int = 0  # samples of the person's own stretches in between that are no share

    def __iadd__(self, other: _Part) -> _Part:
        self.speech += other.speech
        self.sentences += other.sentences
        self.heat += other.heat
        self.aside += other.aside
        return self


@dataclass(slots=True)
class _Run:
    span: Span
    parts: list[_Part] = field(default_factory=list)

    def latest(self, speech: int) -> _Part:
        """The last parts that hold `speech` samples and SENTENCES together; all of them where there is less."""
        found = _Part()
        for part in reversed(self.parts):
            if found.speech >= speech and found.sentences >= SENTENCES:
                break
            found += part
        return found


@dataclass(slots=True)
class _Question:
    who: str
    span: Span
    answered: int = 0  # samples of speech so far


class Runs:
    """The current run of every person. `hear` each judged stretch and `other_turn` each real turn, in order."""

    def __init__(
        self, *, inner: float = INNER, event: float = EVENT, speech: int = SPEECH, latest: int = LATEST
    ) -> None:
        """`inner` and `event` are probabilities, `speech` and `latest` samples; the defaults were measured."""
        self._inner, self._event, self._speech, self._latest = inner, event, speech, latest
        self._runs: dict[str, _Run] = {}
        self._from: dict[str, int] = {}  # samples: what a person said before this is no part of their run
        self._people: set[str] = set()
        self._asked: _Question | None = None

    def hear(self, words: Words) -> None:
        """Adds one stretch; the person's stretches come in the order of their spans, perhaps late."""
        self._people.add(words.who)
        if words.question or words.request:
            self._asked = _Question(words.who, words.span)
        if words.span.start < self._from.get(words.who, 0) or words.p_experience is None:
            return
        if words.p_experience >= self._inner:
            self._begin_after(words.who, words.span.end)
            return
        run = self._runs.get(words.who)
        if not _is_sharing(words) or self._answers(words):
            if run is not None:
                run.parts[-1].aside += words.span.duration if _is_aside(words) else 0
                run.parts[-1].heat += _heat(words.p_experience)
            return
        if run is None or words.span.start - run.span.end >= LAPSE:
            run = self._runs[words.who] = _Run(span=words.span)
        run.span |= words.span
        run.parts.append(_Part(words.span.duration, words.sentences, _heat(words.p_experience)))

    def other_turn(self, who: str, speech: int, end: int = 0) -> None:
        """`who` took a turn of `speech` samples that ended at `end`: with 5 s or more, everybody else begins anew.

        `end` (a sample) matters where words come late: what others said before it belongs to the run that is over.
        """
        if speech < TURN:
            return
        for person in self._people | self._runs.keys():
            if person != who:
                self._begin_after(person, end)

    def reset(self, who: str) -> None:
        """Forgets the run of `who`: a cue was given for it."""
        run = self._runs.get(who)
        self._begin_after(who, run.span.end if run else 0)

    def estimate(self, who: str) -> RunEstimate:
        """The current run of `who`; empty where there is none."""
        run = self._runs.get(who)
        if run is None:
            return RunEstimate(who, Span(0, 0), 0, 0, 0.0, False)
        part = run.latest(self._latest)
        p_event = probability_all_event(part.heat)
        told = part.speech >= self._speech and part.sentences >= SENTENCES and part.aside <= ASIDE * part.speech
        events = told and p_event >= self._event
        return RunEstimate(who, run.span, part.speech, part.sentences, round(p_event, 3), events)

    def _answers(self, words: Words) -> bool:
        """Whether a sharing stretch is the answer to what another asked last."""
        asked = self._asked
        if asked is None or asked.who == words.who or words.span.start < asked.span.start:
            return False
        if asked.answered >= ANSWER or words.span.start - asked.span.end >= LAPSE:
            return False
        asked.answered += words.span.duration
        return True

    def _begin_after(self, who: str, sample: int) -> None:
        self._runs.pop(who, None)
        self._from[who] = max(self._from.get(who, 0), sample)


def probability_all_event(heat: float) -> float:
    """How likely a run of this `heat` (Σ −ln(1 − p) over its stretches) holds nothing inner.

    >>> probability_all_event(0.1) > 0.9 > 0.5 > probability_all_event(1.0)
    True
    """
    z = OFFSET - SLOPE * log(heat + FLOOR)
    return 1 / (1 + exp(-z))


def _heat(p: float) -> float:
    return -log(1 - min(p, _CERTAIN))


def _is_sharing(words: Words) -> bool:
    return not (words.acknowledgement or _is_aside(words) or words.level in (None, "N"))


def _is_aside(words: Words) -> bool:
    return words.question or words.request or words.logistics or words.elsewhere
