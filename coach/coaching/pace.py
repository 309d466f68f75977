"""How fast somebody speaks now, and how much silence they leave, against their own first minute.

Pure. Two figures make a tempo, both over talk of one person: words a second *of speech*, and the part of the time that
is silence.

    first minute                         the last half minute
    ▓▓▓▓▓▓   ▓▓▓▓▓    ▓▓▓▓▓▓▓    ▓▓▓▓    ▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓▓
    2.5 words a second, 35% silence      3.4 words a second, 8% silence: a rush

Nobody is measured against anybody else. How fast is fast differs twofold from person to person. The thresholds are
choices, made so that both figures have to speak for it: a lively moment is faster, or has fewer pauses, seldom both.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.events import AudioGap, Event, Speech, Words
from coach.core.span import RATE, Span, joined, shared

FIRST = 60 * RATE  # samples from the first word on: the person's own measure
LATELY = 30 * RATE  # samples: a breath group lasts two to five seconds, so there are several in it
ENOUGH = 15 * RATE  # samples of speech that either needs, to be told from chance
FASTER = 1.25  # times their own words a second
FEWER = 0.5  # of their own part of silence, when it is known that they are faster
HARDLY_ANY = 0.25  # the same, when nobody reads the words
PAUSING = 0.1  # part of silence that a first minute needs, for pauses to be missed


@dataclass(frozen=True, slots=True)
class Tempo:
    """`rate` in words a second of speech, None where too little was read; `silence` from 0 to 1."""

    rate: float | None
    silence: float


class Pace:
    """Hears one person's Speech and Words, from the sample `begins` on; `words_on` says that words are read at all."""

    def __init__(self, *, words_on: bool, begins: int = 0) -> None:
        self.words_on = words_on
        self._begins = begins
        self._speech: list[Span] = []
        self._words: list[Words] = []
        self._unheard: list[Span] = []

    def hear(self, event: Event) -> None:
        match event:
            case Speech(span=span) if span.start >= self._begins:
                self._speech.append(span)
            case Words():
                self._words.append(event)
            case AudioGap(span=span):
                self._unheard.append(span)

    @property
    def first(self) -> Tempo | None:
        """Of the first minute; None until it is over, or when there was too little speech in it."""
        if not self._speech or self._speech[-1].end < self._speech[0].start + FIRST:
            return None
        return self._tempo(Span(self._speech[0].start, self._speech[0].start + FIRST))

    @property
    def lately(self) -> Tempo | None:
        """Of the last half minute up to their last word; None where it reaches into the first, or little was said."""
        if not self._speech or self._speech[-1].end < self._speech[0].start + FIRST + LATELY:
            return None
        return self._tempo(Span(self._speech[-1].end - LATELY, self._speech[-1].end))

    @property
    def rushes(self) -> bool:
        """Whether they are in a rush: faster and with fewer pauses than at first."""
        first, lately = self.first, self.lately
        if first is None or lately is None or first.silence < PAUSING:
            return False
        if not self.words_on:
            return lately.silence <= HARDLY_ANY * first.silence
        if first.rate is None or lately.rate is None:
            return False
        return lately.rate >= FASTER * first.rate and lately.silence <= FEWER * first.silence

    def _tempo(self, window: Span) -> Tempo | None:
        heard = window.duration - shared([window], self._unheard)
        speech = joined(span & window for span in self._speech if span.end > window.start)
        spoken = sum(span.duration for span in speech)
        if spoken < ENOUGH:
            return None
        return Tempo(self._rate(window), 1 - spoken / heard)

    def _rate(self, window: Span) -> float | None:
        """Of the stretches whose middle lies in `window`."""
        read = [words for words in self._words if (words.span.start + words.span.end) // 2 in window]
        spoken = shared(self._speech, [words.span for words in read])
        if spoken < ENOUGH:
            return None
        return sum(words.count for words in read) * RATE / spoken
